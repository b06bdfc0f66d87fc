"""The admin of updates."""

from django import forms
from django.contrib import admin
from django.db.models import Max
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from faces.admin import (
    TRANSLATIONS_FIELDSET,
    ImportExport,
    RecordAdmin,
    RecordForm,
    RecordInline,
    RowForm,
    language_fieldsets,
)
from record.rights import visible_to

from ..models import (
    Update,
)
from ..resources import UpdateResource
from .evidence import EvidenceInline
from .lines import locked

PUBLISHED_UPDATE_STAYS = _(
    "This update is published and stays as it is. What was wrong in it is put right by a new one."
)


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

    def has_change_permission(self, request, obj=None):
        """A new line is a new update; those that exist open on their own page."""
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class UpdateForm(NumberedUpdateForm, RowForm):
    pass


@admin.register(Update)
class UpdateAdmin(ImportExport, RecordAdmin):
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
        wrong = visible_to(request.user, Update.objects.filter(pk=initial.get("corrects"))).first()
        if wrong is not None:
            same = [name for name in Update.STATEMENT if name not in ("corrects", "unofficial")]
            initial = forms.model_to_dict(wrong, [*same, "report"]) | initial
        return initial

    @admin.display(description=_("text"))
    def text_start(self, row):
        return str(row.text)[:80]
