"""Sending letters, to nobody twice: what is told is kept before it is sent.

So a process that is killed in between, or a server that breaks off, leaves something untold rather than told
twice: such a notice becomes `unknown` and is not tried again. What the server refused, or could not be asked,
is `failed` and tried again by the next run, as long as it is still to be told.
"""

import smtplib
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

from django.core.mail import get_connection
from django.db.models import Q
from django.utils.timezone import now

from accounts.models import MailSent, MutedMail

from .letters import Letter

State = MailSent.State
# After so many mails in a row for which the server was not there, the run ends.
MOST_IN_VAIN = 3
# What is being sent for so long is sent by no process any more.
GIVEN_UP_AFTER = timedelta(hours=1)
# Nothing is told of days that long ago (`finding.py`).
KEPT_FOR = timedelta(days=400)


class Refused(Exception):
    """The server refused a mail: it was not sent."""


class NoServer(Exception):
    """The mail server is not there: the mail was not sent."""


class BrokenOff(Exception):
    """The server broke off: nobody knows whether the mail was sent."""


@dataclass
class Run:
    """What became of the letters of a run; `faults` has account, state and fault of each not sent."""

    sent: int = 0
    left: int = 0
    faults: list[tuple[int, str, str]] = field(default_factory=list)


def open_letters(notices):
    """Return the letters of what nobody was told yet and nobody muted."""
    users = {notice.user.pk for notice in notices}
    told = MailSent.objects.filter(user__in=users).exclude(state=State.FAILED)
    told = set(told.values_list("user", "kind", "what", "on"))
    muted = set(MutedMail.objects.filter(user__in=users).values_list("user", "kind"))
    return Letter.all_of(
        notice for notice in notices if notice.key not in told and (notice.user.pk, notice.kind) not in muted
    )


def send(letters):
    """Send letters, each to its person; return the Run."""
    run, number, in_vain = Run(), uuid4(), 0
    for place, letter in enumerate(letters):
        own = claim(letter, number)
        if not own:
            continue
        try:
            deliver(Letter(letter.user, own).message(letter.user.email))
        except (Refused, NoServer, BrokenOff) as fault:
            state = State.UNKNOWN if isinstance(fault, BrokenOff) else State.FAILED
            run.faults.append((letter.user.pk, state, str(fault)))
            in_vain = in_vain + 1 if isinstance(fault, NoServer) else 0
        else:
            state = State.SENT
            run.sent += 1
            in_vain = 0
        _of(letter.user, number).update(state=state)
        if in_vain == MOST_IN_VAIN:
            run.left = len(letters) - place - 1
            break
    return run


def send_trial(letters, address):
    """Send letters to one address, to try; nothing is kept, and their links mute nobody. Return the Run."""
    run = Run()
    for letter in letters:
        try:
            deliver(Letter(letter.user, letter.notices, is_trial=True).message(address))
        except (Refused, NoServer, BrokenOff) as fault:
            run.faults.append((letter.user.pk, State.FAILED, str(fault)))
        else:
            run.sent += 1
    return run


def claim(letter, number):
    """Keep that a run sends the notices of a letter; return those that no other run sends or sent."""
    user, kept = letter.user, {"state": State.SENDING, "run": number, "at": now()}
    rows = [
        MailSent(user=user, kind=each.kind, what=each.what, on=each.on, **kept) for each in letter.notices
    ]
    MailSent.objects.bulk_create(rows, ignore_conflicts=True)
    again = Q(pk__in=[])
    for each in letter.notices:
        again |= Q(kind=each.kind, what=each.what, on=each.on)
    failed = MailSent.objects.filter(again, user=user, state=State.FAILED)
    failed.update(**kept)
    own = set(_of(user, number).values_list("user", "kind", "what", "on"))
    return [notice for notice in letter.notices if notice.key in own]


def _of(user, number):
    return MailSent.objects.filter(user=user, run=number, state=State.SENDING)


def deliver(message):
    """Hand a mail to the server. Raise Refused, NoServer or BrokenOff; none of them names the address."""
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as fault:
        raise NoServer(_in_words(fault)) from None
    try:
        connection.send_messages([message])
    except (
        smtplib.SMTPResponseException,
        smtplib.SMTPRecipientsRefused,
        smtplib.SMTPNotSupportedError,
        # An address or a header that is none.
        ValueError,
    ) as fault:
        raise Refused(_in_words(fault)) from None
    except (OSError, smtplib.SMTPException) as fault:
        raise BrokenOff(_in_words(fault)) from None
    finally:
        with suppress(OSError, smtplib.SMTPException):
            connection.close()


def _in_words(fault):
    """Return the name of a fault and the server's code: its text may have the address."""
    code = getattr(fault, "smtp_code", None)
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        code = next((answer[0] for answer in fault.recipients.values()), None)
    return f"{type(fault).__name__} {code or ''}".strip()


def tidy():
    """Give up what a run that was killed left half done, and return how much that is; forget what is old."""
    MailSent.objects.filter(at__lt=now() - KEPT_FOR).delete()
    stale = MailSent.objects.filter(state=State.SENDING, at__lt=now() - GIVEN_UP_AFTER)
    return stale.update(state=State.UNKNOWN)
