"""Declared figures in the API."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from faces.serializers import (
    BilingualField,
    DocumentSerializer,
    RecordSerializer,
)
from faces.viewsets import SLUG, RecordViewSet

from ..compliance import Level
from ..filters import FigureFilters
from ..models import DeclaredFigure
from .themes import ThemeLinkSerializer


class FigureSerializer(RecordSerializer):
    """A number that a document prints, and what this record adds up to."""

    api_view = "figure-detail"

    slug = serializers.SlugField(read_only=True)
    plan = serializers.IntegerField(source="plan.number", read_only=True)
    report = serializers.SlugField(source="report.slug", read_only=True, allow_null=True)
    measure = serializers.ChoiceField(choices=DeclaredFigure.Measure.values, read_only=True)
    level = serializers.SerializerMethodField(help_text="Null where it is not of one level.")
    theme = ThemeLinkSerializer(read_only=True, allow_null=True)
    order = serializers.IntegerField(read_only=True)
    label = BilingualField()
    value = serializers.FloatField(read_only=True)
    as_printed = serializers.CharField(read_only=True)
    computed = serializers.FloatField(
        read_only=True, allow_null=True, help_text="Null where this record cannot say it."
    )
    difference = serializers.FloatField(
        read_only=True, allow_null=True, help_text="The printed value less the computed one."
    )
    document = DocumentSerializer(read_only=True)
    place = serializers.CharField(read_only=True)

    @extend_schema_field(serializers.ChoiceField(choices=Level.values, allow_null=True))
    def get_level(self, figure):
        return figure.level or None


class FigureViewSet(RecordViewSet):
    """The figures that documents print, beside what this record adds up to."""

    serializer_class = FigureSerializer
    filterset_class = FigureFilters
    turns_on = ()
    lookup_field = "slug"
    lookup_value_regex = SLUG

    def get_queryset(self):
        return DeclaredFigure.objects.published()

    def for_reading(self, rows):
        return rows.for_reading()
