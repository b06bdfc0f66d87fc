"""Forms of rows and of lines in them.

Changes of what is public need a reason, translations are ticked, texts are clean, without contact details.
"""

from contextlib import contextmanager
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

from record.actions import take_away
from record.cleaning import clean
from record.kinds import by_model
from record.personal import find_addresses, find_numbers
from record.rights import may, own_to, visible_to
from record.text import other_column
from record.writing import REASON_NEEDED, is_reason, required

from .comparing import ComparedForm, ComparedFormSet
from .versions import with_version

LONG_LINE = 300  # a text column of this length gets more room than one line
# What the log says before the reason why something that looks like a telephone number is none.
NO_TELEPHONE = "no es teléfono: "


def day_field(label, **kwargs):
    """Return a field for a day, which browsers let choose from a calendar and send as 2026-11-27."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **{"required": False} | kwargs)


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


class ComparedField(CleanField):
    """A field of a row's form, which may stay as it is now whatever the browser sends."""

    @property
    def data(self):
        if self.name in self.form.taken:
            return self.field.prepare_value(self.initial)
        return super().data

    def build_widget_attrs(self, attrs, widget=None):
        """Name a field of a table to whoever does not see the head of its column."""
        attrs = super().build_widget_attrs(attrs, widget)
        if self.form.is_in_table and not (self.is_hidden or self.use_fieldset):
            attrs.setdefault("aria-label", capfirst(self.label))
        return attrs


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


class RecordForm(ComparedForm, forms.ModelForm):
    """A form for a row of the record: also where it is a line in the form of another row."""

    bound_field_class = ComparedField
    # Set for each request: whether the row, or the one that it is a line of, is public.
    is_public = False
    # The fields that a row keeps once it exists.
    fixed_fields = ()
    # Whether it is a line of a table, where fields have no labels of their own.
    is_in_table = False

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
        self.compare()

    def translation_label(self, column):
        """Return the name of a text for people, and whether our translation of it went stale."""
        name = capfirst(self._meta.model._meta.get_field(column).verbose_name)
        if self.instance.is_stale(column):
            return _("%(text)s – the original was changed after it was translated") % {"text": name}
        return name

    def fix(self, name):
        """Show a field as a text that cannot be changed; what was typed while it could is not forgotten."""
        bound = self[name]
        is_sent = self.is_bound and bound.html_name in self.data
        if is_sent and self.fields[name].has_changed(bound.initial, bound.data):
            self.in_vain[name] = bound.data
        self.fields[name].disabled = True
        value = getattr(self.instance, name)
        self.fields[name].widget = FixedWidget("–" if value is None else localize(value))

    def clean(self):
        cleaned = super().clean()
        self.check_contact_details()
        if "unofficial" in cleaned:
            cleaned["unofficial"] = self.clean_translations(cleaned)
        return cleaned

    def kept_relations(self):
        """Return the fields whose linked rows stay as they are, so that the database need not be asked."""
        if self.instance._state.adding:
            return set()
        return {
            name
            for name, field in self.fields.items()
            if isinstance(field, forms.ModelChoiceField) and name not in self.changed_data
        }

    def _clean_fields(self):
        every = self.fields
        kept = self.kept_relations()
        self.fields = {name: field for name, field in every.items() if name not in kept}
        super()._clean_fields()
        self.fields = every

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() | self.kept_relations()

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

    def _post_clean(self):
        # The constraints are looked at once, below.
        with constrained(self.instance, []):
            super()._post_clean()

    def validate_unique(self):
        """Check also the constraints on columns that this form does not show: the database does too."""
        super().validate_unique()
        if self._errors:
            return
        parents = [name for name, field in self.fields.items() if isinstance(field, InlineForeignKeyField)]
        # The row that a line belongs to may not be stored yet.
        unknown = [name for name in parents if self.fields[name].parent_instance.pk is None]
        try:
            with constrained(self.instance, self.constraints()):
                self.instance.validate_constraints(exclude=unknown)
        except ValidationError as error:
            self._update_errors(error)

    def constraints(self):
        """Return the constraints of the row, of a stored one those on columns that were changed."""
        every = type(self.instance).get_constraints(self.instance)
        if self.instance._state.adding:
            return every
        columns = set(self.changed_data)
        return [
            (model, [each for each in constraints if columns_of_constraint(each) & columns])
            for model, constraints in every
        ]


@contextmanager
def constrained(row, constraints):
    """Let the checks of a row look at some of its constraints only."""
    before = row.get_constraints
    row.get_constraints = lambda: constraints
    try:
        yield
    finally:
        row.get_constraints = before


def columns_of_constraint(constraint):
    """Return the names of the columns of a constraint: a rule about values, or that some are unique."""
    condition = getattr(constraint, "condition", None)
    return {*getattr(constraint, "fields", ()), *(condition.referenced_base_fields if condition else ())}


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
    """Return what the log keeps: why rows were changed, and why a number in them is no telephone."""
    return "; ".join(part for part in (reason, no_telephone and f"{NO_TELEPHONE}{no_telephone}") if part)


