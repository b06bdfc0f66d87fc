"""Milestones in the API."""

from rest_framework import serializers

from entities.api import EntityLinkSerializer
from faces.serializers import (
    BilingualField,
    DocumentSerializer,
    ObjectSerializer,
    RecordSerializer,
    StringField,
)
from faces.viewsets import RecordViewSet

from ..filters import MilestoneFilters
from ..models import Milestone
from ..models.milestone import STATUS_LABELS
from .fields import CODE, days_field, optional_date, yes_no_field


class MilestoneResponsibleSerializer(ObjectSerializer):
    """A unit that answers for a milestone."""

    entity = EntityLinkSerializer(read_only=True, allow_null=True)
    name = StringField(source="name_as_printed")
    unit = BilingualField()
    document = DocumentSerializer(read_only=True)
    place = serializers.CharField(read_only=True)


class MilestoneSerializer(RecordSerializer):
    api_view, api_key = "milestone-detail", "code"

    code = serializers.CharField(read_only=True)
    commitment = serializers.CharField(source="commitment.code", read_only=True)
    plan = serializers.IntegerField(source="commitment.plan.number", read_only=True)
    order = serializers.IntegerField(source="number", read_only=True)
    activity = BilingualField()
    responsible = MilestoneResponsibleSerializer(many=True, read_only=True)
    responsible_unit = StringField(source="responsible_as_printed", help_text="As printed.")
    means_of_verification = BilingualField()
    note = BilingualField()
    starts_on = optional_date()
    starts_as_printed = StringField()
    ends_on = optional_date()
    ends_as_printed = StringField()
    due_on = optional_date(help_text="Its printed end or, without one, the first that was announced.")
    current_ends_on = optional_date(help_text="The end that was announced last, or else the due date.")
    status = serializers.ChoiceField(choices=[value for value, _label in STATUS_LABELS], read_only=True)
    status_on = optional_date(help_text="The day of that status; null where none was stated.")
    percent = serializers.IntegerField(read_only=True, allow_null=True)
    last_reported_on = optional_date()
    past_due, is_overdue, late_word_on = yes_no_field(), yes_no_field(), optional_date()
    days_late, days_late_current, days_past_due = days_field(), days_field(), days_field()
    evidence_count = serializers.SerializerMethodField()

    def get_evidence_count(self, milestone) -> int:
        of_updates = sum(len(update.evidence.all()) for update in milestone.updates_on)
        return len(milestone.evidence.all()) + of_updates


def for_milestones(milestones, on):
    """Fetch what the API says of some milestones on a date, in a fixed number of queries."""
    return milestones.for_reading(on).prefetch_related("responsible__document")


class MilestoneViewSet(RecordViewSet):
    """The milestones: the steps that are scheduled and proved."""

    serializer_class = MilestoneSerializer
    filterset_class = MilestoneFilters
    turns_on = ("states__from_on", "updates__as_of", "updates__corrects__as_of")
    growing_key = "days_past_due"
    lookup_field = "code"
    lookup_value_regex = f"{CODE}-[0-9]{{1,5}}"

    def get_queryset(self):
        return Milestone.objects.published()

    def for_reading(self, rows):
        return for_milestones(rows, self.on)
