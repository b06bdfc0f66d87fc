"""What is asked of whoever opens a report, writes a card, or publishes all of it."""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from entities.models import Entity
from faces.admin import ReasonForm, contact_details_error
from faces.admin.forms import CleanField
from plans.compliance import Level
from plans.models import Report
from record.models import Document
from record.personal import find_addresses, find_numbers
from record.rights import visible_to

from ..models import Assessment
from ..reporting.forms import LETTER, LetterFields, as_dict, day_field, text_field

# The rows that hold one line.
SHORT = ("official_name", "official_position", "new_end_as_printed")
TELEPHONE = _("This looks like a telephone number (%(found)s). If it is none, say so and send it again.")


class Refusing(forms.Form):
    """A form that shows what an act refused, beside its field; no text of it has an address."""

    bound_field_class = CleanField

    def refuse(self, error):
        """Show what an act refused beside the field that it speaks of, or above all of them."""
        for name, sentences in as_dict(error).items():
            self.add_error(name if name in self.fields else None, sentences)

    def check_addresses(self):
        """Refuse e-mail addresses: none may stand in the record (rule 8)."""
        for name, value in list(self.cleaned_data.items()):
            if isinstance(value, str) and (addresses := find_addresses(value)):
                self.add_error(name, contact_details_error(addresses))


