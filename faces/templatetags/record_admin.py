"""What templates of the admin ask."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from faces.admin import FOCAL_POINT_BOUNDS
from record.rights import is_focal_point, name_of_account

register = template.Library()


@register.simple_tag
def focal_point_bounds(user):
    """Return the sentences that say what a focal point may do; '' for other users."""
    return FOCAL_POINT_BOUNDS if is_focal_point(user) else ""


@register.filter
def named_to(told, reader):
    """Return the name of whoever did something, as a reader may know it."""
    return name_of_account(told, reader)


@register.filter
def named_heads(table):
    """Name the first column of Django's table of lines, that of their names; an empty last one is no head."""
    first = format_html('<th class="original"><span class="visually-hidden">{}</span></th>', _("Row"))
    named = table.replace('<th class="original"></th>', first).replace("<th></th>", "<td></td>")
    # Django escaped all that is not its own.
    return mark_safe(named)


@register.filter
def named_signs(page):
    """Name the signs of Django's pages in the reader's language: Django names them in English."""
    names = {"Search": _("Search"), "True": _("Yes"), "False": _("No"), "None": _("Unknown")}
    # In what is not Django's own no such quotation marks are left.
    for name, translated in names.items():
        page = page.replace(f'alt="{name}"', format_html('alt="{}"', translated))
    return mark_safe(page)
