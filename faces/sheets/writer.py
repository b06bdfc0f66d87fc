"""Tables as files that come in again unchanged: XLSX with typed cells, notes and drop-downs, and CSV."""

import csv
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO
from itertools import zip_longest
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.datavalidation import DataValidation

from .cells import FORMULA_STARTS, Percent, guarded, plain, plain_text, unguarded
from .holding import refuse_misfits
from .limits import MOST_ROWS
from .places import column_letters

_KINDS = {"text", "code", "date", "number", "percent", "choice"}
# Columns whose cells are text whatever is typed: 2-10 would become a date, 007 a number.
_TYPED_AS_TEXT = {"code", "choice"}
_FORMATS = {"code": "@", "choice": "@", "date": "dd/mm/yyyy"}
_WIDTHS = {"text": 45, "code": 16, "date": 13, "number": 11, "percent": 11, "choice": 28}
_TOP = Alignment(vertical="top", wrap_text=True)
_HEAD_FILL = PatternFill("solid", fgColor="DDE6F0")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_MOST_IN_NAME = 31
# The range that the package gives a sheet.
_DIMENSION = re.compile(rb'<dimension ref="[^"]*" ?/>')
# What reads as an escaped character is escaped itself.
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
# Excel counts no day before.
_FIRST_DAY = date(1900, 1, 1)


@dataclass(frozen=True)
class Column:
    """A column of a page: its head, the kind of its cells, a note on the head, choices, its width."""

    head: str
    kind: str = "text"
    note: str = ""
    choices: Iterable = ()
    width: float | None = None

    def __post_init__(self):
        if self.kind not in _KINDS:
            raise ValueError(f"no kind of column: {self.kind}")


@dataclass(frozen=True)
class Page:
    """A sheet with a table: its name, its columns, its rows, each a list of values in their order."""

    name: str
    columns: Iterable
    rows: Iterable = ()


@dataclass(frozen=True)
class Guide:
    """A sheet of instructions: its name, and lines that are a text or a tuple of texts side by side."""

    name: str
    lines: Iterable


def write_xlsx(sheets):
    """Return a workbook, as bytes, of Pages and Guides.

    Raise ValueError, in words, where a text does not fit into its cell. Codes and choices are cells of text,
    dates are dates, percentages whole numbers; no text is a formula.
    """
    book = Workbook()
    book.remove(book.active)
    book.properties.creator = ""
    names, lists = _Names(), []
    lists_name = names.take(_("Lists"))
    bodies = [
        _guide(book, names.take(sheet.name), sheet)
        if isinstance(sheet, Guide)
        else _page(book, names.take(sheet.name), sheet, lists_name, lists)
        for sheet in sheets
    ]
    if lists:
        bodies.append(_lists(book, lists_name, lists))
    return _packed(book, bodies)


def write_csv(page, separator=","):
    """Return a Page as bytes of CSV: UTF-8 with its mark, by which Excel knows it; dates as in ISO 8601."""
    file = StringIO()
    writer = csv.writer(file, delimiter=separator)
    writer.writerow([column.head for column in page.columns])
    for row in page.rows:
        writer.writerow([_in_csv(value) for value in row])
    return file.getvalue().encode("utf-8-sig")


def _in_csv(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Percent):
        return plain_text(value.of_hundred)
    if isinstance(value, int | float):
        return plain_text(value)
    if isinstance(value, date):
        return _day(value).isoformat()
    return guarded(str(value))


class _Names:
    """Names of sheets as Excel takes them: short, without some signs, none twice."""

    def __init__(self):
        self.taken = set()

    def take(self, name):
        base = _NOT_IN_NAMES.sub(" ", str(name)).strip("' ") or _("Sheet")
        name, number = base[:_MOST_IN_NAME], 1
        while name.casefold() in self.taken:
            number += 1
            name = f"{base[: _MOST_IN_NAME - len(str(number)) - 3]} ({number})"
        self.taken.add(name.casefold())
        return name


class _Body:
    """The rows of a sheet below those that the package wrote, as XML.

    The package needs four times as long for them, and writes them to files that stay where it is killed.
    """

    def __init__(self, sheet, rows, kinds):
        self.sheet, self.rows, self.kinds = sheet, rows, kinds
        self.first = sheet.max_row + 1 if sheet._cells else 1
        self.styles = {}

    @property
    def range(self):
        """Return the range of all rows."""
        return f"A1:{column_letters(len(self.kinds))}{max(1, self.first + len(self.rows) - 1)}"

    def xml(self):
        """Yield the rows."""
        letters = [column_letters(at) for at in range(1, len(self.kinds) + 1)]
        for number, row in enumerate(self.rows, self.first):
            yield f'<row r="{number}">'
            for letter, value, kind in zip(letters, row, self.kinds, strict=False):
                if value is not None:
                    yield self.cell(f"{letter}{number}", value, kind)
            yield "</row>"

    def cell(self, place, value, kind):
        if isinstance(value, str):
            style = self.style(
                kind if kind in _TYPED_AS_TEXT else "",
                kind in _TYPED_AS_TEXT or value.lstrip("'").startswith(FORMULA_STARTS),
            )
            text = escape(_escaped(value))
            return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
        if isinstance(value, bool):
            return f'<c r="{place}" s="{self.style()}" t="b"><v>{value:d}</v></c>'
        if isinstance(value, date):
            return f'<c r="{place}" s="{self.style("date")}"><v>{to_excel(value)}</v></c>'
        return f'<c r="{place}" s="{self.style()}"><v>{value!r}</v></c>'

    def style(self, shown="", is_prefixed=False):
        """Return the number of the style of what is shown as a kind of column shows it."""
        key = shown, is_prefixed
        if key not in self.styles:
            model = WriteOnlyCell(self.sheet)
            model.alignment = _TOP
            model.number_format = _FORMATS.get(shown, "General")
            model._style.quotePrefix = int(is_prefixed)
            self.styles[key] = model.style_id
        return self.styles[key]


