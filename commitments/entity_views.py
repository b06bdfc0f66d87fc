"""Pages of entities: what each of them promised, and what came of it."""

from collections import Counter
from itertools import groupby

from django.db.models import BooleanField, Case, Count, ExpressionWrapper, Prefetch, Q, Value, When
from django.utils.translation import gettext as _

from entities.models import Entity
from faces.pages import Dated, FilteredList, RecordDetail
from plans import compliance
from plans.models import Plan, Report
from plans.picture import MOST_SQUARES, in_order
from plans.verdict import verdict
from plans.views import levels_shown

from .filters import EntityFilters
from .models import Commitment, Milestone, Responsibility
from .models.commitment import (
    Judged,
    cards_of_lines,
    has_milestones,
    names_institutions,
    plans_by_institutions,
)
from .models.state import promised

# So many milestones stand on the page itself; the board has all.
MOST_SILENT = 5
# Of a plan so many commitments; the list has all.
MOST_LINES = 100


class EntityList(FilteredList):
    is_dated = True
    template_name = "entities/entity_list.html"
    filterset_class = EntityFilters
    controls = {"q": "search", "plan": "ticks", "kind": "select", "role": "select", "as_of": "date"}
    further = ("as_of",)
    per_page = 100

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        entities = list(context["page_obj"] or ())
        add_counts(entities, self.reading.on)
        covered, not_covered = plans_by_institutions()
        groups = [(heading, list(rows)) for heading, rows in groupby(entities, key=heading_of)]
        # Most lead nothing: they are folded, unless somebody looks for some or nothing else is there.
        is_folded = len(groups) > 1 and not context["chosen"]
        return context | {
            "covered": covered,
            "not_covered": not_covered,
            "groups": groups,
            "is_folded": is_folded,
        }

    def all_rows(self):
        return Entity.objects.published()

    def for_reading(self, rows, on):
        # Who leads is found once, not asked of each entity.
        leads = Responsibility.objects.published().filter(Responsibility.in_lead(), entity__isnull=False)
        is_lead = ExpressionWrapper(Q(pk__in=leads.order_by().values("entity")), BooleanField())
        rows = rows.annotate(leads=is_lead)
        kinds = [When(leads=True, kind=kind, then=Value(place)) for place, kind in enumerate(Entity.Kind)]
        place = Case(*kinds, default=Value(len(kinds)))
        return rows.order_by(place, *Entity.reading_order())


def heading_of(entity):
    """Return the heading under which an entity stands: its kind, if it leads a commitment."""
    return entity.get_kind_display() if entity.leads else _("Named in another role, or in the text")


def add_counts(entities, on):
    """Add to some entities of how many commitments they have a responsibility, how many they lead, and of
    these, how many are complete by the level shown.

    What had not been promised by a day is in neither.
    """
    own = Responsibility.objects.published().filter(promised(on, "commitment__"), entity__in=entities)
    own = own.order_by().values_list("entity")
    complete = Commitment.objects.published().with_state(on).filter(now__level=compliance.Level.COMPLETE)
    is_complete = Q(commitment__in=complete.order_by().values("pk"))
    counted = own.annotate(
        n=Count("commitment", distinct=True),
        led=Count("commitment", distinct=True, filter=Responsibility.in_lead()),
        complete=Count("commitment", distinct=True, filter=Responsibility.in_lead() & is_complete),
    )
    counted = {pk: counts for pk, *counts in counted}
    for entity in entities:
        entity.all_count, entity.leads_count, entity.complete_count = counted.get(entity.pk, (0, 0, 0))


class EntityDetail(Dated, RecordDetail):
    template_name = "commitments/entity_detail.html"

    def get_queryset(self):
        return (
            Entity.objects.published()
            .select_related("parent", "succeeded_by")
            .prefetch_related("names__document")
        )

    def get_context_data(self, **kwargs):
        entity, on = self.object, self.reading.on
        plans = {
            plan.pk: plan
            for plan in Plan.objects.published()
            .with_commitments_count()
            .annotate(names_institutions=names_institutions(), has_milestones=has_milestones())
        }
        commitments, reports = named_in(entity, plans, on)
        led = [each for each in commitments if each.is_led_by(entity)]
        leading = [each for each in led if not each.is_to_come]
        by_report = [
            (report, tally)
            for report in reports
            if report.plan in {each.plan for each in leading}
            and (tally := completion_of(entity, report, commitments))
        ]
        progress, to_come = progress_by_plan(entity, plans, on)
        # What is attached to it, and what it came after.
        near = list(Entity.objects.published().filter(Q(parent=entity) | Q(succeeded_by=entity)))
        silent = sum(each.silent for _plan, each, _board in progress)
        return super().get_context_data(**kwargs) | {
            "verdict": verdict_of(leading),
            "is_over": bool(leading) and not any(is_in_force(each.plan, on) for each in leading),
            "plan_rows": [
                (plan, in_order([each for each in leading if each.plan_id == plan.pk]))
                for plan in sorted(plans.values(), key=lambda plan: -plan.number)
            ],
            "most_squares": MOST_SQUARES,
            "coordinates": [plan for plan in plans.values() if plan.coordinator_id == entity.pk],
            "late": [each for each in leading if each.is_overdue],
            "unknown": sum(each.is_unknown for each in leading),
            "silent": silent,
            "oldest": oldest_silent(entity, on) if silent else [],
            "children": [each for each in near if each.parent_id == entity.pk],
            "predecessors": [each for each in near if each.succeeded_by_id == entity.pk],
            "names": sorted(entity.names.all(), key=lambda name: name.document.year or 0),
            "groups": by_plan(commitments, entity),
            "other_roles": other_roles(commitments, entity),
            "by_report": by_report,
            "led_to_come": len(led) - len(leading),
            "milestones": progress,
            "milestones_to_come": to_come,
            "plans_with_milestones": [plan for plan in plans.values() if plan.has_milestones],
            "levels": levels_shown(tally for _report, tally in by_report),
        }


def is_in_force(plan, on):
    """Tell whether a day lies in the period of a plan."""
    return plan.has_begun(on) and (plan.ends_on is None or plan.ends_on >= on)


def verdict_of(commitments):
    """Return the Verdict of commitments that were read with their state and the reports of their cards."""
    return verdict(
        Judged(each.plan_id, each.shown_level, each.judged_by, each.judged_on, 1, 0, 0, 0)
        for each in commitments
    )


def oldest_silent(entity, on):
    """Return the milestones that are past due for the longest time, of which nobody has spoken since."""
    silent = Milestone.objects.published().answered_by([entity]).follow_up("silent", on)
    return list(
        silent.select_related("commitment").order_by("now__due_on", "commitment", "number")[:MOST_SILENT]
    )


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
        shown = commitment.shown
        commitment.judged_by = shown and shown.report.author
        commitment.judged_on = shown and shown.report.cutoff_on
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
    """Return [(plan, [(commitment, its further roles)], how many are left out)], the last plan first."""
    groups = {}
    for commitment in commitments:
        held = roles(commitment, entity)
        # That it leads is what a line says without a word.
        held = [role for role in held if role != Responsibility.Role.LEAD]
        groups.setdefault(commitment.plan, []).append((commitment, held))
    groups = sorted(groups.items(), key=lambda group: -group[0].number)
    return [(plan, rows[:MOST_LINES], max(0, len(rows) - MOST_LINES)) for plan, rows in groups]
