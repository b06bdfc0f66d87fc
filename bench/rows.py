"""Multiply the rows of the record in the database: `python -m bench.rows TIMES [SEED]`.

Each copy has every plan once more, under a number of its own, with its reports, commitments, milestones,
updates, cards and all else that hangs from them; entities, documents and policy areas stay. The dates of a
copy are moved, and its levels, statuses and ends are drawn anew, so that lateness varies: the same seed
always makes the same rows. Nothing in them is true, and no log knows of them. DATABASE_URL names an empty
database, which is kept; then the portal can be run with it.
"""

import re
import sys
from datetime import date, timedelta
from random import Random

SEED = 11
BATCH = 500
# Texts that name a row, and so are other ones in each copy.
NAMES = ("slug", "code")


class Copies:
    """Copies of the plans that the database holds when this is made.

    The key of a row in copy k is its first key plus k times the step of its model: so rows find each other.
    """

    def __init__(self, seed=SEED):
        from plans.models import Plan
        from record.kinds import kinds
        from record.loading.stored import with_named

        self.seed, self.times = seed, 1
        self.columns, self.rows, self.steps = {}, {}, {}
        models = with_named([kind.model for kind in kinds()])
        for model in models:
            named = {column.related_model for column in model._meta.concrete_fields}
            if model is Plan or named & set(self.rows):
                self._read(model)
        for model in list(self.rows):
            for column in model._meta.many_to_many:
                self._read(column.remote_field.through)
        self.plans = max((row["number"] for row in self.rows[Plan]), default=0)

    def _read(self, model):
        self.rows[model] = list(model._base_manager.order_by("pk").values())
        self.steps[model] = max((row["id"] for row in self.rows[model]), default=0) + 1

    def grow_to(self, times):
        """Write the copies that are missing to so many times the rows, and what is derived from them."""
        from django.core.management.color import no_style
        from django.db import connection, models, transaction

        from record.writing import unsealed

        with unsealed(), transaction.atomic():
            for number in range(self.times, times):
                for model, rows in self.copy(number):
                    models.QuerySet(model).bulk_create(rows, batch_size=BATCH)
            derive()
            with connection.cursor() as cursor:
                for statement in connection.ops.sequence_reset_sql(no_style(), list(self.rows)):
                    cursor.execute(statement)
        self.times = max(times, self.times)

    def copy(self, number):
        """Yield (model, its rows) of a copy, not stored, those that are named before those that name them."""
        random = Random(f"{self.seed}.{number}")
        days = timedelta(days=random.randint(-1000, 1000))
        for model, rows in self.rows.items():
            yield model, [self._copy_of(model, row, number, days, random) for row in rows]

    def _copy_of(self, model, values, number, days, random):
        row = model(**values)
        for column in model._meta.concrete_fields:
            value = values[column.attname]
            if value is None:
                continue
            if step := self.steps.get(model if column.primary_key else column.related_model):
                setattr(row, column.attname, value + number * step)
            elif column.name in NAMES:
                setattr(row, column.name, self._moved(value, number))
            elif type(value) is date:
                setattr(row, column.name, value + days)
        if change := CHANGES.get(model._meta.model_name):
            change(self, row, number, random)
        return row

    def _moved(self, name, number):
        """Return the name of a row of a plan as it is in a copy."""
        if name[0].isdigit():
            return re.sub(
                r"(^|:)(\d+)", lambda found: f"{found[1]}{int(found[2]) + number * self.plans}", name
            )
        return f"{name}-{number}"


def _plan(copies, row, number, random):
    row.number += number * copies.plans


def _commitment(copies, row, number, random):
    row.ogp_id = row.ogp_id and f"SY{number}{row.ogp_id[2:]}"


def _listing(copies, row, number, random):
    # One work is listed at one place only once.
    row.place = f"{row.place} ({number})"


def _assessment(copies, row, number, random):
    from plans.compliance import Level

    row.level = random.choice([row.level, random.choice(Level.values)])


def _milestone(copies, row, number, random):
    if row.ends_on:
        row.ends_on += timedelta(days=random.randint(0, 180))


def _update(copies, row, number, random):
    from commitments.models import Update

    row.status = random.choice([row.status, random.choice(Update.Status.values)])


# What else differs in a copy, by the name of the model.
CHANGES = {
    "plan": _plan,
    "commitment": _commitment,
    "listing": _listing,
    "assessment": _assessment,
    "milestone": _milestone,
    "update": _update,
}


def derive():
    """Store what follows from the rows; a checkout from before states were stored has nothing to do."""
    try:
        from commitments.deriving import refresh
    except ImportError:
        return
    refresh()


def settle():
    """Tell PostgreSQL what its tables hold now, as it finds out by itself in a database that lives."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def main(times, seed=SEED):
    from . import loaded_database

    with loaded_database():
        Copies(seed).grow_to(int(times))
        settle()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) in (2, 3) else __doc__)
