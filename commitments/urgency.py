"""How pressing a milestone is for those who report on it, and which commitments nobody moves any more.

Conditions are of rows that were read `with_state(on)`.
"""

from datetime import timedelta

from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _

from plans.compliance import Level

from .models import Milestone, MilestoneState
from .models.milestone import Progress
from .models.state import promised
from .state import COMPLETE, WITHDRAWN

SOON_DAYS = 30
QUIET_DAYS = 180
# There is still something to do; and its due date is past, done or not is not known or known to be late.
OPEN = ~Q(now__status__in=[COMPLETE, WITHDRAWN])
PAST_DUE = Q(now__past_due=True) & (Q(now__is_overdue=True) | Q(now__is_overdue=None))

URGENCIES = [
    ("past_due", _("Past due, and not said to be complete")),
    ("due", _("Due in the next 30 days")),
    ("silent", _("Past due, and nobody has reported since")),
    ("undated", _("No source gives an end")),
    ("unreported", _("Nothing reported")),
]


def due_soon(on):
    """Return the condition that a milestone that is not done is due in the next 30 days."""
    return OPEN & Q(now__due_on__gte=on, now__due_on__lte=on + timedelta(days=SOON_DAYS))


def pressing(what, on):
    """Return the condition that a milestone is pressing on a day in a way of URGENCIES.

    Of what had not been promised by then nothing is (rule 5).
    """
    match what:
        case "past_due":
            condition = PAST_DUE
        case "due":
            condition = due_soon(on)
        case _:
            condition = Progress.COUNTED[what]
    return condition & promised(on, "commitment__")


def by_urgency(on):
    """Return the order of milestones, the most pressing first.

    What is past due, then what is due soon, due later, without a date, and done; of each the newest plan
    first, and in it what has been due for longest.
    """
    place = Case(
        When(PAST_DUE, then=Value(0)),
        When(due_soon(on), then=Value(1)),
        When(OPEN & Q(now__due_on__isnull=False), then=Value(2)),
        When(OPEN, then=Value(3)),
        default=Value(4),
    )
    due = F("now__due_on").asc(nulls_last=True)
    return [place.asc(), "-commitment__plan__number", due, "commitment__number", "number", "pk"]


# Commitments.

AT_REST = [
    ("no_next", _("Without a next milestone")),
    ("quiet", _("No word for 180 days")),
]


def at_rest(what, on):
    """Return the condition that a commitment that is not done is at rest on a day in a way of AT_REST."""
    return _to_do(on) & (without_next(on) if what == "no_next" else quiet(on))


def _to_do(on):
    """Return the condition that a commitment is in its plan, and not said to be done or withdrawn.

    A report says so of it, or updates of all its milestones.
    """
    is_done = Q(now__level__in=[Level.COMPLETE, Level.WITHDRAWN])
    all_done = Q(now__total__gt=0, now__complete=F("now__total"))
    in_plan = Q(in_plan_until=None) | Q(in_plan_until__gte=on)
    return promised(on) & in_plan & (Q(now__level=None) | ~is_done) & ~all_done


def without_next(on):
    """Return the condition that no milestone of a commitment ends today or later, as announced last."""
    coming = states_of_milestones(on).filter(current_ends_on__gte=on)
    return ~Exists(coming.exclude(status__in=[COMPLETE, WITHDRAWN]))


def quiet(on):
    """Return the condition that a commitment was promised 180 days ago, and nobody spoke of it since."""
    since = on - timedelta(days=QUIET_DAYS)
    unjudged = Q(now__spoken_on=None) | Q(now__spoken_on__lt=since)
    return promised(since) & unjudged & ~Exists(states_of_milestones(on).filter(reported_on__gte=since))


def states_of_milestones(on):
    """Return the states, on a day, of the milestones of the commitment of an outer query."""
    states = MilestoneState.objects.on(on).filter(milestone__commitment=OuterRef("pk"))
    return states.filter(Milestone.standing("milestone__"))
