"""Commitments, milestones, updates, assessments and who answers, as lines of a file."""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.fields import Field

from entities.models import Entity
from faces.importing.cells import AllNamed, Choice, Day, Parts, PerCent, Plain, TextOrNull, WholeNumber
from faces.resources import RecordResource, computed, named, translations
from plans.models import Plan, Report, Theme
from record.dates import today
from record.kinds import kind_of
from record.models import Document
from record.publication import Status
from record.rights import is_focal_point, is_settled, own_to, visible_to
from record.writing import REASON_NEEDED, is_reason, required

from . import actions
from .answering import name_answering, name_leads, short_name
from .cards.doubts import doubts
from .cards.reading import milestones_by_commitment
from .letters import PLACE, Letter, LetterKind, sender_of
from .making import plans_in_the_making
from .models import (
    Assessment,
    Commitment,
    Milestone,
    MilestoneResponsible,
    PolicyArea,
    Responsibility,
    Update,
)
from .reporting.forms import COLUMNS
from .reporting.oddities import SPEAKS_OF_LONG_AGO, TELEPHONE, oddities
from .reporting.reading import last_published_of

# Lines of a template where nothing is there yet.
LINES, LINES_OF_EACH = 15, 5
COMPUTED = {
    "level": gettext_lazy("Level shown"),
    "status": gettext_lazy("Status"),
    "percent": gettext_lazy("Per cent"),
    "due_on": gettext_lazy("Due on"),
    "days_late": gettext_lazy("Days late"),
    "answers": gettext_lazy("Who answers"),
    "led_by": gettext_lazy("Who leads"),
}
# What the page of a report says of others on the same milestone.
IS_OPEN = {
    Update.Workflow.SUBMITTED: gettext_lazy("%(code)s of this milestone was submitted and waits for SGP."),
    Update.Workflow.RETURNED: gettext_lazy("%(code)s of this milestone was begun and not submitted."),
    Update.Workflow.DRAFT: gettext_lazy("%(code)s of this milestone was begun and not submitted."),
}
NAMES = ("name_es", "name_en")
TITLES = ("title_es", "title_en")


class OwnResource(RecordResource):
    """Lines of which a user imports what he may see. Their templates are for a plan."""

    # The way from a row to its plan, and from each model that a cell names.
    plan_of = "commitment__plan"
    WAYS_TO_PLAN = {
        Plan: "pk",
        Theme: "plan",
        Commitment: "plan",
        Report: "plan",
        Milestone: "commitment__plan",
        Update: "milestone__commitment__plan",
    }

    document = named("document", Document, "slug", TITLES)

    def get_queryset(self):
        rows = super().get_queryset()
        return rows if self.user is None else visible_to(self.user, rows)

    def seen(self, model):
        """Return the rows of a model that the user may see."""
        rows = model.objects.all()
        return rows if self.user is None else visible_to(self.user, rows)

    def scopes(self):
        return [(str(plan.number), str(plan)) for plan in self.seen(Plan).order_by("-number")]

    def scopes_of(self, rows):
        owner, *way = self.plan_of.split("__")
        owners = [getattr(row, f"{owner}_id") for row in rows]
        of_model = self._meta.model._meta.get_field(owner).related_model
        numbers = (
            self.seen(of_model).filter(pk__in=set(owners)).values_list("pk", "__".join([*way, "number"]))
        )
        found = dict(numbers)
        return [str(found.get(pk, "")) for pk in owners]

    def ways_on(self, scopes):
        """Lead to the pages of the desk of the plans in the making; of others there is none to go on with."""
        numbers = [int(scope) for scope in scopes]
        return [
            (_("To the plan “%(plan)s”") % {"plan": plan}, reverse("admin-plan", args=[plan.number]))
            for plan in plans_in_the_making(self.user).filter(number__in=numbers)
        ]

    def of_plan(self, rows, scope, way):
        """Keep rows of the plan that a template is for; all where it is for none."""
        return rows.filter(**{f"{way}__in": self.seen(Plan).filter(number=scope)}) if scope else rows

    def narrowed(self, rows, scope):
        way = self.WAYS_TO_PLAN.get(rows.model)
        return self.of_plan(rows, scope, way) if way and rows.model is not Plan else rows

    def rows_there(self, scope):
        """Return the rows of a plan that are there, as an export has them."""
        rows = self.of_plan(self.get_queryset(), scope, self.plan_of)
        return self.export(rows).dict if scope else []

    def commitments(self, scope):
        """Return the commitments of the plan that a template is for."""
        return self.of_plan(self.seen(Commitment), scope, "plan") if scope else []


