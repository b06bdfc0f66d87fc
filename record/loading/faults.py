"""Faults in the files of the record: those of a run are told all at once, each with its place and reason."""

from dataclasses import dataclass
from difflib import get_close_matches

# No person reads more at once; how many more there are is said.
MOST_SHOWN = 200
# Looking for near words among more takes a while: then among those that begin alike.
MOST_COMPARED = 1000


@dataclass(frozen=True, order=True)
class Fault:
    """One fault: file, line (0 where it has none), the row as '<model> <key>', and the reason."""

    file: str
    line: int
    row: str
    reason: str

    def __str__(self):
        place = f"{self.file}, line {self.line}" if self.line else self.file
        return ": ".join(part for part in (place, self.row, self.reason) if part)


class RecordError(Exception):
    """The files hold faults, and nothing was loaded: `faults` in the order of files and lines."""

    def __init__(self, faults):
        self.faults = sorted(set(faults))
        super().__init__("\n".join(shortened(self.faults)))


class LoadingIsRunning(Exception):
    """Another loading of the same database is running."""

    def __init__(self):
        super().__init__("Another loading of the record is running; this one changed nothing.")


def shortened(things):
    """Return the lines that tell some things, the first of very many only and how many more there are."""
    lines = [str(thing) for thing in things[:MOST_SHOWN]]
    if more := len(things) - len(lines):
        lines.append(f"... and {more} more")
    return lines


def quoted(value):
    """Return a value in a few words, to be told in a reason."""
    text = str(value)
    return text if len(text) <= 80 else f"{text[:80]}..."


def near(word, words):
    """Return the end of a reason that names the words nearest to one that is none of them; or ''."""
    word = quoted(word)
    if len(words) > MOST_COMPARED:
        words = [each for each in words if each[:2] == word[:2]]
    found = get_close_matches(word, sorted(words))
    return f"; near: {', '.join(found)}" if found else ""
