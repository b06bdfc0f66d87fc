"""Documents in the API, with where they are listed."""

from rest_framework import serializers

from faces.serializers import BilingualField, DocumentSerializer, RecordSerializer, StringField
from faces.viewsets import SLUG, RecordViewSet
from record.models import Document
from record.text import LANGUAGES

from ..filters import DocumentFilters


class ListingSerializer(serializers.Serializer):
    """Where a source lists a document, and the plan and the report that it counts it to."""

    listed_as = StringField()
    plan = serializers.SerializerMethodField(help_text="Null where it counts it to no plan.")
    report = serializers.SerializerMethodField(help_text="Null where it counts it to no report.")
    document = DocumentSerializer(read_only=True)
    place = serializers.CharField(read_only=True)

    def get_plan(self, listing) -> int | None:
        return listing.public_plan.number if listing.public_plan else None

    def get_report(self, listing) -> str | None:
        return listing.public_report.slug if listing.public_report else None


class DocumentRecordSerializer(RecordSerializer):
    """A document with all that is known of it: a source of the record, or a work that a source lists."""

    api_view = "document-detail"

    slug = serializers.SlugField(read_only=True)
    title = BilingualField()
    language = serializers.ChoiceField(choices=LANGUAGES, read_only=True)
    kind = serializers.ChoiceField(choices=Document.Kind.values, read_only=True)
    publisher = BilingualField()
    year = serializers.IntegerField(read_only=True, allow_null=True)
    published_on = serializers.DateField(read_only=True, allow_null=True)
    published_as_printed = StringField()
    link = StringField(source="url", help_text="The document's own address.")
    note = BilingualField()
    is_quoted = serializers.BooleanField(
        read_only=True, help_text="Whether the record quotes it, and does not only know of it."
    )
    listed_as = ListingSerializer(source="listings", many=True, read_only=True)


class DocumentViewSet(RecordViewSet):
    """The documents: the sources of the record, and the works that they list."""

    serializer_class = DocumentRecordSerializer
    filterset_class = DocumentFilters
    turns_on = ()
    lookup_field = "slug"
    lookup_value_regex = SLUG

    def get_queryset(self):
        return Document.objects.published()

    def for_reading(self, rows):
        return rows.for_reading()
