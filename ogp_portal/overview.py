"""What a search found, at a glance: first what the reader most likely means, then each kind's best hits."""

from dataclasses import dataclass

from django.db.models import Case, CharField, Count, F, IntegerField, Q, Value, When
from django.utils.translation import ngettext, ngettext_lazy

from commitments.entity_views import is_in_force, verdict_of
from commitments.models import Commitment, Responsibility
from commitments.models.state import promised
from commitments.topics import topics
from entities.models import Entity, EntityName
from plans.compliance import Level
from plans.models import Term
from plans.verdict import Verdict, verdict
from record.kinds import Kind
from record.search import (
    SEARCH_FIELDS,
    excerpt,
    fold,
    forms_of,
    share_found,
    words_of,
)
from record.text import LANGUAGES

from .search import ROW, TEXT, kind_of, read, rows_of

# How many rows of a kind the overview shows; of commitments, for which most come, a few more.
MOST_SHOWN, MOST_COMMITMENTS = 5, 8
# How many of the kinds the title counts by name.
MOST_NAMED = 3
# Of so many commitments of an entity each is read; of more they are counted in the database.
MOST_READ = 100

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
