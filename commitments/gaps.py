"""What the record lacks, asked of the record itself: the method page and the admin's lists say the same."""

from collections.abc import Callable
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from entities.models import Entity
from ogp_portal.common.text import LANGUAGES, Translated, other_column
from plans.models import Document, EntityName, Plan

from .models import Assessment, Commitment, Milestone, MilestoneResponsible
from .models.milestone import REPORTED, UNREPORTED


@dataclass(frozen=True)
class Gap:
    """A thing that some rows of a model lack: `narrow(rows)` keeps those.

    `plan` is the way from a row to its plan, '' where a row belongs to none.
    """

    slug: str
    title: str
    model: type
    narrow: Callable[[QuerySet], QuerySet]
    plan: str = ""

    def by_plan(self):
        """Return {plan: how many public rows lack it}, for the plans that have such a row."""
        return counted(self.narrow(public_rows(self.model)), self.plan)


def without(model, **link):
    """Return the condition that no row of a model is linked to the row that is asked for."""
    [(name, condition)] = link.items()
    return ~Exists(model.objects.filter(condition or Q(), **{name: OuterRef("pk")}))


def lacks_text(rows):
    texts = ("problem", "description", "contribution", "relevance")
    blank = Q(**{f"{name}_{lang}": "" for name in texts for lang in LANGUAGES})
    return rows.filter(blank, without(Assessment, commitment=Q(has_card=True)))


def lacks_responsible(rows):
    return rows.filter(without(MilestoneResponsible, milestone=None), responsible_as_printed="")


COMMITMENT, MILESTONE, ASSESSMENT = "plan", "commitment__plan", "report__plan"

GAPS = [
    Gap(
        "institution",
        _("Commitments without an institution"),
        Commitment,
        lambda rows: rows.exclude(pk__in=Commitment.objects.naming_institutions().values("pk")),
        COMMITMENT,
    ),
    Gap(
        "level",
        _("Commitments without a level"),
        Commitment,
        lambda rows: rows.with_level().filter(shown_level=None),
        COMMITMENT,
    ),
    Gap("text", _("Commitments of which there is the title alone"), Commitment, lacks_text, COMMITMENT),
    Gap(
        "period",
        _("Commitments without an end date of their own"),
        Commitment,
        lambda rows: rows.filter(ends_on=None),
        COMMITMENT,
    ),
    Gap(
        "theme",
        _("Commitments without a theme"),
        Commitment,
        lambda rows: rows.filter(theme=None),
        COMMITMENT,
    ),
    Gap(
        "policy-area",
        _("Commitments without a policy area"),
        Commitment,
        lambda rows: rows.filter(policy_areas=None),
        COMMITMENT,
    ),
    Gap(
        "milestones",
        _("Commitments without milestones"),
        Commitment,
        lambda rows: rows.filter(without(Milestone, commitment=None)),
        COMMITMENT,
    ),
    Gap(
        "card",
        _("Levels without a compliance card"),
        Assessment,
        lambda rows: rows.filter(has_card=False),
        ASSESSMENT,
    ),
    Gap(
        "end",
        _("Milestones without a planned end"),
        Milestone,
        lambda rows: rows.filter(ends_on=None),
        MILESTONE,
    ),
    Gap("responsible", _("Milestones without a responsible unit"), Milestone, lacks_responsible, MILESTONE),
    Gap(
        "report",
        _("Milestones on which nothing was reported"),
        Milestone,
        lambda rows: rows.with_state().filter(status=UNREPORTED),
        MILESTONE,
    ),
    Gap(
        "state",
        _("Milestones whose last report gives no state"),
        Milestone,
        lambda rows: rows.with_state().filter(status=REPORTED),
        MILESTONE,
    ),
    Gap(
        "evidence",
        _("Milestones without evidence"),
        Milestone,
        lambda rows: rows.lacking_evidence(),
        MILESTONE,
    ),
    Gap(
        "name-source",
        _("Entities whose name has no source"),
        Entity,
        lambda rows: rows.filter(without(EntityName, entity=None)),
    ),
    Gap("address", _("Documents without an address"), Document, lambda rows: rows.filter(url="")),
    Gap("year", _("Documents without a year"), Document, lambda rows: rows.filter(year=None)),
]


def gaps_of(model):
    """Return the gaps that rows of a model may have."""
    return [gap for gap in GAPS if gap.model is model]


def public_rows(model):
    """Return the rows of a model that the public may see."""
    rows = model._default_manager.all()
    if model is Assessment:
        return rows.as_of()
    return rows.published() if hasattr(rows, "published") else rows


def counted(rows, plan):
    """Return {plan's number or None: how many rows}; None where rows belong to no plan."""
    if not plan:
        return {None: rows.count()}
    found = rows.order_by().values_list(f"{plan}__number").annotate(n=Count("pk", distinct=True))
    return dict(found)


def by_plan():
    """Return what the record lacks: (gap, [(plan, lacking, of) for each plan that has such rows]).

    Of what belongs to no plan the plan is None. A gap that nothing has is left out.
    """
    plans = {plan.number: plan for plan in Plan.objects.published()}
    totals = {}
    table = []
    for gap in GAPS:
        if gap.model not in totals:
            totals[gap.model] = counted(public_rows(gap.model), gap.plan)
        lacking = gap.by_plan()
        cells = [
            (plans.get(number), lacking.get(number, 0), total)
            for number, total in sorted(totals[gap.model].items(), key=lambda item: item[0] or 0)
        ]
        if any(count for _plan, count, _total in cells):
            table.append((gap, cells))
    return table


@dataclass
class Texts:
    """How many texts of a model there are in a language, how many of them are ours, and how many lack it."""

    name: str
    language: str
    there: int = 0
    ours: int = 0
    stale: int = 0
    missing: int = 0


def translations():
    """Return the Texts of each model and language that lacks one or has a translation of ours.

    A text is missing in a language where the record has it in the other alone.
    """
    found = []
    for model in apps.get_models():
        if not issubclass(model, Translated) or not model.bilingual_columns():
            continue
        columns = model.bilingual_columns()
        counts = {lang: Texts(model._meta.verbose_name_plural, lang) for lang in LANGUAGES}
        for row in public_rows(model).only("unofficial", *columns):
            for column in columns:
                count = counts[column[-2:]]
                if getattr(row, column):
                    count.there += 1
                    count.ours += row.is_unofficial(column)
                    count.stale += row.is_stale(column)
                elif getattr(row, other_column(column)):
                    count.missing += 1
        found += [count for count in counts.values() if count.ours or count.missing]
    return found
