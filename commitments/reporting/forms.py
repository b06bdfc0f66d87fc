"""What is asked of whoever reports progress, and of whoever reads what was reported."""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from faces.admin.acts import ActForm
from faces.admin.forms import CleanField, contact_details_error, day_field
from record.cleaning import clean
from record.dates import today
from record.personal import find_addresses
from record.writing import is_reason

from ..files import EvidenceFileField, store
from ..letters import PLACE, Letter, LetterKind
from ..models import Update
from ..models.evidence import validate_address
from .oddities import TELEPHONE, oddities

# The columns of an update that the page asks for.
COLUMNS = ("as_of", "status", "done_on", "percent", "text_es", "next_es", "reason_es", "new_end_on")
LETTER = ("letter_kind", "letter_number", "letter_on")
LETTER_NEEDED = {
    "letter_kind": _("Say what kind of document tells it."),
    "letter_number": _("Say the number of that document or, of a mail, its subject."),
    "letter_on": _("Say the date of that document."),
}
# What was asked back and confirmed.
CONFIRMED = "confirmed"

REASON_NEEDED = _(
    "Say why: the milestone was due and is not complete, is not begun, was withdrawn, or gets a new end."
)


def text_field(label, rows=3, **kwargs):
    return forms.CharField(
        label=label, widget=forms.Textarea(attrs={"rows": rows}), **{"required": False} | kwargs
    )


class LetterFields(forms.Form):
    """Kind, number and date of a letter, as they are typed."""

    letter_kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("Choose")), *LetterKind.choices]
    )
    letter_number = forms.CharField(label=_("Number, or subject"), required=False, max_length=100)
    letter_on = day_field(_("Date"))

    def check_letter(self):
        """Ask for what is missing of the letter."""
        for name in LETTER:
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, LETTER_NEEDED[name])

    @staticmethod
    def letter_in(answers):
        """Return the Letter that was typed; None where not all of it was."""
        kind, number, on = (answers.get(name) for name in LETTER)
        return Letter.typed(kind, number, on) if kind and number and on else None


