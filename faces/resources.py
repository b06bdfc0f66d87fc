"""Rows of the record as lines of a file: what imports and exports have in common.

A file is imported whole or not at all (`faces/importing`), by the same rules as the forms: reasons for what
is public, no contact details, a focal point's rows only. Rows name each other by their public identifiers,
never by a pk.
"""

from django.core.exceptions import NON_FIELD_ERRORS, FieldDoesNotExist, ValidationError
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.fields import Field
from import_export.resources import ModelResource

from record.cleaning import clean
from record.guarding import OWN_WORDS
from record.personal import find_addresses
from record.publication import Status, needs_reason
from record.rights import is_focal_point, may, may_publish
from record.writing import REASON_NEEDED, is_reason

from .admin import (
    contact_details_error,
    kept_reason,
    new_numbers,
    telephone_error,
)
from .importing.cells import AllNamed, Choice, Day, Named, PerCent, Plain, Translations, WholeNumber, YesNo
from .importing.checks import check_constraints
from .importing.heads import folded, label_of_field
from .importing.loading import errors_by_column

NOT_BY_IMPORT = gettext_lazy(
    "You may not write this row so: the public reads it, or others drafted it. Propose a change in its form, "
    "or return the draft."
)

# Rows of an export that are read together.
READ_TOGETHER = 500
# Of a drop-down: nobody finds anything in a longer one.
MOST_CHOICES = 500
# What `sheets.Column` calls the columns of some widgets.
KINDS = {
    "date": (Day,),
    "percent": (PerCent,),
    "number": (WholeNumber,),
    "choice": (Choice, YesNo),
    "code": (Named, AllNamed),
}
TEXTS = {"CharField", "TextField", "SlugField", "URLField"}
CODES = {"code", "label", "ogp_id", "slug"}


def translations():
    return Translations(attribute="unofficial", column_name="unofficial")


def named(column, model, identifier, words=()):
    """Return the column for a row of another model: by its public identifier, or by its words (`Named`)."""
    return Field(attribute=column, column_name=column, widget=Named(model, identifier, words))


def computed(column, attribute=None, widget=None):
    """Return a column that files show and imports ignore."""
    return Field(attribute=attribute or column, column_name=column, widget=widget or Plain(), readonly=True)


