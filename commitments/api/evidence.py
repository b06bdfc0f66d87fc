"""Evidence in the API."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from faces.serializers import BilingualField, DocumentSerializer, RecordSerializer
from faces.viewsets import RecordViewSet

from ..filters import (
    EvidenceFilters,
    of_owner,
)
from ..models import Evidence, Update
from ..models.evidence import OWNERS


class EvidenceSerializer(RecordSerializer):
    """A link that proves its one owner, of the `kind`: a milestone, update, assessment or commitment.

    `commitment` is the one that it belongs to in the end, whichever the `kind`.
    """

    api_view, api_key = "evidence-detail", "code"

    code = serializers.CharField(read_only=True)
    kind = serializers.SerializerMethodField()
    plan = serializers.SerializerMethodField()
    milestone = serializers.CharField(source="milestone.code", read_only=True, allow_null=True)
    update = serializers.CharField(source="update.code", read_only=True, allow_null=True)
    assessment = serializers.CharField(source="assessment.public_id", read_only=True, allow_null=True)
    commitment = serializers.SerializerMethodField()
    title = BilingualField()
    link = serializers.CharField(source="href", read_only=True)
    as_printed = serializers.CharField(source="url", read_only=True)
    document = DocumentSerializer(read_only=True)
    place = serializers.CharField(read_only=True)

    @extend_schema_field(serializers.ChoiceField(choices=OWNERS))
    def get_kind(self, evidence):
        return kind_of(evidence)

    def get_plan(self, evidence) -> int:
        return commitment_of(evidence).plan.number

    def get_commitment(self, evidence) -> str:
        return commitment_of(evidence).code

    def page_of(self, evidence):
        return owner_of(evidence).get_absolute_url()


def kind_of(evidence):
    """Return what an evidence proves: 'milestone', 'update', 'assessment' or 'commitment'."""
    return next(name for name in OWNERS if getattr(evidence, f"{name}_id"))


def owner_of(evidence):
    """Return the milestone, update, assessment or commitment that an evidence proves."""
    return getattr(evidence, kind_of(evidence))


def commitment_of(evidence):
    """Return the commitment that an evidence belongs to in the end."""
    owner = owner_of(evidence)
    if isinstance(owner, Update):
        owner = owner.milestone
    return getattr(owner, "commitment", owner)


def for_evidence(evidence):
    """Fetch what the API says of some evidence, in one query."""
    return evidence.select_related(
        "document",
        "commitment__plan",
        "milestone__commitment__plan",
        "update__milestone__commitment__plan",
        "assessment__report",
        "assessment__commitment__plan",
    )


class EvidenceViewSet(RecordViewSet):
    """The evidence: links that prove a milestone, an update, an assessment or a commitment."""

    serializer_class = EvidenceSerializer
    filterset_class = EvidenceFilters
    turns_on = ()
    lookup_field = "code"
    lookup_value_regex = "[-a-zA-Z0-9_:]+"

    def get_queryset(self):
        rows = Evidence.objects.published()
        return rows.order_by(of_owner("plan__number"), of_owner("number"), "pk")

    def for_reading(self, rows):
        return for_evidence(rows)
