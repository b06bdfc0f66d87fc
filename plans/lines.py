"""The commitments of a plan as the lines of its page: in groups, each with what is true of all of it."""

from dataclasses import dataclass

from .compliance import KIND_OF_LEVEL
from .models import Theme
from .picture import PLACES, WORST_FIRST

# As many lines as a page has; the explorer has all.
MOST_LINES = 150
# The groups of a plan of which something was judged, the most pressing first.
KINDS = ("incomplete", "unclear", "withdrawn", "complete", "unassessed")


def lateness_of(commitment):
    """Say in a word what is known of its due date: 'late', 'silent', 'spoken', 'due' or ''."""
    if commitment.is_overdue:
        return "late"
    if commitment.is_silent:
        return "silent"
    if commitment.is_unknown:
        return "spoken"
    return "due" if commitment.due_on and not commitment.past_due else ""


@dataclass
class Group:
    """Some commitments of a plan, all of a kind or of a theme; `kind` is '' where they go by theme."""

    kind: str
    theme: Theme | None
    commitments: list
    # How many it has, shown or not.
    total: int = 0

    def __post_init__(self):
        self.total = len(self.commitments)
        for each in self.commitments:
            each.lateness = lateness_of(each) if self.kind not in ("complete", "withdrawn") else ""

    @property
    def same(self):
        """One commitment with the due date and lateness that all have, where they have the same; or None."""
        told = {(each.due_on, each.lateness) for each in self.commitments}
        return self.commitments[0] if len(told) == 1 and self.total > 1 else None

    @property
    def is_of_nobody(self):
        """Whether no source names an institution for any of them."""
        return self.total > 1 and not any(each.leads for each in self.commitments)


def groups_of(commitments, themes):
    """Return the Groups of the commitments of a plan, and how many of them are left out.

    Where something was judged the worst come first; else they go by theme, those without one last.
    """
    if any(each.shown_level for each in commitments):
        found = {kind: [] for kind in KINDS}
        for each in sorted(commitments, key=lambda each: WORST_FIRST.index(each.shown_level)):
            found[KIND_OF_LEVEL[each.shown_level]].append(each)
        groups = [Group(kind, None, members) for kind, members in found.items() if members]
    else:
        groups = [Group("", theme, members) for theme, members in by_theme(commitments, themes)]
    room = MOST_LINES
    for group in groups:
        group.commitments = group.commitments[:room]
        room -= len(group.commitments)
    return [group for group in groups if group.commitments], max(len(commitments) - MOST_LINES, 0)


def by_theme(commitments, themes):
    """Return [(theme, its commitments)] in the plan's order; those without a theme come last, under None."""
    groups = {theme: [] for theme in themes}
    for commitment in commitments:
        groups.setdefault(commitment.theme, []).append(commitment)
    return [(theme, members) for theme, members in groups.items() if members]


def squares_by_theme(row, themes):
    """Return [(theme, its commitments, how many are complete)] of a Row; nothing without themes."""
    if not themes or not row.commitments:
        return []
    return [
        (theme, members, sum(PLACES[each.shown_level] == 0 for each in members))
        for theme, members in by_theme(row.commitments, themes)
    ]
