"""Commitments, milestones, assessments, updates, evidence, entities and the code lists in the API."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Prefetch, Q, prefetch_related_objects
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import translation
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from entities.api import EntityLinkSerializer, EntitySerializer
from entities.filters import EntityFilters
from entities.models import Entity
from ogp_portal.common.api import COMMON_PARAMETERS, PAGE_PARAMETERS
from ogp_portal.common.serializers import (
    ApiField,
    BilingualField,
    DocumentSerializer,
    LinkedSerializer,
    ObjectSerializer,
    RecordSerializer,
    SourceSerializer,
    StringField,
)
from ogp_portal.common.text import LANGUAGES, Language
from ogp_portal.common.viewsets import RecordViewSet, redirect_with_query
from plans.api import CompletionSerializer, ThemeLinkSerializer
from plans.compliance import SCALE, Level
from plans.models import DeclaredFigure, Document, Recommendation, Report, Section, Status, Term
from plans.tallies import completion_by_entity, for_entities

from .codes import FINDING_LABELS
from .filters import (
    EVIDENCE_KINDS,
    LEVELS,
    AssessmentFilters,
    CommitmentFilters,
    EvidenceFilters,
    MilestoneFilters,
    UpdateFilters,
    of_owner,
)
from .models import (
    Assessment,
    Commitment,
    CommitmentItem,
    Evidence,
    Finding,
    Milestone,
    PolicyArea,
    Progress,
    Responsibility,
    Update,
)
from .models.commitment import plans_by_institutions, stated_publicly
from .models.evidence import OWNERS
from .models.milestone import STATUS_LABELS

CODE = "[0-9]{1,5}-[0-9]{1,5}"
SLUG = "[-a-zA-Z0-9_]+"


def level_field(**kwargs):
    return serializers.ChoiceField(choices=Level.values, read_only=True, **kwargs)


def optional_date(**kwargs):
    return serializers.DateField(read_only=True, allow_null=True, **kwargs)


class PolicyAreaLinkSerializer(LinkedSerializer):
    """A policy area where a commitment names it."""

    slug = serializers.SlugField(read_only=True)
    name = BilingualField()


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


class ProgressSerializer(serializers.Serializer):
    """What milestones say: never mixed with completion, which reports judge."""

    total = serializers.IntegerField(read_only=True)
    complete = serializers.IntegerField(read_only=True)
    overdue = serializers.IntegerField(read_only=True)
    unreported = serializers.IntegerField(read_only=True)
    unknown = serializers.IntegerField(
        read_only=True, help_text="Past due, and nobody reported a state: neither overdue nor in time."
    )


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
    is_starred = serializers.BooleanField(read_only=True, allow_null=True)
    completion = LevelShownSerializer(source="shown", read_only=True, allow_null=True)
    levels = LevelShownSerializer(source="latest_by_author", many=True, read_only=True)
    differ = serializers.BooleanField(read_only=True)
    progress = ProgressSerializer(read_only=True, allow_null=True)


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
    current_ends_on = optional_date()
    status = serializers.ChoiceField(choices=[value for value, _label in STATUS_LABELS], read_only=True)
    percent = serializers.IntegerField(read_only=True, allow_null=True)
    last_reported_on = optional_date()
    is_overdue = serializers.BooleanField(read_only=True, allow_null=True)
    days_late = serializers.IntegerField(read_only=True, allow_null=True)
    days_late_current = serializers.IntegerField(read_only=True, allow_null=True)
    evidence_count = serializers.SerializerMethodField()

    def get_evidence_count(self, milestone) -> int:
        of_updates = sum(len(update.evidence.all()) for update in milestone.updates_on)
        return len(milestone.evidence.all()) + of_updates


class FindingSerializer(serializers.Serializer):
    """A value of the IRM's coding, or a star, on the scale of its time."""

    measure = serializers.CharField(read_only=True)
    scale = serializers.CharField(read_only=True)
    value = serializers.CharField(read_only=True)
    value_as_printed = StringField()
    report = serializers.SlugField(source="report.slug", read_only=True, allow_null=True)
    document = DocumentSerializer(read_only=True)
    place = serializers.CharField(read_only=True)


