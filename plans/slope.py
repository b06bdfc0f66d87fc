"""How the commitments of a plan moved between two reports of one author: the geometry of a chart.

Each level is a rung, the best on top, as high as its larger side; a commitment is a line from its rung before
to its rung after. Those that stayed come first on both sides, so that their lines are level.
"""

from dataclasses import dataclass, field

from . import compliance
from .models import Report
from .picture import IN_ORDER, PLACES

# A chart with more lines is a thicket: the table says it.
MOST_LINES = 60
# The height of a line of words, in rem.
LINE = 1.5


@dataclass
class Line:
    """A commitment with its levels before and after, and at which heights its line begins and ends."""

    commitment: object
    before: str | None
    after: str | None
    starts: str = ""
    ends: str = ""

    @property
    def way(self):
        """Where it went: 'rose', 'fell', 'same', or 'other' onto or off the scale."""
        if self.before == self.after:
            return "same"
        if self.before in compliance.SCALE and self.after in compliance.SCALE:
            return "rose" if PLACES[self.after] < PLACES[self.before] else "fell"
        return "other"


@dataclass
class Rung:
    """A level with how many stood on it before and stand on it after."""

    level: str | None
    before: int
    height: str
    # Those that stand on it after, in their order.
    lines: list
    # How many lines of words the other side needs beyond that.
    blanks: int

    @property
    def after(self):
        return len(self.lines)

    @property
    def empty(self):
        return range(self.blanks)


@dataclass
class Slope:
    """The movement from one report to the next: its rungs, and the same as a table."""

    previous: Report
    report: Report
    moved: compliance.Moved
    table: dict
    rungs: list = field(default_factory=list)


def slope(report, previous, commitments):
    """Return the Slope of a report since another one; with too many commitments it has no rungs."""
    transitions = report.transitions_since(previous)
    drawn = Slope(previous, report, compliance.moved(transitions), movement(transitions, commitments))
    if len(commitments) <= MOST_LINES:
        before, after = previous.levels(), report.levels()
        lines = [Line(each, before.get(each.pk), after.get(each.pk)) for each in commitments]
        drawn.rungs = list(rungs(lines))
    return drawn


def rungs(lines):
    """Yield the rungs that some lines need, and give each line its two heights."""
    row = 0
    for level in IN_ORDER:
        left = sorted((each for each in lines if each.before == level), key=lambda each: place(each, "after"))
        right = sorted(
            (each for each in lines if each.after == level), key=lambda each: place(each, "before")
        )
        if not left and not right:
            continue
        for at, each in enumerate(left, row + 1):
            each.starts = height(at)
        for at, each in enumerate(right, row + 1):
            each.ends = height(at)
        yield Rung(level, len(left), height(row), right, max(len(left) - len(right), 0))
        row += 1 + max(len(left), len(right))


def place(line, side):
    """Return where a line stands on its rung: who stayed first, then by the level on the other side."""
    return line.way != "same", PLACES[getattr(line, side)]


def height(row):
    return f"{(row + 0.5) * LINE:g}rem"


def movement(transitions, commitments):
    """Return the table from the levels of one report to those of the next: its heads, and its rows of cells.

    A cell is the list of the commitments that went that way.
    """
    by_pk = {commitment.pk: commitment for commitment in commitments}
    cells = {(move.before, move.after): [by_pk[pk] for pk in move.members] for move in transitions}
    occurring = {level for pair in cells for level in pair}
    heads = [level for level in (*compliance.Level, None) if level in occurring or level in compliance.SCALE]
    return {
        "heads": heads,
        "rows": [(before, [(after, cells.get((before, after), [])) for after in heads]) for before in heads],
    }
