"""Writing what was prepared: one short transaction, in which nothing is worked out any more."""

import time

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from ..models import LoadedFile, LoadedRow
from .faults import Fault, RecordError

BATCH = 500


class Moved(Exception):
    """Somebody wrote to the record while its loading was prepared."""


def write(preparation, files, gone):
    """Write a Preparation, and remember the files that it came from; return how many seconds that took.

    Raises Moved where the database is no longer as it was when the loading was prepared.
    """
    model = None
    try:
        with transaction.atomic():
            started = time.monotonic()
            _hold(preparation.stored)
            if any(stored.has_changed() for stored in preparation.stored.values()):
                raise Moved
            for model, stored in preparation.stored.items():
                _write_rows(stored, preparation.added[model], preparation.updated[model])
            model = LoadedRow
            _remember(preparation.loaded, files, gone)
    except DatabaseError as error:
        reason = f"the database refuses it: {str(error).strip().splitlines()[0]}"
        raise RecordError([Fault("", 0, model._meta.label_lower if model else "", reason)]) from error
    return time.monotonic() - started


def _hold(models):
    """Keep others from writing to some models until the end of the transaction; everybody goes on reading.

    SQLite does so by itself as soon as a transaction begins.
    """
    if connection.vendor != "postgresql" or not models:
        return
    tables = [model._meta.db_table for model in models]
    tables += [
        spec.remote_field.through._meta.db_table for model in models for spec in model._meta.many_to_many
    ]
    with connection.cursor() as cursor:
        names = ", ".join(map(connection.ops.quote_name, tables))
        cursor.execute(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE")


def _write_rows(stored, added, updated):
    model = stored.model
    model._base_manager.bulk_create([row for row, _ in added], batch_size=BATCH)
    # Nobody types these: they follow from the others.
    derived = {spec.name for spec in model._meta.concrete_fields if not (spec.editable or spec.primary_key)}
    for row, _ in updated:
        before = stored.values_by_pk[row.pk]
        names = [name for name, value in before.items() if getattr(row, name) != value]
        model._base_manager.filter(pk=row.pk).update(
            **{name: getattr(row, name) for name in (*names, *derived)}
        )
    for spec in model._meta.many_to_many:
        _write_links(
            stored,
            spec,
            [(row.pk, links[spec.name]) for row, links in (*added, *updated) if spec.name in links],
        )
    _keep_history(model, [row for row, _ in added], "+")
    _keep_history(model, [row for row, _ in updated], "~")


def _write_links(stored, spec, wanted):
    """Make the linked rows of some rows, in one column, those that are wanted."""
    through = spec.remote_field.through
    source, target = (spec.m2m_field_name(), spec.m2m_reverse_field_name())
    new = []
    for pk, others in wanted:
        before = stored.links[spec.name].get(pk, set())
        if gone := before - others:
            through._base_manager.filter(**{source: pk, f"{target}__in": gone}).delete()
        new += [through(**{f"{source}_id": pk, f"{target}_id": other}) for other in sorted(others - before)]
    through._base_manager.bulk_create(new, batch_size=BATCH)


def _keep_history(model, rows, sign):
    """Write the rows of the history that saving each row by itself would write, from what is stored now.

    The database copies them: Python would take longer over them than over all the rest.
    """
    history = getattr(model, model._meta.simple_history_manager_attribute).model
    now = timezone.now()
    names = [connection.ops.quote_name(spec.column) for spec in history.tracked_fields]
    by_reason = {}
    for row in rows:
        by_reason.setdefault(row._change_reason, []).append(row.pk)
    with connection.cursor() as cursor:
        for reason, pks in by_reason.items():
            for start in range(0, len(pks), BATCH):
                batch = pks[start : start + BATCH]
                cursor.execute(
                    f"INSERT INTO {connection.ops.quote_name(history._meta.db_table)}"
                    f" ({', '.join(names)}, history_date, history_type, history_change_reason)"
                    f" SELECT {', '.join(names)}, %s, %s, %s"
                    f" FROM {connection.ops.quote_name(model._meta.db_table)}"
                    f" WHERE {connection.ops.quote_name(model._meta.pk.column)}"
                    f" IN ({', '.join(['%s'] * len(batch))}) ORDER BY 1",
                    [connection.ops.adapt_datetimefield_value(now), sign, reason, *batch],
                )
    for spec in history._history_m2m_fields if rows else ():
        versions = {
            getattr(version, model._meta.pk.attname): version
            for version in history.objects.filter(history_date=now)
        }
        linked, through = getattr(history, spec.name).model, spec.remote_field.through
        names = [column.attname for column in through._meta.concrete_fields]
        source = through._meta.get_field(spec.m2m_field_name()).attname
        links = (link for link in through._base_manager.values(*names) if link[source] in versions)
        linked._base_manager.bulk_create(
            [linked(history=versions[link[source]], **link) for link in links], batch_size=BATCH
        )


def _remember(loaded, files, gone):
    """Remember how rows and files were loaded."""
    new = [row for row in loaded if row.pk is None]
    known = [row for row in loaded if row.pk is not None]
    LoadedRow.objects.bulk_create(new, batch_size=BATCH)
    LoadedRow.objects.bulk_update(known, ["file", "columns", "digest"], batch_size=BATCH)
    for file in files:
        LoadedFile.objects.update_or_create(name=file.name, defaults={"digest": file.digest})
    LoadedFile.objects.filter(name__in=gone).delete()
