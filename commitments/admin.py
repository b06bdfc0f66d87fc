"""What was promised and how it went: the admin of commitments, milestones, updates, assessments and evidence.

A report is edited here too, since its assessments are lines of its form; and the lists of documents and
entities are here, since gaps.py knows what their rows lack.
"""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from entities.models import Entity
from ogp_portal.common.admin import (
    REASON_LENGTH,
    SOURCE_FIELDSET,
    TRANSLATIONS_FIELDSET,
    ImportExport,
    RecordAdmin,
    RecordForm,
    RecordInline,
    RowForm,
    in_both,
    in_reader_language,
    language_fieldsets,
)
from ogp_portal.common.rights import is_focal_point
from plans.admin import FURTHER_SOURCE, DocumentAdmin, EntityWithNamesAdmin, ReportAdmin
from plans.compliance import Level
from plans.models import Document, Report, Status

from . import rights
from .gaps import gaps_of
from .models import (
    Assessment,
    Commitment,
    CommitmentItem,
    CommitmentSource,
    CommitmentTitle,
    Evidence,
    Finding,
    Milestone,
    MilestoneResponsible,
    PolicyArea,
    Responsibility,
    Update,
)
from .models.evidence import OWNERS
from .resources import AssessmentResource, CommitmentResource, MilestoneResource, UpdateResource

PUBLISHED_UPDATE_STAYS = _(
    "This update is published and stays as it is. What was wrong in it is put right by a new one."
)
TRANSCRIPTION_LENGTH = REASON_LENGTH - len("corrección de transcripción: ")


class Missing(admin.SimpleListFilter):
    """Finds the rows that lack something, as gaps.py says it."""

    title = _("what is missing")
    parameter_name = "missing"

    def lookups(self, request, model_admin):
        return [(gap.slug, gap.title) for gap in gaps_of(model_admin.model)]

    def queryset(self, request, queryset):
        for gap in gaps_of(queryset.model):
            if gap.slug == self.value():
                return gap.narrow(queryset)
        return queryset


