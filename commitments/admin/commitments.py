"""The admin of commitments."""

from django import forms
from django.contrib import admin
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from faces.admin import (
    SOURCE_FIELDSET,
    TRANSLATIONS_FIELDSET,
    Annul,
    ImportExport,
    Publish,
    ReasonForm,
    RecordAdmin,
    RecordInline,
    Restore,
    RowAct,
    Strike,
    TableInline,
    in_reader_language,
    language_fieldsets,
)
from faces.admin.forms import day_field
from plans.admin import FURTHER_SOURCE
from plans.compliance import Level
from plans.forms import NormFields
from record.dates import today
from record.publication import Status
from record.rights import is_focal_point

from .. import actions
from ..answering import short_name
from ..models import Commitment, CommitmentItem, CommitmentSource, CommitmentTitle, Milestone, Responsibility
from ..resources import CommitmentResource, ResponsibilityResource
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


class PublishCommitment(Publish):
    """Publishes what is added to a plan that is public; a plan that is a draft is published whole."""

    def is_for(self, row):
        return super().is_for(row) and row.plan.status == Status.PUBLISHED


class NormForm(NormFields, ReasonForm):
    """Asks for the norm, the place in it and the reason."""

    field_order = ["seen", "norm", "norm_kind", "norm_number", "norm_on", "place", "on", "note", "reason"]

    def clean(self):
        cleaned = super().clean()
        self.check_norm()
        return cleaned


class DayOfNormForm(NormForm):
    on = day_field(_("Day"), required=True)


class WhatChangesForm(NormForm):
    note = forms.CharField(
        label=_("What it changes"), max_length=250, help_text=_("In Spanish; the public reads it.")
    )


class ByNorm(RowAct):
    """What a norm does with a commitment of a plan in force."""

    right = "change"
    done = _("It is said of “%(name)s”, with the norm.")
    form_class = DayOfNormForm
    # What the day is called.
    day = ""

    def form(self, row, data=None, user=None, **kwargs):
        form = super().form(row, data, user, **kwargs)
        form.offer_norms(user)
        if self.day:
            form.fields["on"].label = self.day
        return form

    def is_for(self, row):
        plan = row.plan
        is_in_force = plan.ends_on is None or plan.ends_on >= today()
        return plan.is_public and is_in_force and not row.is_annulled

    def act(self, user, row, answers):
        norm = self.form_class.norm_in(answers)
        says = self.says(answers)
        return actions.change_by_norm(
            user, row, norm, answers["place"], answers["reason"], seen=answers["seen"], **says
        )


class AddToPlan(ByNorm):
    name = "add-to-plan"
    label = _("Add to the plan in force")
    day = _("In the plan from")
    explanation = _(
        "Its page will say that a norm added it to the plan in force, which one, and from which day; before "
        "that day no count has it. A draft is published afterwards."
    )

    def is_for(self, row):
        return super().is_for(row) and row.in_plan_from is None and row.in_plan_until is None

    def says(self, answers):
        return {"since": answers["on"]}


class TakeOutOfPlan(ByNorm):
    name = "take-out-of-plan"
    label = _("Take out of the plan")
    day = _("Its last day in the plan")
    explanation = _(
        "Its page will say that a norm took it out of the plan in force, which one, and its last day in it. "
        "It stays on the plan's page and in its counts; nothing of it is due after that day."
    )

    def is_for(self, row):
        return super().is_for(row) and row.status == Status.PUBLISHED and row.in_plan_until is None

    def says(self, answers):
        return {"until": answers["on"]}


class ChangedByNorm(ByNorm):
    name = "changed-by-norm"
    label = _("Changed by a norm")
    form_class = WhatChangesForm
    explanation = _(
        "The norm becomes a source of the commitment, with what it changes. Change the texts themselves on "
        "the commitment's own page, with the same reason."
    )

    def is_for(self, row):
        return super().is_for(row) and row.status == Status.PUBLISHED

    def says(self, answers):
        return {"note": answers["note"]}


@admin.register(Commitment)
class CommitmentAdmin(ImportExport, RecordAdmin):
    TEXTS = ("title", "problem", "description", "contribution", "relevance")
    RECOMMENDATIONS = (None, {"fields": ["recommendations"]})

    resource_classes = [CommitmentResource, ResponsibilityResource]
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
                    ("plan", "number", "code", "status"),
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
    acts = (
        *(PublishCommitment(), AddToPlan(), TakeOutOfPlan(), ChangedByNorm()),
        *(Annul(), Restore(), Strike()),
    )
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
