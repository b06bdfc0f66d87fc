"""Which plans, reports and themes: the parameters of their pages and API lists."""

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from faces.filters import ChoiceFilter, RowFilter, SearchFilter, StrictFilterSet
from record.models import Document
from record.text import Language

from .models import DeclaredFigure, Listing, Plan, Report, Section, Term


def plan_filter(lookup=None, **kwargs):
    """Return the parameter `plan`: numbers of published plans."""
    return RowFilter(lookup, model=Plan, key="number", multiple=True, label=_("Plan"), **kwargs)


def report_filter(lookup=None, **kwargs):
    """Return the parameter `report`: the slug of one published report."""
    return RowFilter(lookup, model=Report, label=_("Report"), **kwargs)


class ReportFilters(StrictFilterSet):
    plan = plan_filter("plan__in")
    author = ChoiceFilter("author", choices=Report.Author, label=_("Author"))
    stage = ChoiceFilter("stage", choices=Report.Stage, label=_("Stage"))

    begins_on = F("cutoff_on")
    dated = ()


class DocumentFilters(StrictFilterSet):
    q = SearchFilter()
    plan = plan_filter(help_text=_("Of these plans, or of their reports."))
    report = report_filter()
    kind = ChoiceFilter("kind", choices=Document.Kind, label=_("Kind"))
    language = ChoiceFilter("language", choices=Language, label=_("Language"))

    dated = ("plan",)

    def narrow(self, rows, values):
        """Keep the documents that a source counts to the plans, or to the report, that are asked for."""
        listings = Listing.objects.published().filter(work=OuterRef("pk"))
        if values["plan"]:
            reports = Report.objects.as_of(self.on).filter(plan__in=values["plan"])
            of_plan = Q(plan__in=values["plan"]) | Q(report__in=reports)
            rows = rows.filter(Exists(listings.filter(of_plan)))
        if values["report"]:
            rows = rows.filter(Exists(listings.filter(report=values["report"])))
        return rows


class RecommendationFilters(StrictFilterSet):
    q = SearchFilter()
    plan = plan_filter("report__plan__in")
    report = report_filter("report")

    begins_on = F("report__cutoff_on")
    dated = ()


class SectionFilters(StrictFilterSet):
    q = SearchFilter()
    plan = plan_filter(help_text=_("Of these plans, or of their reports."))
    report = report_filter("report")
    kind = ChoiceFilter("kind", choices=Section.Kind, label=_("Kind"))

    begins_on = F("report__cutoff_on")
    dated = ()

    def narrow(self, rows, values):
        """Keep the texts of plans, and of their reports."""
        if not values["plan"]:
            return rows
        return rows.filter(Q(plan__in=values["plan"]) | Q(report__plan__in=values["plan"]))


class TermFilters(StrictFilterSet):
    q = SearchFilter()
    kind = ChoiceFilter("kind", choices=Term.Kind, label=_("Kind"))

    dated = ()


class ThemeFilters(StrictFilterSet):
    plan = plan_filter("plan__in")

    dated = ()


class FigureFilters(StrictFilterSet):
    plan = plan_filter("plan__in")
    report = report_filter("report")
    measure = ChoiceFilter("measure", choices=DeclaredFigure.Measure, label=_("Measure"))

    begins_on = F("report__cutoff_on")
    dated = ()
