"""Searching words without accents, singular or plural, the same on every database."""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer
from django.db import models
from django.db.models import Case, Q, Value, When

from .publication import Public, PublicQuerySet

_STEMMERS = {"es": snowballstemmer.stemmer("spanish"), "en": snowballstemmer.stemmer("english")}
# Longer queries come from no reader.
MAX_QUERY_WORDS = 12
# The columns that the search itself writes; histories leave them out.
SEARCH_FIELDS = ["search_title", "search_text"]


def fold(text):
    """Return a text in lower case and without accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


@lru_cache(maxsize=50_000)
def stem(word, lang):
    """Return the folded stem of a word in a language ('es' or 'en')."""
    return fold(_STEMMERS[lang].stemWord(word))


def words_of(text):
    """Return the words of a text in lower case, in their order; nothing else of it is ever searched."""
    return re.findall(r"\w+", text.casefold())


def forms_of(word, languages=("es", "en")):
    """Return the forms by which a word is found: itself and its stems, without accents."""
    return {fold(word), *(stem(word, language) for language in languages)}


def index(texts_es, texts_en):
    """Return the searchable form of some texts: their folded words and stems, each once, between blanks."""
    words = {}
    for lang, texts in (("es", texts_es), ("en", texts_en)):
        for word in words_of(" ".join(texts)):
            words |= dict.fromkeys((fold(word), stem(word, lang)))
    return f" {' '.join(words)} "


def query_words(query):
    """Return the words of a query that are searched."""
    return list(dict.fromkeys(words_of(query)))[:MAX_QUERY_WORDS]


def matching(query, column="search_text"):
    """Return the condition that a row has every word of a query; None when the query has no word in it."""
    words = query_words(query)
    if not words:
        return None
    condition = Q()
    for word in words:
        any_form = Q()
        for form in sorted(forms_of(word)):
            any_form |= Q(**{f"{column}__contains": f" {form} "})
        condition &= any_form
    return condition


def hits(text, query):
    """Return (start, end) of each word of a text that a query finds, by the rules of the index."""
    forms = set().union(*(forms_of(word) for word in query_words(query)))
    languages = [text.lang] if getattr(text, "lang", None) else ["es", "en"]
    return [
        word.span()
        for word in re.finditer(r"\w+", text)
        if forms & forms_of(word.group().casefold(), languages)
    ]


def excerpt(text, query, length=240):
    """Return the part of a text around the first word that a query finds, about `length` characters.

    The text's beginning where it has none of the words; a Text stays one, with its language.
    """
    found = hits(text, query)
    start = max(0, found[0][0] - length // 3) if found else 0
    if len(text) <= length or start + length > len(text):
        start = min(start, max(0, len(text) - length))
    end = min(len(text), start + length)
    # Whole words only.
    if start:
        start = text.find(" ", start) + 1
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + 1)
    # The bars divide the cells of a table, which an excerpt is not.
    part = " ".join(text[start:end].replace(" | ", " · ").split())
    part = f"{'… ' if start else ''}{part}{' …' if end < len(text) else ''}"
    return text.like(part) if hasattr(text, "like") else part


class SearchableQuerySet(PublicQuerySet):
    def search(self, query):
        """Keep the rows that have every word of the query; none if it has no word.

        First those that it names by an identifier, then those with every word in the title, then the rest,
        each in the usual order; `search_rank` (0, 1, 2) says which.
        """
        in_title = matching(query, "search_title")
        if in_title is None:
            return self.none()
        is_named = self.model.named_by(query)
        rank = Case(When(is_named, Value(0)), When(in_title, Value(1)), default=Value(2))
        ordering = self.query.order_by or self.model._meta.ordering
        return (
            self.filter(is_named | self.model.found_by(query))
            .annotate(search_rank=rank)
            .order_by("search_rank", *ordering)
        )


class Searchable(Public):
    """A row that is found by its words.

    `search_columns` names the columns, the title first; a pair of languages without its endings.
    `search_identifiers` names those that find a row by their whole value.
    """

    search_columns = ()
    search_identifiers = ()

    search_title = models.TextField(editable=False, default="")
    search_text = models.TextField(editable=False, default="")

    class Meta:
        abstract = True

    @classmethod
    def found_by(cls, query):
        """Return the condition that a row has every word of a query that has words."""
        return matching(query)

    @classmethod
    def named_by(cls, query):
        """Return the condition that a query is an identifier of the row."""
        condition = Q(pk__in=[])
        for column in cls.search_identifiers:
            condition |= Q(**{f"{column}__iexact": query.strip()})
        return condition

    def derive(self):
        """Write the searchable forms of the row's texts."""
        super().derive()
        write_searchable(self, self.search_columns)


def write_searchable(row, columns):
    """Write the searchable forms of a row's title, the first of some columns, and of all of them.

    A column without languages counts as both.
    """

    def texts(names, lang):
        pairs = [(name, f"{name}_{lang}") for name in names]
        return [getattr(row, column if hasattr(row, column) else name) for name, column in pairs]

    row.search_title = index(texts(columns[:1], "es"), texts(columns[:1], "en"))
    row.search_text = index(texts(columns, "es"), texts(columns, "en"))


def refill(model, columns):
    """Write the searchable forms of every row of a model: for migrations, whose models have no `save()`."""
    rows = list(model.objects.all())
    for row in rows:
        write_searchable(row, columns)
    model.objects.bulk_update(rows, SEARCH_FIELDS, batch_size=200)
