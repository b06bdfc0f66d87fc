"""Documents as a list shows them: under their kinds, with what the list adds to their titles."""

import re
from itertools import groupby
from urllib.parse import urlsplit

from django.db.models import Case, Count, IntegerField, Q, Value, When
from django.utils.translation import gettext_lazy as _

from record.models import Document

Kind = Document.Kind

# The headings of the list, in its order: plans, what was said of them, and the rest.
HEADINGS = {
    Kind.ACTION_PLAN: _("Action plans"),
    Kind.SELF_ASSESSMENT: _("Self-assessments of the Government"),
    Kind.IRM_REPORT: _("Reports of the IRM"),
    Kind.REPORT_COMMENTS: _("Editions for public comment"),
    Kind.DATA_SHEET: _("Data sheets"),
    Kind.NORM: _("Norms"),
    Kind.LETTER: _("Letters"),
    Kind.CASE_STUDY: _("Case studies"),
    Kind.RESEARCH_PRODUCT: _("Research"),
    Kind.WEB_PAGE: _("Web pages"),
    Kind.NEWS: _("News reports"),
    Kind.OTHER: _("Other documents"),
}

# "2015", "2015-2016", "2015–16"; no part of a longer number.
_YEARS = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:\s?[-–]\s?((?:19|20)\d\d|\d\d))?(?!\d)")


def by_kind(rows):
    """Return documents in the order of the headings; those of one kind stay in the order that they had."""
    places = [When(kind=kind, then=Value(place)) for place, kind in enumerate(HEADINGS)]
    place = Case(*places, default=Value(len(HEADINGS)), output_field=IntegerField())
    return rows.annotate(place_of_kind=place).order_by("place_of_kind", *Document.reading_order())


def counted_by_kind(rows):
    """Return {kind: {"total", "quoted", "unlinked"}} of documents: how many, quoted, without an address."""
    counted = rows.with_use().order_by().values("kind")
    counted = counted.annotate(
        total=Count("pk"), quoted=Count("pk", Q(is_quoted=True)), unlinked=Count("pk", Q(url=""))
    )
    return {row.pop("kind"): row for row in counted}


def groups(documents, counts):
    """Return the documents of a page under their kinds; `counts`, of all pages, are of `counted_by_kind()`.

    What is true of several is said once: `unlinked`, how many have no address; a single one says it itself.
    """
    return [
        {"kind": kind, "heading": HEADINGS[kind], "rows": list(rows)} | counts[kind]
        for kind, rows in groupby(documents, key=lambda document: document.kind)
    ]


def years_of(title):
    """Return the first and the last year that a title names; None where it names none."""
    years = []
    for first, last in _YEARS.findall(str(title)):
        years.append(int(first))
        if last:
            years.append(int(last) if len(last) == 4 else int(first[:2] + last))
    return (min(years), max(years)) if years else None


def differs(document):
    """Return whether the year of a document lies outside of the years that its title names."""
    years = years_of(document.title)
    return bool(document.year and years and not years[0] <= document.year <= years[1])


def is_year_of_list(document):
    """Return whether another document that lists this one gave it its year, as a bare year."""
    is_bare = document.published_as_printed == str(document.year)
    return is_bare and any(listing.document_id != document.pk for listing in document.listings.all())


def site_of(document):
    """Return the name of the site at which a document is, without "www."; empty without an address."""
    return (urlsplit(document.url).hostname or "").removeprefix("www.")


def plan_of(document):
    """Return the public plan that a listing counts the document to, itself or by a report; None without."""
    for listing in document.listings.all():
        if plan := listing.public_report.plan if listing.public_report else listing.public_plan:
            return plan
    return None
