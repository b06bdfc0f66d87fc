"""The manifest of a folder of the record: which files it holds, how long, with how many rows of each kind.

A file that was cut short, emptied, lost or forgotten is still good YAML, or nothing at all; only the manifest
tells it from one that is whole.
"""

from collections import Counter
from dataclasses import dataclass, field

import yaml

from .faults import Fault, RecordError
from .files import RecordFile

NAME = "manifest.yaml"
HEAD = """\
# What this folder holds: each file, how many lines it has, and how many rows of each kind. Whatever differs
# is a fault, and nothing is loaded. After editing a file: manage.py load_record --manifest rewrites this one
# and says what it now says otherwise; look whether that is what you changed.
# `gone` names files that were here once and were taken out or renamed.
"""
REWRITE = "if that is meant, rewrite it with load_record --manifest"


@dataclass
class Manifest:
    """`files` has for each file a dict of 'lines' and the rows of each kind; `gone` the files of the past."""

    files: dict = field(default_factory=dict)
    gone: list = field(default_factory=list)


def files_in(folder):
    """Return the paths of the files of a folder that hold rows, in the order of their names."""
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in (".yaml", ".yml") and path.name != NAME and path.name[0] != "."
    )


def described(file, rows):
    """Return what a manifest says of a file."""
    return {"lines": file.lines, **Counter(row.label for row in rows)}


def read_manifest(folder):
    """Return the manifest of a folder; raise RecordError where there is none that can be read."""
    try:
        content = yaml.safe_load((folder / NAME).read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        reason = "is missing; it says which files the folder holds, and load_record --manifest writes it"
        raise RecordError([Fault(NAME, 0, "", reason)]) from None
    except (OSError, ValueError, yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        reason = f"cannot be read: {getattr(error, 'problem', None) or error}"
        raise RecordError([Fault(NAME, mark.line + 1 if mark else 0, "", reason)]) from error
    files, gone = (content.get("files"), content.get("gone")) if isinstance(content, dict) else (None, None)
    if (
        not isinstance(files, dict)
        or not isinstance(gone or [], list)
        or not all(isinstance(name, str) for name in gone or [])
        or not all(isinstance(entry, dict) and isinstance(name, str) for name, entry in files.items())
        or not files
    ):
        reason = "is not as load_record --manifest writes it: files, with lines and rows of each, and gone"
        raise RecordError([Fault(NAME, 0, "", reason)])
    return Manifest(files, gone or [])


def compare_names(manifest, names):
    """Yield a fault for each file that is in the folder or in its manifest only."""
    for name in manifest.files:
        if name not in names:
            yield Fault(name, 0, "", f"is missing; {NAME} names it")
    for name in names:
        if name in manifest.gone:
            yield Fault(name, 0, "", f"is here, and {NAME} names it as gone; {REWRITE}")
        elif name not in manifest.files:
            yield Fault(name, 0, "", f"is not named in {NAME}; {REWRITE}")


def compare(manifest, name, found):
    """Yield a fault for each number in which a file differs from its manifest."""
    expected = manifest.files.get(name)
    if expected is None:
        return
    for what in sorted({*expected, *found}, key=str):
        if expected.get(what, 0) != found.get(what, 0):
            yield Fault(
                name,
                0,
                "",
                f"has {found.get(what, 0)} {_unit(what)}, {NAME} says {expected.get(what, 0)}: cut short, or "
                f"edited since; {REWRITE}",
            )


def _unit(what):
    return what if what == "lines" else f"rows of {what}"


def write_manifest(folder):
    """Write the manifest of a folder anew; return a line for each thing that it now says otherwise.

    A file that it named and that is no longer there becomes one that is gone. Raises RecordError, and writes
    nothing, where a file cannot be read.
    """
    try:
        before = read_manifest(folder)
    except RecordError:
        before = Manifest()
    files, faults = {}, []
    for path in files_in(folder):
        file = RecordFile(path)
        files[file.name] = described(file, file.rows())
        faults += file.faults
    if not files:
        faults.append(Fault(str(folder), 0, "", "the folder holds no file of the record"))
    if faults:
        raise RecordError(faults)
    gone = sorted({*before.gone, *before.files} - set(files))
    body = yaml.safe_dump({"files": files, "gone": gone}, sort_keys=False, allow_unicode=True)
    (folder / NAME).write_text(HEAD + body, encoding="utf-8")
    return [*_differences(before, files), *(f"{name}: gone" for name in gone if name not in before.gone)]


def _differences(before, files):
    for name, found in files.items():
        expected = before.files.get(name, {})
        for what in sorted({*expected, *found}, key=str):
            if expected.get(what, 0) != found.get(what, 0):
                yield f"{name}: {_unit(what)}: {expected.get(what, 0)} -> {found.get(what, 0)}"
