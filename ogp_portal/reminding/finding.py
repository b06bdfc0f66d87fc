"""Of what somebody is to be told on a day, whether or not he was told already: `notices()`.

Only what there is a right to is told: whoever has no account, no entity or no role any more is told nothing.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q

from accounts.models import MailKind
from accounts.muting import kinds_of
from commitments.actions import last_return, last_submission
from commitments.models import Milestone, Update
from commitments.models.milestone import SILENT
from commitments.models.responsibility import Answering
from entities.models import Entity
from record.dates import LIMA, local_date
from record.models import Act, Change
from record.rights import entities_of, is_focal_point, may

# Days before a due date on which it is told, the nearest first; a run that was missed is made up for.
BEFORE = (7, 30)
# Days after it on which silence is told, and the last on which that is begun: what was due long before the
# portal could write is no news.
AFTER, AFTER_AT_MOST = 15, 45
# For how many days a return or a publication is news.
NEWS = 14
# The word for the whole week, which is no row.
WEEK = "week"
DONE = (Update.Status.COMPLETE, Update.Status.WITHDRAWN)


@dataclass(frozen=True)
class Notice:
    """One thing that somebody is told: `kind`, `what` and `on` name it for ever, `about` is what is said."""

    user: User
    kind: str
    what: str
    on: date
    about: object

    @property
    def key(self):
        return self.user.pk, self.kind, self.what, self.on


def notices(on, kinds=tuple(MailKind)):
    """Return the Notices of some kinds on a day, by account."""
    people = [user for user in reachable() if set(kinds_of(user)) & set(kinds)]
    found = []
    if {MailKind.DUE, MailKind.OVERDUE} & set(kinds):
        found += of_milestones(on, people)
    if MailKind.RETURNED in kinds:
        found += of_returns(on, people)
    if MailKind.PUBLISHED in kinds:
        found += of_publications(on, people)
    if MailKind.DIGEST in kinds:
        found += of_the_week(on, people)
    wanted = [each for each in found if each.kind in kinds and each.kind in kinds_of(each.user)]
    return sorted(wanted, key=lambda notice: notice.user.pk)


def reachable():
    """Return the accounts that may be written to: active, with an address, and with a password to come in."""
    users = User.objects.filter(is_active=True, is_staff=True).exclude(email="").order_by("pk")
    return [user for user in users if user.has_usable_password()]


# Milestones.


def followed(on):
    """Return the milestones of which something is to be reported on a day, `with_state(on)`.

    None of a plan or commitment that had not begun, that nobody follows any more or that left its plan.
    """
    plan, last_day = "commitment__plan__followed_until", "commitment__in_plan_until"
    goes_on = Q(**{plan: None}) | Q(**{f"{plan}__gte": on})
    in_plan = Q(**{last_day: None}) | Q(**{f"{last_day}__gte": on})
    return Milestone.objects.published().begun(on).with_state(on).filter(goes_on, in_plan)


def of_milestones(on, people):
    """Return what focal points are told of the milestones for which their entities answer."""
    near = Q(now__due_on__range=(on, on + timedelta(days=max(BEFORE)))) & ~Q(now__status__in=DONE)
    due_on = (on - timedelta(days=AFTER_AT_MOST), on - timedelta(days=AFTER))
    # Who has said it waits for SGP, not for himself.
    said = Update.objects.filter(
        Q(status__in=DONE) | Q(as_of__gte=OuterRef("now__due_on")),
        milestone=OuterRef("pk"),
        workflow=Update.Workflow.SUBMITTED,
    )
    rows = followed(on).filter(near | (SILENT & Q(now__due_on__range=due_on))).exclude(Exists(said))
    answering, members = Answering(rows), members_by_entity(people)
    for milestone in rows.select_related("commitment__plan").order_by("now__due_on", "pk"):
        entities = answering.of(milestone.pk, milestone.commitment_id)
        for user in dict.fromkeys(user for entity in entities for user in members[entity]):
            yield _notice_of(milestone, user, on)


def _notice_of(milestone, user, on):
    left = (milestone.due_on - on).days
    if left < 0:
        return Notice(user, MailKind.OVERDUE, milestone.code, milestone.due_on, milestone)
    step = next(days for days in BEFORE if left <= days)
    return Notice(user, MailKind.DUE, f"{milestone.code}:{step}", milestone.due_on, milestone)


def members_by_entity(people):
    """Return {entity: its focal points}; entities are their keys."""
    members = defaultdict(list)
    for user in filter(is_focal_point, people):
        for entity in entities_of(user):
            members[entity].append(user)
    return members


# Updates.


@dataclass(frozen=True)
class Answer:
    """What SGP answered to an update that was submitted: who, when and, where it was returned, why."""

    update: Update
    on: date
    by: str = ""
    comment: str = ""


def of_returns(on, people):
    """Return what is told of updates that were returned and not submitted again.

    That is to whoever submitted it or, where he may not go on with it any more, to all who may.
    """
    # What was returned long ago, and never submitted again, is looked at no more.
    news = Change.objects.filter(
        model=Update._meta.label_lower, entry__act=Act.RETURN, entry__at__gte=_begin_of_news(on)
    )
    rows = Update.objects.filter(workflow=Update.Workflow.RETURNED, pk__in=news.values("object_id"))
    for update in rows.select_related("milestone__commitment__plan").order_by("pk"):
        back, sent = last_return(update), last_submission(update)
        authors = [user for user in people if sent and user.pk == sent.by_id]
        goes_on = [user for user in authors if may(user, "submit", update)]
        goes_on = goes_on or [u for u in people if is_focal_point(u) and may(u, "submit", update)]
        day = local_date(back.at)
        by = back.by.get_full_name() if back.by else ""
        answer = Answer(update, day, by, back.comment)
        # Two returns on one day are two.
        what = f"{update.code}:{back.at:%H%M%S%f}"
        for user in goes_on:
            if back.by is None or user.pk != back.by.pk:
                yield Notice(user, MailKind.RETURNED, what, day, answer)


def of_publications(on, people):
    """Return what is told of updates that were published, to whoever submitted them."""
    changes = Change.objects.filter(
        model=Update._meta.label_lower, action=Change.Action.PUBLISHED, entry__at__gte=_begin_of_news(on)
    ).select_related("entry")
    published = {change.object_id: change.entry for change in changes}
    rows = Update.objects.published().filter(pk__in=published)
    for update in rows.select_related("milestone__commitment__plan").order_by("pk"):
        entry, sent = published[update.pk], last_submission(update)
        day = local_date(entry.at)
        authors = [user for user in people if sent and user.pk == sent.by_id]
        for user in authors:
            if user.pk != entry.by_id and may(user, "correct", update):
                yield Notice(user, MailKind.PUBLISHED, update.code, day, Answer(update, day))


def _begin_of_news(on):
    return datetime.combine(on - timedelta(days=NEWS), time.min, LIMA)


# The digest of SGP.


class Digest:
    """What waits for SGP on a day, and what is silent, by who answers for it."""

    # How many lines a mail has of each; the desk has all.
    MOST = 20

    def __init__(self, on):
        self.on = on

    @cached_property
    def waiting(self):
        """The updates that wait for review, the one first that waits longest."""
        return list(Update.objects.waiting().select_related("milestone__commitment__plan"))

    @cached_property
    def silent(self):
        """[(who answers, how many)] of the milestones past due of which nobody has reported, most first.

        Who it is: an Entity, a printed name, or None where no source names anybody.
        """
        rows = followed(self.on).filter(SILENT)
        answering = Answering(rows)
        counts = Counter()
        for pk, commitment in rows.order_by().values_list("pk", "commitment"):
            counts.update(answering.of(pk, commitment) or [None])
        entities = Entity.objects.in_bulk([who for who in counts if isinstance(who, int)])
        lines = [(entities.get(who, who), count) for who, count in counts.items()]
        return sorted(lines, key=lambda line: (line[0] is None, -line[1], str(line[0])))

    @cached_property
    def silent_count(self):
        """How many milestones these are: one for which two answer stands in two lines."""
        return followed(self.on).filter(SILENT).count()

    def __bool__(self):
        return bool(self.waiting or self.silent_count)


def of_the_week(on, people):
    """Return the digest of the week that begins on Monday, to editors and publishers; none if it is empty."""
    digest = Digest(on)
    monday = on - timedelta(days=on.weekday())
    of_secretariat = [user for user in people if MailKind.DIGEST in kinds_of(user)]
    if of_secretariat and digest:
        yield from (Notice(user, MailKind.DIGEST, WEEK, monday, digest) for user in of_secretariat)
