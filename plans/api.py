"""Plans, reports, themes, documents, recommendations, sections, terms and figures in the API."""

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action

from entities.api import EntityLinkSerializer
from ogp_portal.common.filters import AsOf
from ogp_portal.common.serializers import (
    BilingualField,
    DocumentSerializer,
    LinkedSerializer,
    ObjectSerializer,
    RecordSerializer,
    StringField,
)
from ogp_portal.common.text import LANGUAGES
from ogp_portal.common.viewsets import RecordViewSet

from .compliance import Level
from .filters import (
    DocumentFilters,
    FigureFilters,
    RecommendationFilters,
    ReportFilters,
    SectionFilters,
    TermFilters,
    ThemeFilters,
)
from .models import DeclaredFigure, Document, Plan, Recommendation, Report, Section, Status, Term, Theme
from .tallies import completion_by_entity, for_entities

SLUG = "[-a-zA-Z0-9_]+"


class LevelCountsSerializer(serializers.Serializer):
    """A number for each of the seven levels."""

    def get_fields(self):
        return {level: serializers.IntegerField(read_only=True) for level in Level.values}


class LevelPercentsSerializer(serializers.Serializer):
    """Each level in per cent of the commitments assessed, one decimal; null where that would mislead."""

    def get_fields(self):
        return {level: serializers.FloatField(read_only=True, allow_null=True) for level in Level.values}


class CompletionSerializer(serializers.Serializer):
    """How many commitments stand at each level: `assessed` of `total`."""

    counts = LevelCountsSerializer(read_only=True)
    assessed = serializers.IntegerField(read_only=True)
    total = serializers.IntegerField(read_only=True)
    percent = LevelPercentsSerializer(read_only=True)


class ThemeLinkSerializer(LinkedSerializer):
    """A theme where another object names it."""

    slug = serializers.SlugField(read_only=True)
    name = BilingualField()


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
    commitments_count = serializers.IntegerField(read_only=True)
    milestones_count = serializers.SerializerMethodField(help_text="Null where the record holds none.")
    reports = ReportLinkSerializer(many=True, read_only=True)

    def get_milestones_count(self, plan) -> int | None:
        # The plan has milestones; a zero would say that it has not (rule 1).
        return plan.milestones_count or None


class ThemeCompletionSerializer(serializers.Serializer):
    """The completion of a theme; null is the row of the commitments without one, so that sums hold."""

    theme = ThemeLinkSerializer(read_only=True, allow_null=True)
    completion = CompletionSerializer(read_only=True)


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
    total = serializers.IntegerField(source="commitments_count", read_only=True)
    as_of = serializers.DateField(read_only=True, allow_null=True)
    reports = ComplianceReportSerializer(many=True, source="reports_on", read_only=True)


class ThemeSerializer(RecordSerializer):
    api_view = "theme-detail"

    slug = serializers.SlugField(read_only=True)
    plan = serializers.IntegerField(source="plan.number", read_only=True)
    order = serializers.IntegerField(read_only=True)
    name = BilingualField()

    def page_of(self, theme):
        return f"{reverse('commitments:commitment-list')}?theme={theme.slug}"


class ListingSerializer(serializers.Serializer):
    """Where a source lists a document, and the plan and the report that it counts it to."""

    listed_as = StringField()
    plan = serializers.SerializerMethodField(help_text="Null where it counts it to no plan.")
    report = serializers.SerializerMethodField(help_text="Null where it counts it to no report.")
    document = DocumentSerializer(read_only=True)
    place = serializers.CharField(read_only=True)

    def get_plan(self, listing) -> int | None:
        return listing.public_plan.number if listing.public_plan else None

    def get_report(self, listing) -> str | None:
        return listing.public_report.slug if listing.public_report else None


