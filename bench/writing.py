"""Time what the writer costs: `python -m bench.writing [--rounds N]`.

Each round writes the whole record, row by row, into an empty database, and then changes a text of every row:
once by plain saves, as Django does them, and once through the writer with its log. Both meet the same
machine; the ratio is of the medians. DATABASE_URL names the database, whose record is lost; without it a new
SQLite is used. `scripts/with_pg.py .venv/bin/python -m bench.writing` tries PostgreSQL.
"""

import argparse
import statistics
import time
from contextlib import contextmanager
from unittest import mock

from . import loaded_database


@contextmanager
def saving_plainly(reason):
    """Let rows be saved as if there were no writer."""
    from django.db import models, transaction
    from django.db.models.signals import m2m_changed

    from record.publication import Public
    from record.writing import before_linking, unsealed

    m2m_changed.disconnect(before_linking)
    with mock.patch.object(Public, "save_base", models.Model.save_base), unsealed(), transaction.atomic():
        yield
    m2m_changed.connect(before_linking)


@contextmanager
def through_the_writer(reason):
    from record.writing import writing

    with writing(reason=reason):
        yield


def read():
    """Return every row of the record with its links, those that are named before those that name them."""
    from record.kinds import kinds
    from record.loading.stored import with_named

    rows = []
    for model in with_named([kind.model for kind in kinds()]):
        for row in model.everything.order_by("pk"):
            links = {
                column.name: list(getattr(row, column.name).all()) for column in model._meta.many_to_many
            }
            rows.append((row, links))
    return rows


def empty():
    """Take every row away, those of the log too."""
    from django.db import connection, models, transaction

    from commitments.deriving import STATES
    from record.models import Change, ChangedPage, Entry, LoadedFile, LoadedRow
    from record.writing import tables, unsealed

    with unsealed(), connection.constraint_checks_disabled(), transaction.atomic():
        logged = (ChangedPage, Change, Entry, LoadedRow, LoadedFile)
        for model in (*STATES, *logged, *reversed(list(tables().values()))):
            models.QuerySet(model)._raw_delete("default")


def write(rows, way):
    """Write every row as new, and then change each; return the seconds of both."""
    from django.db import connection

    times = []
    with connection.constraint_checks_disabled():
        began = time.perf_counter()
        with way("The whole record"):
            for row, links in rows:
                row.save(force_insert=True)
                for name, linked in links.items():
                    if linked:
                        getattr(row, name).add(*linked)
        times.append(time.perf_counter() - began)
    began = time.perf_counter()
    with way("A letter in every row"):
        for row, _ in rows:
            if row._meta.model_name == "update":
                # A published one does not change.
                continue
            name = next(each for each in ("place", "name_es", "title_es", "term_es") if hasattr(row, each))
            setattr(row, name, f"{getattr(row, name)}."[-100:])
            row.save()
    times.append(time.perf_counter() - began)
    return times


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with loaded_database():
        measure(arguments.rounds)


def measure(rounds):
    from django.db import connection

    print(f"database: {connection.vendor}")
    ways = {"plain saves": saving_plainly, "the writer": through_the_writer}
    times = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            rows = read()
            empty()
            times[name].append(write(rows, way))
            new, changed = times[name][-1]
            print(f"{name}: {len(rows)} rows as new {new:.2f} s, changed {changed:.2f} s", flush=True)
    for place, what in enumerate(("as new", "changed")):
        plain, written = (statistics.median(each[place] for each in times[name]) for name in ways)
        print(f"the writer / plain saves, {what}: {written / plain:.2f}")


if __name__ == "__main__":
    main()
