"""The log of changes as readers may know it: in their language, and naming only what the public may read."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import takewhile
from typing import NamedTuple

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import prefetch_related_objects
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from record.dates import local_date
from record.kinds import Kind, by_label, kind_of
from record.models.log import Change, ChangedPage
from record.text import Text, language_of_column
from record.writing import paths_to_pages

from .templatetags.dates import longdate

# Of a longer text a list shows the part that changed.
EXCERPT = 300
# What stays before the first difference, for the reader to see where he is.
LEAD = 60
# Letters of whole texts that one page of the log gives; of what is longer than the rest of it, it gives the
# address.
ROOM = 40_000
NAME_LENGTH = 120
# The texts by which people know a row, by the name of their pair of columns.
TITLES = ("title", "name", "label")


@dataclass(frozen=True)
class Named:
    """A row as the log names it; `row` is None, and all else empty, where the public may not read it."""

    row: object = None
    url: str = ""

    @property
    def kind(self):
        return kind_of(type(self.row))

    @property
    def code(self):
        """The identifier that people use; '' for a row that has none."""
        return getattr(self.row, "code", "")

    @cached_property
    def title(self):
        """The words for the row, in the reader's language; '' where its code is all there is."""
        if self.row is None:
            return _("a row that is not public")
        found = self.kind.found
        names = [found.title] if found else [name for name in TITLES if hasattr(type(self.row), name)]
        title = getattr(self.row, names[0]) if names else ""
        title = title or ("" if self.code else self._words_of_its_own())
        short = Truncator(title).chars(NAME_LENGTH)
        return title.like(short) if isinstance(title, Text) else short

    def _words_of_its_own(self):
        """Return what the row says of itself or, of one known by its identifier alone, what it is part of."""
        words = str(self.row)
        if words != self.public_id:
            return words
        owners = [Named(getattr(self.row, name)) for name in self.row.belongs_to]
        return ", ".join(str(owner.code or owner.title) for owner in owners if owner.row) or words

    @property
    def words(self):
        """Code and title as one text."""
        return f"{self.code} {self.title}".strip()

    @property
    def public_id(self):
        """The public identifier as the API gives it; None without one."""
        name = self.row is not None and self.kind.public_id
        return str(getattr(self.row, name)) if name else None


@dataclass
class Column:
    """What was and what is in one column.

    `before` and `after` are words, or lists of `Named` where the column links to other rows; `values` is
    the same pair for programs. A text too long for a list is in `shown` as the part that changed; `is_whole`
    says that the page has room for all of it.
    """

    name: str
    label: str
    before: object
    after: object
    values: tuple
    is_linked: bool = False
    is_whole: bool = False

    @property
    def is_long(self):
        return not self.is_linked and max(len(self.before), len(self.after)) > EXCERPT

    @cached_property
    def shown(self):
        """The pair as a list shows it."""
        return excerpts(self.before, self.after) if self.is_long else (self.before, self.after)


def excerpts(before, after):
    """Return the part of two texts that differs, of each EXCERPT letters at most, from a whole word on."""
    same = sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))
    start = before.rfind(" ", 0, same - LEAD) + 1 if same > LEAD else 0

    def cut(text):
        part = text[start : start + EXCERPT]
        short = f"{'…' if start else ''}{part}{'…' if start + EXCERPT < len(text) else ''}"
        return text.like(short) if isinstance(text, Text) else short

    return cut(before), cut(after)


class Count(NamedTuple):
    """How many rows of a kind were loaded."""

    kind: Kind
    number: int


