"""What a cell of Excel holds: a longer text is told with its place, never cut."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# So many of UTF-16's units, and no character that XML forbids.
EXCEL_LENGTH = 32_767
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Places that a message names.
MAX_PLACES = 5


def misfit(value):
    """Return why a cell of Excel cannot hold a value, in words; '' if it can."""
    if not isinstance(value, str):
        return ""
    length = len(value) + sum(char > "\uffff" for char in value) if len(value) * 2 > EXCEL_LENGTH else 0
    if length > EXCEL_LENGTH:
        return _("%(length)s characters, %(most)s at the most") % {"length": length, "most": EXCEL_LENGTH}
    return _("a control character") if _NOT_IN_XML.search(value) else ""


def refuse_misfits(title, heads, rows, name_of):
    """Raise ValueError, in words, where a text does not fit into its cell.

    `rows` are lists of values, below the heads; `name_of(row)` says which one it is.
    """
    places = [
        _("row %(row)s (%(name)s), column %(column)s: %(fault)s")
        % {"row": number, "name": name_of(row), "column": head, "fault": fault}
        for number, row in enumerate(rows, 2)
        for head, value in zip(heads, row, strict=True)
        if (fault := misfit(value))
    ]
    if not places:
        return
    more = len(places) - MAX_PLACES
    if more > 0:
        places[MAX_PLACES:] = [ngettext("%(count)s more", "%(count)s more", more) % {"count": more}]
    raise ValueError(
        _("Excel cannot hold all texts of the sheet “%(sheet)s”: %(places)s. Choose CSV, which holds them.")
        % {"sheet": title, "places": "; ".join(places)}
    )
