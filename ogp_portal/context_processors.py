"""What every page knows of itself: its address, and its twin in the other language."""

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.urls import reverse, translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_info, override


def page(request):
    """Add `page`, worked out only where a template asks for it (see `describe`)."""
    return {"page": SimpleLazyObject(lambda: describe(request))}


def describe(request):
    """Return the language of a page, its canonical address, and its address in each language.

    The languages are dicts with `code`, `name` (in that language), `path` (this page there, its query kept)
    and `url` (the same in full, without the query).
    """
    language = (get_language() or settings.LANGUAGE_CODE)[:2]
    origin = _origin(request)
    languages = []
    for code, _ in settings.LANGUAGES:
        path = translate_url(request.get_full_path(), code)
        if not path.startswith(f"/{code}/"):
            # A page that does not exist has no twin.
            with override(code):
                path = reverse("home")
        languages.append(
            {
                "code": code,
                "name": get_language_info(code)["name_local"].capitalize(),
                "path": path,
                "url": origin + path.partition("?")[0],
                "is_current": code == language,
            }
        )
    return {
        "language": language,
        "languages": languages,
        "canonical": origin + request.path,
    }


def _origin(request):
    """Return scheme and host of the request; nothing where the host is not ours (error 400)."""
    try:
        return f"{request.scheme}://{request.get_host()}"
    except DisallowedHost:
        return ""
