"""The order of names: by the alphabet of the reader's language, the same on every database (rule 12)."""

import re

from django.db import models

from .cleaning import clean
from .publication import Public
from .search import fold
from .text import LANGUAGES, languages_in_order, other_column

# The column by which rows are ordered in each language. Their names do not end as those of texts do.
ORDER_COLUMNS = {"es": "spanish_order", "en": "english_order"}
# Histories leave them out.
ORDER_FIELDS = list(ORDER_COLUMNS.values())
# Comes after every letter without an accent.
_LAST = "\x7f"


def sort_key(text, lang=None):
    """Return the bytes that put a text in its place among others in a language, by default the reader's.

    Capitals, accents and punctuation do not count; digits come before letters, and in Spanish ñ is a letter
    of its own after n. Bytes, as each database has its own idea of the order of letters.
    """
    text = clean(str(text)).casefold()
    if (lang or languages_in_order()[0]) == "es":
        text = text.replace("ñ", f"n{_LAST}")
    return fold(" ".join(re.findall(rf"[\w{_LAST}]+", text))).encode()


def alphabetical():
    """Return the name of the column that orders rows by the alphabet of the reader's language."""
    return ORDER_COLUMNS[languages_in_order()[0]]


class Alphabetical(Public):
    """A row that lists order by a text in two languages, `ordered_by`; by the other where one is empty."""

    ordered_by = ""

    spanish_order = models.BinaryField(editable=False, default=b"")
    english_order = models.BinaryField(editable=False, default=b"")

    class Meta:
        abstract = True

    def derive(self):
        """Work out the row's place in the alphabet of each language."""
        super().derive()
        for lang in LANGUAGES:
            column = f"{self.ordered_by}_{lang}"
            text = getattr(self, column) or getattr(self, other_column(column))
            setattr(self, ORDER_COLUMNS[lang], sort_key(text, lang))