class Told:
    """A change as readers may know it, with the rows that `tell()` found readable."""

    def __init__(self, change, readable):
        self.change, self._readable = change, readable
        self.kind = by_label().get(change.model)

    @property
    def id(self):
        return self.change.pk

    @property
    def entry(self):
        return self.change.entry

    @property
    def as_of(self):
        return self.entry.as_of

    @property
    def effective_on(self):
        """The day from which the change speaks: its own or, where none is stated, that of its publication."""
        return self.as_of or self.public_on

    @property
    def public_on(self):
        """The day in Peru on which the public could read it first."""
        return local_date(self.change.public_at)

    @property
    def kind_label(self):
        """The name of the kind of row, for people; '' without one."""
        return capfirst(self.kind.model._meta.verbose_name) if self.kind else ""

    @property
    def action(self):
        """What was done to the row, in words."""
        return self.change.get_action_display()

    @property
    def is_struck(self):
        return self.change.action == Change.Action.STRUCK

    @property
    def is_cut(self):
        """Whether the page had no room for one of its texts."""
        return any(column.is_long and not column.is_whole for column in self.columns)

    @property
    def source(self):
        """Where the right words stand, as whoever made the change wrote it."""
        return self.change.source or self.entry.source

    @cached_property
    def row(self):
        """The row, or None where the public may not read it now."""
        return self._readable.get((self.change.model, self.change.object_id))

    @cached_property
    def named(self):
        return Named(self.row, self.url if self.row else "")

    @cached_property
    def pages(self):
        """The pages on which the change is seen, the nearest first, of rows that the public may read."""
        if self.kind is None:
            return []
        near = [self.change.model, *(model._meta.label_lower for model in ways(self.kind.model).values())]
        pages = [page for page in self.change.pages.all() if (page.model, page.object_id) in self._readable]
        pages.sort(key=lambda page: (near.index(page.model) if page.model in near else len(near), page.pk))
        rows = [self._readable[page.model, page.object_id] for page in pages]
        return [Named(row, row.get_absolute_url()) for row in rows]

    @cached_property
    def url(self):
        """The address where the row is seen, or what it belongs to; '' where the public sees neither."""
        if hasattr(self.row, "get_absolute_url"):
            return self.row.get_absolute_url()
        return self.pages[0].url if self.pages else ""

    @property
    def sources(self):
        """Where the row stands that changed."""
        return [self.row] if getattr(self.row, "document_id", None) else []

    @property
    def counts(self):
        """How many rows of each kind the first loading brought; [] for any other change."""
        if self.change.action != Change.Action.LOADED:
            return []
        loaded = self.change.columns
        return [Count(kind, loaded[label][1]) for label, kind in by_label().items() if label in loaded]

    @property
    def counts_in_words(self):
        """The same in words: ['117 commitments', '6 plans']; what has one name is counted together."""
        counted, names = Counter(), {}
        for kind, number in self.counts:
            options = kind.model._meta
            names[str(options.verbose_name_plural)] = options.verbose_name
            counted[str(options.verbose_name_plural)] += number
        return [f"{number} {names[plural] if number == 1 else plural}" for plural, number in counted.items()]

    @cached_property
    def columns(self):
        """The columns that changed; none where the public may not read the row now."""
        if self.row is None:
            return []
        # In the order of the model: each database keeps them in its own.
        fields = (*self.row._meta.concrete_fields, *self.row._meta.many_to_many)
        known = [field.name for field in fields if field.name in self.change.columns]
        # What no column is called any more comes last.
        names = [*known, *sorted(set(self.change.columns) - set(known))]
        return [self._column(name, self.change.columns[name]) for name in names]

    def _column(self, name, pair):
        # What was struck keeps no words.
        before, after = pair or (None, None)
        column = column_of(type(self.row), name)
        if column is not None and column.is_relation:
            label = column.related_model._meta.label_lower
            pairs = [
                [Named(row, address(row)) if row else Named() for row in self._linked(label, value)]
                for value in (before, after)
            ]
            is_several = column.many_to_many
            values = tuple(public_ids(rows, is_several) for rows in pairs)
            return Column(name, label_of(column, name), *pairs, values, is_linked=True)
        unofficial = self.change.columns.get("unofficial") or [getattr(self.row, "unofficial", {})] * 2
        texts = (
            self._words(column, name, value, is_unofficial=name in (of_ours or {}))
            for value, of_ours in zip((before, after), unofficial, strict=True)
        )
        return Column(name, label_of(column, name), *texts, (machine(before), machine(after)))

    def _linked(self, label, value):
        pks = value if isinstance(value, list) else [value]
        return [self._readable.get((label, pk)) for pk in pks if pk is not None]

    def _words(self, column, name, value, is_unofficial):
        words = self.kind.labels().get(name, {})
        if isinstance(value, list | dict):
            # Names of columns, or codes.
            names = [
                str(words.get(each) or label_of(column_of(type(self.row), each), each)) for each in value
            ]
            return ", ".join(names)
        if value in words:
            return str(words[value])
        plain = in_words(column, value)
        if plain is not None:
            return plain
        return Text(value, language_of(self.row, column, name), is_unofficial)


