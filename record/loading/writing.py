"""Writing what was prepared: one short transaction, in which nothing is worked out any more."""

import time

from django.db import DatabaseError, connection
from django.utils import translation

from ..models import LoadedFile, LoadedRow
from ..sources import Sourced
from ..writing import WRITING_LOCK, required, writing
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
        # The log is public, and in Spanish as the reasons of others; faults alone are told in English.
        with translation.override("es"), writing(act="load") as this:
            started = time.monotonic()
            _wait_for_writers()
            if any(stored.has_changed() for stored in preparation.stored.values()):
                raise Moved
            for model, stored in preparation.stored.items():
                _write_rows(stored, preparation.added[model], preparation.updated[model])
                # What the files mend was copied wrongly before: there the right words stand.
                this.sources |= {
                    (model, row.pk): f"{row.document}, {row.place}"
                    for row, _ in preparation.updated[model]
                    if isinstance(row, Sourced) and row.document_id
                }
            model = LoadedRow
            _remember(preparation.loaded, files, gone)
    except DatabaseError as error:
        reason = f"the database refuses it: {str(error).strip().splitlines()[0]}"
        raise RecordError([Fault("", 0, model._meta.label_lower if model else "", reason)]) from error
    return time.monotonic() - started


def _wait_for_writers():
    """Wait until nobody else writes, and keep everybody from it until the end; all go on reading.

    SQLite does so by itself as soon as a transaction begins.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITING_LOCK])


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


def _write_links(stored, spec, wanted):
    """Make the linked rows of some rows, in one column, those that are wanted."""
    through = spec.remote_field.through
    source, target = (spec.m2m_field_name(), spec.m2m_reverse_field_name())
    changed = [(pk, others) for pk, others in wanted if others != stored.links[spec.name].get(pk, set())]
    if not changed:
        return
    # Many links at once, which no signal tells of.
    required(f"{through._meta.label}: loading").touch_links(stored.model, spec, [pk for pk, _ in changed])
    new = []
    for pk, others in changed:
        before = stored.links[spec.name].get(pk, set())
        if gone := before - others:
            through._base_manager.filter(**{source: pk, f"{target}__in": gone}).delete()
        new += [through(**{f"{source}_id": pk, f"{target}_id": other}) for other in sorted(others - before)]
    through._base_manager.bulk_create(new, batch_size=BATCH)


def _remember(loaded, files, gone):
    """Remember how rows and files were loaded."""
    new = [row for row in loaded if row.pk is None]
    known = [row for row in loaded if row.pk is not None]
    LoadedRow.objects.bulk_create(new, batch_size=BATCH)
    LoadedRow.objects.bulk_update(known, ["file", "columns", "digest"], batch_size=BATCH)
    for file in files:
        LoadedFile.objects.update_or_create(name=file.name, defaults={"digest": file.digest})
    LoadedFile.objects.filter(name__in=gone).delete()
