"""Recommendations, sections and terms in the API."""

from rest_framework import serializers

from faces.serializers import BilingualField, RecordSerializer
from faces.viewsets import SLUG, RecordViewSet

from ..filters import RecommendationFilters, SectionFilters, TermFilters
from ..models import Recommendation, Section, Term
from .themes import ThemeLinkSerializer


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


class TermSerializer(RecordSerializer):
    """A word of the glossary; it has no source where the definition is the portal's own."""

    api_view = "term-detail"

    slug = serializers.SlugField(read_only=True)
    kind = serializers.ChoiceField(choices=Term.Kind.values, read_only=True)
    term = BilingualField()
    definition = BilingualField()


class RecommendationViewSet(RecordViewSet):
    """The recommendations of the reports, and what was answered to them."""

    serializer_class = RecommendationSerializer
    filterset_class = RecommendationFilters
    lookup_field = "slug"
    lookup_value_regex = SLUG

    def get_queryset(self):
        return Recommendation.objects.published()

    def for_reading(self, rows):
        return rows.for_reading()


class SectionViewSet(RecordViewSet):
    """The sections of the texts of plans and reports: a plan's own first, then its reports' by cut-off."""

    serializer_class = SectionSerializer
    filterset_class = SectionFilters
    lookup_field = "slug"
    lookup_value_regex = SLUG

    def get_queryset(self):
        return Section.objects.published()

    def for_reading(self, rows):
        return rows.for_reading()


class TermViewSet(RecordViewSet):
    """The glossary: words as a document defines them or, where none does, as this portal uses them."""

    serializer_class = TermSerializer
    filterset_class = TermFilters
    lookup_field = "slug"
    lookup_value_regex = SLUG

    def get_queryset(self):
        return Term.objects.all()

    def for_reading(self, rows):
        return rows.select_related("document")
