"""The formats of files that staff import and export."""

import json
import re

import tablib
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from import_export.formats import base_formats

# What a cell of Excel holds: so many of UTF-16's units, and no character that XML forbids.
EXCEL_LENGTH = 32_767
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Places that a message names.
MAX_PLACES = 5


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
        return super().export_data(dataset, **kwargs)


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


FORMATS = [base_formats.CSV, Xlsx, Json]
