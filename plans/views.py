"""Pages of plans, of their reports with their texts, of documents and of recommendations."""

from django.db.models import Prefetch
from django.http import Http404
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from faces.annulled import annulled_rows
from faces.pages import Dated, FilteredList, RecordDetail
from faces.timeline import timeline
from record.models import Document

from . import compliance
from .filters import DocumentFilters, RecommendationFilters
from .models import DeclaredFigure, Listing, Plan, Recommendation, Report, Section
from .tallies import completion_by_entity, for_entities


def overview(on):
    """Return what the bars of all plans need on a day: the published `plans`, the last first, their scale.

    Each plan has `tallies`, pairs of a report and its tally; without a report that this record holds it is
    one pair of None and a tally in which nothing is known. `widest` is the most commitments of a plan, and
    `levels` are those that a table of the tallies needs.
    """
    reports = Report.objects.as_of(on)
    plans = list(
        Plan.objects.published()
        .with_counts()
        .order_by("-number")
        .prefetch_related(
            Prefetch("reports", reports.held().for_tally(), to_attr="held_reports"),
            Prefetch("reports", reports.not_held(), to_attr="other_reports"),
        )
    )
    for plan in plans:
        unknown = compliance.tally([], plan.commitments_count, is_full=False)
        plan.tallies = [(report, report.completion()) for report in plan.held_reports] or [(None, unknown)]
        plan.is_to_come = not plan.has_begun(on)
    return {
        "plans": plans,
        "widest": max((plan.commitments_count for plan in plans), default=0),
        "levels": levels_shown(tally for plan in plans for _report, tally in plan.tallies),
    }


class PlanList(Dated, TemplateView):
    template_name = "plans/plan_list.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | overview(self.reading.on)


class PlanDetail(Dated, RecordDetail):
    slug_field = slug_url_kwarg = "number"

    def get_queryset(self):
        return (
            Plan.objects.published()
            .with_counts()
            .select_related("coordinator", "document")
            .prefetch_related("periods__document", "further_sources__document", "themes")
        )

    def get_context_data(self, **kwargs):
        on = self.reading.on
        commitments = self.object.commitments.for_reading(on)
        published = list(self.object.reports.as_of(on).for_tally())
        reports = [
            (report, report.completion(), report.completion_by_theme())
            for report in published
            if report.is_held
        ]
        return super().get_context_data(**kwargs) | {
            "reports": reports,
            "not_held": [report for report in published if not report.is_held],
            "levels": levels_shown(tally for _report, tally, _themes in reports),
            "shown": compliance.tally(
                (commitment.shown_level for commitment in commitments), len(commitments), is_full=False
            ),
            "groups": by_theme(commitments, self.object.themes.all()),
            "is_to_come": not self.object.has_begun(on),
            "to_come": _("This plan had not begun yet; it is in no count of that day."),
            **self.object.commitments.totals(on),
            "timeline": timeline(list(self.object.commitments.milestones(on)), on),
            "figures": declared_figures(plan=self.object, report=None),
            "listings": listings(plan=self.object),
            "recommendations": Recommendation.objects.published().filter(
                report__plan=self.object, report__cutoff_on__lte=on
            ),
            "sections": Section.objects.published().filter(plan=self.object),
        }


class ReportDetail(Dated, RecordDetail):
    def get_queryset(self):
        return for_entities(Report.objects.published())

    def get_context_data(self, **kwargs):
        report = self.object
        tally, levels = report.completion(), report.levels()
        on = self.reading.on
        commitments = report.plan.commitments.for_reading(on)
        sections = list(report.sections.for_reading())
        previous = report.previous() if report.is_held else None
        if previous and not previous.is_held:
            # What it judged is not known here, so nothing can be said of what moved.
            previous = None
        return super().get_context_data(**kwargs) | {
            "is_to_come": report.cutoff_on > on,
            "to_come": _("This report is a later one: it speaks of a day after that."),
            "tally": tally,
            "levels": levels_shown([tally]),
            "by_theme": report.completion_by_theme() if report.plan.themes.all() else {},
            "figures": declared_figures(report=report),
            "by_entity": completion_by_entity(report),
            "rows": [(commitment, levels.get(commitment.pk)) for commitment in commitments],
            "previous": previous,
            "movement": movement(report, previous, commitments) if previous else None,
            "listings": listings(report=report),
            "recommendations": report.recommendations.published().for_reading(),
            "sections": sections,
            "summaries": [section for section in sections if section.kind in Section.SUMMARIES],
        }