def _packed(book, bodies):
    """Return a workbook with the rows of its sheets."""
    # Styles are numbered when they are asked for, and written with the workbook.
    xml = ["".join(body.xml()).encode() for body in bodies]
    skeleton, file = BytesIO(), BytesIO()
    book.save(skeleton)
    by_part = {body.sheet.path.lstrip("/"): at for at, body in enumerate(bodies)}
    with zipfile.ZipFile(skeleton) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            data = source.read(info)
            if info.filename in by_part:
                at = by_part[info.filename]
                data = _DIMENSION.sub(f'<dimension ref="{bodies[at].range}"/>'.encode(), data)
                start, empty, end = data.partition(b"<sheetData />")
                if not empty:
                    start, _end, end = data.partition(b"</sheetData>")
                opening = b"<sheetData>" if empty else b""
                data = b"".join([start, opening, xml[at], b"</sheetData>", end])
            target.writestr(info.filename, data)
    return file.getvalue()


def _page(book, name, page, lists_name, lists):
    columns = list(page.columns)
    rows = [
        [_value(value, column.kind) for value, column in zip(row, columns, strict=True)] for row in page.rows
    ]
    heads = [str(column.head) for column in columns]
    codes = [place for place, column in enumerate(columns) if column.kind == "code"] or [0]
    refuse_misfits(name, heads, rows, lambda row: ":".join(str(row[place] or "") for place in codes))
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{column_letters(len(columns))}{len(rows) + 1}"
    for place, column in enumerate(columns, 1):
        letters = column_letters(place)
        dimension = sheet.column_dimensions[letters]
        dimension.width = column.width or max(_WIDTHS[column.kind], min(len(heads[place - 1]) + 4, 40))
        # So that what is typed below the last row is of the column's kind too.
        dimension.number_format = _FORMATS.get(column.kind, "General")
        dimension.alignment = _TOP
        if choices := [str(choice) for choice in column.choices]:
            sheet.data_validations.append(_drop_down(letters, lists_name, lists, heads[place - 1], choices))
        _write_head(sheet.cell(1, place), column)
    return _Body(sheet, rows, [column.kind for column in columns])


def _write_head(cell, column):
    cell.value = _escaped(str(column.head))
    # A formula otherwise, if it looks like one.
    cell.data_type = "s"
    cell.font, cell.fill, cell.alignment = Font(bold=True), _HEAD_FILL, _TOP
    if column.note:
        note = str(column.note)
        height = 40 + 20 * (len(note) // 40 + note.count("\n"))
        cell.comment = Comment(note, "", width=320, height=height)


def _drop_down(letters, lists_name, lists, head, choices):
    """Return the validation of a column; what it offers stands in a column of the hidden sheet."""
    place = next((place for place, each in enumerate(lists) if each[1:] == choices), len(lists))
    if place == len(lists):
        lists.append([head, *choices])
    source = column_letters(place + 1)
    return DataValidation(
        type="list",
        formula1=f"'{lists_name}'!${source}$2:${source}${len(choices) + 1}",
        sqref=f"{letters}2:{letters}{MOST_ROWS + 1}",
        allow_blank=True,
        showErrorMessage=True,
        errorTitle=_("Not in the list"),
        error=_("Choose one from the list of the cell."),
    )


def _lists(book, name, lists):
    sheet = book.create_sheet(name)
    sheet.sheet_state = "hidden"
    return _Body(sheet, list(zip_longest(*lists)), ["code"] * len(lists))


def _guide(book, name, guide):
    lines = [
        tuple(map(str, line)) if isinstance(line, list | tuple) else (str(line),) for line in guide.lines
    ]
    sheet = book.create_sheet(name)
    width = max(map(len, lines), default=1)
    sheet.column_dimensions["A"].width = 32 if width > 1 else 100
    sheet.column_dimensions["B"].width = 90
    return _Body(sheet, lines, ["text"] * width)


def _value(value, kind):
    """Return a value as a cell of a column of some kind holds it: str, number, date, bool or None."""
    if value is None or value == "":
        return None
    as_text = kind in _TYPED_AS_TEXT
    if isinstance(value, bool):
        return value
    if isinstance(value, Percent):
        return value.of_hundred if kind == "percent" else f"{plain_text(value.of_hundred)}%"
    if isinstance(value, int | float):
        return plain_text(value) if as_text or kind == "text" else plain(value)
    if isinstance(value, date):
        value = _day(value)
        return f"{value:%d/%m/}{value.year:04}" if as_text or value < _FIRST_DAY else value
    return str(value)


def _day(value):
    return value.date() if isinstance(value, datetime) else value


def _escaped(text):
    # A text that begins as a guarded one does loses an apostrophe when it comes in again.
    text = f"'{text}" if unguarded(text) != text else text
    return _LOOKS_ESCAPED.sub("_x005F_", text)
