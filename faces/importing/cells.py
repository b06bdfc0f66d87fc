"""What the cells of a spreadsheet say: dates, numbers, choices, and rows of other models.

Each widget reads what clerks type, in either language, and raises ValueError, in words, where that cannot be
read. `render` writes what an export holds, which comes in again.
"""

import re
from datetime import date, datetime

from django.core.exceptions import ObjectDoesNotExist
from django.utils import translation
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.widgets import CharWidget, ForeignKeyWidget, ManyToManyWidget, Widget

from record.cleaning import clean, plain_dashes
from record.kinds import by_model
from record.rights import own_to
from record.text import LANGUAGES

from ..sheets import Percent
from .heads import folded

EMPTY = (None, "")
MOST_IN_LABEL = 120
# Of columns with the same words in each language.
ENDINGS = tuple(f"_{lang}" for lang in LANGUAGES)
# Day, month, year, with one kind of sign between them; or the year first, as computers write.
_DAY_FIRST = re.compile(r"(\d{1,2})([/.\-])(\d{1,2})\2(\d{2,4})")
_YEAR_FIRST = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_IN_WORDS = re.compile(r"(\d{1,2})\s+(?:de\s+)?([a-zñ]+)\.?\s+(?:del?\s+)?(\d{4})")
_MONTHS = {
    name: number
    for names in (
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "january february march april may june july august september october november december",
    )
    for number, name in enumerate(names.split(), 1)
} | {"setiembre": 9}


def refuse_date(value):
    """Raise ValueError where a spreadsheet has made a date of what is none, as of the code 2-10."""
    if isinstance(value, date):
        raise ValueError(
            _(
                "The spreadsheet changed it into a date (%(day)s). Give the column the format Text, and "
                "write it again."
            )
            % {"day": value.strftime("%d/%m/%Y")}
        )


def as_text(value):
    """Return what a cell says as a clean text; a whole number without a decimal point."""
    refuse_date(value)
    if isinstance(value, float) and value == int(value):
        value = int(value)
    return clean(str(value))


class Plain(CharWidget):
    """A text."""

    def clean(self, value, row=None, **kwargs):
        return "" if value in EMPTY else as_text(value)


class TextOrNull(Plain):
    """A text whose empty value is null."""

    def clean(self, value, row=None, **kwargs):
        return super().clean(value, row, **kwargs) or None


class Choice(Widget):
    """One of some choices, (code, label): its code, or its label in either language. Empty it may be null."""

    def __init__(self, choices, is_null=False):
        super().__init__()
        self.choices, self.is_null = list(choices), is_null
        self.codes = {folded(code): code for code, _label in self.choices}
        for lang in LANGUAGES:
            with translation.override(lang):
                self.codes |= {folded(label): code for code, label in self.choices}

    def clean(self, value, row=None, **kwargs):
        if value in EMPTY:
            return None if self.is_null else ""
        text = as_text(value)
        try:
            return self.codes[folded(text)]
        except KeyError:
            known = ", ".join(str(label) for _code, label in self.choices)
            raise ValueError(
                _("“%(value)s” is none of: %(known)s.") % {"value": text, "known": known}
            ) from None


def is_ambiguous(value):
    """Tell whether a text is a date that could be read month first too; it is read day first."""
    found = isinstance(value, str) and _DAY_FIRST.fullmatch(value.strip())
    return bool(found) and found[1] != found[3] and max(int(found[1]), int(found[3])) <= 12