def led_in(*roles):
    """Return a function that returns the entities that have one of some roles in a commitment by its plan."""

    def read(commitment):
        if commitment.pk is None:
            return []
        rows = commitment.responsibilities.all()
        return [row.entity for row in rows if row.role in roles and row.entity and row.report_id is None]

    return read


def with_role(role):
    """Return the column of the entities that have a role in a commitment."""

    def make(commitment, entities):
        source = {"document": commitment.document, "place": commitment.place}
        return [
            Responsibility(commitment=commitment, role=role, entity=entity, order=order, **source)
            for order, entity in enumerate(entities, 1)
        ]

    return Parts(role, AllNamed(Entity, "slug", ("acronym", *NAMES)), led_in(role), make)


def entities_of_milestone(milestone):
    rows = milestone.responsible.all() if milestone.pk else []
    return [row.entity for row in rows if row.entity]


def make_responsible(milestone, entities):
    source = {"document": milestone.document, "place": milestone.place}
    return [
        MilestoneResponsible(milestone=milestone, entity=entity, order=order, **source)
        for order, entity in enumerate(entities, 1)
    ]


class CommitmentResource(OwnResource):
    plan = named("plan", Plan, "number", ("roman", *TITLES))
    code = computed("code")
    ogp_id = Field(attribute="ogp_id", column_name="ogp_id", widget=TextOrNull())
    unofficial = translations()
    theme = named("theme", Theme, "slug", NAMES)
    in_plan_norm = named("in_plan_norm", Document, "slug", TITLES)
    policy_areas = Field(
        attribute="policy_areas", column_name="policy_areas", widget=AllNamed(PolicyArea, "slug", NAMES)
    )

    # Who has a part in it, as the plan says: written with a new commitment.
    lead = with_role(Responsibility.Role.LEAD)
    co_lead = with_role(Responsibility.Role.CO_LEAD)
    support = with_role(Responsibility.Role.SUPPORT)

    level = computed("level", "shown_level")
    due_on = computed("due_on", widget=Day())
    days_late = computed("days_late", widget=WholeNumber())
    led_by = computed("led_by_names")

    plan_of = "plan"
    select_related = ("plan", "theme", "document", "in_plan_norm")
    number, same_by = "number", TITLES
    filled_in = ("plan", "number")
    no_template = ("code", "level", "due_on", "days_late", "led_by")
    HEADS = COMPUTED | {
        "lead": gettext_lazy("Entities that lead"),
        "co_lead": gettext_lazy("Entities that co-lead"),
        "support": gettext_lazy("Entities that support"),
    }

    class Meta:
        model = Commitment
        import_id_fields = ["plan", "number"]
        fields = [
            *("plan", "number", "code", "label", "ogp_id", "title_es", "title_en", "unofficial", "theme"),
            *("policy_areas", "starts_on", "ends_on", "period_as_printed", "in_plan_from", "in_plan_until"),
            *("in_plan_norm", "in_plan_place", "problem_es", "problem_en"),
            *("description_es", "description_en", "contribution_es", "contribution_en"),
            *("relevance_es", "relevance_en", "is_starred", "document", "place"),
            *("lead", "co_lead", "support", "level", "due_on", "days_late", "led_by"),
        ]

    def get_queryset(self):
        return super().get_queryset().prefetch_related("responsibilities__entity")

    def filter_export(self, queryset, **kwargs):
        rows = super().filter_export(queryset, **kwargs).with_state(today())
        return rows.prefetch_related("policy_areas", "responsibilities__entity")

    def prepare(self, rows):
        name_leads(self.user or AnonymousUser(), rows)
        for row in rows:
            row.led_by_names = " | ".join(map(short_name, row.led_by))
        return rows

    def template_rows(self, scope):
        return self.rows_there(scope) or [{"plan": scope} for _line in range(LINES)]


