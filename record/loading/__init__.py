"""Loading the record: the files of `fixtures/` into the database, without losing what staff did to it.

A new row is added. A row that nobody edited since it was loaded is updated. A row that staff edited is kept
and listed; one that staff deleted is not revived. A file that did not change is not read. Everything is
checked before anything is written, and all faults are told at once; then one transaction writes, and a fault
in it leaves the database as it was. The same files give the same record, in whatever order they were edited
and loaded.
"""

from dataclasses import dataclass, field
from pathlib import Path

from django.apps import apps
from django.db import connection
from django.db.models import Count
from django.utils import translation

from ..models import LoadedFile, LoadedRow
from .faults import Fault, LoadingIsRunning, RecordError, shortened
from .files import RecordFile
from .lock import only_one
from .manifest import compare, compare_names, described, files_in, read_manifest, write_manifest
from .preparing import Preparation
from .writing import Moved, write

__all__ = ["LoadingIsRunning", "Outcome", "RecordError", "load_record", "shortened", "write_manifest"]

# How often a loading starts again because somebody else wrote while it was prepared.
ATTEMPTS = 5


@dataclass
class Outcome:
    """What a loading did, as lists of '<model> <key>'.

    `dropped` are the rows of the database that left the files, in this loading or before; `doubts` are what
    rows say against themselves, with their places; `seconds` is how long others could not write.
    """

    added: list = field(default_factory=list)
    updated: list = field(default_factory=list)
    unchanged: list = field(default_factory=list)
    kept: list = field(default_factory=list)
    deleted: list = field(default_factory=list)
    dropped: list = field(default_factory=list)
    doubts: list = field(default_factory=list)
    files_read: list = field(default_factory=list)
    seconds: float = 0


def load_record(folder: Path) -> Outcome:
    """Load every file of a folder; raise RecordError with all faults, or LoadingIsRunning."""
    with only_one():
        for attempt in range(ATTEMPTS):
            try:
                # Whoever loads it gets the same words.
                with translation.override("en"):
                    return _load(folder)
            except Moved:
                if attempt == ATTEMPTS - 1:
                    reason = "others keep writing to the record; load it again when they are done"
                    raise RecordError([Fault(str(folder), 0, "", reason)]) from None


def _load(folder):
    outcome = Outcome()
    paths = files_in(folder)
    manifest = read_manifest(folder)
    faults = list(compare_names(manifest, [path.name for path in paths]))
    files = [RecordFile(path) for path in paths]
    before = dict(LoadedFile.objects.values_list("name", "digest"))
    gone = [name for name in manifest.gone if name in before]
    for name in before:
        if name not in manifest.files and name not in manifest.gone:
            reason = (
                "was loaded before; the folder neither holds it nor names it as gone: is it another record?"
            )
            faults.append(Fault(name, 0, "", reason))
    changed = [file for file in files if before.get(file.name) != file.digest]
    same = [file for file in files if before.get(file.name) == file.digest]
    counts = {file.name: {"lines": file.lines} for file in same}
    for name, label, count in _counts():
        if name in counts:
            counts[name][label] = count
    rows = []
    for file in changed:
        found = file.rows()
        rows += found
        # Whatever cannot be read has no number of rows.
        counts[file.name] = {"lines": file.lines} if file.faults else described(file, found)
        faults += file.faults
    for file in files:
        if not file.faults:
            faults += compare(manifest, file.name, counts[file.name])
    if not changed and not gone:
        if faults:
            raise RecordError(faults)
        return outcome
    loaded = {(row.model, row.key): row for row in LoadedRow.objects.all()}
    doubles = _doubles(
        rows, loaded, {file.name: file for file in same}, {*gone, *(file.name for file in changed)}
    )
    faults += [row.fault(f"the same key stands in {place} too") for row, place in doubles.items()]
    preparation = Preparation([row for row in rows if row not in doubles], loaded, outcome)
    if faults or preparation.faults:
        raise RecordError([*faults, *preparation.faults])
    keys = {(row.label, row.key) for row in rows}
    for key, row in loaded.items():
        if key not in keys and row.file in {*gone, *(file.name for file in changed)}:
            row.file = ""
            preparation.loaded.append(row)
    outcome.seconds = write(preparation, changed, gone)
    outcome.dropped = _dropped()
    outcome.files_read = [file.name for file in changed]
    if connection.vendor == "postgresql":
        # Otherwise its planner believes the tables empty for a while, and some pages take minutes.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return outcome


def _counts():
    """Return (file, model, number of rows) of all that is loaded."""
    rows = LoadedRow.objects.order_by().values_list("file", "model")
    return rows.annotate(count=Count("pk"))


def _doubles(rows, loaded, same, read):
    """Return the rows whose key stands elsewhere too, each with the other place.

    That is a row before it, or one of a file that is not `read` now; `same` has those of the folder.
    """
    first, doubles = {}, {}
    for row in rows:
        if not row.key:
            continue
        other = first.setdefault((row.label, row.key), row)
        before = loaded.get((row.label, row.key))
        if other is not row:
            doubles[row] = other.place
        elif before and before.file and before.file not in read:
            doubles[row] = before.file
            if before.file in same:
                there = {(each.label, each.key): each.place for each in same[before.file].rows()}
                doubles[row] = there.get((row.label, row.key), before.file)
    return doubles


def _dropped():
    """Return the rows of the database that left the files."""
    found = {}
    for row in LoadedRow.objects.filter(file=""):
        found.setdefault(row.model, []).append(row)
    dropped = []
    for label, rows in found.items():
        model = apps.get_model(label)
        there = set(model._base_manager.values_list("pk", flat=True))
        dropped += [str(row) for row in rows if row.object_id in there]
    return dropped
