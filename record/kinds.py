"""The table of kinds: each noun of the record has one entry, and whatever lists nouns reads it.

Each app lists nouns in its `kinds.py`, as KINDS; a noun's entry stands in the app where its list in the API
does: Document's in plans, Entity's in commitments. Loading, the API's addresses, search, the page of open
data, the sitemap, what rows lack and who may touch them are read from here.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.db.models import Model, Q, QuerySet


class Subject(Enum):
    """What rows are about, in the table of who may do what (`record/rights.py`): each is a line of it."""

    # What the State promised, and how it was judged: plans, their texts and dates, reports, entities.
    PROMISED = "promised"
    # The cards of reports: the level is the secretariat's, the texts may be given to others to draft.
    CARD = "card"
    # The documents that stand behind it. Whoever writes may name a new one.
    SOURCE = "source"
    # Updates and evidence.
    REPORTED = "reported"
    # What the portal keeps of loading, and of what was proposed.
    KEPT = "kept"
    # Who has an account, and for which entity.
    ACCOUNTS = "accounts"


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A list of the API, which the page of open data tells in words.

    `place` is its place there, a number of its own; `name` begins the names of its addresses
    (`api:<name>-list`), `path` them.
    """

    place: int
    name: str
    path: str
    viewset: type
    label: str
    what: str


@dataclass(frozen=True, kw_only=True)
class Found:
    """How the search reads a kind. `place` orders what is found alike.

    `title` is the pair of columns with the title; `plan(row)` is the row's plan or None. `read(rows)` fetches
    what is the same on every day, and is kept; `said(pks, on)` returns {pk: what the record says of the row
    on a day beside that}; `texts(row, said)` yields what the row is found by beside its title.
    """

    place: int
    filterset: type
    title: str
    texts: Callable
    read: Callable[[QuerySet], QuerySet]
    plan: Callable = lambda row: None
    said: Callable[[list, date], dict] = lambda pks, on: {}


@dataclass(frozen=True)
class Gap:
    """A thing that some rows of a kind lack: `narrow(rows, on)` keeps those that lack it on a day."""

    slug: str
    title: str
    narrow: Callable[[QuerySet, date], QuerySet]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of row."""

    model: type[Model]

    # The columns that tell a row from others in the files of the record, and its public identifier, by which
    # others name it, '' if it has none. `named_with` are the rows that the identifier is made from.
    key: tuple = ()
    public_id: str = ""
    named_with: tuple = ()

    # What its columns were called once: {name in older changes of the log: name now}.
    renamed: dict = field(default_factory=dict)

    # Where it is listed, found, and has pages: the names of its list's address and whether a row has a page
    # of its own and one of its own text.
    listed: Listed | None = None
    found: Found | None = None
    list_page: str = ""
    has_page: bool = False
    has_text_page: bool = False

    # Returns {column: {code: words}} of codes that have no choices in the model.
    labels: Callable[[], dict] = dict

    # What its rows lack, and the way to their plan.
    gaps: tuple = ()
    plan: str = ""

    # Its line in the table of who may do what. Of what focal points write: the columns that they fill in, and
    # those that name what a row is about.
    subject: Subject = Subject.PROMISED
    focal_point_edits: tuple = ()
    about: tuple = ()
    # Of what the secretariat gives to an entity to draft: the columns that its focal points write then, and
    # the condition that a row was given to one of some entities.
    drafted: tuple = ()
    given_to: Callable[[tuple], Q] | None = None
    # The condition that a row is of some entities: that one reports on it, and reads its history.
    of_entities: Callable[[tuple], Q] | None = None
    # The condition that a row stays as it is for everybody.
    settled: Q | None = None

    def __post_init__(self):
        if self.subject is Subject.REPORTED and self.of_entities is None:
            raise ValueError(f"{self.label}: of_entities says which rows are a focal point's")

    @property
    def label(self):
        """The name of the model in the files of the record: app, full stop, model."""
        return self.model._meta.label_lower

    @property
    def name(self):
        """The name of the kind in the API: that of its list or, without one, of its model."""
        dashed = re.sub("(?<!^)(?=[A-Z])", "-", self.model.__name__).lower()
        return self.listed.name if self.listed else dashed

    def rows(self):
        """Return every row that the public may see."""
        return self.model._default_manager.published()


@cache
def kinds():
    """Return all entries, those of the highest app first."""
    found = []
    for config in reversed(list(apps.get_app_configs())):
        # As the admin finds the admins of all apps: the table knows the name of none.
        if find_spec(f"{config.name}.kinds"):
            found += getattr(import_module(f"{config.name}.kinds"), "KINDS", [])
    return tuple(found)


@cache
def by_model():
    """Return the entries by their model."""
    return {kind.model: kind for kind in kinds()}


@cache
def by_label():
    """Return the entries by the labels of their models."""
    return {kind.label: kind for kind in kinds()}


def kind_of(model):
    """Return the entry of a model; an empty one for a model that has none."""
    return by_model().get(model) or Kind(model=model)
