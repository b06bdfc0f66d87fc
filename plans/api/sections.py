"""Sections of texts in the API."""

from rest_framework import serializers

from faces.serializers import BilingualField, RecordSerializer
from faces.viewsets import SLUG, RecordViewSet

from ..filters import SectionFilters
from ..models import Section
from .themes import ThemeLinkSerializer


class SectionSerializer(RecordSerializer):
    """A part of the text of a plan or, with `report`, of a report on it."""

    api_view = "section-detail"

    slug = serializers.SlugField(read_only=True)
    plan = serializers.SerializerMethodField()
    report = serializers.SlugField(source="report.slug", read_only=True, allow_null=True)
    kind = serializers.ChoiceField(choices=Section.Kind.values, read_only=True)
    theme = ThemeLinkSerializer(read_only=True, allow_null=True)
    order = serializers.IntegerField(read_only=True)
    heading = BilingualField()
    text = BilingualField()
    note = BilingualField()

    def get_plan(self, section) -> int:
        return (section.plan or section.report.plan).number


class SectionViewSet(RecordViewSet):
    """The sections of the texts of plans and reports: a plan's own first, then its reports' by cut-off."""

    serializer_class = SectionSerializer
    filterset_class = SectionFilters
    turns_on = ()
    lookup_field = "slug"
    lookup_value_regex = SLUG

    def get_queryset(self):
        return Section.objects.published()

    def for_reading(self, rows):
        return rows.for_reading()
