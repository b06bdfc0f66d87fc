"""Searching words without accents, singular or plural, and phrases; the same on every database.

A query has terms, and a row must have all of them. A term is a word, a phrase in quotation marks, or words
that have synonyms. What the database looks for are needles, strings that a column contains or not; `index()`
makes that column.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache, reduce
from operator import and_, or_
from types import SimpleNamespace

import snowballstemmer
import yaml
from django.conf import settings
from django.db import connection, models
from django.db.models import Case, Count, Q, Value, When
from django.db.models.expressions import RawSQL

from .cleaning import clean, clean_query
from .publication import Public, PublicQuerySet, behind_a_notice

_STEMMERS = {"es": snowballstemmer.stemmer("spanish"), "en": snowballstemmer.stemmer("english")}
_WORD = re.compile(r"\w+")
# Longer queries come from no reader.
MAX_QUERY_WORDS = 12
# Each term with synonyms is as long as all of them together.
MAX_QUERY_SYNONYMS = 3
# The columns that the search itself writes; histories leave them out.
SEARCH_FIELDS = ["search_title", "search_text"]

QUOTATION_MARKS = '"“”„‟«»＂'
# What stands between two quotation marks is a phrase; a single ’ alone is an apostrophe.
_QUOTED = re.compile(rf"[{QUOTATION_MARKS}]([^{QUOTATION_MARKS}]*)[{QUOTATION_MARKS}]|‘([^‘’]*)’|‹([^‹›]*)›")

# What stands before the number of a norm, without accents: D.S., R. M. N.°, Ley Nº, Decreto de Urgencia.
# Texts print it in many ways and the number in one.
# fmt: off
_KINDS_OF_NORMS = {
    "d", "s", "r", "m", "j", "l", "u", "leg", "sup", "min", "ds", "dl", "dleg", "du", "rm", "rs", "rj", "rd",
    "om", "dec", "res", "ley", "decreto", "resolucion", "ordenanza", "supremo", "suprema", "legislativo",
    "urgencia", "ministerial", "jefatural", "directoral", "municipal", "regional", "de", "n", "o", "no",
    "nro", "num", "numero",
}
# fmt: on


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
    return [word.casefold() for word in _WORD.findall(clean(text))]


@lru_cache(maxsize=50_000)
def forms_of(word, languages=("es", "en")):
    """Return the forms by which a word is found, without accents: first itself, then its stems."""
    return tuple(dict.fromkeys((fold(word), *(stem(word, language) for language in languages))))


def index(texts_es, texts_en):
    """Return the searchable form of some texts.

    First the folded words of each text in their order, between blanks, for phrases; then each word and stem
    once, between tildes, for words.
    """
    in_order, forms = {}, {}
    for lang, texts in (("es", texts_es), ("en", texts_en)):
        for text in texts:
            words = words_of(text)
            in_order[" ".join(map(fold, words))] = None
            for word in words:
                forms |= dict.fromkeys((fold(word), stem(word, lang)))
    return f" {' | '.join(filter(None, in_order))} ~{'~'.join(forms)}~"


@dataclass(frozen=True)
class Part:
    """A part of a term: a word, in any of its forms; or with `is_exact` words that follow each other."""

    words: tuple
    is_exact: bool = False

    @cached_property
    def needles(self):
        """The strings of which the searchable form of a text has one, if the text has the part."""
        if self.is_exact:
            return [f" {' '.join(map(fold, self.words))} "]
        return [f"~{form}~" for form in sorted(forms_of(*self.words))]

    def spans(self, tokens):
        """Return (start, end) of each place of a text where the part stands; see `tokens_of()`."""
        if not self.is_exact:
            forms = set(forms_of(*self.words))
            return [span for span, forms_there in tokens if not forms.isdisjoint(forms_there)]
        words, size = [fold(word) for word in self.words], len(self.words)
        return [
            (tokens[start][0][0], tokens[start + size - 1][0][1])
            for start in range(len(tokens) - size + 1)
            if [forms[0] for _span, forms in tokens[start : start + size]] == words
        ]


@dataclass(frozen=True)
class Term:
    """What a row must have: all parts of one of some spellings, the first of which is `typed`."""

    typed: str
    spellings: tuple


def tokens_of(text):
    """Return ((start, end), the forms) of each word of a text; by its language if it has one."""
    languages = (text.lang,) if getattr(text, "lang", None) else ("es", "en")
    return [(word.span(), forms_of(word.group().casefold(), languages)) for word in _WORD.finditer(text)]


@cache
def synonyms():
    """Return the record's synonyms: groups of spellings that mean the same, each a tuple of parts.

    What is written in capitals is an acronym, and only the very word is.
    """
    groups = yaml.safe_load(settings.SYNONYMS_FILE.read_text(encoding="utf-8"))
    return tuple(tuple(_spelling(spelling) for spelling in group) for group in groups)


def _spelling(text):
    words = words_of(text)
    if text.isupper() and len(words) == 1:
        return (Part(tuple(words), is_exact=True),)
    return tuple(Part((word,)) for word in words)


def _is_of(part, word):
    """Tell whether a word of a query is a part of a synonym, in another form perhaps."""
    size = 1 if part.is_exact else None
    return not set(forms_of(word)[:size]).isdisjoint(forms_of(*part.words)[:size])


def _synonym_at(words):
    """Return the longest synonym that some words begin with: (how many words, its group), or (0, ())."""
    found = (0, ())
    for group in synonyms():
        for spelling in group:
            size = len(spelling)
            if found[0] < size <= len(words) and all(map(_is_of, spelling, words)):
                found = (size, (spelling, *(other for other in group if other != spelling)))
    return found


def _is_number_of_norm(word, following):
    """Tell whether a word is the number of a norm: 004 before 2013, or 27806; no year is."""
    if not re.fullmatch(r"\d{1,5}", word):
        return False
    is_year = re.fullmatch(r"(19|20)\d\d", word)
    return bool(re.fullmatch(r"\d{4}", following)) or (len(word) > 2 and not is_year)


def _without_kinds_of_norms(words):
    """Return some words without 'D.S. N°' and the like before the number of a norm."""
    kept = []
    for word, following in zip(words, [*words[1:], ""], strict=False):
        if _is_number_of_norm(word, following):
            while kept and fold(kept[-1]) in _KINDS_OF_NORMS:
                kept.pop()
        kept.append(word)
    return kept


def _terms_of_words(text):
    """Yield the terms of a part of a query without quotation marks."""
    words = _without_kinds_of_norms(words_of(text))
    while words:
        size, spellings = _synonym_at(words)
        size = size or 1
        typed = words[:size]
        yield Term(" ".join(typed), spellings or ((Part((typed[0],)),),))
        words = words[size:]


def _all_terms_of(query):
    """Return all terms of a query, each once."""
    query = clean_query(query)
    found, end = [], 0
    for quoted in _QUOTED.finditer(query):
        found += _terms_of_words(query[end : quoted.start()])
        if words := words_of(next(filter(None, quoted.groups()), "")):
            found.append(Term(f'"{" ".join(words)}"', ((Part(tuple(words), is_exact=True),),)))
        end = quoted.end()
    found += _terms_of_words(query[end:])
    return list(dict.fromkeys(found))


def is_cut(query):
    """Tell whether a query has more terms than are looked for."""
    return len(_all_terms_of(query)) > MAX_QUERY_WORDS


@lru_cache(maxsize=1_000)
def terms_of(query):
    """Return the terms of a query, each once; as many as a reader may have meant."""
    terms, with_synonyms = [], 0
    for term in _all_terms_of(query)[:MAX_QUERY_WORDS]:
        with_synonyms += len(term.spellings) > 1
        is_too_much = with_synonyms > MAX_QUERY_SYNONYMS
        terms.append(Term(term.typed, term.spellings[:1]) if is_too_much else term)
    return tuple(terms)


def phrase(text):
    """Return words as a part of a term: one in any of its forms, several as they follow each other."""
    words = tuple(words_of(text))
    return Part(words, is_exact=len(words) > 1)


def contains(part, column="search_text"):
    """Return the condition that a column has a part of a term."""
    return reduce(or_, (Q(**{f"{column}__contains": needle}) for needle in part.needles))


def among(rows_with, part):
    """Return the condition that a row's key is one of those in `rows_with(part)`, a queryset of one column.

    Of what that asks only the needles of the part may differ from part to part: it is put together once,
    which takes several times as long as answering it.
    """
    sql, parameters = _question(rows_with, connection.vendor, len(part.needles))
    needles = [connection.ops.prep_for_like_query(needle) for needle in part.needles]
    return Q(pk__in=RawSQL(sql, tuple(_filled(parameter, needles) for parameter in parameters)))


# No text of the record has this character.
_MARK = "\ue000"


@cache
def _question(rows_with, vendor, size):
    """Return the SQL and parameters of `rows_with()`, with a mark and its place where each needle stands."""
    # Who asks first may be reading what was annulled, the others not.
    with behind_a_notice():
        rows = rows_with(SimpleNamespace(needles=[f"{_MARK}{place}" for place in range(size)]))
        return rows.query.sql_with_params()


def _filled(parameter, needles):
    """Return a parameter with the needle in place of its mark, if it has one."""
    if not isinstance(parameter, str) or _MARK not in parameter:
        return parameter
    before, after = parameter.split(_MARK)
    return f"{before}{needles[int(after[0])]}{after[1:]}"


def matching(query, has=contains):
    """Return the condition that a row has every term of a query; None when the query has no word in it.

    `has(part)` is the condition that it has one part of a term.
    """
    conditions = [
        reduce(or_, (reduce(and_, map(has, spelling)) for spelling in term.spellings))
        for term in terms_of(query)
    ]
    return reduce(and_, conditions) if conditions else None


def share_found(text, query):
    """Return how much of a query a text has, from 0 to 1: of each term the spelling of which it has most."""
    terms, tokens = terms_of(query), tokens_of(text)
    forms = {form for _span, forms_there in tokens for form in forms_there}

    def has(part):
        if part.is_exact:
            return bool(part.spans(tokens))
        return not forms.isdisjoint(forms_of(*part.words))

    most = [max(sum(map(has, spelling)) / len(spelling) for spelling in term.spellings) for term in terms]
    return sum(most) / len(terms) if terms else 0


def spans_found(text, query, little_words=()):
    """Return (start, end) of each word and phrase of a text that a query finds, by the rules of the index.

    The words of a synonym count where the text has them all. Little words are left out beside others.
    """
    tokens = tokens_of(text)
    parts = {}
    for term in terms_of(query):
        for place, spelling in enumerate(term.spellings):
            found = {part: part.spans(tokens) for part in spelling}
            if place == 0 or all(found.values()):
                parts |= found
    telling = [
        spans for part, spans in parts.items() if fold(part.words[0]) not in little_words or part.words[1:]
    ]
    merged = []
    for start, end in sorted(span for spans in telling or parts.values() for span in spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def excerpt(text, query, length=240):
    """Return the part of a text around the first word that a query finds, about `length` characters.

    The text's beginning where it has none of the words; a Text stays one, with its language.
    """
    found = spans_found(text, query)
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
        """Keep the rows that have every term of the query; none if it has no word.

        First those that it names by an identifier, then those with every term in the title, then the rest,
        each in the usual order; `search_rank` (0, 1, 2) says which.
        """
        in_title = matching(query, lambda part: contains(part, "search_title"))
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

    def count_found(self, queries):
        """Return {query: how many rows `search` keeps for it}, counted at once for all of some queries."""
        rows = self.model
        counted = {
            f"query_{place}": Count("pk", filter=rows.named_by(query) | rows.found_by(query), distinct=True)
            for place, query in enumerate(queries)
            if matching(query, lambda part: contains(part, "search_title")) is not None
        }
        found = self.order_by().aggregate(**counted) if counted else {}
        return {query: found.get(f"query_{place}", 0) for place, query in enumerate(queries)}


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
    def has(cls, part):
        """Return the condition that a row, or what belongs to it, has a part of a term."""
        return contains(part)

    @classmethod
    def found_by(cls, query):
        """Return the condition that a row has every term of a query that has words."""
        return matching(query, cls.has)

    @classmethod
    def named_by(cls, query):
        """Return the condition that a query is an identifier of the row; 2.10 is 2-10."""
        name = clean_query(query).strip(f"{QUOTATION_MARKS} ")
        condition = Q(pk__in=[])
        for column in cls.search_identifiers:
            condition |= Q(**{f"{column}__iexact": name}) | Q(**{f"{column}__iexact": name.replace(".", "-")})
        return condition

    def derive(self):
        """Write the searchable forms of the row's texts."""
        write_searchable(self, self.search_columns)
        super().derive()


def write_searchable(row, columns):
    """Write the searchable forms of a row's title, the first of some columns, and of all of them.

    A column without languages counts as both.
    """

    def texts(names, lang):
        pairs = [(name, f"{name}_{lang}") for name in names]
        return [getattr(row, column if hasattr(row, column) else name) for name, column in pairs]

    row.search_title = index(texts(columns[:1], "es"), texts(columns[:1], "en"))
    row.search_text = index(texts(columns, "es"), texts(columns, "en"))
