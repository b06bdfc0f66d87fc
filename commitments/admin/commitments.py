"""The admin of commitments."""

from django.contrib import admin
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from faces.admin import (
    SOURCE_FIELDSET,
    TRANSLATIONS_FIELDSET,
    ImportExport,
    RecordAdmin,
    RecordInline,
    TableInline,
    in_reader_language,
    language_fieldsets,
)
from plans.admin import FURTHER_SOURCE
from plans.compliance import Level
from record.dates import today
from record.rights import is_focal_point

from ..answering import short_name
from ..models import Commitment, CommitmentItem, CommitmentSource, CommitmentTitle, Milestone, Responsibility
from ..resources import CommitmentResource
from .assessments import CommitmentAssessmentInline
from .lines import SourcedLineForm
from .lists import AnsweredBy, AtRest, LedList, Mine, named_or_answered


class CommitmentTitleInline(TableInline):
    model = CommitmentTitle
    fields = ["title", "language", "document", "place"]
    classes = ["collapse"]


class CommitmentItemInline(RecordInline, admin.StackedInline):
    model = CommitmentItem
    fields = [("kind", "order"), ("text_es", "text_en"), "unofficial", ("document", "place")]
    classes = ["collapse"]


class ResponsibilityInline(RecordInline, admin.StackedInline):
    model = Responsibility
    fields = [
        ("role", "entity", "name_as_printed"),
        ("unit_es", "unit_en"),
        ("report", "order"),
        "unofficial",
        ("document", "place"),
    ]
    classes = ["collapse"]


class MilestoneLineForm(SourcedLineForm):
    stands_with = "commitment"


class MilestoneInline(TableInline):
    model = Milestone
    form = MilestoneLineForm
    fields = ["number", "activity_es", "activity_en", "starts_on", "ends_on", "place"]
    fixed_fields = ("number",)
    # Public dates move on the milestone's own page only, with the source (rule 3).
    fixed_when_public = ("starts_on", "ends_on")
    show_change_link = True
    deletable_when_public = False


class CommitmentSourceInline(TableInline):
    model = CommitmentSource
    fields = FURTHER_SOURCE
    classes = ["collapse"]


@admin.register(Commitment)
class CommitmentAdmin(ImportExport, RecordAdmin):
    TEXTS = ("title", "problem", "description", "contribution", "relevance")
    RECOMMENDATIONS = (None, {"fields": ["recommendations"]})

    resource_classes = [CommitmentResource]
    list_display = ["code", in_reader_language("title", _("title")), "theme", "level", "due_on", "leads"]
    list_select_related = ["theme"]
    list_filter = [AnsweredBy, Mine, AtRest, ("plan", admin.RelatedOnlyFieldListFilter), "is_starred"]
    show_full_result_count = False
    search_fields = ["code", "label", "ogp_id", "search_text"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("plan", "number", "code"),
                    ("label", "ogp_id", "is_starred"),
                    "theme",
                    "policy_areas",
                ]
            },
        ),
        (None, {"fields": [("starts_on", "ends_on", "period_as_printed")]}),
        (
            _("Where a norm changed the plan in force"),
            {
                "fields": [("in_plan_from", "in_plan_until"), ("in_plan_norm", "in_plan_place")],
                "classes": ["collapse"],
            },
        ),
        *language_fieldsets(*TEXTS),
        TRANSLATIONS_FIELDSET,
        RECOMMENDATIONS,
        SOURCE_FIELDSET,
    ]
    inlines = [
        MilestoneInline,
        ResponsibilityInline,
        CommitmentAssessmentInline,
        CommitmentItemInline,
        CommitmentTitleInline,
        CommitmentSourceInline,
    ]
    fixed_fields = ("plan", "number")
    computed_fields = ("code",)

    def get_queryset(self, request):
        return super().get_queryset(request).with_state(today())

    # The list.

    def get_changelist(self, request, **kwargs):
        return LedList

    def get_search_results(self, request, queryset, search_term):
        """Find those that an entity with this acronym leads, too."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        return named_or_answered(request.user, queryset, found, search_term), may_repeat

    def layout(self, request, obj=None):
        """Leave out what a focal point may not view: recommendations may be drafts."""
        hidden = [self.RECOMMENDATIONS] if is_focal_point(request.user) else []
        return [fieldset for fieldset in self.fieldsets if fieldset not in hidden]

    @admin.display(description=_("level"), ordering="now__level")
    def level(self, row):
        return Level(row.shown_level).label if row.shown_level else None

    @admin.display(description=_("due"), ordering="now__due_on")
    def due_on(self, row):
        return row.due_on and date_format(row.due_on, "SHORT_DATE_FORMAT")

    @admin.display(description=_("who leads"))
    def leads(self, row):
        return "; ".join(short_name(who) for who in row.led_by) or None
