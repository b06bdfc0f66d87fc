"""Files that prove something: handed in, looked at, kept in a folder that no web server sees, taken away.

    with writing(user):
        columns = store(form.cleaned_data["upload"])
        Evidence(update=update, **columns)

A file is written before the row that names it, and never over another one. Where nothing of a writing is
kept, neither is its file; a file that no row names any more goes once that is certain.
"""

import hashlib
import logging
import os
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from record.cleaning import clean
from record.personal import find_addresses
from record.writing import WriteRefused, required

from .file_kinds import EXTENSIONS, PIECE, TAKEN, FileKind, FileRefused, kind_of_file

logger = logging.getLogger(__name__)

# Columns of evidence that say which file it is; together they change, or not at all.
FILE_COLUMNS = ("file", "file_name", "file_kind", "file_size", "sha256")
LONGEST_NAME = 120
_PLACE = re.compile(r"[0-9a-f]{2}/[0-9a-f]{64}-[0-9a-f]{32}")
# What names of files may not have in one system or another.
_NOT_IN_NAMES = '/\\:*?"<>|'
NOT_IN_PROPOSALS = _("A proposal carries no file: save what it proves first, and add the file there.")
NO_FILE = dict.fromkeys(FILE_COLUMNS, "") | {"file_size": None}


@dataclass(frozen=True)
class CheckedFile:
    """A file that was looked at and may be stored."""

    upload: File
    name: str
    kind: FileKind
    size: int
    sha256: str
    # Where it will be: a place of its own, also if the same bytes were handed in before.
    place: str

    def __str__(self):
        return self.name

    @property
    def columns(self):
        """What evidence says of the file: {column: value}, with an empty address."""
        values = (self.place, self.name, self.kind.value, self.size, self.sha256)
        return dict(zip(FILE_COLUMNS, values, strict=True)) | {"url": ""}


# Handing in.


def check(upload):
    """Return an uploaded file as a CheckedFile; raise FileRefused with the reason in words."""
    kind = kind_of_file(upload, upload.name or "", upload.size)
    name = safe_name(upload.name, kind)
    if addresses := find_addresses(name):
        raise FileRefused(
            _("The public reads the name of the file, and it has an e-mail address (%(found)s). Rename it."),
            found=", ".join(addresses),
        )
    digest = hashlib.sha256()
    for piece in pieces(upload):
        digest.update(piece)
    sha256 = digest.hexdigest()
    return CheckedFile(upload, name, kind, upload.size, sha256, f"{sha256[:2]}/{sha256}-{uuid4().hex}")


def safe_name(name, kind):
    """Return a name of a file as the public reads it: no path, clean, short, with the end of its kind."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    stem, _dot, extension = name.rpartition(".")
    extension = extension.lower() if EXTENSIONS.get(extension.lower()) == kind else kind.value
    stem = "".join(char for char in clean(stem) if char not in _NOT_IN_NAMES)
    stem = " ".join(stem.split()).strip(". ")[:LONGEST_NAME].strip(". ")
    return f"{stem or 'archivo'}.{extension}"


AS_IT_IS = _(
    "The public gets the file as it is, with all that is in it: of a photo also where it was taken, of a "
    "document also who wrote it."
)


class EvidenceFileField(forms.FileField):
    """Takes one file that proves something; its value is a CheckedFile, None where none was chosen."""

    widget = forms.FileInput(attrs={"accept": ",".join(f".{extension}" for extension in EXTENSIONS)})

    def __init__(self, **kwargs):
        help_text = format_lazy("{} {}", TAKEN, AS_IT_IS)
        defaults = {"label": _("File"), "required": False, "help_text": help_text}
        # Its own sentence says more than "the submitted file is empty".
        super().__init__(**defaults | kwargs, allow_empty_file=True)

    def clean(self, data, initial=None):
        upload = super().clean(data)
        return check(upload) if upload else None


# Where files are.


def is_place(text):
    """Tell whether a text is the place of a file below EVIDENCE_DIR."""
    return bool(_PLACE.fullmatch(text))


def path_of(place):
    """Return the path of a stored file; raise ValueError for what is no place of ours."""
    if not is_place(place):
        raise ValueError(f"{place!r} is no place of a file")
    return Path(settings.EVIDENCE_DIR) / place


def pieces(file):
    """Yield an open file from its beginning, in pieces."""
    file.seek(0)
    while piece := file.read(PIECE):
        yield piece


def store(checked):
    """Write a CheckedFile to its place, inside of `writing()`; return the columns of evidence that name it.

    It goes again if nothing of the writing is kept. Raises WriteRefused where it cannot be written.
    """
    this = required("store()")
    if this.is_proposal:
        raise WriteRefused(NOT_IN_PROPOSALS, code="no_file")
    path = path_of(checked.place)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Nobody reads it before the row that names it is there; where a file stands already, this fails.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        this.undone.append(lambda: remove(checked.place))
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(pieces(checked.upload))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        logger.exception("A file of evidence cannot be written to %s", settings.EVIDENCE_DIR)
        raise WriteRefused(_("The portal cannot keep files at the moment; try again later.")) from error
    return checked.columns


def remove(place):
    """Take a file from the disk; one that is gone, or that cannot go now, is no error to whoever asked."""
    try:
        path_of(place).unlink(missing_ok=True)
    except OSError:
        logger.exception("The file %s of evidence cannot be removed", place)


def forget(place):
    """Take a file from the disk once what is written now is certain, unless a row still names it then."""
    if place:
        transaction.on_commit(lambda: _remove_unnamed(place), robust=True)


def _remove_unnamed(place):
    from .models import Evidence

    # A correction has the file of what it corrects.
    if not Evidence.everything.filter(file=place).exists():
        remove(place)


def check_link_or_file(url, upload, has_file):
    """Raise ValidationError, by field, unless there is a link or a file, and not both.

    `has_file` tells whether the evidence has a file already, that a link would take the place of.
    """
    if url and upload:
        raise ValidationError({"upload": _("Give a link or a file, not both: make two of it.")})
    if not (url or upload or has_file):
        raise ValidationError({"url": _("Give a link, or choose a file.")})
