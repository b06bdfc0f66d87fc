"""Searching everything at once: what each list finds with `q`, ranked together, or kind by kind."""

from array import array
from collections import Counter
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from django.db.models import Case, CharField, Count, F, IntegerField, Q, Value, When
from django.utils.functional import cached_property
from django.utils.translation import get_language, ngettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from commitments.entity_views import is_in_force, verdict_of
from commitments.models import Commitment, Responsibility
from commitments.models.state import promised
from commitments.topics import topics
from entities.models import Entity, EntityName
from faces.filters import ChoiceFilter, SearchFilter, StrictFilterSet
from faces.kept import current_shelf
from plans.compliance import Level
from plans.filters import plan_filter
from plans.models import Term
from plans.verdict import Verdict, verdict
from record.kinds import Kind, kinds
from record.search import (
    MAX_QUERY_WORDS,
    SEARCH_FIELDS,
    excerpt,
    fold,
    forms_of,
    share_found,
    terms_of,
    words_of,
)
from record.text import LANGUAGES, Text, languages_in_order

# For how many words that are nowhere a like one is looked for: each is compared with all words of titles.
MOST_GUESSED = 4
# Of how many terms of a query that finds nothing each is looked for alone.
MOST_ADVISED = 6

# How many rows of a kind the overview shows; of commitments, for which most come, a few more.
MOST_SHOWN, MOST_COMMITMENTS = 5, 8
# How many of the kinds the title counts by name.
MOST_NAMED = 3
# How long the excerpts of the overview are.
SHORT = 140
# Of so many commitments of an entity each is read; of more they are counted in the database.
MOST_READ = 100

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


# How many there are of what can be found, in words; topics are found by the page only.
COUNTED = {
    "topic": ngettext_lazy("%(n)s topic", "%(n)s topics", "n"),
    "commitment": ngettext_lazy("%(n)s commitment", "%(n)s commitments", "n"),
    "entity": ngettext_lazy("%(n)s institution", "%(n)s institutions", "n"),
    "term": ngettext_lazy("%(n)s word of the glossary", "%(n)s words of the glossary", "n"),
    "recommendation": ngettext_lazy("%(n)s recommendation", "%(n)s recommendations", "n"),
    "document": ngettext_lazy("%(n)s document", "%(n)s documents", "n"),
    "section": ngettext_lazy("%(n)s part of a plan or report", "%(n)s parts of plans and reports", "n"),
    "milestone": ngettext_lazy("%(n)s milestone", "%(n)s milestones", "n"),
}


def counted(counts):
    """Say what a search found, the kinds in their order: '1 topic, 6 commitments, 4 documents and 3 more'."""
    named = ", ".join(COUNTED[name] % {"n": n} for name, n in counts[:MOST_NAMED])
    if more := sum(n for _name, n in counts[MOST_NAMED:]):
        return ngettext("%(named)s and %(n)s more", "%(named)s and %(n)s more", more) % {
            "named": named,
            "n": more,
        }
    return named


@dataclass
class FoundTopic:
    """A topic with all the words looked for in its name, what it adds up to, and whether it is so called."""

    topic: object
    name: str
    is_meant: bool
    total: int = 0
    complete: int = 0
    plans: int = 0


@dataclass
class MeantEntity:
    """The institution that was asked for, with what it answers for on a day.

    `rows` are the first commitments that it leads or co-leads, the newest plan first; `others` [(role, in
    how many commitments it has it)] where it leads none.
    """

    row: Entity
    verdict: Verdict
    rows: list
    is_over: bool
    others: list
    to_come: int

    @property
    def left_out(self):
        """How many of its commitments are not among the rows."""
        return max(0, self.verdict.total + self.to_come - len(self.rows))


@dataclass
class Group:
    """The hits of a kind in the overview that were not said above: the first of them, and how many they are.

    `is_rest` tells that others were said above.
    """

    kind: Kind
    hits: list
    count: int
    is_rest: bool


