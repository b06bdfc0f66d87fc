"""The geometry of a timeline of steps; a template draws it.

It has a line for each thing with steps, from the first start to the last end or to the day, in per cent of
the width: so marks stay round.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from record.dates import whole_months

# As many steps are drawn; those beyond are counted.
MOST_STEPS = 100
# How far the marks of steps of one day stand apart, and half the size of a mark.
APART, HALF = 13, 6


@dataclass(frozen=True)
class Mark:
    """A step on a track: at its due date, or beside another one of that day."""

    step: object
    x: str
    # Where its mark begins, from there.
    dx: int


@dataclass(frozen=True)
class Track:
    """Something with steps: its planned time, and a mark for each step."""

    what: object
    x: str
    width: str
    end_x: str
    marks: list
    # Whether all of it was due before the day, so that what is not done waits since.
    is_over: bool
    # For how many whole months its steps have waited that are past due and not done: the fewest and the most.
    waits: tuple | None


@dataclass(frozen=True)
class Tracks:
    # [(name of the group, its tracks)]
    groups: list
    # [(x, year)] of the start of each year.
    years: list
    day_x: str | None
    day: date
    # How many steps have an end and are beyond what is drawn, and how many have no end at all.
    left_out: int = 0
    undrawn: int = 0

    @property
    def total(self):
        """How many lines there are."""
        return sum(len(lines) for _name, lines in self.groups)


def tracks(groups, day):
    """Return the Tracks of [(name, [(what, its steps)])] with a line for a day; None without any planned end.

    A step has `due_on`, `starts_on`, `past_due` and what it is `drawn_as`. Whole groups are drawn up to
    MOST_STEPS.
    """
    dated = [
        (name, [(what, [step for step in steps if step.due_on]) for what, steps in things])
        for name, things in groups
    ]
    steps = [step for _name, things in dated for _what, steps in things for step in steps]
    if not any(step.ends_on for step in steps):
        return None
    first = min(min(step.starts_on or step.due_on, step.due_on) for step in steps)
    first = date(first.year, 1, 1)
    last = max(step.due_on for step in steps)
    last = max(date(last.year + 1, 1, 1), day + timedelta(days=15))
    whole = (last - first).days

    def at(some_day):
        return 100 * (some_day - first).days / whole

    room, left_out, drawn = MOST_STEPS, 0, []
    for name, things in dated:
        lines = []
        for what, its in things:
            if not its:
                continue
            if len(its) > room:
                left_out += len(its)
                continue
            room -= len(its)
            lines.append(track(what, its, at, day))
        if lines:
            drawn.append((name, lines))
    return Tracks(
        groups=drawn,
        years=[(f"{at(date(year, 1, 1)):.2f}%", year) for year in range(first.year, last.year + 1)]
        if last.year - first.year <= 40
        else [(f"{at(first):.2f}%", first.year)],
        day_x=f"{at(day):.2f}%" if first <= day <= last else None,
        day=day,
        left_out=left_out,
        undrawn=sum(len(its) for _name, things in groups for _what, its in things) - len(steps),
    )


def track(what, steps, at, day):
    """Return the Track of something with dated steps, as it stands on a day; `at` places a day."""
    start = min(min(step.starts_on or step.due_on, step.due_on) for step in steps)
    end = max(step.due_on for step in steps)
    marks, beside = [], {}
    for step in sorted(steps, key=lambda step: step.due_on):
        n = beside[step.due_on] = beside.get(step.due_on, -1) + 1
        marks.append(Mark(step, f"{at(step.due_on):.2f}%", -HALF - APART * n))
    waiting = [whole_months(step.due_on, day) for step in steps if step.drawn_as in WAITING]
    return Track(
        what=what,
        x=f"{at(start):.2f}%",
        width=f"{max(at(end) - at(start), 0.5):.2f}%",
        end_x=f"{at(end):.2f}%",
        marks=marks,
        is_over=end < day,
        waits=(min(waiting), max(waiting)) if waiting else None,
    )


# The standings of a step that is past due and of which nobody says that it was done.
WAITING = ("late", "silent", "spoken")
