"""What changed on a page."""

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from faces.changes import by_entry, tell
from faces.languages import lang_attribute, language_marks, reader_language
from record.dates import local_date
from record.kinds import kind_of
from record.models.log import Change
from record.text import Text

from .texts import text

register = template.Library()

# Changes that a page tells; the list has all.
NEWEST = 5


@register.inclusion_tag("includes/_changes.html")
def what_changed(row):
    """Tell what changed last of all that stands on the page of a row, and where the rest is listed.

    The row was read `with_log()`.
    """
    changes = []
    if row.has_log:
        changes = list(Change.objects.public().on_page_of(row).select_related("entry")[: NEWEST + 1])
    kind = kind_of(type(row))
    return {
        "row": row,
        "entries": by_entry(tell(changes[:NEWEST])) if changes else [],
        "has_more": len(changes) > NEWEST,
        "address": f"{reverse('changes')}?{kind.name}={getattr(row, kind.public_id)}",
        "loaded_on": local_date(row.loaded_at) if row.loaded_at and not changes else None,
    }


@register.simple_tag
def named(row):
    """Write the name of a row, with a link to where it is seen; of one that is not public only that."""
    code = format_html('<span class="code">{}</span>', row.code) if row.code else ""
    title = text(row.title)
    words = format_html("{} {}", code, title) if code and title else code or title
    return format_html('<a href="{}">{}</a>', row.url, words) if row.url else words


@register.simple_tag
def said(value):
    """Write what a column says: the rows that it links to, or a text, read aloud in its language.

    The name of the column says which language that is; an asterisk marks a translation of ours.
    """
    if not value:
        return format_html('<span class="unknown">{}</span>', _("nothing"))
    if isinstance(value, list):
        rows = format_html_join("", "<li>{}</li>", ((named(row),) for row in value))
        return format_html('<ul class="plain">{}</ul>', rows)
    marks = ""
    if getattr(value, "is_unofficial", False):
        marks = language_marks(Text(value, reader_language(), is_unofficial=True))
    return format_html("<span{}>{}</span>{}", lang_attribute(getattr(value, "lang", "")), value, marks)
