"""Searching everything at once: what each list finds with `q`, ranked together."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

from django.db.models import Prefetch
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from commitments.filters import CommitmentFilters, MilestoneFilters
from commitments.models import Assessment, Commitment, Milestone
from entities.filters import EntityFilters
from entities.models import Entity
from ogp_portal.common.filters import ChoiceFilter, SearchFilter, StrictFilterSet
from ogp_portal.common.search import excerpt, fold, hits, matching, query_words, words_of
from ogp_portal.common.text import LANGUAGES, Text, languages_in_order
from plans.filters import (
    DocumentFilters,
    RecommendationFilters,
    SectionFilters,
    TermFilters,
    plan_filter,
)
from plans.models import Document, Recommendation, Section, Term


def read_commitments(rows):
    return rows.for_reading().prefetch_related(
        Prefetch("assessments", Assessment.objects.as_of().select_related("report__document"))
    )


def texts_of_commitment(commitment):
    """Return what a commitment is found by beside its title: its own texts, then those of its cards."""
    yield from in_both(commitment, "description", "problem", "contribution", "relevance")
    for card in commitment.assessments.all():
        for row in Assessment.ROWS:
            yield Text(getattr(card, row), card.report.document.language)


def texts_of_milestone(milestone):
    yield from in_both(milestone, "means_of_verification", "note")
    for update in milestone.updates_on:
        yield from in_both(update, "text")


def texts_of_entity(entity):
    for name in entity.names.all():
        yield Text(name.spelling, name.language)


def in_both(row, *names):
    """Return some texts of a row, in the reader's language first."""
    for lang in languages_in_order():
        for name in names:
            column = f"{name}_{lang}"
            yield Text(getattr(row, column), lang, row.is_unofficial(column), row.is_stale(column))


@dataclass(frozen=True)
class Kind:
    """One kind of what can be found: its list's filters, and how a row of it is read."""

    slug: str
    label: str
    model: type
    filterset: type
    # The pair of columns with the title, and what else a row is found by.
    title: str
    texts: Callable
    # Fetches for reading, and the way to the plan's number.
    read: Callable
    plan: Callable
    # The names of its view in the API, and of its public identifier.
    api_view: str
    key: str = "slug"

    def rows(self):
        """Return every row that the public may see."""
        rows = self.model.objects.all()
        return rows.published() if hasattr(rows, "published") else rows


KINDS = [
    Kind(
        "commitment",
        _("Commitments"),
        Commitment,
        CommitmentFilters,
        "title",
        texts_of_commitment,
        read_commitments,
        lambda row: row.plan,
        "commitment-detail",
        "code",
    ),
    Kind(
        "entity",
        _("Entities"),
        Entity,
        EntityFilters,
        "name",
        texts_of_entity,
        lambda rows: rows.prefetch_related("names__document"),
        lambda row: None,
        "entity-detail",
    ),
    Kind(
        "term",
        _("Glossary"),
        Term,
        TermFilters,
        "term",
        lambda row: in_both(row, "definition"),
        lambda rows: rows.select_related("document"),
        lambda row: None,
        "term-detail",
    ),
    Kind(
        "recommendation",
        _("Recommendations"),
        Recommendation,
        RecommendationFilters,
        "text",
        lambda row: in_both(row, "answer", "outcome"),
        lambda rows: rows.for_reading(),
        lambda row: row.report.plan,
        "recommendation-detail",
    ),
    Kind(
        "document",
        _("Documents"),
        Document,
        DocumentFilters,
        "title",
        lambda row: in_both(row, "publisher"),
        lambda rows: rows.for_reading(),
        lambda row: None,
        "document-detail",
    ),
    Kind(
        "section",
        _("Texts of plans and reports"),
        Section,
        SectionFilters,
        "heading",
        lambda row: in_both(row, "text"),
        lambda rows: rows.for_reading(),
        lambda row: row.plan or row.report.plan,
        "section-detail",
    ),
    Kind(
        "milestone",
        _("Milestones"),
        Milestone,
        MilestoneFilters,
        "activity",
        texts_of_milestone,
        lambda rows: rows.for_reading(),
        lambda row: row.commitment.plan,
        "milestone-detail",
        "code",
    ),
]


