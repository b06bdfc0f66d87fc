"""Which rows of this app a user may touch, and which of them are public."""

from django.db.models import Q

from ogp_portal.common.rights import entities_of, is_focal_point
from plans.models import Status

from .models import Assessment, Commitment, Evidence, Finding, Milestone, Responsibility, Update

# The ways from a row to its commitment.
_WAYS = {
    Commitment: ["pk"],
    Milestone: ["commitment"],
    Update: ["milestone__commitment"],
    Evidence: ["commitment", "milestone__commitment", "update__milestone__commitment"],
}


def own(user, rows):
    """Keep the rows of a queryset that a user may see and edit.

    A focal point's are those of the commitments that his entities lead or co-lead, by the plan or any of its
    reports; everyone else's are all.
    """
    if not is_focal_point(user):
        return rows
    if rows.model not in _WAYS:
        return rows.none()
    commitments = Commitment.objects.of_entity(entities_of(user), Responsibility.LEADING).values("pk")
    condition = Q()
    for way in _WAYS[rows.model]:
        condition |= Q(**{f"{way}__in": commitments})
    return rows.filter(condition)


def is_own(user, row):
    """Tell whether a stored row is among those that a user may see and edit."""
    return not is_focal_point(user) or own(user, type(row)._base_manager.filter(pk=row.pk)).exists()


def is_public(row):
    """Tell whether the public sees a row as it is stored, so that it changes only with a reason (rule 3)."""
    stored = type(row)._default_manager.filter(pk=row.pk)
    if isinstance(row, Update):
        # Whoever published it has said it, also while its plan or report is a draft again.
        return stored.filter(workflow=Status.PUBLISHED).exists()
    if isinstance(row, Assessment):
        return stored.as_of().exists()
    if isinstance(row, Finding):
        return stored.filter(commitment__plan__status=Status.PUBLISHED).exists()
    return stored.published().exists()
