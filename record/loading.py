"""Loading the record: the files of `fixtures/` into the database, without losing what staff did to it.

A new row is added. A row that nobody edited since it was loaded is updated. A row that staff edited is kept
and listed; one that staff deleted is not revived. A file that did not change is not read. All of it happens
in one transaction: a fault leaves the database as it was.
"""

import hashlib
import json
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import yaml
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist, ValidationError
from django.db import DatabaseError, connection, transaction

from .kinds import kind_of, kinds
from .models import LoadedFile, LoadedRow
from .order import ORDER_FIELDS
from .search import SEARCH_FIELDS
from .sources import Sourced


def by_label():
    """Return the kinds that files may hold, by the name of their model in files."""
    return {kind.label: kind for kind in kinds() if kind.key}


class RecordError(Exception):
    """A fault in the files: says the file, the line, the row and the reason."""

    def __init__(self, file, line, row, reason):
        place = f"{file}, line {line}" if line else file
        super().__init__(f"{place}: {row}: {reason}" if row else f"{place}: {reason}")


@dataclass
class Outcome:
    """What a loading did, as lists of '<model> <key>'."""

    added: list = field(default_factory=list)
    updated: list = field(default_factory=list)
    unchanged: list = field(default_factory=list)
    kept: list = field(default_factory=list)
    deleted: list = field(default_factory=list)
    dropped: list = field(default_factory=list)
    files_read: list = field(default_factory=list)


@dataclass
class Row:
    file: str
    line: int
    label: str
    columns: dict
    key: str = ""

    def __str__(self):
        return f"{self.label} {self.key}".strip()

    def error(self, reason):
        return RecordError(self.file, self.line, str(self), reason)


def read(path):
    """Return the rows of a file; raise RecordError where it cannot be read."""
    loader_class = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        loader = loader_class(path.read_text(encoding="utf-8"))
        top = loader.get_single_node()
        rows = []
        if top is not None and not isinstance(top, yaml.MappingNode):
            raise RecordError(path.name, 1, "", "the file is not a mapping from models to rows")
        for name, block in top.value if top is not None else ():
            if name.value not in by_label():
                raise RecordError(path.name, name.start_mark.line + 1, "", f"unknown model {name.value}")
            if not isinstance(block, yaml.SequenceNode):
                raise RecordError(path.name, name.start_mark.line + 1, name.value, "its rows are not a list")
            for node in block.value:
                line = node.start_mark.line + 1
                if not isinstance(node, yaml.MappingNode):
                    raise RecordError(path.name, line, name.value, "the row is not a mapping")
                columns = [column.value for column, _ in node.value]
                if twice := {column for column in columns if columns.count(column) > 1}:
                    raise RecordError(
                        path.name, line, name.value, f"column twice: {', '.join(sorted(twice))}"
                    )
                try:
                    values = loader.construct_mapping(node, deep=True)
                except ValueError as error:  # 2023-02-31
                    raise RecordError(path.name, line, name.value, str(error)) from error
                rows.append(Row(path.name, line, name.value, values))
    except UnicodeDecodeError as error:
        raise RecordError(path.name, None, "", f"not UTF-8: {error.reason}") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        raise RecordError(path.name, mark.line + 1 if mark else None, "", f"not YAML: {problem}") from error
    for row in rows:
        row.key = _key(row)
    return rows


def _key(row):
    kind = by_label()[row.label]
    required = [column for column in kind.key if not kind.model._meta.get_field(column).null]
    if missing := [column for column in required if row.columns.get(column) in (None, "")]:
        raise row.error(f"without {', '.join(missing)}")
    values = [row.columns.get(column) for column in kind.key]
    return " | ".join("" if value is None else str(value) for value in values)


