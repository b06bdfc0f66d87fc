"""Policy areas in the API."""

from django.urls import reverse
from rest_framework import serializers

from faces.serializers import BilingualField, LinkedSerializer, RecordSerializer
from faces.viewsets import SLUG, RecordViewSet

from ..models import PolicyArea


class PolicyAreaLinkSerializer(LinkedSerializer):
    """A policy area where a commitment names it."""

    slug = serializers.SlugField(read_only=True)
    name = BilingualField()


class PolicyAreaSerializer(RecordSerializer):
    api_view = "policy-area-detail"

    slug = serializers.SlugField(read_only=True)
    name = BilingualField()

    def page_of(self, area):
        return f"{reverse('commitments:commitment-list')}?policy_area={area.slug}"


class PolicyAreaViewSet(RecordViewSet):
    """The policy areas: tags that the OGP gives to commitments."""

    serializer_class = PolicyAreaSerializer
    turns_on = ()
    lookup_field = "slug"
    lookup_value_regex = SLUG

    def get_queryset(self):
        return PolicyArea.objects.published()

    def for_reading(self, rows):
        return rows.select_related("document")
