"""Rows of the record as lines of a file: what imports have in common.

A file is imported whole or not at all, by the same rules as the forms: reasons for what is public, no contact
details, a focal point's rows only. Rows name each other by their public identifiers, never by a pk.
"""

import os
from datetime import date, datetime

from diff_match_patch import diff_match_patch
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.fields import Field
from import_export.resources import Diff, ModelResource
from import_export.widgets import BooleanWidget, CharWidget, ForeignKeyWidget, ManyToManyWidget, Widget

from record.actions import IsAnnulled
from record.cleaning import clean, plain_dashes
from record.guarding import OWN_WORDS
from record.kinds import by_model
from record.personal import find_addresses
from record.publication import Status, clean_texts, needs_reason
from record.rights import is_focal_point, may, may_publish, own_to
from record.writing import REASON_NEEDED, is_reason, required, writing

from .admin import (
    contact_details_error,
    kept_reason,
    new_numbers,
    telephone_error,
)

NOT_BY_IMPORT = gettext_lazy(
    "You may not write this row so: the public reads it, or others drafted it. Propose a change in its form, "
    "or return the draft."
)
# Rows of a file: each takes some hundredths of a second.
MOST_ROWS = 2_000


class Named(ForeignKeyWidget):
    """A row of another model, by its public identifier, with any dash in it.

    `user` is who names it: what he may not name is not there for him.
    """

    user = None

    def get_queryset(self, value, row, *args, **kwargs):
        rows = super().get_queryset(value, row, *args, **kwargs)
        return rows if self.user is None or self.model not in by_model() else own_to(self.user, rows)

    def clean(self, value, row=None, **kwargs):
        if value in (None, ""):
            return None
        try:
            return self.get_queryset(value, row).get(**{self.field: plain_dashes(clean(str(value)))})
        except (ObjectDoesNotExist, ValueError):
            name = self.model._meta.verbose_name
            raise ValueError(
                _("There is no %(model)s “%(value)s”.") % {"model": name, "value": value}
            ) from None


class AllNamed(ManyToManyWidget):
    """Rows of another model, by their public identifiers, with | between them."""

    def __init__(self, model, field):
        super().__init__(model, separator="|", field=field)

    user = None

    def clean(self, value, row=None, **kwargs):
        named = Named(self.model, self.field)
        named.user = self.user
        return [named.clean(name) for name in str(value or "").split(self.separator) if name.strip()]


class Day(Widget):
    """A date as 2024-12-31: in any other order day and month would be guesswork."""

    def clean(self, value, row=None, **kwargs):
        if value in (None, ""):
            return None
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value).strip())
        except ValueError:
            raise ValueError(_("“%(value)s” is not a date like 2024-12-31.") % {"value": value}) from None

    def render(self, value, obj=None, force_native_type=False, **kwargs):
        return value if force_native_type else super().render(value)


class WholeNumber(Widget):
    def clean(self, value, row=None, **kwargs):
        if value in (None, ""):
            return None
        try:
            number = float(value) if isinstance(value, str | int | float) else None
            if number is None or number != int(number):
                raise ValueError
        except (ValueError, OverflowError):
            raise ValueError(_("“%(value)s” is not a whole number.") % {"value": value}) from None
        return int(number)

    def render(self, value, obj=None, force_native_type=False, **kwargs):
        return value if force_native_type else super().render(value)


class YesNo(BooleanWidget):
    def clean(self, value, row=None, **kwargs):
        if value not in (*self.NULL_VALUES, *self.TRUE_VALUES, *self.FALSE_VALUES):
            raise ValueError(_("“%(value)s” is neither 1 (yes) nor 0 (no).") % {"value": value})
        return super().clean(value, row, **kwargs)


class TextOrNull(CharWidget):
    """A text column whose empty value is null."""

    def clean(self, value, row=None, **kwargs):
        return super().clean(value, row, **kwargs) or None


