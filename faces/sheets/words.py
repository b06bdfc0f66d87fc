"""How sentences quote and list what a file calls its own."""

from django.utils.translation import gettext as _

# Names that a sentence lists.
_LISTED = 8


def quoted(text):
    """Return a text in the quotation marks of the language."""
    return _("“%(text)s”") % {"text": text}


def listed(texts):
    """Return texts in a row, the first of many."""
    return ", ".join([*texts[:_LISTED], *(["…"] if len(texts) > _LISTED else [])])
