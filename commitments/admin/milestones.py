"""The admin of milestones."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from faces.admin import (
    SOURCE_FIELDSET,
    TRANSLATIONS_FIELDSET,
    ImportExport,
    RecordAdmin,
    RecordInline,
    RowForm,
    in_reader_language,
    language_fieldsets,
)
from record.dates import today
from record.rights import is_focal_point
from record.writing import required

from ..models import Milestone, MilestoneResponsible, Progress
from ..resources import MilestoneResource
from .evidence import EvidenceInline
from .updates import UpdateInline


class MilestoneForm(RowForm):
    transcription_source = forms.CharField(
        label=_("Correction of the transcription: where the right date stands"),
        required=False,
        widget=admin.widgets.AdminTextInputWidget,
        help_text=_(
            "Only if a planned date was copied wrongly: the document and the place that print the right one."
        ),
    )

    def check_reason(self):
        """Ask for the reason and, of a corrected date, for the source."""
        super().check_reason()
        is_corrected = bool({"starts_on", "ends_on"} & set(self.changed_data))
        if is_corrected and not self.source() and "transcription_source" not in self._errors:
            self.add_error("transcription_source", Milestone.DATES_STAND)

    def source(self):
        return self.cleaned_data.get("transcription_source", "")

    def tell_writer(self, lines=()):
        super().tell_writer(lines)
        if self.source():
            required("form").act = "transcribe"


class MilestoneResponsibleInline(RecordInline, admin.TabularInline):
    model = MilestoneResponsible
    fields = ["order", "entity", "unit_es", "unit_en", "name_as_printed"]


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [
            ("overdue", _("Past due and not complete")),
            ("unknown", _("Past due, and nobody says whether it was done")),
            ("undated", _("No source gives an end")),
            ("unreported", _("Nothing reported")),
        ]

    def queryset(self, request, queryset):
        condition = Progress.COUNTED.get(self.value())
        return queryset if condition is None else queryset.filter(condition)


@admin.register(Milestone)
class MilestoneAdmin(ImportExport, RecordAdmin):
    TEXTS = ("activity", "means_of_verification", "note")

    resource_classes = [MilestoneResource]
    form = MilestoneForm
    list_display = ["code", in_reader_language("activity", _("activity")), "ends_on", "state"]
    list_filter = [
        ("commitment__plan", admin.RelatedOnlyFieldListFilter),
        StateFilter,
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
        return super().get_queryset(request).with_state(today())

    def layout(self, request, obj=None):
        """Ask for the source of a corrected date, but only where public dates could move."""
        if not (self.is_editing(request, obj) and self.is_public(obj)) or is_focal_point(request.user):
            return self.fieldsets
        first, dates, *others = self.fieldsets
        correction = {"fields": ["transcription_source"], "description": Milestone.DATES_STAND}
        return [first, dates, (None, correction), *others]

    @admin.display(description=_("state"))
    def state(self, row):
        return row.status_label
