"""Which commitments, milestones, assessments, updates and evidence: parameters of pages and API lists."""

from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from entities.models import Entity
from faces.filters import (
    BooleanFilter,
    ChoiceFilter,
    DateFilter,
    OrderingFilter,
    RowFilter,
    SearchFilter,
    StrictFilterSet,
)
from plans.compliance import Level
from plans.filters import plan_filter, report_filter
from plans.models import Report, Theme
from record.order import alphabetical

from .models import Commitment, Milestone, PolicyArea, Responsibility
from .models.milestone import FOLLOW_UP, STATUS_LABELS, needs_word
from .state import UNREPORTED

# Late, not late, and what nobody can tell (rule 4).
OVERDUE = [
    ("true", _("Late")),
    ("false", _("Complete or not due yet")),
    ("unknown", _("Not known: past due without news, without a date, or withdrawn")),
]
LATENESS = {"true": True, "false": False, "unknown": None}
OVERDUE_HELP = _(
    "`unknown`: nobody can tell. It has no due date, was withdrawn, or is past due and nobody said since "
    "whether it is done."
)
PAST_DUE_HELP = _("Whether its due date is past, whatever was said of it.")
LEVELS = [*Level.choices, ("none", _("Not assessed"))]
EVIDENCE_KINDS = [
    ("milestone", _("Milestone")),
    # Not "Update": so the import calls what it does to a row.
    ("update", _("Update of a milestone")),
    ("assessment", _("Assessment")),
    ("commitment", _("Commitment")),
]
# The ways from evidence to the commitment of what it proves.
OWNING_COMMITMENTS = (
    "commitment",
    "milestone__commitment",
    "update__milestone__commitment",
    "assessment__commitment",
)


def entity_filter(**kwargs):
    """Return the parameter `entity`: slugs of entities."""
    return RowFilter(model=Entity, multiple=True, label=_("Entity"), **kwargs)


def commitment_filter(lookup=None):
    """Return the parameter `commitment`: the code of one published commitment."""
    return RowFilter(lookup, model=Commitment, key="code", only=Commitment.NAMING, label=_("Commitment"))


def with_descendants(entities, all_entities):
    """Return some entities and all those attached to them, directly or not."""
    family = {entity.pk: entity for entity in entities}
    grows = bool(family)
    while grows:
        young = [entity for entity in all_entities if entity.parent_id in family and entity.pk not in family]
        family |= {entity.pk: entity for entity in young}
        grows = bool(young)
    return list(family.values())


