"""Who: the admin of entities, of the spellings of their names, and of who may edit for them."""

from django.contrib import admin

from faces.admin import (
    SOURCE_FIELDSET,
    TRANSLATIONS_FIELDSET,
    ImportExport,
    RecordAdmin,
    TableInline,
    language_fieldsets,
)

from .models import Entity, EntityName, Membership
from .resources import EntityResource


class EntityNameInline(TableInline):
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
    """Who reports for whom, to read: publishers give and take it on the page of the account.

    There nobody acts on his own account or on a superuser's, and what was done stands in the account's
    events. A superuser may write here too.
    """

    list_display = ["user", "entity"]
    list_select_related = ["user", "entity"]
    search_fields = ["user__username", "entity__search_text", "entity__acronym"]
    fieldsets = [(None, {"fields": ["user", "entity"]})]

    def has_add_permission(self, request):
        return self.is_for_superusers(request)

    def has_change_permission(self, request, obj=None):
        return self.is_for_superusers(request)

    def has_delete_permission(self, request, obj=None):
        return self.is_for_superusers(request)

    @staticmethod
    def is_for_superusers(request):
        return request.user.is_active and request.user.is_superuser
