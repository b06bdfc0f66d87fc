"""Which column a head of a spreadsheet means: by its name, or by its words in either language."""

from functools import cache

from django.utils import translation
from django.utils.text import capfirst

from record.search import fold
from record.text import LANGUAGES

# Written by us beside each row that was refused; read again it says nothing.
OBSERVATION = {"es": "Observación", "en": "Remark"}


def folded(text):
    """Return a head or a label as it is compared: without capitals, accents, points and doubled spaces."""
    return " ".join("".join(char if char.isalnum() else " " for char in fold(str(text))).split())


def words_of(resource, lang):
    """Return {column: its head in a language} of the columns of a resource, in their order."""
    with translation.override(lang):
        return {
            field.column_name: str(resource.head_of(name, field)) for name, field in resource.fields.items()
        }


@cache
def columns_by_head(resource_class):
    """Return {folded head: column} of a class of resources: names, and the words of both languages."""
    resource = resource_class()
    found = {}
    for heads in [
        *(words_of(resource, lang) for lang in LANGUAGES),
        {name: name for name in resource.columns},
    ]:
        for column, head in heads.items():
            found[folded(head)] = column
    for head in OBSERVATION.values():
        found[folded(head)] = None
    return found


def is_head(resource_class):
    """Return a function that tells whether a text is a head of a class of resources."""
    known = columns_by_head(resource_class)
    return lambda text: folded(text) in known


def label_of_field(model_field):
    """Return the words of a model's column, as a head."""
    return capfirst(str(model_field.verbose_name))