class ReportForm(LetterFields):
    """What is said of a milestone on a day, and what proves it.

    `milestone` was read `with_state(today())`; `update` is the one that is gone on with, or None; `before` is
    the last published one. `is_submitted` says that it goes to SGP: a draft may lack what that needs.
    """

    bound_field_class = CleanField
    # As they stand on the page: so the list of what is wrong is read from top to bottom.
    field_order = [
        *("answer", "as_of", "status", "percent", "done_on", "text_es", "next_es", "reason_es", "new_end_on"),
        *("url", "upload", *LETTER),
    ]

    as_of = day_field(Update.ASKED["as_of"], required=True, help_text=_("The day that it speaks of."))
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("Choose")), *Update.Status.choices]
    )
    done_on = day_field(Update.ASKED["done_on"])
    percent = forms.IntegerField(label=Update.ASKED["percent"], required=False, min_value=0, max_value=100)
    text_es = text_field(Update.ASKED["text_es"], rows=4)
    next_es = text_field(Update.ASKED["next_es"])
    url = forms.CharField(
        label=_("Link that proves it"), required=False, max_length=1000, validators=[validate_address]
    )
    upload = EvidenceFileField(label=_("Or a file"))
    reason_es = text_field(Update.ASKED["reason_es"])
    new_end_on = day_field(Update.ASKED["new_end_on"])
    answer = text_field(_("Your answer"), rows=2)

    def __init__(self, *args, milestone, update=None, before=None, is_submitted=False, **kwargs):
        self.milestone, self.update, self.before = milestone, update, before
        self.is_submitted = is_submitted
        self.asked_back = []
        kwargs["initial"] = self.preset() | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        if update is None or update.workflow != Update.Workflow.RETURNED:
            del self.fields["answer"]
        if self.is_correction:
            # A correction speaks of the day of what it corrects.
            self.fields["as_of"].disabled = True

    @property
    def is_correction(self):
        return self.update is not None and self.update.corrects_id is not None

    def preset(self):
        """Return what stands in it when it is opened: the draft or, of a new report, what was stated last."""
        if self.update is None:
            return {
                "as_of": today(),
                "status": self.milestone.stated or "",
                "percent": self.milestone.percent,
            }
        letter = Letter.read(self.update.document)
        said = {name: getattr(self.update, name) for name in COLUMNS}
        if letter:
            said |= {"letter_kind": letter.kind, "letter_number": letter.number, "letter_on": letter.on}
        return said

    def clean_as_of(self):
        day = self.cleaned_data["as_of"]
        if day > today():
            raise ValidationError(Update.NOT_TO_COME)
        return day

    def clean(self):
        cleaned = super().clean()
        self.check_addresses()
        self.check_letter()
        if self.is_submitted:
            self.check_complete()
            if not self.errors:
                self.ask_back()
        return cleaned

    def check_addresses(self):
        """Refuse e-mail addresses: none may stand in the record (rule 8)."""
        for name, value in list(self.cleaned_data.items()):
            if isinstance(value, str) and (addresses := find_addresses(value)):
                self.add_error(name, contact_details_error(addresses))

    def check_letter(self):
        """Ask for all of the letter, or for none of it where the update has a source already."""
        if self.update is None or any(self.cleaned_data.get(name) for name in LETTER):
            super().check_letter()

    def check_complete(self):
        """Ask for what has to stand in what is submitted."""
        for name, sentence in (
            ("status", _("Say how the milestone stands.")),
            ("text_es", _("Say what was done.")),
        ):
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, sentence)
        # Without a status nobody can tell.
        if self.cleaned_data.get("status") and self.lacks_reason() and "reason_es" not in self.errors:
            self.add_error("reason_es", REASON_NEEDED)

    def lacks_reason(self):
        """Tell whether what was typed has to say why and does not."""
        if not self.cleaned_data.get("as_of") or is_reason(self.cleaned_data.get("reason_es", "")):
            return False
        said = self.update_columns() | {"reason_es": ""}
        report = self.update.report if self.update else None
        return Update(milestone=self.milestone, report=report, **said).lacks_reason()

    def ask_back(self):
        """Refuse what is odd once: sent again with the same oddities it is confirmed."""
        said = dict(self.cleaned_data)
        if self.is_correction:
            said.pop("as_of")
        found = oddities(said, self.milestone, None if self.is_correction else self.before, today())
        known = set(self.data.get(CONFIRMED, "").split())
        self.asked_back = found
        if not {each.key for each in found} <= known:
            for each in found:
                self.add_error(each.field, ValidationError(each.sentence, code="odd"))

    @property
    def confirms(self):
        """What is confirmed when the form is sent again: the oddities that stand on the page."""
        return " ".join(sorted(each.key for each in self.asked_back))

    @property
    def only_asks(self):
        """Whether nothing is wrong and something is odd."""
        codes = {error.code for errors in self.errors.as_data().values() for error in errors}
        return codes == {"odd"}

    # What was typed, as the acts take it.

    def update_columns(self):
        """Return the columns of the update; an empty status is none."""
        said = {name: self.cleaned_data.get(name) for name in COLUMNS}
        return said | {"status": said["status"] or None}

    def letter(self):
        """Return the letter that was typed; None where the source stays as it is."""
        letter = self.letter_in(self.cleaned_data)
        return None if self.update and letter == Letter.read(self.update.document) else letter

    def evidence(self, document, update):
        """Return the columns of the evidence that was added, but for what the update has already.

        A file is stored by that, inside of `writing()`.
        """
        has = update.evidence.all() if update else []
        url, upload = self.cleaned_data["url"], self.cleaned_data["upload"]
        found = [{"url": url}] if url and all(each.url != url for each in has) else []
        if upload and all(each.sha256 != upload.sha256 for each in has):
            found.append(store(upload))
        return [columns | {"document": document, "place": PLACE} for columns in found]

    @property
    def wants_file_again(self):
        """Whether a file was sent that is not saved yet: no page can choose it again for its reader."""
        return self.is_bound and bool(self.files.get("upload")) and "upload" not in self.errors

    def removed(self):
        """Return the keys of the evidence that is to go."""
        return {int(pk) for pk in self.data.getlist("remove") if pk.isdecimal() and len(pk) < 19}

    def looks_like_telephones(self):
        return any(each.code == TELEPHONE for each in self.asked_back)

    def refuse(self, error):
        """Show what an act refused beside the field that it speaks of, or above all of them."""
        for name, sentences in as_dict(error).items():
            self.add_error(name if name in self.fields else None, sentences)


def as_dict(error):
    """Return {name of a field: sentences} of a ValidationError."""
    return error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}


class CommentForm(ActForm):
    """What the author of a report has to change."""

    comment = text_field(_("Comment"), help_text=_("Its author reads it, the public does not."))

    def clean_comment(self):
        comment = clean(self.cleaned_data["comment"])
        if not is_reason(comment):
            raise ValidationError(_("Say what its author has to change, in eight letters or more."))
        return comment
