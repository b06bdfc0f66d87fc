"""Plans in the API, with their compliance."""

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.decorators import action

from entities.api import EntityLinkSerializer
from faces.filters import AsOf
from faces.serializers import (
    BilingualField,
    DocumentSerializer,
    LinkedSerializer,
    ObjectSerializer,
    RecordSerializer,
    StringField,
)
from faces.viewsets import RecordViewSet

from ..models import Plan, Report
from .completion import CompletionSerializer, ThemeCompletionSerializer, add_completion_by_theme
from .totals import LatenessSerializer, ProgressSerializer, add_totals


class ReportLinkSerializer(LinkedSerializer):
    """A report where its plan names it."""

    slug = serializers.SlugField(read_only=True)
    title = BilingualField()
    author = serializers.ChoiceField(choices=Report.Author.values, read_only=True)
    stage = serializers.ChoiceField(choices=Report.Stage.values, read_only=True)
    coverage = serializers.ChoiceField(choices=Report.Coverage.values, read_only=True)
    cutoff_on = serializers.DateField(read_only=True)


class PeriodSerializer(serializers.Serializer):
    """The period of a plan as one source prints it."""

    starts_on = serializers.DateField(read_only=True, allow_null=True)
    ends_on = serializers.DateField(read_only=True, allow_null=True)
    as_printed = serializers.CharField(read_only=True)
    document = DocumentSerializer(read_only=True)
    place = serializers.CharField(read_only=True)


class ApprovalSerializer(ObjectSerializer):
    """The norm that approved a plan, and when."""

    norm = BilingualField("approval_norm")
    approved_on = serializers.DateField(read_only=True, allow_null=True)
    approved_as_printed = StringField()


class PlanSerializer(RecordSerializer):
    api_view, api_key = "plan-detail", "number"

    number = serializers.IntegerField(read_only=True)
    roman = serializers.CharField(read_only=True)
    title = BilingualField()
    starts_on = serializers.DateField(read_only=True, allow_null=True)
    ends_on = serializers.DateField(read_only=True, allow_null=True)
    periods = PeriodSerializer(many=True, read_only=True)
    approval = ApprovalSerializer(source="*", read_only=True)
    coordinator = EntityLinkSerializer(read_only=True, allow_null=True)
    followed_until = serializers.DateField(read_only=True, allow_null=True)
    commitments_count = serializers.SerializerMethodField(help_text="Null where the record holds none.")
    milestones_count = serializers.SerializerMethodField(help_text="Null where the record holds none.")
    reports = ReportLinkSerializer(many=True, read_only=True)
    lateness = LatenessSerializer(read_only=True, allow_null=True)
    progress = ProgressSerializer(read_only=True, allow_null=True)

    def get_commitments_count(self, plan) -> int | None:
        # The plan has commitments; a zero would say that it has not (rule 1). What documents print stands in
        # `figures/`.
        return plan.commitments_count or None

    def get_milestones_count(self, plan) -> int | None:
        return plan.milestones_count or None


class ComplianceReportSerializer(serializers.Serializer):
    """The completion that one report found."""

    report = serializers.SlugField(source="slug", read_only=True)
    author = serializers.ChoiceField(choices=Report.Author.values, read_only=True)
    stage = serializers.ChoiceField(choices=Report.Stage.values, read_only=True)
    cutoff_on = serializers.DateField(read_only=True)
    coverage = serializers.ChoiceField(choices=Report.Coverage.values, read_only=True)
    completion = CompletionSerializer(read_only=True)
    by_theme = ThemeCompletionSerializer(many=True, read_only=True)


class PlanComplianceSerializer(RecordSerializer):
    """The completion of a plan, report by report, the earliest first."""

    api_view, api_key = "plan-compliance", "number"

    plan = serializers.IntegerField(source="number", read_only=True)
    total = serializers.SerializerMethodField(help_text="Null where the record holds no commitment of it.")
    as_of = serializers.DateField(read_only=True, allow_null=True)
    reports = ComplianceReportSerializer(many=True, source="reports_on", read_only=True)

    def get_total(self, plan) -> int | None:
        return plan.commitments_count or None


class PlanViewSet(RecordViewSet):
    """The action plans."""

    serializer_class = PlanSerializer
    turns_on = (
        *("starts_on", "reports__cutoff_on"),
        *("commitments__in_plan_from", "commitments__states__from_on"),
    )
    lookup_field = "number"
    # More digits than a plan's number can have are no plan's number.
    lookup_value_regex = "[1-9][0-9]{0,4}"

    def get_queryset(self):
        return Plan.objects.published()

    def for_reading(self, rows):
        reports = Report.objects.as_of(self.on).order_by("cutoff_on", "slug")
        return (
            rows.with_counts()
            # Counting takes the order of the model away.
            .order_by("number")
            .select_related("coordinator", "document")
            .prefetch_related("periods__document", "further_sources__document", Prefetch("reports", reports))
        )

    def prepare(self, rows):
        return add_totals(rows, self.on)

    @action(detail=True, filterset_class=AsOf, serializer_class=PlanComplianceSerializer)
    def compliance(self, request, number):
        """What each report on the plan judged."""
        self.check_object_parameters()
        return self.at_address(lambda: self.compliance_of(number), number=number)

    def compliance_of(self, number):
        """Answer with the compliance of a plan on the date that is asked for."""
        plan = get_object_or_404(self.for_reading(self.get_queryset()), number=number)
        plan.as_of = self.on if self.reading.is_asked else None
        reports = Report.objects.as_of(self.on).filter(plan=plan)
        plan.reports_on = list(reports.for_tally().order_by("cutoff_on", "slug"))
        for report in plan.reports_on:
            add_completion_by_theme(report)
        return self.answer(plan, PlanComplianceSerializer)