class Translations(Field):
    """The columns of a row that are translations of ours, with | between them."""

    def save(self, instance, row, is_m2m=False, **kwargs):
        columns = [name.strip() for name in str(row[self.column_name] or "").split("|") if name.strip()]
        if wrong := set(columns) - set(instance.bilingual_columns()):
            raise ValueError(_("No text is called “%(name)s”.") % {"name": ", ".join(sorted(wrong))})
        instance.unofficial = {column: instance.unofficial.get(column, "") for column in columns}

    def get_value(self, instance):
        return "|".join(sorted(instance.unofficial))


def translations():
    return Translations(attribute="unofficial", column_name="unofficial")


def named(column, model, identifier):
    """Return the column for a row of another model, by its public identifier."""
    return Field(attribute=column, column_name=column, widget=Named(model, identifier))


def computed(column):
    """Return a column that files show and imports ignore."""
    return Field(attribute=column, column_name=column, readonly=True)


def as_stored(value):
    """Return the value of a cell as the record stores it: a text clean, anything else as it is."""
    return clean(value) if isinstance(value, str) else value


class PlainDiff(Diff):
    """What an import changes, marked by elements; the package writes inline styles, that the CSP forbids."""

    # Seconds that a cell may take; what takes longer is marked as a whole.
    PATIENCE = 0.05
    ELEMENTS = {-1: "<del>{}</del>", 0: "{}", 1: "<ins>{}</ins>"}

    def as_html(self):
        cells = []
        matcher = diff_match_patch()
        matcher.Diff_Timeout = self.PATIENCE
        for before, after in zip(self.left, self.right, strict=True):
            parts = matcher.diff_main("" if self.new else str(before or ""), str(after or ""))
            matcher.diff_cleanupSemantic(parts)
            marked = ((format_html(self.ELEMENTS[kind], text),) for kind, text in parts)
            cells.append(format_html_join("", "{}", marked))
        return cells


