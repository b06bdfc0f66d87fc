"""Small pieces that templates ask for."""

from django import template
from django.utils.safestring import mark_safe

from faces.languages import reader_language

register = template.Library()


@register.simple_block_tag
def keep(content):
    """Keep what a part of a template writes under a name, to write it more than once: {% keep as title %}."""
    return mark_safe(content.strip())


@register.filter
def get(mapping, key):
    """Return what a mapping holds for a key, or None."""
    return mapping.get(key)


@register.filter
def percentage(number):
    """Write a percentage as the language does: '17,6 %', '17.6%'; nothing for no number."""
    if number is None:
        return ""
    if reader_language() == "en":
        return f"{number}%"
    # Spanish sets a blank before the sign; it must not break there.
    return f"{number}\u00a0%".replace(".", ",")
