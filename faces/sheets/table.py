"""From rows of cells to a table: where its heads stand, what is below them, what cannot be read."""

from bisect import bisect_right
from typing import NamedTuple

from django.utils.translation import gettext as _

from record.cleaning import clean

from .cells import Unreadable, plain_text
from .limits import HEAD_ROWS, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, SheetRefused, too_large
from .places import column_letters, column_number, corners
from .words import listed, quoted


class Row(NamedTuple):
    """A row with something in it: its number as spreadsheets show it, and its cells, {head: value}.

    A value is str, int, float, Percent, date, bool, or None for a blank cell and for one that has a fault.
    """

    number: int
    cells: dict


class Fault(NamedTuple):
    """A cell that cannot be read: where it is, why, and what stands in it. The head of a stray one is ''."""

    row: int
    letter: str
    head: str
    reason: str
    text: str = ""


class Sheet(NamedTuple):
    """What was read: the sheet's name, how it was read, heads (position, letter, text), rows and faults."""

    name: str
    reading: list
    heads: list
    rows: list
    faults: list


class Heads(NamedTuple):
    """A row that may be the heads: how well it fits, its number, {column: head}, how many are known."""

    fit: float
    number: int
    texts: dict
    known: int


def head_text(value):
    """Return the text of a head: in one line, however it was broken or spaced."""
    if isinstance(value, Unreadable):
        return value.text
    if isinstance(value, float | int) and not isinstance(value, bool):
        value = plain_text(value)
    return " ".join(clean(str(value)).split())


def find_heads(rows, is_head):
    """Return the Heads among the first rows, `(number, {column: value})`; None if none knows a head.

    A row fits by the heads that are known, and by how much of the row they are: a table of instructions
    names a head in each row, another table shares some with ours.
    """
    best = None
    for number, cells in rows:
        if number > HEAD_ROWS:
            break
        texts = {column: text for column, value in sorted(cells.items()) if (text := head_text(value))}
        known = sum(1 for text in texts.values() if is_head(text))
        fit = known * known / len(texts) if texts else 0
        if known and (best is None or fit > best.fit):
            best = Heads(fit, number, texts, known)
    return best


def check_heads(heads):
    """Refuse a table with too many columns, or with a head twice."""
    if len(heads.texts) > MOST_COLUMNS:
        raise SheetRefused(
            _("The table has %(count)s columns; %(most)s at the most are read.")
            % {"count": len(heads.texts), "most": MOST_COLUMNS}
        )
    first = {}
    for column, text in heads.texts.items():
        other = first.setdefault(text.casefold(), column)
        if other != column:
            raise SheetRefused(
                _("The head “%(head)s” stands in column %(first)s and in column %(second)s. Take one away.")
                % {"head": text, "first": column_letters(other), "second": column_letters(column)}
            )


def unknown_heads(rows):
    """Return the refusal of a table of which no head is known; it names what stands there."""
    texts = max(
        ([head_text(value) for value in cells.values()] for number, cells in rows if number <= HEAD_ROWS),
        key=len,
        default=[],
    )
    if not texts:
        return SheetRefused(_("The file is empty."))
    found = listed([quoted(text[:60]) for text in texts])
    return SheetRefused(
        _(
            "None of the heads in the first %(count)s rows is known. Found: %(found)s. "
            "Download the template to see the heads."
        )
        % {"count": HEAD_ROWS, "found": found}
    )


class Table:
    """Takes rows below the heads, one by one, and makes the Sheet of them."""

    def __init__(self, heads):
        check_heads(heads)
        self.heads = heads
        self.rows, self.faults = [], []
        # Columns without a head that have something in them, and the first row where.
        self.stray = {}

    def take(self, number, cells):
        """Take a row, `{column: value}`; rows up to the heads are passed over."""
        if number <= self.heads.number:
            return
        found = dict.fromkeys(self.heads.texts.values())
        is_blank = True
        for column, value in cells.items():
            head = self.heads.texts.get(column)
            if head is None:
                self.stray.setdefault(column, (number, value))
                continue
            is_blank = False
            if isinstance(value, Unreadable):
                self.faults.append(Fault(number, column_letters(column), head, value.reason, value.text))
            else:
                found[head] = value
        if is_blank:
            return
        if len(self.rows) == MOST_ROWS:
            raise SheetRefused(
                _("The table has more than %(most)s rows. Divide it into several files.")
                % {"most": MOST_ROWS}
            )
        self.rows.append(Row(number, found))

    def merge(self, ranges):
        """Give the value of merged cells to each of their rows; return the ranges that were so read.

        A clerk merges a commitment's code over the rows of its milestones, and means it in each. What is
        merged over several columns of the table could be meant for any, and is a fault.
        """
        by_number = {row.number: row for row in self.rows}
        numbers = list(by_number)
        read, filled = [], 0
        for text in ranges:
            (left, top), (right, bottom) = corners(text)
            columns = [column for column in self.heads.texts if left <= column <= right]
            row = by_number.get(top)
            if not columns or row is None:
                continue
            head = self.heads.texts[columns[0]]
            value = row.cells[head] if columns[0] == left else None
            if value is None:
                continue
            if len(columns) > 1:
                reason = _("The cells %(range)s are merged over several columns. Separate them.")
                self.faults.append(
                    Fault(top, column_letters(left), head, reason % {"range": text}, str(value))
                )
            within = numbers[bisect_right(numbers, top) : bisect_right(numbers, bottom)]
            for number in within:
                cells = by_number[number].cells
                cells[head] = value if cells[head] is None else cells[head]
            filled += len(within)
            if filled > MOST_CELLS:
                raise too_large()
            if within:
                read.append(text)
        return read

    def sheet(self, name, reading):
        """Return the Sheet, with what stands beside the table as faults."""
        for column, (number, value) in self.stray.items():
            text = value.text if isinstance(value, Unreadable) else str(value)
            reason = _("“%(text)s” stands in a column without a head. Take it away, or write the head.")
            self.faults.append(Fault(number, column_letters(column), "", reason % {"text": text[:60]}, text))
        self.faults.sort(key=lambda fault: (fault.row, column_number(fault.letter)))
        heads = [(column, column_letters(column), text) for column, text in self.heads.texts.items()]
        return Sheet(name, reading, heads, self.rows, self.faults)