class MilestoneResource(OwnResource):
    commitment = named("commitment", Commitment, "code")
    code = computed("code")
    unofficial = translations()
    # No column of the model: says where the right date stands, in a line that corrects a public one.
    transcription_source = Field(column_name="transcription_source", widget=Plain())

    responsible = Parts(
        "responsible",
        AllNamed(Entity, "slug", ("acronym", *NAMES)),
        entities_of_milestone,
        make_responsible,
    )

    status = computed("status", "status_label")
    percent = computed("percent", widget=PerCent())
    due_on = computed("due_on", widget=Day())
    days_late = computed("days_late", widget=WholeNumber())
    answers = computed("answers", "answering_names")

    select_related = ("commitment__plan", "document")
    number, same_by = "number", ("activity_es", "activity_en")
    filled_in = ("commitment", "number")
    no_template = ("code", "status", "percent", "due_on", "days_late", "answers", "transcription_source")
    HEADS = COMPUTED | {
        "responsible": gettext_lazy("Entities responsible"),
        "transcription_source": gettext_lazy("Where the right date stands"),
    }

    class Meta:
        model = Milestone
        import_id_fields = ["commitment", "number"]
        fields = [
            *("commitment", "number", "code", "activity_es", "activity_en", "means_of_verification_es"),
            *("means_of_verification_en", "unofficial", "starts_on", "starts_as_printed", "ends_on"),
            *("ends_as_printed", "responsible", "responsible_as_printed", "note_es", "note_en"),
            *("document", "place", "transcription_source"),
            *("status", "percent", "due_on", "days_late", "answers"),
        ]

    def get_queryset(self):
        return super().get_queryset().prefetch_related("responsible__entity")

    def filter_export(self, queryset, **kwargs):
        rows = super().filter_export(queryset, **kwargs).with_state(today())
        return rows.prefetch_related("responsible__entity")

    def prepare(self, rows):
        name_answering(self.user or AnonymousUser(), rows)
        for row in rows:
            row.answering_names = " | ".join(map(short_name, row.answering))
        return rows

    def template_rows(self, scope):
        """Return what is there; of a plan without milestones some lines for each of its commitments."""
        commitments = self.commitments(scope)
        lines = [{"commitment": each.code} for each in commitments for _line in range(LINES_OF_EACH)]
        return self.rows_there(scope) or lines

    def check(self, instance, values):
        source = values.get("transcription_source") or ""
        if instance.pk and self._moves_dates(instance) and not source:
            rule = _("%(rule)s Write it in the column “%(column)s”.") % {
                "rule": Milestone.DATES_STAND,
                "column": self.HEADS["transcription_source"],
            }
            raise ValidationError({"ends_on": rule})
        super().check(instance, values)
        if source and instance.pk:
            required("import").sources[Milestone, instance.pk] = source

    def _moves_dates(self, instance):
        before = self.stored(instance)
        is_moved = any(before.get(name) != getattr(instance, name) for name in ("starts_on", "ends_on"))
        return is_moved and self.is_public(instance)


