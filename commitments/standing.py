"""What some entities promised, added up: no commitment, milestone or card is read whole.

The rules are those of the models: who leads (`Responsibility`), who answers (`responsibility.answered_by`),
what counts as late or done (`Lateness.COUNTED`, `Progress.COUNTED`).
"""

from collections import defaultdict

from django.db.models import Case, Count, IntegerField, Value, When

from plans import compliance
from plans.models import Report

from .models import (
    Assessment,
    Commitment,
    Lateness,
    Milestone,
    Progress,
    Responsibility,
)
from .models.responsibility import Answering
from .models.state import promised


def roles_counted(entities, on):
    """Return {entity: {role: of how many commitments promised by a day}}; entities are their keys."""
    rows = Responsibility.objects.published().filter(promised(on, "commitment__"), entity__in=entities)
    counted = rows.order_by().values_list("entity", "role").annotate(Count("commitment", distinct=True))
    found = {entity: dict.fromkeys(Responsibility.Role.values, 0) for entity in entities}
    for entity, role, count in counted:
        found[entity][role] = count
    return found


def lateness(entities, on):
    """Return {entity: the Lateness of what it leads or co-leads}, of what was promised by a day."""
    leads = defaultdict(set)
    for entity, commitment in leading(entities).values_list("entity", "commitment"):
        leads[commitment].add(entity)
    rows = Commitment.objects.published().begun(on).with_state(on).led_by(entities)
    return add_up(Lateness, rows, lambda commitment: leads[commitment])


def progress(entities, on):
    """Return {entity: the Progress of the milestones for which it answers}, of what was promised by a day."""
    rows = Milestone.objects.published().begun(on).with_state(on).answered_by(entities)
    asked, answering = set(entities), Answering(rows)

    def whose(milestone, commitment):
        return asked.intersection(answering.of(milestone, commitment))

    return add_up(Progress, rows, whose, "commitment")


def completion(entities, on):
    """Return {entity: [(report up to a day, tally of the commitments that it leads or co-leads)]}.

    A responsibility counts if the plan states it, or this very report. A report of which the record holds no
    level says nothing of them, and is left out.
    """
    reports = list(Report.objects.as_of(on).held())
    members, of_plan = defaultdict(set), defaultdict(list)
    for report in reports:
        of_plan[report.plan_id].append(report)
    leads = leading(entities)
    for entity, commitment, plan, said_by in leads.values_list(
        "entity", "commitment", "commitment__plan", "report"
    ):
        for report in of_plan[plan]:
            if said_by in (None, report.pk):
                members[entity, report.pk].add(commitment)
    levels = defaultdict(dict)
    cards = Assessment.objects.as_of(on).filter(commitment__in=leads.values("commitment")).order_by()
    for report, commitment, level in cards.values_list("report", "commitment", "level"):
        levels[report][commitment] = level
    return {
        entity: [
            (report, compliance.tally(map(levels[report.pk].get, led), len(led), report.is_full))
            for report in reports
            if (led := members.get((entity, report.pk)))
        ]
        for entity in entities
    }


def leading(entities):
    """Return the responsibilities of those of some entities that lead or co-lead."""
    return Responsibility.objects.leading().published().filter(entity__in=entities).order_by()


def add_up(kind, rows, whose, *columns):
    """Return {entity: a `kind`, Lateness or Progress, of its rows}; entities without rows are not there.

    `whose` gives the entities of a row by its key and the values of some columns.
    """
    flags = {
        f"counts_{name}": Case(When(condition, then=1), default=0, output_field=IntegerField())
        if condition
        else Value(1)
        for name, condition in kind.COUNTED.items()
    }
    counts = {}
    for row in rows.order_by().annotate(**flags).values_list("pk", *columns, *flags):
        own, values = row[: 1 + len(columns)], row[1 + len(columns) :]
        for entity in whose(*own):
            sums = counts.setdefault(entity, [0] * len(flags))
            for place, value in enumerate(values):
                sums[place] += value
    return {entity: kind(**dict(zip(kind.COUNTED, sums, strict=True))) for entity, sums in counts.items()}
