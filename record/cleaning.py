"""The one cleaner of texts: forms, imports, files, queries and addresses all pass it (rule 11)."""

import re
import unicodedata

# What ends a line in one system or another.
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# What no reader sees: controls, joiners, marks of direction, soft hyphens, byte order marks, halves of pairs.
_INVISIBLE = {"Cc", "Cf", "Cs"}
# The minus sign is no dash to Unicode, and typed as one.
_DASHES = {"\N{MINUS SIGN}": "-", "\N{SMALL HYPHEN-MINUS}": "-", "\N{FULLWIDTH HYPHEN-MINUS}": "-"}


def clean(text):
    """Return a text as the record stores it.

    Unicode NFC, lines that end with LF, tabs as spaces, nothing invisible, no spaces around it. A text that
    is clean stays as it is.
    """
    text = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    if not text.isascii() or not text.isprintable():
        text = "".join(char for char in text if char == "\n" or unicodedata.category(char) not in _INVISIBLE)
        text = unicodedata.normalize("NFC", text)
    return text.strip()


def plain_dashes(text):
    """Return a text with every kind of dash as a hyphen: in codes and queries they are equal."""
    if text.isascii():
        return text
    return "".join("-" if unicodedata.category(char) == "Pd" else _DASHES.get(char, char) for char in text)


def clean_query(text):
    """Return what a reader typed into a search, or a parameter, as it is compared with the record."""
    return plain_dashes(clean(text))
