"""Lists as CSV: the same rows as the JSON, all of them, written while they are read."""

import csv
import json
from itertools import islice

from django.http import StreamingHttpResponse
from django.utils import translation
from rest_framework.serializers import ListSerializer, Serializer

from .sheets import guarded

# Rows that are read and written at a time.
BATCH = 500


class Echo:
    """A file that gives back what is written to it."""

    def write(self, text):
        return text


def columns(serializer):
    """Return the columns of a serializer as lists of keys: an object's columns are those of its own keys."""
    found = []
    for name, field in serializer.fields.items():
        inner = field.child if isinstance(field, ListSerializer) else field
        if isinstance(inner, Serializer):
            found += [[name, *keys] for keys in columns(inner)]
        else:
            found.append([name])
    return found


def dig(value, keys):
    """Return what stands under some keys; of a list, what stands there in each of its members."""
    if isinstance(value, list):
        return [dig(member, keys) for member in value]
    if not keys or value is None:
        return value
    return dig(value.get(keys[0]), keys[1:])


def as_text(value, separator="|"):
    """Return a value as a cell says it: nothing for null, members joined by `|` (and theirs by `,`)."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return separator.join(as_text(member, ",") for member in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def cell(value):
    """Return the text of a cell; an apostrophe keeps a spreadsheet from running a text as a formula."""
    text = as_text(value)
    is_number = isinstance(value, int | float)
    return text if is_number else guarded(text)


def batches(rows):
    """Return an iterable's members in lists of BATCH."""
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        yield batch


def csv_response(name, rows, serializer):
    """Answer with a file `name` of rows; `serializer(rows)` returns the serializer (many=True) of some."""
    language = translation.get_language()
    keys = columns(serializer([]).child)

    def lines():
        writer = csv.writer(Echo())
        yield writer.writerow(".".join(path) for path in keys)
        for batch in batches(rows):
            # The answer is written after the request's own language was left.
            with translation.override(language):
                data = serializer(batch).data
            for row in data:
                yield writer.writerow(cell(dig(row, path)) for path in keys)

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