class UpdateResource(OwnResource):
    milestone = named("milestone", Milestone, "code")
    code = computed("code")
    percent = Field(attribute="percent", column_name="percent", widget=PerCent())
    unofficial = translations()
    report = named("report", Report, "slug", TITLES)
    corrects = named("corrects", Update, "code")
    # No columns of the model: the letter that is the source, typed as it is, where no document is named.
    letter_kind = Field(column_name="letter_kind", widget=Choice(LetterKind.choices))
    letter_number = Field(column_name="letter_number", widget=Plain())
    letter_on = Field(column_name="letter_on", widget=Day())

    activity = computed("activity", "milestone__activity")

    plan_of = "milestone__commitment__plan"
    filled_in = ("milestone", "number")
    no_template = ("number", "code", "report", "corrects", "workflow", "unofficial", "done_as_printed")
    to_submit = ()
    publication_fields = ("workflow",)
    focal_point_leaves = ("report",)
    select_related = ("milestone__commitment", "report", "corrects", "document")
    number, same_by = "number", ("as_of", "text_es", "text_en")
    HEADS = {
        "activity": gettext_lazy("Activity"),
        "letter_kind": gettext_lazy("Kind of letter"),
        "letter_number": gettext_lazy("Number of the letter"),
        "letter_on": gettext_lazy("Date of the letter"),
    }

    class Meta:
        model = Update
        import_id_fields = ["milestone", "number"]
        fields = [
            *("milestone", "activity", "number", "code", "as_of", "status", "percent", "text_es", "text_en"),
            *("next_es", "next_en", "unofficial", "done_on", "done_as_printed", "new_end_on"),
            *("new_end_as_printed", "reason_es", "reason_en", "source_letter", "report", "corrects"),
            *("workflow", "letter_kind", "letter_number", "letter_on", "document", "place"),
        ]

    def milestones(self):
        """Return the milestones of which the user may report."""
        rows = Milestone.objects.all()
        return rows if self.user is None else own_to(self.user, rows)

    def scopes(self):
        """Leave out plans of whose milestones the user may report none: their templates would be empty."""
        if self.user is None or not is_focal_point(self.user):
            return super().scopes()
        numbers = self.milestones().values_list("commitment__plan__number", flat=True)
        own = {str(number) for number in numbers}
        return [scope for scope in super().scopes() if scope[0] in own]

    def template_rows(self, scope):
        """Return a line for each milestone of which the user may report."""
        rows = self.milestones()
        rows = self.of_plan(rows, scope, "commitment__plan") if scope else rows.none()
        return [{"milestone": each.code, "activity": str(each.activity)} for each in rows]

    def complete(self, instance, values):
        """Make the letter that is the source, if one was typed."""
        typed = [values.get(name) for name in ("letter_kind", "letter_number", "letter_on")]
        if not any(typed):
            return
        if not all(typed):
            raise ValidationError({"letter_number": _("A letter needs its kind, its number and its date.")})
        if instance.document_id is None:
            sender = sender_of(self.user, instance.milestone) if self.user else None
            instance.document = Letter(LetterKind(typed[0]), *typed[1:]).document(sender)
            instance.place = instance.place or PLACE

    def check(self, instance, values):
        if instance.pk and is_settled(instance, kind_of(Update).settled):
            before = self.stored(instance)
            if before["workflow"] == Update.Workflow.SUBMITTED:
                refused = actions.IsSubmitted(str(instance))
                columns = [each.column_name for each in self.fields.values() if self._differs(instance, each)]
                raise ValidationError({column: refused.messages for column in columns} or refused.messages)
            raise ValidationError(
                _("An update that was submitted or published stays as it is. Add a new one that corrects it.")
            )
        super().check(instance, values)
        before = self.stored(instance).get("workflow", Update.Workflow.DRAFT)
        if instance.workflow in Update.ON_THE_WAY and instance.workflow != before:
            on_pages = _("An update is submitted and returned on its own pages only.")
            raise ValidationError({"workflow": on_pages})
        is_said = instance.workflow == Status.PUBLISHED
        if instance.corrects and is_said and not is_reason(self.reason):
            raise ValidationError(REASON_NEEDED)
        # What a focal point imports is sent to SGP at once, unless his sheet says that it is a draft.
        is_bound = self.user is not None and is_focal_point(self.user)
        instance.is_to_submit = is_bound and not values.get("workflow")
        if instance.is_to_submit and instance.lacks_reason():
            raise ValidationError({"reason_es": actions.SaysNotWhy(str(instance)).messages[0]})

    def warnings(self, rows):
        """Yield what the page on which progress is reported would ask back, or say above."""
        if not rows:
            return
        on, is_bound = today(), self.user is not None and is_focal_point(self.user)
        # Who may import them sees their milestones.
        keys = {row.milestone_id for row, _cells, _is_new in rows}
        milestones = self.seen(Milestone).with_state(on).in_bulk(keys)
        before, others = last_published_of(keys), self.open_ones(keys) if is_bound else {}
        # Telephone numbers are refused, or let through with a reason. SGP copies old reports as well.
        passed_over = {TELEPHONE} if is_bound else {TELEPHONE, SPEAKS_OF_LONG_AGO}
        for place, (row, cells, is_new) in enumerate(rows):
            said = {name: getattr(row, name) for name in COLUMNS} | {"letter_on": cells.get("letter_on")}
            last = before.get(row.milestone_id)
            if row.corrects_id:
                # It speaks of the day, and in the words, of what it corrects.
                last = said["as_of"] = None
            for each in oddities(said, milestones[row.milestone_id], last, on):
                if each.code not in passed_over:
                    yield place, each.field, each.sentence
            for other in others.get(row.milestone_id, ()) if is_new else ():
                yield place, "milestone", IS_OPEN[other.workflow] % {"code": other.code}

    def open_ones(self, milestones):
        """Return {pk of a milestone: updates on it that the user sees, and nobody published yet}."""
        rows = self.seen(Update).filter(milestone__in=milestones, workflow__in=IS_OPEN)
        found = {}
        for row in rows.order_by("milestone", "number").only("milestone", "code", "workflow"):
            found.setdefault(row.milestone_id, []).append(row)
        return found

    def ways_on(self, scopes):
        """Lead a focal point to his desk, where what he sent waits for SGP."""
        is_bound = self.user is not None and is_focal_point(self.user)
        return [(_("To my desk"), reverse("admin:index"))] if is_bound else super().ways_on(scopes)

    def _differs(self, instance, column):
        """Tell whether a column of the model says something else than what is stored."""
        written = self.model_field(column)
        if written is None or column.readonly or written.many_to_many:
            return False
        return getattr(instance, written.attname) != self.stored(instance)[written.attname]

    def took(self, rows):
        self.to_submit = [*self.to_submit, *(row for row in rows if row.is_to_submit)]

    def follow(self):
        """Submit the updates of a focal point to SGP, as its form does."""
        for row in self.to_submit:
            actions.submit(self.user, row)