class OwnRows:
    """A focal point meets his own rows only: in lists, forms, history, deletions and choices."""

    def is_public(self, row):
        return rights.is_public(row)

    def get_queryset(self, request):
        return rights.own(request.user, super().get_queryset(request))

    def get_object(self, request, object_id, from_field=None):
        """Find the row of a page. A focal point is refused what is not his, not told that it is gone."""
        row = super().get_object(request, object_id, from_field)
        if row is None and is_focal_point(request.user):
            raise PermissionDenied
        return row

    def has_view_permission(self, request, obj=None):
        return super().has_view_permission(request, obj) and self.is_within(request, obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self.is_within(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self.is_within(request, obj)

    @staticmethod
    def is_within(request, obj):
        return obj is None or rights.is_own(request.user, obj)


class OwnChoices:
    """A focal point chooses among his own rows."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.related_model in (Commitment, Milestone, Update):
            kwargs["queryset"] = rights.own(request.user, db_field.related_model._default_manager.all())
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Document)
class DocumentWithGapsAdmin(DocumentAdmin):
    list_filter = [*DocumentAdmin.list_filter, Missing]


@admin.register(Entity)
class EntityWithGapsAdmin(EntityWithNamesAdmin):
    list_filter = [*EntityWithNamesAdmin.list_filter, Missing]


@admin.register(PolicyArea)
class PolicyAreaAdmin(RecordAdmin):
    list_display = ["slug", "name_es", "name_en"]
    search_fields = ["slug", "name_es", "name_en"]
    fieldsets = [
        (None, {"fields": ["slug"]}),
        *language_fieldsets("name"),
        SOURCE_FIELDSET,
        TRANSLATIONS_FIELDSET,
    ]
    fixed_fields = ("slug",)


# Assessments, in their place: lines of a report's form and of a commitment's.


class SourcedLineForm(RecordForm):
    """A line that, when it is new, stands in the document of the row named by `stands_with`."""

    stands_with = None

    def save(self, commit=True):
        if self.instance.document_id is None:
            self.instance.document_id = getattr(self.instance, self.stands_with).document_id
        return super().save(commit)


class AssessmentLineForm(SourcedLineForm):
    stands_with = "report"


class AssessmentInline(RecordInline, admin.TabularInline):
    model = Assessment
    form = AssessmentLineForm
    show_change_link = True
    deletable_when_public = False

    def get_queryset(self, request):
        # The name of a line is its report's and commitment's.
        return super().get_queryset(request).select_related("report", "commitment")


class ReportAssessmentInline(AssessmentInline):
    fields = ["commitment", "level", "level_as_printed", "has_card", "place"]
    fixed_fields = ("commitment",)
    ordering = ["commitment__number"]


class CommitmentAssessmentInline(AssessmentInline):
    fields = ["report", "level", "level_as_printed", "has_card", "place"]
    fixed_fields = ("report",)


@admin.register(Report)
class ReportWithAssessmentsAdmin(ReportAdmin):
    inlines = [ReportAssessmentInline, *ReportAdmin.inlines]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "card_form":
            return forms.MultipleChoiceField(
                label=capfirst(db_field.verbose_name),
                help_text=db_field.help_text,
                choices=Assessment.ROWS.items(),
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)


# Commitments.


class CommitmentTitleInline(RecordInline, admin.TabularInline):
    model = CommitmentTitle
    fields = ["title", "language", "document", "place"]
    classes = ["collapse"]


class CommitmentItemInline(RecordInline, admin.StackedInline):
    model = CommitmentItem
    fields = [("kind", "order"), ("text_es", "text_en"), "unofficial", ("document", "place")]
    classes = ["collapse"]


class ResponsibilityInline(RecordInline, admin.StackedInline):
    model = Responsibility
    fields = [
        ("role", "entity", "name_as_printed"),
        ("unit_es", "unit_en"),
        ("report", "order"),
        "unofficial",
        ("document", "place"),
    ]
    classes = ["collapse"]
    # Who leads decides who may edit: not for a focal point to say.
    focal_point_may = ("view",)


class MilestoneLineForm(SourcedLineForm):
    stands_with = "commitment"


class MilestoneInline(RecordInline, admin.TabularInline):
    model = Milestone
    form = MilestoneLineForm
    fields = ["number", "activity_es", "activity_en", "starts_on", "ends_on", "place"]
    fixed_fields = ("number",)
    # Public dates move on the milestone's own page only, with the source (rule 3).
    fixed_when_public = ("starts_on", "ends_on")
    show_change_link = True
    deletable_when_public = False
    focal_point_may = ("view",)


class CommitmentSourceInline(RecordInline, admin.TabularInline):
    model = CommitmentSource
    fields = FURTHER_SOURCE
    classes = ["collapse"]


@admin.register(Commitment)
class CommitmentAdmin(ImportExport, OwnRows, RecordAdmin):
    TEXTS = ("title", "problem", "description", "contribution", "relevance")
    RECOMMENDATIONS = (None, {"fields": ["recommendations"]})

    resource_classes = [CommitmentResource]
    list_display = ["code", in_reader_language("title", _("title")), "theme", "level"]
    list_select_related = ["theme"]
    list_filter = [("plan", admin.RelatedOnlyFieldListFilter), "is_starred", Missing]
    search_fields = ["code", "label", "ogp_id", "search_text"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("plan", "number", "code"),
                    ("label", "ogp_id", "is_starred"),
                    "theme",
                    "policy_areas",
                ]
            },
        ),
        (None, {"fields": [("starts_on", "ends_on", "period_as_printed")]}),
        *language_fieldsets(*TEXTS),
        TRANSLATIONS_FIELDSET,
        RECOMMENDATIONS,
        SOURCE_FIELDSET,
    ]
    inlines = [
        MilestoneInline,
        ResponsibilityInline,
        CommitmentAssessmentInline,
        CommitmentItemInline,
        CommitmentTitleInline,
        CommitmentSourceInline,
    ]
    fixed_fields = ("plan", "number")
    computed_fields = ("code",)
    focal_point_may = ("view", "change")
    focal_point_edits = ("unofficial", *in_both(*TEXTS))

    def get_queryset(self, request):
        return super().get_queryset(request).with_level()

    def layout(self, request, obj=None):
        """Leave out what a focal point may not view: recommendations may be drafts."""
        hidden = [self.RECOMMENDATIONS] if is_focal_point(request.user) else []
        return [fieldset for fieldset in self.fieldsets if fieldset not in hidden]

    def set_history_delta_changes(self, request, historical_records, **kwargs):
        """Tell what each version changed; what the form leaves out for the reader, its history does too."""
        super().set_history_delta_changes(request, historical_records, **kwargs)
        if is_focal_point(request.user):
            name = capfirst(Commitment._meta.get_field("recommendations").verbose_name)
            for record in historical_records:
                changes = getattr(record, "history_delta_changes", [])
                record.history_delta_changes = [change for change in changes if change["field"] != name]

    @admin.display(description=_("level"), ordering="shown_level")
    def level(self, row):
        return Level(row.shown_level).label if row.shown_level else None


# Milestones.


class MilestoneForm(RowForm):
    transcription_source = forms.CharField(
        label=_("Correction of the transcription: where the right date stands"),
        required=False,
        max_length=TRANSCRIPTION_LENGTH,
        widget=admin.widgets.AdminTextInputWidget,
        help_text=_(
            "Only if a planned date was copied wrongly: the document and the place that print the right one."
        ),
    )

    def check_reason(self):
        """Ask for the source of a corrected date, which is a reason too, or else for the reason."""
        if not {"starts_on", "ends_on"} & set(self.changed_data):
            super().check_reason()
        elif not self.cleaned_data.get("transcription_source"):
            if "transcription_source" not in self._errors:
                self.add_error("transcription_source", Milestone.DATES_STAND)
        elif len(self.reason()) > TRANSCRIPTION_LENGTH:
            self.add_error("change_reason", _("Together with the source this is too long for the history."))

    def reason(self):
        """Return the reason for the change: the source of a corrected date is one."""
        parts = [self.cleaned_data.get(name) for name in ("transcription_source", "change_reason")]
        return "; ".join(part for part in parts if part)


class MilestoneResponsibleInline(RecordInline, admin.TabularInline):
    model = MilestoneResponsible
    fields = ["order", "entity", "unit_es", "unit_en", "name_as_printed"]
    focal_point_may = ("view",)


def locked(row):
    """Return a row whose next number is being given: two who add one at the same time wait for each other."""
    return type(row)._base_manager.select_for_update().order_by().get(pk=row.pk)


class NumberedUpdateForm:
    def save(self, commit=True):
        """Save the update; a new one gets the next number of its milestone."""
        if self.instance.number is None:
            milestone = locked(self.instance.milestone)
            self.instance.number = (milestone.updates.aggregate(last=Max("number"))["last"] or 0) + 1
        return super().save(commit)


class UpdateLineForm(NumberedUpdateForm, RecordForm):
    pass


class UpdateInline(RecordInline, admin.TabularInline):
    model = Update
    form = UpdateLineForm
    fields = [
        "as_of",
        "status",
        "percent",
        "text_es",
        "new_end_on",
        "reason_es",
        "document",
        "place",
        "workflow",
    ]
    readonly_fields = ["workflow"]
    show_change_link = True
    focal_point_may = ("view", "add")

    def has_change_permission(self, request, obj=None):
        """A new line is a new update; those that exist open on their own page."""
        return False

    def has_delete_permission(self, request, obj=None):
        return False


def next_evidence_code(owner):
    """Return the next free code for the evidence of a milestone, update, assessment or commitment."""
    owner = locked(owner)
    stem = f"{getattr(owner, 'code', None) or owner.public_id}-e"
    codes = Evidence.objects.filter(code__startswith=stem).values_list("code", flat=True)
    numbers = [int(tail) for code in codes if (tail := code.removeprefix(stem)).isdecimal()]
    return f"{stem}{max(numbers, default=0) + 1}"


class CodedEvidenceForm:
    def save(self, commit=True):
        """Save the evidence; a new one gets the next code of what it proves."""
        if not self.instance.code:
            owner = next(owner for name in OWNERS if (owner := getattr(self.instance, name)))
            self.instance.code = next_evidence_code(owner)
        return super().save(commit)


class EvidenceLineForm(CodedEvidenceForm, RecordForm):
    pass


class EvidenceInline(RecordInline, admin.TabularInline):
    model = Evidence
    form = EvidenceLineForm
    fields = ["url", "title_es", "title_en", "document", "place"]
    show_change_link = True
    deletable_when_public = False
    focal_point_may = ("view", "add", "change", "delete")


class MilestoneState(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [
            ("overdue", _("Past due and not complete")),
            ("ended", _("Past due, and nobody reported a state")),
            ("unreported", _("Nothing reported")),
        ]

    def queryset(self, request, queryset):
        match self.value():
            case "overdue":
                return queryset.overdue()
            case "ended":
                return queryset.ended_unreported()
            case "unreported":
                return queryset.unreported()


@admin.register(Milestone)
class MilestoneAdmin(ImportExport, OwnRows, OwnChoices, RecordAdmin):
    TEXTS = ("activity", "means_of_verification", "note")

    resource_classes = [MilestoneResource]
    form = MilestoneForm
    list_display = ["code", in_reader_language("activity", _("activity")), "ends_on", "state"]
    list_filter = [
        ("commitment__plan", admin.RelatedOnlyFieldListFilter),
        MilestoneState,
        Missing,
    ]
    search_fields = ["code", "search_text"]
    fieldsets = [
        (None, {"fields": [("commitment", "number", "code")]}),
        (None, {"fields": [("starts_on", "starts_as_printed"), ("ends_on", "ends_as_printed")]}),
        *language_fieldsets(*TEXTS),
        TRANSLATIONS_FIELDSET,
        (None, {"fields": ["responsible_as_printed"]}),
        SOURCE_FIELDSET,
    ]
    inlines = [MilestoneResponsibleInline, UpdateInline, EvidenceInline]
    fixed_fields = ("commitment", "number")
    computed_fields = ("code",)
    focal_point_may = ("view", "change")
    focal_point_edits = ("unofficial", *in_both(*TEXTS))

    def get_queryset(self, request):
        return super().get_queryset(request).with_state()

    def layout(self, request, obj=None):
        """Ask for the source of a corrected date, but only where public dates could move."""
        if not (self.is_editing(request, obj) and self.is_public(obj)) or is_focal_point(request.user):
            return self.fieldsets
        first, dates, *others = self.fieldsets
        correction = {"fields": ["transcription_source"], "description": Milestone.DATES_STAND}
        return [first, dates, (None, correction), *others]

    def save_model(self, request, obj, form, change):
        obj._transcription_source = form.reason() if form.cleaned_data.get("transcription_source") else ""
        super().save_model(request, obj, form, change)

    @admin.display(description=_("state"))
    def state(self, row):
        return row.status_label


# Updates.


class UpdateForm(NumberedUpdateForm, RowForm):
    pass


@admin.register(Update)
class UpdateAdmin(ImportExport, OwnRows, OwnChoices, RecordAdmin):
    # What an update says, and where that stands.
    STATEMENT = (
        *("milestone", "as_of", "status", "percent", "corrects", "done_on", "done_as_printed"),
        *("new_end_on", "new_end_as_printed", *in_both("text", "reason"), "unofficial"),
        *("document", "place", "source_letter"),
    )

    resource_classes = [UpdateResource]
    form = UpdateForm
    list_display = ["code", "as_of", "status", "percent", "text_start", "workflow"]
    list_filter = [("milestone__commitment__plan", admin.RelatedOnlyFieldListFilter), "workflow", "status"]
    date_hierarchy = "as_of"
    search_fields = ["code", "search_text", "milestone__search_text"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "milestone",
                    ("number", "code"),
                    ("as_of", "status", "percent"),
                    "corrects",
                    "workflow",
                ]
            },
        ),
        *language_fieldsets("text"),
        (_("Done"), {"fields": [("done_on", "done_as_printed")]}),
        (_("New end"), {"fields": [("new_end_on", "new_end_as_printed")]}),
        *language_fieldsets("reason"),
        TRANSLATIONS_FIELDSET,
        (_("Source"), {"fields": [("document", "place"), ("report", "source_letter")]}),
    ]
    inlines = [EvidenceInline]
    fixed_fields = ("milestone",)
    computed_fields = ("number", "code")
    publication_field = "workflow"
    focal_point_may = ("view", "add", "change", "delete")
    focal_point_edits = STATEMENT

    def has_change_permission(self, request, obj=None):
        """What was published is never edited: a later word is a new update (rule 3)."""
        return super().has_change_permission(request, obj) and not (obj and self.is_public(obj))

    def notes(self, request, obj):
        notes = super().notes(request, obj)
        if obj is not None and self.is_public(obj):
            link = ""
            if self.has_add_permission(request):
                address = reverse("admin:commitments_update_add", query={"corrects": obj.pk})
                link = format_html('<a href="{}">{}</a>', address, _("Correct this update"))
            notes.append(format_html("{} {}", PUBLISHED_UPDATE_STAYS, link))
        return notes

    def get_changeform_initial_data(self, request):
        """Begin the correction of an update with what that update says."""
        initial = super().get_changeform_initial_data(request)
        wrong = rights.own(request.user, Update.objects.filter(pk=initial.get("corrects"))).first()
        if wrong is not None:
            same = [name for name in self.STATEMENT if name not in ("corrects", "unofficial")]
            initial = forms.model_to_dict(wrong, [*same, "report"]) | initial
        return initial

    @admin.display(description=_("text"))
    def text_start(self, row):
        return str(row.text)[:80]


# Assessments, whole, and what goes with them.


@admin.register(Assessment)
class AssessmentAdmin(ImportExport, RecordAdmin):
    resource_classes = [AssessmentResource]
    list_display = ["report", "commitment", "level", "has_card"]
    list_display_links = ["report", "commitment"]
    list_select_related = ["report", "commitment"]
    list_filter = [("report", admin.RelatedOnlyFieldListFilter), "level", "has_card", Missing]
    search_fields = ["commitment__code", "commitment__search_text", "report__slug", "search_text"]
    fixed_fields = ("report", "commitment")

    def is_public(self, row):
        return rights.is_public(row)

    def get_queryset(self, request):
        # The name of a row is its report's and commitment's, also where it is a choice.
        return super().get_queryset(request).select_related("report", "commitment")

    def layout(self, request, obj=None):
        """Show the rows of the card in their order; those that the report's form lacks stand apart."""
        form = obj.report.card_form if obj else list(Assessment.ROWS)
        lines = {row: row for row in Assessment.ROWS} | {
            "new_end_as_printed": ("new_end_as_printed", "new_end_on")
        }
        return [
            (None, {"fields": ["report", "commitment", ("level", "level_as_printed"), "has_card"]}),
            (_("Card"), {"fields": [line for row, line in lines.items() if row in form]}),
            (
                _("Not in this report's form"),
                {"fields": [line for row, line in lines.items() if row not in form], "classes": ["collapse"]},
            ),
            SOURCE_FIELDSET,
        ]


@admin.register(Finding)
class FindingAdmin(RecordAdmin):
    list_display = ["commitment", "measure", "value", "value_as_printed", "report"]
    list_select_related = ["commitment", "report"]
    list_filter = [("commitment__plan", admin.RelatedOnlyFieldListFilter), "measure"]
    search_fields = ["commitment__code", "commitment__search_text", "measure", "value"]
    fieldsets = [
        (None, {"fields": ["commitment", ("measure", "scale"), ("value", "value_as_printed"), "report"]}),
        SOURCE_FIELDSET,
    ]
    fixed_fields = ("commitment",)

    def is_public(self, row):
        return rights.is_public(row)


class EvidenceForm(CodedEvidenceForm, RowForm):
    def clean(self):
        cleaned = super().clean()
        update = cleaned.get("update")
        if update and update.workflow == Status.PUBLISHED:
            self.add_error(
                "update",
                _("This update is published, with its evidence. Add a new update, or choose its milestone."),
            )
        return cleaned


@admin.register(Evidence)
class EvidenceAdmin(OwnRows, OwnChoices, RecordAdmin):
    form = EvidenceForm
    list_display = ["code", in_reader_language("title", _("title")), "url"]
    search_fields = ["code", "title_es", "title_en", "url"]
    fieldsets = [
        (_("Proves one of these"), {"fields": ["milestone", "update", "assessment", "commitment"]}),
        (None, {"fields": ["code", "url"]}),
        *language_fieldsets("title"),
        TRANSLATIONS_FIELDSET,
        SOURCE_FIELDSET,
    ]
    fixed_fields = OWNERS
    computed_fields = ("code",)
    focal_point_may = ("view", "add", "change", "delete")
    focal_point_edits = (
        *("milestone", "update", "commitment", "url", *in_both("title"), "unofficial", "document", "place"),
    )

    def has_change_permission(self, request, obj=None):
        """What a focal point proved a published update with stays, as the update itself does."""
        published = obj is not None and obj.update_id and obj.update.workflow == Status.PUBLISHED
        if published and is_focal_point(request.user):
            return False
        return super().has_change_permission(request, obj)