class RecordResource(ModelResource):
    """Lines of one model. `user` is who imports; None (a script) is bound by no one's rights.

    `reason` says why public rows are changed; `no_telephone` why what looks like a telephone number is none.
    """

    # Fields that only whoever may publish sets; and those that a focal point does not set either.
    publication_fields = ()
    focal_point_leaves = ()
    select_related = ()
    # The column of the key that is given where none is typed; "" where the key has none. What then tells the
    # row from others are the words in `same_by`: of each the first one that is not empty.
    number = ""
    same_by = ()
    # Columns of the key that may be empty.
    may_be_empty = ()
    # Columns that templates fill in: a line that has nothing else says nothing. And columns that they lack.
    filled_in = ()
    no_template = ()
    # The heads of columns that no column of the model has the words of.
    HEADS = {}

    WIDGETS_MAP = ModelResource.WIDGETS_MAP | {
        "DateField": Day,
        "PositiveSmallIntegerField": WholeNumber,
        "BooleanField": YesNo,
        "CharField": Plain,
        "SlugField": Plain,
        "URLField": Plain,
        "TextField": Plain,
    }

    def __init__(self, user=None, reason="", no_telephone=""):
        super().__init__()
        self.user = user
        for column in self.fields.values():
            if isinstance(column.widget, Named | AllNamed):
                column.widget.user = user
            model_field = self.model_field(column)
            if getattr(model_field, "choices", None) and not column.readonly:
                column.widget = Choice(model_field.flatchoices, model_field.null)
        self.reason = clean(reason)
        self.no_telephone = clean(no_telephone)
        self._stored, self._said = {}, set()

    # Columns.

    @property
    def columns(self):
        """The names of the columns, in their order."""
        return [field.column_name for field in self.fields.values()]

    def model_field(self, column):
        """Return the column of the model that a column of the file writes; None where it writes none."""
        try:
            return self._meta.model._meta.get_field(column.attribute or "")
        except FieldDoesNotExist:
            return None

    def head_of(self, name, column):
        """Return the words that stand over a column, in the reader's language."""
        if name in self.HEADS:
            return self.HEADS[name]
        model_field = self.model_field(column)
        return name if model_field is None else label_of_field(model_field)

    def heads(self):
        """Return {column: its head} in the reader's language."""
        return {field.column_name: str(self.head_of(name, field)) for name, field in self.fields.items()}

    def labels(self):
        """Return {column: {code: its label in the reader's language}} of the columns with choices."""
        found = {}
        for field in self.fields.values():
            if isinstance(field.widget, Choice):
                found[field.column_name] = {code: str(label) for code, label in field.widget.choices}
            elif isinstance(field.widget, YesNo):
                found[field.column_name] = {True: _("Yes"), False: _("No")}
        return found

    def key_columns(self):
        """Return the names of the columns that tell rows apart."""
        return list(self.get_import_id_fields())

    def empty_of(self, name):
        """Return what an empty cell of a column says: null, or a text without letters."""
        column = self.model_field(self.fields[name])
        return None if column is None or column.null or column.get_internal_type() not in TEXTS else ""

    def name_of(self, instance):
        """Return what people call a row that is not stored yet."""
        if hasattr(instance, "code"):
            instance.derive()
        return str(instance)

    # Rows that are there.

    def is_public(self, instance):
        """Tell whether the public sees a row as it is stored."""
        return instance.pk in self._said if instance.pk in self._stored else needs_reason(instance)

    def get_queryset(self):
        return super().get_queryset().select_related(*self.select_related)

    def filter_export(self, queryset, **kwargs):
        return queryset.select_related(*self.select_related)

    def stored_by_key(self, keys):
        """Return {key: row} of the rows with some keys that the user may write."""
        return self._with_keys(self.get_queryset(), keys)

    def taken_by_key(self, keys):
        """Return {key: row} of all rows with some keys, those that are annulled or not the user's too."""
        return self._with_keys(self._meta.model.everything.all(), keys)

    def _with_keys(self, rows, keys):
        condition = Q()
        for place, name in enumerate(self.key_columns()):
            values = {key[place] for key in keys}
            attribute = self.fields[name].attribute
            one = Q(**{f"{attribute}__in": values - {None}})
            condition &= one | Q(**{f"{attribute}__isnull": True}) if None in values else one
        return {self.key_of(row): row for row in rows.filter(condition)} if keys else {}

    def key_of(self, row):
        """Return the key of a row that is stored."""
        model_fields = [self.model_field(self.fields[name]) for name in self.key_columns()]
        return tuple(getattr(row, each.attname) for each in model_fields)

    def stored_by_words(self, asked):
        """Return {words key: row} of the rows that stand where lines without a number would: `words_key`."""
        if not asked:
            return {}
        owners = self.owner_columns()
        wanted = {self.words_key(values) for values in asked}
        condition = Q(**{f"{name}__in": {values[name].pk for values in asked} for name in owners})
        # Of all that these owners have only the words are read: the rows themselves may be thousands.
        rows = super().get_queryset().filter(condition).order_by("-pk").values("pk", *owners, *self.same_by)
        found = {key: row["pk"] for row in rows if (key := self.words_key(row)) in wanted}
        stored = self.get_queryset().in_bulk(found.values())
        return {key: stored[pk] for key, pk in found.items() if pk in stored}

    def owner_columns(self):
        """Return the columns of the key that name what a row belongs to: all but its number."""
        return [name for name in self.key_columns() if name != self.number]

    def words_key(self, values):
        """Return what tells a line without a number from others of its owner, a row or its key."""
        words = [values.get(name) for name in self.same_by]
        text = next((folded(word) for word in words if isinstance(word, str) and word), "")
        others = [word for word in words if not isinstance(word, str) and word is not None]
        owners = (values[name] for name in self.owner_columns())
        return (*(getattr(owner, "pk", owner) for owner in owners), *others, text)

    def hold(self, rows):
        """Remember what some rows are as they are stored."""
        model, pks = self._meta.model, [row.pk for row in rows]
        rows_there = model._base_manager.filter(pk__in=pks).values()
        self._stored = {each[model._meta.pk.attname]: each for each in rows_there}
        said = model._base_manager.filter(model.said(), pk__in=pks)
        self._said = set(said.values_list("pk", flat=True))
        for row in rows:
            row._is_said = row.pk in self._said

    def stored(self, instance):
        """Return the columns of a row as it is stored; none of a new row."""
        return self._stored.get(instance.pk, {})

    # A row on its way.

    def complete(self, instance, values):
        """Give a row what follows from several cells, inside of `writing()`; raise ValidationError."""

    def faults_of(self, instance, values, this):
        """Yield (column, error) of all that keeps a row from being written; '' of the row as a whole."""
        try:
            self.complete(instance, values)
            self.validate(instance)
            self.check(instance, values)
            if self.check_contact_details(instance):
                this.reason = kept_reason(self.reason, self.no_telephone)
        except ValidationError as error:
            yield from errors_by_column(error)

    def validate(self, instance):
        """Check a row as its form does; its key was looked for already. Raise ValidationError."""
        # Its key was looked for, and other columns follow from that.
        key = {self.fields[name].attribute for name in self.key_columns()}
        key |= {each.name for each in instance._meta.concrete_fields if not each.editable}
        # Rows that it names were found by `Named`.
        found = {
            column.attribute
            for column in self.fields.values()
            if isinstance(column.widget, Named) and getattr(instance, f"{column.attribute}_id", None)
        }
        faults = []
        for check in (
            lambda: instance.full_clean(found, validate_unique=False, validate_constraints=False),
            lambda: instance.validate_unique(exclude=key),
            lambda: check_constraints(instance),
        ):
            try:
                check()
            except ValidationError as error:
                faults += errors_by_column(error)
        if faults:
            raise ValidationError(_by_column(faults))

    def check_contact_details(self, instance):
        """Raise ValidationError where a text brings contact details; those that stand were looked at before.

        Return whether there is something that looks like a telephone number and is let through.
        """
        errors, found = {}, []
        stored = self.stored(instance)
        for field in instance._meta.concrete_fields:
            value, before = getattr(instance, field.attname), stored.get(field.attname)
            before = clean(before) if isinstance(before, str) else before
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

    def check(self, instance, values):
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

    def warnings(self, rows):
        """Yield (place, column, sentence) of what is odd in some rows, and is written all the same (rule 10).

        `rows` has (row, its cells, whether it is new), `column` is '' of the row as a whole. It is asked of
        hundreds of rows at once, in a number of queries that does not grow with them.
        """
        return ()

    def scopes_of(self, rows):
        """Return the scope of the template in which each of some rows would stand (`scopes()`); '' for none.

        It is asked of hundreds of rows at once, as `warnings` is.
        """
        return [""] * len(rows)

    def ways_on(self, scopes):
        """Return [(words, address)] of where the user goes on after an import of rows of some scopes."""
        return []

    def took(self, rows):
        """Take note of rows that were stored, of those with which `follow()` does more."""

    def follow(self):
        """Do what follows an import, in its transaction; WriteRefused takes all of it back."""

    # Out.

    def iter_queryset(self, queryset):
        """Yield the rows of an export, hundreds at a time with what is read of all of them (`prepare`)."""
        rows = []
        for row in super().iter_queryset(queryset):
            rows.append(row)
            if len(rows) == READ_TOGETHER:
                yield from self.prepare(rows)
                rows = []
        yield from self.prepare(rows)

    def prepare(self, rows):
        """Return rows of an export, with what their computed columns read."""
        return rows

    def after_export(self, queryset, dataset, **kwargs):
        """Tell the format what the rows are called, all together and each, and what its columns are."""
        dataset.title = capfirst(str(self._meta.model._meta.verbose_name_plural))
        dataset.names = ["code"] if "code" in self.fields else self.get_import_id_fields()
        dataset.kinds = self.kinds()

    def kinds(self):
        """Return {column: kind} of the columns, as `sheets.Column` has them."""
        return {field.column_name: self._kind_of(field) for field in self.fields.values()}

    def _kind_of(self, column):
        for kind, widgets in KINDS.items():
            if isinstance(column.widget, widgets):
                return kind
        return "code" if column.column_name in CODES else "text"

    # What is handed out to be filled in.

    def scopes(self):
        """Return [(key, words)] of what a template may be for, such as the plans; the user sees them all."""
        return []

    def template_rows(self, scope):
        """Return the rows of a template, dicts by column, that wait to be filled in."""
        return []

    def choices_of(self, column, scope):
        """Return what a cell of a column may hold, in words that `Named` and `Choice` read."""
        if isinstance(column.widget, Choice):
            return [str(label) for _code, label in column.widget.choices]
        if isinstance(column.widget, Named) and not column.readonly:
            rows = self.narrowed(column.widget.own(), scope)[: MOST_CHOICES + 1]
            labels = [column.widget.label(row) for row in rows]
            return labels if len(labels) <= MOST_CHOICES else []
        if isinstance(column.widget, YesNo):
            return [str(_("Yes")), str(_("No"))]
        return []

    def narrowed(self, rows, scope):
        """Keep those of some rows that a template for a scope offers."""
        return rows


def _by_column(faults):
    """Return {column: errors} of some (column, error)."""
    found = {}
    for column, error in faults:
        found.setdefault(column or NON_FIELD_ERRORS, []).append(error)
    return found
