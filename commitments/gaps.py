"""What the record lacks, asked of the record itself: the method page and the admin's lists say the same."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache, reduce
from operator import add

from django.apps import apps
from django.db import connection
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, Value
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


# What is asked for a page of the whole record is put together once and not for each reader: building these
# questions takes many times what answering them does. They are the same for whatever the record has.


def asked(question):
    """Return the rows that a database answers a question with: its SQL and parameters."""
    with connection.cursor() as cursor:
        cursor.execute(*question)
        return cursor.fetchall()


def counted(place, rows, plan):
    """Return the question: (place, plan's number, how many rows); no number where rows belong to no plan."""
    number = F(f"{plan}__number") if plan else Value(None, IntegerField())
    place = Value(place, IntegerField())
    return rows.order_by().values_list(place, number).annotate(n=Count("pk", distinct=True))


@lru_cache(maxsize=4)
def question_of_gaps(vendor, on):
    """Return what to ask a kind of database to count the rows of each kind, and of each of its gaps.

    The place of a count in `counted_kinds()` stands first in its rows.
    """
    counts = []
    for kind, gap in counted_kinds():
        rows = gap.narrow(kind.rows(), on) if gap else kind.rows()
        counts.append(counted(len(counts), rows, kind.plan))
    return counts[0].union(*counts[1:], all=True).query.sql_with_params()


def counted_kinds():
    """Return (kind, gap) of all that is counted; of each kind with gaps first (kind, None): all its rows."""
    return [(kind, gap) for kind in kinds() if kind.gaps for gap in (None, *kind.gaps)]


def counted_by_plan(on):
    """Return (gap, kind, [(plan, lacking, of) of each plan with such rows]) of all gaps on a day.

    Of what belongs to no plan the plan is None.
    """
    plans = {plan.number: plan for plan in Plan.objects.published()}
    found = defaultdict(dict)
    for place, number, count in asked(question_of_gaps(connection.vendor, on)):
        found[place][number] = count
    table = []
    for place, (kind, gap) in enumerate(counted_kinds()):
        lacking = found[place]
        if gap is None:
            totals = lacking
            continue
        cells = [
            (plans.get(number), lacking.get(number, 0), total)
            for number, total in sorted(totals.items(), key=lambda item: item[0] or 0)
        ]
        table.append((gap, kind, cells))
    return table


def lacking(counted):
    """Return those of `counted_by_plan()` that anything has."""
    return [each for each in counted if any(count for _plan, count, _total in each[2])]


def by_plan(on):
    """Return what the record lacks on a day, as `counted_by_plan()` does, but for gaps that nothing has."""
    return lacking(counted_by_plan(on))


@dataclass
class Texts:
    """How many texts of a model there are in a language, how many of them are ours, and how many lack it."""

    name: str
    language: str
    there: int
    ours: int
    missing: int


def bilingual_models():
    """Return the models with texts in both languages."""
    return [
        model for model in apps.get_models() if issubclass(model, Translated) and model.bilingual_columns()
    ]


@cache
def question_of_translations(vendor):
    """Return what to ask a kind of database to count texts: a row for each model and language.

    In it: the model's place in `bilingual_models()`, the language's, and what Texts counts.
    """
    counts = []
    for place, model in enumerate(bilingual_models()):
        for order, lang in enumerate(LANGUAGES):
            columns = [name for name in model.bilingual_columns() if name.endswith(f"_{lang}")]
            numbers = defaultdict(list)
            for column in columns:
                blank = Q(**{column: ""})
                numbers["there"].append(~blank)
                numbers["ours"].append(~blank & Q(unofficial__has_key=column))
                numbers["missing"].append(blank & ~Q(**{other_column(column): ""}))
            sums = {
                name: reduce(add, (Count("pk", filter=condition) for condition in conditions))
                for name, conditions in numbers.items()
            }
            rows = model._default_manager.published().order_by()
            heads = Value(place, IntegerField()), Value(order, IntegerField())
            counts.append(rows.values_list(*heads).annotate(**sums))
    return counts[0].union(*counts[1:], all=True).query.sql_with_params()


def translations():
    """Return the Texts of each model and language that lacks one or has a translation of ours.

    A text is missing in a language where the record has it in the other alone.
    """
    models = bilingual_models()
    found = [
        Texts(models[place]._meta.verbose_name_plural, LANGUAGES[order], *numbers)
        for place, order, *numbers in sorted(asked(question_of_translations(connection.vendor)))
    ]
    return [texts for texts in found if texts.ours or texts.missing]
