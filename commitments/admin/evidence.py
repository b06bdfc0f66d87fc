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
from record.publication import holds

from ..models import (
    Evidence,
    Update,
)
from ..models.evidence import OWNERS
from .lines import locked


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


class EvidenceForm(CodedEvidenceForm, RowForm):
    def clean(self):
        cleaned = super().clean()
        update = cleaned.get("update")
        if update and holds(Update.said(), update):
            self.add_error(
                "update",
                _("This update is published, with its evidence. Add a new update, or choose its milestone."),
            )
        return cleaned


@admin.register(Evidence)
class EvidenceAdmin(RecordAdmin):
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
