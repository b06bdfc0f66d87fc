"""Pages of entities: what each of them promised, and what came of it."""

from collections import Counter

from django.db.models import Case, Count, Value, When

from entities.models import Entity
from faces.pages import Dated, FilteredList, RecordDetail
from plans import compliance
from plans.models import Plan, Report
from plans.tallies import completion_by_entity, for_entities
from plans.views import levels_shown

from .filters import EntityFilters
from .models import Commitment, Milestone, Responsibility
from .models.commitment import plans_by_institutions, plans_with_milestones


class EntityList(FilteredList):
    is_dated = True
    template_name = "entities/entity_list.html"
    filterset_class = EntityFilters
    controls = {"q": "search", "plan": "ticks", "kind": "select", "role": "select", "as_of": "date"}
    further = ("as_of",)
    per_page = 100

    def get_context_data(self, **kwargs):
        covered, not_covered = plans_by_institutions()
        return super().get_context_data(**kwargs) | {"covered": covered, "not_covered": not_covered}

    def all_rows(self):
        return Entity.objects.published()

    def for_reading(self, rows, on):
        public = Responsibility.public("responsibilities__")
        leads = public & Responsibility.in_lead("responsibilities__")
        rows = rows.annotate(
            leads_count=Count("responsibilities__commitment", filter=leads, distinct=True),
            all_count=Count("responsibilities__commitment", filter=public, distinct=True),
            leads=Case(When(leads_count__gt=0, then=Value(True)), default=Value(False)),
        )
        return rows.order_by("-leads", *Entity.reading_order())


class EntityDetail(Dated, RecordDetail):
    def get_queryset(self):
        return (
            Entity.objects.published()
            .select_related("parent", "succeeded_by")
            .prefetch_related("children", "predecessors", "names__document")
        )

    def get_context_data(self, **kwargs):
        entity, on = self.object, self.reading.on
        commitments = Commitment.objects.published().of_entity([entity]).for_reading(on)
        leading = [each for each in commitments if each.is_led_by(entity)]
        reports = for_entities(
            Report.objects.as_of(on).held().filter(plan__in={each.plan_id for each in leading})
        )
        covered, not_covered = plans_by_institutions()
        answered = Milestone.objects.published().answered_by([entity])
        progress = progress_by_plan(entity, on)
        tallies = [(report, completion_by_entity(report).get(entity)) for report in reports]
        return super().get_context_data(**kwargs) | {
            "covered": covered,
            "not_covered": not_covered,
            "names": sorted(entity.names.all(), key=lambda name: name.document.year or 0),
            "groups": by_plan(commitments, entity),
            "leading": compliance.tally(
                (commitment.shown_level for commitment in leading), len(leading), is_full=False
            ),
            "other_roles": other_roles(commitments, entity),
            "leading_plans": sorted(
                {commitment.plan for commitment in leading}, key=lambda plan: plan.number
            ),
            "by_report": [(report, tally) for report, tally in tallies if tally],
            "lateness": Commitment.objects.published().begun(on).led_by([entity]).totals(on)["lateness"],
            "milestones": progress,
            "milestones_to_come": answered.count() - sum(line.total for _plan, line, _board in progress),
            "plans_with_milestones": plans_with_milestones(),
            "levels": levels_shown(tally for _report, tally in tallies if tally),
        }


def roles(commitment, entity):
    """Return what an entity has to do with a commitment: its roles, each once, whoever leads first."""
    held = {row.role for row in commitment.responsibilities.all() if row.entity_id == entity.pk}
    return [role for role in Responsibility.Role if role in held]


def other_roles(commitments, entity):
    """Return [(role, in how many commitments an entity has it)], of those that it does not lead."""
    held = Counter()
    for commitment in commitments:
        if not commitment.is_led_by(entity):
            held.update(roles(commitment, entity))
    return [(role, held[role]) for role in Responsibility.Role if held[role]]


def progress_by_plan(entity, on):
    """Return, of the milestones for which an entity answers, their Progress plan by plan, the last one first.

    Each line is (plan, Progress on a day, query of their list on the follow-up board); plans that had not
    begun are left out.
    """
    milestones = Milestone.objects.published().begun(on).answered_by([entity])
    found = milestones.progress_by("commitment__plan", on)
    plans = Plan.objects.filter(pk__in=found).order_by("-number")
    return [(plan, found[plan.pk], f"entity={entity.slug}&plan={plan.number}") for plan in plans]


def by_plan(commitments, entity):
    """Return [(plan, [(commitment, roles of the entity)])], the last plan first."""
    groups = {}
    for commitment in commitments:
        groups.setdefault(commitment.plan, []).append((commitment, roles(commitment, entity)))
    return sorted(groups.items(), key=lambda group: -group[0].number)
