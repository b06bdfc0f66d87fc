"""The admin of milestones."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from faces.admin import (
    REASON_LENGTH,
    SOURCE_FIELDSET,
    TRANSLATIONS_FIELDSET,
    ImportExport,
    RecordAdmin,
    RecordInline,
    RowForm,
    in_reader_language,
    language_fieldsets,
)
from record.rights import is_focal_point

from ..models import (
    Milestone,
    MilestoneResponsible,
)
from ..resources import MilestoneResource
from .evidence import EvidenceInline
from .updates import UpdateInline

TRANSCRIPTION_LENGTH = REASON_LENGTH - len("corrección de transcripción: ")


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
        elif not self.cleaned_data.get("transcription_source") and "transcription_source" not in self._errors:
            self.add_error("transcription_source", Milestone.DATES_STAND)

    def reason(self):
        """Return the reason for the change: the source of a corrected date is one."""
        return "; ".join(filter(None, [self.cleaned_data.get("transcription_source"), super().reason()]))

    def room_for_reasons(self):
        """Return how long all reasons together may be: the model says before a source what it is."""
        is_source_given = self.cleaned_data.get("transcription_source")
        return TRANSCRIPTION_LENGTH if is_source_given else super().room_for_reasons()


class MilestoneResponsibleInline(RecordInline, admin.TabularInline):
    model = MilestoneResponsible
    fields = ["order", "entity", "unit_es", "unit_en", "name_as_printed"]


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
class MilestoneAdmin(ImportExport, RecordAdmin):
    TEXTS = ("activity", "means_of_verification", "note")

    resource_classes = [MilestoneResource]
    form = MilestoneForm
    list_display = ["code", in_reader_language("activity", _("activity")), "ends_on", "state"]
    list_filter = [
        ("commitment__plan", admin.RelatedOnlyFieldListFilter),
        MilestoneState,
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
        obj._transcription_source = (
            form.kept_reason(form) if form.cleaned_data.get("transcription_source") else ""
        )
        super().save_model(request, obj, form, change)

    @admin.display(description=_("state"))
    def state(self, row):
        return row.status_label