class CommitmentFilters(StrictFilterSet):
    plan = plan_filter("plan__in")
    theme = RowFilter("theme__in", model=Theme, multiple=True, label=_("Theme"))
    policy_area = RowFilter(model=PolicyArea, multiple=True, label=_("Policy area"))
    entity = entity_filter(
        help_text=_(
            "With a responsibility of one of these; with role, in that role; with report, as its totals by "
            "entity count: as lead or co-lead, by the plan or that report."
        )
    )
    entity_tree = BooleanFilter(
        label=_("Entities attached to it too"),
        help_text=_("With entity: count the entities that are attached to it as well."),
    )
    role = ChoiceFilter(choices=Responsibility.Role, label=_("Role"))
    level = ChoiceFilter(
        choices=LEVELS,
        multiple=True,
        label=_("Completion"),
        help_text=_("The level shown; with report or author, the level of their assessment."),
    )
    report = report_filter(help_text=_("With an assessment in this report."))
    author = ChoiceFilter(
        choices=Report.Author, label=_("Author"), help_text=_("With an assessment by this author.")
    )
    is_starred = BooleanFilter("is_starred", label=_("Starred"))
    overdue = ChoiceFilter(choices=OVERDUE, label=_("Lateness"), help_text=OVERDUE_HELP)
    past_due = BooleanFilter("now__past_due", label=_("Past due"), help_text=PAST_DUE_HELP)
    unreported = BooleanFilter(label=_("With milestones on which nothing was reported"))
    q = SearchFilter()
    ordering = OrderingFilter(
        choices=[
            ("code", _("Code")),
            ("title", _("Title")),
            ("ends_on", _("End")),
            ("due_on", _("Due date")),
            ("level", _("Completion")),
        ]
    )

    ties = ("plan__number", "number", "pk")
    dated = ("level", "report", "author", "overdue", "past_due", "unreported", "ordering")

    @property
    def roles(self):
        """The roles that `entity` is asked in: any, or those of the report's totals by entity (`report`)."""
        if self.values["role"]:
            return [self.values["role"]]
        return Responsibility.LEADING if self.values["report"] else ()

    def narrow(self, rows, values):
        """Keep the commitments with one assessment, and one responsibility, that is as asked."""
        reports = [values["report"]] if values["report"] else []
        authors = [values["author"]] if values["author"] else []
        rows = rows.at_level(values["level"], self.on, reports, authors)
        if values["entity"] or values["role"]:
            entities = values["entity"]
            if values["entity_tree"]:
                entities = with_descendants(entities, self.form.fields["entity"].rows.values())
            rows = rows.of_entity(entities, self.roles, values["report"])
        if values["policy_area"]:
            # Of the join table, as a commitment with two of the areas is still one row.
            through = rows.model.policy_areas.through.objects.filter(commitment=OuterRef("pk"))
            rows = rows.filter(Exists(through.filter(policyarea__in=values["policy_area"])))
        if values["overdue"] or (values["past_due"], values["unreported"]) != (None, None):
            # Of what had not been promised yet nothing was late, in time, or to be reported (rule 5).
            rows = rows.begun(self.on)
        if values["overdue"]:
            rows = rows.filter(now__is_overdue=LATENESS[values["overdue"]])
        if values["unreported"] is not None:
            rows = rows.unreported(values["unreported"])
        return rows

    def filter_queryset(self, queryset):
        """Keep and order the commitments; their state on the day is at hand for both."""
        return super().filter_queryset(queryset.with_state(self.on))

    def orderings(self, rows):
        place = Case(
            *(When(now__level=level, then=Value(order)) for order, level in enumerate(Level)), default=None
        )
        return {
            "code": ["plan__number", "number"],
            "title": [alphabetical()],
            "ends_on": ["ends_on"],
            "due_on": ["now__due_on"],
            "level": [place],
        }


class MilestoneFilters(StrictFilterSet):
    plan = plan_filter("commitment__plan__in")
    theme = RowFilter("commitment__theme__in", model=Theme, multiple=True, label=_("Theme"))
    commitment = commitment_filter("commitment")
    entity = entity_filter(
        help_text=_(
            "With a responsible unit of one of these entities; where the milestone names none, one "
            "that leads or co-leads its commitment."
        )
    )
    status = ChoiceFilter("now__status__in", choices=STATUS_LABELS, multiple=True, label=_("Status"))
    overdue = ChoiceFilter(choices=OVERDUE, label=_("Lateness"), help_text=OVERDUE_HELP)
    past_due = BooleanFilter("now__past_due", label=_("Past due"), help_text=PAST_DUE_HELP)
    unreported = BooleanFilter(label=_("Nothing reported"))
    due_before = DateFilter(
        "now__current_ends_on__lte", label=_("Due by"), help_text=_("By the current end, this day included.")
    )
    due_after = DateFilter(
        "now__current_ends_on__gte",
        label=_("Due from"),
        help_text=_("By the current end, this day included."),
    )
    follow_up = ChoiceFilter(
        choices=[*FOLLOW_UP, ("unknown", _("Past due, and nobody says whether it was done"))],
        label=_("To follow up"),
        help_text=_("Why the milestone needs a word."),
    )
    q = SearchFilter()
    ordering = OrderingFilter(
        choices=[
            ("code", _("Code")),
            ("ends_on", _("Planned end")),
            ("due_on", _("Due date")),
            ("current_ends_on", _("Current end")),
            ("percent", _("Per cent")),
        ]
    )

    ties = ("commitment__plan__number", "commitment__number", "number", "pk")
    dated = (
        *("status", "overdue", "past_due", "unreported", "due_before", "due_after", "follow_up"),
        "ordering",
    )

    def filter_queryset(self, queryset):
        """Keep and order the milestones; their state on the date is at hand for both."""
        return super().filter_queryset(queryset.with_state(self.on))

    def narrow(self, rows, values):
        if values["overdue"] or (values["past_due"], values["unreported"]) != (None, None):
            # As above.
            rows = rows.begun(self.on)
        if values["overdue"]:
            rows = rows.filter(now__is_overdue=LATENESS[values["overdue"]])
        if values["unreported"] is not None:
            unreported = Q(now__status=UNREPORTED)
            rows = rows.filter(unreported if values["unreported"] else ~unreported)
        if values["entity"]:
            rows = rows.answered_by(values["entity"])
        if values["follow_up"]:
            rows = rows.begun(self.on).filter(needs_word(values["follow_up"], self.on))
        return rows

    def orderings(self, rows):
        return {
            "code": ["commitment__plan__number", "commitment__number", "number"],
            "ends_on": ["ends_on"],
            "due_on": ["now__due_on"],
            "current_ends_on": ["now__current_ends_on"],
            "percent": ["now__percent"],
        }


