"""Pages of plans, of their reports with their texts, of documents and of recommendations."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, Exists, OuterRef, Prefetch, Subquery, prefetch_related_objects
from django.http import Http404
from django.utils.translation import gettext as _

from faces.annulled import annulled_rows
from faces.filters import AsOf
from faces.pages import Dated, FilteredList, RecordDetail
from faces.timeline import tracks
from record.models import Document
from record.publication import other_end
from record.reading import read_parts, with_parts

from . import compliance, works
from .filters import DocumentFilters, RecommendationFilters
from .lines import MOST_LINES, by_theme, groups_of, squares_by_theme
from .models import DeclaredFigure, Listing, Plan, Recommendation, Report, Section
from .picture import MOST_SQUARES, WORST_FIRST, in_order, judged_of, picture, reports_of, row_of
from .slope import slope
from .tallies import completion_by_entity, connect
from .templatetags.squares import standings

# As many plans as a page draws.
PLANS_OF_A_PAGE = 12


def overview(plans, on):
    """Return what the table of some published plans needs on a day: the `plans` as a list, the `levels`.

    Each plan has `tallies`, pairs of a report and its tally; without a report that this record holds it is
    one pair of None and a tally in which nothing is known.
    """
    plans = list(plans)
    reports = Report.objects.as_of(on).filter(plan__in=plans)
    counted = reports.levels_counted()
    of_plan = defaultdict(list)
    for report in reports:
        of_plan[report.plan_id].append(report)
    for plan in plans:
        held = [report for report in of_plan[plan.pk] if report.is_held]
        total = plan.commitments_count
        unknown = compliance.tally([], total, is_full=False)
        plan.tallies = [
            (report, compliance.tally(Counter(counted.get(report.pk)).elements(), total, report.is_full))
            for report in held
        ] or [(None, unknown)]
    return {
        "plans": plans,
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
        context, on = super().get_context_data(**kwargs), self.reading.on
        if not context["page_obj"]:
            return context
        of_table = overview(context["page_obj"], on)
        plans = of_table["plans"]
        drawn = picture(plans, on, judged_of(plans, on), reports_of(plans, on))
        return context | of_table | {"picture": drawn}


class PlanDetail(Dated, RecordDetail):
    slug_field = slug_url_kwarg = "number"

    def get_queryset(self):
        made = Recommendation.objects.published().filter(
            report__plan=OuterRef("pk"), report__cutoff_on__lte=self.reading.on
        )
        counted = made.order_by().values("report__plan").annotate(number=Count("pk")).values("number")
        return (
            with_parts(Plan.objects.published(), "reports", "sections")
            .annotate(
                recommendations_count=Subquery(counted),
                has_cards=Exists(other_end(Report, "assessments").filter(report__plan=OuterRef("pk"))),
            )
            .select_related("coordinator", "document")
            .prefetch_related(*with_documents(Plan, "periods", "further_sources"), "themes")
        )

    def get_context_data(self, **kwargs):
        plan, on = self.object, self.reading.on
        commitments = plan.commitments.said().for_lines(on, has_cards=plan.has_cards)
        # The headings of its sections: the texts are on a page of their own.
        headings = other_end(Plan, "sections").defer("text_es", "text_en", "note_es", "note_en")
        reports = Report.objects.published().select_related("document")
        reports = Prefetch("reports", reports, to_attr="published_reports")
        read_parts([plan], Prefetch("sections", headings), reports)
        published = plan.published_reports
        connect(plan, commitments, published, [card for each in commitments for card in each.assessments_on])
        for each in commitments:
            know_judge(each, each.shown)
        published = [report for report in published if report.cutoff_on <= on]
        held = [report for report in published if report.is_held]
        not_held = [report for report in published if not report.is_held]
        totals = commitments.added_up()
        row = row_of(plan, on, list(commitments), not_held)
        drawn = steps(commitments, plan, on, totals["progress"])
        groups, left_out = groups_of(commitments, plan.said_themes)
        return super().get_context_data(**kwargs) | {
            "row": row,
            "themes": squares_by_theme(row, list(plan.said_themes)),
            "reports": [(report, report.completion(), report.completion_by_theme()) for report in held[::-1]],
            "not_held": not_held,
            "levels": levels_shown(report.completion() for report in held),
            "slope": last_slope(held, list(commitments)),
            "groups": groups,
            "left_out": left_out,
            "names_reports": judged_by_few(commitments),
            "declared": (
                None if commitments else DeclaredFigure.objects.of_whole_plans([plan]).get(plan.pk, [])
            ),
            "is_to_come": not plan.has_begun(on),
            "to_come": _("This plan had not begun yet; it is in no count of that day."),
            **totals,
            **drawn,
            # The lines in time say all of each promise, where nothing was judged and each has one.
            "is_timed": not row.assessed and drawn.get("tracks") and drawn["tracks"].total == row.total,
            "figures": declared_figures(plan, plan.figures.filter(report=None)),
            "listings": listings(plan=plan),
            "sections": plan.sections.all(),
        }


def know_judge(commitment, card):
    """Let a commitment know who judged it and when by a card or None, as squares say it."""
    commitment.judged_by = card and card.report.author
    commitment.judged_on = card and card.report.cutoff_on


def last_slope(reports, commitments):
    """Return the Slope of the last report that has one before it which this record holds; None without."""
    for report in sorted(reports, key=lambda each: each.cutoff_on, reverse=True):
        previous = report.previous(reports)
        if previous:
            return slope(report, previous, commitments)
    return None


def judged_by_few(commitments):
    """Return the reports whose levels the lines show, the earliest first, where they are one or two.

    Then the head of the lines names them once; None where each line names its own (rule 2).
    """
    reports = {card.report for each in commitments for card in each.path}
    if not 0 < len(reports) <= 2 or len({report.author for report in reports}) > 1:
        return None
    return sorted(reports, key=lambda report: report.cutoff_on)


def steps(commitments, plan, on, progress):
    """Return what is drawn of the milestones: their `tracks` where dates are known, and `standings`.

    `standings` is [(standing, how many)]; each milestone is counted once, in the first that fits.
    """
    if not progress:
        return {}
    told = [each for each in commitments.milestones(on) if not each.commitment.joins_later]
    of_commitment = defaultdict(list)
    for milestone in told:
        of_commitment[milestone.commitment_id].append(milestone)
    groups = [
        (theme, [(each, of_commitment[each.pk]) for each in members])
        for theme, members in by_theme(commitments, plan.said_themes)
    ]
    return {
        "tracks": tracks(groups, on),
        "standings": standings(told),
        # Of how many a due date is known though no source prints a planned end.
        "announced": sum(each.due_on is not None and each.ends_on is None for each in told),
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
            | (judged(report) if report.is_held else counted_by(report))
            | {
                "is_to_come": report.cutoff_on > on,
                "to_come": _("This report is a later one: it speaks of a day after that."),
                "listings": listings(report=report),
                "recommendations": recommendations(report),
                "sections": sections,
                "summaries": [section for section in sections if section.kind in Section.SUMMARIES],
            }
        )


def counted_by(report):
    """Return the figures that a report prints of which this record holds no level."""
    prefetch_related_objects([report.plan], "themes")
    return {"figures": declared_figures(report.plan, report.figures, report) if report.has_figures else None}


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
    rows = [Judged(commitment, report, levels.get(commitment.pk)) for commitment in commitments]
    return {
        "tally": tally,
        "levels": levels_shown([tally]),
        "by_theme": report.completion_by_theme() if plan.said_themes else {},
        "figures": declared_figures(plan, report.figures, report) if report.has_figures else None,
        "by_entity": completion_by_entity(report),
        "rows": sorted(rows, key=lambda row: WORST_FIRST.index(row.shown_level))[:MOST_LINES],
        "left_out": max(len(rows) - MOST_LINES, 0),
        "squares": in_order(rows) if len(rows) <= MOST_SQUARES else [],
        "slope": slope(report, previous, list(commitments)) if previous else None,
    }


@dataclass
class Judged:
    """A commitment as one report judged it; `shown_level` is that report's, not the one shown elsewhere."""

    commitment: object
    report: Report
    shown_level: str | None

    @property
    def code(self):
        return self.commitment.code

    @property
    def title(self):
        return self.commitment.title

    @property
    def leads(self):
        return self.commitment.leads

    @property
    def judged_by(self):
        return self.report.author if self.shown_level else None

    @property
    def judged_on(self):
        return self.report.cutoff_on

    def get_absolute_url(self):
        address = self.commitment.get_absolute_url()
        return f"{address}#{self.report.slug}" if self.shown_level else address


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
    themes = {theme.pk: theme for theme in plan.said_themes}
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
        return works.by_kind(rows).for_reading()

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        page = context["page_obj"]
        if not page:
            return context
        counts = works.counted_by_kind(self.filters.qs)
        quoted = sum(count["quoted"] for count in counts.values())
        return context | {
            "groups": works.groups(page, counts),
            "quoted": quoted,
            "only_listed": page.paginator.count - quoted,
        }