class Loader:
    """Loads files into the database; use `load_record()`."""

    def __init__(self):
        self.outcome = Outcome()
        self.by_public_id = {}

    def load(self, path):
        """Load one file, unless it is the same as last time."""
        file_digest = hashlib.sha256(path.read_bytes()).hexdigest()
        before = LoadedFile.objects.filter(name=path.name).first()
        if before and before.digest == file_digest:
            return
        rows = read(path)
        seen = set()
        for row in rows:
            if (row.label, row.key) in seen:
                raise row.error("the same key stands twice in this file")
            seen.add((row.label, row.key))
        self.loaded = {(row.model, row.key): row for row in LoadedRow.objects.all()}
        self.written = []
        while rows:
            # A row may name one that comes later in its file, such as the ministry it is attached to.
            waiting = [row for row in rows if not self.load_row(row, rows)]
            if len(waiting) == len(rows):
                raise waiting[0].error(self.missing_reference(waiting[0]))
            rows = waiting
        LoadedRow.objects.bulk_create(row for row in self.written if row.pk is None)
        LoadedRow.objects.bulk_update(
            (row for row in self.written if row.pk), ["file", "object_id", "columns", "digest"]
        )
        for (model, key), loaded in self.loaded.items():
            if loaded.file == path.name and (model, key) not in seen:
                self.outcome.dropped.append(f"{model} {key}")
        LoadedFile.objects.update_or_create(name=path.name, defaults={"digest": file_digest})
        self.outcome.files_read.append(path.name)

    def load_row(self, row, rows):
        """Load one row; return False if a row that it names does not exist yet but may come."""
        model = apps.get_model(row.label)
        try:
            values, links = self.values(model, row)
        except ObjectDoesNotExist:
            return False
        loaded = self.loaded.get((row.label, row.key))
        if loaded:
            found = model._base_manager.filter(pk=loaded.object_id).first()
            if found is None:
                self.outcome.deleted.append(str(row))
                return True
            if self.digest(found, loaded.columns) != loaded.digest:
                self.outcome.kept.append(str(row))
                return True
        else:
            keys = {column: values.get(column) for column in by_label()[row.label].key}
            found = model._base_manager.filter(
                **{
                    f"{column}__isnull" if value is None else column: value is None or value
                    for column, value in keys.items()
                }
            ).first()
            if found is not None:
                # Staff entered it before the record did.
                self.outcome.kept.append(str(row))
                return True
        self.save(row, found or model(), values, links, loaded)
        return True

    def save(self, row, instance, values, links, loaded):
        is_new = instance.pk is None
        for column in set(loaded.columns if loaded else ()) - set(values) - set(links):
            spec = instance._meta.get_field(column)
            if spec.many_to_many:
                links[column] = []
            else:
                values[column] = spec.get_default()
        if not is_new and self.same(instance, values, links, loaded):
            self.outcome.unchanged.append(str(row))
            return
        if "unofficial" in values:
            # A translation that stays the same keeps the fingerprint of the original that it was made from.
            values["unofficial"] = {
                column: instance.unofficial.get(column, "") for column in values["unofficial"]
            }
        for column, value in values.items():
            setattr(instance, column, value)
        instance._change_reason = f"load_record: {row.file}"
        if isinstance(instance, Sourced):
            # What the files mend was copied wrongly before.
            instance._transcription_source = f"{instance.document}, {instance.place}"
        try:
            # The rows that this one names were found a moment ago; its code is made from them on saving.
            related = {spec.name for spec in instance._meta.fields if spec.is_relation}
            instance.clean_fields(exclude=related if "code" in values else {*related, "code"})
            instance.clean()
            instance.save()
            for column, others in links.items():
                getattr(instance, column).set(others)
        except ValidationError as error:
            raise row.error("; ".join(_messages(error))) from error
        except DatabaseError as error:
            raise row.error(str(error).strip().splitlines()[0]) from error
        loaded = loaded or LoadedRow(model=row.label, key=row.key, object_id=instance.pk)
        loaded.file = row.file
        loaded.columns = sorted({*values, *links})
        loaded.digest = self.digest(instance, loaded.columns, links)
        self.written.append(loaded)
        self.remember(instance)
        (self.outcome.added if is_new else self.outcome.updated).append(str(row))

    def same(self, instance, values, links, loaded):
        """Tell whether a row in the database has these very values already."""
        kept = {column: getattr(instance, column) for column in values}
        before = self.digest(instance, sorted({*values, *links}))
        for column, value in values.items():
            setattr(instance, column, value)
        after = self.digest(instance, sorted({*values, *links}), links)
        for column, value in kept.items():
            setattr(instance, column, value)
        return before == after and sorted({*values, *links}) == loaded.columns

    def values(self, model, row):
        """Turn the columns of a row into values of fields, and lists of linked rows.

        Raises RecordError where a column or value is wrong, ObjectDoesNotExist where it names a row that
        does not exist (yet).
        """
        values, links = {}, {}
        for column, raw in row.columns.items():
            try:
                spec = model._meta.get_field(column)
            except FieldDoesNotExist:
                raise row.error(f"unknown column {column}") from None
            if spec.auto_created or column in ("id", *SEARCH_FIELDS, *ORDER_FIELDS):
                raise row.error(f"unknown column {column}")
            if spec.many_to_many:
                links[column] = [self.find(spec.related_model, public_id) for public_id in raw or []]
            elif spec.is_relation:
                values[column] = None if raw is None else self.find(spec.related_model, raw)
            elif column == "unofficial":
                if wrong := set(raw or []) - set(model.bilingual_columns()):
                    raise row.error(f"unofficial: unknown column {', '.join(sorted(wrong))}")
                values[column] = dict.fromkeys(raw or [], "")
            elif raw is None and not spec.null:
                values[column] = spec.get_default()
            else:
                try:
                    # A number as it is written: 17.6 in binary is not quite that.
                    values[column] = spec.to_python(str(raw) if isinstance(raw, float) else raw)
                except ValidationError as error:
                    raise row.error(f"{column}: {'; '.join(error.messages)}") from error
        return values, links

    def find(self, model, public_id):
        """Return the row of a model with a public identifier; raise ObjectDoesNotExist."""
        label = model._meta.label_lower
        if label not in self.by_public_id:
            kind = kind_of(model)
            rows = model._base_manager.select_related(*kind.named_with)
            self.by_public_id[label] = {getattr(row, kind.public_id): row for row in rows}
        try:
            return self.by_public_id[label][public_id]
        except (KeyError, TypeError):
            raise ObjectDoesNotExist(f"{label} {public_id}") from None

    def remember(self, instance):
        label = instance._meta.label_lower
        if label in self.by_public_id:
            self.by_public_id[label][getattr(instance, kind_of(type(instance)).public_id)] = instance

    def missing_reference(self, row):
        """Say which row a row names that does not exist."""
        try:
            self.values(apps.get_model(row.label), row)
        except ObjectDoesNotExist as error:
            return f"names {error}, which does not exist"

    @staticmethod
    def digest(instance, columns, links=None):
        """Return the digest of some columns of a row."""
        values = {}
        for column in columns:
            spec = instance._meta.get_field(column)
            if spec.many_to_many:
                rows = links[column] if links else getattr(instance, column).all()
                values[column] = sorted(row.pk for row in rows)
            elif column == "unofficial":
                values[column] = sorted(instance.unofficial)
            else:
                value = getattr(instance, spec.attname)
                # The database gives 17.0 back for 17.
                values[column] = value.normalize() if isinstance(value, Decimal) else value
        return hashlib.sha256(json.dumps(values, default=str, sort_keys=True).encode()).hexdigest()


def _messages(error):
    if hasattr(error, "message_dict"):
        return [f"{column}: {' '.join(texts)}" for column, texts in error.message_dict.items()]
    return error.messages


def load_record(folder: Path) -> Outcome:
    """Load every file of a folder, in the order of their names, in one transaction; raise RecordError."""
    loader = Loader()
    with transaction.atomic():
        for path in sorted(folder.glob("*.yaml")):
            loader.load(path)
        if loader.outcome.files_read and connection.vendor == "postgresql":
            # Otherwise its planner believes the tables empty for a while, and some pages take minutes.
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
    return loader.outcome
