"""A mail: all that one person is told in one run, in Spanish and then in English."""

from dataclasses import dataclass
from itertools import groupby
from textwrap import indent

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import mail, muting
from accounts.models import MailKind
from faces.addresses import absolute

from .finding import Digest, Notice

# So much of an activity is enough to know it again.
WORDS = 30
# In a mail that somebody else gets, to try.
NO_TOKEN = "prueba"


@dataclass
class Letter:
    """The notices of one person; `is_trial` where somebody else gets it, who must not mute for him."""

    user: User
    notices: list[Notice]
    is_trial: bool = False

    @classmethod
    def all_of(cls, notices):
        """Return a letter for each person of some notices, which are sorted by person."""
        return [cls(user, list(own)) for user, own in groupby(notices, key=lambda notice: notice.user)]

    @property
    def kinds(self):
        """The kinds of its notices, in the order of MailKind."""
        told = {notice.kind for notice in self.notices}
        return [kind for kind in MailKind if kind in told]

    def message(self, to):
        """Return it as a mail to an address, which mail programs offer to mute (RFC 8058)."""
        link = self.link_to_mute()
        headers = {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        return mail.message(to, "reminders", {"letter": self}, {} if self.is_trial else headers)

    def link_to_mute(self):
        token = NO_TOKEN if self.is_trial else muting.token_of(self.user, self.kinds)
        return _address(reverse("accounts:mute", args=[token]))

    # What the template says, in the language that is active.

    @property
    def name(self):
        return self.user.get_full_name()

    @property
    def subject(self):
        """What it holds, counted."""
        return _("Open government: %(what)s") % {"what": "; ".join(self._counted())}

    def _counted(self):
        due, overdue = len(self.due), len(self.overdue)
        returned, published = len(self.returned), len(self.published)
        if due:
            yield ngettext("%(n)s milestone due soon", "%(n)s milestones due soon", due) % {"n": due}
        if overdue:
            said = ngettext("%(n)s milestone without a report", "%(n)s milestones without a report", overdue)
            yield said % {"n": overdue}
        if returned:
            yield ngettext("%(n)s report returned", "%(n)s reports returned", returned) % {"n": returned}
        if published:
            yield ngettext("%(n)s report published", "%(n)s reports published", published) % {"n": published}
        if self.digest:
            yield _("digest of the week")

    def _about(self, kind):
        return [notice.about for notice in self.notices if notice.kind == kind]

    @property
    def due(self):
        return [MilestoneLine(each) for each in self._about(MailKind.DUE)]

    @property
    def overdue(self):
        return [MilestoneLine(each) for each in self._about(MailKind.OVERDUE)]

    @property
    def returned(self):
        return [AnswerLine(each) for each in self._about(MailKind.RETURNED)]

    @property
    def published(self):
        return [AnswerLine(each) for each in self._about(MailKind.PUBLISHED)]

    @property
    def digest(self):
        return next((DigestLines(each) for each in self._about(MailKind.DIGEST)), None)

    @property
    def desk(self):
        return _address(reverse("admin:index"))

    @property
    def choices(self):
        return _address(reverse("accounts:own-mail"))


class MilestoneLine:
    """A milestone as a mail tells of it."""

    def __init__(self, milestone):
        self.milestone = milestone

    @property
    def days(self):
        return abs((self.milestone.due_on - self.milestone.read_on).days)

    @property
    def activity(self):
        return Truncator(self.milestone.activity).words(WORDS)

    @property
    def address(self):
        return _address(reverse("reporting:report", args=[self.milestone.code]))


class AnswerLine:
    """An answer of SGP as a mail tells of it."""

    def __init__(self, answer):
        self.answer = answer
        self.update = answer.update

    @property
    def activity(self):
        return Truncator(self.update.milestone.activity).words(WORDS)

    @property
    def comment(self):
        return indent(self.answer.comment, "    ")

    @property
    def address(self):
        """Where an update is gone on with that was returned."""
        return _address(reverse("reporting:draft", args=[self.update.code]))

    @property
    def public_address(self):
        return _address(self.update.get_absolute_url())


class DigestLines:
    """A digest as a mail tells it: so many lines, and how many more."""

    def __init__(self, digest):
        self.digest = digest

    @property
    def waiting(self):
        return self.digest.waiting[: Digest.MOST]

    @property
    def waiting_count(self):
        return len(self.digest.waiting)

    @property
    def waiting_more(self):
        return self.waiting_count - len(self.waiting)

    @property
    def silent(self):
        return self.digest.silent[: Digest.MOST]

    @property
    def silent_count(self):
        return self.digest.silent_count

    @property
    def silent_more(self):
        return len(self.digest.silent) - len(self.silent)


def _address(path):
    # Never of a request: there is none.
    return absolute(None, path)
