"""The search in the API: everything that the lists hold, by its words."""

from rest_framework import serializers

from faces.serializers import (
    ApiField,
    BilingualField,
    LanguageField,
    RecordSerializer,
    StringField,
)
from faces.viewsets import RecordViewSet

from .search import Corpus, SearchFilters, found_kinds, read


class HitApiField(ApiField):
    """The address of what was found, in the list of its kind."""

    def __init__(self):
        super().__init__("", "id")

    def to_representation(self, hit):
        self.view = f"{hit.kind.listed.name}-detail"
        return super().to_representation(hit)


class HitSerializer(RecordSerializer):
    """Something that was found. `rank`: 0 it was named, 1 the title has all the words, 2 its texts have."""

    kind = serializers.ChoiceField(
        source="kind.listed.name", choices=[kind.listed.name for kind in found_kinds()], read_only=True
    )
    id = serializers.CharField(read_only=True)
    plan = serializers.IntegerField(source="plan.number", read_only=True, allow_null=True, default=None)
    title = BilingualField()
    excerpt = StringField(help_text="Where the words stand, if not in the title alone.")
    excerpt_lang = LanguageField(source="excerpt")
    rank = serializers.IntegerField(read_only=True)

    def get_fields(self):
        return super().get_fields() | {"api_url": HitApiField()}


class SearchViewSet(RecordViewSet):
    """Everything that has all words of `q`, the best first; nothing without a word in it."""

    serializer_class = HitSerializer
    filterset_class = SearchFilters

    def get_queryset(self):
        return Corpus()

    def prepare(self, rows):
        return read(rows)
