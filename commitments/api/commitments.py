"""Commitments in the API."""

from django.db.models import Q, prefetch_related_objects
from django.shortcuts import get_object_or_404
from django.urls import reverse
from rest_framework import serializers

from entities.api import EntityLinkSerializer
from faces.addresses import redirect_with_query
from faces.serializers import (
    BilingualField,
    DocumentSerializer,
    ObjectSerializer,
    RecordSerializer,
    StringField,
)
from faces.viewsets import RecordViewSet
from plans.api import ProgressSerializer, ThemeLinkSerializer
from plans.models import Recommendation, Report
from record.text import LANGUAGES

from ..filters import CommitmentFilters
from ..models import Assessment, Commitment, CommitmentItem, Evidence, Responsibility, Update
from ..state import OWN, PLAN, REPORT
from .assessments import AssessmentSerializer, add_findings, for_cards
from .evidence import EvidenceSerializer, for_evidence
from .fields import (
    CODE,
    FindingSerializer,
    days_field,
    level_field,
    optional_date,
    public_findings,
    yes_no_field,
)
from .milestones import MilestoneSerializer, for_milestones
from .policy_areas import PolicyAreaLinkSerializer


class ResponsibilitySerializer(ObjectSerializer):
    """What an institution has to do with a commitment. `report` null: the plan itself says so."""

    role = serializers.ChoiceField(choices=Responsibility.Role.values, read_only=True)
    entity = EntityLinkSerializer(read_only=True, allow_null=True)
    name = StringField(source="name_as_printed")
    unit = BilingualField()
    report = serializers.SlugField(source="report.slug", read_only=True, allow_null=True)
    document = DocumentSerializer(read_only=True)
    place = serializers.CharField(read_only=True)


class LevelShownSerializer(serializers.Serializer):
    """A level that a report judged, with its author and date."""

    level = level_field()
    level_label = serializers.CharField(source="get_level_display", read_only=True)
    report = serializers.SlugField(source="report.slug", read_only=True)
    author = serializers.ChoiceField(source="report.author", choices=Report.Author.values, read_only=True)
    as_of = serializers.DateField(source="report.cutoff_on", read_only=True)


class CommitmentSerializer(RecordSerializer):
    api_view, api_key = "commitment-detail", "code"

    code = serializers.CharField(read_only=True)
    plan = serializers.IntegerField(source="plan.number", read_only=True)
    number = serializers.IntegerField(read_only=True)
    label = StringField()
    ogp_id = StringField()
    title = BilingualField()
    theme = ThemeLinkSerializer(read_only=True, allow_null=True)
    policy_areas = PolicyAreaLinkSerializer(many=True, read_only=True)
    responsibilities = ResponsibilitySerializer(many=True, read_only=True)
    starts_on = optional_date()
    ends_on = optional_date()
    current_ends_on = optional_date()
    in_plan_from = optional_date(help_text="Where a norm added it to a plan in force: its first day in it.")
    in_plan_until = optional_date(
        help_text="Where a norm took it out of a plan in force: its last day in it."
    )
    in_plan_norm = DocumentSerializer(read_only=True, allow_null=True)
    in_plan_place = StringField(help_text="The place in that norm.")
    is_to_come = serializers.BooleanField(
        read_only=True, help_text="On the day asked its plan had not begun, or it was not in it yet."
    )
    is_starred = serializers.BooleanField(read_only=True, allow_null=True)
    completion = LevelShownSerializer(source="shown", read_only=True, allow_null=True)
    levels = LevelShownSerializer(source="latest_by_author", many=True, read_only=True)
    differ = serializers.BooleanField(read_only=True)
    due_on = optional_date()
    due_from = serializers.ChoiceField(
        choices=[OWN, REPORT, PLAN],
        read_only=True,
        allow_null=True,
        help_text="Where the due date comes from: its own printed end, a report, or the end of its plan.",
    )
    past_due, is_overdue, late_word_on = yes_no_field(), yes_no_field(), optional_date()
    days_late, days_late_current, days_past_due = days_field(), days_field(), days_field()
    progress = ProgressSerializer(
        source="counted_progress",
        read_only=True,
        allow_null=True,
        help_text="Null without milestones, and of what is to come: it is in no count.",
    )