class Overview:
    """What a search found, at a glance: first what the reader most likely means, then each kind's best hits.

    `named` are hits whose code was asked for, `entity` a MeantEntity, `topics` those that were asked for,
    `term` a hit of the glossary, `plan` a plan; each None or [] where nobody asked for one.
    """

    def __init__(self, filters, on):
        self.on, self.query = on, filters.query
        # The same for all that is read: it is asked for before the first hit.
        self.shelf = shelf = filters.shelf
        by_kind = {}
        for hit in filters.all_hits:
            by_kind.setdefault(hit.kind.listed.name, {})[hit.pk] = hit
        is_of_plans = bool(filters.values["plan"])
        found_topics = [] if is_of_plans else topics_found(self.query, on, shelf)
        self.topics = [each for each in found_topics if each.is_meant]
        self.further_topics = [each for each in found_topics if not each.is_meant][:MOST_SHOWN]
        self.plan = None if is_of_plans else plan_named(self.query, filters.form.fields["plan"])
        named = [hit for name in ("commitment", "milestone") for hit in by_kind.get(name, {}).values()]
        self.named = [hit for hit in named if hit.rank == 0][:MOST_NAMED]
        entity, term = names_asked(self.query, by_kind, shelf) if by_kind else (None, None)
        self.entity = entity and entity_meant(entity, on, shelf)
        # An acronym of an institution in the glossary says what the institution's name says.
        self.term = None if entity else by_kind["term"][term] if term else None
        read([*self.named, *([self.term] if self.term else [])], on, shelf)
        self.groups = self._groups(by_kind)
        self.counts = [("topic", len(found_topics))] if found_topics else []
        best_first = sorted(by_kind, key=lambda name: next(iter(by_kind[name].values())).rank)
        self.counts += [(name, len(by_kind[name])) for name in best_first]

    def _groups(self, by_kind):
        """Return the Groups of what was not said above, those with the best hit first."""
        said = {(hit.kind.model, hit.pk) for hit in (*self.named, self.term) if hit}
        if self.entity:
            said.add((Entity, self.entity.row.pk))
            said |= {(Commitment, row.pk) for row in self.entity.rows}
        groups = []
        for name, hits in by_kind.items():
            most = MOST_COMMITMENTS if name == "commitment" else MOST_SHOWN
            rest = [hit for hit in hits.values() if (hit.kind.model, hit.pk) not in said]
            if rest:
                groups.append(Group(rest[0].kind, rest[:most], len(rest), len(rest) < len(hits)))
        there = {
            id(hit) for hit in read([hit for group in groups for hit in group.hits], self.on, self.shelf)
        }
        for group in groups:
            group.hits = [hit for hit in group.hits if id(hit) in there]
        groups = [group for group in groups if group.hits]
        return sorted(groups, key=lambda group: (group.hits[0].rank, group.kind.found.place))

    @property
    def says(self):
        """What was found, as words for the title."""
        return counted(self.counts)

    @property
    def meaning(self):
        """How the definition of the term begins."""
        return excerpt(self.term.row.definition, "")

    def __bool__(self):
        return bool(self.counts or self.plan)


def topics_found(query, on, shelf):
    """Return the FoundTopics whose name has all words of a query, those so called first."""
    kept = shelf.get(("topics",))
    if kept is None:
        kept = topics()
        shelf.put(("topics",), kept, ROW * len(kept[1]))
    named, areas = kept
    found = []
    for topic in named:
        area = areas.get(topic.area)
        names = [topic.name_in(areas), topic.slug.replace("-", " ")]
        names += [name for lang in LANGUAGES if area and (name := getattr(area, f"name_{lang}"))]
        is_meant = any(is_same(str(name), query) for name in (*names, *topic.words))
        if is_meant or any(share_found(str(name), query) == 1 for name in names):
            found.append(FoundTopic(topic, names[0], is_meant))
    if found:
        count_topics(found, on, shelf)
    return sorted((each for each in found if each.total), key=lambda each: not each.is_meant)


def count_topics(found, on, shelf):
    """Add to some topics what they add up to on a day."""
    names, asked = ("total", "complete", "plans"), {}
    keys = {place: ("topic", each.topic.slug, on) for place, each in enumerate(found)}
    kept = {place: counts for place, key in keys.items() if (counts := shelf.get(key))}
    for place in keys.keys() - kept.keys():
        gathered = found[place].topic.gathers()
        asked |= {
            f"total_{place}": Count("pk", filter=gathered),
            f"complete_{place}": Count("pk", filter=gathered & Q(now__level=Level.COMPLETE)),
            f"plans_{place}": Count("plan", filter=gathered, distinct=True),
        }
    if asked:
        counts = Commitment.objects.published().begun(on).with_state(on).order_by().aggregate(**asked)
        for place in keys.keys() - kept.keys():
            kept[place] = tuple(counts[f"{name}_{place}"] for name in names)
            shelf.put(keys[place], kept[place], TEXT)
    for place, each in enumerate(found):
        each.total, each.complete, each.plans = kept[place]


