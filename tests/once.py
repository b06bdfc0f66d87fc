"""Rows that many tests of a module begin with: written for the first of them, put back for the others.

    @pytest.fixture
    @made_once
    def plan():
        return make_plan(number=7)

The writer takes some hundredths of a second for each row, which its own tests are about; to put its rows back
takes a thousandth. Each test has them in its own transaction, and nobody else sees them.
"""

from copy import deepcopy
from functools import cache, wraps

from django.apps import apps
from django.db import connection

from record.models import Entry
from record.writing import unsealed
from tests import factories

APPS = ("record", "entities", "plans", "commitments")


def made_once(build):
    """Let what makes rows of the record, and nothing else, make them for its first test only.

    Each test gets a copy of what it returns. It is called again where the rows before it are others, or what
    it is called with.
    """
    kept = {}

    @wraps(build)
    def made(*args, **others):
        # The last entry of the log tells the rows before. A run has several databases: numbers that one gave
        # out another does not know of.
        last = Entry.objects.order_by("pk").values_list("pk", "at").last()
        key = connection.settings_dict["NAME"], last, repr((args, others))
        if key not in kept:
            result = build(*args, **others)
            kept[key] = deepcopy(result), _stored_rows(), factories.next_number()
            return result
        result, rows, number = kept[key]
        _put_back(rows, is_empty=last is None)
        factories.begin_again(number)
        return deepcopy(result)

    return made


@cache
def _tables():
    """Return (table, columns) of all that the writer writes, as the database names them."""
    quote = connection.ops.quote_name
    return [
        (quote(model._meta.db_table), [quote(field.column) for field in model._meta.local_concrete_fields])
        for app in APPS
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    ]


def _stored_rows():
    """Return (table, columns, rows) of every table that has some, with values as the database has them."""
    # Neither changes a value, and both keep it from being made one of Python.
    plain = "{}::text" if connection.vendor == "postgresql" else "+{}"
    found = []
    with connection.cursor() as cursor:
        for table, columns in _tables():
            cursor.execute(f"SELECT {', '.join(map(plain.format, columns))} FROM {table}")
            if rows := cursor.fetchall():
                found.append((table, columns, rows))
    return found


def _put_back(stored, is_empty):
    with unsealed(), connection.cursor() as cursor:
        for table, _columns in () if is_empty else _tables():
            cursor.execute(f"DELETE FROM {table}")
        for table, columns, rows in stored:
            row = f"({', '.join(['%s'] * len(columns))})"
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * len(rows))}",
                [value for values in rows for value in values],
            )
