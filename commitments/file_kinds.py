"""What kind of file somebody hands in, by its content; what is none of these is refused.

Nothing is unpacked: of office files the directory is read, and a short piece that says what they are.
"""

import re
import zipfile
import zlib
from codecs import BOM_UTF8, getincrementaldecoder
from contextlib import suppress

import filetype
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

MOST_BYTES = 20 * 1024 * 1024
# What tells the kinds apart stands in the first bytes.
HEAD = 8192
PIECE = 64 * 1024
# A directory of an office file is a few kilobytes; to read a large one takes memory.
MOST_DIRECTORY, MOST_PARTS = 2 * 1024 * 1024, 10_000
MOST_NAMING_PIECE = 256 * 1024


class FileKind(TextChoices):
    """The kinds that are taken, by their extension; words that are names are the same in every language."""

    PDF = "pdf", "PDF"
    PNG = "png", "PNG"
    JPEG = "jpg", "JPEG"
    WEBP = "webp", "WebP"
    GIF = "gif", "GIF"
    DOCX = "docx", "Word"
    XLSX = "xlsx", "Excel"
    PPTX = "pptx", "PowerPoint"
    ODT = "odt", _("OpenDocument text")
    ODS = "ods", _("OpenDocument spreadsheet")
    ODP = "odp", _("OpenDocument presentation")
    CSV = "csv", "CSV"

    @property
    def content_type(self):
        """The type that it is served as: never what a browser or the file itself says."""
        return CONTENT_TYPES[self]


_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
CONTENT_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
    FileKind.WEBP: "image/webp",
    FileKind.GIF: "image/gif",
    FileKind.DOCX: f"{_OPEN_XML}wordprocessingml.document",
    FileKind.XLSX: f"{_OPEN_XML}spreadsheetml.sheet",
    FileKind.PPTX: f"{_OPEN_XML}presentationml.presentation",
    FileKind.ODT: f"{_OPEN_DOCUMENT}text",
    FileKind.ODS: f"{_OPEN_DOCUMENT}spreadsheet",
    FileKind.ODP: f"{_OPEN_DOCUMENT}presentation",
    FileKind.CSV: "text/csv",
}
EXTENSIONS = {kind.value: kind for kind in FileKind} | {"jpeg": FileKind.JPEG}
BY_CONTENT_TYPE = {content_type: kind for kind, content_type in CONTENT_TYPES.items()}
PLAIN_KINDS = (FileKind.PDF, FileKind.PNG, FileKind.JPEG, FileKind.WEBP, FileKind.GIF)
# The part of an Open XML file that makes it one of a kind.
MAIN_PARTS = {
    "word/document.xml": FileKind.DOCX,
    "xl/workbook.xml": FileKind.XLSX,
    "ppt/presentation.xml": FileKind.PPTX,
}

TAKEN = _(
    "PDF, images (PNG, JPEG, WebP, GIF), Word, Excel, PowerPoint and OpenDocument without macros, and CSV; "
    "at most 20 MB."
)
NO_KIND = _("Files of this kind are not taken. Taken are: %(taken)s")
OTHER_CONTENT = _(
    "The name of this file ends in .%(extension)s, but its content is of another kind. Save it anew in the "
    "program that made it."
)
HAS_MACROS = _("This file has macros or other programs in it. Save it without them, or as PDF.")
IS_LOCKED = _("This file is locked with a password. Save it without one.")
IS_BROKEN = _("This file cannot be read: it is damaged or incomplete.")
NO_TABLE = _(
    "This is no CSV: that is text (UTF-8 or Windows-1252) with separators in its lines, without code of web "
    "pages."
)
HAS_FORMULAS = _(
    "A cell of this CSV begins like a formula (%(cell)s), which spreadsheets run. Save the values only."
)
IS_EMPTY = _("This file is empty.")
IS_TOO_LARGE = _("This file is too large: at most %(most)s MB.")


class FileRefused(ValidationError):
    """A file that is not taken; the message says why, and what to do."""

    def __init__(self, message, **params):
        super().__init__(message, code="file_refused", params=params)


def kind_of_file(file, name, size):
    """Return the FileKind of an open file by its content, with which the end of its name has to agree.

    `file` is read from its beginning and may stand anywhere afterwards. Raises FileRefused.
    """
    if not size:
        raise FileRefused(IS_EMPTY)
    if size > MOST_BYTES:
        raise FileRefused(IS_TOO_LARGE, most=MOST_BYTES // 1024**2)
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    named = EXTENSIONS.get(extension)
    if named is None:
        raise FileRefused(NO_KIND, taken=TAKEN)
    file.seek(0)
    head = file.read(HEAD)
    if named == FileKind.CSV:
        check_table(file)
        return named
    if named in PLAIN_KINDS:
        found = filetype.guess(head)
        if found is None or BY_CONTENT_TYPE.get(found.mime) != named:
            raise FileRefused(OTHER_CONTENT, extension=extension)
        return named
    if not head.startswith(b"PK\x03\x04"):
        # The older office formats are such, locked files too.
        raise FileRefused(OTHER_CONTENT, extension=extension)
    if kind_of_office_file(file, size) != named:
        raise FileRefused(OTHER_CONTENT, extension=extension)
    return named


# Office files.

# What Python's reader of zips raises of those that are damaged, or made to be.
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    OSError,
    EOFError,
    ValueError,
    KeyError,
)


