"""Updates in the API."""

from django.db.models import Prefetch
from rest_framework import serializers

from faces.serializers import (
    BilingualField,
    RecordSerializer,
    StringField,
)
from faces.viewsets import RecordViewSet

from ..filters import (
    UpdateFilters,
)
from ..models import Update
from ..models.milestone import evidence_of
from .evidence import EvidenceSerializer
from .fields import CODE, optional_date


class UpdateSerializer(RecordSerializer):
    api_view, api_key = "update-detail", "code"

    id = serializers.CharField(source="code", read_only=True)
    milestone = serializers.CharField(source="milestone.code", read_only=True)
    commitment = serializers.CharField(source="milestone.commitment.code", read_only=True)
    plan = serializers.IntegerField(source="milestone.commitment.plan.number", read_only=True)
    as_of = serializers.DateField(read_only=True)
    percent = serializers.IntegerField(read_only=True, allow_null=True)
    status = serializers.ChoiceField(choices=Update.Status.values, read_only=True, allow_null=True)
    text = BilingualField()
    next = BilingualField()
    done_on = optional_date()
    done_as_printed = StringField()
    new_end_on = optional_date()
    new_end_as_printed = StringField()
    reason = BilingualField()
    source_letter = StringField()
    report = serializers.SlugField(source="report.slug", read_only=True, allow_null=True)
    corrects = serializers.CharField(source="replaced.code", read_only=True, allow_null=True)
    corrected_by = serializers.SerializerMethodField()
    evidence = EvidenceSerializer(many=True, read_only=True)

    def get_corrected_by(self, update) -> list[str]:
        return [correction.code for correction in update.public_corrections]


class UpdateViewSet(RecordViewSet):
    """The updates: what was said of one milestone on one date. A corrected one stays in the list."""

    serializer_class = UpdateSerializer
    filterset_class = UpdateFilters
    turns_on = ()
    lookup_field = "code"
    lookup_url_kwarg = "id"
    lookup_value_regex = f"{CODE}-[0-9]{{1,5}}-u[0-9]{{1,5}}"

    def get_queryset(self):
        return Update.objects.published()

    def for_reading(self, rows):
        return rows.select_related(
            "milestone__commitment__plan",
            "report",
            "document",
            "corrects__report__plan",
            "corrects__milestone__commitment__plan",
        ).prefetch_related(
            evidence_of(Update),
            Prefetch("corrections", Update.objects.published(), to_attr="public_corrections"),
        )
