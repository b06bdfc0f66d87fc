"""Forms of rows and of lines in them.

Changes of what is public need a reason, translations are ticked, texts are clean, without contact details.
"""

from functools import cached_property

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import CharField, URLField
from django.forms.models import InlineForeignKeyField, _get_foreign_key
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from record.cleaning import clean
from record.personal import find_addresses, find_numbers
from record.rights import is_focal_point, may, visible_to
from record.text import other_column

REASON_NEEDED = _("The public reads this. Say why you change it.")
REASON_LENGTH = 100  # of simple-history's column
LONG_LINE = 300  # a text column of this length gets more room than one line
# What the history says before the reason why something that looks like a telephone number is none.
NO_TELEPHONE = "no es teléfono: "


class CleanField(forms.BoundField):
    """A field of a form whose text, the one that stands and the one that is typed, is read clean (rule 11).

    So a text that was only cleaned, or that the browser sends with other line ends, is no change.
    """

    @cached_property
    def initial(self):
        return self.read(super().initial)

    @property
    def data(self):
        return self.read(super().data)

    def read(self, value):
        """Return a value clean, and in one line where its column holds one; what is no text as it is."""
        if not isinstance(value, str):
            return value
        # A textarea with a length only gives more room to a long line.
        has_lines = isinstance(self.field.widget, forms.Textarea) and not self.field.max_length
        return clean(value) if has_lines else " ".join(clean(value).split("\n"))


class TranslationsField(forms.MultipleChoiceField):
    """Ticks which texts of a row are translations of ours (`Translated.unofficial`)."""

    widget = forms.CheckboxSelectMultiple

    def prepare_value(self, value):
        """Return the ticked columns of the dict that the model keeps."""
        return list(value or ())


class FixedWidget(forms.Widget):
    """Shows a value that this form does not change."""

    def __init__(self, text):
        super().__init__()
        self.text = text

    def render(self, name, value, attrs=None, renderer=None):
        return format_html('<span class="fixed">{}</span>', self.text)


class RecordForm(forms.ModelForm):
    """A form for a row of the record: also where it is a line in the form of another row."""

    bound_field_class = CleanField
    # Set for each request: whether the row, or the one that it is a line of, is public.
    is_public = False
    # The fields that a row keeps once it exists.
    fixed_fields = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # What looks like a telephone number in the texts that were typed, whether it may stand there or not.
        self.numbers = []
        if self.instance.pk:
            for name in self.fixed_fields:
                self.fix(name)
        if "unofficial" in self.fields:
            columns = self._meta.model.bilingual_columns()
            self.fields["unofficial"].choices = [
                (column, self.translation_label(column)) for column in columns
            ]

    def translation_label(self, column):
        """Return the name of a text for people, and whether our translation of it went stale."""
        name = capfirst(self._meta.model._meta.get_field(column).verbose_name)
        if self.instance.is_stale(column):
            return _("%(text)s – the original was changed after it was translated") % {"text": name}
        return name

    def fix(self, name):
        """Show a field as a text that cannot be changed."""
        self.fields[name].disabled = True
        value = getattr(self.instance, name)
        self.fields[name].widget = FixedWidget("–" if value is None else localize(value))

    def clean(self):
        cleaned = super().clean()
        self.check_contact_details()
        if "unofficial" in cleaned:
            cleaned["unofficial"] = self.clean_translations(cleaned)
        return cleaned

    def changes_row(self):
        """Tell whether a column of the row was changed; reasons are none."""
        return any(name not in self.declared_fields for name in self.changed_data)

    def check_contact_details(self):
        """Refuse contact details in the texts that were changed; those that stand were looked at before."""
        # The reason is one for the row and all its lines, and stands in the row's form.
        reason = clean(self.data.get("no_telephone", ""))
        for name in self.changed_data:
            value = self.cleaned_data.get(name)
            if not isinstance(value, str):
                continue
            if addresses := find_addresses(value):
                self.add_error(name, contact_details_error(addresses))
            if numbers := new_numbers(value, self[name].initial):
                self.numbers += numbers
                if not reason:
                    self.add_error(name, telephone_error(numbers))

    def clean_translations(self, cleaned):
        """Return the dict that the model keeps, with the fingerprints of translations known before."""
        columns = cleaned["unofficial"]
        for column in columns:
            name = self.translation_label(column)
            if not cleaned.get(column, getattr(self.instance, column)):
                self.add_error("unofficial", _("There is no text in “%(name)s”.") % {"name": name})
            elif column.endswith("_es") and other_column(column) in columns:
                self.add_error(
                    "unofficial", _("“%(name)s” and its twin cannot both be translations.") % {"name": name}
                )
        return {column: self.instance.unofficial.get(column, "") for column in columns}

    def validate_unique(self):
        """Check also the constraints on columns that this form does not show: the database does too."""
        super().validate_unique()
        if self._errors:
            return
        parents = [name for name, field in self.fields.items() if isinstance(field, InlineForeignKeyField)]
        # The row that a line belongs to may not be stored yet.
        unknown = [name for name in parents if self.fields[name].parent_instance.pk is None]
        try:
            self.instance.validate_constraints(exclude=unknown)
        except ValidationError as error:
            self._update_errors(error)


def new_numbers(text, before):
    """Return what looks like a telephone number in a text and did not stand in the one before it."""
    stood = find_numbers(before or "")
    return [number for number in find_numbers(text) if number not in stood]


def contact_details_error(addresses):
    """Return the error for a text with e-mail addresses in it."""
    return ValidationError(
        _("No e-mail address may stand in the record (%(found)s)."),
        code="contact_details",
        params={"found": ", ".join(addresses)},
    )


