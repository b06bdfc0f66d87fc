"""Which plans are in the making: asked by the desk, and by whoever imports into one."""

from django.db.models import Exists, OuterRef, Q

from plans.models import Plan
from record.publication import Status
from record.rights import visible_to

from .models import Commitment


def plans_in_the_making(user):
    """Return the plans, as far as a user sees them, that are drafts, have drafts or no commitments yet."""
    rows = Commitment.objects.filter(plan=OuterRef("pk"))
    found = visible_to(user, Plan.objects.all())
    is_begun = Q(status=Status.DRAFT) | Exists(rows.filter(status=Status.DRAFT)) | ~Exists(rows)
    return found.filter(is_begun).order_by("-number")