class Day(Widget):
    """A date: that of a cell, or a text with the day first, as Peru writes it, or with the year first."""

    def clean(self, value, row=None, **kwargs):
        if value in EMPTY:
            return None
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        text = clean(str(value))
        try:
            year, month, day = self._parts(text)
            return date(year, month, day)
        except (ValueError, TypeError):
            raise ValueError(_("“%(value)s” is not a date like 31/12/2024.") % {"value": text}) from None

    def _parts(self, text):
        """Return year, month and day of a text; None where it is no date, or has a year of two digits."""
        if found := _YEAR_FIRST.fullmatch(text):
            return tuple(map(int, found.groups()))
        if found := _DAY_FIRST.fullmatch(text):
            return (int(found[4]), int(found[3]), int(found[1])) if len(found[4]) == 4 else None
        if (found := _IN_WORDS.fullmatch(text.casefold())) and found[2] in _MONTHS:
            return int(found[3]), _MONTHS[found[2]], int(found[1])
        return None

    def render(self, value, obj=None, force_native_type=False, **kwargs):
        return value if force_native_type else super().render(value)


class WholeNumber(Widget):
    """A whole number, also where the spreadsheet has made 1.0 of it, or a text."""

    def clean(self, value, row=None, **kwargs):
        if value in EMPTY:
            return None
        refuse_date(value)
        try:
            number = float(value) if isinstance(value, str | int | float) else None
            if number is None or isinstance(value, bool) or number != int(number):
                raise ValueError
        except (ValueError, OverflowError):
            raise ValueError(_("“%(value)s” is not a whole number.") % {"value": value}) from None
        return int(number)

    def render(self, value, obj=None, force_native_type=False, **kwargs):
        return value if force_native_type else super().render(value)


class PerCent(WholeNumber):
    """A whole number of hundred: 50, 50 %, or a cell that shows 50 % and holds a half."""

    def clean(self, value, row=None, **kwargs):
        if isinstance(value, str):
            value = value.removesuffix("%").strip()
        elif isinstance(value, Percent):
            value = value.of_hundred
        return super().clean(value, row, **kwargs)


class YesNo(Widget):
    """Yes, no, or nothing."""

    YES = frozenset({"1", "si", "yes", "true", "verdadero", "x"})
    NO = frozenset({"0", "no", "false", "falso"})

    def clean(self, value, row=None, **kwargs):
        if value in EMPTY or value in ("null", "None"):
            return None
        word = folded(as_text(value))
        if word not in self.YES | self.NO:
            raise ValueError(_("“%(value)s” is neither yes nor no.") % {"value": value})
        return word in self.YES

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else "1" if value else "0"


