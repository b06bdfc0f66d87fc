"""Searching everything at once: what each list finds with `q`, ranked together."""

from array import array
from collections import Counter
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from entities.models import Entity
from faces.filters import ChoiceFilter, SearchFilter, StrictFilterSet
from faces.kept import current_shelf
from plans.filters import plan_filter
from record.kinds import Kind, kinds
from record.search import (
    MAX_QUERY_WORDS,
    SEARCH_FIELDS,
    excerpt,
    fold,
    share_found,
    terms_of,
    words_of,
)
from record.text import LANGUAGES, Text, languages_in_order

# For how many words that are nowhere a like one is looked for: each is compared with all words of titles.
MOST_GUESSED = 4
# Of how many terms of a query that finds nothing each is looked for alone.
MOST_ADVISED = 6

# How long the excerpts of the overview are.
SHORT = 140

# What a row that is kept takes in memory, and each of its texts beside its letters, about.
ROW, TEXT = 5_000, 600
# What a word of a title and its folded form take, about.
WORD = 200


def found_kinds():
    """Return the kinds that can be found, in the order in which the search lists them."""
    return sorted((kind for kind in kinds() if kind.found), key=lambda kind: kind.found.place)


@dataclass
class Hit:
    """A row that was found; `rank` as `SearchableQuerySet.search` gives it.

    `read()` adds the `row`, which others read too and nobody changes, and what the record says of it on the
    day `on`.
    """

    kind: Kind
    pk: int
    rank: int
    query: str
    row: object = None
    said: object = None
    on: date | None = None

    @property
    def id(self):
        return getattr(self.row, self.kind.public_id)

    @property
    def title(self):
        return getattr(self.row, self.kind.found.title)

    @property
    def unofficial(self):
        """Which of the titles are translations of ours."""
        names = {f"{self.kind.found.title}_{lang}": f"title_{lang}" for lang in LANGUAGES}
        return [name for column, name in names.items() if column in self.row.unofficial]

    @property
    def title_es(self):
        return getattr(self.row, f"{self.kind.found.title}_es")

    @property
    def title_en(self):
        return getattr(self.row, f"{self.kind.found.title}_en")

    @property
    def plan(self):
        """The plan that the row is of, or None."""
        return self.kind.found.plan(self.row)

    @cached_property
    def excerpt(self):
        """The part of the row's texts with most of what is looked for; '' where the title has it all."""
        return excerpt(self.best_text, self.query)

    @property
    def short_excerpt(self):
        """The same, as short as a row of the overview has room for."""
        return excerpt(self.best_text, self.query, SHORT)

    @cached_property
    def best_text(self):
        """That of the row's texts with most of what is looked for; '' where the title has it all."""
        best, most = Text("", self.title.lang), 0
        if self.rank == 0 or share_found(self.title, self.query) == 1:
            return best
        for text in self.kind.found.texts(self.row, self.said):
            if text and (found := share_found(text, self.query)) > most:
                best, most = text, found
                if found == 1:
                    break
        return best

    @property
    def is_to_come(self):
        """Whether on the day its plan had not begun, or a commitment was not in it yet."""
        return self.joins_later or (self.plan is not None and not self.plan.has_begun(self.on))

    @property
    def joins_later(self):
        """Whether it is a commitment that a norm added to its plan after the day."""
        joined = getattr(self.row, "in_plan_from", None)
        return joined is not None and joined > self.on

    def get_absolute_url(self):
        return self.row.get_absolute_url()

    @property
    def sources(self):
        """Where the row stands; of an entity, where the first of its names does."""
        if isinstance(self.row, Entity):
            return self.row.names.all()[:1]
        return self.row.sources


class Corpus:
    """Stands for the rows of a list: everything that can be found, in the API's order or in the pages'."""

    model = None

    def __init__(self, is_for_pages=False):
        self.is_for_pages = is_for_pages

    def rows_of(self, kind):
        """Return the rows of a kind that can be found."""
        return kind.rows().in_reading_order() if self.is_for_pages else kind.rows()

    def all(self):
        return self

    def count(self):
        """Return how many things can be found."""
        return sum(kind.rows().count() for kind in found_kinds())


class KindFilter(ChoiceFilter):
    """A kind that can be found, by its name. The table of kinds is asked when all apps are there."""

    @property
    def field(self):
        self.extra["choices"] = [(kind.listed.name, kind.listed.label) for kind in found_kinds()]
        return super().field


