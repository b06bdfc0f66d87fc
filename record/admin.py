"""What the portal remembers of loading the record. Documents are edited in plans, beside what they list."""

from django.contrib import admin

from .models import LoadedFile, LoadedRow
from .rights import may


class Guarded:
    """Pages of what is no record: a focal point has no part in them."""

    def has_module_permission(self, request):
        return may(request.user, "view", self.model)

    def has_view_permission(self, request, obj=None):
        return may(request.user, "view", self.model)

    def has_add_permission(self, request):
        return may(request.user, "add", self.model)

    def has_change_permission(self, request, obj=None):
        return may(request.user, "change", self.model)

    def has_delete_permission(self, request, obj=None):
        return may(request.user, "delete", self.model)


class ReadOnlyAdmin(Guarded, admin.ModelAdmin):
    """A list that the portal itself keeps."""

    list_per_page = 50

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(LoadedFile)
class LoadedFileAdmin(ReadOnlyAdmin):
    list_display = ["name", "loaded_at"]


@admin.register(LoadedRow)
class LoadedRowAdmin(ReadOnlyAdmin):
    list_display = ["model", "key", "file"]
    list_filter = ["file", "model"]
    search_fields = ["key"]
