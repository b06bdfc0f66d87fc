"""What every page knows of itself: its address, its twin in the other language, where to report an error."""

from urllib.parse import quote, urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_info, gettext, override

from faces.addresses import absolute, known_query, with_query
from record.dates import today


def page(request):
    """Add `page`, worked out only where a template asks for it (see `describe`)."""
    return {"page": SimpleLazyObject(lambda: describe(request))}


def describe(request):
    """Return the language of a page, its canonical address, its address in each language, and the rest.

    The rest is its `address` with the query that it reads, the main `sections`, `today`, and `contact` and
    `report_error`, where a reader reports an error of the page.

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
        "report_error": report_error(with_query(canonical, query)),
    }


def twin(request, language):
    """Return the path of a page in a language; that of the start page for what is no page."""
    match = request.resolver_match
    is_page = match is not None and request.path.startswith(reverse("home"))
    with override(language):
        return reverse(match.view_name, kwargs=match.kwargs) if is_page else reverse("home")


def sections(path):
    """Return the main sections as dicts with `name`, `path`, and whether a page at a path is of one."""
    return [
        {"name": name, "path": address, "is_current": path.startswith(address)}
        for name, address in (
            (gettext("Plans"), reverse("plans:plan-list")),
            (gettext("Commitments"), reverse("commitments:commitment-list")),
            (gettext("Follow-up"), reverse("follow-up")),
            (gettext("Entities"), reverse("entities:entity-list")),
            (gettext("Documents"), reverse("plans:document-list")),
            (gettext("Search"), reverse("search")),
        )
    ]


def report_error(page):
    """Return where a reader reports an error of a page: a mail with its address and the day filled in.

    Without an address to write to it is the place that says so.
    """
    if not settings.PORTAL_CONTACT:
        return f"{reverse('about')}#errors"
    body = gettext(
        "Page: %(page)s\nDay: %(day)s\n\nWhat it says:\n\nWhat it should say, and where that stands:\n"
    )
    # Mail programs cut longer links; what comes first in an address says which page it is.
    page = page[:1000]
    mail = {
        "subject": gettext("An error in the open government portal"),
        "body": body % {"page": page, "day": today().isoformat()},
    }
    return f"mailto:{settings.PORTAL_CONTACT}?{urlencode(mail, quote_via=quote)}"
