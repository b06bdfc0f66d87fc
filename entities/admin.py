"""Who: the admin of entities, and of who may edit for them.

EntityAdmin is registered in commitments/admin.py; plans/admin.py adds the names that
documents give an entity.
"""

from django.contrib import admin

from ogp_portal.common.admin import (
    TRANSLATIONS_FIELDSET,
    ImportExport,
    RecordAdmin,
    language_fieldsets,
)

from .models import Membership
from .resources import EntityResource


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
    fixed_fields = ("slug",)

    def view_on_site(self, row):
        """Return the address of the entity's page: it always has one."""
        return row.get_absolute_url()


@admin.register(Membership)
class MembershipAdmin(RecordAdmin):
    list_display = ["user", "entity"]
    list_select_related = ["user", "entity"]
    search_fields = ["user__username", "entity__search_text", "entity__acronym"]
    fieldsets = [(None, {"fields": ["user", "entity"]})]
