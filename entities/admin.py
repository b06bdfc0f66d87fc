"""Who: the admin of entities, of the spellings of their names, and of who may edit for them."""

from django.contrib import admin

from faces.admin import (
    SOURCE_FIELDSET,
    TRANSLATIONS_FIELDSET,
    ImportExport,
    RecordAdmin,
    RecordInline,
    language_fieldsets,
)

from .models import Entity, EntityName, Membership
from .resources import EntityResource


class EntityNameInline(RecordInline, admin.TabularInline):
    model = EntityName
    fields = ["spelling", "language", "document", "place"]


@admin.register(Entity)
class EntityAdmin(ImportExport, RecordAdmin):
    resource_classes = [EntityResource]
    list_display = ["name_es", "acronym", "kind", "parent"]
    list_select_related = ["parent"]
    list_filter = ["kind"]
    search_fields = ["slug", "acronym", "search_text", "names__spelling"]
    fieldsets = [
        (None, {"fields": [("slug", "acronym"), "kind", ("parent", "succeeded_by"), "website"]}),
        *language_fieldsets("name"),
        TRANSLATIONS_FIELDSET,
    ]
    inlines = [EntityNameInline]
    fixed_fields = ("slug",)

    def view_on_site(self, row):
        """Return the address of the entity's page: it always has one."""
        return row.get_absolute_url()


@admin.register(EntityName)
class EntityNameAdmin(RecordAdmin):
    list_display = ["spelling", "language", "entity", "document"]
    list_select_related = ["entity", "document"]
    list_filter = ["language", ("document", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["search_text", "entity__search_text", "entity__acronym"]
    fieldsets = [(None, {"fields": ["entity", ("spelling", "language")]}), SOURCE_FIELDSET]


@admin.register(Membership)
class MembershipAdmin(RecordAdmin):
    list_display = ["user", "entity"]
    list_select_related = ["user", "entity"]
    search_fields = ["user__username", "entity__search_text", "entity__acronym"]
    fieldsets = [(None, {"fields": ["user", "entity"]})]