class WhichForm(forms.Form):
    """Asks of which plan and whose the report is: what is asked then begins with their last one."""

    plan = forms.ModelChoiceField(queryset=None, to_field_name="number", label=_("Plan"), empty_label=None)
    author = forms.ChoiceField(label=_("Author"), choices=Report.Author)

    def __init__(self, *args, plans, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["plan"].queryset = plans


class OpenForm(LetterFields, Refusing):
    """Asks for what a report says of itself: `before` is the last one of the same author, or None."""

    stage = forms.ChoiceField(label=_("Stage"), choices=[("", _("Choose")), *Report.Stage.choices])
    cutoff_on = day_field(_("Cut-off"), required=True, help_text=_("The day that the report speaks of."))
    cutoff_as_printed = forms.CharField(label=_("Cut-off as printed"), required=False, max_length=100)
    is_cutoff_inferred = forms.BooleanField(label=_("Inferred: the report prints no cut-off"), required=False)
    title_es = forms.CharField(label=_("Title in Spanish"), max_length=250)
    title_en = forms.CharField(label=_("Title in English"), required=False, max_length=250)
    coverage = forms.ChoiceField(label=_("Coverage"), choices=Report.Coverage, initial="full")
    card_form = forms.MultipleChoiceField(
        label=_("Rows of its card"),
        choices=Assessment.ROWS.items(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    document = forms.ModelChoiceField(
        queryset=None,
        required=False,
        label=_("A document of the record"),
        empty_label=_("None of them: I type it below"),
    )
    field_order = [
        *("stage", "cutoff_on", "cutoff_as_printed", "is_cutoff_inferred", "title_es", "title_en"),
        *("document", *LETTER, "coverage", "card_form"),
    ]

    def __init__(self, *args, user, before, **kwargs):
        kwargs["initial"] = {"card_form": rows_like(before)} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        documents = visible_to(user, Document.objects.published())
        self.fields["document"].queryset = documents.in_reading_order()

    def clean(self):
        cleaned = super().clean()
        self.check_addresses()
        if not cleaned.get("document") and "document" not in self.errors:
            self.check_letter()
        elif any(cleaned.get(name) for name in LETTER):
            self.add_error("document", _("Choose a document or type one, not both."))
        is_held = cleaned.get("coverage") not in (None, Report.Coverage.NOT_HELD)
        if is_held and not cleaned.get("card_form") and "card_form" not in self.errors:
            self.add_error("card_form", _("Tick the rows that its cards have."))
        return cleaned

    def columns(self):
        """Return the columns of the report that were typed."""
        left_out = ("document", *LETTER)
        said = {name: value for name, value in self.cleaned_data.items() if name not in left_out}
        # In the order of the card, whatever order a browser sends.
        is_held = said["coverage"] != Report.Coverage.NOT_HELD
        return said | {"card_form": [row for row in Assessment.ROWS if row in said["card_form"] and is_held]}

    def letter(self):
        """Return the letter that was typed; None where a document was chosen."""
        return None if self.cleaned_data["document"] else self.letter_in(self.cleaned_data)


def rows_like(before):
    """Return the rows that a new card begins with: those of the report before, and why something is late."""
    known = before.card_form if before and before.card_form else list(Assessment.ROWS)
    return [row for row in Assessment.ROWS if row in known or row == "delay_reason"]


class TextsForm(Refusing):
    """Asks for the rows that the form of the report has. What looks like a telephone is asked back once."""

    no_telephone = forms.BooleanField(label=_("It is no telephone number"), required=False)

    def __init__(self, *args, card, **kwargs):
        self.card = card
        kwargs["initial"] = {name: getattr(card, name) for name in self.columns_of(card)} | (
            kwargs.get("initial") or {}
        )
        super().__init__(*args, **kwargs)
        for row in card.report.card_form:
            self.fields[row] = self.row_field(row)
        self.numbers = []

    @staticmethod
    def row_field(row):
        label = Assessment.ROWS[row]
        if row in SHORT:
            return forms.CharField(
                label=label, required=False, max_length=Assessment._meta.get_field(row).max_length
            )
        return text_field(label, rows=6 if row == "results" else 3)

    @classmethod
    def columns_of(cls, card):
        """Return the columns that the form is about."""
        return list(card.report.card_form)

    @property
    def rows(self):
        """The fields of the card's rows, in their order."""
        return [self[row] for row in Assessment.ROWS if row in self.fields]

    def clean(self):
        cleaned = super().clean()
        self.check_addresses()
        for row in [row for row in Assessment.ROWS if row in self.fields]:
            before = set(find_numbers(getattr(self.card, row)))
            self.numbers += [
                number for number in find_numbers(cleaned.get(row) or "") if number not in before
            ]
        if self.numbers and not cleaned.get("no_telephone"):
            error = ValidationError(TELEPHONE, params={"found": ", ".join(self.numbers)})
            self.add_error("no_telephone", error)
        return cleaned

    def values(self):
        """Return the columns that were typed, as the acts take them."""
        return {name: self.cleaned_data[name] for name in self.columns_of(self.card) if name in self.fields}


class CardForm(TextsForm):
    """Asks for the level too, and for what else the secretariat says. `is_given`: another has the texts."""

    level = forms.ChoiceField(
        label=_("Level"), required=False, choices=[("", _("No level yet")), *Level.choices]
    )
    level_as_printed = forms.CharField(label=_("Level as printed"), required=False, max_length=300)
    has_card = forms.BooleanField(
        label=_("Has a card"), required=False, help_text=_("Off where the report gives only the level.")
    )
    new_end_on = day_field(_("New end"))

    def __init__(self, *args, is_given=False, **kwargs):
        super().__init__(*args, **kwargs)
        if self.asks_what_is_quoted(self.card) and not is_given:
            self.fields["delay_reason"] = self.row_field("delay_reason")
            self.fields["delay_reason"].help_text = _("Only what the card itself says, word by word.")
            quoted = [(row, Assessment.ROWS[row]) for row in self.card.report.card_form]
            self.fields["delay_reason_from"] = forms.ChoiceField(
                label=_("Row that the reason is quoted from"), required=False, choices=[("", "–"), *quoted]
            )
        if "new_end_as_printed" not in self.card.report.card_form:
            del self.fields["new_end_on"]
        if is_given:
            for row in self.card.report.card_form:
                del self.fields[row]

    @classmethod
    def columns_of(cls, card):
        quoted = ["delay_reason", "delay_reason_from"] if cls.asks_what_is_quoted(card) else []
        return ["level", "level_as_printed", "has_card", "new_end_on", *card.report.card_form, *quoted]

    @staticmethod
    def asks_what_is_quoted(card):
        """Whether the form of the report has no row for the reason, so that it may be quoted from another."""
        return bool(card.report.card_form) and "delay_reason" not in card.report.card_form

    def clean(self):
        cleaned = super().clean()
        is_unnamed = cleaned.get("delay_reason") and cleaned.get("delay_reason_from") == ""
        if is_unnamed and "delay_reason_from" in self.fields:
            self.add_error("delay_reason_from", _("Choose the row that it is quoted from."))
        return cleaned


class GiveForm(forms.Form):
    """Asks to whom the texts of a card are given: an entity for which somebody reports."""

    entity = forms.ModelChoiceField(queryset=None, label=_("Give its texts to"), empty_label=_("Choose"))

    def __init__(self, *args, user, leads=(), **kwargs):
        super().__init__(*args, **kwargs)
        rows = visible_to(user, Entity.objects.filter(memberships__user__is_active=True)).distinct()
        self.fields["entity"].queryset = rows.in_reading_order()
        with_people = set(rows.order_by().values_list("pk", flat=True))
        # Without anybody to choose the page says what to do first.
        self.has_people = bool(with_people)
        # Most often it is who leads.
        first = next((each.pk for each in leads if getattr(each, "pk", None) in with_people), None)
        self.fields["entity"].initial = first


class PublishForm(ReasonForm):
    """Asks why, and that what the check list warns of is meant so."""

    confirmed = forms.BooleanField(
        label=_("I have read what the list warns of: it is published so."), required=False
    )

    def __init__(self, *args, warns=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["confirmed"].required = warns
        if not warns:
            del self.fields["confirmed"]

    def refuse(self, error):
        self.add_error(None, as_dict(error).get(NON_FIELD_ERRORS, error.messages))
