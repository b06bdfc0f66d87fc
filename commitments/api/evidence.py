"""Evidence in the API."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from faces.addresses import absolute
from faces.serializers import BilingualField, DocumentSerializer, RecordSerializer, StringField
from faces.viewsets import RecordViewSet

from ..file_kinds import FileKind
from ..filters import (
    EvidenceFilters,
    of_owner,
)
from ..models import Evidence, Update
from ..models.evidence import OWNERS


class DownloadField(serializers.URLField):
    """The whole address of evidence: the link, or the download of a file; null where that was taken away."""

    def __init__(self, **kwargs):
        super().__init__(source="*", read_only=True, allow_null=True, **kwargs)

    def to_representation(self, evidence):
        if evidence.is_file and evidence.has_file:
            return absolute(self.context["request"], evidence.href)
        return evidence.href or None


class FileSerializer(serializers.Serializer):
    """A file that proves something; `url` and `name` are null once it was taken away."""

    url = DownloadField()
    name = StringField(source="file_name")
    kind = serializers.ChoiceField(source="file_kind", choices=FileKind.values, read_only=True)
    size = serializers.IntegerField(source="file_size", read_only=True)
    sha256 = serializers.CharField(read_only=True)

    def to_representation(self, evidence):
        return super().to_representation(evidence) if evidence.is_file else None


class LinkCheckSerializer(serializers.Serializer):
    """What came of visiting a link: `responds` is null where nobody can tell, such as of a certificate."""

    checked_on = serializers.DateField(read_only=True)
    responds = serializers.BooleanField(read_only=True, allow_null=True)
    responded_on = serializers.DateField(read_only=True, allow_null=True)
    failing_since = serializers.DateField(source="failing_since_on", read_only=True, allow_null=True)


class EvidenceSerializer(RecordSerializer):
    """A link or a file that proves its one owner, of the `kind`: milestone, update, assessment or commitment.

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
    link = DownloadField()
    as_printed = StringField(source="url")
    file = FileSerializer(source="*", read_only=True, allow_null=True)
    link_check = LinkCheckSerializer(source="check_of_link", read_only=True, allow_null=True)
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
        "link_check",
        "commitment__plan",
        "milestone__commitment__plan",
        "update__milestone__commitment__plan",
        "assessment__report",
        "assessment__commitment__plan",
    )


class EvidenceViewSet(RecordViewSet):
    """The evidence: links and files that prove a milestone, an update, an assessment or a commitment."""

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
