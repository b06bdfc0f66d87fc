"""A workbook to be filled in: heads and notes in the reader's language, drop-downs, the codes there are."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ..sheets import Column, Guide, Page, write_xlsx
from .cells import AllNamed


def template_of(resource, scope=""):
    """Return the bytes of the workbook that a resource reads, for a scope of it (`scopes()`)."""
    heads, kinds, key = resource.heads(), resource.kinds(), resource.key_columns()
    fields = [each for each in in_order(resource) if each.column_name not in resource.no_template]
    columns = [
        Column(
            heads[field.column_name],
            kinds[field.column_name],
            note_of(resource, field, key),
            resource.choices_of(field, scope),
        )
        for field in fields
    ]
    names = [field.column_name for field in fields]
    rows = [[row.get(name) for name in names] for row in resource.template_rows(scope)]
    title = capfirst(str(resource._meta.model._meta.verbose_name_plural))
    return write_xlsx(
        [Page(title, columns, rows), Guide(_("How to fill it in"), guide(resource, fields, heads, key))]
    )


def in_order(resource):
    """Return the columns that a resource reads, in the order in which it lists them."""
    by_name = {field.column_name: field for field in resource.get_import_fields()}
    return [by_name[name] for name in resource._meta.fields if name in by_name]


def note_of(resource, field, key):
    """Return what the note on a head says: what goes there."""
    model_field = resource.model_field(field)
    notes = [str(getattr(model_field, "help_text", "") or "")]
    if isinstance(field.widget, AllNamed):
        notes.append(_("Several with | between them."))
    if field.readonly:
        notes.append(_("Only for you to read: what stands here is not imported."))
    elif field.column_name == resource.number:
        notes.append(_("May stay empty: the portal gives the next number."))
    elif field.column_name in key and field.column_name not in resource.may_be_empty:
        notes.append(_("It tells the row from others, and has to be there."))
    return " ".join(filter(None, notes))


def guide(resource, fields, heads, key):
    """Return the lines of the sheet of instructions."""
    yield _("Fill in one line for each, save the file as XLSX, and hand it in where you got it.")
    yield _("Nothing is written before you have seen what becomes of each line and confirm it.")
    yield _("A column that you take away stays as it is; a cell that you empty is emptied in the portal.")
    yield _("Lines in which you write nothing are passed over.")
    yield _("Dates are written day first: 31/12/2026.")
    yield ""
    for field in fields:
        yield (heads[field.column_name], note_of(resource, field, key))
