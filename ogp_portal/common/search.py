"""Searching words without accents, singular or plural, the same on every database."""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer
from django.db import models
from django.db.models import Q

_STEMMERS = {"es": snowballstemmer.stemmer("spanish"), "en": snowballstemmer.stemmer("english")}
# Longer queries come from no reader.
MAX_QUERY_WORDS = 12


def fold(text):
    """Return a text in lower case and without accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


@lru_cache(maxsize=50_000)
def stem(word, lang):
    """Return the folded stem of a word in a language ('es' or 'en')."""
    return fold(_STEMMERS[lang].stemWord(word))


def index(texts_es, texts_en):
    """Return the searchable form of some texts: their folded words and stems, each once, between blanks."""
    words = {}
    for lang, texts in (("es", texts_es), ("en", texts_en)):
        for word in re.findall(r"\w+", " ".join(texts).casefold()):
            words[fold(word)] = words[stem(word, lang)] = None
    return f" {' '.join(words)} "


def matching(query, column="search_text"):
    """Return the condition that a row has every word of a query; None when the query has no word in it."""
    words = re.findall(r"\w+", query.casefold())[:MAX_QUERY_WORDS]
    if not words:
        return None
    condition = Q()
    for word in words:
        any_form = Q()
        for form in {fold(word), stem(word, "es"), stem(word, "en")}:
            any_form |= Q(**{f"{column}__contains": f" {form} "})
        condition &= any_form
    return condition


class Searchable(models.Model):
    """A row that is found by its words. `search_columns` names the columns, without their language."""

    search_columns = ()

    search_text = models.TextField(editable=False, default="")

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        """Save the row with the searchable form of its texts."""
        self.search_text = index(
            [getattr(self, f"{name}_es", None) or getattr(self, name, "") for name in self.search_columns],
            [getattr(self, f"{name}_en", "") for name in self.search_columns],
        )
        super().save(*args, **kwargs)
