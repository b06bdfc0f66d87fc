"""The admin of assessments and findings, and of reports, since assessments are lines of a report's form."""

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from faces.admin import (
    SOURCE_FIELDSET,
    Annul,
    ImportExport,
    LinkedAct,
    Publish,
    RecordAdmin,
    Restore,
    Strike,
    TableInline,
)
from plans.admin import ReportAdmin
from plans.models import Report
from record.publication import Status

from ..models import (
    Assessment,
    Finding,
)
from ..resources import AssessmentResource
from .lines import SourcedLineForm


class AssessmentLineForm(SourcedLineForm):
    stands_with = "report"


class AssessmentInline(TableInline):
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


class CardBoard(LinkedAct):
    """Leads to the board of the cards of a report that is being written."""

    name = "board"
    label = _("Cards")
    right = "change"

    def is_for(self, row):
        return row.status == Status.DRAFT and not row.is_annulled

    def address(self, row):
        return reverse("cards:board", args=[row.slug])


class PublishReport(LinkedAct, Publish):
    """Publishes a report with all its cards: on the page of its check list."""

    def address(self, row):
        return reverse("cards:publish", args=[row.slug])


@admin.register(Report)
class ReportWithAssessmentsAdmin(ReportAdmin):
    inlines = [ReportAssessmentInline, *ReportAdmin.inlines]
    acts = (CardBoard(), PublishReport(), Annul(), Restore(), Strike())

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


@admin.register(Assessment)
class AssessmentAdmin(ImportExport, RecordAdmin):
    resource_classes = [AssessmentResource]
    list_display = ["report", "commitment", "level", "has_card"]
    list_display_links = ["report", "commitment"]
    list_select_related = ["report", "commitment"]
    list_filter = [("report", admin.RelatedOnlyFieldListFilter), "level", "has_card"]
    search_fields = ["commitment__code", "commitment__search_text", "report__slug", "search_text"]
    fixed_fields = ("report", "commitment")

    def get_queryset(self, request):
        # The name of a row is its report's and commitment's, also where it is a choice.
        return super().get_queryset(request).select_related("report", "commitment")

    def layout(self, request, obj=None):
        """Show the rows of the card in their order; those that the report's form lacks stand apart."""
        form = obj.report.card_form if obj else list(Assessment.ROWS)
        lines = {row: row for row in Assessment.ROWS} | {
            "new_end_as_printed": ("new_end_as_printed", "new_end_on"),
            "delay_reason": ("delay_reason", "delay_reason_from"),
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
