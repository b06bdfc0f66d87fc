"""A workbook in XLSX: its sheets, and the rows of one of them with the values of their cells."""

import re
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from .cells import Unreadable, read_error, read_moment, read_number, read_text
from .holding import EXCEL_LENGTH
from .limits import MOST_CELLS, MOST_CHARACTERS, SheetRefused, damaged, no_spreadsheet, too_large
from .parts import Handler, Parts
from .places import column_number

# Elements <c>, the empty ones too, that are looked at: a sheet formatted far beyond its data has many.
_MOST_LOOKED_AT = 6_000_000
_MOST_MERGED = 100_000
# What Excel holds in a cell, if each of its characters were escaped.
_MOST_IN_CELL = EXCEL_LENGTH * 7
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
# What the formats show that a workbook need not describe, by their numbers.
_BUILT_IN = {
    **dict.fromkeys([*range(14, 18), 22, *range(27, 32), 36, *range(50, 59)], "date"),
    **dict.fromkeys([*range(18, 22), *range(32, 36), *range(45, 48)], "time"),
    **dict.fromkeys([9, 10], "percent"),
}
# Quoted and escaped signs of a format, and its colours and languages, which show no value.
_DECORATION = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)


class SheetPart(NamedTuple):
    """A sheet of a workbook: its name, the part that holds it, and whether it is hidden."""

    name: str
    part: str
    is_hidden: bool


class Workbook:
    """A workbook; its sheets are read one at a time, as often as asked."""

    def __init__(self, data):
        self.parts = Parts(data)
        main = [part for kind, part in self.parts.relations("").values() if kind == "officeDocument"]
        self.main = main[0] if main else "xl/workbook.xml"
        self._refuse_other_kinds()
        relations = self.parts.relations(self.main)
        if any(kind == "xlMacrosheet" for kind, _part in relations.values()):
            raise _with_macros()
        book = self.parts.read(self.main, _Book())
        if not book.is_workbook:
            raise no_spreadsheet()
        self.epoch = date(1904, 1, 1) if book.is_from_1904 else date(1899, 12, 30)
        # Sheets of charts have other relations.
        self.sheets = [
            SheetPart(name, relations[key][1], is_hidden)
            for name, key, is_hidden in book.sheets
            if relations.get(key, ("",))[0] == "worksheet"
        ]
        by_kind = {kind: part for kind, part in relations.values()}
        styles = by_kind.get("styles")
        self.shown = self.parts.read(styles, _Styles()).shown if styles in self.parts else []
        strings = by_kind.get("sharedStrings")
        self.texts = self.parts.read(strings, _Strings()).texts if strings in self.parts else []
        # Texts that were cleaned already: a sheet may name one of them in every cell.
        self.values = {}

    def _refuse_other_kinds(self):
        names = self.parts.infos
        if any(name.endswith("vbaproject.bin") for name in names):
            raise _with_macros()
        if "xl/workbook.bin" in names:
            raise SheetRefused(_("The file is a binary workbook (.xlsb). Save it as XLSX and send it again."))
        if "content.xml" in names and "mimetype" in names:
            raise SheetRefused(
                _("The file is in the format of OpenDocument (.ods). Save it as XLSX and send it again.")
            )
        if any(name.endswith((".xlsx", ".xls", ".csv")) for name in names):
            raise SheetRefused(_("The file is a ZIP folder. Take the workbook out of it and send that."))
        if self.main not in self.parts:
            raise no_spreadsheet()

    def rows(self, sheet):
        """Return the rows of a sheet that have something in them, as they are read: `_SheetReader`."""
        return _SheetReader(self, sheet.part)

    def value(self, kind, style, text, is_formula):
        """Return the value of a cell; None if it is blank."""
        if is_formula and (text is None or (text == "" and kind != "str")):
            return Unreadable(
                "",
                _(
                    "A formula without its result stands here: open the file in Excel or LibreOffice, "
                    "save it and send it again."
                ),
            )
        if not text:
            return None
        if kind == "s":
            return self._shared(text)
        if kind is None or kind == "n":
            if style is None or style == "0":
                return read_number(text, "", self.epoch)
            return read_number(text, self._shows(style), self.epoch)
        if kind == "inlineStr" or kind == "str":
            return read_text(unescaped(text))
        if kind == "b":
            return text.strip() in ("1", "true")
        if kind == "e":
            return read_error(text)
        if kind == "d":
            return read_moment(text)
        raise damaged()

    def _shared(self, text):
        try:
            return self.values[text]
        except KeyError:
            pass
        try:
            place = int(text)
            found = self.texts[place] if place >= 0 else None
        except (ValueError, IndexError):
            found = None
        if found is None:
            raise damaged()
        value = self.values[text] = read_text(unescaped(found))
        return value

    def _shows(self, style):
        try:
            return self.shown[int(style)]
        except (ValueError, IndexError):
            return ""


def _with_macros():
    return SheetRefused(
        _("The file has macros (.xlsm), which are not accepted. Save it as XLSX and send it again.")
    )


def unescaped(text):
    """Return a text of a workbook with its escaped characters, as `_x000D_`, in place."""
    if "_x" not in text:
        return text
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    # The two halves of a character beyond the first plane are escaped apart.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")


