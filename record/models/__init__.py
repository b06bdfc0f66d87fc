"""The documents that everything stands in, the log of changes, and what is remembered of loading."""

from .document import Document
from .loading import LoadedFile, LoadedRow
from .log import Act, Change, ChangedPage, Entry, Proposal, Version

__all__ = [
    "Act",
    "Change",
    "ChangedPage",
    "Document",
    "Entry",
    "LoadedFile",
    "LoadedRow",
    "Proposal",
    "Version",
]
