"""How the pages of rows are laid out."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from faces.languages import lang_attribute


def language_fieldsets(*names):
    """Return the two fieldsets of texts in Spanish and in English, that stand side by side."""
    return [
        (_("Spanish"), {"fields": [f"{name}_es" for name in names], "classes": ["language"]}),
        (_("English"), {"fields": [f"{name}_en" for name in names], "classes": ["language"]}),
    ]


def in_reader_language(name, description):
    """Return the column of a list that shows a text in the language of whoever reads the list."""

    @admin.display(description=description, ordering=f"{name}_es")
    def text(row):
        return with_language(getattr(row, name))

    text.__name__ = name
    return text


def with_language(text, length=None):
    """Return a text for a list, or its beginning: with its language, where that is not the reader's."""
    attribute = lang_attribute(getattr(text, "lang", ""))
    begin = text and text[:length]
    return format_html("<span{}>{}</span>", attribute, begin) if text and attribute else begin


SOURCE_FIELDSET = (_("Source"), {"fields": [("document", "place")]})
TRANSLATIONS_FIELDSET = (_("Translations"), {"fields": ["unofficial"]})
