"""The record as a picture: a square for each commitment, a row for each plan, and what each row says.

The squares of a row lie from the best kept to what nobody judged, so that rows compare like bars.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from record.publication import other_end

from .compliance import Level
from .models import DeclaredFigure, Plan, Report

# From the best kept to what nobody judged; what was withdrawn stands before that.
IN_ORDER = [
    Level.COMPLETE,
    Level.SUBSTANTIAL,
    Level.LIMITED,
    Level.NOT_STARTED,
    Level.UNCLEAR,
    Level.NO_EVIDENCE,
    Level.WITHDRAWN,
    None,
]
# How lists stand that say what was not kept: the worst first, and what nobody judged last.
WORST_FIRST = [
    Level.NOT_STARTED,
    Level.LIMITED,
    Level.SUBSTANTIAL,
    Level.UNCLEAR,
    Level.NO_EVIDENCE,
    Level.WITHDRAWN,
    Level.COMPLETE,
    None,
]
PLACES = {level: place for place, level in enumerate(IN_ORDER)}
# A plan of more commitments is told in words: nobody looks at so many squares.
MOST_SQUARES = 150


def in_order(commitments):
    """Return commitments read `with_state`, the best kept first, else as they are."""
    return sorted(commitments, key=lambda each: PLACES[each.shown_level])


@dataclass
class Row:
    """A plan with the squares of its commitments, and what is to be said of it on a day."""

    plan: Plan
    on: object
    commitments: list
    # How many the record holds, drawn or not.
    total: int
    # {level or None: how many}, of those that were in the plan on the day.
    counts: dict
    # {(author, year): how many were judged by it}
    judges: dict
    # How many are past due, and nobody judged since.
    silent: int = 0
    # How many the plan has by the documents, where the record holds none of them.
    declared_by: list = field(default_factory=list)
    # Reports that exist and of which the record holds no level.
    not_held: list = field(default_factory=list)
    # The last cut-off of the levels shown.
    judged_on: date | None = None

    @property
    def declared(self):
        """How many the plan has by a document; of several that disagree, by the first."""
        return self.declared_by[0] if self.declared_by else None

    @property
    def is_to_come(self):
        return not self.plan.has_begun(self.on)

    @property
    def is_in_force(self):
        return not self.is_to_come and (self.plan.ends_on is None or self.plan.ends_on >= self.on)

    @property
    def assessed(self):
        return self.counted - self.counts.get(None, 0)

    @property
    def counted(self):
        return sum(self.counts.values())

    @property
    def at_levels(self):
        """[(level or None, how many)] of the levels that occur, in the order of the squares."""
        return [(level, self.counts[level]) for level in IN_ORDER if self.counts.get(level)]

    @property
    def complete(self):
        return self.counts.get(Level.COMPLETE, 0)

    @property
    def not_started(self):
        return self.counts.get(Level.NOT_STARTED, 0)

    @property
    def halfway(self):
        """How many were begun and not completed."""
        return self.counts.get(Level.LIMITED, 0) + self.counts.get(Level.SUBSTANTIAL, 0)

    @property
    def unclear(self):
        """Of how many a report could not tell."""
        return self.counts.get(Level.UNCLEAR, 0) + self.counts.get(Level.NO_EVIDENCE, 0)

    @property
    def withdrawn(self):
        return self.counts.get(Level.WITHDRAWN, 0)

    @property
    def unassessed(self):
        return self.counts.get(None, 0)

    @cached_property
    def judge(self):
        """The one author and year of all levels shown, as (author, year); None where there are several."""
        return next(iter(self.judges)) if len(self.judges) == 1 else None

    @property
    def author(self):
        """Who judged, in words; '' where there are several."""
        authors = {author for author, _year in self.judges}
        return Report.IN_A_SENTENCE[authors.pop()] if len(authors) == 1 else ""

    @property
    def year(self):
        """When the last of the levels shown was judged."""
        return max((year for _author, year in self.judges), default=None)

    @property
    def has_unread_end(self):
        """Whether a report exists on how the plan ended, of which the record holds no level."""
        return any(report.stage in Report.OF_THE_END for report in self.not_held)

    @property
    def says(self):
        """Return which sentence is true of the row: a key of `plans/_says.html`."""
        if not self.total:
            return "declared" if self.declared else "unknown"
        if self.is_to_come:
            return "to-come"
        if self.assessed == self.counted and self.counted:
            return "complete"
        if self.assessed:
            return "assessed"
        if self.has_unread_end:
            return "not-held"
        if self.silent and self.silent == self.counted:
            return "silent"
        return "not-assessed"


@dataclass
class Picture:
    """The rows of some plans, the first as given, and what they add up to."""

    rows: list

    @cached_property
    def counts(self):
        """{level or None: how many commitments} of the plans that had begun."""
        counts = Counter()
        for row in self.rows:
            if not row.is_to_come:
                counts.update(row.counts)
        return counts

    @property
    def key(self):
        """Return [(level or None, how many)], in the order of the squares, of the levels that occur."""
        return [(level, self.counts[level]) for level in IN_ORDER if self.counts[level]]

    @property
    def to_come(self):
        """The rows whose commitments the record does not hold: outlines, no squares."""
        return [row for row in self.rows if not row.total and row.declared]


def row_of(plan, on, commitments, not_held):
    """Return the Row of a plan whose commitments were read `for_lines`, with the reports that are not held.

    It asks only for the declared number, and only where the record holds no commitment.
    """
    counts, judges, cutoffs = Counter(), Counter(), []
    counted = [each for each in commitments if not each.joins_later]
    for each in counted:
        counts[each.shown_level and Level(each.shown_level)] += 1
        if each.shown:
            judges[each.shown.report.author, each.shown.report.cutoff_on.year] += 1
            cutoffs.append(each.shown.report.cutoff_on)
    declared = {} if commitments else DeclaredFigure.objects.of_whole_plans([plan])
    return Row(
        plan=plan,
        on=on,
        commitments=in_order(commitments) if len(commitments) <= MOST_SQUARES else [],
        total=len(commitments),
        counts=dict(counts),
        judges=judges,
        silent=sum(each.is_silent for each in counted),
        declared_by=[] if commitments else [each.number for each in declared.get(plan.pk, [])],
        not_held=not_held,
        judged_on=max(cutoffs, default=None),
    )


def picture(plans, on, judged, reports):
    """Return the Picture of some published plans on a day; each has `commitments_count`.

    `judged` counts their commitments, `reports` are those on them (`judged_of()`, `reports_of()`).
    """
    plans = list(plans)
    drawn = [plan.pk for plan in plans if 0 < plan.commitments_count <= MOST_SQUARES]
    squares = defaultdict(list)
    commitments = other_end(Plan, "commitments").published().filter(plan__in=drawn)
    for commitment in commitments.for_squares(on) if drawn else ():
        squares[commitment.plan_id].append(commitment)
    counts, judges, silent = defaultdict(Counter), defaultdict(Counter), Counter()
    for some in judged:
        counts[some.plan][some.level and Level(some.level)] += some.count
        silent[some.plan] += some.silent
        if some.author:
            judges[some.plan][some.author, some.cutoff_on.year] += some.count
    none_held = [plan for plan in plans if not plan.commitments_count]
    declared = DeclaredFigure.objects.of_whole_plans(none_held) if none_held else {}
    return Picture(
        [
            Row(
                plan=plan,
                on=on,
                commitments=in_order(squares[plan.pk]),
                total=plan.commitments_count,
                # A template would ask a Counter for how many "items" there are.
                counts=dict(counts[plan.pk]),
                judges=judges[plan.pk],
                silent=silent[plan.pk],
                declared_by=[figure.number for figure in declared.get(plan.pk, [])],
                not_held=[each for each in reports if each.plan_id == plan.pk and not each.is_held],
            )
            for plan in plans
        ]
    )


def judged_of(plans, on):
    """Count the commitments of some plans by what the reports judged of them up to a day."""
    return other_end(Plan, "commitments").published().filter(plan__in=plans).judged(on)


def reports_of(plans, on):
    """Return the published reports on some plans with a cut-off up to a day, the last one first."""
    reports = Report.objects.as_of(on).filter(plan__in=plans)
    return list(reports.defer("card_form").order_by("-cutoff_on", "slug"))
