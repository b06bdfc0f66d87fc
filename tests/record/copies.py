"""The record in the test database: loaded once, and copied for each module of tests that reads it.

Loading takes many seconds, a copy a fraction of one. SQLite keeps what was loaded in a file, from run to
run, under a name made of all that shapes it, so that it is never old; PostgreSQL in a database, until the run
ends.
"""

import fcntl
import hashlib
import os
import sqlite3
import sys
from contextlib import closing, contextmanager
from importlib.metadata import distributions
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import translation

from record.dates import today
from record.kinds import kinds
from record.loading import load_record

# Where pytest lets plugins keep files; `pytest --cache-clear` empties it.
FOLDER = settings.BASE_DIR / ".pytest_cache/d/record"
# The name of a run, which its first process gives it and its workers inherit.
RUN = "TEST_RECORD_RUN"


@contextmanager
def filled():
    """Have the record in the test database, which is empty before and after. Not inside a transaction."""
    fill = _filled_on_postgresql if connection.vendor == "postgresql" else _filled_on_sqlite
    # Django remembers the numbers of its content types; a copy has those of what it was made from.
    with fill():
        ContentType.objects.clear_cache()
        yield
    ContentType.objects.clear_cache()


def _load():
    # What a test left behind would be in every copy.
    assert [kind.label for kind in kinds() if kind.model._default_manager.exists()] == []
    with translation.override("en"):
        load_record(settings.FIXTURES_DIR)


@contextmanager
def _one_at_a_time():
    """Make the other processes wait, so that one of them loads and all find it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with open(FOLDER / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def fingerprint():
    """Return the digest of all that shapes the record in a database.

    That is its files, the code and the texts of the portal, the packages, and the day, which rows carry.
    """
    rooms = [Path(config.path) for config in apps.get_app_configs()]
    code = [path for room in rooms if room.parent == settings.BASE_DIR for path in room.rglob("*.py")]
    texts = [*settings.BASE_DIR.glob("locale/*/LC_MESSAGES/*.mo"), *settings.FIXTURES_DIR.rglob("*.yaml")]
    packages = sorted(f"{each.name} {each.version}" for each in distributions())
    digest = hashlib.sha256(f"{sys.version} {sqlite3.sqlite_version} {packages} {today()}".encode())
    for path in sorted([*code, *texts, Path(__file__)]):
        content = path.read_bytes()
        digest.update(f"{path} {len(content)} ".encode() + content)
    return digest.hexdigest()[:20]


@contextmanager
def _filled_on_sqlite():
    connection.ensure_connection()
    database, kept = connection.connection, FOLDER / f"{fingerprint()}.sqlite3"
    with closing(sqlite3.connect(":memory:")) as empty:
        database.backup(empty)
        with _one_at_a_time():
            if not kept.exists():
                for old in FOLDER.glob("*.sqlite3"):
                    old.unlink()
                _load()
                _keep(database, kept)
            else:
                with closing(sqlite3.connect(kept)) as whole:
                    whole.backup(database)
        yield
        empty.backup(database)


def _keep(database, path):
    """Write a database to a file, which has the name only when it is whole."""
    unfinished = path.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    with closing(sqlite3.connect(unfinished)) as file:
        database.backup(file)
    os.replace(unfinished, path)


@contextmanager
def _filled_on_postgresql():
    own, whole = connection.settings_dict["NAME"], _whole()
    copy = f"{own}_record"
    with _one_at_a_time():
        if not on_server("SELECT 1 FROM pg_database WHERE datname = %s", whole):
            # A thread of a test that ended may have left its session behind.
            on_server("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", own)
            on_server(f"DROP DATABASE IF EXISTS {whole}_unfinished WITH (FORCE)")
            on_server(f"CREATE DATABASE {whole}_unfinished TEMPLATE {own}")
            with _connected_to(f"{whole}_unfinished"):
                _load()
                with connection.cursor() as cursor:
                    # As autovacuum does for a database that lives.
                    cursor.execute("VACUUM ANALYZE")
            on_server(f"ALTER DATABASE {whole}_unfinished RENAME TO {whole}")
        on_server(f"CREATE DATABASE {copy} TEMPLATE {whole}")
    with _connected_to(copy):
        yield
    on_server(f"DROP DATABASE {copy} WITH (FORCE)")


@contextmanager
def _connected_to(name):
    """Use another database of the server, in this thread and in those of a live server."""
    own = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own


def migrated_on_sqlite(migrate):
    """Return a database that `migrate(path)` migrated, to copy; it does so where nobody did before."""
    kept = FOLDER / f"{fingerprint()}.migrated"
    with _one_at_a_time():
        if not kept.exists():
            for old in FOLDER.glob("*.migrat*"):
                old.unlink()
            migrating = kept.with_suffix(".migrating")
            migrate(migrating)
            # What the process did not write back from its journal is read too.
            with closing(sqlite3.connect(migrating)) as database:
                _keep(database, kept)
            migrating.unlink()
    return kept


def migrated_on_postgresql(name, migrate):
    """Make a new database, a copy of one that `migrate(name)` migrated in this run."""
    whole = f"migrated_{os.environ[RUN]}"
    with _one_at_a_time():
        if not on_server("SELECT 1 FROM pg_database WHERE datname = %s", whole):
            on_server(f"DROP DATABASE IF EXISTS {whole}_unfinished WITH (FORCE)")
            on_server(f"CREATE DATABASE {whole}_unfinished")
            migrate(f"{whole}_unfinished")
            on_server(f"ALTER DATABASE {whole}_unfinished RENAME TO {whole}")
        on_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        on_server(f"CREATE DATABASE {name} TEMPLATE {whole}")


def on_server(statement, *values):
    """Run a statement connected to no database of the tests, as nobody may be while it is copied."""
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else None


def _whole():
    return f"record_{os.environ[RUN]}"


def drop():
    """Take from the server what this run loaded, at its end, when tests may not connect any more."""
    if connection.vendor == "postgresql":
        with closing(connection.get_new_connection(connection.get_connection_params())) as server:
            server.autocommit = True
            for name in (_whole(), f"migrated_{os.environ[RUN]}"):
                server.cursor().execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