def is_same(name, query):
    """Tell whether a query is a name, word by word; accents, capitals and endings do not matter."""
    words, asked = words_of(name), words_of(query)
    return len(words) == len(asked) and all(
        not set(forms_of(word)).isdisjoint(forms_of(other)) for word, other in zip(words, asked, strict=True)
    )


def plan_named(query, field):
    """Return the plan that a query names, by its number or its years ('plan 2', 'plan II', '2015-2016')."""
    words = [fold(word) for word in words_of(query)]
    for plan in field.rows.values():
        years = [str(day.year) for day in (plan.starts_on, plan.ends_on) if day]
        if words in (["plan", str(plan.number)], ["plan", plan.roman.lower()], years, ["plan", *years]):
            return plan if len(words) > 1 else None
    return None


def is_titled(query):
    """Return the condition that one of a row's titles is a query, word by word, without accents."""
    words = " ".join(map(fold, words_of(query)))
    column, condition = "search_title", Q(pk__in=[])
    for end in (" ~", " | "):
        condition |= Q(**{f"{column}__startswith": f" {words}{end}"})
        condition |= Q(**{f"{column}__contains": f" | {words}{end}"})
    return condition


def names_asked(query, by_kind, shelf):
    """Return the keys of the entity and of the term that a query is the name of, of those found, or None."""
    found = {}
    for pk, name in names_in_order(query, shelf):
        if pk in by_kind.get(name, {}):
            found.setdefault(name, pk)
    return found.get("entity"), found.get("term")


def names_in_order(query, shelf):
    """Return [(key, 'entity' or 'term')] of those that a query is the name of: first those with its acronym,
    then those that are so called, then those with such a name in some document.
    """
    key = ("named", query)
    kept = shelf.get(key)
    if kept is None:
        spelled = EntityName.objects.filter(is_titled(query)).order_by().values("entity")
        slug = "-".join(map(fold, words_of(query)))
        place = Case(
            When(Entity.named_by(query), then=Value(0)),
            When(is_titled(query), then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
        is_named = Entity.named_by(query) | is_titled(query) | Q(slug=slug) | Q(pk__in=spelled)
        entities = Entity.objects.published().filter(is_named).order_by()
        terms = Term.objects.published().filter(is_titled(query)).order_by()
        rows = entities.values_list("pk", place, Value("entity", CharField())).union(
            terms.values_list("pk", Value(0, IntegerField()), Value("term", CharField())), all=True
        )
        in_order = sorted(rows, key=lambda row: (row[1], row[0]))
        kept = tuple((pk, name) for pk, _place, name in in_order)
        shelf.put(key, kept, len(query) + 100 * len(kept))
    return kept


def entity_meant(pk, on, shelf):
    """Return the MeantEntity of a key on a day; None where it is not there any more."""
    led = Commitment.objects.published().led_by([pk])
    newest_first = led.for_squares(on).defer(*SEARCH_FIELDS).order_by(F("plan__number").desc(), "number")
    rows = list(newest_first.select_related("plan")[: MOST_READ + 1])
    [entity] = rows_of(kind_of(Entity), [pk], shelf).values() or [None]
    if entity is None:
        return None
    leading = [row for row in rows if not row.is_to_come]
    if len(rows) <= MOST_READ:
        says, to_come = verdict_of(leading), len(rows) - len(leading)
    else:
        says = verdict(led.begun(on).judged(on))
        to_come = led.count() - says.total
    others = [] if says.total else other_roles(pk, on)
    is_over = bool(leading) and not any(is_in_force(row.plan, on) for row in leading)
    return MeantEntity(entity, says, rows[:MOST_COMMITMENTS], is_over, others, to_come)


def other_roles(pk, on):
    """Return [(role, in how many commitments)] of an entity that leads none, on a day."""
    rows = Responsibility.objects.stated().filter(promised(on, "commitment__"), entity=pk)
    held = dict(rows.order_by().values_list("role").annotate(Count("commitment", distinct=True)))
    return [(role, held[role]) for role in Responsibility.Role if held.get(role)]


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