class AssessmentResource(OwnResource):
    report = named("report", Report, "slug", TITLES)
    commitment = named("commitment", Commitment, "code")

    title = computed("title", "commitment__title")

    plan_of = "report__plan"
    select_related = ("report", "commitment", "document")
    filled_in = ("report", "commitment", "document", "place")
    HEADS = {"title": gettext_lazy("Commitment’s title")}

    def scopes_of(self, rows):
        return [row.report.slug for row in rows]

    def ways_on(self, scopes):
        """Lead to the boards of the reports that are drafts."""
        rows = self.seen(Report).filter(slug__in=scopes, status=Status.DRAFT).order_by("slug")
        return [
            (
                _("To the cards of “%(report)s”") % {"report": report},
                reverse("cards:board", args=[report.slug]),
            )
            for report in rows
        ]

    def warnings(self, rows):
        """Yield where a card and its milestones disagree, as the board says it, asked once for a report."""
        commitments, milestones = {}, {}
        for row, _cells, _is_new in rows:
            commitments.setdefault(row.report, []).append(row.commitment_id)
        for report, of_report in commitments.items():
            found = milestones_by_commitment(self.user or AnonymousUser(), report, of_report)
            milestones |= {(report.pk, commitment): of_it for commitment, of_it in found.items()}
        for place, (row, _cells, _is_new) in enumerate(rows):
            for each in doubts(row, milestones[row.report_id, row.commitment_id]):
                yield place, "level", each.sentence

    def scopes(self):
        reports = self.seen(Report).order_by("-plan__number", "-cutoff_on", "slug")
        return [(report.slug, str(report)) for report in reports]

    def of_plan(self, rows, scope, way):
        """Keep rows of the plan of the report that a template is for."""
        reports = self.seen(Report).filter(slug=scope)
        return rows.filter(**{f"{way}__in": reports.values("plan")}) if scope else rows

    def template_rows(self, scope):
        """Return the cards that are there; of a report without any a line for each commitment of its plan."""
        report = self.seen(Report).filter(slug=scope).select_related("document").first()
        # The judgement stands in the report's own document; only the place in it differs.
        document = report.document.slug if report and report.document else None
        lines = [
            {"report": scope, "commitment": each.code, "title": str(each.title), "document": document}
            for each in self.commitments(scope)
        ]
        there = self.export(self.get_queryset().filter(report__slug=scope)).dict if scope else []
        return there or lines

    class Meta:
        model = Assessment
        import_id_fields = ["report", "commitment"]
        fields = [
            *("report", "commitment", "title", "level", "level_as_printed", "has_card"),
            *(*Assessment.ROWS, "delay_reason_from", "new_end_on", "document", "place"),
        ]


