"""The lists of codes in the API."""

from dataclasses import dataclass

from django.http import Http404
from django.utils import translation
from rest_framework import serializers

from entities.models import Entity
from faces.api import COMMON_PARAMETERS, PAGE_PARAMETERS
from faces.filters import AsOf
from faces.serializers import ApiField, SourceSerializer
from faces.viewsets import SLUG, RecordViewSet
from plans.compliance import SCALE, Level
from plans.models import DeclaredFigure, Report, Section, Term
from record.models import Act, Change, Document
from record.text import Language

from ..codes import FINDING_LABELS
from ..file_kinds import FileKind
from ..filters import EVIDENCE_KINDS, LEVELS
from ..models import Assessment, CommitmentItem, Finding, Responsibility
from ..models.milestone import STATUS_LABELS


class CodeSerializer(serializers.Serializer):
    """A code of the portal's own with its label in both languages; it has no page and no source."""

    id = serializers.CharField(read_only=True)
    list = serializers.CharField(read_only=True)
    code = serializers.CharField(read_only=True)
    order = serializers.IntegerField(read_only=True)
    label = serializers.CharField(read_only=True)
    label_es = serializers.CharField(read_only=True)
    label_en = serializers.CharField(read_only=True)
    url = serializers.URLField(read_only=True, allow_null=True)
    api_url = ApiField("code-detail", "id")
    sources = SourceSerializer(many=True, read_only=True)


class LevelSerializer(CodeSerializer):
    """A level of completion; `is_on_scale` is true of the four of the scale, worst to best."""

    api_url = ApiField("level-detail", "code")
    is_on_scale = serializers.BooleanField(read_only=True)


@dataclass(frozen=True)
class Code:
    """A code of one of our lists."""

    list: str
    code: str
    order: int
    text: str

    url = None
    sources = ()

    @property
    def id(self):
        return f"{self.list}:{self.code}"

    @property
    def label(self):
        return str(self.text)

    @property
    def label_es(self):
        with translation.override("es"):
            return str(self.text)

    @property
    def label_en(self):
        with translation.override("en"):
            return str(self.text)

    @property
    def is_on_scale(self):
        return self.code in SCALE


def codes(name, choices):
    """Return the codes of a list of (code, label), in their order."""
    return [Code(name, str(code), order, label) for order, (code, label) in enumerate(choices, 1)]


def finding_codes():
    """Return the codes of the findings that the record has: measures, scales and values."""
    rows = Finding.objects.published()
    found = set(rows.values_list("measure", "scale", "value").order_by())
    lists = []
    for place, name in enumerate(("finding_measure", "finding_scale", "finding_value")):
        values = sorted({row[place] for row in found})
        lists += codes(name, [(value, FINDING_LABELS.get(value, value)) for value in values])
    return lists


class CodeViewSet(RecordViewSet):
    """Every code list of the portal, with both labels."""

    serializer_class = CodeSerializer
    is_kept = False
    lookup_field = "id"
    lookup_value_regex = f"{SLUG}:{SLUG}"

    def get_queryset(self):
        # Describing the API reads no data.
        findings = [] if getattr(self, "swagger_fake_view", False) else finding_codes()
        return [
            *codes("level", LEVELS),
            *codes("role", Responsibility.Role.choices),
            *codes("author", Report.Author.choices),
            *codes("stage", Report.Stage.choices),
            *codes("coverage", Report.Coverage.choices),
            *codes("entity_kind", Entity.Kind.choices),
            *codes("status", STATUS_LABELS),
            *codes("item_kind", CommitmentItem.Kind.choices),
            *codes("evidence_kind", EVIDENCE_KINDS),
            *codes("file_kind", FileKind.choices),
            *codes("document_kind", Document.Kind.choices),
            *codes("section_kind", Section.Kind.choices),
            *codes("term_kind", Term.Kind.choices),
            *codes("figure_measure", DeclaredFigure.Measure.choices),
            *codes("language", Language.choices),
            *codes("card_row", Assessment.ROWS.items()),
            *codes("act", Act.choices),
            *codes("action", Change.Action.choices),
            *findings,
        ]

    def filter_queryset(self, queryset):
        self.check_parameters(AsOf, (*COMMON_PARAMETERS, *PAGE_PARAMETERS), formats=("json", "csv"))
        return queryset

    def get_object(self):
        name = self.kwargs[self.lookup_field]
        try:
            return next(code for code in self.get_queryset() if getattr(code, self.lookup_field) == name)
        except StopIteration:
            raise Http404 from None


class LevelViewSet(CodeViewSet):
    """The seven levels of completion, the scale first."""

    serializer_class = LevelSerializer
    lookup_field = "code"
    lookup_value_regex = SLUG

    def get_queryset(self):
        return codes("level", Level.choices)
