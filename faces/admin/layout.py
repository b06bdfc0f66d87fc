"""How the pages of rows are laid out."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _


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
        return getattr(row, name)

    text.__name__ = name
    return text


SOURCE_FIELDSET = (_("Source"), {"fields": [("document", "place")]})
TRANSLATIONS_FIELDSET = (_("Translations"), {"fields": ["unofficial"]})
