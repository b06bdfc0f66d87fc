"""The formats of files that staff export; `faces/sheets` reads what they import."""

import tablib
from import_export.formats import base_formats

from .sheets import Column, Page, guarded, refuse_misfits, write_xlsx


class Csv(base_formats.CSV):
    """As the public's CSV: an apostrophe stands before what a spreadsheet would run as a formula."""

    def export_data(self, dataset, **kwargs):
        rows = [[guarded(value) if isinstance(value, str) else value for value in row] for row in dataset]
        return super().export_data(tablib.Dataset(*rows, headers=dataset.headers), **kwargs)


class Xlsx(base_formats.XLSX):
    def export_data(self, dataset, **kwargs):
        """Write the file; raise ValueError, in words, where a text does not fit into a cell.

        `dataset.title` is the name of the sheet, `dataset.names` are the columns that name a row, and
        `dataset.kinds` says what the columns are.
        """
        refuse_misfits(dataset.title, dataset.headers, dataset, lambda row: name_of(row, dataset))
        columns = [Column(head, dataset.kinds.get(head, "text")) for head in dataset.headers]
        return write_xlsx([Page(dataset.title, columns, list(dataset))])


def name_of(row, dataset):
    """Return the public identifier of a row of a dataset."""
    columns = dict(zip(dataset.headers, row, strict=True))
    return ":".join(str(columns[name]) for name in dataset.names)


FORMATS = [Csv, Xlsx, base_formats.JSON]
