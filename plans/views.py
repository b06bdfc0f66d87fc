"""Pages of plans, of their reports with their texts, of documents and of recommendations."""

from collections import Counter, defaultdict

from django.db.models import Count, Exists, OuterRef, Prefetch, Subquery, prefetch_related_objects
from django.http import Http404
from django.utils.translation import gettext as _

from faces.annulled import annulled_rows
from faces.filters import AsOf
from faces.pages import Dated, FilteredList, RecordDetail
from faces.timeline import timeline
from record.models import Document
from record.publication import other_end
from record.reading import read_parts, with_parts

from . import compliance
from .filters import DocumentFilters, RecommendationFilters
from .models import Listing, Plan, Recommendation, Report, Section
from .tallies import completion_by_entity, connect

# As many plans as a page draws.
PLANS_OF_A_PAGE = 12


def overview(plans, on):
    """Return what the bars of some published plans need on a day: the `plans` as a list, their scale.

    Each plan has `tallies`, pairs of a report and its tally; without a report that this record holds it is
    one pair of None and a tally in which nothing is known. `widest` is the most commitments of a plan, and
    `levels` are those that a table of the tallies needs.
    """
    plans = list(plans)
    reports = Report.objects.as_of(on).filter(plan__in=plans)
    counted = reports.levels_counted()
    of_plan = defaultdict(list)
    for report in reports:
        of_plan[report.plan_id].append(report)
    for plan in plans:
        held = [report for report in of_plan[plan.pk] if report.is_held]
        plan.other_reports = [report for report in of_plan[plan.pk] if not report.is_held]
        total = plan.commitments_count
        unknown = compliance.tally([], total, is_full=False)
        plan.tallies = [
            (report, compliance.tally(Counter(counted.get(report.pk)).elements(), total, report.is_full))
            for report in held
        ] or [(None, unknown)]
        plan.is_to_come = not plan.has_begun(on)
    return {
        "plans": plans,
        "widest": max((plan.commitments_count for plan in plans), default=0),
        "levels": levels_shown(tally for plan in plans for _report, tally in plan.tallies),
    }


class PlanList(FilteredList):
    """All plans, the last first, with the levels that their reports judged."""

    is_dated = True
    template_name = "plans/plan_list.html"
    filterset_class = AsOf
    per_page = PLANS_OF_A_PAGE

    def all_rows(self):
        return Plan.objects.published()

    def for_reading(self, rows, on):
        return rows.with_commitments_count().order_by("-number")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | (overview(context["page_obj"], self.reading.on) if context["page_obj"] else {})


class PlanDetail(Dated, RecordDetail):
    slug_field = slug_url_kwarg = "number"

    def get_queryset(self):
        made = Recommendation.objects.published().filter(
            report__plan=OuterRef("pk"), report__cutoff_on__lte=self.reading.on
        )
        counted = made.order_by().values("report__plan").annotate(number=Count("pk")).values("number")
        return (
            with_parts(Plan.objects.published(), "reports", "sections")
            .annotate(recommendations_count=Subquery(counted))
            .select_related("coordinator", "document")
            .prefetch_related(*with_documents(Plan, "periods", "further_sources"), "themes")
        )

    def get_context_data(self, **kwargs):
        plan, on = self.object, self.reading.on
        commitments = plan.commitments.said().for_lines(on)
        # The headings of its sections: the texts are on a page of their own.
        headings = other_end(Plan, "sections").defer("text_es", "text_en", "note_es", "note_en")
        reports = Prefetch("reports", Report.objects.published(), to_attr="published_reports")
        read_parts([plan], Prefetch("sections", headings), reports)
        published = plan.published_reports
        connect(plan, commitments, published, [card for each in commitments for card in each.assessments_on])
        published = [report for report in published if report.cutoff_on <= on]
        reports = [
            (report, report.completion(), report.completion_by_theme())
            for report in published
            if report.is_held
        ]
        totals = commitments.added_up()
        counted = [each for each in commitments if not each.joins_later]
        return super().get_context_data(**kwargs) | {
            "reports": reports,
            "not_held": [report for report in published if not report.is_held],
            "levels": levels_shown(tally for _report, tally, _themes in reports),
            "shown": compliance.tally(
                (commitment.shown_level for commitment in counted), len(counted), is_full=False
            ),
            "groups": by_theme(commitments, plan.themes.all()),
            "is_to_come": not plan.has_begun(on),
            "to_come": _("This plan had not begun yet; it is in no count of that day."),
            **totals,
            "timeline": timeline(commitments.milestones(on), on) if totals["progress"] else None,
            "figures": declared_figures(plan, plan.figures.filter(report=None)),
            "listings": listings(plan=plan),
            "sections": plan.sections.all(),
        }


