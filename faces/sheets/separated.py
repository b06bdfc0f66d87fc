"""Tables as text: in which encoding, with which separator, and the rows of them."""

import codecs
import csv
import re
from contextlib import suppress
from io import StringIO
from itertools import islice

from django.utils.translation import gettext as _

from .cells import read_text
from .limits import HEAD_ROWS, MOST_CELLS, MOST_LINES, SheetRefused, too_large
from .table import find_heads, unknown_heads
from .words import quoted

# The separators that spreadsheets write; what Excel in Spanish writes comes first.
SEPARATORS = ";,\t|"
# Excel's own first line, that names the separator; Excel does not show it as a row.
_NAMED_SEPARATOR = re.compile(r'"?sep=([^\w\s"\']|\t)"?[^\S\r\n]*(?:\r\n|\r|\n|$)', re.IGNORECASE)
_MARKS = [
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    # The mark of UTF-32 begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
]
# A letter of several bytes in UTF-8.
_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")


def decoded(data):
    """Return the text of a file and the name of its encoding."""
    marked = next((each[1:] for each in _MARKS if data.startswith(each[0])), None)
    encoding, label = marked or _without_mark(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise SheetRefused(
            _(
                "The bytes %(bytes)s in line %(line)s are no letters in %(encoding)s. Save the file as "
                "“CSV UTF-8” or as XLSX."
            )
            % {
                "bytes": data[error.start : error.end][:4].hex(" ").upper(),
                "line": line_of(data[: error.start].decode(encoding, "replace")),
                "encoding": label,
            }
        ) from error
    if (place := text.find("\0")) >= 0:
        raise SheetRefused(
            _(
                "The file is no text: a byte that is zero stands in line %(line)s. Save it as XLSX or "
                "“CSV UTF-8”."
            )
            % {"line": line_of(text[:place])}
        )
    return text, label


def line_of(text):
    """Return the number of the line that begins after a text."""
    return len(re.findall("\r\n|\r|\n", text)) + 1


def _without_mark(data):
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        letters = _LETTER.findall(data)
        others = len(_NOT_ASCII.findall(data)) - sum(map(len, letters))
        # In Windows-1252 a pair of signs is a letter of UTF-8 only by chance, as in PERÚ”.
        if len(letters) <= others:
            return "cp1252", "Windows-1252"
    return "utf-8", "UTF-8"


def separator_names():
    """Return the separators by their names."""
    return {";": _("semicolon"), ",": _("comma"), "\t": _("tab"), "|": _("vertical bar")}


def rows_of(text, separator, last=MOST_LINES):
    """Yield the rows that have something in them up to a number, `(number, {column: value})`."""
    number = kept = 0
    try:
        lines = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
        for number, cells in enumerate(islice(lines, last), 1):
            found = {
                column: value
                for column, cell in enumerate(cells, 1)
                if cell and (value := read_text(cell)) is not None
            }
            if found:
                kept += len(found)
                if kept > MOST_CELLS:
                    raise too_large()
                yield number, found
        if last == MOST_LINES and next(lines, None) is not None:
            raise too_large()
    except csv.Error as error:
        raise SheetRefused(
            _(
                'From row %(row)s on the file cannot be divided into cells: a quotation mark (") is not '
                "closed there, or not doubled within a text."
            )
            % {"row": number + 1}
        ) from error


def read_separated(data, is_head):
    """Return the rows of a file of text, its Heads, and how it was read, in words."""
    text, encoding = decoded(data)
    named = _NAMED_SEPARATOR.match(text)
    if named:
        text = text[named.end() :]
    best, firsts = None, []
    for separator in named[1] if named else SEPARATORS:
        first = _first_rows(text, separator)
        firsts.append(first)
        heads = find_heads(first, is_head)
        if heads and (best is None or heads.fit > best[1].fit):
            best = separator, heads
    if best is None:
        raise unknown_heads([row for first in firsts for row in first])
    separator, heads = best
    reading = _("Read as text with separators: encoding %(encoding)s, separator %(separator)s.") % {
        "encoding": encoding,
        "separator": separator_names().get(separator, quoted(separator)),
    }
    return rows_of(text, separator), heads, [reading]


def _first_rows(text, separator):
    # With the wrong separator quotation marks may stand where none may be.
    found = []
    with suppress(SheetRefused):
        found.extend(rows_of(text, separator, HEAD_ROWS))
    return found