class RecordResource(ModelResource):
    """Lines of one model. `user` is who imports; None (a script) is bound by no one's rights.

    `reason` says why public rows are changed; `no_telephone` why what looks like a telephone number is none.
    """

    # Fields that only whoever may publish sets; and those that a focal point does not set either.
    publication_fields = ()
    focal_point_leaves = ()
    select_related = ()

    WIDGETS_MAP = ModelResource.WIDGETS_MAP | {
        "DateField": Day,
        "PositiveSmallIntegerField": WholeNumber,
        "BooleanField": YesNo,
        "TextField": CharWidget,
    }

    class Meta:
        # use_bulk stays off: each row is checked as a form checks it.
        clean_model_instances = True
        skip_unchanged = True
        use_transactions = True

    def __init__(self, user=None, reason="", no_telephone=""):
        super().__init__()
        self.user = user
        for column in self.fields.values():
            if isinstance(column.widget, Named | AllNamed):
                column.widget.user = user
        self.reason = clean(reason)
        self.no_telephone = clean(no_telephone)

    def is_public(self, instance):
        """Tell whether the public sees a row as it is stored."""
        return needs_reason(instance)

    def get_queryset(self):
        return super().get_queryset().select_related(*self.select_related)

    def filter_export(self, queryset, **kwargs):
        return queryset.select_related(*self.select_related)

    def after_export(self, queryset, dataset, **kwargs):
        """Tell the format what the rows are called, all together and each."""
        dataset.title = capfirst(str(self._meta.model._meta.verbose_name_plural))
        dataset.names = ["code"] if "code" in self.fields else self.get_import_id_fields()

    @classmethod
    def get_diff_class(cls):
        return PlainDiff

    def before_import(self, dataset, **kwargs):
        """Read the heads clean; refuse columns that we do not know, have twice, or miss: raise ValueError.

        More rows than one answer can wait for are refused too.
        """
        if len(dataset) > MOST_ROWS:
            raise ValueError(_("A file has at most %(most)s rows: divide it.") % {"most": MOST_ROWS})
        if dataset.headers:
            dataset.headers = [as_stored(header) for header in dataset.headers]
        headers = [header for header in dataset.headers or () if header]
        known = {field.column_name for field in self.fields.values()}
        if unknown := [header for header in headers if header not in known]:
            raise ValueError(_("Unknown columns: %(names)s.") % {"names": ", ".join(map(str, unknown))})
        if repeated := {header for header in headers if headers.count(header) > 1}:
            raise ValueError(
                _("Columns that stand twice: %(names)s.") % {"names": ", ".join(sorted(repeated))}
            )
        if missing := [name for name in self.get_import_id_fields() if name not in headers]:
            raise ValueError(_("Columns that are missing: %(names)s.") % {"names": ", ".join(missing)})

    def before_import_row(self, row, **kwargs):
        """Read the cells clean; the columns that name the row are equal with any dash."""
        for column, value in row.items():
            row[column] = as_stored(value)
            if column in self.get_import_id_fields() and isinstance(value, str):
                row[column] = plain_dashes(row[column])

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        """Check a row as its form does; of a line that names an annulled row say so, as its key is taken."""
        try:
            super().validate_instance(instance, import_validation_errors, validate_unique)
        except ValidationError:
            names = [self.fields[name].attribute for name in self.get_import_id_fields()]
            same = {name: getattr(instance, name, None) for name in names}
            if instance.pk is None and None not in same.values():
                annulled = self._meta.model.everything.filter(annulled_at__isnull=False, **same).first()
                if annulled is not None:
                    raise IsAnnulled(str(annulled)) from None
            raise

    def after_init_instance(self, instance, new, row, **kwargs):
        """Compare with the clean texts of a row: one that is only cleaned is unchanged, and skipped."""
        clean_texts(instance)

    def before_save_instance(self, instance, row, file_name="", **kwargs):
        """Check our own rules; raise ValidationError."""
        self.check(instance, row)
        if self.check_contact_details(instance):
            required("import").reason = kept_reason(self.reason, self.no_telephone)

    def import_data(self, dataset, *args, **kwargs):
        """Import the lines together, as one entry of the log."""
        with writing(self.user, self.reason, act="import") as this:
            this.file = os.path.basename(kwargs.get("file_name") or "")
            return super().import_data(dataset, *args, **kwargs)

    def check_contact_details(self, instance):
        """Raise ValidationError where a text brings contact details; those that stand were looked at before.

        Return whether there is something that looks like a telephone number and is let through.
        """
        errors, found = {}, []
        stored = self.stored(instance)
        for field in instance._meta.concrete_fields:
            value, before = getattr(instance, field.attname), as_stored(stored.get(field.attname))
            if not isinstance(value, str) or value == before:
                continue
            if addresses := find_addresses(value):
                errors[field.name] = contact_details_error(addresses)
            elif numbers := new_numbers(value, before):
                found += numbers
                if not self.no_telephone:
                    errors[field.name] = telephone_error(numbers)
        if errors:
            raise ValidationError(errors)
        return bool(found)

    def stored(self, instance):
        """Return the columns of a row as it is stored; none of a new row."""
        return type(instance)._base_manager.filter(pk=instance.pk).values().first() or {}

    def check(self, instance, row):
        """Raise ValidationError where the user may not write this row, or not so."""
        is_new = instance.pk is None
        if self.user is not None and not may(self.user, "add" if is_new else "change", instance):
            is_bound = is_focal_point(self.user)
            raise ValidationError(_("This row is not of your entities.") if is_bound else NOT_BY_IMPORT)
        if not is_new and not is_reason(self.reason) and self.is_public(instance):
            raise ValidationError(REASON_NEEDED)
        errors, stored = {}, self.stored(instance)
        for name in self.reserved_fields():
            field = instance._meta.get_field(name)
            if getattr(instance, field.attname) != stored.get(field.attname, field.get_default()):
                errors[name] = ValidationError(_("You may not set this."))
        if errors:
            raise ValidationError(errors)
        column = instance.publication_column
        if column and getattr(instance, column) == Status.PUBLISHED != stored.get(column):
            if self.user is not None and not may(self.user, "publish", instance):
                raise ValidationError({column: OWN_WORDS})
            instance.check_publication()

    def reserved_fields(self):
        """Return the fields that the user may not set."""
        if self.user is None or may_publish(self.user):
            return ()
        return (*self.publication_fields, *(self.focal_point_leaves if is_focal_point(self.user) else ()))