class ReportDetail(Dated, RecordDetail):
    def get_queryset(self):
        others = Report.objects.published().filter(plan=OuterRef("plan")).exclude(pk=OuterRef("pk"))
        rows = Report.objects.published().annotate(has_others=Exists(others))
        return with_parts(rows.select_related("plan", "document"), "further_sources", "figures", "sections")

    def get_context_data(self, **kwargs):
        report, on = self.object, self.reading.on
        read_parts([report], *with_documents(Report, "further_sources"), *with_documents(Report, "sections"))
        sections = list(report.sections.all())
        return (
            super().get_context_data(**kwargs)
            | (judged(report) if report.is_held else {})
            | {
                "is_to_come": report.cutoff_on > on,
                "to_come": _("This report is a later one: it speaks of a day after that."),
                "listings": listings(report=report),
                "recommendations": recommendations(report),
                "sections": sections,
                "summaries": [section for section in sections if section.kind in Section.SUMMARIES],
            }
        )


def judged(report):
    """Return what the page of a report says of the commitments: levels, tallies, what moved, figures."""
    plan = report.plan
    prefetch_related_objects([plan], "themes")
    commitments = plan.commitments.said().without_texts().with_leads()
    # The report itself among them is the one whose page it is.
    others = plan.reports.published().exclude(pk=report.pk) if report.has_others else []
    reports = [report, *others]
    previous = report.previous(reports)
    if previous and not previous.is_held:
        # What it judged is not known here, so nothing can be said of what moved.
        previous = None
    cards = other_end(Report, "assessments").published().only("report", "commitment", "level")
    connect(plan, commitments, reports, cards.filter(report__in=[report, previous or report]).order_by())
    tally, levels = report.completion(), report.levels()
    return {
        "tally": tally,
        "levels": levels_shown([tally]),
        "by_theme": report.completion_by_theme() if plan.themes.all() else {},
        "figures": declared_figures(plan, report.figures, report) if report.has_figures else None,
        "by_entity": completion_by_entity(report),
        "rows": [(commitment, levels.get(commitment.pk)) for commitment in commitments],
        "previous": previous,
        "movement": movement(report, previous, commitments) if previous else None,
    }


def with_documents(model, *names):
    """Return the prefetches of what a model has in some relations, each row with its document."""
    return [Prefetch(name, other_end(model, name).select_related("document")) for name in names]


def recommendations(report):
    """Return what a report recommends, as its page says it; few have further sources, or are followed."""
    rows = report.recommendations.published().select_related("document")
    rows = list(with_parts(rows, "commitments", "further_sources"))
    followers = other_end(Recommendation, "commitments").published()
    read_parts(
        rows,
        Prefetch("commitments", followers, to_attr="followed_by"),
        *with_documents(Recommendation, "further_sources"),
    )
    return rows


class TextDetail(RecordDetail):
    """The sections of a plan's or report's own text, on one page."""

    template_name = "plans/text.html"

    def get_object(self):
        """Return the plan or report with its sections; there is no page where it never had any."""
        owner = super().get_object()
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


def declared_figures(plan, figures, report=None):
    """Return what documents print of a plan or of a report's levels: `rows`, `by_theme`, and their `sources`.

    The places of one document are `sources`, once each; figures of several documents each have their own.
    What is printed by theme stands apart where this record adds up to it. None without figures. Plan and
    report know what their tallies read (`connect()`).
    """
    figures = list(figures.published().select_related("document"))
    if not figures:
        return None
    themes = {theme.pk: theme for theme in plan.themes.all()}
    for figure in figures:
        figure.plan, figure.report, figure.theme = plan, report, themes.get(figure.theme_id)
    by_theme = [figure for figure in figures if figure.theme and figure.agrees]
    is_one_document = len({figure.document_id for figure in figures}) == 1
    return {
        "rows": [figure for figure in figures if figure not in by_theme],
        "by_theme": by_theme,
        "sources": {figure.place: figure for figure in figures}.values() if is_one_document else [],
    }


def listings(**owner):
    """Return what the sources count to a plan or report: works with `document` and place."""
    return Listing.objects.published().filter(**owner).select_related("work").order_by("work__year", "id")


class DocumentList(FilteredList):
    template_name = "plans/document_list.html"
    filterset_class = DocumentFilters
    controls = {"q": "search", "plan": "ticks", "kind": "select", "language": "select"}
    per_page = 50

    def all_rows(self):
        return Document.objects.published().in_reading_order()

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
    is_dated = True
    template_name = "plans/recommendation_list.html"
    filterset_class = RecommendationFilters
    controls = {"q": "search", "plan": "ticks", "report": "select", "as_of": "date"}
    further = ("as_of",)
    # All on one page, so that the address of each leads to it.
    per_page = 500

    def all_rows(self):
        return Recommendation.objects.published().in_reading_order()

    def made(self):
        """Return the recommendations of the reports up to the day."""
        return self.all_rows().filter(report__cutoff_on__lte=self.filters.on)

    def total(self, page):
        return self.made().count()

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"annulled_parts": annulled_rows(Recommendation)}

    def offered(self, counts):
        fields = self.filters.form.fields
        named = self.made().order_by().values_list("report", "report__plan").distinct()
        keys = {
            "report": {report for report, _plan in named},
            "plan": {plan for _report, plan in named},
        }
        return {
            name: {value for value, row in fields[name].rows.items() if row.pk in keys[name]} for name in keys
        }

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
