"""Who answers for a milestone, read row by row: what the portal's own ways are compared with."""


def answering(milestone):
    """Return who answers for a milestone, each once: entities or, without one, printed names."""
    named = [row.entity for row in milestone.responsible.all() if row.entity]
    rows = milestone.commitment.responsibilities.all()
    leads = [row.entity or row.name_as_printed for row in rows if row.is_leading()]
    return list(dict.fromkeys(named or leads))
