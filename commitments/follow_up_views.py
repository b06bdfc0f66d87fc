"""The follow-up board: which milestones need a word on a date, why, and whose they are."""

from collections import Counter, defaultdict

from django.db.models import Case, Value, When
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from entities.models import Entity
from faces.filters import ChoiceFilter
from faces.pages import FilteredList

from .filters import MilestoneFilters
from .models import Commitment, Milestone
from .models.milestone import FOLLOW_UP, needs_word, proved
from .models.responsibility import Answering

# A table with more lines than a record of a whole country has is looked at by nobody.
MOST_LINES = 300


class FollowUpFilters(MilestoneFilters):
    """The parameters of the board: those of the milestones in the API, and what its table is by."""

    by = ChoiceFilter(choices=[("entity", _("Entity")), ("commitment", _("Commitment"))], label=_("Table by"))


class FollowUp(FilteredList):
    is_dated = True
    template_name = "commitments/follow_up.html"
    filterset_class = FollowUpFilters
    controls = {"plan": "ticks", "entity": "select", "by": "select", "as_of": "date"}
    # The milestones of a whole plan on one page.
    per_page = 100

    def all_rows(self):
        return Milestone.objects.published()

    def offered(self, counts):
        fields = self.filters.form.fields
        plans = set(self.all_rows().order_by().values_list("commitment__plan", flat=True).distinct())
        entities = self.answering.everybody()
        return {
            "plan": {value for value, row in fields["plan"].rows.items() if row.pk in plans},
            "entity": {value for value, row in fields["entity"].rows.items() if row.pk in entities},
        }

    @cached_property
    def answering(self):
        """Who answers for each of all milestones."""
        return Answering(self.all_rows())

    @cached_property
    def entities(self):
        """Every entity that may be named, by its key."""
        return {row.pk: row for row in self.filters.form.fields["entity"].rows.values()}

    def for_reading(self, rows, on):
        return rows.select_related("commitment__plan", "document")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        if context["errors"]:
            return context
        values, on = self.filters.values, self.reading.on
        # The board counts every reason, whichever the list below is narrowed to.
        counted = Counted(self.without("follow_up").begun(on), on)
        for milestone in context["page_obj"] if values["follow_up"] else []:
            found = self.answering.of(milestone.pk, milestone.commitment_id)
            milestone.answering = [self.entities.get(who, who) for who in found]
        by_commitment = values["by"] == "commitment"
        lines = (
            counted.by_commitment(MOST_LINES)
            if by_commitment
            else counted.by_who_answers(self.answering, self.entities)
        )
        return context | {
            "count": counted.all.total(),
            # Before the first plan that has milestones "0 of 0" would say nothing.
            "is_before_all": not counted.all
            and set(self.query()) <= {"as_of", "by"}
            and bool(context["total"]),
            "reasons": [
                {
                    "label": label,
                    "count": number_of(what, counted.all),
                    "query": self.query_with(follow_up=what),
                    "is_chosen": values["follow_up"] == what,
                }
                for what, label in FOLLOW_UP
            ],
            "table": [self.line(who, reasons) for who, reasons in lines[:MOST_LINES]],
            "left_out": max(0, (counted.commitments if by_commitment else len(lines)) - MOST_LINES),
            "by_commitment": by_commitment,
            "data_query": without(self.query(), "by").urlencode(),
            "is_listed": bool(values["follow_up"]),
            "is_narrowed": bool(set(self.query()) - {"plan", "as_of", "follow_up", "by"}),
            "silent_plans": [
                (plan, n, self.query_with(plan=plan.number, follow_up="unreported"))
                for plan, n in counted.silent_plans(self.filters.form.fields["plan"].rows.values())
            ],
        }

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


class Counted:
    """The milestones of the board on a day, counted: Counters of the bits of their reasons."""

    def __init__(self, milestones, on):
        rows = milestones.order_by().annotate(bits=reasons_as_bits(on))
        # Asked for apart: inside of the other reasons it is what takes longest, though links are few.
        known = proved(on)
        # {milestone: (plan, commitment, bits)}
        self.rows = {
            pk: (
                plan,
                commitment,
                bits if bits & BITS["unreported"] or pk in known else bits | BITS["unproved"],
            )
            for pk, plan, commitment, bits in rows.values_list("pk", "commitment__plan", "commitment", "bits")
        }
        self.all = Counter(bits for _plan, _commitment, bits in self.rows.values())

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