class TextDetail(RecordDetail):
    """The sections of a plan's or report's own text, on one page."""

    template_name = "plans/text.html"

    def get_object(self, queryset=None):
        """Return the plan or report with its sections; there is no page where it never had any."""
        owner = super().get_object(queryset)
        owner.own_sections = list(owner.sections.for_reading())
        if not owner.own_sections and not owner.sections.everything().exists():
            raise Http404
        return owner

    def get_context_data(self, **kwargs):
        owner = self.object
        return super().get_context_data(**kwargs) | {"owner": owner, "sections": owner.own_sections}


class PlanText(TextDetail):
    slug_field = slug_url_kwarg = "number"

    def get_queryset(self):
        return Plan.objects.published().select_related("document")


class ReportText(TextDetail):
    def get_queryset(self):
        return Report.objects.published().select_related("plan", "document")


def declared_figures(**owner):
    """Return what documents print of a plan or of a report's levels: `rows`, `by_theme`, and their `sources`.

    The places of one document are `sources`, once each; figures of several documents each have their own.
    What is printed by theme stands apart where this record adds up to it. None without figures.
    """
    figures = list(DeclaredFigure.objects.published().filter(**owner).for_reading())
    if not figures:
        return None
    by_theme = [figure for figure in figures if figure.theme and figure.agrees]
    is_one_document = len({figure.document_id for figure in figures}) == 1
    return {
        "rows": [figure for figure in figures if figure not in by_theme],
        "by_theme": by_theme,
        "sources": {figure.place: figure for figure in figures}.values() if is_one_document else [],
    }


def listings(**owner):
    """Return what the sources count to a plan or report: works with `document` and place."""
    return (
        Listing.objects.published()
        .filter(**owner)
        .select_related("work", "report", "document")
        .order_by("work__year", "id")
    )


class DocumentList(FilteredList):
    template_name = "plans/document_list.html"
    filterset_class = DocumentFilters
    controls = {"q": "search", "plan": "ticks", "kind": "select", "language": "select"}
    per_page = 50

    def all_rows(self):
        return Document.objects.in_reading_order()

    def for_reading(self, rows, on):
        return rows.for_reading()


class DocumentDetail(RecordDetail):
    template_name = "plans/document_detail.html"

    def get_queryset(self):
        return Document.objects.published().for_reading()

    def get_context_data(self, **kwargs):
        document = self.object
        texts = Section.objects.published().filter(document=document).for_reading()
        return super().get_context_data(**kwargs) | {
            "texts": list({section.owner: None for section in texts}),
            "plans": Plan.objects.published().filter(document=document),
            "reports": Report.objects.published().filter(document=document).select_related("plan"),
            "recommendations": Recommendation.objects.published().filter(document=document),
        }


class RecommendationList(FilteredList):
    template_name = "plans/recommendation_list.html"
    filterset_class = RecommendationFilters
    controls = {"q": "search", "plan": "ticks", "report": "select"}
    # All on one page, so that the address of each leads to it.
    per_page = 500

    def all_rows(self):
        return Recommendation.objects.published().in_reading_order()

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"annulled_parts": annulled_rows(Recommendation)}

    def offered(self):
        reports = Report.objects.filter(recommendations__in=self.all_rows()).distinct()
        return {"report": reports, "plan": Plan.objects.filter(reports__in=reports).distinct()}

    def for_reading(self, rows, on):
        return rows.for_reading()


def levels_shown(tallies):
    """Return the levels that a table of some tallies needs: the four of the scale, and others that occur."""
    occurring = {level for tally in tallies for level, _, _ in tally.shown_rows()}
    return [level for level in compliance.Level if level in compliance.SCALE or level in occurring]


def by_theme(commitments, themes):
    """Return [(theme, its commitments)] in the plan's order; those without a theme come last, under None."""
    groups = {theme: [] for theme in themes}
    for commitment in commitments:
        groups.setdefault(commitment.theme, []).append(commitment)
    return [(theme, members) for theme, members in groups.items() if members]


def movement(report, previous, commitments):
    """Return the table from the levels of one report to those of the next: its heads, and its rows of cells.

    A cell is the list of the commitments that went that way.
    """
    by_pk = {commitment.pk: commitment for commitment in commitments}
    moves = report.transitions_since(previous)
    cells = {(move.before, move.after): [by_pk[pk] for pk in move.members] for move in moves}
    occurring = {level for pair in cells for level in pair}
    heads = [level for level in (*compliance.Level, None) if level in occurring or level in compliance.SCALE]
    return {
        "heads": heads,
        "rows": [(before, [(after, cells.get((before, after), [])) for after in heads]) for before in heads],
        "moved": sum(move.count for move in moves if not move.is_unchanged),
        "unchanged": sum(move.count for move in moves if move.is_unchanged),
        "moves": [
            (by_pk[pk], move.before, move.after)
            for move in moves
            if not move.is_unchanged
            for pk in move.members
        ],
        "same": [(by_pk[pk], move.after) for move in moves if move.is_unchanged for pk in move.members],
    }
