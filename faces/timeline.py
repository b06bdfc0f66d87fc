"""The geometry of a timeline of steps, half-year by half-year; templates draw it."""

from dataclasses import dataclass
from datetime import date, timedelta

# In units of the drawing, which is as wide as a phone: the whole, the codes in front, a line, what stands
# above and behind, the least width of a bar.
WIDTH, LABEL, ROW, HEAD, END, MARK = 340, 46, 20, 34, 20, 3


@dataclass(frozen=True)
class Bar:
    """A step on the timeline: from its start to its planned end, and its present end where it moved."""

    step: object
    y: int
    x: int
    width: int
    # Where the present end stands, if re-planning moved it or no other end is known.
    current_x: int | None

    @property
    def sign_x(self):
        """Where the sign of its state stands: behind the bar and the present end."""
        return max(self.x + self.width + 4, (self.current_x or 0) + 9)


@dataclass(frozen=True)
class Timeline:
    bars: list
    # (x, year, 1 or 2) of the start of each half-year.
    halves: list
    # Where the last half-year ends.
    end_x: int
    day_x: int | None
    height: int
    # How many steps have no end at all, and are not drawn.
    undrawn: int
    day: date

    width = WIDTH


def half_start(day):
    """Return the first day of the half-year that a day lies in."""
    return date(day.year, 1 if day.month <= 6 else 7, 1)


def next_half(day):
    """Return the first day of the half-year after that of a day."""
    return date(day.year, 7, 1) if day.month <= 6 else date(day.year + 1, 1, 1)


def timeline(steps, day):
    """Return the Timeline of some steps, and a line for a day.

    None where no source prints a planned end. A step without a start is a mark on its end; one of which
    only a later end is known has that alone; one without any end is not drawn.
    """
    drawn = [step for step in steps if step.due_on]
    if not any(step.ends_on for step in drawn):
        return None
    # Dates that contradict each other are shown as they are, on their end.
    starts = [min(step.starts_on or step.due_on, step.due_on) for step in drawn]
    ends = [max(step.due_on, step.current_ends_on) for step in drawn]
    first, last = half_start(min(starts)), next_half(max(ends))
    scale = (WIDTH - LABEL - END) / (last - first).days

    def place(some_day):
        return round(LABEL + (some_day - first).days * scale)

    bars = []
    for row, (step, start) in enumerate(zip(drawn, starts, strict=True)):
        end = place(step.due_on + timedelta(days=1))
        width = max(MARK, end - place(start)) if step.ends_on else 0
        moved = step.current_ends_on != step.ends_on
        bars.append(
            Bar(
                step=step,
                y=HEAD + row * ROW,
                x=end - width,
                width=width,
                current_x=place(step.current_ends_on) if moved else None,
            )
        )
    halves, half = [], first
    while half < last:
        halves.append((place(half), half.year, 1 if half.month == 1 else 2))
        half = next_half(half)
    day_x = place(day) if first <= day <= last else None
    return Timeline(
        bars, halves, place(last), day_x, HEAD + len(drawn) * ROW + 8, len(steps) - len(drawn), day
    )
