"""Spreadsheets as people make them: read from CSV, XLSX and JSON, written as XLSX and CSV.

Pure: knows no noun of the record and no database. `read_sheet()` takes what Excel and LibreOffice save in
either language and says in words how it read it; what it cannot read it tells with its place, or it refuses
the file. What `write_xlsx()` and `write_csv()` write comes in again by it without a change.
"""

from .cells import FORMULA_STARTS, TRUTHS, Percent, guarded, plain, plain_text, unguarded
from .holding import EXCEL_LENGTH, misfit, refuse_misfits
from .limits import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, SheetRefused
from .reading import read_sheet
from .table import Fault, Row, Sheet
from .writer import Column, Guide, Page, write_csv, write_xlsx

__all__ = [
    "EXCEL_LENGTH",
    "FORMULA_STARTS",
    "MOST_BYTES",
    "MOST_COLUMNS",
    "MOST_ROWS",
    "TRUTHS",
    "Column",
    "Fault",
    "Guide",
    "Page",
    "Percent",
    "Row",
    "Sheet",
    "SheetRefused",
    "guarded",
    "misfit",
    "plain",
    "plain_text",
    "read_sheet",
    "refuse_misfits",
    "unguarded",
    "write_csv",
    "write_xlsx",
]