class AssessmentFilters(StrictFilterSet):
    report = report_filter("report")
    plan = plan_filter("report__plan__in")
    commitment = commitment_filter("commitment")
    entity = entity_filter(
        help_text=_("That one of these leads or co-leads, as the plan or the card's report names it.")
    )
    level = ChoiceFilter("level__in", choices=Level, multiple=True, label=_("Completion"))

    begins_on = F("report__cutoff_on")
    dated = ()

    def narrow(self, rows, values):
        """Keep the cards of commitments that one of some entities leads."""
        if not values["entity"]:
            return rows
        leads = Responsibility.objects.leading(OuterRef("report")).filter(
            commitment=OuterRef("commitment"), entity__in=values["entity"]
        )
        return rows.filter(Exists(leads))


class UpdateFilters(StrictFilterSet):
    milestone = RowFilter("milestone", model=Milestone, key="code", only=["code"], label=_("Milestone"))
    plan = plan_filter("milestone__commitment__plan__in")
    since = DateFilter("as_of__gte", label=_("Since"), help_text=_("Of this day or a later one."))

    begins_on = F("as_of")
    dated = ()


def of_owner(column):
    """Return the expression of a column of the commitment that evidence belongs to, whatever it proves."""
    return Coalesce(*(f"{commitment}__{column}" for commitment in OWNING_COMMITMENTS))


class EvidenceFilters(StrictFilterSet):
    plan = plan_filter()
    commitment = commitment_filter()
    kind = ChoiceFilter(choices=EVIDENCE_KINDS, label=_("Kind"), help_text=_("What the evidence proves."))

    begins_on = Coalesce("update__as_of", "assessment__report__cutoff_on")
    dated = ()

    def narrow(self, rows, values):
        """Keep the evidence of what is asked for, whatever it is that it proves."""
        if values["plan"]:
            numbers = [plan.number for plan in values["plan"]]
            rows = rows.alias(owner_plan=of_owner("plan__number")).filter(owner_plan__in=numbers)
        if values["commitment"]:
            rows = rows.alias(owner_code=of_owner("code")).filter(owner_code=values["commitment"].code)
        if values["kind"]:
            rows = rows.filter(**{f"{values['kind']}__isnull": False})
        return rows


class EntityFilters(StrictFilterSet):
    """Which entities: their list is here, as it tells what they promised."""

    kind = ChoiceFilter("kind", choices=Entity.Kind, label=_("Kind"))
    plan = plan_filter(help_text=_("With a responsibility in one of these plans."))
    role = ChoiceFilter(
        choices=Responsibility.Role, label=_("Role"), help_text=_("With this role; with plan, in that plan.")
    )
    q = SearchFilter()

    dated = ()

    def narrow(self, rows, values):
        """Keep the entities with one responsibility that has both the role and the plan."""
        if not values["plan"] and not values["role"]:
            return rows
        responsible = Responsibility.objects.published().filter(entity=OuterRef("pk"))
        if values["plan"]:
            responsible = responsible.filter(commitment__plan__in=values["plan"])
        if values["role"]:
            responsible = responsible.filter(role=values["role"])
        return rows.filter(Exists(responsible))