class DocumentRecordSerializer(RecordSerializer):
    """A document with all that is known of it: a source of the record, or a work that a source lists."""

    api_view = "document-detail"

    slug = serializers.SlugField(read_only=True)
    title = BilingualField()
    language = serializers.ChoiceField(choices=LANGUAGES, read_only=True)
    kind = serializers.ChoiceField(choices=Document.Kind.values, read_only=True)
    publisher = BilingualField()
    year = serializers.IntegerField(read_only=True, allow_null=True)
    published_on = serializers.DateField(read_only=True, allow_null=True)
    published_as_printed = StringField()
    link = StringField(source="url", help_text="The document's own address.")
    is_quoted = serializers.BooleanField(
        read_only=True, help_text="Whether the record quotes it, and does not only know of it."
    )
    listed_as = ListingSerializer(source="listings", many=True, read_only=True)


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


def add_completion_by_theme(report):
    """Add the rows `by_theme` to a report; a plan without themes has the one row without a theme."""
    rows = report.completion_by_theme().items()
    report.by_theme = [{"theme": theme, "completion": tally} for theme, tally in rows]


class PlanViewSet(RecordViewSet):
    """The action plans."""

    serializer_class = PlanSerializer
    lookup_field = "number"
    # More digits than a plan's number can have are no plan's number.
    lookup_value_regex = "[1-9][0-9]{0,4}"

    def get_queryset(self):
        return Plan.objects.published()

    def for_reading(self, rows):
        reports = Report.objects.as_of(None).order_by("cutoff_on", "slug")
        return (
            rows.with_counts()
            # Counting takes the order of the model away.
            .order_by("number")
            .select_related("coordinator", "document")
            .prefetch_related("periods__document", "further_sources__document", Prefetch("reports", reports))
        )

    @action(detail=True, filterset_class=AsOf, serializer_class=PlanComplianceSerializer)
    def compliance(self, request, number):
        """What each report on the plan judged."""
        self.check_object_parameters()
        plan = get_object_or_404(self.for_reading(self.get_queryset()), number=number)
        plan.as_of = self.on
        reports = Report.objects.as_of(self.on).filter(plan=plan)
        plan.reports_on = list(reports.for_tally().order_by("cutoff_on", "slug"))
        for report in plan.reports_on:
            add_completion_by_theme(report)
        return self.answer(plan, PlanComplianceSerializer)


class ReportViewSet(RecordViewSet):
    """The reports on the plans: how they judged, in all, by theme and by entity, and what had changed."""

    serializer_class = ReportSerializer
    filterset_class = ReportFilters
    lookup_field = "slug"
    lookup_value_regex = SLUG

    def get_queryset(self):
        return Report.objects.as_of(None)

    def for_reading(self, rows):
        figures = DeclaredFigure.objects.published().for_reading()
        return for_entities(rows).prefetch_related(Prefetch("figures", figures))

    def prepare(self, rows):
        others = list(
            Report.objects.as_of(None)
            .filter(plan__in={report.plan_id for report in rows})
            .prefetch_related("assessments")
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
            codes = {commitment.pk: commitment.code for commitment in report.plan.commitments.all()}
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


class ThemeViewSet(RecordViewSet):
    """The themes, by which some plans group their commitments."""

    serializer_class = ThemeSerializer
    filterset_class = ThemeFilters
    lookup_field = "slug"
    lookup_value_regex = SLUG

    def get_queryset(self):
        return Theme.objects.filter(plan__status=Status.PUBLISHED)

    def for_reading(self, rows):
        return rows.select_related("plan", "document")


class DocumentViewSet(RecordViewSet):
    """The documents: the sources of the record, and the works that they list."""

    serializer_class = DocumentRecordSerializer
    filterset_class = DocumentFilters
    lookup_field = "slug"
    lookup_value_regex = SLUG

    def get_queryset(self):
        return Document.objects.all()

    def for_reading(self, rows):
        return rows.for_reading()


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


class FigureViewSet(RecordViewSet):
    """The figures that documents print, beside what this record adds up to."""

    serializer_class = FigureSerializer
    filterset_class = FigureFilters
    lookup_field = "slug"
    lookup_value_regex = SLUG

    def get_queryset(self):
        return DeclaredFigure.objects.published()

    def for_reading(self, rows):
        return rows.for_reading()
