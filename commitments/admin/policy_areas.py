"""The admin of policy areas."""

from django.contrib import admin

from faces.admin import (
    SOURCE_FIELDSET,
    TRANSLATIONS_FIELDSET,
    RecordAdmin,
    language_fieldsets,
)

from ..models import PolicyArea


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