class SearchFilters(StrictFilterSet):
    """What is looked for. `qs` is the list of hits, the best first; [] without a word to look for."""

    q = SearchFilter()
    kind = KindFilter(label=_("Kind"))
    plan = plan_filter(help_text=_("What belongs to these plans; the glossary belongs to none."))

    @property
    def query(self):
        """The words looked for, '' without any."""
        return self.values.get("q") or ""

    @cached_property
    def shelf(self):
        """What is kept, asked for first of all, as it says."""
        return current_shelf()

    @cached_property
    def all_hits(self):
        """The hits of every kind, the best first: named, then in the title, then in the texts."""
        if self.form.errors or self.unknown_names or not terms_of(self.query):
            return []
        shelf = self.shelf
        found = [
            Hit(kind, pk, rank, self.query)
            for kind in found_kinds()
            for pk, rank in zip(*self.found_of(kind, shelf), strict=True)
        ]
        # Those alike stay in the order of the kinds, and in that of their list.
        return sorted(found, key=lambda hit: hit.rank)

    def found_of(self, kind, shelf):
        """Return the keys and the ranks of the hits of a kind, in the order of its list."""
        filterset = kind.found.filterset
        asked = {"q": self.query}
        if plans := [str(plan.number) for plan in self.values["plan"]]:
            asked["plan"] = plans
            if "plan" not in filterset.base_filters:
                return (), ()
        is_dated = filterset.begins_on is not None or filterset.is_dated(asked)
        # The language orders what is in alphabetical order.
        key = (
            kind.label,
            self.queryset.is_for_pages,
            get_language(),
            str(asked),
            self.on if is_dated else None,
        )
        found = shelf.get(key)
        if found is None:
            day = {"as_of": self.on.isoformat()} if self.reading.is_asked else {}
            rows = filterset(asked | day, self.queryset.rows_of(kind)).qs
            pairs = list(rows.values_list("pk", "search_rank"))
            found = array("q", (pk for pk, _rank in pairs)), array("b", (rank for _pk, rank in pairs))
            shelf.put(key, found, len(str(key)) + sum(each.itemsize * len(each) for each in found))
        return found

    @property
    def counts(self):
        """How many hits there are of each kind, whatever kind is asked for."""
        return Counter(hit.kind.listed.name for hit in self.all_hits)

    @cached_property
    def qs(self):
        asked = self.values.get("kind")
        return [hit for hit in self.all_hits if not asked or hit.kind.listed.name == asked]


def kind_of(model):
    """Return the kind of a model that can be found."""
    return next(kind for kind in found_kinds() if kind.model is model)


def read(found, on, shelf=None):
    """Give some hits their rows, as read on a day, in a fixed number of queries; return those still there.

    The rows are kept for as long as the public record stays as it is.
    """
    # First of all, as it says.
    shelf = shelf or current_shelf()
    for kind in found_kinds():
        wanted = {hit.pk: hit for hit in found if hit.kind is kind}
        if not wanted:
            continue
        said = kind.found.said(list(wanted), on)
        for pk, row in rows_of(kind, wanted, shelf).items():
            hit = wanted[pk]
            hit.row, hit.said, hit.on = row, said.get(pk), on
    return [hit for hit in found if hit.row is not None]


def rows_of(kind, pks, shelf):
    """Return {pk: row} of some rows of a kind: what is kept, and the rest read now."""
    found = {pk: row for pk in pks if (row := shelf.get((kind.label, pk))) is not None}
    if missing := [pk for pk in pks if pk not in found]:
        for row in kind.found.read(kind.rows().filter(pk__in=missing)).defer(*SEARCH_FIELDS):
            size = ROW + sum(TEXT + 2 * len(text) for text in kind.found.texts(row, None))
            shelf.put((kind.label, row.pk), row, size)
            found[row.pk] = row
    return found


def help_with(query):
    """Return, of a query that finds nothing: (term, how many hits it has alone, a like word of a title).

    That is of its first terms, the others would be no more help.
    The words of a phrase, or of a term of several words, that is not found follow it. The like word is ''
    where the word itself is found, or no title has one, or enough other words have theirs.
    """
    rows = [(kind, kind.rows()) for kind in found_kinds()]
    vocabulary = None
    advice, counts, guessed = {}, Counter(), 0
    asked = [term.typed for term in terms_of(query)][:MOST_ADVISED]
    while asked and len(advice) < MAX_QUERY_WORDS:
        if new := [term for term in dict.fromkeys(asked) if term not in counts]:
            counts.update(dict.fromkeys(new, 0))
            for _kind, each in rows:
                counts.update(each.count_found(new))
        term = asked.pop(0)
        words = words_of(term)
        count, like = counts[term], ""
        if not count and (len(words) > 1 or term != words[0]):
            asked = [*words[: MAX_QUERY_WORDS - len(advice)], *asked]
        elif not count and guessed < MOST_GUESSED:
            guessed += 1
            vocabulary = vocabulary or titles_by_folded_word(rows)
            close = get_close_matches(fold(term), vocabulary, n=1, cutoff=0.75)
            like = vocabulary[close[0]] if close else ""
        advice[term] = (term, count, like)
    return list(advice.values())


def titles_by_folded_word(rows):
    """Return {word without accents: word} of all titles in the reader's language."""
    # First of all, as it says.
    shelf = current_shelf()
    lang = languages_in_order()[0]
    key = ("words of titles", lang)
    found = shelf.get(key)
    if found is None:
        found = {
            fold(word): word
            for kind, each in rows
            for title in each.values_list(f"{kind.found.title}_{lang}", flat=True)
            for word in words_of(title)
            if len(word) > 2
        }
        shelf.put(key, found, WORD * len(found))
    return found
