"""One loading at a time, for each database."""

import fcntl
from contextlib import contextmanager, suppress

from django.db import DatabaseError, connection

from .faults import LoadingIsRunning

# Any number that nothing else in the database uses.
NUMBER = 20_120_410


@contextmanager
def only_one():
    """Hold off any other loading; raise LoadingIsRunning where one is running.

    The lock ends with the process that holds it, however that ends: PostgreSQL ties it to the connection, and
    for SQLite the operating system does to an open file beside the database.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [NUMBER])
            if not cursor.fetchone()[0]:
                raise LoadingIsRunning
        try:
            yield
        finally:
            # A connection that is broken has lost its lock already.
            with suppress(DatabaseError), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [NUMBER])
    elif connection.is_in_memory_db():
        yield  # nobody else can see it
    else:
        # The file stays: if it were removed, two loadings could each lock one of the same name.
        with open(f"{connection.settings_dict['NAME']}.loading", "w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise LoadingIsRunning from None
            yield