def telephone_error(numbers):
    """Return the error for a text with what looks like telephone numbers in it."""
    return ValidationError(
        _(
            "No telephone number may stand in the record, and this looks like one: %(found)s. If it is none, "
            "say so under “Why this is no telephone number”."
        ),
        code="telephone",
        params={"found": ", ".join(numbers)},
    )


def kept_reason(reason, no_telephone=""):
    """Return what the history keeps: why a row was changed, and why a number in it is no telephone."""
    return "; ".join(part for part in (reason, no_telephone and f"{NO_TELEPHONE}{no_telephone}") if part)


class NoTelephoneField(forms.CharField):
    """The reason with which a person lets through what looks like a telephone number and is none (rule 8)."""

    def __init__(self, **kwargs):
        super().__init__(
            label=_("Why this is no telephone number"),
            required=False,
            max_length=REASON_LENGTH - len(NO_TELEPHONE),
            help_text=_(
                "Only where a text has what looks like a telephone number and is none, such as an amount. "
                "Kept in the history, with your name."
            ),
            **kwargs,
        )


class RowForm(RecordForm):
    """The form of one row, on its own page."""

    change_reason = forms.CharField(
        label=_("Reason for the change"),
        required=False,
        max_length=REASON_LENGTH,
        widget=admin.widgets.AdminTextInputWidget,
        help_text=_("Kept in the history, with your name."),
    )
    # Asked for once a text has such a number.
    no_telephone = NoTelephoneField(widget=forms.HiddenInput)

    def clean(self):
        cleaned = super().clean()
        if self.is_public and self.changes_row():
            self.check_reason()
        if len(kept_reason(self.reason(), cleaned.get("no_telephone"))) > self.room_for_reasons():
            self.add_error("change_reason", _("Together these reasons are too long for the history."))
        return cleaned

    def check_reason(self):
        """Ask for the reason of the change of a public row, where it was not given."""
        if not self.reason() and "change_reason" not in self._errors:
            self.add_error("change_reason", REASON_NEEDED)

    def reason(self):
        """Return the reason given for the change; '' if there is none."""
        return self.cleaned_data.get("change_reason", "")

    def room_for_reasons(self):
        """Return how long all reasons together may be."""
        return REASON_LENGTH

    def kept_reason(self, line):
        """Return what the history keeps of a row, the form's own or a line's: why it was changed."""
        return kept_reason(self.reason(), self.cleaned_data["no_telephone"] if line.numbers else "")

    def ask_about_numbers(self):
        """Show the field in which a person says why a number is no telephone."""
        self.fields["no_telephone"].widget = admin.widgets.AdminTextInputWidget()


class ReasonFormSet(forms.BaseInlineFormSet):
    """The lines of a row: to change or delete one of a public row needs the reason, given in its form."""

    def clean(self):
        super().clean()
        changed = any(form.has_changed() for form in self.initial_forms)
        if self.form.is_public and changed and not clean(self.data.get("change_reason", "")):
            raise ValidationError(_("The public reads these lines. Write the reason for the change above."))


class RecordOptions:
    """What the page of a row and the lines in another row's form have in common."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Choose among the rows that the user may see."""
        rows = db_field.related_model._default_manager.all()
        if is_focal_point(request.user) and may(request.user, "view", db_field.related_model):
            kwargs["queryset"] = visible_to(request.user, rows)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_autocomplete_fields(self, request):
        """Search in every foreign key: no list of choices is short for ever."""
        fields = [*self.model._meta.fields, *self.model._meta.many_to_many]
        return [field.name for field in fields if field.is_relation]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "unofficial":
            return TranslationsField(
                label=capfirst(db_field.verbose_name), required=False, help_text=db_field.help_text
            )
        if isinstance(db_field, URLField):
            kwargs["assume_scheme"] = "https"
        elif isinstance(db_field, CharField) and not db_field.choices and db_field.max_length >= LONG_LINE:
            kwargs["widget"] = admin.widgets.AdminTextareaWidget(
                attrs={"rows": 2, "class": "vLargeTextField line"}
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class RecordInline(RecordOptions):
    """Lines in the form of another row; use with TabularInline or StackedInline."""

    form = RecordForm
    formset = ReasonFormSet
    extra = 0
    view_on_site = False
    # What makes up a line's public identifier: written once, never changed.
    fixed_fields = ()
    # What a line of a public row keeps, too.
    fixed_when_public = ()
    # Whether a line of a public row may be taken away, with a reason.
    deletable_when_public = True

    def is_of_public_row(self, obj):
        """Tell whether lines of a row change only with a reason: it was said, or one of them was by itself.

        A level is said with its report, also while its commitment is a draft again.
        """
        if obj is None:
            return False
        if self.admin_site.get_model_admin(self.parent_model).is_public(obj):
            return True
        owner = _get_foreign_key(self.parent_model, self.model, self.fk_name).name
        return self.model._default_manager.filter(self.model.said(), **{owner: obj}).exists()

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.is_public = self.is_of_public_row(obj)
        formset.form.fixed_fields = (
            *self.fixed_fields,
            *(self.fixed_when_public if formset.form.is_public else ()),
        )
        return formset

    def has_view_permission(self, request, obj=None):
        return may(request.user, "view", self.model)

    def has_add_permission(self, request, obj=None):
        return may(request.user, "add", self.model)

    def has_change_permission(self, request, obj=None):
        return may(request.user, "change", self.model)

    def has_delete_permission(self, request, obj=None):
        if not self.deletable_when_public and self.is_of_public_row(obj):
            return False
        return may(request.user, "delete", self.model)
