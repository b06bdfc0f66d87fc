"""Pages that belong to no app: the start page, redirections and errors."""

import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.db.models import Count, Max, Prefetch, Q
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from accounts.refused import is_of_staff, refused_page
from commitments import gaps
from commitments.codes import findings_counted
from commitments.models import Assessment, Commitment
from faces.addresses import absolute, redirect_with_query
from faces.annulled import annulled_rows
from faces.pages import FilteredList
from plans.compliance import Level
from plans.models import Plan, Report, Term
from record.dates import today
from record.models import Act, Entry
from record.search import MAX_QUERY_WORDS, is_cut, terms_of
from record.text import Language

from .errors import error_answer, is_api
from .mistyped import redirect_mistyped
from .search import Corpus, SearchFilters, found_kinds, help_with, read


class Search(FilteredList):
    """Everything that has the words looked for; an empty or hopeless search gets help instead."""

    is_dated = True
    template_name = "search.html"
    filterset_class = SearchFilters
    controls = {"q": "search", "plan": "ticks", "as_of": "date"}
    per_page = 20

    def all_rows(self):
        return Corpus(is_for_pages=True)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        found, query = self.filters, self.filters.query
        if context["page_obj"] is not None:
            context["hits"] = read(list(context["page_obj"]), self.reading.on)
        return context | {
            "looked_for": query,
            "has_words": bool(terms_of(query)),
            "most_words": MAX_QUERY_WORDS if is_cut(query) else None,
            "kinds": [
                {
                    "label": kind.listed.label,
                    "count": found.counts[kind.listed.name],
                    "query": self.query_with(kind=kind.listed.name),
                    "is_chosen": found.values.get("kind") == kind.listed.name,
                }
                for kind in found_kinds()
                if found.counts[kind.listed.name]
            ],
            "all_count": len(found.all_hits),
            "all_query": self.query_with(kind=""),
            "advice": help_with(query) if terms_of(query) and not found.all_hits else [],
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
    """What the words and codes mean, how the portal computes, and what the record lacks, asked of itself."""

    template_name = "glossary.html"

    def get_context_data(self, **kwargs):
        in_order = list(Term.objects.published().select_related("document").in_reading_order())
        terms = {term.slug: term for term in in_order}
        levels = [(level, terms.get(f"level-{level.replace('_', '-')}")) for level in Level]
        plans = list(Plan.objects.published())
        by_plan, others = [], []
        for gap, kind, cells in gaps.by_plan(today()):
            if kind.plan:
                known = {plan: (lacking, total) for plan, lacking, total in cells}
                by_plan.append((gap, [known.get(plan) for plan in plans]))
            else:
                others += [(gap, lacking, total) for _plan, lacking, total in cells]
        texts = gaps.translations()
        for each in texts:
            each.language_label = Language(each.language).label
        return super().get_context_data(**kwargs) | {
            "levels": [(level, term) for level, term in levels if term],
            "codes": [term for term in in_order if term.kind == Term.Kind.IRM_CODE],
            "terms": [term for term in in_order if term.kind == Term.Kind.TERM],
            "acronyms": [term for term in in_order if term.kind == Term.Kind.ACRONYM],
            "findings": findings_counted(),
            "reports": held(Report.objects.as_of(today()).select_related("plan")),
            "plans": plans,
            "gaps_by_plan": by_plan,
            "other_gaps": others,
            "translations": texts,
            "annulled_parts": annulled_rows(Term),
        }


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
            "glossary": reverse("glossary"),
            "documents": reverse("plans:document-list"),
            "data": reverse("data"),
            "changes": reverse("changes"),
        }


def held(reports):
    """Add to some reports how many levels and cards of their plan's commitments this record holds."""
    cards = Assessment.objects.published().order_by().values_list("report")
    cards = cards.annotate(n=Count("pk"), with_card=Count("pk", filter=Q(has_card=True)))
    held = {pk: counts for pk, *counts in cards}
    commitments = dict(Commitment.objects.published().order_by().values_list("plan").annotate(n=Count("pk")))
    for report in reports:
        report.total = commitments.get(report.plan_id, 0)
        report.levels_held, report.cards_held = held.get(report.pk, (0, 0))
    return reports


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