def kind_of_office_file(file, size):
    """Return the FileKind of an office file by its directory; None for any other zip. Raises FileRefused."""
    check_directory(file, size)
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            if any(part.flag_bits & 1 for part in parts):
                raise FileRefused(IS_LOCKED)
            names = {part.filename.replace("\\", "/").lower() for part in parts}
            if any(map(is_program, names)):
                raise FileRefused(HAS_MACROS)
            if "mimetype" in names:
                return BY_CONTENT_TYPE.get(
                    naming_piece(archive, "mimetype").decode("ascii", "replace").strip()
                )
            kinds = {kind for part, kind in MAIN_PARTS.items() if part in names}
            if len(kinds) != 1 or "[content_types].xml" not in names:
                return None
            types = naming_piece(archive, "[Content_Types].xml").lower()
            if b"macroenabled" in types or b"vbaproject" in types:
                raise FileRefused(HAS_MACROS)
            return kinds.pop()
    except FileRefused:
        raise
    except UNREADABLE as error:
        raise FileRefused(IS_BROKEN) from error


def check_directory(file, size):
    """Refuse a zip whose directory is large: reading it is what costs."""
    start = max(0, size - 65_557)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        raise FileRefused(IS_BROKEN)
    parts = int.from_bytes(tail[at + 10 : at + 12], "little")
    length = int.from_bytes(tail[at + 12 : at + 16], "little")
    if parts > MOST_PARTS or length > MOST_DIRECTORY:
        raise FileRefused(IS_BROKEN)


def is_program(name):
    """Tell whether a part of an office file, by its name in small letters, holds macros or other programs."""
    return (
        name.endswith(
            ("vbaproject.bin", "vbadata.xml", ".exe", ".dll", ".js", ".vbs", ".bat", ".cmd", ".ps1", ".jar")
        )
        or name.startswith(("basic/", "scripts/"))
        or "/activex/" in name
        or "/macrosheets/" in name
        or "/embeddings/oleobject" in name
    )


def naming_piece(archive, name):
    """Return the beginning of a part of an archive: no more of it is ever unpacked."""
    with archive.open(name) as part:
        return part.read(MOST_NAMING_PIECE)


# Tables.

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MARKUP = re.compile(
    r"<\s*(?:!doctype|\?xml|html|svg|script|iframe|body|head|object|embed|math)\b", re.IGNORECASE
)
# What spreadsheets run: "=" and anything, or a sign before the call of a function or of another program.
_FORMULA = re.compile(r"""[\n,;\t|]"?(=[^=\s",;]|[-+@][A-Za-z][\w.]*(?:\(|\|'))""")
# What stands at the end of a piece is looked at again with the next.
_OVERLAP = 64


def check_table(file):
    """Refuse what is no CSV: text in UTF-8 or Windows-1252, with separators, and no code of web pages."""
    for encoding in ("utf-8", "cp1252"):
        with suppress(UnicodeDecodeError):
            return check_text(file, encoding)
    raise FileRefused(NO_TABLE)


def check_text(file, encoding):
    """Refuse a text that is no CSV; raise UnicodeDecodeError where it is not in that encoding."""
    file.seek(0)
    if file.read(len(BOM_UTF8)) != BOM_UTF8:
        file.seek(0)
    decoder = getincrementaldecoder(encoding)()
    # A cell begins after the end of a line, the first one too.
    before, is_first, has_separator = "\n", True, False
    while True:
        piece = file.read(PIECE)
        text = before + decoder.decode(piece, final=not piece).replace("\r", "\n")
        if is_first and text.lstrip().startswith(("<", "{\\rtf")):
            raise FileRefused(NO_TABLE)
        if _CONTROLS.search(text) or _MARKUP.search(text):
            raise FileRefused(NO_TABLE)
        if formula := _FORMULA.search(text):
            raise FileRefused(HAS_FORMULAS, cell=formula[1])
        has_separator = has_separator or any(separator in text for separator in ",;\t|")
        if not piece:
            break
        before, is_first = text[-_OVERLAP:], False
    if not has_separator:
        raise FileRefused(NO_TABLE)
