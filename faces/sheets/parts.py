"""The parts of a zipped workbook, unpacked bit by bit within bounds, and their XML without declarations."""

import posixpath
import zipfile
import zlib
from io import BytesIO
from xml.parsers import expat

from django.utils.translation import gettext as _

from .limits import SheetRefused, damaged, protected, too_large

# Of all parts together, as they say and as they are. A sheet formatted down to its last row has 100 MB.
MOST_UNPACKED = 200_000_000
MOST_PARTS = 3_000
# A part of some size that packs better than this was made to burst.
MOST_RATIO = 300
_RATIO_FROM = 5_000_000
_CHUNK = 1 << 16
# A sheet has 6 levels, and this many kinds of elements or fewer; expat keeps memory for each.
_MOST_DEPTH = 40
_MOST_NAMES = 2_000
# No tag is longer. Expat reads an unfinished one from its start again with each chunk.
_MOST_TOKEN = 1_000_000


class Parts:
    """The parts of a zip file by name; counts what is unpacked of them, over all readings."""

    def __init__(self, data):
        try:
            self.zip = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError) as error:
            raise damaged() from error
        infos = self.zip.infolist()
        self.infos = {_key(info.filename): info for info in infos}
        self.left = MOST_UNPACKED
        if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > MOST_UNPACKED:
            raise too_large()
        if any(info.file_size > max(_RATIO_FROM, info.compress_size * MOST_RATIO) for info in infos):
            raise too_large()
        if any(info.flag_bits & 1 for info in infos):
            raise protected()
        if any(info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for info in infos):
            raise damaged()

    def __contains__(self, name):
        return name is not None and _key(name) in self.infos

    def chunks(self, name):
        """Yield the bytes of a part; refuse the file if it, or all that was unpacked, is too large."""
        if name not in self:
            raise damaged()
        try:
            with self.zip.open(self.infos[_key(name)]) as part:
                while chunk := part.read(_CHUNK):
                    self.left -= len(chunk)
                    if self.left < 0:
                        raise too_large()
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
            raise damaged() from error

    def parse(self, name, handler):
        """Read a part as XML, telling `handler`; yield after each chunk, so that one may take or stop."""
        reader = _Reader(handler)
        for chunk in self.chunks(name):
            reader.feed(chunk)
            yield
        reader.feed(b"", is_last=True)
        yield

    def read(self, name, handler):
        """Read a whole part as XML and return its handler."""
        for _chunk in self.parse(name, handler):
            pass
        return handler

    def relations(self, name):
        """Return what a part names as its relations, {id: (kind, name of the part)}."""
        folder, own = posixpath.split(name)
        path = posixpath.join(folder, "_rels", f"{own}.rels")
        if path not in self:
            return {}
        return {
            key: (kind, posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/"))
            for key, kind, target in self.read(path, _Relations()).found
        }


def _key(name):
    """Return the name of a part as names are compared: some programs write `xl\\Workbook.xml`."""
    return name.replace("\\", "/").lstrip("/").lower()


class Handler:
    """Is told the elements of a part by their names without a namespace, and their attributes."""

    def start(self, name, attributes):
        """Take the start of an element."""

    def end(self, name):
        """Take its end."""

    def text(self, text):
        """Take a piece of text."""


class _Relations(Handler):
    def __init__(self):
        self.found = []

    def start(self, name, attributes):
        if name == "Relationship":
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.found.append((attributes.get("Id"), kind, attributes.get("Target", "")))


class _Reader:
    """Expat, with bounds, and without declarations: no entity, no document type, in whatever encoding."""

    def __init__(self, handler):
        self.fed = self.depth = 0
        self.names = {}
        self.handler = handler
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = handler.text
        self.parser.StartDoctypeDeclHandler = self.declared
        self.parser.EntityDeclHandler = self.declared

    def feed(self, chunk, is_last=False):
        self.fed += len(chunk)
        try:
            self.parser.Parse(chunk, is_last)
        # Of an encoding that it does not know expat says so in other words than of bad XML.
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise damaged() from error
        if self.fed - self.parser.CurrentByteIndex > _MOST_TOKEN and not is_last:
            raise damaged()

    def start(self, name, attributes):
        self.depth += 1
        if self.depth > _MOST_DEPTH:
            raise damaged()
        short = self.names.get(name)
        if short is None:
            if len(self.names) > _MOST_NAMES:
                raise damaged()
            short = self.names[name] = name.rpartition(" ")[2]
        self.handler.start(short, attributes)

    def end(self, name):
        self.depth -= 1
        self.handler.end(self.names[name])

    def declared(self, *_args):
        raise SheetRefused(
            _("The file declares a document type or entities, which no spreadsheet does. It is not read.")
        )
