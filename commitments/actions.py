"""What people do with updates and evidence: report progress, correct, submit, return, publish.

As in `record/actions.py`, `by` is a user or None for a command, and `seen` the version that was read.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from record.actions import (
    IsAnnulled,
    IsDraft,
    IsPublished,
    Refused,
    Repeated,
    acting,
    allow,
    check_reason,
    check_texts,
    publish,
    take_away,
)
from record.cleaning import clean
from record.models import Act, Entry
from record.publication import Status, needs_reason
from record.rights import is_focal_point, name_of_account, visible_to
from record.striking import Words, strike_from_log
from record.writing import is_reason, name_of, required, writing

from .files import FILE_COLUMNS, remove
from .letters import PLACE, drop_unused
from .models import CommitmentSource, Evidence, FirstReading, Milestone, MilestoneResponsible, Update
from .models.evidence import OWNERS

# What an update says of its milestone; the rest follows.
SAYS = tuple(column for column in Update.STATEMENT if column not in ("milestone", "corrects"))
# What a further source of ours supports, in Spanish as it is stored.
NORM_BEFORE = "Norma que lo agregó al plan en vigor"
# What evidence says.
PROVES = ("url", *FILE_COLUMNS, "title_es", "title_en", "unofficial", "document", "place")


class DayStays(Refused):
    MESSAGE = Update.DAY_STAYS
    CODE = "day_stays"


class Corrected(Refused):
    MESSAGE = Update.CORRECTED
    CODE = "corrected"


class BeingCorrected(Refused):
    MESSAGE = _("“%(name)s” is being corrected: “%(other)s” is a draft of it. Go on with that one.")
    CODE = "being_corrected"


class NotSubmitted(Refused):
    MESSAGE = _("“%(name)s” is with its author: it was not submitted yet, or was returned or taken back.")
    CODE = "not_submitted"


class IsSubmitted(Refused):
    MESSAGE = _("“%(name)s” was submitted already. Its author may take it back as long as nobody opened it.")
    CODE = "is_submitted"


class SaysNotWhy(Refused):
    MESSAGE = _("“%(name)s” has to say why: what was due is not done, was withdrawn, or was not begun.")
    CODE = "says_not_why"


class CommentNeeded(Refused):
    MESSAGE = _(
        "Say what its author has to change, in eight letters or more: he reads it, the public does not."
    )
    CODE = "comment_needed"


class WasOpened(Refused):
    MESSAGE = _("“%(name)s” was opened by %(by)s already: only SGP can return it now.")
    CODE = "was_opened"


class AnswersAlready(Refused):
    MESSAGE = _("%(entity)s answers for “%(name)s” already.")
    CODE = "answers_already"


class SubmittedByAnother(Refused):
    MESSAGE = _("“%(name)s” was submitted by somebody else, who alone may take it back.")
    CODE = "submitted_by_another"


class NobodyWouldSee(Refused):
    MESSAGE = _("The public does not see the milestone of “%(name)s”: what it corrects would be lost.")
    CODE = "nobody_would_see"


class HasNoFile(Refused):
    MESSAGE = _("“%(name)s” has no file.")
    CODE = "has_no_file"


# Numbers and codes: given once, also where what had them was annulled.


def give_number(update):
    """Give a new update the next number of its milestone. Two who add one at the same time wait."""
    required("update").hold({Milestone: [update.milestone_id]})
    of_milestone = Update.everything.filter(milestone=update.milestone_id)
    update.number = (of_milestone.aggregate(last=Max("number"))["last"] or 0) + 1


def give_code(evidence):
    """Give new evidence the next code of the milestone, update, assessment or commitment that it proves."""
    owner = next(owner for name in OWNERS if (owner := getattr(evidence, name)))
    required("evidence").hold({type(owner): [owner.pk]})
    stem = f"{name_of(owner)}-e"
    codes = Evidence.everything.filter(code__startswith=stem).values_list("code", flat=True)
    numbers = [int(tail) for code in codes if (tail := code.removeprefix(stem)).isdecimal()]
    evidence.code = f"{stem}{max(numbers, default=0) + 1}"


# Reporting.


def report_progress(by, milestone, evidence=(), reason="", **says):
    """Add a draft of what is said of a milestone on a day, with the evidence that proves it; return it.

    `says` has columns of SAYS, or `report` where one is copied, which is not for focal points; each of
    `evidence` has columns of PROVES, those of a file from `files.store()`. Raises
    PermissionDenied, IsAnnulled, and ValidationError where what is said is none.
    """
    _allow_report(by, milestone, says)
    with writing(by, reason, act=Act.REPORT):
        if milestone.is_annulled:
            raise IsAnnulled(name_of(milestone))
        return _add_draft(Update(milestone=milestone, **says), evidence)


def revise(by, update, values, evidence=(), without=(), seen=None):
    """Change what a draft, or what was returned, says; return the update.

    `values` has columns of SAYS; each of `evidence` has columns of PROVES, `without` has the keys of what
    goes. Evidence whose source was that of the update goes along with it. Raises PermissionDenied,
    IsSubmitted, IsPublished, IsAnnulled, and ValidationError where what is said is none.
    """
    if not set(values) <= set(SAYS):
        raise PermissionDenied
    with acting(by, update, Act.EDIT, seen=seen, right="submit") as found:
        _check_editable(found)
        source = found.document
        for column, value in values.items():
            setattr(found, column, value)
        check_texts(values)
        found.full_clean()
        found.save()
        for proof in found.evidence.all():
            if proof.pk in without:
                proof.delete()
            elif proof.document_id == source.pk != found.document_id:
                proof.document, proof.place = found.document, found.place
                proof.save()
        _add_evidence(found, evidence)
        if source.pk != found.document_id:
            drop_unused(source)
    return found


def _allow_report(by, milestone, says):
    allow(by, "add", Update(milestone=milestone))
    if by is not None and is_focal_point(by) and not set(says) <= set(SAYS):
        raise PermissionDenied


def _add_draft(update, evidence):
    """Save a new update and its evidence, as drafts whatever they say of that; return it."""
    update.workflow = Update.Workflow.DRAFT
    give_number(update)
    update.derive()
    check_texts({column: getattr(update, column) for column in SAYS})
    update.full_clean()
    update.save()
    _add_evidence(update, evidence)
    return update


def _add_evidence(update, evidence):
    for columns in evidence:
        proof = Evidence(update=update, status=Status.DRAFT, **columns)
        give_code(proof)
        check_texts(columns)
        proof.full_clean()
        proof.save()


# The way of an update: its author submits it, SGP publishes it or returns it with a comment.


@dataclass(frozen=True)
class Return:
    """That an update was returned: with which comment, by whom (None where the account is gone), and when."""

    comment: str
    by: object
    by_name: str
    at: datetime


def submit(by, update, answer="", seen=None):
    """Submit a draft, or what was returned, to SGP; return the update. Nobody edits it then.

    `answer` is for whoever returned it; like the comment, it is never public. Raises IsSubmitted,
    IsPublished, IsAnnulled and SaysNotWhy.
    """
    with acting(by, update, Act.SUBMIT, answer, seen=seen, right="submit") as found:
        _check_editable(found)
        if found.lacks_reason():
            raise SaysNotWhy(found.code)
        return _move(found, Update.Workflow.SUBMITTED)


def send_back(by, update, comment, seen=None):
    """Return an update to its author, with a comment; return the update.

    Raises CommentNeeded, NotSubmitted, IsPublished and IsAnnulled.
    """
    if not is_reason(clean(str(comment or ""))):
        raise CommentNeeded(update.code)
    with acting(by, update, Act.RETURN, comment, seen=seen, right="return") as found:
        _check_waits(found)
        return _move(found, Update.Workflow.RETURNED)


def take_back(by, update, seen=None):
    """Make a draft again what its author submitted and nobody of SGP opened yet; return the update.

    A command may do it always. Raises NotSubmitted, IsPublished, IsAnnulled, SubmittedByAnother, WasOpened.
    """
    with acting(by, update, Act.TAKE_BACK, seen=seen, right="submit") as found:
        _check_waits(found)
        if by is not None and not is_author(by, found):
            raise SubmittedByAnother(found.code)
        if reading := first_reading(found):
            raise WasOpened(found.code, by=name_of_account(reading, by) or "SGP")
        return _move(found, Update.Workflow.DRAFT)


def open_to_read(by, update):
    """Keep who of SGP opened an update first that waits, and when; return that, None where it does not."""
    allow(by, "return", update)
    with transaction.atomic():
        # Its author may be taking it back just now.
        held = Update.everything.select_for_update(no_key=True, of=("self",)).filter(pk=update.pk).first()
        submission = held and last_submission(held)
        if submission is None or held.workflow != Update.Workflow.SUBMITTED:
            return None
        reader = {"update": held, "by": by, "by_name": by.get_username()}
        return FirstReading.objects.get_or_create(submission=submission, defaults=reader)[0]


def is_author(user, update):
    """Tell whether somebody submitted an update last, and so may take it back."""
    submission = last_submission(update)
    return submission is not None and submission.by_id == user.pk


def last_return(update):
    """Return the Return with which an update was returned last, or None."""
    entry = _last_entry(update, Act.RETURN)
    return entry and Return(entry.reason, entry.by, entry.by_name, entry.at)


def last_submission(update):
    """Return the entry of the log with which an update was submitted last, or None."""
    return _last_entry(update, Act.SUBMIT)


def first_reading(update):
    """Return who of SGP opened an update first since it was submitted last, or None."""
    return FirstReading.objects.filter(submission=last_submission(update)).first()


def _last_entry(update, act):
    changed = {"changes__model": update._meta.label_lower, "changes__object_id": update.pk}
    return Entry.objects.filter(act=act, **changed).select_related("by").order_by("-pk").first()


def _move(update, workflow):
    update.workflow = workflow
    update.save()
    return update


def _check_unpublished(update):
    if update.is_annulled:
        raise IsAnnulled(update.code)
    if update.workflow == Update.Workflow.PUBLISHED:
        raise IsPublished(update.code)


def _check_editable(update):
    _check_unpublished(update)
    if update.workflow == Update.Workflow.SUBMITTED:
        raise IsSubmitted(update.code)


def _check_waits(update):
    _check_unpublished(update)
    if update.workflow != Update.Workflow.SUBMITTED:
        raise NotSubmitted(update.code)


# Correcting: nothing that was published is overwritten, so a correction is a new update.


def correct(by, update, values=None, *, reason, milestone=None, seen=None):
    """Add the draft of a correction of a published update; return it.

    It says what that one says but for `values`, speaks of the same day, and has copies of its evidence.
    `milestone` is the right one where the update stands on the wrong one: that is annulled when the
    correction is published. Raises IsDraft, IsAnnulled, Corrected, BeingCorrected, DayStays, ReasonNeeded.
    """
    values = values or {}
    check_reason(reason)
    milestone = milestone or update.milestone
    _allow_report(by, milestone, values)
    with acting(by, update, Act.CORRECT, reason, seen=seen, right="correct") as wrong:
        _check_correctable(by, wrong)
        if values.get("as_of", wrong.as_of) != wrong.as_of:
            raise DayStays(wrong.code)
        if milestone.is_annulled:
            raise IsAnnulled(name_of(milestone))
        says = {column: getattr(wrong, column) for column in (*SAYS, "report")} | values
        proofs = wrong.evidence.said().order_by("code")
        # What was taken away proves nothing any more.
        proofs = [proof for proof in proofs if proof.has_file or not proof.is_file]
        copies = [{column: getattr(proof, column) for column in PROVES} for proof in proofs]
        return _add_draft(Update(milestone=milestone, corrects=wrong, **says), copies)


def _check_correctable(by, update):
    if update.is_annulled:
        raise IsAnnulled(update.code)
    if not needs_reason(update):
        raise IsDraft(update.code)
    if other := update.standing_correction():
        raise Corrected(update.code, other=other.code)
    # Of a draft that he may not see he is not told; of two corrections one is published.
    drafts = update.corrections.all()
    if draft := (drafts if by is None else visible_to(by, drafts)).first():
        raise BeingCorrected(update.code, other=draft.code)


# Handing over.


def hand_over(by, milestone, entity, on, reason, letter, seen=None):
    """Let another entity answer for a milestone since a day; return the milestone.

    `letter` says so, and is the source of the row that names the entity. The first row that named one names
    this one now, the others are annulled: the log keeps whom they named. What the plan prints stays. Raises
    ReasonNeeded, IsAnnulled and AnswersAlready.
    """
    check_reason(reason)
    with acting(by, milestone, Act.HAND_OVER, reason, seen=seen, right="hand over") as found:
        if found.is_annulled:
            raise IsAnnulled(found.code)
        required("handing over").as_of = on
        document = letter.document(entity)
        if document.status == Status.DRAFT and needs_reason(found):
            document.status = Status.PUBLISHED
            document.save()
        named = list(found.responsible.filter(entity__isnull=False).order_by("order", "pk"))
        if [row.entity_id for row in named] == [entity.pk]:
            raise AnswersAlready(found.code, entity=str(entity))
        row = named[0] if named else MilestoneResponsible(milestone=found)
        row.entity, row.document, row.place = entity, document, PLACE
        row.unit_es = row.unit_en = row.name_as_printed = ""
        row.unofficial = {}
        row.full_clean()
        row.save()
        for other in named[1:]:
            take_away(other)
    return found


# What a norm changes of a plan in force.


def change_by_norm(by, commitment, norm, place, reason, *, since=None, until=None, note="", seen=None):
    """Say which norm added a commitment to its plan in force, took it out or changed it; return it.

    `since` is its first day in the plan, `until` its last one; with neither the norm, with the `note` of what
    it changed, becomes a further source. `norm` is a Document, or a `Norm` that was typed. Raises
    ReasonNeeded, IsAnnulled, and ValidationError where the days cannot be.
    """
    check_reason(reason)
    check_texts({"place": place, "note": note})
    with acting(by, commitment, Act.EDIT, reason, seen=seen, right="change") as found:
        if found.is_annulled:
            raise IsAnnulled(found.code)
        document = norm.document() if hasattr(norm, "document") else norm
        if document.status == Status.DRAFT and needs_reason(found):
            document.status = Status.PUBLISHED
            document.save()
        if since is None and until is None:
            _add_source(found, document, place, note)
            return found
        if found.in_plan_norm_id not in (None, document.pk):
            # Of two norms the one that spoke last stands with the days, the other one stays a source.
            _add_source(found, found.in_plan_norm, found.in_plan_place, NORM_BEFORE)
        found.in_plan_from, found.in_plan_until = since or found.in_plan_from, until or found.in_plan_until
        found.in_plan_norm, found.in_plan_place = document, place
        found.full_clean()
        found.save()
    return found


def _add_source(commitment, document, place, note):
    source = CommitmentSource(commitment=commitment, document=document, place=place, note_es=note)
    source.full_clean()
    source.save()


# Publishing.


def publish_update(by, update, reason="", seen=None):
    """Publish an update that was submitted, with its evidence; return it.

    A correction needs the reason. If it moves a word to the right milestone, the update on the wrong one is
    annulled in the same entry. A command publishes drafts too. Raises what `publish()` does, NotSubmitted,
    ReasonNeeded and NobodyWouldSee.
    """
    is_correction = update.corrects_id is not None
    if is_correction:
        check_reason(reason)
    act = Act.CORRECT if is_correction else Act.PUBLISH
    with acting(by, update, act, reason, seen=seen) as found:
        if by is not None:
            _check_waits(found)
        required("update").as_of = found.as_of
        if is_correction:
            # Of two corrections of it, begun in two ways, one is published.
            required("update").hold({Update: [found.corrects_id]})
        if found.moves_word:
            _annul_replaced(found)
        return publish(by, found)


def _annul_replaced(correction):
    """Annul the update on the wrong milestone that a correction replaces on the right one."""
    if not correction.milestone.is_public:
        raise NobodyWouldSee(correction.code)
    wrong = Update.everything.get(pk=correction.corrects_id)
    if not wrong.is_annulled:
        wrong.annulled_at = now()
        wrong.save()


# Taking a file away.


def strike_file(by, evidence, reason, seen=None):
    """Take the file of evidence away for the personal data in it; return the evidence.

    The bytes go from the disk, as those of every row that has the same file, and its name from these rows and
    from the log; kind, size and SHA-256 stay. There is no way back. Raises ReasonNeeded, HasNoFile, Repeated.
    """
    check_reason(reason)
    with acting(by, evidence, Act.STRIKE, reason, seen=seen, right="strike") as found:
        if not found.has_file:
            raise HasNoFile(name_of(found))
        this = required("strike_file()")
        same = Evidence.everything.filter(sha256=found.sha256).exclude(file="").order_by("pk")
        this.hold({Evidence: list(same.values_list("pk", flat=True))})
        for row in same:
            words, place = Words(row.file_name), row.file
            if words.find(reason):
                raise Repeated
            row.file = row.file_name = ""
            row.save()
            this.struck.add((Evidence, row.pk))
            strike_from_log(row, words)
            transaction.on_commit(partial(remove, place), robust=True)
    return Evidence.everything.get(pk=found.pk)
