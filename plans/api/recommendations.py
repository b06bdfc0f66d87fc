"""Recommendations in the API."""

from rest_framework import serializers

from faces.serializers import BilingualField, RecordSerializer
from faces.viewsets import SLUG, RecordViewSet

from ..filters import RecommendationFilters
from ..models import Recommendation


class RecommendationSerializer(RecordSerializer):
    """What a report recommends, the State's answer, what came of it, and the commitments that follow it."""

    api_view = "recommendation-detail"

    slug = serializers.SlugField(read_only=True)
    report = serializers.SlugField(source="report.slug", read_only=True)
    plan = serializers.IntegerField(source="report.plan.number", read_only=True)
    order = serializers.IntegerField(read_only=True)
    text = BilingualField()
    answer = BilingualField()
    outcome = BilingualField()
    commitments = serializers.SerializerMethodField()

    def get_commitments(self, recommendation) -> list[str]:
        return [commitment.code for commitment in recommendation.followed_by]


class RecommendationViewSet(RecordViewSet):
    """The recommendations of the reports, and what was answered to them."""

    serializer_class = RecommendationSerializer
    filterset_class = RecommendationFilters
    turns_on = ()
    lookup_field = "slug"
    lookup_value_regex = SLUG

    def get_queryset(self):
        return Recommendation.objects.published()

    def for_reading(self, rows):
        return rows.for_reading()