class Named(ForeignKeyWidget):
    """A row of another model: by its public identifier, with any dash in it, or by its words.

    `words` names the attributes with the words by which people call it; rows of such models are few. `user`
    is who names it: what he may not name is not there for him.
    """

    user = None

    def __init__(self, model, field, words=()):
        super().__init__(model, field=field)
        self.words = words
        self.found, self.by_words = {}, None

    def label(self, row):
        """Return the words of a row that this widget reads again: its public identifier, then its name."""
        identifier, words = str(getattr(row, self.field)), str(row)
        return identifier if words == identifier else f"{identifier} – {words}"[:MOST_IN_LABEL]

    def called(self, row, typed=""):
        """Return what people call a row that a cell names: nobody knows a slug by heart.

        A code or a number stays as it is; a slug stands behind the words where the cell was `typed` so.
        """
        identifier = str(getattr(row, self.field))
        if self.field != "slug":
            return identifier
        # Words without a language, such as an acronym, are shorter than the name.
        short = (getattr(row, name) for name in self.words if not name.endswith(ENDINGS))
        words = next(filter(None, short), None) or str(row)
        return f"{words} ({identifier})" if identifier in typed else words

    def own(self):
        """Return the rows that may be named."""
        rows = self.model._default_manager.all()
        return rows if self.user is None or self.model not in by_model() else own_to(self.user, rows)

    def prefetch(self, values):
        """Find the rows that some cells name, in one query."""
        texts = {plain_dashes(clean(value)) for value in values if isinstance(value, str)}
        if wanted := {text for text in texts if text} - set(self.found):
            rows = self.own().filter(**{f"{self.field}__in": self._possible(wanted)})
            self.found |= {str(getattr(row, self.field)): row for row in rows}

    def _possible(self, texts):
        column = self.model._meta.get_field(self.field)
        is_number = column.get_internal_type() == "PositiveSmallIntegerField"
        return [text for text in texts if not is_number or (text.isdecimal() and len(text) < 5)]

    def clean(self, value, row=None, **kwargs):
        if value in EMPTY:
            return None
        refuse_date(value)
        if isinstance(value, float) and value != int(value):
            # 2.1 may have been 2.10.
            raise ValueError(
                _(
                    "The spreadsheet changed it into a number (%(value)s). Give the column the format Text, "
                    "and write it again."
                )
                % {"value": value}
            )
        text = plain_dashes(as_text(value))
        row = self._by_identifier(text) or self._by_words(text)
        if row is None:
            name = self.model._meta.verbose_name
            raise ValueError(_("There is no %(model)s “%(value)s”.") % {"model": name, "value": text})
        return row

    def _by_identifier(self, text):
        if text not in self.found:
            try:
                (wanted,) = self._possible([text])
                self.found[text] = self.own().get(**{self.field: wanted})
            except (ObjectDoesNotExist, ValueError):
                self.found[text] = None
        return self.found[text]

    def _by_words(self, text):
        """Return the row that is called so; of a label such as “2-10 – A title”, the first word says it."""
        first = text.split(" ")[0]
        if first != text and (row := self._by_identifier(first)):
            return row
        if not self.words:
            return None
        if self.by_words is None:
            self.by_words = {}
            for row in self.own():
                for name in self.words:
                    if word := folded(getattr(row, name) or ""):
                        self.by_words.setdefault(word, {})[row.pk] = row
        rows = list(self.by_words.get(folded(text), {}).values())
        if len(rows) > 1:
            known = ", ".join(str(getattr(row, self.field)) for row in rows)
            raise ValueError(
                _("“%(value)s” is the name of several: write which of %(known)s.")
                % {"value": text, "known": known}
            )
        return rows[0] if rows else None


class AllNamed(ManyToManyWidget):
    """Rows of another model, as `Named`, with | between them."""

    def __init__(self, model, field, words=()):
        super().__init__(model, separator="|", field=field)
        self.one = Named(model, field, words)

    @property
    def user(self):
        return self.one.user

    @user.setter
    def user(self, user):
        self.one.user = user

    def called(self, row, typed=""):
        return self.one.called(row, typed)

    def clean(self, value, row=None, **kwargs):
        texts = "" if value in EMPTY else as_text(value)
        return [self.one.clean(name) for name in texts.split(self.separator) if name.strip()]


class Translations(Field):
    """The columns of a row that are translations of ours, with | between them."""

    def clean(self, row, **kwargs):
        return [name.strip() for name in str(row[self.column_name] or "").split("|") if name.strip()]

    def save(self, instance, row, is_m2m=False, **kwargs):
        self.put(instance, self.clean(row))

    def put(self, instance, columns):
        """Mark columns as translations of ours; raise ValueError where one is no text."""
        if wrong := set(columns) - set(instance.bilingual_columns()):
            raise ValueError(_("No text is called “%(name)s”.") % {"name": ", ".join(sorted(wrong))})
        instance.unofficial = {column: instance.unofficial.get(column, "") for column in columns}

    def get_value(self, instance):
        return "|".join(sorted(instance.unofficial))


class Parts(Field):
    """Entities, or the like, that the parts of a row name: written with a new row, of others only read.

    `read(row)` returns what the parts of a row name; `make(row, named)` returns the parts of a new row, not
    stored.
    """

    def __init__(self, column_name, widget, read, make):
        super().__init__(column_name=column_name, widget=widget)
        self.read, self.make = read, make

    def shown(self, named):
        """Return what some named rows are in a cell: their public identifiers, with | between them."""
        return self.widget.separator.join(sorted(str(getattr(row, self.widget.field)) for row in named))

    def get_value(self, instance):
        return self.shown(self.read(instance))

    def export(self, instance, **kwargs):
        return self.get_value(instance)
