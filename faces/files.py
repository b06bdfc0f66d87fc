"""The formats of files that staff import and export."""

import json
import re
from io import BytesIO

import openpyxl
import tablib
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from import_export.formats import base_formats

from .csv import FORMULA_STARTS

# What a cell of Excel holds: so many of UTF-16's units, and no character that XML forbids.
EXCEL_LENGTH = 32_767
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Places that a message names.
MAX_PLACES = 5


# What keeps a spreadsheet from running a text as a formula, and is taken away where the file comes back.
_KEPT_FROM_RUNNING = re.compile(f"'+[{re.escape(''.join(FORMULA_STARTS))}]")


class Csv(base_formats.CSV):
    """As the public's CSV: an apostrophe stands before what a spreadsheet would run as a formula."""

    def create_dataset(self, in_stream, **kwargs):
        return with_cells(super().create_dataset(in_stream, **kwargs), as_typed)

    def export_data(self, dataset, **kwargs):
        return super().export_data(with_cells(dataset, as_kept), **kwargs)


def with_cells(dataset, change):
    """Return a dataset with each cell changed."""
    rows = [[change(value) for value in row] for row in dataset]
    return tablib.Dataset(*rows, headers=dataset.headers)


def as_kept(value):
    """Return a text with an apostrophe before it where it would be run, or looks as if kept from that."""
    if not isinstance(value, str):
        return value
    is_run = value.startswith(FORMULA_STARTS) or _KEPT_FROM_RUNNING.match(value)
    return f"'{value}" if is_run else value


def as_typed(value):
    """Return what `as_kept` was given."""
    is_kept = isinstance(value, str) and _KEPT_FROM_RUNNING.match(value)
    return value[1:] if is_kept else value


class Xlsx(base_formats.XLSX):
    def create_dataset(self, in_stream):
        """Read the first sheet, without the empty rows that spreadsheets leave at its end."""
        dataset = super().create_dataset(in_stream)
        while len(dataset) and not any(value not in (None, "") for value in dataset[-1]):
            del dataset[-1]
        return dataset

    def export_data(self, dataset, **kwargs):
        """Write the file; raise ValueError, in words, where a text does not fit into a cell.

        The package would fail without saying where, or cut the text without a word. `dataset.title` is the
        name of the sheet, and `dataset.names` are the columns that name a row.
        """
        if places := [
            _("row %(row)s (%(name)s), column %(column)s: %(fault)s")
            % {"row": number, "name": name_of(row, dataset), "column": column, "fault": fault}
            for number, row in enumerate(dataset, 2)
            for column, value in zip(dataset.headers, row, strict=True)
            if (fault := misfit(value))
        ]:
            more = len(places) - MAX_PLACES
            if more > 0:
                places[MAX_PLACES:] = [ngettext("%(count)s more", "%(count)s more", more) % {"count": more}]
            raise ValueError(
                _(
                    "Excel cannot hold all texts of the sheet “%(sheet)s”: %(places)s. "
                    "Choose CSV, which holds them."
                )
                % {"sheet": dataset.title, "places": "; ".join(places)}
            )
        file = super().export_data(dataset, **kwargs)
        has_formulas = any(isinstance(each, str) and each.startswith("=") for row in dataset for each in row)
        return without_formulas(file) if has_formulas else file


def without_formulas(file):
    """Return a workbook in which texts that begin with = are texts: the package takes them for formulas."""
    book = openpyxl.load_workbook(BytesIO(file))
    for row in book.active.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                cell.data_type = "s"
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def misfit(value):
    """Return why a cell of Excel cannot hold a value, in words; '' if it can."""
    if not isinstance(value, str):
        return ""
    length = len(value) + sum(char > "\uffff" for char in value) if len(value) * 2 > EXCEL_LENGTH else 0
    if length > EXCEL_LENGTH:
        return _("%(length)s characters, %(most)s at the most") % {"length": length, "most": EXCEL_LENGTH}
    return _("a control character") if _NOT_IN_XML.search(value) else ""


def name_of(row, dataset):
    """Return the public identifier of a row of a dataset."""
    columns = dict(zip(dataset.headers, row, strict=True))
    return ":".join(str(columns[name]) for name in dataset.names)


class Json(base_formats.JSON):
    def create_dataset(self, in_stream):
        """Read a list of objects with the same keys, in any order; raise ValueError for anything else."""
        rows = json.loads(in_stream)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise ValueError("not a list of objects")
        if any(row.keys() != rows[0].keys() for row in rows):
            raise ValueError("the objects have different keys")
        headers = list(rows[0]) if rows else []
        return tablib.Dataset(*([row[name] for name in headers] for row in rows), headers=headers)


FORMATS = [Csv, Xlsx, Json]