class CardRowField(serializers.CharField):
    """The text of a row of the card: null where the card has no such row, '' where it is blank (rule 9)."""

    def __init__(self, row, **kwargs):
        self.row = row
        super().__init__(source="*", read_only=True, allow_null=True, **kwargs)

    def to_representation(self, card):
        is_there = card.has_card and card.row_state(self.row) != "absent"
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
    new_end_on = optional_date()
    findings = FindingSerializer(many=True, read_only=True)

    def get_fields(self):
        fields = super().get_fields()
        rows = {row: CardRowField(row) for row in Assessment.ROWS}
        last = ("new_end_on", "findings", "url", "api_url", "sources")
        return (
            {name: field for name, field in fields.items() if name not in last}
            | rows
            | {name: fields[name] for name in last}
        )


class EvidenceSerializer(RecordSerializer):
    """A link that proves its one owner, of the `kind`: a milestone, update, assessment or commitment."""

    api_view, api_key = "evidence-detail", "code"

    code = serializers.CharField(read_only=True)
    kind = serializers.SerializerMethodField()
    plan = serializers.SerializerMethodField()
    milestone = serializers.CharField(source="milestone.code", read_only=True, allow_null=True)
    update = serializers.CharField(source="update.code", read_only=True, allow_null=True)
    assessment = serializers.CharField(source="assessment.public_id", read_only=True, allow_null=True)
    commitment = serializers.CharField(source="commitment.code", read_only=True, allow_null=True)
    title = BilingualField()
    link = serializers.CharField(source="href", read_only=True)
    as_printed = serializers.CharField(source="url", read_only=True)
    document = DocumentSerializer(read_only=True)
    place = serializers.CharField(read_only=True)

    @extend_schema_field(serializers.ChoiceField(choices=OWNERS))
    def get_kind(self, evidence):
        return kind_of(evidence)

    def get_plan(self, evidence) -> int:
        owner = owner_of(evidence)
        if isinstance(owner, Update):
            owner = owner.milestone
        return getattr(owner, "commitment", owner).plan.number

    def page_of(self, evidence):
        return owner_of(evidence).get_absolute_url()


def kind_of(evidence):
    """Return what an evidence proves: 'milestone', 'update', 'assessment' or 'commitment'."""
    return next(name for name in OWNERS if getattr(evidence, f"{name}_id"))


def owner_of(evidence):
    """Return the milestone, update, assessment or commitment that an evidence proves."""
    return getattr(evidence, kind_of(evidence))


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
    done_on = optional_date()
    done_as_printed = StringField()
    new_end_on = optional_date()
    new_end_as_printed = StringField()
    reason = BilingualField()
    source_letter = StringField()
    report = serializers.SlugField(source="report.slug", read_only=True, allow_null=True)
    corrects = serializers.CharField(source="corrects.code", read_only=True, allow_null=True)
    corrected_by = serializers.SerializerMethodField()
    evidence = EvidenceSerializer(many=True, read_only=True)

    def get_corrected_by(self, update) -> list[str]:
        return [correction.code for correction in update.public_corrections]


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


class RoleCountsSerializer(serializers.Serializer):
    """The number of commitments in each role; a commitment counts once for each."""

    def get_fields(self):
        return {role: serializers.IntegerField(read_only=True) for role in Responsibility.Role.values}


class ReportCompletionSerializer(serializers.Serializer):
    """What a report judged of the commitments that an entity leads or co-leads."""

    report = serializers.SlugField(read_only=True)
    completion = CompletionSerializer(read_only=True)


