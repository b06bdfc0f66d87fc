"""Assessments in the API."""

from django.db.models import Prefetch
from rest_framework import serializers

from faces.serializers import (
    RecordSerializer,
    StringField,
)
from faces.viewsets import SLUG, RecordViewSet
from plans.models import Report
from record.text import LANGUAGES

from ..filters import AssessmentFilters
from ..models import Assessment, Finding
from .fields import CODE, FindingSerializer, level_field, optional_date


class CardRowField(serializers.CharField):
    """The text of a row of the card: null where the card has no such row, '' where it is blank (rule 9)."""

    def __init__(self, row, **kwargs):
        self.row = row
        super().__init__(source="*", read_only=True, allow_null=True, **kwargs)

    def to_representation(self, card):
        is_quoted = self.row == "delay_reason" and card.quotes_reason
        is_there = card.has_card and (is_quoted or card.row_state(self.row) != "absent")
        return getattr(card, self.row) if is_there else None


class AssessmentSerializer(RecordSerializer):
    """A report's card for a commitment, in the report's `language`.

    Of the card's rows, null is one that the card has not, and '' one that is blank on it.
    """

    api_view, api_key = "assessment-detail", "public_id"

    id = serializers.CharField(source="public_id", read_only=True)
    report = serializers.SlugField(source="report.slug", read_only=True)
    author = serializers.ChoiceField(source="report.author", choices=Report.Author.values, read_only=True)
    as_of = serializers.DateField(source="report.cutoff_on", read_only=True)
    plan = serializers.IntegerField(source="report.plan.number", read_only=True)
    commitment = serializers.CharField(source="commitment.code", read_only=True)
    level = level_field()
    level_label = serializers.CharField(source="get_level_display", read_only=True)
    level_as_printed = StringField()
    has_card = serializers.BooleanField(read_only=True)
    language = serializers.ChoiceField(source="report.language", choices=LANGUAGES, read_only=True)
    delay_reason_from = StringField(
        help_text="The row that the reason is quoted from; null where it is a row of its own."
    )
    new_end_on = optional_date()
    findings = FindingSerializer(many=True, read_only=True)

    def get_fields(self):
        fields = super().get_fields()
        rows = {row: CardRowField(row) for row in Assessment.ROWS}
        last = ("delay_reason_from", "new_end_on", "findings", "url", "api_url", "sources")
        return (
            {name: field for name, field in fields.items() if name not in last}
            | rows
            | {name: fields[name] for name in last}
        )


def for_cards(cards):
    """Fetch what `add_findings()` and the serializer read of some assessments."""
    return cards.select_related(
        "report__plan", "report__document", "commitment", "document"
    ).prefetch_related(Prefetch("commitment__findings", Finding.objects.select_related("report", "document")))


def add_findings(cards):
    """Add to each assessment the findings that its own report made on its commitment; return them."""
    for card in cards:
        card.findings = [row for row in card.commitment.findings.all() if row.report_id == card.report_id]
    return cards


class AssessmentViewSet(RecordViewSet):
    """The assessments: what one report judged of one commitment."""

    serializer_class = AssessmentSerializer
    filterset_class = AssessmentFilters
    turns_on = ()
    lookup_url_kwarg = "id"
    lookup_value_regex = f"{SLUG}:{CODE}"

    def get_queryset(self):
        return Assessment.objects.published()

    def for_reading(self, rows):
        return for_cards(rows)

    def prepare(self, rows):
        return add_findings(rows)

    def lookup(self):
        report, code = self.kwargs["id"].split(":")
        return {"report__slug": report, "commitment__code": code}
