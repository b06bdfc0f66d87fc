"""The tables of examples in docs/data-model.md: read into what goes in and what comes out, cell by cell.

The notation is defined there, above the tables. A cell that cannot be read is an error: no line is skipped.
"""

import re
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings

STATUSES = ("not_started", "in_progress", "complete", "withdrawn")
LEVELS = ("not_started", "limited", "substantial", "complete", "withdrawn", "unclear", "no_evidence")
AUTHORS = ("government", "irm", "civil_society")


@dataclass
class Word:
    """What was said on a day: an update of a milestone, or the card of a report."""

    on: date
    number: int
    said: str | None = None
    percent: int | None = None
    done_on: date | None = None
    new_end_on: date | None = None
    author: str = ""
    corrects: int | None = None
    of_another: bool = False
    is_draft: bool = False


@dataclass
class Example:
    """A line of a table: its case, what goes in by the heads of its columns, and what should come out."""

    case: str
    asked: date
    given: dict
    expected: dict = field(default_factory=dict)


def tables():
    """Return {heading: the lines of the table below it, as {head of the column: cell}}."""
    found, heading, head = {}, "", None
    for line in (settings.BASE_DIR / "docs/data-model.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            heading, head = line.lstrip("# "), None
        elif not line.startswith("|"):
            head = None
        elif head is None:
            head = cells(line)
        elif not set(line) <= set("|- :"):
            values = cells(line)
            assert len(values) == len(head), line
            found.setdefault(heading, []).append(dict(zip(head, values, strict=True)))
    return found


def cells(line):
    return [cell.strip().replace("`", "") for cell in line.strip().strip("|").split("|")]


def day(text):
    """Return the day that a cell says; None for 'null'."""
    return None if text == "null" else date.fromisoformat(text)


def end(text):
    """Return (the day, the words) of a printed end: a day, words in quotation marks, or 'none'."""
    if words := re.fullmatch("“(.+)”", text):
        return None, words[1]
    return (None, "") if text == "none" else (date.fromisoformat(text), "")


def words(text, says=STATUSES):
    """Return the words that a cell lists, numbered as they stand; 'none' is no word."""
    if text == "none":
        return []
    return [word(part, number, says) for number, part in enumerate(text.split("; "), 1)]


def word(text, number, says):
    """Return one word: the day and then, in any order, what it says and whose it is."""
    parts = text.split()
    found = Word(date.fromisoformat(parts.pop(0)), number)
    while parts:
        match parts.pop(0):
            case "text":
                pass
            case "draft":
                found.is_draft = True
            case "→":
                found.new_end_on = date.fromisoformat(parts.pop(0))
            case "done":
                found.done_on = date.fromisoformat(parts.pop(0))
            case "by":
                found.author = parts.pop(0)
                assert found.author in AUTHORS, text
            case "corrects":
                found.corrects = int(parts.pop(0).removeprefix("#"))
            case "of":
                assert parts.pop(0) == "another", text
                found.of_another = True
            case part if part.startswith("#"):
                found.number = int(part[1:])
            case part if part.endswith("%"):
                found.percent = int(part[:-1])
            case part:
                assert part in says, f"“{part}” in “{text}”"
                found.said = part
    return found


@dataclass
class Period:
    """The days of a plan: its last one since it was changed, if it was, and those of the commitment in it."""

    starts_on: date
    ends_on: date | None
    moved_to: date | None
    in_plan: dict

    @property
    def ends_on_now(self):
        return self.moved_to or self.ends_on


def period(text):
    """Return the period of a plan, and the commitment's first or last day in it where a norm changed it."""
    pattern = r"(\S+) to (\S+?)(?:, then (\S+?))?(?:, in it from (\S+?))?(?:, in it until (\S+))?"
    first, last, *others = re.fullmatch(pattern, text).groups()
    ends_on = None if last == "none" else date.fromisoformat(last)
    moved, joined, left = (each and date.fromisoformat(each) for each in others)
    return Period(date.fromisoformat(first), ends_on, moved, {"in_plan_from": joined, "in_plan_until": left})


def steps(text):
    """Return the milestones that a cell lists: (printed end, words) of each."""
    found = []
    for part in text.split(" / ") if text != "none" else ():
        printed, _, said = part.partition(": ")
        found.append((end(printed), words(said or "none")))
    return found


def number(text):
    return None if text == "null" else int(text)


def yes_no(text):
    return {"true": True, "false": False, "null": None}[text]


def lateness(text):
    """Return is_overdue, and what else its cell says: 'silent' or 'spoken' of the unknown, 'not begun'."""
    value, _, more = text.partition(", ")
    assert more in ("", "silent", "spoken", "not begun"), text
    return yes_no(value), more


# How the cells of the results are read, by the heads of their columns.
RESULTS = {
    "due_on": day,
    "due_from": lambda text: None if text == "null" else text,
    "current_ends_on": day,
    "status": str,
    "level": lambda text: None if text == "null" else text,
    "past_due": yes_no,
    "is_overdue": lateness,
    "late_word_on": day,
    "days_late": number,
    "days_late_current": number,
    "days_past_due": number,
}


def examples(heading, **given):
    """Return the lines below a heading; `given` says how to read each column of what goes in."""
    found = []
    for line in tables()[heading]:
        asked = {name: reader(line.pop(name)) for name, reader in given.items()}
        example = Example(line.pop("case"), date.fromisoformat(line.pop("asked")), asked)
        for name, cell in line.items():
            if cell != "various":
                example.expected[name] = RESULTS[name](cell)
        found.append(example)
    return found


def read(row, names):
    """Return what a milestone or a commitment, read on a day, says of some heads of columns."""
    found = {name: getattr(row, "shown_level" if name == "level" else name) for name in names}
    if "is_overdue" in found:
        more = "silent" if row.is_silent else "spoken" if row.is_unknown else ""
        found["is_overdue"] = row.is_overdue, "not begun" if getattr(row, "is_to_come", False) else more
    return found
