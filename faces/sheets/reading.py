"""Which kind of file it is, by its bytes, and the table in it."""

import json
from itertools import chain

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .cells import Unreadable, plain, read_text
from .limits import HEAD_ROWS, MOST_BYTES, MOST_CELLS, SheetRefused, no_spreadsheet, protected, too_large
from .separated import decoded, read_separated
from .table import Heads, Table, find_heads, unknown_heads
from .words import listed, quoted
from .workbook import Workbook

_OLE = bytes.fromhex("D0CF11E0A1B11AE1")


def read_sheet(file, name, is_head):
    """Return the Sheet of a file; raise SheetRefused, in words, where it is not read at all.

    `file` is open for reading bytes, `name` is its name, `is_head(text)` says whether a head is known: by
    that the sheet, the row of heads and the separator are found. Sentences are in the language of the moment.
    """
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise SheetRefused(
            _("The file is larger than %(most)s MB. Divide it into several files.")
            % {"most": MOST_BYTES // 1_000_000}
        )
    if not data.strip(b"\0 \t\r\n"):
        raise SheetRefused(_("The file is empty."))
    _refuse_other_kinds(data, name)
    if data.startswith(b"PK"):
        return _read_workbook(Workbook(data), is_head)
    if name.lower().endswith(".json") or data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"[", b"{")):
        return _read_objects(data, is_head)
    rows, heads, reading = read_separated(data, is_head)
    table = Table(heads)
    for number, cells in rows:
        table.take(number, cells)
    return table.sheet("", [*reading, *_below_title(heads)])


def _refuse_other_kinds(data, name):
    start = data[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\0", b"").lower()
    if data.startswith(_OLE):
        # The names of streams in its directory.
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise protected()
        raise _old_excel()
    if start.startswith((b"<", b"mime-version:")):
        raise SheetRefused(
            _(
                "The file is a web page or XML, whatever its name says. Open it in Excel or LibreOffice, "
                "save it as XLSX and send it again."
            )
        )
    if start.startswith((b"%pdf", b"{\\rtf", b"\x89png", b"rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        raise no_spreadsheet()
    # Before 1997 Excel had its own container; a text in UTF-16 has its mark.
    if name.lower().endswith(".xls") and data[:1] == b"\x09" and b"\0" in data[:8]:
        raise _old_excel()


def _old_excel():
    return SheetRefused(_("The file is of an Excel before 2007 (.xls). Save it as XLSX and send it again."))


def _below_title(heads):
    if heads.number == 1:
        return []
    return [_("The heads stand in row %(row)s.") % {"row": heads.number}]


def _read_workbook(book, is_head):
    found, hidden, rows = [], [], []
    for sheet in book.sheets:
        begun = _Begun(book, sheet)
        rows += begun.first
        begun.heads = find_heads(begun.first, is_head)
        if begun.heads:
            (hidden if sheet.is_hidden else found).append(begun)
    if not found:
        if hidden:
            raise SheetRefused(
                _("The sheet “%(sheet)s” is hidden; hidden sheets are not read. Show it and save the file.")
                % {"sheet": hidden[0].sheet.name}
            )
        raise unknown_heads(rows)
    begun = _chosen(found)
    table = Table(begun.heads)
    for number, cells in chain(begun.first, begun.rest):
        table.take(number, cells)
    merged = table.merge(begun.reader.merged)
    reading = [
        *_of_several(book, begun.sheet),
        *_below_title(begun.heads),
        *_merged(merged),
        *_hidden_rows(begun.reader.hidden),
    ]
    return table.sheet(begun.sheet.name, reading)


class _Begun:
    """A sheet of which the first rows are read, so far that one knows whether it has any below its heads."""

    def __init__(self, book, sheet):
        self.sheet = sheet
        self.reader = book.rows(sheet)
        self.rest = iter(self.reader)
        self.first = []
        self.heads = None
        for number, cells in self.rest:
            self.first.append((number, cells))
            if number > HEAD_ROWS:
                break

    @property
    def has_rows(self):
        return self.first[-1][0] > self.heads.number


def _chosen(found):
    """Return the sheet to be read; refuse the file if two could be meant."""
    # An empty template beside a full one is no rival.
    found = [begun for begun in found if begun.has_rows] or found
    best = max(begun.heads.fit for begun in found)
    rivals = [begun for begun in found if begun.heads.known > 1 and begun.heads.fit * 2 >= best]
    if len(rivals) > 1:
        raise SheetRefused(
            _("Several sheets have the heads: %(sheets)s. Leave only the one that is to be read.")
            % {"sheets": listed([quoted(begun.sheet.name) for begun in rivals])}
        )
    return max(found, key=lambda begun: begun.heads.fit)


def _of_several(book, sheet):
    others = [each for each in book.sheets if each is not sheet]
    if not others:
        return []
    names = listed(
        [
            _("“%(sheet)s” (hidden)") % {"sheet": each.name} if each.is_hidden else quoted(each.name)
            for each in others
        ]
    )
    sentence = _("The sheet “%(sheet)s” was read; not read: %(others)s.")
    return [sentence % {"sheet": sheet.name, "others": names}]


def _merged(ranges):
    if not ranges:
        return []
    sentence = _("The value of merged cells was taken for each of their rows: %(ranges)s.")
    return [sentence % {"ranges": listed(ranges)}]


def _hidden_rows(count):
    if not count:
        return []
    return [
        ngettext("%(count)s hidden row was read too.", "%(count)s hidden rows were read too.", count)
        % {"count": count}
    ]


def _read_objects(data, is_head):
    """Read JSON: a list of objects with the same keys, in any order."""
    text, _encoding = decoded(data)
    try:
        objects = json.loads(text, object_pairs_hook=_without_twins, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise SheetRefused(_("The file is not JSON: %(error)s.") % {"error": str(error)[:120]}) from error
    if not isinstance(objects, list) or not all(isinstance(each, dict) for each in objects):
        raise SheetRefused(_("The file is JSON, but not a list of objects."))
    if not objects:
        raise SheetRefused(_("The file is empty."))
    if sum(map(len, objects)) > MOST_CELLS:
        raise too_large()
    keys = list(objects[0])
    for number, each in enumerate(objects, 1):
        if each.keys() != objects[0].keys():
            raise SheetRefused(_("Object %(number)s has other keys than the first.") % {"number": number})
    texts = {column: " ".join(key.split()) for column, key in enumerate(keys, 1)}
    known = sum(1 for text in texts.values() if is_head(text))
    if not known:
        raise unknown_heads([(1, dict(texts))])
    table = Table(Heads(known, 0, texts, known))
    for number, each in enumerate(objects, 1):
        values = {column: _of_json(each[key]) for column, key in enumerate(keys, 1)}
        table.take(number, {column: value for column, value in values.items() if value is not None})
    return table.sheet("", [_("Read as JSON.")])


def _of_json(value):
    if isinstance(value, str):
        return read_text(value, is_guarded=False)
    if isinstance(value, float):
        return plain(value)
    if isinstance(value, list | dict):
        return Unreadable(json.dumps(value)[:60], _("A list or an object stands here, not a single value."))
    return value


def _without_twins(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError(_("a key stands twice in an object"))
    return found


def _no_constant(text):
    raise ValueError(_("%(text)s is not a number") % {"text": text})