class EntityStandingSerializer(EntitySerializer):
    """An entity with what it promised: its commitments, their completion and their progress."""

    commitments_count = RoleCountsSerializer(read_only=True)
    plans_covered = serializers.ListField(
        child=serializers.IntegerField(),
        read_only=True,
        help_text="The plans of which a source names institutions: the totals are of these.",
    )
    by_report = ReportCompletionSerializer(many=True, read_only=True)
    progress = ProgressSerializer(read_only=True, allow_null=True)


class PolicyAreaSerializer(RecordSerializer):
    api_view = "policy-area-detail"

    slug = serializers.SlugField(read_only=True)
    name = BilingualField()

    def page_of(self, area):
        return f"{reverse('commitments:commitment-list')}?policy_area={area.slug}"


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


class CommitmentViewSet(RecordViewSet):
    """The commitments: what the State promised, and what was judged of it."""

    serializer_class = CommitmentSerializer
    detail_serializer_class = CommitmentDetailSerializer
    filterset_class = CommitmentFilters
    lookup_field = "code"
    # The OGP's own id is an alias.
    lookup_value_regex = f"(?:{CODE}|[A-Z]{{2}}[0-9]{{4}})"

    def get_queryset(self):
        return Commitment.objects.published()

    def for_reading(self, rows):
        return rows.for_reading(self.on)

    def retrieve(self, request, *args, code, **kwargs):
        if code[0].isalpha():
            commitment = get_object_or_404(Commitment.objects.published(), ogp_id=code)
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
            Evidence.objects.filter(
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


def public_findings(findings, on=None):
    """Keep the findings of no report, or of a published one with a cut-off up to a date."""
    public = Q(report=None) | Q(report__in=Report.objects.as_of(on))
    return findings.filter(public).select_related("report", "document")


def for_milestones(milestones, on):
    """Fetch what the API says of some milestones on a date, in a fixed number of queries."""
    return milestones.for_reading(on).prefetch_related("responsible__document")


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


class MilestoneViewSet(RecordViewSet):
    """The milestones: the steps that are scheduled and proved."""

    serializer_class = MilestoneSerializer
    filterset_class = MilestoneFilters
    lookup_field = "code"
    lookup_value_regex = f"{CODE}-[0-9]{{1,5}}"

    def get_queryset(self):
        return Milestone.objects.published()

    def for_reading(self, rows):
        return for_milestones(rows, self.on)


class AssessmentViewSet(RecordViewSet):
    """The assessments: what one report judged of one commitment."""

    serializer_class = AssessmentSerializer
    filterset_class = AssessmentFilters
    lookup_url_kwarg = "id"
    lookup_value_regex = f"{SLUG}:{CODE}"

    def get_queryset(self):
        return Assessment.objects.as_of()

    def for_reading(self, rows):
        return for_cards(rows)

    def prepare(self, rows):
        return add_findings(rows)

    def lookup(self):
        report, code = self.kwargs["id"].split(":")
        return {"report__slug": report, "commitment__code": code}


class UpdateViewSet(RecordViewSet):
    """The updates: what was said of one milestone on one date. A corrected one stays in the list."""

    serializer_class = UpdateSerializer
    filterset_class = UpdateFilters
    lookup_field = "code"
    lookup_url_kwarg = "id"
    lookup_value_regex = f"{CODE}-[0-9]{{1,5}}-u[0-9]{{1,5}}"

    def get_queryset(self):
        return Update.objects.published()

    def for_reading(self, rows):
        return rows.select_related(
            "milestone__commitment__plan", "report", "corrects", "document"
        ).prefetch_related(
            Prefetch("evidence", Evidence.objects.select_related("document")),
            Prefetch("corrections", Update.objects.published(), to_attr="public_corrections"),
        )


class EvidenceViewSet(RecordViewSet):
    """The evidence: links that prove a milestone, an update, an assessment or a commitment."""

    serializer_class = EvidenceSerializer
    filterset_class = EvidenceFilters
    lookup_field = "code"
    lookup_value_regex = "[-a-zA-Z0-9_:]+"

    def get_queryset(self):
        rows = Evidence.objects.published()
        return rows.order_by(of_owner("plan__number"), of_owner("number"), "pk")

    def for_reading(self, rows):
        return for_evidence(rows)


class EntityViewSet(RecordViewSet):
    """The entities: who promised, who helped, and how it went."""

    serializer_class = EntityStandingSerializer
    filterset_class = EntityFilters
    lookup_field = "slug"
    lookup_value_regex = SLUG

    def get_queryset(self):
        return Entity.objects.all()

    def for_reading(self, rows):
        return rows.select_related("parent", "succeeded_by").prefetch_related("names__document")

    def prepare(self, rows):
        add_standing(rows)
        for entity in rows:
            # An entity has no source of its own: its names say where it stands.
            places = {(name.document_id, name.place): name for name in entity.names.all()}
            entity.sources = list(places.values())
        return rows


def add_standing(entities):
    """Add what some entities promised: `commitments_count` by role, `by_report`, `progress`, `plans_covered`.

    A report of which the record holds no level says nothing of them, and is left out.
    """
    found = {entity.pk: entity for entity in entities}
    covered = [plan.number for plan in plans_by_institutions()[0]]
    members = defaultdict(set)
    rows = Responsibility.objects.filter(
        stated_publicly(), entity__in=found, commitment__plan__status=Status.PUBLISHED
    )
    for entity, role, commitment in rows.values_list("entity", "role", "commitment").order_by():
        members[entity, role].add(commitment)
    led = {pk: set().union(*(members[pk, role] for role in Responsibility.LEADING)) for pk in found}
    milestones = defaultdict(list)
    for milestone in Milestone.objects.filter(commitment__in=set().union(*led.values())).with_state():
        milestones[milestone.commitment_id].append(milestone)
    for pk, entity in found.items():
        entity.commitments_count = {role: len(members[pk, role]) for role in Responsibility.Role.values}
        entity.progress = Progress.of(row for commitment in led[pk] for row in milestones[commitment])
        entity.plans_covered = covered
        entity.by_report = []
    for report in for_entities(Report.objects.as_of(None).held()):
        for who, tally in completion_by_entity(report).items():
            if isinstance(who, Entity) and who.pk in found:
                found[who.pk].by_report.append({"report": report.slug, "completion": tally})


class PolicyAreaViewSet(RecordViewSet):
    """The policy areas: tags that the OGP gives to commitments."""

    serializer_class = PolicyAreaSerializer
    lookup_field = "slug"
    lookup_value_regex = SLUG

    def get_queryset(self):
        return PolicyArea.objects.all()

    def for_reading(self, rows):
        return rows.select_related("document")


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
    rows = public_findings(Finding.objects.filter(commitment__plan__status=Status.PUBLISHED))
    found = set(rows.values_list("measure", "scale", "value").order_by())
    lists = []
    for place, name in enumerate(("finding_measure", "finding_scale", "finding_value")):
        values = sorted({row[place] for row in found})
        lists += codes(name, [(value, FINDING_LABELS.get(value, value)) for value in values])
    return lists


class CodeViewSet(RecordViewSet):
    """Every code list of the portal, with both labels."""

    serializer_class = CodeSerializer
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
            *codes("document_kind", Document.Kind.choices),
            *codes("section_kind", Section.Kind.choices),
            *codes("term_kind", Term.Kind.choices),
            *codes("figure_measure", DeclaredFigure.Measure.choices),
            *codes("language", Language.choices),
            *codes("card_row", Assessment.ROWS.items()),
            *findings,
        ]

    def filter_queryset(self, queryset):
        self.check_parameters(known=(*COMMON_PARAMETERS, *PAGE_PARAMETERS), formats=("json", "csv"))
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
