"""Reports in the API."""

from django.db.models import Prefetch
from rest_framework import serializers

from entities.api import EntityLinkSerializer
from faces.serializers import (
    BilingualField,
    DocumentSerializer,
    RecordSerializer,
    StringField,
)
from faces.viewsets import SLUG, RecordViewSet

from ..compliance import Level
from ..filters import (
    ReportFilters,
)
from ..models import DeclaredFigure, Report
from ..tallies import completion_by_entity, for_entities
from .completion import CompletionSerializer, ThemeCompletionSerializer, add_completion_by_theme
from .figures import FigureSerializer


class EntityCompletionSerializer(serializers.Serializer):
    """The completion of what an entity leads or co-leads.

    Without an entity `name` is as printed; without either, no source names who leads these commitments.
    """

    entity = EntityLinkSerializer(read_only=True, allow_null=True)
    name = serializers.CharField(read_only=True, allow_null=True)
    completion = CompletionSerializer(read_only=True)


class TransitionSerializer(serializers.Serializer):
    """The commitments that went from one level to another; null is 'not assessed'."""

    def get_fields(self):
        level = {"choices": Level.values, "read_only": True, "allow_null": True}
        return {
            "from": serializers.ChoiceField(source="move.before", **level),
            "to": serializers.ChoiceField(source="move.after", **level),
            "count": serializers.IntegerField(source="move.count", read_only=True),
            "commitments": serializers.ListField(child=serializers.CharField(), read_only=True),
        }


class ReportSerializer(RecordSerializer):
    api_view = "report-detail"

    slug = serializers.SlugField(read_only=True)
    plan = serializers.IntegerField(source="plan.number", read_only=True)
    author = serializers.ChoiceField(choices=Report.Author.values, read_only=True)
    stage = serializers.ChoiceField(choices=Report.Stage.values, read_only=True)
    title = BilingualField()
    coverage = serializers.ChoiceField(choices=Report.Coverage.values, read_only=True)
    card_form = serializers.ListField(child=serializers.CharField(), read_only=True)
    cutoff_on = serializers.DateField(read_only=True)
    cutoff_as_printed = StringField()
    is_cutoff_inferred = serializers.BooleanField(read_only=True)
    published_on = serializers.DateField(read_only=True, allow_null=True)
    published_as_printed = StringField()
    document = DocumentSerializer(read_only=True)
    place = serializers.CharField(read_only=True)
    assessments_count = serializers.IntegerField(source="completion.assessed", read_only=True)
    completion = CompletionSerializer(read_only=True)
    by_theme = ThemeCompletionSerializer(many=True, read_only=True)
    by_entity = EntityCompletionSerializer(many=True, read_only=True)
    previous = serializers.SlugField(source="before.slug", read_only=True, allow_null=True)
    transitions = TransitionSerializer(many=True, read_only=True)
    figures = FigureSerializer(many=True, read_only=True)


class ReportViewSet(RecordViewSet):
    """The reports on the plans: how they judged, in all, by theme and by entity, and what had changed."""

    serializer_class = ReportSerializer
    filterset_class = ReportFilters
    turns_on = ()
    lookup_field = "slug"
    lookup_value_regex = SLUG

    def get_queryset(self):
        return Report.objects.published()

    def for_reading(self, rows):
        figures = DeclaredFigure.objects.published().for_reading()
        return for_entities(rows).prefetch_related(Prefetch("figures", figures))

    def prepare(self, rows):
        others = list(
            Report.objects.published()
            .filter(plan__in={report.plan_id for report in rows})
            .with_levels()
            .order_by("-cutoff_on", "slug")
        )
        for report in rows:
            add_completion_by_theme(report)
            report.by_entity = [
                {
                    "entity": None if isinstance(who, str) else who,
                    "name": who if isinstance(who, str) else None,
                    "completion": tally,
                }
                for who, tally in completion_by_entity(report).items()
            ]
            report.before = next((other for other in others if precedes(other, report)), None)
            codes = {commitment.pk: commitment.code for commitment in report.plan.said_commitments}
            # What moved is known only between reports whose levels the record holds.
            is_known = report.before and report.is_held and report.before.is_held
            report.transitions = [
                {"move": move, "commitments": [codes[pk] for pk in move.members]}
                for move in (report.transitions_since(report.before) if is_known else ())
            ]
        return rows


def precedes(other, report):
    """Tell whether a report is an earlier one of the same plan and author (as `Report.previous()`)."""
    return (
        other.plan_id == report.plan_id
        and other.author == report.author
        and other.cutoff_on < report.cutoff_on
    )
