"""Pages that belong to no app: the start page, redirections and errors."""

import sys
from functools import reduce
from itertools import groupby
from operator import or_

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.db.models import F, Max, Prefetch, Q
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from accounts.refused import is_of_staff, refused_page
from commitments.codes import findings_counted
from commitments.models import Commitment
from faces.addresses import absolute, redirect_with_query
from faces.annulled import annulled_rows
from faces.pages import FilteredList
from plans.compliance import Level
from plans.models import Plan, Report, Term
from record.dates import today
from record.models import Act, Entry
from record.search import MAX_QUERY_WORDS, fold, is_cut, terms_of

from .errors import error_answer, is_api
from .mistyped import redirect_mistyped
from .overview import Overview, counted
from .search import Corpus, SearchFilters, found_kinds, help_with, read


class Search(FilteredList):
    """Everything that has the words looked for; an empty or hopeless search gets help instead.

    Without a kind the first page is an overview: what is meant, then the best of each kind (`Overview`).
    With one it is a list.
    """

    is_dated = True
    template_name = "search.html"
    filterset_class = SearchFilters
    controls = {"q": "search", "plan": "ticks", "as_of": "date"}
    per_page = 20

    def all_rows(self):
        return Corpus(is_for_pages=True)

    def total(self, page):
        # Without words it finds nothing, which says nothing of how much there is.
        return self.all_rows().count()

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        found, query, page = self.filters, self.filters.query, context["page_obj"]
        has_words, asked = bool(terms_of(query)), found.values.get("kind")
        overview = None
        if page is not None and has_words and not asked and page.number == 1:
            overview = Overview(found, self.reading.on)
        elif page is not None:
            context["hits"] = read(list(page), self.reading.on, found.shelf)
        counts = found.counts
        is_found = bool(found.all_hits or overview)
        return context | {
            "looked_for": query,
            "has_words": has_words,
            "is_found": is_found,
            "overview": overview,
            "most_words": MAX_QUERY_WORDS if is_cut(query) else None,
            "says": counted([(asked, counts[asked])]) if asked else None,
            "asked_kind": asked,
            "chosen": [each for each in context["chosen"] if each["name"] not in ("q", "kind")],
            "kinds": [
                {
                    "name": kind.listed.name,
                    "label": kind.listed.label,
                    "count": counts[kind.listed.name],
                    "query": self.query_with(kind=kind.listed.name),
                    "is_chosen": asked == kind.listed.name,
                }
                for kind in found_kinds()
                if counts[kind.listed.name]
            ],
            "all_count": len(found.all_hits),
            "all_query": self.query_with(kind=""),
            "examples": [_("health"), _("open data"), _("water"), _("MINSA"), "2-10"],
            "advice": help_with(query) if has_words and not is_found else [],
        }

    def query_with(self, **values):
        """Return the query string of this search with other values; '' takes a name away."""
        query = self.query()
        for name, value in values.items():
            query.pop(name, None)
            if value:
                query[name] = value
        return query.urlencode()


class Glossary(TemplateView):
    """What the words, levels and codes mean, each with an example of the record."""

    template_name = "glossary.html"

    def get_context_data(self, **kwargs):
        in_order = list(Term.objects.published().select_related("document").in_reading_order())
        terms = {term.slug: term for term in in_order}
        examples = examples_of_levels(today())
        kinds = {kind: [term for term in in_order if term.kind == kind] for kind in Term.Kind}
        return super().get_context_data(**kwargs) | {
            "levels": [
                (level, terms.get(f"level-{level.replace('_', '-')}"), examples.get(level)) for level in Level
            ],
            "codes": kinds[Term.Kind.IRM_CODE],
            "terms": by_letter(kinds[Term.Kind.TERM]),
            "acronyms": by_letter(kinds[Term.Kind.ACRONYM]),
            "findings": findings_counted(),
            "annulled_parts": annulled_rows(Term),
        }


def examples_of_levels(on):
    """Return {level: the last commitment of the newest plan at that level}, by what is shown on a day."""
    rows = Commitment.objects.published().with_state(on).exclude(now__level=None).order_by()
    # One number for plan and number: no plan has so many commitments.
    place = F("plan__number") * 10_000 + F("number")
    places = dict(rows.values_list("now__level").annotate(last=Max(place)))
    wanted = [Q(plan__number=last // 10_000, number=last % 10_000) for last in places.values()]
    if not wanted:
        return {}
    found = Commitment.objects.published().filter(reduce(or_, wanted)).for_squares(on)
    return {commitment.shown_level: commitment for commitment in found}


def by_letter(terms):
    """Return [(letter, its terms)] of terms in alphabetical order, the accents of a letter aside."""
    return [(letter, list(some)) for letter, some in groupby(terms, key=first_letter)]


def first_letter(term):
    return fold(str(term.term))[:1].upper()


class About(TemplateView):
    """Who runs the portal, how fresh it is, under which licence, and what it knows of its readers."""

    template_name = "about.html"

    def get_context_data(self, **kwargs):
        plans = list(
            Plan.objects.published().prefetch_related(
                Prefetch("reports", Report.objects.as_of(today()).held(), to_attr="held_reports")
            )
        )
        for plan in plans:
            plan.last_report = max(plan.held_reports, key=lambda report: report.cutoff_on, default=None)
        # A loading that changed nothing is none to readers.
        loadings = Entry.objects.filter(act=Act.LOAD, version__isnull=False)
        loaded_at = loadings.aggregate(last=Max("at"))["last"]
        return super().get_context_data(**kwargs) | {
            "operator": settings.PORTAL_OPERATOR,
            "contact": settings.PORTAL_CONTACT,
            "loaded_on": localtime(loaded_at).date() if loaded_at else None,
            "plans": plans,
            "method": reverse("method"),
            "documents": reverse("plans:document-list"),
            "data": reverse("data"),
            "changes": reverse("changes"),
        }


def root(request):
    """Send a visitor to the start page in his language: Spanish, unless he prefers English."""
    return redirect_with_query(request, reverse("home"))


def robots(request):
    """Tell search engines where the addresses are, and what is not for them."""
    lines = [
        "User-agent: *",
        f"Disallow: {reverse('admin:index')}",
        f"Sitemap: {absolute(request, reverse('sitemap'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


def bad_request(request, exception=None):
    """Answer a request that cannot be read: 400."""
    return error_answer(request, 400, "bad_request", _("This address or this request cannot be read."))


def permission_denied(request, exception=None):
    """Answer a request for what the visitor may not see: 403; staff are told more (`accounts/refused.py`)."""
    if is_of_staff(request):
        return refused_page(request, exception)
    return error_answer(request, 403, "permission_denied", _("You may not open this page."))


def no_shortcut(request, row):
    """Lead nowhere: pages of rows have addresses of their own."""
    raise Http404


def not_found(request, exception=None):
    """Answer a request for what does not exist: with the page that was meant, if one was, or else 404."""
    meant = None if is_api(request) else redirect_mistyped(request)
    return meant or error_answer(request, 404, "not_found", _("There is nothing at this address."))


def server_error(request):
    """Answer where the portal failed: 500; 503 where only its database does not answer."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        detail = _("The record cannot be reached at the moment; try again in a minute.")
        response = error_answer(request, 503, "unavailable", detail)
        response.headers["Retry-After"] = "30"
        return response
    return error_answer(request, 500, "server_error", _("The portal failed; the fault is ours."))