class DocumentDetail(RecordDetail):
    template_name = "plans/document_detail.html"

    def get_queryset(self):
        return Document.objects.published().for_reading()

    def get_context_data(self, **kwargs):
        document = self.object
        texts = Section.objects.published().filter(document=document).for_reading()
        return super().get_context_data(**kwargs) | {
            "site": works.site_of(document),
            "plan": works.plan_of(document),
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
        context = super().get_context_data(**kwargs)
        page = context["page_obj"]
        return context | {
            "annulled_parts": annulled_rows(Recommendation),
            "groups": by_report(page) if page else [],
        }

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


def by_report(recommendations):
    """Return recommendations under their reports, as dicts that say what is true of all of each report."""
    groups = [(report, list(rows)) for report, rows in groupby(recommendations, key=lambda row: row.report)]
    return [
        {
            "report": report,
            "rows": rows,
            "is_unanswered": len(rows) > 1 and not any(row.answer for row in rows),
            "is_unfollowed": len(rows) > 1 and not any(row.followed_by for row in rows),
        }
        for report, rows in groups
    ]


def levels_shown(tallies):
    """Return the levels that a table of some tallies needs: the four of the scale, and others that occur."""
    occurring = {level for tally in tallies for level, _, _ in tally.shown_rows()}
    return [level for level in compliance.Level if level in compliance.SCALE or level in occurring]
