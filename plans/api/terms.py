"""The glossary in the API."""

from rest_framework import serializers

from faces.serializers import BilingualField, RecordSerializer
from faces.viewsets import SLUG, RecordViewSet

from ..filters import TermFilters
from ..models import Term


class TermSerializer(RecordSerializer):
    """A word of the glossary; it has no source where the definition is the portal's own."""

    api_view = "term-detail"

    slug = serializers.SlugField(read_only=True)
    kind = serializers.ChoiceField(choices=Term.Kind.values, read_only=True)
    term = BilingualField()
    definition = BilingualField()


class TermViewSet(RecordViewSet):
    """The glossary: words as a document defines them or, where none does, as this portal uses them."""

    serializer_class = TermSerializer
    filterset_class = TermFilters
    turns_on = ()
    lookup_field = "slug"
    lookup_value_regex = SLUG

    def get_queryset(self):
        return Term.objects.published()

    def for_reading(self, rows):
        return rows.select_related("document")
