"""The admin of milestones."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from entities.models import Entity
from faces.admin import (
    SOURCE_FIELDSET,
    TRANSLATIONS_FIELDSET,
    Annul,
    ImportExport,
    LinkedAct,
    Part,
    ReasonForm,
    RecordAdmin,
    Restore,
    RowAct,
    RowForm,
    Strike,
    TableInline,
    Words,
    in_reader_language,
    language_fieldsets,
)
from faces.admin.forms import day_field
from record.dates import today
from record.rights import is_focal_point, may
from record.writing import required

from .. import actions
from ..answering import short_name
from ..models import Milestone, MilestoneResponsible, Update
from ..reporting.forms import LetterFields
from ..reporting.reading import answering
from ..resources import MilestoneResource, MilestoneResponsibleResource
from ..urgency import by_urgency
from .evidence import EvidenceInline
from .lists import AnsweredBy, AnsweredList, Mine, Urgency, is_list, named_or_answered
from .updates import UpdateInline


class MilestoneForm(RowForm):
    transcription_source = forms.CharField(
        label=_("Correction of the transcription: where the right date stands"),
        required=False,
        widget=admin.widgets.AdminTextInputWidget,
        help_text=_(
            "Only if a planned date was copied wrongly: the document and the place that print the right one."
        ),
    )

    def check_reason(self):
        """Ask for the reason and, of a corrected date, for the source."""
        super().check_reason()
        is_corrected = bool({"starts_on", "ends_on"} & set(self.changed_data))
        if is_corrected and not self.source() and "transcription_source" not in self._errors:
            self.add_error("transcription_source", Milestone.DATES_STAND)

    def source(self):
        return self.cleaned_data.get("transcription_source", "")

    def tell_writer(self, lines=()):
        super().tell_writer(lines)
        if self.source():
            required("form").act = "transcribe"


class MilestoneResponsibleInline(TableInline):
    model = MilestoneResponsible
    fields = ["order", "entity", "unit_es", "unit_en", "name_as_printed"]


class ReportProgress(LinkedAct):
    """Leads to the page on which progress is reported."""

    name = "report"
    label = _("Report progress")

    def may(self, user, row):
        return may(user, "add", Update(milestone=row))

    def is_for(self, row):
        return not row.is_annulled

    def address(self, row):
        return reverse("reporting:report", args=[row.code])


class HandOverForm(LetterFields, ReasonForm):
    """Asks who answers from now on, since when, why, and which letter says so."""

    entity = forms.ModelChoiceField(Entity.objects.all(), label=_("Entity that answers from now on"))
    on = day_field(_("Since"), required=True)
    field_order = ["seen", "entity", "on", "reason", "letter_kind", "letter_number", "letter_on"]

    def clean(self):
        cleaned = super().clean()
        self.check_letter()
        return cleaned

    def clean_on(self):
        if self.cleaned_data["on"] > today():
            raise ValidationError(_("That day is still to come."))
        return self.cleaned_data["on"]


class HandOver(RowAct):
    right = "hand over"
    name = "hand-over"
    label = _("Hand over")
    explanation = _(
        "The entity answers for this milestone from now on, and reports on it. Who answered before stays in "
        "the log of changes, and what the plan prints stays as it is."
    )
    done = _("“%(name)s” was handed over.")
    form_class = HandOverForm

    def is_for(self, row):
        return not row.is_annulled

    def parts(self, row):
        named = [Words("", str(each)) for each in answering(row)]
        return [Part(_("Who answers now"), named), *super().parts(row)] if named else super().parts(row)

    def act(self, user, row, answers):
        letter = self.form_class.letter_in(answers)
        return actions.hand_over(
            user, row, answers["entity"], answers["on"], answers["reason"], letter, seen=answers["seen"]
        )


@admin.register(Milestone)
class MilestoneAdmin(ImportExport, RecordAdmin):
    TEXTS = ("activity", "means_of_verification", "note")

    resource_classes = [MilestoneResource, MilestoneResponsibleResource]
    form = MilestoneForm
    list_display = [
        "code",
        in_reader_language("activity", _("activity")),
        *("who_answers", "due_on", "state", "percent"),
    ]
    list_filter = [AnsweredBy, Mine, Urgency, ("commitment__plan", admin.RelatedOnlyFieldListFilter)]
    show_full_result_count = False
    search_fields = ["code", "search_text"]
    fieldsets = [
        (None, {"fields": [("commitment", "number", "code")]}),
        (None, {"fields": [("starts_on", "starts_as_printed"), ("ends_on", "ends_as_printed")]}),
        *language_fieldsets(*TEXTS),
        TRANSLATIONS_FIELDSET,
        (None, {"fields": ["responsible_as_printed"]}),
        SOURCE_FIELDSET,
    ]
    inlines = [MilestoneResponsibleInline, UpdateInline, EvidenceInline]
    acts = (ReportProgress(), HandOver(), Annul(), Restore(), Strike())
    fixed_fields = ("commitment", "number")
    computed_fields = ("code",)

    def get_queryset(self, request):
        return super().get_queryset(request).with_state(today())

    def layout(self, request, obj=None):
        """Ask for the source of a corrected date, but only where public dates could move."""
        if not (self.is_editing(request, obj) and self.is_public(obj)) or is_focal_point(request.user):
            return self.fieldsets
        first, dates, *others = self.fieldsets
        correction = {"fields": ["transcription_source"], "description": Milestone.DATES_STAND}
        return [first, dates, (None, correction), *others]

    # The list.

    def get_changelist(self, request, **kwargs):
        return AnsweredList

    def get_ordering(self, request):
        """Return the order: in the list the most pressing first, elsewhere that in which people read."""
        return by_urgency(today()) if is_list(request) else super().get_ordering(request)

    def get_search_results(self, request, queryset, search_term):
        """Find those for which an entity with this acronym answers, too."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        return named_or_answered(request.user, queryset, found, search_term), may_repeat

    @admin.display(description=_("due"), ordering="now__due_on")
    def due_on(self, row):
        return row.due_on and date_format(row.due_on, "SHORT_DATE_FORMAT")

    @admin.display(description=_("state"), ordering="now__status")
    def state(self, row):
        return row.status_label

    @admin.display(description="%", ordering="now__percent")
    def percent(self, row):
        return row.percent

    @admin.display(description=_("who answers"))
    def who_answers(self, row):
        return "; ".join(short_name(who) for who in row.answering) or None
