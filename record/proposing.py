"""Changes that somebody proposes: kept until a publisher accepts or refuses them, and never public."""

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from .applying import Outdated, apply, as_dict, model_of, outdated, rows_of
from .cleaning import clean
from .guarding import OWN_PROPOSAL, NotForYou
from .kinds import Subject
from .models import Act, Change, Proposal
from .personal import find_addresses
from .rights import actions_of, may, may_act_alone, may_publish
from .writing import SentTwice, WriteRefused, is_reason, writing

ANSWER_NEEDED = _("Say why you refuse it, in eight letters or more: whoever proposed it reads that.")
RIGHTS = {Change.Action.CREATED: "add", Change.Action.DELETED: "delete"}


class Answered(WriteRefused):
    """A proposal was accepted or refused before."""

    def __init__(self):
        super().__init__(_("This proposal was answered already."), code="answered")


def proposals_for(user):
    """Return the proposals that a user may see: all of them, or those that he once made himself."""
    if may(user, "view", Proposal):
        return Proposal.objects.all()
    if not actions_of(user, Subject.PROMISED):
        return Proposal.objects.none()
    return Proposal.objects.filter(by=user)


def keep(this, row, is_new=False):
    """Keep what a Writing that was rolled back would have written of a row, and of its lines; return that.

    A row that would be new has no number of its own yet: another may get the one that it would have had.
    Raises SentTwice where the same form was kept before, and what `apply` does where rows were written since.
    """
    changes = [as_dict(change) for change in this.changes]
    for change in changes:
        # An entry has one source for all its rows; here each keeps its own.
        change["source"] = change["source"] or this.source
    try:
        with writing(this.by) as holding:
            # Whoever takes personal data out of a row meanwhile takes them out of its proposals too.
            holding.hold(rows_of(changes))
            if found := outdated(changes):
                raise Outdated(found)
            return Proposal.objects.create(
                by=this.by,
                by_name=this.by.get_username(),
                reason=this.reason,
                model=row._meta.label_lower,
                object_id=0 if is_new else row.pk,
                name=str(row)[:200],
                changes=changes,
                form=this.form or None,
            )
    except IntegrityError as error:
        raise SentTwice from error


def accept(proposal, by, answer=""):
    """Do what was proposed, with its reason, as an entry of whoever accepts it; return that.

    Raises PermissionDenied where he may not write it himself, NotForYou where he proposed it, Answered, and
    what `apply` raises where rows are not any more what they were; then nothing is written.
    """
    _require_publisher(by)
    answer = _checked(answer)
    if is_for_others(proposal, by):
        raise NotForYou(OWN_PROPOSAL, code="own_proposal")
    with transaction.atomic():
        with writing(by, proposal.reason, act=Act.ACCEPT.value) as this:
            this.is_alone = proposal.by_id == by.pk
            # Rows before proposals, as whoever takes personal data out of both holds them.
            this.hold(rows_of(proposal.changes))
            open_one = _held(proposal)
            if not may_write(by, open_one.changes):
                raise PermissionDenied
            apply(open_one.changes)
        _answer(proposal, by, state=Proposal.State.ACCEPTED, answer=answer, entry=this.entry)
    return this.entry


def is_for_others(proposal, user):
    """Tell whether a proposal is a user's own, and so for another one to accept."""
    return proposal.by_id == user.pk and not may_act_alone(user)


def refuse(proposal, by, answer):
    """Refuse what was proposed; whoever proposed it reads why. Raises WriteRefused without an answer."""
    _require_publisher(by)
    answer = _checked(answer)
    if not is_reason(answer):
        raise WriteRefused(ANSWER_NEEDED, code="answer_needed")
    with transaction.atomic():
        _held(proposal)
        _answer(proposal, by, state=Proposal.State.REFUSED, answer=answer)


def may_write(user, changes):
    """Tell whether a user might make all of some changes himself."""
    return all(_may_write(user, change) for change in changes)


def _may_write(user, change):
    model, right = model_of(change["model"]), RIGHTS.get(change["action"], "change")
    if model is None:
        return False
    row = None if right == "add" else model._base_manager.filter(pk=change["object_id"]).first()
    return may(user, right, row or model)


def _require_publisher(user):
    if not may_publish(user):
        raise PermissionDenied


def _held(proposal):
    """Return a proposal as it is stored, held until the end of the transaction; raise Answered."""
    stored = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if stored.state != Proposal.State.OPEN:
        raise Answered
    return stored


def _answer(proposal, by, **columns):
    Proposal.objects.filter(pk=proposal.pk).update(
        answered_by=by, answered_by_name=by.get_username(), answered_at=now(), **columns
    )


def _checked(answer):
    answer = clean(answer or "")
    if addresses := find_addresses(answer):
        raise WriteRefused(
            _("No e-mail address may stand in an answer (%(found)s)."),
            code="contact_details",
            params={"found": ", ".join(addresses)},
        )
    return answer
