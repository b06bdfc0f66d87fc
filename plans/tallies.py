"""Tallies of a report that need the responsibilities of its plan's commitments."""

from record.reading import at_hand

from . import compliance


def connect(plan, commitments, reports, cards):
    """Let the rows of a plan that were read know each other, so that no tally asks for them again.

    `reports` are those of the plan that are published; the `responsibilities` of the commitments and the
    `cards` name them. `plan.themes` were read.
    """
    themes = {theme.pk: theme for theme in plan.said_themes}
    of_pk = {report.pk: report for report in reports}
    of_report = {report.pk: [] for report in reports}
    at_hand(plan, commitments=commitments)
    for commitment in commitments:
        commitment.plan = plan
        if commitment.theme_id in themes:
            commitment.theme = themes[commitment.theme_id]
        for row in commitment.responsibilities.all():
            if row.report_id in of_pk:
                row.report = of_pk[row.report_id]
    for card in cards:
        if card.report_id in of_pk:
            card.report = of_pk[card.report_id]
            of_report[card.report_id].append(card)
    for report in reports:
        report.plan = plan
        at_hand(report, assessments=of_report[report.pk])


def completion_by_entity(report):
    """Return {who leads or co-leads: tally}: an entity, a printed name, or None where no source names any.

    A responsibility counts if the plan states it, or this very report; a commitment counts once for each.
    Whoever leads most comes first, None last. Reads what `for_entities()` fetched.
    """
    groups = {}
    for commitment in report.plan.said_commitments:
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