class NoTelephoneField(forms.CharField):
    """The reason with which a person lets through what looks like a telephone number and is none (rule 8)."""

    def __init__(self, **kwargs):
        super().__init__(
            label=_("Why this is no telephone number"),
            required=False,
            help_text=_(
                "Only where a text has what looks like a telephone number and is none, such as an amount. "
                "The public reads it, without your name."
            ),
            **kwargs,
        )


class RowForm(RecordForm):
    """The form of one row, on its own page."""

    change_reason = forms.CharField(
        label=_("Reason for the change"),
        required=False,
        widget=admin.widgets.AdminTextareaWidget(attrs={"rows": 2, "class": "vLargeTextField line"}),
        help_text=_("The public reads it, without your name."),
    )
    # Asked for once a text has such a number.
    no_telephone = NoTelephoneField(widget=forms.HiddenInput)

    def clean(self):
        cleaned = super().clean()
        if self.sent and self.sent.refusal:
            raise ValidationError(self.sent.refusal)
        if self.is_public and self.changes_row():
            self.check_reason()
        return cleaned

    def check_reason(self):
        """Ask for the reason of the change of a public row, where none was given."""
        if not is_reason(self.reason()) and "change_reason" not in self._errors:
            self.add_error("change_reason", REASON_NEEDED)

    def reason(self):
        """Return the reason given for the change; '' if there is none."""
        return self.cleaned_data.get("change_reason", "")

    def source(self):
        """Return where the right words stand, if the form asked for it."""
        return ""

    def tell_writer(self, lines=()):
        """Tell the writer why the row and its lines are changed, and why a number in them is no telephone."""
        has_numbers = any(each.numbers for each in (self, *lines))
        this = required("form")
        this.reason = kept_reason(self.reason(), self.cleaned_data["no_telephone"] if has_numbers else "")
        this.source = self.source()

    def ask_about_numbers(self):
        """Show the field in which a person says why a number is no telephone."""
        self.fields["no_telephone"].widget = admin.widgets.AdminTextInputWidget()


class ReasonFormSet(ComparedFormSet, forms.BaseInlineFormSet):
    """The lines of a row: to change or delete one of a public row needs the reason, given in its form."""

    def clean(self):
        super().clean()
        changed = any(form.has_changed() for form in self.initial_forms)
        if self.form.is_public and changed and not is_reason(clean(self.data.get("change_reason", ""))):
            raise ValidationError(_("The public reads these lines. Write the reason for the change above."))

    def delete_existing(self, obj, commit=True):
        """Take a line away: a draft is deleted, what was published is annulled with the form's reason."""
        if commit:
            take_away(obj)


class Named:
    """Names a list to search in while nothing of it is chosen: what stands in its place has no other name."""

    def build_attrs(self, *args, **kwargs):
        name = capfirst(self.field.verbose_name)
        return super().build_attrs(*args, **kwargs) | {"data-placeholder": name}


class SearchedSelect(Named, admin.widgets.AutocompleteSelect):
    pass


class SearchedSelectMultiple(Named, admin.widgets.AutocompleteSelectMultiple):
    pass


class RecordOptions:
    """What the page of a row and the lines in another row's form have in common."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Choose among the rows that the user may name."""
        defaults = self.choices(db_field, request) | {"widget": SearchedSelect(db_field, self.admin_site)}
        return super().formfield_for_foreignkey(db_field, request, **defaults | kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """Choose among the rows that the user may name."""
        widget = SearchedSelectMultiple(db_field, self.admin_site)
        defaults = self.choices(db_field, request) | {"widget": widget}
        return super().formfield_for_manytomany(db_field, request, **defaults | kwargs)

    def choices(self, db_field, request):
        model = db_field.related_model
        return {"queryset": own_to(request.user, model._default_manager.all())} if model in by_model() else {}

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
    """Lines in the form of another row; use with StackedInline, or a TableInline."""

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

    def get_queryset(self, request):
        return with_version(visible_to(request.user, super().get_queryset(request)))

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
        formset.sent = formset.form.sent = getattr(request, "sent", None)
        formset.form.is_editable = self.has_change_permission(request, obj)
        formset.form.is_public = self.is_of_public_row(obj)
        formset.form.fixed_fields = (
            *self.fixed_fields,
            *(self.fixed_when_public if formset.form.is_public else ()),
        )
        return formset

    def has_view_permission(self, request, obj=None):
        return may(request.user, "view", self.model)

    def has_add_permission(self, request, obj=None):
        return self.may_write(request, "add", obj)

    def has_change_permission(self, request, obj=None):
        return self.may_write(request, "change", obj)

    def has_delete_permission(self, request, obj=None):
        if not self.deletable_when_public and self.is_of_public_row(obj):
            return False
        return self.may_write(request, "delete", obj)

    def may_write(self, request, action, obj):
        """Tell whether the user may write such lines, in the form of a row that he may fill in."""
        pages = self.admin_site.get_model_admin(self.parent_model)
        return may(request.user, action, self.model) and (
            obj is None or pages.has_change_permission(request, obj)
        )


class TableInline(RecordInline, admin.TabularInline):
    """Lines in the form of another row, as a table: each column has a head, and each field a name."""

    template = "admin/table_inline.html"

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.is_in_table = True
        return formset
