"""What the record lacks, asked of the record itself: the method page and the admin's lists say the same."""

from dataclasses import dataclass

from django.apps import apps
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from entities.models import EntityName
from plans.models import Plan
from record.kinds import Gap, kinds
from record.text import LANGUAGES, Translated, other_column

from .models import Assessment, Commitment, Milestone, MilestoneResponsible, PolicyArea
from .state import REPORTED, UNREPORTED


def without(model, name):
    """Return the condition that no row of a model is linked, by its column `name`, to the row asked for."""
    return ~Exists(model.objects.filter(**{name: OuterRef("pk")}))


def lacks_text(rows, on):
    texts = ("problem", "description", "contribution", "relevance")
    blank = Q(**{f"{name}_{lang}": "" for name in texts for lang in LANGUAGES})
    cards = Assessment.objects.as_of(on).filter(commitment=OuterRef("pk"), has_card=True)
    return rows.filter(blank, ~Exists(cards))


def lacks_responsible(rows, on):
    return rows.filter(without(MilestoneResponsible, "milestone"), responsible_as_printed="")


OF_COMMITMENTS = (
    Gap(
        "institution",
        _("Commitments without an institution"),
        lambda rows, on: rows.exclude(pk__in=Commitment.objects.naming_institutions().values("pk")),
    ),
    Gap(
        "level",
        _("Commitments without a level"),
        lambda rows, on: rows.with_state(on).filter(now__level=None),
    ),
    Gap("text", _("Commitments of which there is the title alone"), lacks_text),
    Gap(
        "period",
        _("Commitments without an end date of their own"),
        lambda rows, on: rows.filter(ends_on=None),
    ),
    Gap(
        "theme",
        _("Commitments without a theme"),
        lambda rows, on: rows.filter(theme=None),
    ),
    Gap(
        "policy-area",
        _("Commitments without a policy area"),
        lambda rows, on: rows.filter(without(PolicyArea, "commitments")),
    ),
    Gap(
        "milestones",
        _("Commitments without milestones"),
        lambda rows, on: rows.filter(without(Milestone, "commitment")),
    ),
)

OF_ASSESSMENTS = (
    Gap(
        "card",
        _("Levels without a compliance card"),
        lambda rows, on: rows.filter(has_card=False),
    ),
)

OF_MILESTONES = (
    Gap(
        "end",
        _("Milestones without a planned end"),
        lambda rows, on: rows.filter(ends_on=None),
    ),
    Gap("responsible", _("Milestones without a responsible unit"), lacks_responsible),
    Gap(
        "report",
        _("Milestones on which nothing was reported"),
        lambda rows, on: rows.with_state(on).filter(now__status=UNREPORTED),
    ),
    Gap(
        "state",
        _("Milestones whose last report gives no state"),
        lambda rows, on: rows.with_state(on).filter(now__status=REPORTED),
    ),
    Gap(
        "evidence",
        _("Milestones without evidence"),
        lambda rows, on: rows.lacking_evidence(on),
    ),
)

OF_ENTITIES = (
    Gap(
        "name-source",
        _("Entities whose name has no source"),
        lambda rows, on: rows.filter(without(EntityName, "entity")),
    ),
)


def counted(rows, plan):
    """Return {plan's number or None: how many rows}; None where rows belong to no plan."""
    if not plan:
        return {None: rows.count()}
    found = rows.order_by().values_list(f"{plan}__number").annotate(n=Count("pk", distinct=True))
    return dict(found)


def by_plan(on):
    """Return what the record lacks on a day: (gap, kind, [(plan, lacking, of) of each plan with such rows]).

    Of what belongs to no plan the plan is None. A gap that nothing has is left out.
    """
    plans = {plan.number: plan for plan in Plan.objects.published()}
    table = []
    for kind in kinds():
        totals = counted(kind.rows(), kind.plan) if kind.gaps else {}
        for gap in kind.gaps:
            lacking = counted(gap.narrow(kind.rows(), on), kind.plan)
            cells = [
                (plans.get(number), lacking.get(number, 0), total)
                for number, total in sorted(totals.items(), key=lambda item: item[0] or 0)
            ]
            if any(count for _plan, count, _total in cells):
                table.append((gap, kind, cells))
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
        for row in model._default_manager.published().only("unofficial", *columns):
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
