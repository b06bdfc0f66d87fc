"""What every page knows of itself: its address, its twin in the other language, where to report an error."""

from django.conf import settings
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_info, gettext, override

from faces.addresses import absolute, known_query, with_query
from record.dates import today

from .ask import ask_about


def page(request):
    """Add `page`, worked out only where a template asks for it (see `describe`)."""
    return {"page": SimpleLazyObject(lambda: describe(request))}


def describe(request):
    """Return the language of a page, its canonical address, its address in each language, and the rest.

    The rest is its `address` with the query that it reads, the main `sections`, `today`, and `contact` and
    `report_error`, the page where a reader asks about this one or corrects it (`ask.py`).

    The languages are dicts with `code`, `name` (in that language), `path` (this page there, with the query
    that it reads) and `url` (the same in full, without the query).
    """
    language = (get_language() or settings.LANGUAGE_CODE)[:2]
    query = known_query(request)
    canonical = absolute(request, request.path)
    languages = []
    for code, _ in settings.LANGUAGES:
        path = twin(request, code)
        languages.append(
            {
                "code": code,
                "name": get_language_info(code)["name_local"].capitalize(),
                "path": with_query(path, query),
                "url": absolute(request, path),
                "is_current": code == language,
            }
        )
    return {
        "language": language,
        "languages": languages,
        "canonical": canonical,
        "address": with_query(canonical, query),
        "sections": sections(request.path),
        "today": today(),
        "contact": settings.PORTAL_CONTACT,
        "report_error": ask_about(with_query(request.path, query)),
    }


def twin(request, language):
    """Return the path of a page in a language; that of the start page for what is no page."""
    match = request.resolver_match
    is_page = match is not None and request.path.startswith(reverse("home"))
    with override(language):
        return reverse(match.view_name, kwargs=match.kwargs) if is_page else reverse("home")


def sections(path):
    """Return the main sections as dicts with `name`, `path`, and whether a page at a path is of one.

    What is `is_wide` stands in the head of wide pages only, and in the foot of all.
    """
    return [
        {"name": name, "path": address, "is_current": path.startswith(address), "is_wide": is_wide}
        for name, address, is_wide in (
            (gettext("Plans"), reverse("plans:plan-list"), False),
            (gettext("Commitments"), reverse("commitments:commitment-list"), False),
            (gettext("Deadlines"), reverse("follow-up"), False),
            (gettext("Entities"), reverse("entities:entity-list"), True),
            (gettext("Topics"), reverse("topics:topic-list"), True),
            (gettext("Documents"), reverse("plans:document-list"), True),
            (gettext("Search"), reverse("search"), False),
        )
    ]
