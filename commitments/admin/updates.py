"""The admin of updates."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from faces.admin import (
    TRANSLATIONS_FIELDSET,
    Annul,
    ImportExport,
    LinkedAct,
    Part,
    Publish,
    ReasonForm,
    RecordAdmin,
    RecordForm,
    Restore,
    RowAct,
    RowForm,
    Strike,
    TableInline,
    columns_in_words,
    language_fieldsets,
    with_language,
)
from record.cleaning import plain_dashes
from record.models import Act, Change
from record.publication import needs_reason
from record.rights import may, name_of_account, own_to
from record.writing import required

from .. import actions
from ..models import Milestone, Update
from ..reporting.forms import CommentForm
from ..resources import UpdateResource
from .evidence import EvidenceInline
from .lists import AnsweredBy, Mine, SubmittedList


class NumberedUpdateForm:
    def save(self, commit=True):
        """Save the update; a new one gets the next number of its milestone."""
        if self.instance.number is None:
            actions.give_number(self.instance)
            required("update").act = Act.REPORT
        return super().save(commit)


class UpdateLineForm(NumberedUpdateForm, RecordForm):
    pass


class UpdateInline(TableInline):
    model = Update
    form = UpdateLineForm
    fields = [
        "as_of",
        "status",
        "percent",
        "text_es",
        "new_end_on",
        "reason_es",
        "document",
        "place",
        "workflow",
    ]
    readonly_fields = ["workflow"]
    show_change_link = True

    def has_add_permission(self, request, obj=None):
        """A new line is a draft; where a form can only propose, it would be no more than that."""
        return super().has_add_permission(request, obj) and (obj is None or may(request.user, "change", obj))

    def has_change_permission(self, request, obj=None):
        """A new line is a new update; those that exist open on their own page."""
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class UpdateForm(NumberedUpdateForm, RowForm):
    pass


class CorrectForm(ReasonForm):
    """Asks why, and for the right milestone where the update stands on the wrong one."""

    milestone = forms.CharField(
        label=_("Milestone"),
        required=False,
        help_text=_(
            "The code of the right one, such as 2-9-1, if this update stands on the wrong milestone: it is "
            "annulled there when the correction is published."
        ),
    )

    def __init__(self, *args, milestones, **kwargs):
        super().__init__(*args, **kwargs)
        self.milestones = milestones

    def clean_milestone(self):
        """Return the milestone that was named, None where it is left empty."""
        code = self.cleaned_data["milestone"]
        if not code:
            return None
        found = self.milestones.filter(code=plain_dashes(code)).first()
        if found is None:
            raise ValidationError(_("There is no milestone “%(code)s”.") % {"code": code})
        return found


class Correct(RowAct):
    name = right = "correct"
    label = _("Correct")
    explanation = _(
        "This begins a draft that says the same, of the same day, with a copy of the evidence. Change there "
        "what is wrong. What this update said stays in the record."
    )
    done = _("“%(name)s” is the draft of the correction. Change what is wrong in it.")

    def is_for(self, row):
        return not row.is_annulled and needs_reason(row)

    def form(self, row, data=None, user=None, **kwargs):
        milestones = own_to(user, Milestone.objects.all())
        return CorrectForm(data, milestones=milestones, **kwargs)

    def act(self, user, row, answers):
        return actions.correct(
            user, row, reason=answers["reason"], milestone=answers["milestone"], seen=answers["seen"]
        )

    def address_after(self, row):
        return reverse("reporting:draft", args=[row.code])


class GoOn(LinkedAct):
    """Leads to the page of the report, where it is gone on with and submitted."""

    name = "go-on"
    label = _("Go on and submit")
    right = "submit"

    def is_for(self, row):
        return row.workflow in (Update.Workflow.DRAFT, Update.Workflow.RETURNED) and not row.is_annulled

    def address(self, row):
        return reverse("reporting:draft", args=[row.code])


class Waiting:
    """An act on what waits for SGP."""

    def is_for(self, row):
        return row.workflow == Update.Workflow.SUBMITTED and not row.is_annulled


class Review(Waiting, LinkedAct):
    """Leads to the page where SGP reads what was submitted beside what was published last."""

    name = "review"
    label = _("Review")
    right = "return"

    def address(self, row):
        return reverse("reporting:review", args=[row.code])


class Return(Waiting, RowAct):
    name = "return"
    label = _("Return")
    explanation = _("Its author reads your comment, changes what is wrong and submits it again.")
    done = _("“%(name)s” was returned to its author.")
    right = "return"
    form_class = CommentForm

    def act(self, user, row, answers):
        return actions.send_back(user, row, answers["comment"], seen=answers["seen"])


class TakeBack(Waiting, RowAct):
    name = "take-back"
    label = _("Take back")
    explanation = _("It is your draft again, and SGP does not see it. Submit it anew when it is ready.")
    done = _("“%(name)s” is a draft again.")
    right = "submit"

    def may(self, user, row):
        return super().may(user, row) and actions.is_author(user, row)

    def is_for(self, row):
        return super().is_for(row) and actions.first_reading(row) is None

    def act(self, user, row, answers):
        return actions.take_back(user, row, seen=answers["seen"])

    def address_after(self, row):
        return reverse("reporting:draft", args=[row.code])


class PublishUpdate(Waiting, Publish):
    """Publishes an update; a correction with the reason that its author gave, or a better one."""

    def form(self, row, data=None, user=None, initial=None, **kwargs):
        if row.corrects is None:
            return super().form(row, data, user, initial=initial, **kwargs)
        begun = Change.objects.of(row).select_related("entry").first()
        reason = {"reason": begun.entry.reason if begun else ""}
        return ReasonForm(data, initial=reason | (initial or {}), **kwargs)

    def explain(self, row):
        sentences = super().explain(row)
        if row.moves_word:
            sentences.append(
                _("It moves a word to milestone %(right)s. “%(wrong)s” is annulled, with the same reason.")
                % {"right": row.milestone.code, "wrong": row.corrects.code}
            )
        return sentences

    def parts(self, row):
        replaced = row.corrects
        if replaced is None:
            return super().parts(row)
        heading = _("What it corrects: %(code)s") % {"code": replaced.code}
        return [*super().parts(row), Part(heading, columns_in_words(replaced))]

    def act(self, user, row, answers):
        return actions.publish_update(user, row, answers.get("reason", ""), seen=answers["seen"])


@admin.register(Update)
class UpdateAdmin(ImportExport, RecordAdmin):
    resource_classes = [UpdateResource]
    form = UpdateForm
    list_display = [
        *("code", "as_of", "status", "percent", "text_start"),
        *("workflow", "submitted_by", "submitted_at"),
    ]
    list_filter = [
        *("workflow", AnsweredBy, Mine),
        ("milestone__commitment__plan", admin.RelatedOnlyFieldListFilter),
        "status",
    ]
    show_full_result_count = False
    date_hierarchy = "as_of"
    search_fields = ["code", "search_text", "milestone__search_text"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "milestone",
                    ("number", "code"),
                    ("as_of", "status", "percent"),
                    ("corrects", "workflow"),
                ]
            },
        ),
        *language_fieldsets("text", "next"),
        (_("Done"), {"fields": [("done_on", "done_as_printed")]}),
        (_("New end"), {"fields": [("new_end_on", "new_end_as_printed")]}),
        *language_fieldsets("reason"),
        TRANSLATIONS_FIELDSET,
        (_("Source"), {"fields": [("document", "place"), ("report", "source_letter")]}),
    ]
    inlines = [EvidenceInline]
    fixed_fields = ("milestone",)
    # Which update it corrects, the act says.
    computed_fields = ("number", "code", "corrects")
    acts = (
        *(GoOn(), Review(), PublishUpdate(), Return(), TakeBack()),
        *(Correct(), Annul(), Restore(), Strike()),
    )

    def get_changelist(self, request, **kwargs):
        return SubmittedList

    @admin.display(description=_("submitted by"))
    def submitted_by(self, row):
        return row.submission and name_of_account(row.submission)

    @admin.display(description=_("submitted at"))
    def submitted_at(self, row):
        return row.submission and date_format(localtime(row.submission.at), "SHORT_DATETIME_FORMAT")

    def notes(self, request, obj):
        is_said = obj is not None and self.is_public(obj)
        return [*super().notes(request, obj), *([Update.STAYS] if is_said else [])]

    @admin.display(description=_("text"))
    def text_start(self, row):
        return with_language(row.text, 80)
