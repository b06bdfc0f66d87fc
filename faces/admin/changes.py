"""Changes of the log in words for people: the columns by their names, values as pages write them.

What somebody may not read is left out: rows that he may not see, and what is left empty without them.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import BooleanField, DateField, DateTimeField, Q
from django.utils.formats import date_format, localize
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from record.applying import model_of
from record.kinds import kind_of
from record.models.log import Change
from record.rights import may, visible_to
from record.text import language_of_column

from ..changes import column_of

EMPTY = "–"


@dataclass(frozen=True)
class Side:
    """What a column says: a text, in the language `lang` where its column is of one."""

    text: str
    lang: str = ""

    def __str__(self):
        return self.text


@dataclass(frozen=True)
class Column:
    """A column of a row, before and after; both are None where personal data were taken out of the log."""

    name: str
    label: str
    before: Side | None
    after: Side | None

    @property
    def is_struck(self):
        return self.before is None and self.after is None

    @property
    def is_empty(self):
        return not self.is_struck and self.before.text == self.after.text == EMPTY


@dataclass(frozen=True)
class Described:
    """A change in words: what kind of row, what it was called, and the columns side by side."""

    change: Change
    kind: str
    columns: list

    @property
    def is_public(self):
        return self.change.public_at is not None


def described(changes, user=None):
    """Return the changes in words, in their order, as far as a user may read them; None is the public.

    It takes two queries for each model that is linked, however many changes there are.
    """
    changes = list(changes)
    # The first loading only counts the rows of each kind.
    told = [
        (model_of(change.model), {} if change.action == Change.Action.LOADED else change.columns)
        for change in changes
    ]
    reader = Reader(user, told)
    found = [
        Described(change, kind_name(change.model), reader.columns(*each))
        for change, each in zip(changes, told, strict=True)
    ]
    # Of the others nothing changed but what the reader may not see.
    return [each for each, (_model, columns) in zip(found, told, strict=True) if each.columns or not columns]


def kind_name(label):
    """Return what people call a kind of row."""
    model = model_of(label)
    return capfirst(str(model._meta.verbose_name)) if model else label


class Reader:
    """Writes out values of the log for a user. `told` has the (model, {column: values}) to be written."""

    def __init__(self, user, told):
        self.user = user
        linked = {}
        for model, columns in told:
            for name, values in columns.items():
                field = column_of(model, name)
                if field is not None and field.is_relation:
                    pks = linked.setdefault(field.related_model, set())
                    pks.update(pk for value in values for pk in as_list(value))
        self.names = {model: self._names(model, pks) for model, pks in linked.items()}

    def _names(self, model, pks):
        """Return {pk: name} of rows of a model that the user may read; None stands for one that is gone."""
        rows = model._base_manager.filter(pk__in=pks)
        may_view = self.user is not None and may(self.user, "view", model)
        visible = visible_to(self.user, rows) if may_view else rows.none()
        readable = model.readable() if hasattr(model, "readable") else Q(pk__in=[])
        # An empty condition holds of every row, but says nothing beside another.
        allowed = rows.filter(readable | Q(pk__in=visible.values("pk"))) if readable else rows
        names = {row.pk: str(row) for row in allowed.select_related(*kind_of(model).named_with)}
        missing = pks - set(names)
        if missing and may_view:
            # Of a kind that he may not view he is not told either that a row was there.
            kept = set(rows.filter(pk__in=missing).values_list("pk", flat=True))
            names |= dict.fromkeys(missing - kept)
        return names

    def columns(self, model, columns):
        """Return the columns of a change that the user may read, in the order of the model."""
        order = [field.name for field in model._meta.get_fields()] if model else []
        found = []
        for name, values in columns.items():
            field = column_of(model, name)
            column = self._column(model, name, field, values)
            if column is not None:
                place = order.index(field.name) if field is not None else len(order)
                found.append((place, column))
        return [column for _place, column in sorted(found, key=lambda pair: pair[0])]

    def _column(self, model, name, field, values):
        label = capfirst(str(field.verbose_name)) if field is not None else name
        if not values:
            return Column(name, label, None, None)
        if field is not None and field.is_relation and self._is_hidden(field.related_model, *values):
            return None
        return Column(name, label, *(self.side(field, value) for value in values))

    def _is_hidden(self, model, before, after):
        """Tell whether a column is the same before and after but for rows that the user may not read."""
        names = self.names[model]
        before, after = as_list(before), as_list(after)
        known = [[pk for pk in pks if pk in names] for pks in (before, after)]
        return known[0] == known[1] and known != [before, after]

    def side(self, field, value):
        """Return what a column says, as pages write it."""
        return Side(self._text(field, value), language_of_column(field.name) if field is not None else "")

    def _text(self, field, value):
        if field is not None and field.is_relation:
            names = self.names.get(field.related_model, {})
            known = [(pk, names[pk]) for pk in as_list(value) if pk in names]
            words = [name or _("row %(pk)s, which is gone") % {"pk": pk} for pk, name in known]
            return "\n".join(words) or EMPTY
        if value in (None, "", [], {}):
            return EMPTY
        if isinstance(value, list | dict):
            return ", ".join(self._part(field, part) for part in value)
        if choices := dict(getattr(field, "flatchoices", None) or ()):
            return str(choices.get(value, value))
        if isinstance(field, BooleanField):
            return _("Yes") if value else _("No")
        if isinstance(field, DateTimeField):
            return date_format(localtime(datetime.fromisoformat(value)), "DATETIME_FORMAT")
        if isinstance(field, DateField):
            return date_format(date.fromisoformat(value))
        return value if isinstance(value, str) else localize(value)

    def _part(self, field, part):
        """Return a part of a list or of a dict: the names of columns are what these mostly have."""
        column = column_of(field.model, part) if field is not None and isinstance(part, str) else None
        return str(column.verbose_name) if column is not None else str(part)


def as_list(value):
    """Return the pks that a column with links to other rows has in the log."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
