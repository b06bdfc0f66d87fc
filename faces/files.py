"""The formats of files that staff import and export."""

import json

import tablib
from import_export.formats import base_formats


class Xlsx(base_formats.XLSX):
    def create_dataset(self, in_stream):
        """Read the first sheet, without the empty rows that spreadsheets leave at its end."""
        dataset = super().create_dataset(in_stream)
        while len(dataset) and not any(value not in (None, "") for value in dataset[-1]):
            del dataset[-1]
        return dataset


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
