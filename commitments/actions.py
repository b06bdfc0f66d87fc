"""What people do with updates and evidence: report progress, correct, publish.

As in `record/actions.py`, `by` is a user or None for a command, and `seen` the version that was read.
"""

from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from record.actions import (
    IsAnnulled,
    IsDraft,
    Refused,
    acting,
    allow,
    check_reason,
    check_texts,
    publish,
)
from record.models import Act
from record.publication import Status, needs_reason
from record.rights import is_focal_point
from record.writing import name_of, required, writing

from .models import Evidence, Milestone, Update
from .models.evidence import OWNERS

# What an update says of its milestone; the rest follows.
SAYS = tuple(column for column in Update.STATEMENT if column not in ("milestone", "corrects"))
# What evidence says.
PROVES = ("url", "title_es", "title_en", "unofficial", "document", "place")


class DayStays(Refused):
    MESSAGE = Update.DAY_STAYS
    CODE = "day_stays"


class Corrected(Refused):
    MESSAGE = Update.CORRECTED
    CODE = "corrected"


class BeingCorrected(Refused):
    MESSAGE = _("“%(name)s” is being corrected: “%(other)s” is a draft of it. Go on with that one.")
    CODE = "being_corrected"


class NobodyWouldSee(Refused):
    MESSAGE = _("The public does not see the milestone of “%(name)s”: what it corrects would be lost.")
    CODE = "nobody_would_see"


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
    `evidence` has columns of PROVES. Raises PermissionDenied, IsAnnulled, and ValidationError where what is
    said is none.
    """
    _allow_report(by, milestone, says)
    with writing(by, reason, act=Act.REPORT):
        if milestone.is_annulled:
            raise IsAnnulled(name_of(milestone))
        return _add_draft(Update(milestone=milestone, **says), evidence)


def _allow_report(by, milestone, says):
    allow(by, "add", Update)
    allow(by, "view", milestone)
    if by is not None and is_focal_point(by) and not set(says) <= set(SAYS):
        raise PermissionDenied


def _add_draft(update, evidence):
    """Save a new update and its evidence, as drafts whatever they say of that; return it."""
    update.workflow = Status.DRAFT
    give_number(update)
    update.derive()
    check_texts({column: getattr(update, column) for column in SAYS})
    update.full_clean()
    update.save()
    for columns in evidence:
        proof = Evidence(update=update, status=Status.DRAFT, **columns)
        give_code(proof)
        check_texts(columns)
        proof.full_clean()
        proof.save()
    return update


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
    with acting(by, update, Act.CORRECT, reason, seen=seen, right="view") as wrong:
        _check_correctable(wrong)
        if values.get("as_of", wrong.as_of) != wrong.as_of:
            raise DayStays(wrong.code)
        if milestone.is_annulled:
            raise IsAnnulled(name_of(milestone))
        says = {column: getattr(wrong, column) for column in (*SAYS, "report")} | values
        proofs = wrong.evidence.said().order_by("code")
        copies = [{column: getattr(proof, column) for column in PROVES} for proof in proofs]
        return _add_draft(Update(milestone=milestone, corrects=wrong, **says), copies)


def _check_correctable(update):
    if update.is_annulled:
        raise IsAnnulled(update.code)
    if not needs_reason(update):
        raise IsDraft(update.code)
    if other := update.standing_correction():
        raise Corrected(update.code, other=other.code)
    if draft := update.corrections.first():
        raise BeingCorrected(update.code, other=draft.code)


# Publishing.


def publish_update(by, update, reason="", seen=None):
    """Publish the draft of an update with its evidence; return it.

    A correction needs the reason. If it moves a word to the right milestone, the update on the wrong one is
    annulled in the same entry. Raises what `publish()` does, ReasonNeeded and NobodyWouldSee.
    """
    is_correction = update.corrects_id is not None
    if is_correction:
        check_reason(reason)
    act = Act.CORRECT if is_correction else Act.PUBLISH
    with acting(by, update, act, reason, seen=seen) as found:
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
