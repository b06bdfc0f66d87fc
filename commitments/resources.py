"""Commitments, milestones, updates and assessments as lines of a file."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export.fields import Field

from faces.resources import AllNamed, RecordResource, TextOrNull, computed, named, translations
from plans.models import Plan, Report, Theme
from record.kinds import kind_of
from record.models import Document
from record.publication import Status
from record.rights import is_settled, visible_to
from record.writing import REASON_NEEDED, is_reason, required

from .models import Assessment, Commitment, Milestone, PolicyArea, Update


class OwnResource(RecordResource):
    """Lines of which a user imports what he may see."""

    document = named("document", Document, "slug")

    def get_queryset(self):
        rows = super().get_queryset()
        return rows if self.user is None else visible_to(self.user, rows)


class CommitmentResource(OwnResource):
    plan = named("plan", Plan, "number")
    code = computed("code")
    ogp_id = Field(attribute="ogp_id", column_name="ogp_id", widget=TextOrNull())
    unofficial = translations()
    theme = named("theme", Theme, "slug")
    in_plan_norm = named("in_plan_norm", Document, "slug")
    policy_areas = Field(
        attribute="policy_areas", column_name="policy_areas", widget=AllNamed(PolicyArea, "slug")
    )

    select_related = ("plan", "theme", "document", "in_plan_norm")

    class Meta:
        model = Commitment
        import_id_fields = ["plan", "number"]
        fields = [
            *("plan", "number", "code", "label", "ogp_id", "title_es", "title_en", "unofficial", "theme"),
            *("policy_areas", "starts_on", "ends_on", "period_as_printed", "in_plan_from", "in_plan_until"),
            *("in_plan_norm", "in_plan_place", "problem_es", "problem_en"),
            *("description_es", "description_en", "contribution_es", "contribution_en"),
            *("relevance_es", "relevance_en", "is_starred", "document", "place"),
        ]

    def filter_export(self, queryset, **kwargs):
        return super().filter_export(queryset, **kwargs).prefetch_related("policy_areas")


class MilestoneResource(OwnResource):
    commitment = named("commitment", Commitment, "code")
    code = computed("code")
    unofficial = translations()
    # No column of the model: says where the right date stands, in a line that corrects a public one.
    transcription_source = Field(column_name="transcription_source")

    select_related = ("commitment__plan", "document")

    class Meta:
        model = Milestone
        import_id_fields = ["commitment", "number"]
        fields = [
            *("commitment", "number", "code", "activity_es", "activity_en", "means_of_verification_es"),
            *("means_of_verification_en", "unofficial", "starts_on", "starts_as_printed", "ends_on"),
            *("ends_as_printed", "responsible_as_printed", "note_es", "note_en", "document", "place"),
            "transcription_source",
        ]

    def check(self, instance, row):
        source = str(row.get("transcription_source") or "").strip()
        if instance.moves_public_dates() and not source:
            rule = _("%(rule)s Write it in the column transcription_source.") % {
                "rule": Milestone.DATES_STAND
            }
            raise ValidationError({"ends_on": rule})
        super().check(instance, row)
        if source and instance.pk:
            required("import").sources[Milestone, instance.pk] = source


class UpdateResource(OwnResource):
    milestone = named("milestone", Milestone, "code")
    code = computed("code")
    status = Field(attribute="status", column_name="status", widget=TextOrNull())
    unofficial = translations()
    report = named("report", Report, "slug")
    corrects = named("corrects", Update, "code")

    publication_fields = ("workflow",)
    focal_point_leaves = ("report",)
    select_related = ("milestone__commitment", "report", "corrects", "document")

    class Meta:
        model = Update
        import_id_fields = ["milestone", "number"]
        fields = [
            *(
                "milestone",
                "number",
                "code",
                "as_of",
                "status",
                "percent",
                "text_es",
                "text_en",
                "next_es",
                "next_en",
                "unofficial",
            ),
            *("done_on", "done_as_printed", "new_end_on", "new_end_as_printed", "reason_es", "reason_en"),
            *("source_letter", "report", "corrects", "workflow", "document", "place"),
        ]

    def check(self, instance, row):
        if instance.pk and is_settled(instance, kind_of(Update).settled):
            raise ValidationError(
                _("An update that was submitted or published stays as it is. Add a new one that corrects it.")
            )
        super().check(instance, row)
        before = self.stored(instance).get("workflow", Update.Workflow.DRAFT)
        if instance.workflow in Update.ON_THE_WAY and instance.workflow != before:
            on_pages = _("An update is submitted and returned on its own pages only.")
            raise ValidationError({"workflow": on_pages})
        is_said = instance.workflow == Status.PUBLISHED
        if instance.corrects and is_said and not is_reason(self.reason):
            raise ValidationError(REASON_NEEDED)


class AssessmentResource(OwnResource):
    report = named("report", Report, "slug")
    commitment = named("commitment", Commitment, "code")

    select_related = ("report", "commitment", "document")

    class Meta:
        model = Assessment
        import_id_fields = ["report", "commitment"]
        fields = [
            *("report", "commitment", "level", "level_as_printed", "has_card"),
            *(*Assessment.ROWS, "new_end_on", "document", "place"),
        ]