@dataclass
class Hit:
    """A row that was found; `rank` as `SearchableQuerySet.search` gives it. `read()` adds the `row`."""

    kind: Kind
    pk: int
    rank: int
    query: str
    row: object = None

    @property
    def id(self):
        return getattr(self.row, self.kind.key)

    @property
    def title(self):
        return getattr(self.row, self.kind.title)

    @property
    def unofficial(self):
        """Which of the titles are translations of ours."""
        names = {f"{self.kind.title}_{lang}": f"title_{lang}" for lang in LANGUAGES}
        return [name for column, name in names.items() if column in self.row.unofficial]

    @property
    def title_es(self):
        return getattr(self.row, f"{self.kind.title}_es")

    @property
    def title_en(self):
        return getattr(self.row, f"{self.kind.title}_en")

    @property
    def plan(self):
        """The plan that the row is of, or None."""
        return self.kind.plan(self.row)

    @cached_property
    def excerpt(self):
        """The part of the row's texts with most of the words looked for; '' where the title has them all."""
        words = query_words(self.query)
        best, most = Text("", self.title.lang), 0
        if self.rank == 0 or count_found(self.title, words) == len(words):
            return best
        for text in self.kind.texts(self.row):
            if text and (found := count_found(text, words)) > most:
                best, most = text, found
                if found == len(words):
                    break
        return excerpt(best, self.query)

    def get_absolute_url(self):
        return self.row.get_absolute_url()

    @property
    def sources(self):
        """Where the row stands; of an entity, where the first of its names does."""
        if isinstance(self.row, Entity):
            return self.row.names.all()[:1]
        return self.row.sources


def count_found(text, words):
    """Return how many of some words stand in a text."""
    return sum(bool(hits(text, word)) for word in words)


class Corpus:
    """Stands for the rows of a list: everything that can be found."""

    model = None

    def all(self):
        return self

    def count(self):
        """Return how many things can be found."""
        return sum(kind.rows().count() for kind in KINDS)


class SearchFilters(StrictFilterSet):
    """What is looked for. `qs` is the list of hits, the best first; [] without a word to look for."""

    q = SearchFilter()
    kind = ChoiceFilter(choices=[(kind.slug, kind.label) for kind in KINDS], label=_("Kind"))
    plan = plan_filter(help_text=_("What belongs to these plans; the glossary belongs to none."))

    @property
    def query(self):
        """The words looked for, '' without any."""
        return self.values.get("q") or ""

    @cached_property
    def all_hits(self):
        """The hits of every kind, the best first: named, then in the title, then in the texts."""
        if self.form.errors or self.unknown_names or not query_words(self.query):
            return []
        plans = [str(plan.number) for plan in self.values["plan"]]
        found = []
        for order, kind in enumerate(KINDS):
            if plans and "plan" not in kind.filterset.base_filters:
                continue
            asked = {"q": self.query} | ({"plan": plans} if plans else {})
            rows = kind.filterset(asked, kind.rows()).qs
            for place, (pk, rank) in enumerate(rows.values_list("pk", "search_rank")):
                found.append((rank, order, place, Hit(kind, pk, rank, self.query)))
        return [hit for *_place, hit in sorted(found, key=lambda each: each[:3])]

    @property
    def counts(self):
        """How many hits there are of each kind, whatever kind is asked for."""
        return Counter(hit.kind.slug for hit in self.all_hits)

    @cached_property
    def qs(self):
        asked = self.values.get("kind")
        return [hit for hit in self.all_hits if not asked or hit.kind.slug == asked]


def read(found):
    """Fetch the rows of some hits, in a fixed number of queries; return the hits."""
    for kind in KINDS:
        wanted = {hit.pk: hit for hit in found if hit.kind is kind}
        if wanted:
            for row in kind.read(kind.rows().filter(pk__in=wanted)):
                wanted[row.pk].row = row
    return [hit for hit in found if hit.row is not None]


def help_with(query):
    """Return, of a query that finds nothing: (word, how many hits it has alone, a like word of a title).

    The like word is '' where the word itself is found, or no title has one.
    """
    rows = [(kind, kind.rows()) for kind in KINDS]
    vocabulary = None
    advice = []
    for word in query_words(query):
        count = sum(each.filter(matching(word)).count() for _kind, each in rows)
        like = ""
        if not count:
            vocabulary = vocabulary or titles_by_folded_word(rows)
            close = get_close_matches(fold(word), vocabulary, n=1, cutoff=0.75)
            like = vocabulary[close[0]] if close else ""
        advice.append((word, count, like))
    return advice


def titles_by_folded_word(rows):
    """Return {word without accents: word} of all titles in the reader's language."""
    lang = languages_in_order()[0]
    return {
        fold(word): word
        for kind, each in rows
        for title in each.values_list(f"{kind.title}_{lang}", flat=True)
        for word in words_of(title)
        if len(word) > 2
    }
