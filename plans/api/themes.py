"""Themes in the API."""

from django.urls import reverse
from rest_framework import serializers

from faces.serializers import (
    BilingualField,
    LinkedSerializer,
    RecordSerializer,
)
from faces.viewsets import SLUG, RecordViewSet

from ..filters import (
    ThemeFilters,
)
from ..models import Theme
from .totals import LatenessSerializer, ProgressSerializer, add_totals


class ThemeLinkSerializer(LinkedSerializer):
    """A theme where another object names it."""

    slug = serializers.SlugField(read_only=True)
    name = BilingualField()


class ThemeSerializer(RecordSerializer):
    api_view = "theme-detail"

    slug = serializers.SlugField(read_only=True)
    plan = serializers.IntegerField(source="plan.number", read_only=True)
    order = serializers.IntegerField(read_only=True)
    name = BilingualField()
    lateness = LatenessSerializer(read_only=True, allow_null=True)
    progress = ProgressSerializer(read_only=True, allow_null=True)

    def page_of(self, theme):
        return f"{reverse('commitments:commitment-list')}?theme={theme.slug}"


class ThemeViewSet(RecordViewSet):
    """The themes, by which some plans group their commitments."""

    serializer_class = ThemeSerializer
    filterset_class = ThemeFilters
    turns_on = ("plan__starts_on", "commitments__in_plan_from", "commitments__states__from_on")
    lookup_field = "slug"
    lookup_value_regex = SLUG

    def get_queryset(self):
        return Theme.objects.published()

    def for_reading(self, rows):
        return rows.select_related("plan", "document")

    def prepare(self, rows):
        return add_totals(rows, self.on)
