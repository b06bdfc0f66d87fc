"""What the portal remembers of loading the record. Documents are edited in plans, beside what they list."""

from django.contrib import admin

from .models import LoadedFile, LoadedRow


class ReadOnlyAdmin(admin.ModelAdmin):
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
