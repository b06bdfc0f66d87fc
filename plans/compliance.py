"""The scale of compliance and its arithmetic: plain functions, no queries.

The four levels are those of the OGP's compliance card ("Cumplimiento": No iniciado, Limitado, Sustancial,
Completo). Off the scale stand "withdrawn" and "unclear" of the IRM and "no evidence available".
"""

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from django.db import models
from django.utils.translation import gettext_lazy as _

from record.search import fold


class Level(models.TextChoices):
    """What a report judged of a commitment, worst to best; then the three that are off the scale."""

    NOT_STARTED = "not_started", _("Not started")
    LIMITED = "limited", _("Limited")
    SUBSTANTIAL = "substantial", _("Substantial")
    COMPLETE = "complete", _("Complete")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    UNCLEAR = "unclear", _("Unclear")
    NO_EVIDENCE = "no_evidence", _("No evidence available")


# How documents print each level, in both languages.
PRINTED = {
    Level.NOT_STARTED: r"not started|uninitiated|no iniciad[oa]s?",
    Level.LIMITED: r"limited|limitad[oa]s?",
    Level.SUBSTANTIAL: r"substantial(?:ly)?|sustancial(?:mente)?",
    Level.COMPLETE: r"completed?|complet[oa]s?|completad[oa]s?",
    Level.WITHDRAWN: r"withdrawn|retirad[oa]s?",
    Level.UNCLEAR: r"unclear|no (?:es|esta) clar[oa]|no clar[oa]",
    Level.NO_EVIDENCE: r"no evidence|sin evidencia",
}


def levels_in(text):
    """Return the levels that a printed text names, in either language; none where it names none."""
    plain = fold(text)
    return {level for level, words in PRINTED.items() if re.search(rf"\b(?:{words})\b", plain)}


# In which of the kinds of the whole record a commitment is counted, by its level shown.
KIND_OF_LEVEL = {
    Level.WITHDRAWN: "withdrawn",
    Level.COMPLETE: "complete",
    Level.SUBSTANTIAL: "incomplete",
    Level.LIMITED: "incomplete",
    Level.NOT_STARTED: "incomplete",
    Level.UNCLEAR: "unclear",
    Level.NO_EVIDENCE: "unclear",
    None: "unassessed",
}

SCALE = (Level.NOT_STARTED, Level.LIMITED, Level.SUBSTANTIAL, Level.COMPLETE)


def percent(part, whole):
    """Return part of whole in per cent, one decimal, half up; None where there is nothing to divide by."""
    if not whole:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Tally:
    """How many commitments stand at each level, of how many that the plan has.

    `is_full` says that the report covers its whole plan: only then do percentages mean anything
    (rule 1).
    """

    counts: Mapping[str, int]
    total: int
    is_full: bool = True

    @cached_property
    def assessed(self):
        """The number of commitments with any of the seven levels."""
        return sum(self.counts.values())

    @property
    def unassessed(self):
        """The number of commitments of the plan without a level here."""
        return self.total - self.assessed

    @cached_property
    def percent(self):
        """Each level in per cent of those assessed; all None where that would say more than is known."""
        whole = self.assessed if self.is_full else 0
        return {level: percent(count, whole) for level, count in self.counts.items()}

    def rows(self):
        """Return (level, count, percent) for all seven levels, in order."""
        return [(Level(level), count, self.percent[level]) for level, count in self.counts.items()]

    def shown_rows(self):
        """Return the rows that a table needs: the four of the scale, and the others where they occur."""
        return [row for row in self.rows() if row[0] in SCALE or row[1]]


def tally(levels: Iterable[str | None], total: int, is_full: bool = True) -> Tally:
    """Count levels, of `total` commitments; None (no assessment) is counted nowhere."""
    found = Counter(level for level in levels if level)
    return Tally({level.value: found[level.value] for level in Level}, total, is_full)


def tally_by(
    groups: Mapping[Hashable, Iterable[Hashable]], levels: Mapping[Hashable, str], is_full: bool = True
) -> dict[Hashable, Tally]:
    """Tally each group of commitments; `levels` gives the level of those that have one."""
    result = {}
    for group, members in groups.items():
        members = list(members)
        result[group] = tally((levels.get(member) for member in members), len(members), is_full)
    return result


@dataclass(frozen=True)
class Transition:
    """The commitments that went from one level to another between two reports; None is 'not assessed'."""

    before: str | None
    after: str | None
    members: tuple

    @property
    def count(self):
        return len(self.members)

    @property
    def is_unchanged(self):
        return self.before == self.after


def transitions(
    before: Mapping[Hashable, str], after: Mapping[Hashable, str], members: Iterable[Hashable]
) -> list[Transition]:
    """Group commitments by their level in two reports: all pairs that occur, unchanged and None included.

    In the order of the scale, before first, None last.
    """
    groups = {}
    for member in members:
        groups.setdefault((before.get(member), after.get(member)), []).append(member)
    order = {level.value: place for place, level in enumerate(Level)}

    def place(pair):
        return [order.get(level, len(order)) for level in pair]

    return [Transition(*pair, tuple(groups[pair])) for pair in sorted(groups, key=place)]


@dataclass(frozen=True)
class Moved:
    """How many commitments rose, stayed, fell between two reports; `other` came onto or off the scale."""

    rose: int = 0
    same: int = 0
    fell: int = 0
    other: int = 0


def moved(transitions: Iterable[Transition]) -> Moved:
    """Add up how commitments moved, by the order of the scale."""
    counts = Counter()
    for each in transitions:
        if each.is_unchanged:
            counts["same"] += each.count
        elif each.before in SCALE and each.after in SCALE:
            rose = SCALE.index(each.after) > SCALE.index(each.before)
            counts["rose" if rose else "fell"] += each.count
        else:
            counts["other"] += each.count
    return Moved(**counts)
