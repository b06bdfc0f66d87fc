"""What cannot be known here, plan by plan, and how the portal computes: asked of the record itself."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from commitments import gaps
from commitments.models import Assessment, Commitment
from plans.models import DeclaredFigure, Plan, Report
from record.dates import today
from record.text import Language

# How much of a kind of fact stands here of a plan. What is known to exist and is not here is not "nothing".
HELD, PARTLY, EXISTS, NOTHING = "held", "partly", "exists", "nothing"

# What readers ask of a plan, and the gap that tells of how many rows it lacks (commitments/gaps.py).
FACTS = (
    ("text", _("What each promise says")),
    ("institution", _("Who answers")),
    ("milestones", _("Milestones")),
    ("end", _("Planned end of each milestone")),
    ("report", _("What was reported of each milestone")),
    ("evidence", _("Links that prove each milestone")),
    ("level", _("The level of each promise")),
)
AUTHORS = (
    (Report.Author.GOVERNMENT, _("Reports of the Government")),
    (Report.Author.IRM, _("Reports of the IRM")),
)


@dataclass(frozen=True)
class Cell:
    """How much of a kind of fact stands here of a plan: `n` of `total` rows have it, where there are rows."""

    plan: Plan
    standing: str
    n: int | None = None
    total: int | None = None


def cell_of_rows(plan, lacking, total, is_declared):
    """Return the Cell of a plan of which so many rows of a total lack the fact.

    `is_declared` says of a plan without any row that a document counts its commitments.
    """
    if not total:
        return Cell(plan, EXISTS if is_declared else NOTHING)
    held = total - lacking
    return Cell(plan, HELD if not lacking else PARTLY if held else NOTHING, held, total)


def cell_of_reports(plan, reports):
    """Return the Cell of a plan with some reports of one author."""
    if any(report.is_held for report in reports):
        return Cell(plan, HELD if all(report.is_full for report in reports) else PARTLY)
    return Cell(plan, EXISTS if reports else NOTHING)


def table(plans, reports, counted):
    """Return [(kind of fact, its Cells)] of some plans, from the first to the last.

    `reports` are the published ones, `counted` is what `gaps.counted_by_plan()` returns.
    """
    cells = {gap.slug: {plan: (lacking, n) for plan, lacking, n in found} for gap, _kind, found in counted}
    silent = [plan for plan in plans if plan not in cells["text"]]
    declared = DeclaredFigure.objects.of_whole_plans(silent) if silent else {}
    rows = [
        (
            name,
            [
                cell_of_rows(plan, *cells[slug].get(plan, (0, 0)), slug == "text" and plan.pk in declared)
                for plan in plans
            ],
        )
        for slug, name in FACTS
    ]
    for author, name in AUTHORS:
        of_author = [report for report in reports if report.author == author]
        rows.append(
            (
                name,
                [
                    cell_of_reports(plan, [each for each in of_author if each.plan_id == plan.pk])
                    for plan in plans
                ],
            )
        )
    return rows


class Method(TemplateView):
    """What cannot be known here, with the numbers behind it; then how the portal computes."""

    template_name = "method.html"

    def get_context_data(self, **kwargs):
        on = today()
        plans = list(Plan.objects.published().order_by("-number"))
        reports = held(Report.objects.as_of(on).select_related("plan"))
        counted = gaps.counted_by_plan(on)
        assessed = {report.plan_id for report in reports if report.is_held}
        by_plan, others = [], []
        for gap, kind, cells in gaps.lacking(counted):
            if kind.plan:
                known = {plan: (lacking, total) for plan, lacking, total in cells}
                by_plan.append((gap, [known.get(plan) for plan in plans]))
            else:
                others += [(gap, lacking, total) for _plan, lacking, total in cells]
        texts = gaps.translations()
        for each in texts:
            each.language_label = Language(each.language).label
        return super().get_context_data(**kwargs) | {
            "plans": plans,
            "unassessed": sum(plan.pk not in assessed for plan in plans),
            "facts": table(plans, reports, counted),
            "reports": reports,
            "gaps_by_plan": by_plan,
            "other_gaps": others,
            "translations": texts,
        }


def held(reports):
    """Add to some reports how many levels and cards of their plan's commitments this record holds."""
    cards = Assessment.objects.published().order_by().values_list("report")
    cards = cards.annotate(n=Count("pk"), with_card=Count("pk", filter=Q(has_card=True)))
    found = {pk: counts for pk, *counts in cards}
    commitments = dict(Commitment.objects.published().order_by().values_list("plan").annotate(n=Count("pk")))
    reports = list(reports)
    for report in reports:
        report.total = commitments.get(report.plan_id, 0)
        report.levels_held, report.cards_held = found.get(report.pk, (0, 0))
    return reports