def shows(code):
    """Return what a format shows: 'date', 'time', 'percent' or ''."""
    code = _DECORATION.sub("", code.partition(";")[0]).lower()
    if "%" in code:
        return "percent"
    if "general" in code or "standard" in code or "estándar" in code:
        return ""
    if "d" in code or "y" in code:
        return "date"
    if "h" in code or "s" in code:
        return "time"
    return "date" if "m" in code else ""


class _Book(Handler):
    """The sheets of a workbook, in their order, and from when it counts its days."""

    def __init__(self):
        self.sheets = []
        self.is_workbook = self.is_from_1904 = False

    def start(self, name, attributes):
        if name == "workbook":
            self.is_workbook = True
        elif name == "sheet":
            key = next((value for key, value in attributes.items() if key.endswith(" id")), None)
            is_hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append((attributes.get("name", ""), key, is_hidden))
        elif name == "workbookPr":
            self.is_from_1904 = attributes.get("date1904") in ("1", "true", "on")


class _Styles(Handler):
    """What the numbers of each style show."""

    def __init__(self):
        self.own, self.shown = {}, []
        self.is_cells = False

    def start(self, name, attributes):
        if name == "numFmt":
            self.own[attributes.get("numFmtId")] = shows(attributes.get("formatCode", ""))
        elif name == "cellXfs":
            self.is_cells = True
        elif name == "xf" and self.is_cells:
            key = attributes.get("numFmtId", "0")
            built_in = _BUILT_IN.get(int(key), "") if key.isdecimal() else ""
            self.shown.append(self.own.get(key, built_in))

    def end(self, name):
        if name == "cellXfs":
            self.is_cells = False


class _Strings(Handler):
    """The texts that the cells of a workbook share."""

    def __init__(self):
        self.texts = []
        self.pieces = []
        self.characters = 0
        self.is_taking = self.is_aside = False

    def start(self, name, attributes):
        if name == "t":
            self.is_taking = not self.is_aside
        elif name == "si":
            self.pieces = []
        elif name == "rPh":
            self.is_aside = True

    def end(self, name):
        if name == "t":
            self.is_taking = False
        elif name == "si":
            self.texts.append("".join(self.pieces))
            if len(self.texts) > MOST_CELLS:
                raise too_large()
        elif name == "rPh":
            self.is_aside = False

    def text(self, text):
        if self.is_taking:
            self.pieces.append(text)
            self.characters += len(text)
            if self.characters > MOST_CHARACTERS:
                raise too_large()


class _SheetReader(Handler):
    """The rows of a sheet that have something in them: an iterator of (number, {column: value}).

    When it is done it also knows which cells are merged, and how many of the rows are hidden.
    """

    def __init__(self, book, part):
        self.book, self.part = book, part
        self.done = []
        self.columns = {}
        self.merged = []
        self.hidden = 0
        self.number = self.column = 0
        self.is_data = self.is_taking = self.is_aside = self.is_formula = self.is_hidden = False
        self.kind = self.style = self.value = None
        self.cells = {}
        self.looked_at = self.kept = self.characters = 0

    def __iter__(self):
        for _chunk in self.book.parts.parse(self.part, self):
            done, self.done = self.done, []
            yield from done

    def start(self, name, attributes):
        if name == "c":
            self.looked_at += 1
            if self.looked_at > _MOST_LOOKED_AT:
                raise too_large()
            place = attributes.get("r")
            self.column = self.column_of(place) if place else self.column + 1
            self.kind, self.style = attributes.get("t"), attributes.get("s")
            self.value = None
            self.is_formula = False
        elif name == "v":
            self.value = ""
            self.is_taking = True
        elif name == "t":
            self.is_taking = self.is_data and not self.is_aside
            self.value = self.value or ""
        elif name == "f":
            self.is_formula = True
        elif name == "row":
            self.start_row(attributes)
        elif name == "rPh":
            self.is_aside = True
        elif name == "sheetData":
            self.is_data = True
        elif name == "mergeCell":
            self.merged.append(attributes.get("ref", ""))
            if len(self.merged) > _MOST_MERGED:
                raise too_large()

    def start_row(self, attributes):
        number = attributes.get("r")
        before = self.number
        if number is None:
            self.number += 1
        elif number.isdecimal() and len(number) <= 7:
            self.number = int(number)
        if self.number <= before:
            raise damaged()
        self.column = 0
        self.cells = {}
        self.is_hidden = attributes.get("hidden") in ("1", "true")

    def column_of(self, place):
        letters = place.rstrip("0123456789")
        column = self.columns.get(letters)
        if column is None:
            column = self.columns[letters] = column_number(letters)
        return column

    def text(self, text):
        if self.is_taking:
            self.value += text
            if len(self.value) > _MOST_IN_CELL:
                raise too_large()

    def end(self, name):
        if name == "c":
            if self.is_formula or self.value:
                value = self.book.value(self.kind, self.style, self.value, self.is_formula)
                if value is not None and self.is_data:
                    self.cells[self.column] = value
                    self.count(value)
        elif name == "v" or name == "t":
            self.is_taking = False
        elif name == "row":
            if self.cells:
                self.done.append((self.number, self.cells))
                self.hidden += self.is_hidden
        elif name == "rPh":
            self.is_aside = False
        elif name == "sheetData":
            self.is_data = False

    def count(self, value):
        self.kept += 1
        # Texts that cells share were counted with those.
        if self.kind != "s" and isinstance(value, str):
            self.characters += len(value)
        if self.kept > MOST_CELLS or self.characters > MOST_CHARACTERS:
            raise too_large()
