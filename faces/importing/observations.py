"""A sheet that was handed in, given back with what is wrong or odd beside each row, to be handed in again."""

from io import BytesIO

from django.utils import translation
from django.utils.translation import gettext as _

from ..sheets import Column, Page, read_sheet, write_xlsx
from .heads import OBSERVATION, folded, is_head
from .running import resource_class

_OWN = {folded(head) for head in OBSERVATION.values()}


def with_observations(upload):
    """Return the bytes of an XLSX with the rows of an upload, and a column that says what is wrong or odd."""
    of_class = resource_class(upload)
    sheet = read_sheet(BytesIO(bytes(upload.content)), upload.name, is_head=is_head(of_class))
    heads = [head for _place, _letter, head in sheet.heads if folded(head) not in _OWN]
    with translation.override(upload.language):
        remarks = {outcome["number"]: remark(outcome) for outcome in upload.outcomes}
    columns = [Column(head, "text") for head in heads]
    # In the row where it stood, so that what was said of it can be found.
    rows = [[*(row.cells.get(head) for head in heads), remarks.get(row.number, "")] for row in sheet.rows]
    return write_xlsx(
        [Page(sheet.name or "Hoja", [*columns, Column(OBSERVATION[upload.language], "text")], rows)]
    )


def remark(outcome):
    """Return what stands beside a row: why it is refused, and what is odd in it."""
    odd = (_("Warning: %(sentence)s") % {"sentence": in_words(each)} for each in outcome["warnings"])
    return " ".join([*(in_words(each) for each in outcome["faults"]), *odd])


def in_words(fault):
    """Return a fault as one sentence, with its column."""
    return f"{fault['head']}: {fault['reason']}" if fault["head"] else fault["reason"]
