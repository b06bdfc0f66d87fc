"""What pages say of the year of a document."""

from django import template
from django.utils.translation import gettext as _

from plans.works import differs, is_year_of_list

register = template.Library()


@register.filter
def year_said(document):
    """Return the year of a document in words that let nobody stumble over the years of its title.

    Where it lies outside of them, it is said to be the list's, or the document's own; empty without a year.
    """
    if not document.year:
        return ""
    if not differs(document):
        return str(document.year)
    said = _("the list gives it %(year)s") if is_year_of_list(document) else _("with the year %(year)s")
    return said % {"year": document.year}
