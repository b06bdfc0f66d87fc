"""Tallies of a report that need the responsibilities of its plan's commitments."""

from . import compliance


def completion_by_entity(report):
    """Return {who leads or co-leads: tally}: an entity, a printed name, or None where no source names any.

    A responsibility counts if the plan states it, or this very report; a commitment counts once for each.
    Whoever leads most comes first, None last. Reads what `for_entities()` fetched.
    """
    groups = {}
    for commitment in report.plan.commitments.all():
        leads = [row.entity or row.name_as_printed for row in commitment.leading(report)]
        for who in leads or [None]:
            groups.setdefault(who, []).append(commitment.pk)

    def place(who):
        return who is None, -len(groups[who]), getattr(who, "slug", who) or ""

    groups = {who: groups[who] for who in sorted(groups, key=place)}
    return compliance.tally_by(groups, report.levels(), report.is_full)


def for_entities(reports):
    """Fetch what the tallies of some reports need, those by entity included, in a fixed number of queries."""
    return reports.for_tally().prefetch_related("plan__commitments__responsibilities__entity")
