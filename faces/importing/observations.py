"""A sheet that was handed in, given back with what is wrong beside each row, to be handed in again."""

from io import BytesIO

from ..sheets import Column, Page, read_sheet, write_xlsx
from .heads import OBSERVATION, folded, is_head
from .loading import REFUSED
from .running import resource_class

_OWN = {folded(head) for head in OBSERVATION.values()}


def with_observations(upload):
    """Return the bytes of an XLSX with the rows of an upload, and a column that says what is wrong."""
    of_class = resource_class(upload)
    sheet = read_sheet(BytesIO(bytes(upload.content)), upload.name, is_head=is_head(of_class))
    heads = [head for _place, _letter, head in sheet.heads if folded(head) not in _OWN]
    wrong = {
        outcome["number"]: " ".join(in_words(fault) for fault in outcome["faults"])
        for outcome in upload.outcomes
        if outcome["kind"] == REFUSED
    }
    columns = [Column(head, "text") for head in heads]
    # In the row where it stood, so that what was said of it can be found.
    rows = [[*(row.cells.get(head) for head in heads), wrong.get(row.number, "")] for row in sheet.rows]
    return write_xlsx(
        [Page(sheet.name or "Hoja", [*columns, Column(OBSERVATION[upload.language], "text")], rows)]
    )


def in_words(fault):
    """Return a fault as one sentence, with its column."""
    return f"{fault['head']}: {fault['reason']}" if fault["head"] else fault["reason"]