class TitleSerializer(serializers.Serializer):
    """Another title that a document prints for a commitment."""

    title = serializers.CharField(read_only=True)
    language = serializers.ChoiceField(choices=LANGUAGES, read_only=True)
    document = DocumentSerializer(read_only=True)
    place = serializers.CharField(read_only=True)


class ItemSerializer(ObjectSerializer):
    """A final product, an outcome indicator or a footnote of a commitment's record."""

    kind = serializers.ChoiceField(choices=CommitmentItem.Kind.values, read_only=True)
    order = serializers.IntegerField(read_only=True)
    text = BilingualField()
    document = DocumentSerializer(read_only=True)
    place = serializers.CharField(read_only=True)


class CommitmentDetailSerializer(CommitmentSerializer):
    """A commitment with its texts, milestones, assessments and evidence."""

    ogp_url = StringField(help_text="The OGP's own page of the commitment; null without an id there.")
    period_as_printed = StringField()
    problem = BilingualField()
    description = BilingualField()
    contribution = BilingualField()
    relevance = BilingualField()
    titles = TitleSerializer(many=True, read_only=True)
    items = ItemSerializer(many=True, read_only=True)
    milestones = MilestoneSerializer(source="full_milestones", many=True, read_only=True)
    assessments = AssessmentSerializer(source="full_assessments", many=True, read_only=True)
    findings = FindingSerializer(source="public_findings", many=True, read_only=True)
    evidence = EvidenceSerializer(source="all_evidence", many=True, read_only=True)
    recommendations = serializers.ListField(source="followed", child=serializers.CharField(), read_only=True)
    observations = serializers.SerializerMethodField()

    def get_observations(self, commitment) -> list[dict]:
        return []


class CommitmentViewSet(RecordViewSet):
    """The commitments: what the State promised, and what was judged of it."""

    serializer_class = CommitmentSerializer
    detail_serializer_class = CommitmentDetailSerializer
    filterset_class = CommitmentFilters
    turns_on = ("states__from_on", "level_states__from_on", "plan__starts_on", "in_plan_from")
    growing_key = "days_past_due"
    lookup_field = "code"
    # The OGP's own id is an alias, in lower case too.
    lookup_value_regex = f"(?:{CODE}|[A-Za-z]{{2}}[0-9]{{4}})"

    def get_queryset(self):
        return Commitment.objects.published()

    def for_reading(self, rows):
        return rows.for_reading(self.on)

    def retrieve(self, request, *args, code, **kwargs):
        if code[0].isalpha():
            commitment = get_object_or_404(Commitment.everything.readable(), ogp_id=code.upper())
            return redirect_with_query(request, reverse("api:commitment-detail", args=[commitment.code]))
        return super().retrieve(request, *args, **kwargs)

    def get_object(self):
        """Return the commitment with the lists that only its own page shows."""
        commitment = super().get_object()
        cards = Assessment.objects.as_of(self.on).filter(commitment=commitment)
        updates = Update.objects.as_of(self.on).filter(milestone__commitment=commitment)
        commitment.full_milestones = for_milestones(commitment.milestones, self.on)
        commitment.full_assessments = add_findings(for_cards(cards))
        commitment.public_findings = public_findings(commitment.findings, self.on)
        commitment.all_evidence = for_evidence(
            Evidence.objects.published().filter(
                Q(commitment=commitment)
                | Q(milestone__commitment=commitment)
                | Q(assessment__in=cards)
                | Q(update__in=updates)
            )
        )
        followed = Recommendation.objects.published().filter(commitments=commitment)
        commitment.followed = followed.values_list("slug", flat=True)
        prefetch_related_objects([commitment], "titles__document", "items__document")
        return commitment
