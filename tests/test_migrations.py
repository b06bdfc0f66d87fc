"""Migrations on an empty database: the other tests have tables made of the models, without them."""

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as portal
from django.core.management import call_command
from django.db import connection, connections

from tests.record.copies import on_server

MIGRATED = "migrated"
OURS = tuple(
    f"{config.label}_" for config in apps.get_app_configs() if Path(config.path).parent == portal.BASE_DIR
)


@pytest.fixture
def migrated(django_db_setup, django_db_blocker, tmp_path, settings):
    """Give the connection to a database of its own, new and migrated."""
    settings.MIGRATION_MODULES = {}  # which the option --no-migrations fills
    with django_db_blocker.unblock():
        name = f"{connection.settings_dict['NAME']}_migrated"
        if connection.vendor == "postgresql":
            on_server(f"CREATE DATABASE {name}")
        else:
            name = tmp_path / "migrated.sqlite3"
        connections.settings[MIGRATED] = connection.settings_dict | {"NAME": name}
        call_command("migrate", database=MIGRATED, verbosity=0)
        yield connections[MIGRATED]
        connections[MIGRATED].close()
        del connections[MIGRATED], connections.settings[MIGRATED]
        if connection.vendor == "postgresql":
            on_server(f"DROP DATABASE {name} WITH (FORCE)")


def tables(database):
    """Return {table of ours: its columns, constraints and indexes}, in whatever order these were made.

    Django's migrations of its own tables name some constraints in another way than its models.
    """
    with database.cursor() as cursor:
        names = {name for name in database.introspection.table_names(cursor) if name.startswith(OURS)}
        read = _table_of_postgresql if database.vendor == "postgresql" else _table_of_sqlite
        return {name: sorted(read(cursor, name)) for name in names}


def _table_of_postgresql(cursor, name):
    cursor.execute(
        "SELECT concat_ws(' ', column_name, data_type, character_maximum_length, is_nullable, column_default,"
        " is_identity) FROM information_schema.columns WHERE table_name = %s"
        " UNION ALL SELECT concat_ws(' ', conname, pg_get_constraintdef(oid)) FROM pg_constraint"
        " WHERE conrelid = %s::regclass"
        " UNION ALL SELECT indexdef FROM pg_indexes WHERE tablename = %s",
        [name, f'"{name}"', name],
    )
    return [line for (line,) in cursor.fetchall()]


def _table_of_sqlite(cursor, name):
    cursor.execute("SELECT sql FROM sqlite_master WHERE tbl_name = %s AND type = 'table'", [name])
    ((table,),) = cursor.fetchall()
    cursor.execute("SELECT sql FROM sqlite_master WHERE tbl_name = %s AND type = 'index'", [name])
    # A definition for each column and constraint, parted by the commas outside brackets.
    inside = table.partition("(")[2].rpartition(")")[0]
    depth, parts = 0, [""]
    for char in inside:
        depth += (char == "(") - (char == ")")
        if char == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return [" ".join(part.split()) for part in parts] + [line for (line,) in cursor.fetchall() if line]


def test_migrations_make_the_tables_that_the_models_make(migrated):
    by_migrations, by_models = tables(migrated), tables(connection)

    assert len(by_models) > 30
    assert by_migrations == by_models