class ResponsibilityResource(OwnResource):
    """Who leads, co-leads or supports a commitment: one line for each."""

    commitment = named("commitment", Commitment, "code")
    entity = named("entity", Entity, "slug", ("acronym", *NAMES))
    report = named("report", Report, "slug", TITLES)
    unofficial = translations()

    select_related = ("commitment", "entity", "report", "document")
    may_be_empty = ("entity", "name_as_printed", "unit_es", "report")
    filled_in = ("commitment",)

    def template_rows(self, scope):
        lines = [{"commitment": each.code} for each in self.commitments(scope) for _line in range(2)]
        return self.rows_there(scope) or lines

    class Meta:
        model = Responsibility
        import_id_fields = ["commitment", "role", "entity", "name_as_printed", "unit_es", "report"]
        fields = [
            *("commitment", "role", "entity", "name_as_printed", "unit_es", "unit_en", "unofficial"),
            *("report", "order", "document", "place"),
        ]


class MilestoneResponsibleResource(OwnResource):
    """Who answers for a milestone: one line for each."""

    milestone = named("milestone", Milestone, "code")
    entity = named("entity", Entity, "slug", ("acronym", *NAMES))
    unofficial = translations()

    select_related = ("milestone", "entity", "document")
    activity = computed("activity", "milestone__activity")

    plan_of = "milestone__commitment__plan"
    may_be_empty = ("entity", "unit_es", "name_as_printed")
    filled_in = ("milestone",)
    HEADS = {"activity": gettext_lazy("Activity")}

    def template_rows(self, scope):
        rows = self.of_plan(self.seen(Milestone), scope, "commitment__plan") if scope else []
        lines = [{"milestone": each.code, "activity": str(each.activity)} for each in rows]
        return self.rows_there(scope) or lines

    class Meta:
        model = MilestoneResponsible
        import_id_fields = ["milestone", "entity", "unit_es", "name_as_printed"]
        fields = [
            *("milestone", "activity", "entity", "unit_es", "unit_en", "unofficial", "name_as_printed"),
            *("order", "document", "place"),
        ]
