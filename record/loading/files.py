"""Reading the files of the record: from YAML to rows, with every fault of their form."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache

import yaml
from django.core.exceptions import ValidationError
from django.db import models

from ..cleaning import clean, plain_dashes
from ..kinds import kinds
from ..models import LoadedFile, LoadedRow
from ..search import SEARCH_FIELDS
from .faults import Fault, near, quoted

# What YAML itself has to understand; all else is taken as it is written: 3.10 is not 3.1, "no" is not false.
UNDERSTOOD = (models.BooleanField, models.JSONField)


@cache
def by_label():
    """Return the kinds that files may hold, by the name of their model in files."""
    return {kind.label: kind for kind in kinds() if kind.key}


@cache
def columns_of(model):
    """Return the columns that the files may fill in a model, by their name."""
    fields = [*model._meta.concrete_fields, *model._meta.many_to_many]
    return {
        spec.name: spec
        for spec in fields
        if spec.editable and not spec.primary_key and spec.name not in SEARCH_FIELDS
    }


@dataclass(eq=False)
class Row:
    """A row of a file. `wrong` are the columns of which a fault was told; without `key` it has no name."""

    file: str
    line: int
    label: str
    columns: dict = field(default_factory=dict)
    key: str = ""
    wrong: set = field(default_factory=set)

    def __str__(self):
        return f"{self.label} {self.key}".strip()

    @property
    def kind(self):
        return by_label()[self.label]

    @property
    def model(self):
        return self.kind.model

    @property
    def place(self):
        return f"{self.file}, line {self.line}"

    def fault(self, reason):
        return Fault(self.file, self.line, str(self), reason)


class RecordFile:
    """A file of the record: its bytes, how many lines they have, and what is found wrong with them."""

    def __init__(self, path):
        self.path, self.name = path, path.name
        self.faults = []
        self.content = b""
        try:
            self.content = path.read_bytes()
        except OSError as error:
            self.fault(error.strerror)
        longest = LoadedFile._meta.get_field("name").max_length
        if len(self.name) > longest:
            self.fault(f"its name is longer than {longest} characters")

    def fault(self, reason, line=0, row=""):
        self.faults.append(Fault(self.name, line, row, reason))

    @property
    def digest(self):
        return hashlib.sha256(self.content).hexdigest()

    @property
    def lines(self):
        """How many lines end in it: one less, at least, if it is cut short anywhere."""
        return self.content.count(b"\n")

    def rows(self):
        """Return the rows of the file; its faults are added to `faults`."""
        loader_class = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            loader = loader_class(self.content.decode("utf-8-sig"))
            top = loader.get_single_node()
        except UnicodeDecodeError as error:
            self.fault(f"not UTF-8: {error.reason}")
            return []
        except (yaml.YAMLError, RecursionError) as error:
            mark = getattr(error, "problem_mark", None)
            problem = getattr(error, "problem", None) or str(error) or "too deep"
            self.fault(f"not YAML: {problem}", mark.line + 1 if mark else 0)
            return []
        if top is None:
            self.fault("holds no rows")
            return []
        if not isinstance(top, yaml.MappingNode):
            self.fault("the file is not a mapping from models to rows", 1)
            return []
        found = []
        for name, block in top.value:
            line = name.start_mark.line + 1
            label = name.value if isinstance(name, yaml.ScalarNode) else "?"
            if label not in by_label():
                self.fault(f"unknown model {quoted(label)}{near(label, by_label())}", line)
            elif not isinstance(block, yaml.SequenceNode):
                self.fault("its rows are not a list", line, label)
            else:
                found += [row for node in block.value if (row := self._row(loader, label, node))]
        if not found and not self.faults:
            self.fault("holds no rows")
        return found

    def _row(self, loader, label, node):
        row = Row(self.name, node.start_mark.line + 1, label)
        if not isinstance(node, yaml.MappingNode):
            self.faults.append(row.fault("the row is not a mapping"))
            return None
        reasons = []
        columns = columns_of(row.model)
        for name, value in node.value:
            column = name.value if isinstance(name, yaml.ScalarNode) else "?"
            if column not in columns:
                reasons.append(f"unknown column {quoted(column)}{near(column, columns)}")
            elif column in row.columns:
                reasons.append(f"column twice: {column}")
            else:
                row.columns[column] = None
                try:
                    row.columns[column] = _value(loader, columns[column], value)
                except ValueError as error:
                    row.wrong.add(column)
                    reasons.append(f"{column}: {error}")
        key, missing = _key(row)
        if missing:
            reasons.append(f"without {', '.join(missing)}")
        else:
            row.key = key
        longest = LoadedRow._meta.get_field("key").max_length
        if len(key) > longest:
            reasons.append(f"its key is longer than {longest} characters")
        self.faults += map(row.fault, reasons)
        return row


def _value(loader, spec, node):
    """Return what a column holds, cleaned: text as it is written, None, a list, or what YAML makes of it.

    Raises ValueError with the reason where it is of the wrong form.
    """
    if isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null":
        return None
    if isinstance(spec, UNDERSTOOD):
        try:
            return _clean(loader.construct_object(node, deep=True))
        except (yaml.YAMLError, RecursionError) as error:
            raise ValueError(f"not YAML: {getattr(error, 'problem', None) or 'too deep'}") from error
    if spec.many_to_many:
        if not isinstance(node, yaml.SequenceNode) or not all(
            isinstance(each, yaml.ScalarNode) for each in node.value
        ):
            raise ValueError("a list is expected")
        return [plain_dashes(clean(each.value)) for each in node.value]
    if not isinstance(node, yaml.ScalarNode):
        raise ValueError("one value is expected, not several")
    text = clean(node.value)
    return plain_dashes(text) if spec.is_relation else text


def _clean(value):
    if isinstance(value, str):
        return clean(value)
    return [_clean(each) for each in value] if isinstance(value, list) else value


def _key(row):
    """Return the natural key of a row, and the columns of it that are missing."""
    values, missing = [], []
    for column in row.kind.key:
        spec = columns_of(row.model)[column]
        value = row.columns.get(column)
        if value in (None, "") and not spec.null:
            missing.append(column)
        if value is not None and not spec.is_relation:
            # 07 is 7; what is no number at all is told when the value is read.
            with suppress(ValidationError):
                value = spec.to_python(value)
        values.append("" if value is None else str(value))
    return " | ".join(values), missing
