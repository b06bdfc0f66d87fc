"""What some commitments add up to, in one sentence: each counted once, and whose judgement it is."""

from collections import Counter
from dataclasses import dataclass, field

from . import compliance
from .models import Report


@dataclass
class Verdict:
    """What some commitments add up to, each counted once.

    In the first that fits: withdrawn, complete, judged not complete, judged unclear, not assessed.
    """

    total: int
    withdrawn: int = 0
    complete: int = 0
    incomplete: int = 0
    unclear: int = 0
    unassessed: int = 0
    # {(author, year): how many of those that are complete}: whose judgement it is, and of when.
    judges: Counter = field(default_factory=Counter)

    @property
    def assessed(self):
        return self.total - self.unassessed

    @property
    def is_by_irm(self):
        """Whether the IRM judged any of those that are complete: few readers know who that is."""
        return any(author == Report.Author.IRM for author, _year in self.judges)

    @property
    def by(self):
        """Who judged those that are complete, most first: [(author in words, year, how many)]."""
        judges = sorted(self.judges.items(), key=lambda each: (-each[1], each[0]))
        return [(Report.IN_A_SENTENCE[author], year, n) for (author, year), n in judges]


def verdict(judged):
    """Return the Verdict of commitments that were counted by what the reports judged."""
    counts, judges = Counter(), Counter()
    for some in judged:
        kind = compliance.KIND_OF_LEVEL[some.level]
        counts[kind] += some.count
        if kind == "complete":
            judges[some.author, some.cutoff_on.year] += some.count
    return Verdict(total=counts.total(), judges=judges, **counts)
