"""Pages of commitments: the explorer, and the page of one commitment."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlsplit

from django.db.models import (
    BooleanField,
    CharField,
    Count,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Subquery,
    Value,
)
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from faces.languages import reader_language
from faces.pages import Dated, FilteredList, RecordDetail
from plans.compliance import Level
from plans.models import DeclaredFigure, Plan, Report
from plans.templatetags.squares import standings
from record.reading import read_parts, together
from record.sources import read_documents

from .codes import FINDING_LABELS
from .filters import LATENESS, CommitmentFilters, with_descendants
from .models import Assessment, Commitment, Finding, Milestone, Responsibility
from .models.commitment import TELLS_UNREPORTED
from .models.evidence import read_evidence
from .models.state import promised
from .topics import topics_of


# How the ready filters of the list say how many commitments they find.
def complete_ones(n):
    return ngettext("%(n)s complete", "%(n)s complete", n)


def not_started_ones(n):
    return ngettext("%(n)s not started", "%(n)s not started", n)


def late_ones(n):
    return ngettext("%(n)s late, according to a report", "%(n)s late, according to a report", n)


def unknown_ones(n):
    return ngettext("%(n)s past due, not known whether done", "%(n)s past due, not known whether done", n)


@dataclass
class Group:
    """The commitments of one plan on a page of the list, and what is true of all of them."""

    rows: list
    plan: Plan | None = None
    # How many of the plan are asked for, on this page or another; 0 where that is not counted.
    count: int = 0
    # Whether none of these was assessed.
    is_unassessed: bool = False

    @cached_property
    def is_silent(self):
        """Whether all that are here are past due, and nobody spoke since."""
        return self.plan is not None and all(row.is_silent for row in self.rows)

    @cached_property
    def is_unnamed(self):
        """Whether of none that is here a source says who answers."""
        return self.plan is not None and not any(row.leads for row in self.rows)


class CommitmentList(FilteredList):
    is_dated = True
    template_name = "commitments/commitment_list.html"
    filterset_class = CommitmentFilters
    controls = {
        "q": "search",
        "plan": "ticks",
        "level": "ticks",
        "theme": "select",
        "policy_area": "select",
        "entity": "select",
        "entity_tree": "tick",
        "role": "select",
        "report": "select",
        "overdue": "select",
        "unreported": "select",
        "is_starred": "select",
        "as_of": "date",
        "ordering": "select",
    }
    further = [name for name, kind in controls.items() if kind in ("select", "tick", "date")]

    def all_rows(self):
        return Commitment.objects.published().in_reading_order()

    def offered(self, counts):
        fields = self.filters.form.fields
        held = [report for report in fields["report"].rows.values() if report.is_held]
        offered = {"report": {report.slug for report in held if report.cutoff_on <= self.filters.on}}
        # With its own count an entity is responsible for something.
        if "responsible" in self.counted:
            offered["entity"] = set(self.by_identifier("entity", self.counted["responsible"]))
        return offered

    def paginator(self, rows):
        paginator = super().paginator(rows)
        if not self.is_narrowed_by_many:
            # They are read anyway.
            paginator.count = len(self.facts_read[""])
        return paginator

    def total(self, page):
        return sum(self.counted["all"].values())

    def facets(self):
        """Count each option, but where another filter changes what it means.

        A level is counted only where it is that shown, a report only where no level of its cards is asked
        and no entity or role, which with a report are those that it names.
        """
        (lateness,) = self.facts("overdue", "now__is_overdue")
        lateness = Counter(lateness)
        (plans,), (themes,) = self.facts("plan", "plan"), self.facts("theme", "theme")
        (starred,) = self.facts("is_starred", "is_starred")
        (unreported,) = self.facts("unreported", "tells_unreported")
        counts = {
            "plan": self.by_identifier("plan", Counter(plans)),
            "theme": self.by_identifier("theme", Counter(themes)),
            "is_starred": Counter(str(value).lower() for value in starred),
            "unreported": Counter(unreported),
            "overdue": {name: lateness[value] for name, value in LATENESS.items()},
        }
        # Of a plan of which this record holds no commitment a zero would say that it has none (rule 1).
        counts["plan"] |= {str(plan.number): None for plan in self.none_held}
        if not {"report", "author"} & set(self.query()):
            (levels,) = self.facts("level", "now__level")
            counts["level"] = Counter(level or "none" for level in levels)
        for name in ("policy_area", "entity", "report"):
            if name in self.counted:
                counts[name] = self.by_identifier(name, self.counted[name])
        if self.counts_entities and self.filters.values.get("entity_tree"):
            counts["entity"] = self.families_counted()
        return counts

    # What the counts of most options are made of, of each commitment; and the parameters that they count.
    FACTS = (
        "plan",
        "theme",
        "is_starred",
        "now__is_overdue",
        "now__past_due",
        "now__level",
        "tells_unreported",
        "is_promised",
    )
    COUNTED = ("plan", "theme", "is_starred", "overdue", "level", "unreported")

    def facts(self, name, *columns):
        """Return some columns of the commitments that are asked for, but for one parameter ('': for none).

        What had not been promised by the day is listed and not counted (rule 5).
        """
        rows = self.facts_read[name if name in self.query() else ""]
        rows = [row for row in rows if row[-1]]
        return [[row[self.FACTS.index(column)] for row in rows] for column in columns]

    @cached_property
    def facts_read(self):
        """The FACTS of each commitment that is asked for, and that would be without a parameter in use.

        They are read together, by the name of the parameter: '' for what is asked for.
        """
        found = {name: [] for name in ("", *self.COUNTED) if not name or name in self.query()}
        is_promised = ExpressionWrapper(promised(self.filters.on), BooleanField())
        rows = [
            self.without(name)
            .annotate(
                tells_unreported=TELLS_UNREPORTED, is_promised=is_promised, but=Value(name, CharField())
            )
            .values_list("but", *self.FACTS)
            for name in found
        ]
        for name, *facts in together(rows):
            found[name].append(facts)
        return found

    @cached_property
    def counted(self):
        """How many rows there are of each key, {what: {key: number}}, counted together.

        `policy_area`, `entity` and `report` are the commitments of each that are asked for, where that is
        counted; `all` are those of each plan, whatever is asked for; `responsible` are the responsibilities
        of each entity.
        """
        on = self.filters.on
        rows = {"all": self.all_rows().begun(on).values(key=F("plan")).annotate(n=Count("pk"))}
        if not self.counts_entities or self.filters.values.get("entity_tree"):
            named = Responsibility.objects.published().filter(entity__isnull=False)
            rows["responsible"] = named.values(key=F("entity")).annotate(n=Count("pk"))
        if self.counts_options:
            areas = self.without("policy_area").begun(on).filter(policy_areas__isnull=False)
            rows["policy_area"] = areas.values(key=F("policy_areas")).annotate(n=Count("pk"))
        if self.counts_entities and not self.filters.values.get("entity_tree"):
            named = self.responsible().values(key=F("entity"))
            rows["entity"] = named.annotate(n=Count("commitment", distinct=True))
        if self.counts_reports:
            cards = Assessment.objects.as_of(on).filter(
                commitment__in=self.without("report").begun(on).order_by().values("pk")
            )
            rows["report"] = cards.values(key=F("report")).annotate(n=Count("pk"))
        found = {what: {} for what in rows}
        for what, key, number in together(
            [
                each.annotate(what=Value(what, CharField())).values_list("what", "key", "n")
                for what, each in rows.items()
            ]
        ):
            found[what][key] = number
        return found

    def by_identifier(self, name, counted):
        """Return counts by the keys of rows as counts by their public identifiers."""
        rows = self.filters.form.fields[name].rows
        return {value: counted[row.pk] for value, row in rows.items() if row.pk in counted}

    @property
    def counts_entities(self):
        """Whether it is counted what each entity has: with a role it would be another question."""
        return self.counts_options and "role" not in self.query()

    @property
    def counts_reports(self):
        """Whether it is counted what each report has: beside these it would be another question."""
        return self.counts_options and not {"level", "author", "entity", "role"} & set(self.query())

    def responsible(self):
        """Return the responsibilities of entities for what is asked for, whatever the entity."""
        rows = Responsibility.objects.stated(self.filters.values.get("report")).filter(
            commitment__in=self.without("entity").begun(self.filters.on).order_by().values("pk"),
            entity__isnull=False,
        )
        return rows.filter(role__in=self.filters.roles) if self.filters.roles else rows

    def families_counted(self):
        """Count the commitments of each entity and of what is attached to it."""
        of_entity = defaultdict(set)
        for commitment, entity in self.responsible().order_by().values_list("commitment", "entity"):
            of_entity[entity].add(commitment)
        entities = self.filters.form.fields["entity"].rows
        families = {slug: with_descendants([row], entities.values()) for slug, row in entities.items()}
        return {
            slug: len(set().union(*(of_entity[each.pk] for each in family)))
            for slug, family in families.items()
        }

    def for_reading(self, rows, on):
        return rows.for_listing(on)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        if context["errors"]:
            return context
        listed = context["page_obj"].paginator.count
        counted = (
            self.filters.qs.begun(self.filters.on).count()
            if self.is_narrowed_by_many
            else sum(row[-1] for row in self.facts_read[""])
        )
        asked = self.query().getlist("plan")
        is_whole = not set(self.query()) - {"as_of"}
        none_held = [plan for plan in self.none_held if is_whole or str(plan.number) in asked]
        declared = DeclaredFigure.objects.of_whole_plans(none_held) if none_held else {}
        return context | {
            # Those of which it is asked, and what documents say of each.
            "none_held": [(plan, declared.get(plan.pk, [])) for plan in none_held if asked],
            "promised": counted,
            "to_come": listed - counted,
            "is_whole": is_whole,
            "ready": self.ready_filters() if is_whole else [],
            "not_here": [(plan, declared[plan.pk][0].number) for plan in none_held if plan.pk in declared]
            if is_whole
            else [],
            "groups": self.in_groups(list(context["page_obj"])),
            "sought": _("plan, level, institution…"),
        }

    def ready_filters(self):
        """Return what many ask for, with how many there are: [(words, address)], what has none left out."""
        levels, late, past = self.facts("", "now__level", "now__is_overdue", "now__past_due")
        unknown = sum(
            past_due is True and is_late is None for past_due, is_late in zip(past, late, strict=True)
        )
        asked = [
            (complete_ones, levels.count("complete"), {"level": "complete"}),
            (not_started_ones, levels.count("not_started"), {"level": "not_started"}),
            (late_ones, late.count(True), {"overdue": "true"}),
            (unknown_ones, unknown, {"overdue": "unknown", "past_due": "true"}),
        ]
        return [(words(n) % {"n": n}, self.query_with(**query)) for words, n, query in asked if n]

    def query_with(self, **values):
        """Return the query string of this list with further values."""
        query = self.query()
        for name, value in values.items():
            query[name] = value
        return query.urlencode()

    @cached_property
    def none_held(self):
        """The plans that had begun, and of which the record holds no commitment."""
        plans = self.filters.form.fields["plan"].rows.values()
        held, on = self.counted["all"], self.filters.on
        return [plan for plan in plans if plan.pk not in held and plan.has_begun(on)]

    def in_groups(self, rows):
        """Return the rows of a page as Groups by plan; as one without a plan where plans do not follow.

        An order by title or due date, or that of words looked for, mixes the plans.
        """
        runs = [(plan, list(run)) for plan, run in groupby(rows, key=lambda row: row.plan)]
        if len(runs) > len({plan for plan, _run in runs}):
            return [Group(rows=rows)]
        counts, unassessed = Counter(), Counter()
        if not self.is_narrowed_by_many:
            for plan, level in zip(*self.facts("", "plan", "now__level"), strict=True):
                counts[plan] += 1
                unassessed[plan] += level is None
        return [
            Group(
                rows=run,
                plan=plan,
                count=counts[plan.pk],
                is_unassessed=bool(counts[plan.pk]) and unassessed[plan.pk] == counts[plan.pk],
            )
            for plan, run in runs
        ]

    def option_label(self, name, value, label):
        label = super().option_label(name, value, label)
        if name == "theme":
            plan = self.filters.form.fields["theme"].rows[value].plan_id
            return _("%(theme)s (plan %(number)s)") % {"theme": label, "number": self.plan_numbers[plan]}
        if name == "ordering" and value.startswith("-"):
            return _("%(name)s, last first") % {"name": label}
        return label

    @cached_property
    def plan_numbers(self):
        """The Roman number of each plan, by its key."""
        return {plan.pk: plan.roman for plan in self.filters.form.fields["plan"].rows.values()}


# Of each kind so many addresses; the data has all.
MOST_PROOFS = 80


class CommitmentDetail(Dated, RecordDetail):
    slug_field = slug_url_kwarg = "code"

    def get_queryset(self):
        on = self.reading.on
        # Reports that exist, and of which no level is here.
        reports = Report.objects.as_of(on).not_held().filter(plan=OuterRef("plan"))
        count = reports.order_by().values("plan").annotate(number=Count("pk")).values("number")
        return Commitment.objects.published().for_page(on).annotate(not_held=Subquery(count))

    def get_context_data(self, **kwargs):
        commitment = self.object
        cards = commitment.path
        on = self.reading.on
        milestones = Milestone.objects.filter(commitment=commitment).for_page(on)
        for milestone in milestones:
            milestone.commitment = commitment
        updates = [update for milestone in milestones for update in milestone.updates_on]
        read_parts([commitment], *Commitment.PARTS[:-1], Prefetch("findings", Finding.objects.as_of(on)))
        coded = list(commitment.findings.all())
        owners = [commitment, *cards, *milestones, *updates]
        read_evidence(owners)
        links = [row for owner in owners for row in owner.evidence.all()]
        children = ("further_sources", "responsibilities", "titles", "items")
        parts = [row for name in children for row in getattr(commitment, name).all()]
        read_documents([*owners, *links, *parts, *coded, *(card.report for card in cards)])
        for milestone in milestones:
            milestone.proofs_count = len(milestone.evidence.all()) + sum(
                len(update.evidence.all()) for update in milestone.updates_on
            )
        proofs = gather(commitment, cards, milestones)
        return super().get_context_data(**kwargs) | {
            "milestones": milestones,
            "is_to_come": commitment.is_to_come,
            "to_come": _("It was not in its plan yet; it is in no count of that day.")
            if commitment.joins_later
            else _("Its plan had not begun yet; it is in no count of that day."),
            "cards": cards,
            "others": [card for card in commitment.latest_by_author if card != commitment.shown],
            "new_ends": [card for card in commitment.assessments_on if card.new_end_as_printed],
            # Why it was not complete: of what is complete by now the cards below say what had been missing.
            "reasons": []
            if commitment.shown_level == Level.COMPLETE
            else [card for card in cards if card.delay_reason],
            "card_rows": card_rows(cards),
            "has_both_languages": len({card.report.language for card in cards if card.has_card}) > 1,
            "has_cards": any(card.has_card for card in cards),
            "proofs": [(label, rows[:MOST_PROOFS], len(rows)) for label, rows in proofs],
            "evidence_count": len(links),
            "addresses_count": sum(len(rows) for _label, rows in proofs),
            "standings": standings(milestones),
            "quoted": None if commitment.description else promise_told(cards),
            "findings": findings(coded),
            "responsibilities": by_report(commitment.responsibilities.all()),
            "topics": topics_of(commitment),
            "previous": Commitment.named(commitment.before),
            "next": Commitment.named(commitment.behind),
        }


def gather(commitment, cards, milestones):
    """Return the evidence of a commitment wherever it hangs: [(what it proves, [(evidence, places)])].

    Each address or file stands once, where it is named first; `places` are all rows of the record that name
    it, each with what it proves there: (evidence, words).
    """
    groups = [
        (
            _("Of the milestones"),
            [
                (row, _("Proves milestone %(code)s") % {"code": milestone.code})
                for milestone in milestones
                for owner in (milestone, *milestone.updates_on)
                for row in owner.evidence.all()
            ],
        ),
        (_("Of the commitment"), [(row, _("Proves the commitment")) for row in commitment.evidence.all()]),
        (
            _("Of the cards of the reports"),
            [
                (row, _("Named by the card of %(report)s") % {"report": card.report.cutoff_on.year})
                for card in cards
                for row in card.evidence.all()
            ],
        ),
    ]
    known, gathered = {}, []
    for label, named in groups:
        rows = []
        for row, what in named:
            key = address_of(row)
            if key not in known:
                known[key] = []
                rows.append((row, known[key]))
            known[key].append((row, what))
        if rows:
            gathered.append((label, rows))
    return gathered


def address_of(row):
    """Return what makes two rows of evidence the same: the file, or the address but for how it is written."""
    if row.is_file:
        return row.sha256
    parts = urlsplit(row.href)
    host = parts.netloc.casefold().removeprefix("www.")
    return host, parts.path.rstrip("/"), parts.query, parts.fragment


def promise_told(cards):
    """Return the last card that tells what was promised, and its words; None where there is none.

    One in the reader's language is preferred; of a card its description, or else its objective.
    """
    told = [
        {"card": card, "words": card.description or card.objective}
        for card in reversed(cards)
        if card.has_card and (card.description or card.objective)
    ]
    own = [each for each in told if each["card"].report.language == reader_language()]
    return next(iter(own or told), None)


# Short rows of a card: what changed in one of them is seen at a glance.
SHORT_ROWS = ("official_name", "official_position", "new_end_as_printed", "next_steps")


def card_rows(cards):
    """Return [(name, label, [(assessment, state, text) of each card], whether it moved)]: cards side by side.

    The states are those of `Assessment.row_state`, 'none' where a report gave only the level, and 'same'
    where a card says what the one before it said, in the same language. Rows that no report has in its form
    are left out. A short row moved where two cards say different things.
    """
    rows = []
    for name, label in Assessment.ROWS.items():
        cells, said = [], {}
        for card in cards:
            state, words = card.row_state(name) if card.has_card else "none", getattr(card, name)
            language = card.report.language
            if state == "text":
                state = "same" if said.get(language) == words else "text"
                said[language] = words
            cells.append((card, state, words))
        if any(state in ("text", "blank") for _card, state, _words in cells):
            rows.append((name, label, cells, has_moved(name, cells)))
    return rows


def has_moved(name, cells):
    """Tell whether two cards say different things on a short row.

    Words are compared in one language only, but for names.
    """
    if name not in SHORT_ROWS:
        return False
    said = defaultdict(set)
    for card, _state, words in cells:
        if words:
            said[card.report.language if name != "official_name" else ""].add(words)
    return any(len(words) > 1 for words in said.values())


def findings(rows):
    """Return some findings, a list for each source: (finding, measure, value, scale)."""
    groups = {}
    for row in rows:
        words = [FINDING_LABELS.get(code, code) for code in (row.measure, row.value, row.scale)]
        groups.setdefault((row.document_id, row.place), []).append((row, *words))
    return list(groups.values())


def by_report(responsibilities):
    """Return [(report or None for the plan itself, its responsibilities)], the plan first, leads first."""
    groups = {}
    for row in responsibilities:
        groups.setdefault(row.report, []).append(row)
    order = list(Responsibility.Role)
    return [(report, sorted(rows, key=lambda row: order.index(row.role))) for report, rows in groups.items()]
