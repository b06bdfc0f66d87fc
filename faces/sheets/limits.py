"""What a file may cost, and how it is refused."""

from django.utils.translation import gettext as _

# Of the file as it is sent.
MOST_BYTES = 10_000_000
# Rows with something in them below the heads, and columns with a head.
MOST_ROWS = 20_000
MOST_COLUMNS = 200
# The rows that a spreadsheet has, empty ones too.
MOST_LINES = 1_048_576
# Cells with something in them, and the characters in all of them: what is kept in memory.
MOST_CELLS = 1_000_000
MOST_CHARACTERS = 50_000_000
# Heads stand in one of the first rows, below a title perhaps.
HEAD_ROWS = 20


class SheetRefused(Exception):
    """A whole file that is not read; its text says why, in words for whoever sent it."""


def damaged():
    """Return the refusal of a file that breaks the rules of its own kind."""
    return SheetRefused(
        _("The file is damaged. Open it in Excel or LibreOffice, save it as XLSX and send it again.")
    )


def no_spreadsheet():
    """Return the refusal of a file of quite another kind."""
    return SheetRefused(_("The file is no spreadsheet. Send it as XLSX or CSV."))


def protected():
    """Return the refusal of a file that only a password opens."""
    return SheetRefused(
        _("The file is protected by a password. Take the password away and send the file again.")
    )


def too_large():
    """Return the refusal of a file that would cost too much memory or time."""
    return SheetRefused(
        _(
            "The file holds too much when it is unpacked. Copy only the rows and columns that you need "
            "into a new workbook."
        )
    )
