"""Entities as lines of a file."""

from faces.resources import RecordResource, named, translations

from .models import Entity


class EntityResource(RecordResource):
    parent = named("parent", Entity, "slug")
    succeeded_by = named("succeeded_by", Entity, "slug")
    unofficial = translations()

    select_related = ("parent", "succeeded_by")

    class Meta:
        model = Entity
        import_id_fields = ["slug"]
        fields = [
            "slug",
            "acronym",
            "name_es",
            "name_en",
            "unofficial",
            "kind",
            "parent",
            "succeeded_by",
            "website",
        ]
