"""The follow-up board: which milestones need a word on a date, why, and whose they are."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.db.models import Case, Value, When
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from entities.models import Entity
from faces.filters import ChoiceFilter
from faces.pages import FilteredList
from record.dates import whole_months

from .filters import MilestoneFilters
from .models import Commitment, Milestone
from .models.milestone import FOLLOW_UP, needs_word, proved
from .models.responsibility import Answering

# A table with more lines than a record of a whole country has is looked at by nobody.
MOST_LINES = 300


class FollowUpFilters(MilestoneFilters):
    """The parameters of the board: those of the milestones in the API, and what it is grouped by."""

    by = ChoiceFilter(
        choices=[("entity", _("Institution")), ("commitment", _("Commitment"))], label=_("Group by")
    )


# What the board opens with on a day: the first reason for which any milestone needs a word.
MOST_PRESSING = ("silent", "overdue", "spoken", "due")


class FollowUp(FilteredList):
    """The milestones that need a word for a reason, the one that is asked for or the most pressing one."""

    is_dated = True
    template_name = "commitments/follow_up.html"
    filterset_class = FollowUpFilters
    controls = {"entity": "select", "by": "select", "as_of": "date"}
    # The milestones of a whole plan on one page.
    per_page = 100

    def all_rows(self):
        return Milestone.objects.published()

    def total(self, page):
        return self.all_rows().count()

    def offered(self, counts):
        rows, entities = self.filters.form.fields["entity"].rows, self.answering.everybody()
        return {"entity": {value for value, row in rows.items() if row.pk in entities}}

    @cached_property
    def answering(self):
        """Who answers for each of all milestones."""
        return Answering(self.all_rows())

    @cached_property
    def entities(self):
        """Every entity that may be named, by its key."""
        return {row.pk: row for row in self.filters.form.fields["entity"].rows.values()}

    @cached_property
    def counted(self):
        """The milestones by their reasons, whichever the list is narrowed to."""
        on = self.reading.on
        return Counted(self.without("follow_up").begun(on), on)

    @cached_property
    def reason(self):
        """The reason that is asked for, else the most pressing one; None where no milestone has one."""
        asked = self.filters.values["follow_up"]
        if asked:
            return asked
        return next((what for what in MOST_PRESSING if number_of(what, self.counted.all)), None)

    def for_reading(self, rows, on):
        rows = rows.select_related("commitment__plan", "document")
        if self.filters.values["follow_up"]:
            return rows
        return rows.begun(on).filter(needs_word(self.reason, on)) if self.reason else rows.none()

    def paginator(self, rows):
        """Return the milestones in pages, in groups of who answers or of a commitment, or as ordered."""
        self.listed = rows
        if self.filters.values.get("ordering"):
            return super().paginator(rows)
        columns = "pk", "commitment", "now__due_on", "code"
        return Paginator(in_groups(rows.order_by().values_list(*columns), self.group_of), self.per_page)

    def group_of(self, milestone, commitment):
        """Return what a milestone stands under: a commitment, or whoever answers for it, None for nobody.

        Of several who answer it is the first one, or the first that is asked for.
        """
        if self.filters.values["by"] == "commitment":
            return commitment
        answering = self.answering.of(milestone, commitment)
        asked = {entity.pk for entity in self.filters.values["entity"]}
        return next((who for who in answering if who in asked), answering[0] if answering else None)

    def read(self, page):
        """Return the milestones of a page in groups: a list of {"who", "count", "milestones"}."""
        if self.filters.values["ordering"]:
            return [{"who": None, "count": 0, "milestones": list(page)}]
        found = {row.pk: row for row in self.listed.filter(pk__in=[pk for _group, pk in page])}
        sizes = Counter(group for group, _pk in page.paginator.object_list)
        groups = {}
        for group, pk in page:
            groups.setdefault(group, []).append(found[pk])
        by_commitment = self.filters.values["by"] == "commitment"
        return [
            {
                "who": rows[0].commitment if by_commitment else self.entities.get(group, group),
                "count": sizes[group],
                "milestones": rows,
            }
            for group, rows in groups.items()
        ]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        if context["errors"]:
            return context
        values, on, counted = self.filters.values, self.reading.on, self.counted
        groups = self.read(context["page_obj"])
        by_commitment = values["by"] == "commitment"
        for group in groups:
            for milestone in group["milestones"]:
                found = self.answering.of(milestone.pk, milestone.commitment_id)
                who = [self.entities.get(who, who) for who in found]
                milestone.others = [each for each in who if each != group["who"]][:MOST_OTHERS]
        lines = (
            counted.by_commitment(MOST_LINES)
            if by_commitment
            else counted.by_who_answers(self.answering, self.entities)
        )
        # Before the first plan that has milestones "0 of 0" would say nothing.
        is_before_all = not counted.all and set(self.query()) <= {"as_of", "by"} and bool(context["total"])
        pressing = None if self.reason is None else counted.of(self.reason, on)
        return context | {
            "count": counted.all.total(),
            "is_before_all": is_before_all,
            "headline": self.headline(is_before_all, context["page_obj"].paginator.count),
            "reason": self.reason,
            "groups": groups,
            "is_grouped": not values["ordering"],
            "blocks": blocks_of(pressing.oldest, on) if pressing and pressing.oldest else 1,
            "pressing": pressing,
            "answering": self.who_answer(pressing.rows) if pressing else None,
            "reasons": self.reasons(counted),
            "table": [self.line(who, reasons) for who, reasons in lines[:MOST_LINES]],
            "left_out": max(0, (counted.commitments if by_commitment else len(lines)) - MOST_LINES),
            "by_commitment": by_commitment,
            "labels": [label for _what, label in FOLLOW_UP],
            "data_query": without(self.data_query(), "by").urlencode(),
            "not_here": self.not_here,
            "is_narrowed": bool(set(self.query()) - {"plan", "as_of", "follow_up", "by"}),
            "silent_plans": [
                (plan, n, n == len(pressing.rows))
                for plan, n in counted.silent_plans(self.filters.form.fields["plan"].rows.values())
                if self.reason == "silent"
            ],
        }

    @cached_property
    def not_here(self):
        """The plans that had begun on the day and of which no commitment is public.

        Those that are asked for, or all; none where the board is narrowed to something else.
        """
        if set(self.query()) - {"plan", "as_of", "follow_up", "by"}:
            return []
        asked = self.query().getlist("plan")
        plans = self.filters.form.fields["plan"].rows.values()
        begun = [plan for plan in plans if plan.has_begun(self.reading.on)]
        held = set(Commitment.objects.published().order_by().values_list("plan", flat=True).distinct())
        return [plan for plan in begun if plan.pk not in held and (not asked or str(plan.number) in asked)]

    def headline(self, is_before_all, number):
        """Return the sentence that answers: how many milestones need a word, and for what reason."""
        if is_before_all:
            return _("No plan of which milestones are here had begun")
        if self.reason is None:
            if not self.counted.all:
                return _("No milestone is here")
            return _("No milestone is past due")
        said = in_words(self.reason, number)
        silent = number_of("silent", self.counted.all)
        if self.reason == "overdue" and silent:
            # What is known to be late never stands alone (rule 1).
            return _("%(late)s; %(silent)s") % {"late": said, "silent": in_words("silent", silent)}
        return said

    def reasons(self, counted):
        """Return the other reasons that any milestone has: what a way to them says, and their query."""
        return [
            {"words": SAID_BRIEFLY[what](number) % {"n": number}, "query": self.query_with(follow_up=what)}
            for what, _label in FOLLOW_UP
            if what != self.reason and (number := number_of(what, counted.all))
        ]

    def who_answer(self, rows):
        """Return how many answer for some milestones, and for how many of these nobody is named."""
        found = [self.answering.of(pk, commitment) for pk, commitment in rows]
        return {"known": len(set().union(*found)), "unnamed": sum(not each for each in found)}

    def data_query(self):
        """Return the query of the same milestones in the API."""
        query = self.query()
        if self.reason and "follow_up" not in query:
            query["follow_up"] = self.reason
        return query

    def line(self, who, reasons):
        """Return a line of the table: who or what, and for each reason its milestones and their list."""
        asked = self.query().getlist("entity")
        if isinstance(who, Commitment):
            narrowed = {"commitment": who.code}
        elif isinstance(who, Entity) and (not asked or who.slug in asked):
            # Beside an entity that is asked for, the list of another one has more than its line counts.
            narrowed = {"entity": who.slug}
        else:
            narrowed = None
        query = self.query_with(follow_up="", **narrowed) if narrowed else ""
        cells = [
            (label, number_of(what, reasons), query.replace("follow_up=", f"follow_up={what}"))
            for what, label in FOLLOW_UP
        ]
        return {"who": who, "count": reasons.total(), "cells": cells}

    def query_with(self, **values):
        """Return the query string of this board with other values."""
        query = self.query()
        for name, value in values.items():
            query[name] = value
        return query.urlencode()


# Beside who a milestone stands under, so many others who answer for it are named in its row.
MOST_OTHERS = 3
# A bar has a block for each year; beyond so many the number beside it says it.
MOST_BLOCKS = 12


def in_groups(rows, group_of):
    """Return [(group, key)] of milestones, (key, commitment, due date, code) each.

    The largest group comes first, and in each what has been due for longest; nobody's group comes last.
    """
    groups = defaultdict(list)
    for pk, commitment, due_on, code in rows:
        groups[group_of(pk, commitment)].append((due_on or date.max, natural(code), pk))
    largest_first = sorted(groups.items(), key=lambda item: (item[0] is None, -len(item[1]), min(item[1])))
    return [(group, pk) for group, found in largest_first for _due_on, _code, pk in sorted(found)]


def natural(code):
    """Return a code as it is ordered: '5-4-10' behind '5-4-9'."""
    return [int(part) if part.isdigit() else 0 for part in code.split("-")]


def blocks_of(oldest, on):
    """Return how many blocks, one for each year begun, the bar of the longest wait has."""
    return min(max(1, -(-whole_months(oldest, on) // 12)), MOST_BLOCKS)


def in_words(reason, number):
    """Say how many milestones need a word for a reason."""
    return IN_WORDS[reason](number) % {"n": number}


IN_WORDS = {
    "silent": lambda n: ngettext(
        "%(n)s milestone past due, with no news since", "%(n)s milestones past due, with no news since", n
    ),
    "overdue": lambda n: ngettext(
        "%(n)s milestone late, according to a report", "%(n)s milestones late, according to a report", n
    ),
    "spoken": lambda n: ngettext(
        "%(n)s milestone with a report that does not say whether it was finished",
        "%(n)s milestones with a report that does not say whether they were finished",
        n,
    ),
    "due": lambda n: ngettext(
        "%(n)s milestone due in the next 90 days", "%(n)s milestones due in the next 90 days", n
    ),
    "undated": lambda n: ngettext(
        "%(n)s milestone without a due date in the sources",
        "%(n)s milestones without a due date in the sources",
        n,
    ),
    "unreported": lambda n: ngettext(
        "%(n)s milestone with no report here", "%(n)s milestones with no report here", n
    ),
    "unproved": lambda n: ngettext(
        "%(n)s milestone reported, without a link that proves it",
        "%(n)s milestones reported, without a link that proves it",
        n,
    ),
    "unknown": lambda n: ngettext(
        "%(n)s milestone past due, and nobody says whether it was done",
        "%(n)s milestones past due, and nobody says whether they were done",
        n,
    ),
}


# The same where it stands beside others, of milestones too.
SAID_BRIEFLY = {
    "silent": lambda n: ngettext("%(n)s past due, with no news", "%(n)s past due, with no news", n),
    "overdue": lambda n: ngettext(
        "%(n)s late, according to a report", "%(n)s late, according to a report", n
    ),
    "spoken": lambda n: ngettext(
        "%(n)s reported, not whether finished", "%(n)s reported, not whether finished", n
    ),
    "due": lambda n: ngettext("%(n)s due within 90 days", "%(n)s due within 90 days", n),
    "undated": lambda n: ngettext("%(n)s without a due date", "%(n)s without a due date", n),
    "unreported": lambda n: ngettext("%(n)s with no report", "%(n)s with no report", n),
    "unproved": lambda n: ngettext(
        "%(n)s with no link that proves it", "%(n)s with no link that proves it", n
    ),
}


def without(query, name):
    """Return a query without one of its names."""
    query = query.copy()
    query.pop(name, None)
    return query


# The reasons of a milestone as one number: a bit for each of FOLLOW_UP.
BITS = {what: 1 << place for place, (what, _label) in enumerate(FOLLOW_UP)}


def reasons_as_bits(on):
    """Return the bits of all reasons but `unproved` for which a milestone, `with_state(on)`, needs a word."""
    return sum(
        (
            Case(When(needs_word(what, on), then=Value(bit)), default=Value(0))
            for what, bit in BITS.items()
            if what != "unproved"
        ),
        Value(0),
    )


def number_of(what, reasons):
    """Return how many milestones need a word for a reason; `reasons` is a Counter of bits."""
    return sum(n for bits, n in reasons.items() if bits & BITS[what])


@dataclass
class Pressing:
    """The milestones that need a word for one reason: (key, commitment) each, and when they were due."""

    rows: list
    oldest: date | None
    newest: date | None


class Counted:
    """The milestones of the board on a day, counted: Counters of the bits of their reasons."""

    def __init__(self, milestones, on):
        rows = milestones.order_by().annotate(bits=reasons_as_bits(on))
        # Asked for apart: inside of the other reasons it is what takes longest, though links are few.
        known = proved(on)
        # {milestone: (plan, commitment, bits)}
        self.rows, self.due_on = {}, {}
        columns = "pk", "commitment__plan", "commitment", "bits", "now__due_on"
        for pk, plan, commitment, bits, due_on in rows.values_list(*columns):
            is_proved = bits & BITS["unreported"] or pk in known
            self.rows[pk] = plan, commitment, bits if is_proved else bits | BITS["unproved"]
            self.due_on[pk] = due_on
        self.all = Counter(bits for _plan, _commitment, bits in self.rows.values())

    def of(self, what, on):
        """Return the Pressing of those that need a word for a reason, with their due dates before the day."""
        bits = BITS["silent"] | BITS["spoken"] if what == "unknown" else BITS[what]
        rows = [(pk, commitment) for pk, (_plan, commitment, own) in self.rows.items() if own & bits]
        past = [day for pk, _commitment in rows if (day := self.due_on[pk]) and day < on]
        return Pressing(rows, min(past, default=None), max(past, default=None))

    def silent_plans(self, plans):
        """Return [(plan, its milestones)], the first plan first, of some plans.

        Of these every milestone is past due, and none was ever reported on.
        """
        both = BITS["silent"] | BITS["unreported"]
        milestones = Counter(plan for plan, _commitment, _bits in self.rows.values())
        spoken = {plan for plan, _commitment, bits in self.rows.values() if bits & both != both}
        silent = [plan for plan in plans if plan.pk in milestones and plan.pk not in spoken]
        return [(plan, milestones[plan.pk]) for plan in sorted(silent, key=lambda plan: plan.number)]

    @property
    def commitments(self):
        """The number of commitments with a milestone."""
        return len({commitment for _plan, commitment, _bits in self.rows.values()})

    def by_commitment(self, most):
        """Return [(commitment, Counter)], in their order, so many at most."""
        groups = defaultdict(Counter)
        for _plan, commitment, bits in self.rows.values():
            groups[commitment][bits] += 1
        rows = Commitment.objects.filter(pk__in=groups).only(*Commitment.NAMING)[:most]
        return [(commitment, groups[commitment.pk]) for commitment in rows]

    def by_who_answers(self, answering, entities):
        """Return [(who answers, Counter)]: an entity, a printed name, or None where no source names anybody.

        Whoever has most comes first, None last. `answering` knows who it is, `entities` has them by key.
        """
        groups = defaultdict(Counter)
        for pk, (_plan, commitment, bits) in self.rows.items():
            for who in answering.of(pk, commitment) or [None]:
                groups[who][bits] += 1
        lines = [(entities.get(who, who), reasons) for who, reasons in groups.items()]
        return sorted(lines, key=lambda line: (line[0] is None, -line[1].total(), str(line[0])))
