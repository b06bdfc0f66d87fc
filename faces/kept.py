"""What the API's lists said and the search read last, kept by each process for one version of the record.

What a list says of a row follows from the version of the record, the language, the address that ours begin
with and, of some rows, the day. So a row is written once for all the days on which it is the same, and a list
that nobody asked for before is put together of what others needed.
"""

from array import array
from collections import defaultdict
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, timedelta
from itertools import compress

from django.db import connection
from django.db.models import F

from record.models.log import Version

# What a process keeps at most, in bytes.
MOST = 24_000_000
# What a key and what holds an entry take beside its own bytes, about.
ENTRY = 500


class Shelf:
    """What is kept at one version. Of two halves the older goes when the younger is full.

    What was asked for meanwhile moves to the younger, so that what is used stays.
    """

    def __init__(self, stamp=None, most=MOST):
        self.stamp, self.most = stamp, most
        self.younger, self.older, self.size = {}, {}, 0

    def get(self, key):
        """Return the value of a key, None where it is not kept."""
        found = self.younger.get(key)
        if found is None and (found := self.older.get(key)) is not None:
            self.put(key, *found)
        return found and found[0]

    def put(self, key, value, size):
        """Keep a value of so many bytes, unless it would push out all others."""
        if size > self.most / 4:
            return
        if self.size + size + ENTRY > self.most / 2:
            self.older, self.younger, self.size = self.younger, {}, 0
        before = self.younger.get(key)
        self.younger[key] = value, size
        self.size += size + ENTRY - (before[1] + ENTRY if before else 0)


_shelf = Shelf()
# The stamp of the version that was read at the beginning of this request.
_version_seen = ContextVar("version seen", default=None)


@contextmanager
def version_seen(stamp):
    """Say for a request which version was read before anything else; None where none was."""
    token = _version_seen.set(stamp)
    try:
        yield
    finally:
        _version_seen.reset(token)


def shelf_of_request():
    """Return what this process keeps at the version that this request saw; None where it saw none."""
    return current_shelf() if _version_seen.get() and not connection.in_atomic_block else None


def current_shelf():
    """Return what this process keeps at the version that readers see now.

    Where no version was `version_seen`, it is asked for: then ask before anything else is read. What is read
    afterwards may be newer than the version, never older. Inside a transaction, which may have rows that
    nobody else sees, it is one that nobody else gets.
    """
    global _shelf
    stamp = None if connection.in_atomic_block else _version_seen.get() or Version.stamp()
    if stamp is None:
        return Shelf()
    shelf = _shelf
    if shelf.stamp != stamp:
        # Whoever still reads the version before keeps his own.
        shelf = _shelf = Shelf(stamp)
    return shelf


def days_along(model, pks, ways):
    """Return {pk: the days} at the ends of some ways from some rows of a model, such as 'states__from_on'.

    What the public does not see counts too: a day too many only divides what is the same.
    """
    found = defaultdict(set)
    for way in ways:
        for pk, day in model._base_manager.filter(pk__in=pks).order_by().values_list("pk", way).distinct():
            if day is not None:
                found[pk].add(day)
    return found


def same_around(on, days):
    """Return the first and the last day around `on` between which none of some days begins anything."""
    first = max((day for day in days if day <= on), default=date.min)
    last = min((day - timedelta(days=1) for day in days if day > on), default=date.max)
    return first, last


class Keys:
    """The keys of the rows that a list has, in its order, and of some lists from which day on it has each."""

    def __init__(self, pks, days=None):
        self.pks, self.days = array("q", pks), days and array("l", days)

    @classmethod
    def of(cls, rows, are_to_begin):
        """Read the keys of some rows; `are_to_begin` says that they have a `begins_on`."""
        if not are_to_begin:
            return cls(rows.values_list("pk", flat=True))
        pairs = list(rows.values_list("pk", F("begins_on")))
        return cls([pk for pk, _day in pairs], [day.toordinal() if day else 0 for _pk, day in pairs])

    @property
    def size(self):
        return self.pks.itemsize * len(self.pks) * 2

    def on(self, day):
        """Return the keys of the rows that the list has on a day."""
        if self.days is None:
            return self.pks
        return list(compress(self.pks, map(day.toordinal().__ge__, self.days)))


class Written:
    """A row as a list writes it, from one day to another.

    `since` is a day from which a number in it counts, between `head` and `tail`; without one `head` is all.
    """

    __slots__ = ("first", "last", "head", "since", "tail")

    def __init__(self, first, last, head, since=None, tail=b""):
        self.first, self.last, self.head, self.since, self.tail = first, last, head, since, tail

    def on(self, day):
        """Return the bytes of the row on a day."""
        if self.since is None:
            return self.head
        return b"%b%d%b" % (self.head, (day - self.since).days, self.tail)

    @property
    def size(self):
        return len(self.head) + len(self.tail)


class Writings:
    """The rows of one list as they are kept: each perhaps as it was from one day and as it was from another.

    `kind` is whatever else decides what is written: the list, the language, the address.
    """

    # A row has few spans; whoever asks for every day gets no more of them kept.
    MOST_SPANS = 20

    def __init__(self, shelf, kind):
        self.shelf, self.kind = shelf, kind

    def get(self, pk, day):
        """Return the bytes of a row on a day, None where they are not kept."""
        for written in self.shelf.get((self.kind, pk)) or ():
            if written.first <= day <= written.last:
                return written.on(day)
        return None

    def put(self, pk, written):
        """Keep a row as it was written."""
        spans = (written, *(self.shelf.get((self.kind, pk)) or ()))[: self.MOST_SPANS]
        self.shelf.put((self.kind, pk), spans, sum(each.size + ENTRY for each in spans))