def tell(changes):
    """Return some changes as readers may know them, in a number of queries that only their kinds decide.

    Their entries are at hand. Rows that the public may not read now are named nowhere, and of a change of
    such a row nothing is told but that there was one.
    """
    changes = list(changes)
    prefetch_related_objects(changes, "pages")
    wanted = defaultdict(set)
    for change in changes:
        wanted[change.model].add(change.object_id)
        for page in change.pages.all():
            wanted[page.model].add(page.object_id)
        for label, pks in links(change):
            wanted[label] |= pks
    readable = {}
    for label, pks in wanted.items():
        if label in by_label():
            for row in readable_rows(by_label()[label].model, pks):
                readable[label, row.pk] = row
    return [Told(change, readable) for change in changes]


def with_log(rows):
    """Add what the log says of the page of each row, without a query of its own.

    `has_log` tells whether anything on it changed, `loaded_at` when the record was loaded for the first time.
    """
    model = rows.model._meta.label_lower
    loaded = Change.objects.public().filter(action=Change.Action.LOADED).order_by("pk").values("public_at")
    return rows.annotate(
        has_log=models.Exists(ChangedPage.objects.filter(model=model, object_id=models.OuterRef("pk"))),
        loaded_at=models.Subquery(loaded[:1]),
    )


def by_entry(told):
    """Group changes, the newest first, by what was written together: [(entry, its changes)]."""
    groups = {}
    for each in told:
        groups.setdefault(each.entry.pk, (each.entry, []))[1].append(each)
    return list(groups.values())


def give_whole_texts(told, room=ROOM):
    """Mark the long texts of some changes that a page has room to give whole; the rest, programs give."""
    for column in (column for each in told for column in each.columns if column.is_long):
        size = len(column.before) + len(column.after)
        column.is_whole = size <= room
        room -= size if column.is_whole else 0


def links(change):
    """Yield (label of the model, pks) of the rows that the columns of a change link to."""
    kind = by_label().get(change.model)
    for name, pair in change.columns.items() if kind else ():
        column = column_of(kind.model, name)
        if column is not None and column.is_relation:
            pks = {pk for value in pair for pk in (value if isinstance(value, list) else [value])}
            yield column.related_model._meta.label_lower, pks - {None}


def readable_rows(model, pks):
    """Return the rows of a model that the public may read, with the rows that name and address them."""
    linked = [column.name for column in model._meta.concrete_fields if column.is_relation]
    way = {*kind_of(model).named_with, *ways(model), *linked}
    return model.everything.readable().filter(pk__in=pks).select_related(*way)


def ways(model):
    """Return {path of columns: model} to what rows of a model belong to, the nearest first."""
    paths = paths_to_pages(model)
    return {path: paths[path] for path in sorted(paths, key=lambda path: path.count("__"))}


def address(row):
    """Return the address of a row; '' without one of its own."""
    return row.get_absolute_url() if hasattr(row, "get_absolute_url") else ""


def column_of(model, name):
    """Return a column of a model by its name in the log; None where there is none any more, or no model."""
    if model is None:
        return None
    try:
        return model._meta.get_field(kind_of(model).renamed.get(name, name))
    except FieldDoesNotExist:
        return None


def label_of(column, name):
    """Return the name of a column for people."""
    return str(column.verbose_name) if column is not None else name


def public_ids(rows, is_several):
    """Return the public identifiers of linked rows, or of the one; null for a row that is not public."""
    ids = [row.public_id for row in rows]
    return ids if is_several else next(iter(ids), None)


def machine(value):
    """Return a value for programs: of fingerprints of translations, the columns that they are of."""
    return sorted(value) if isinstance(value, dict) else value


def in_words(column, value):
    """Return what a column holds in the reader's language; '' for nothing, None where it is free text."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if getattr(column, "flatchoices", None):
        return str(dict(column.flatchoices).get(value, value))
    match column:
        case models.DateTimeField():
            return longdate(local_date(datetime.fromisoformat(value)))
        case models.DateField():
            return longdate(date.fromisoformat(value))
        case models.DecimalField():
            return number_format(Decimal(value), use_l10n=True)
    return None if isinstance(value, str) else str(value)


def language_of(row, column, name):
    """Return the language of a text: that of its column or, of a quotation, that of its document; or ''."""
    if lang := language_of_column(name):
        return lang
    if isinstance(column, models.SlugField | models.URLField):
        return ""
    return getattr(row, "language", "") or getattr(getattr(row, "document", None), "language", "")
