"""Pages of entities: what each of them promised, and what came of it."""

from collections import Counter

from django.db.models import BooleanField, Count, ExpressionWrapper, Prefetch, Q

from entities.models import Entity
from faces.pages import Dated, FilteredList, RecordDetail
from plans import compliance
from plans.models import Plan, Report
from plans.views import levels_shown

from .filters import EntityFilters
from .models import Commitment, Milestone, Responsibility
from .models.commitment import (
    Lateness,
    cards_of_lines,
    has_milestones,
    names_institutions,
    plans_by_institutions,
)
from .models.state import promised


class EntityList(FilteredList):
    is_dated = True
    template_name = "entities/entity_list.html"
    filterset_class = EntityFilters
    controls = {"q": "search", "plan": "ticks", "kind": "select", "role": "select", "as_of": "date"}
    further = ("as_of",)
    per_page = 100

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        add_counts(list(context["page_obj"] or ()), self.reading.on)
        covered, not_covered = plans_by_institutions()
        return context | {"covered": covered, "not_covered": not_covered}

    def all_rows(self):
        return Entity.objects.published()

    def for_reading(self, rows, on):
        # Who leads is found once, not asked of each entity.
        leads = Responsibility.objects.published().filter(Responsibility.in_lead(), entity__isnull=False)
        is_lead = ExpressionWrapper(Q(pk__in=leads.order_by().values("entity")), BooleanField())
        return rows.annotate(leads=is_lead).order_by("-leads", *Entity.reading_order())


def add_counts(entities, on):
    """Add to some entities of how many commitments they have a responsibility, and how many they lead.

    What had not been promised by a day is in neither.
    """
    own = Responsibility.objects.published().filter(promised(on, "commitment__"), entity__in=entities)
    own = own.order_by().values_list("entity")
    counted = own.annotate(
        n=Count("commitment", distinct=True),
        led=Count("commitment", distinct=True, filter=Responsibility.in_lead()),
    )
    counted = {pk: counts for pk, *counts in counted}
    for entity in entities:
        entity.all_count, entity.leads_count = counted.get(entity.pk, (0, 0))


class EntityDetail(Dated, RecordDetail):
    def get_queryset(self):
        return (
            Entity.objects.published()
            .select_related("parent", "succeeded_by")
            .prefetch_related("children", "predecessors", "names__document")
        )

    def get_context_data(self, **kwargs):
        entity, on = self.object, self.reading.on
        plans = {
            plan.pk: plan
            for plan in Plan.objects.published().annotate(
                names_institutions=names_institutions(), has_milestones=has_milestones()
            )
        }
        commitments, reports = named_in(entity, plans, on)
        led = [each for each in commitments if each.is_led_by(entity)]
        leading = [each for each in led if not each.is_to_come]
        leading_plans = {each.plan: None for each in leading}
        tallies = [
            (report, tally)
            for report in reports
            if report.plan in leading_plans and (tally := completion_of(entity, report, commitments))
        ]
        progress, to_come = progress_by_plan(entity, plans, on)
        return super().get_context_data(**kwargs) | {
            "covered": [plan for plan in plans.values() if plan.names_institutions],
            "not_covered": [plan for plan in plans.values() if not plan.names_institutions],
            "names": sorted(entity.names.all(), key=lambda name: name.document.year or 0),
            "groups": by_plan(commitments, entity),
            "leading": compliance.tally(
                (commitment.shown_level for commitment in leading), len(leading), is_full=False
            ),
            "other_roles": other_roles(commitments, entity),
            "leading_plans": sorted(leading_plans, key=lambda plan: plan.number),
            "by_report": tallies,
            "led_to_come": len(led) - len(leading),
            "lateness": Lateness.of(leading),
            "milestones": progress,
            "milestones_to_come": to_come,
            "plans_with_milestones": [plan for plan in plans.values() if plan.has_milestones],
            "levels": levels_shown(tally for _report, tally in tallies),
        }


def named_in(entity, plans, on):
    """Return the commitments for which an entity has a responsibility, and the reports held on a day.

    Of the responsibilities only its own are read; the reports are those on the plans of the commitments.
    `plans` are the published ones, by pk.
    """
    own = Prefetch("responsibilities", Responsibility.objects.stated().filter(entity=entity))
    rows = Commitment.objects.published().of_entity([entity]).with_state(on)
    commitments = list(rows.prefetch_related(own, cards_of_lines(on)))
    reports = Report.objects.published().filter(plan__in={each.plan_id for each in commitments})
    reports = {report.pk: report for report in reports}
    for report in reports.values():
        report.plan = plans[report.plan_id]
    for commitment in commitments:
        commitment.plan = plans[commitment.plan_id]
        for row in (*commitment.responsibilities.all(), *commitment.assessments_on):
            row.report = reports.get(row.report_id)
    return commitments, [report for report in reports.values() if report.is_held and report.cutoff_on <= on]


def completion_of(entity, report, commitments):
    """Return the tally of the commitments that an entity leads or co-leads, as a report judged them.

    A responsibility counts if the plan states it, or this very report. None where there is no commitment.
    """
    levels = [
        {card.report_id: card.level for card in each.assessments_on}.get(report.pk)
        for each in commitments
        if each.plan_id == report.plan_id and each.is_led_by(entity, report)
    ]
    return compliance.tally(levels, len(levels), report.is_full) if levels else None


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


def progress_by_plan(entity, plans, on):
    """Return, of the milestones for which an entity answers, their Progress plan by plan, the last one first.

    Each line is (plan, Progress on a day, query of their list on the follow-up board); of what had not been
    promised by the day there is no line, but how many milestones it has. `plans` are the published ones, by
    pk.
    """
    milestones = Milestone.objects.published().answered_by([entity])
    is_promised = ExpressionWrapper(promised(on, "commitment__"), BooleanField())
    found = milestones.annotate(is_promised=is_promised).progress_by("commitment__plan", on, "is_promised")
    lines = [
        (plan, found[plan.pk, True], f"entity={entity.slug}&plan={plan.number}")
        for plan in sorted(plans.values(), key=lambda plan: -plan.number)
        if (plan.pk, True) in found
    ]
    return lines, sum(each.total for (_plan, is_promised), each in found.items() if not is_promised)


def by_plan(commitments, entity):
    """Return [(plan, [(commitment, roles of the entity)])], the last plan first."""
    groups = {}
    for commitment in commitments:
        groups.setdefault(commitment.plan, []).append((commitment, roles(commitment, entity)))
    return sorted(groups.items(), key=lambda group: -group[0].number)
