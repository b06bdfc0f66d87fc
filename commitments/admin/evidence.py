"""The admin of evidence."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from faces.admin import (
    SOURCE_FIELDSET,
    TRANSLATIONS_FIELDSET,
    RecordAdmin,
    RecordForm,
    RecordInline,
    RowForm,
    in_reader_language,
    language_fieldsets,
)

from ..actions import give_code
from ..models import Evidence
from ..models.evidence import OWNERS


class CodedEvidenceForm:
    def save(self, commit=True):
        """Save the evidence; a new one gets the next code of what it proves."""
        if not self.instance.code:
            give_code(self.instance)
        return super().save(commit)


class EvidenceLineForm(CodedEvidenceForm, RecordForm):
    pass


class EvidenceInline(RecordInline, admin.TabularInline):
    model = Evidence
    form = EvidenceLineForm
    fields = ["url", "title_es", "title_en", "document", "place", "status"]
    # It is published with the update that it hangs from, or in its own form.
    readonly_fields = ["status"]
    show_change_link = True
    deletable_when_public = False


class EvidenceForm(CodedEvidenceForm, RowForm):
    pass


@admin.register(Evidence)
class EvidenceAdmin(RecordAdmin):
    form = EvidenceForm
    list_display = ["code", in_reader_language("title", _("title")), "url", "status"]
    list_filter = ["status"]
    search_fields = ["code", "title_es", "title_en", "url"]
    fieldsets = [
        (_("Proves one of these"), {"fields": ["milestone", "update", "assessment", "commitment"]}),
        (None, {"fields": [("code", "status"), "url"]}),
        *language_fieldsets("title"),
        TRANSLATIONS_FIELDSET,
        SOURCE_FIELDSET,
    ]
    fixed_fields = OWNERS
    publication_field = "status"
    computed_fields = ("code",)
