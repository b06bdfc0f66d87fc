"""How long a reader's request may keep the database busy, on PostgreSQL and on SQLite."""

import time
from contextlib import contextmanager

from django.conf import settings
from django.db import OperationalError, connection

# SQLite asks whether to go on after so many steps of its machine, which are some milliseconds.
STEPS = 50_000


class TookTooLong(Exception):
    """A reader's request had no time left when it asked the database, or while it did."""


class TimeLimit:
    """The time of one request. Each query looks at it before it begins; what runs then, the database ends.

    PostgreSQL ends a statement that takes as long as the limit by itself, also when nobody is there any more.
    """

    def __init__(self, seconds):
        self.seconds = seconds
        self.ends_at = time.monotonic() + seconds
        # The connection that was told.
        self.asked = None

    def is_over(self):
        return time.monotonic() > self.ends_at

    def is_cause_of(self, fault):
        """Tell whether an exception is this limit's doing."""
        is_ended = isinstance(fault, OperationalError) and (
            self.is_over() or getattr(fault.__cause__, "pgcode", None) == "57014"
        )
        return is_ended or isinstance(fault, TookTooLong)

    @contextmanager
    def running(self):
        """Hold the queries of a block to the limit."""
        try:
            with connection.execute_wrapper(self.execute):
                if connection.vendor == "sqlite" and connection.connection is not None:
                    # What began in an earlier part of a stream goes on without being executed again.
                    self.tell(connection)
                yield
        finally:
            # One that was closed meanwhile asks no more.
            if connection.vendor == "sqlite" and self.asked and self.asked is connection.connection:
                self.asked.set_progress_handler(None, 0)
            self.asked = None

    def execute(self, execute, sql, params, many, context):
        if self.is_over():
            raise TookTooLong
        self.tell(context["connection"])
        return execute(sql, params, many, context)

    def tell(self, database):
        """Tell the database of the limit, before the first query or the first on another connection."""
        raw = database.connection
        if database.vendor == "sqlite" and self.asked is not raw:
            raw.set_progress_handler(self.is_over, STEPS)
            self.asked = raw
        elif database.vendor == "postgresql" and not settings.DATABASE_POOLED:
            if told(database) is raw or self.asked is raw:
                return
            with raw.cursor() as cursor:
                cursor.execute(f"SET statement_timeout = {int(self.seconds * 1000)}")
            self.asked = raw
            # What is set in a transaction may be undone with it.
            database.told_of_limit = None if database.in_atomic_block else raw

    def over(self, parts):
        """Return the parts of a streamed answer, which are read later, under the same limit."""
        parts = iter(parts)
        while True:
            try:
                with self.running():
                    part = next(parts)
            except StopIteration:
                return
            except OperationalError as fault:
                if self.is_cause_of(fault):
                    raise TookTooLong from fault
                raise
            yield part


def told(database):
    """Return the connection to PostgreSQL whose statements have the limit, or None."""
    return getattr(database, "told_of_limit", None)


def lift():
    """Let statements run as long as they need, such as for staff."""
    raw = told(connection)
    if raw is not None:
        connection.told_of_limit = None
        if raw is connection.connection and not raw.closed:
            with raw.cursor() as cursor:
                cursor.execute("RESET statement_timeout")


def is_limited(method, path):
    """Tell whether a request is a reader's: staff import and export as long as it takes."""
    return method in ("GET", "HEAD") and not path.startswith("/admin/")
