"""Databases as they were when a version landed: from then on each migrates forward with all its rows.

`scripts/keep_landing.py` writes these files.
"""

import base64
import hashlib
import json
import lzma
from pathlib import Path

from django.apps import apps
from django.db import connections, transaction

from record.writing import unsealed

FILES = sorted(Path(__file__).parent.glob("*.json.xz"))
APPS = ("record", "entities", "plans", "commitments")


def tables_of_ours():
    """Return the names of the tables of our apps, those of links among them."""
    models = [
        model for app in APPS for model in apps.get_app_config(app).get_models(include_auto_created=True)
    ]
    return sorted({model._meta.db_table for model in models})


def digests(migrations):
    """Return {app/name: digest of the file} of those migrations, given as pairs, that are ours."""
    return {
        f"{app}/{name}": hashlib.sha256(
            (Path(apps.get_app_config(app).path) / "migrations" / f"{name}.py").read_bytes()
        ).hexdigest()
        for app, name in migrations
        if app in APPS
    }


def read(path):
    """Return what a file holds.

    {"migrations": [[app, name]], "digests": {app/name: digest}, "tables": {name: {"columns", "rows"}}}.
    """
    return json.loads(lzma.decompress(path.read_bytes()))


def _value(value, spec):
    if isinstance(value, dict):
        return base64.b64decode(value["base64"])
    # SQLite keeps yes and no as numbers.
    return bool(value) if value is not None and spec == "bool" else value


def fill(alias, kept):
    """Put the rows of a landing into the tables of a database, which its migrations have just made."""
    connection = connections[alias]
    with unsealed(), connection.constraint_checks_disabled(), transaction.atomic(using=alias):
        with connection.cursor() as cursor:
            for name, table in kept["tables"].items():
                _fill_table(connection, cursor, name, table)
        reset = connection.ops.sequence_reset_sql(_style(), _models(kept))
        with connection.cursor() as cursor:
            for statement in reset:
                cursor.execute(statement)


def _fill_table(connection, cursor, name, table):
    quote = connection.ops.quote_name
    kinds = {each.name: _kind(connection, each) for each in _description(connection, cursor, name)}
    columns = ", ".join(map(quote, table["columns"]))
    places = ", ".join(["%s"] * len(table["columns"]))
    rows = [
        [_value(value, kinds[column]) for column, value in zip(table["columns"], row, strict=True)]
        for row in table["rows"]
    ]
    if rows:
        cursor.executemany(f"INSERT INTO {quote(name)} ({columns}) VALUES ({places})", rows)


def _description(connection, cursor, name):
    return connection.introspection.get_table_description(cursor, name)


def _kind(connection, column):
    is_bool = connection.introspection.get_field_type(column.type_code, column) == "BooleanField"
    return "bool" if is_bool else ""


def _style():
    from django.core.management.color import no_style

    return no_style()


def _models(kept):
    return [model for model in apps.get_models() if model._meta.db_table in kept["tables"]]
