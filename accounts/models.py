"""What the portal keeps of accounts. None of it is record: no row has a source or a publication state."""

from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import models
from django.utils.crypto import get_random_string
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

VALID_FOR = timedelta(days=7)


class FailedSignIn(models.Model):
    """A wrong try to sign in.

    The name that was typed is kept only where an account has it: people type passwords there too. `key`
    stands for name and address together, whoever they are, and cannot be read backwards.
    """

    class Step(models.TextChoices):
        PASSWORD = "password", _("Password")
        CODE = "code", _("Code of the second factor")

    at = models.DateTimeField(_("at"), default=now, db_index=True)
    key = models.CharField(max_length=64)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.CASCADE,
        null=True,
        related_name="failed_sign_ins",
    )
    address = models.CharField(_("network address"), max_length=45)
    step = models.CharField(_("step"), max_length=10, choices=Step, default=Step.PASSWORD)
    is_refused = models.BooleanField(
        _("refused unseen"), default=False, help_text=_("It came while account and address were locked.")
    )
    released_at = models.DateTimeField(_("released at"), null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("failed sign-in")
        verbose_name_plural = _("failed sign-ins")
        indexes = [models.Index(fields=["key", "-at"], name="failed_by_key")]

    def __str__(self):
        return f"{self.account or '–'} ({self.address})"


class Invitation(models.Model):
    """The way to a first password: a signed link, for seven days and for one use.

    Nothing in the row opens it: the link is signed, and a new one makes the earlier one void.
    """

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.CASCADE,
        related_name="invitation",
    )
    nonce = models.CharField(max_length=20)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("invited by"),
        on_delete=models.PROTECT,
        related_name="invitations_made",
    )
    made_at = models.DateTimeField(_("made at"))
    expires_at = models.DateTimeField(_("valid until"))
    sent_at = models.DateTimeField(_("sent by mail at"), null=True)
    used_at = models.DateTimeField(_("used at"), null=True)

    class Meta:
        ordering = ["-made_at"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self):
        return str(self.account)

    @classmethod
    def renew(cls, by, account):
        """Give an account a new link, and make every earlier one void; return the invitation."""
        moment = now()
        columns = {
            "nonce": get_random_string(20),
            "by": by,
            "made_at": moment,
            "expires_at": moment + VALID_FOR,
            "sent_at": None,
            "used_at": None,
        }
        return cls.objects.update_or_create(account=account, defaults=columns)[0]

    @classmethod
    def by_token(cls, token):
        """Return the open invitation that a token of ours names; None if there is none."""
        try:
            number, nonce = cls._signer().unsign(token).split("-", 1)
        except (BadSignature, ValueError):
            return None
        found = cls.objects.select_related("account").filter(pk=number, nonce=nonce).first()
        return found if found and found.is_open else None

    @staticmethod
    def _signer():
        return Signer(salt="accounts.invitation")

    @property
    def token(self):
        return self._signer().sign(f"{self.pk}-{self.nonce}")

    @property
    def is_open(self):
        """Tell whether it leads in: in time, unused, to an account that goes on and has no password yet."""
        is_waiting = self.account.is_active and not self.account.has_usable_password()
        return self.used_at is None and self.expires_at > now() and is_waiting

    def use(self):
        """Mark the invitation as used; tell whether it was open until now, of two at once to one only."""
        rows = type(self).objects.filter(pk=self.pk, nonce=self.nonce, used_at=None, expires_at__gt=now())
        return rows.filter(account__is_active=True).update(used_at=now()) == 1


class AccountEvent(models.Model):
    """Who did what with an account, and when. Accounts of which something is told here stay."""

    class Act(models.TextChoices):
        INVITE = "invite", _("Invited")
        INVITE_AGAIN = "invite_again", _("Invited again")
        ACCEPT = "accept", _("Accepted the invitation")
        CHANGE = "change", _("Role, entities or data changed")
        END = "end", _("Account ended")
        REACTIVATE = "reactivate", _("Account reactivated")
        RELEASE = "release", _("Lock released")
        SECOND_FACTOR = "second_factor", _("Second factor set up")
        RECOVERY_CODE = "recovery_code", _("Recovery code used")
        NEW_CODES = "new_codes", _("New recovery codes made")
        RESET_SECOND_FACTOR = "reset_second_factor", _("Second factor reset")
        ASK_PASSWORD = "ask_password", _("New password asked for by mail")
        RESET_PASSWORD = "reset_password", _("New password set by mail")

    at = models.DateTimeField(_("at"), default=now, db_index=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("account"), on_delete=models.PROTECT, related_name="events"
    )
    act = models.CharField(_("act"), max_length=20, choices=Act)
    # Whoever did it; nothing where nobody had signed in.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="account_events_made",
    )
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("event of an account")
        verbose_name_plural = _("events of accounts")

    def __str__(self):
        return f"{self.get_act_display()}: {self.account}"

    @classmethod
    def tell(cls, act, account, by=None, note=""):
        """Keep that something was done with an account."""
        return cls.objects.create(act=act, account=account, by=by, note=note[:500])


class MailKind(models.TextChoices):
    """What the portal writes of by itself. Everybody may mute each."""

    DUE = "due", _("Milestones that are due soon")
    OVERDUE = "overdue", _("Milestones past due of which nobody has reported")
    RETURNED = "returned", _("Your reports that were returned")
    PUBLISHED = "published", _("Your reports that were published")
    DIGEST = "digest", _("Digest of the week: what waits for review, and what is silent")


class MailSent(models.Model):
    """That somebody is told something by mail: kept before the mail is sent, so that nobody is told twice.

    `what` and `on` name what it is about: a milestone and its due date, an update and the day of its return.
    """

    class State(models.TextChoices):
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        # The server refused it, or was not there: tried again next time.
        FAILED = "failed", _("Not sent")
        # Nobody knows whether it arrived: not tried again.
        UNKNOWN = "unknown", _("Perhaps sent")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.CASCADE,
        related_name="mail_sent",
    )
    kind = models.CharField(_("kind"), max_length=10, choices=MailKind)
    what = models.CharField(_("about"), max_length=40)
    on = models.DateField(_("day"))
    state = models.CharField(_("state"), max_length=10, choices=State)
    at = models.DateTimeField(_("at"), db_index=True)
    # The run of the command that sends it: of two at once one does.
    run = models.UUIDField()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("mail sent")
        verbose_name_plural = _("mails sent")
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "what", "on"], name="told_once_by_mail"),
        ]

    def __str__(self):
        return f"{self.kind}: {self.what}, {self.on}"


class MutedMail(models.Model):
    """A kind of mail that somebody does not want."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.CASCADE,
        related_name="muted_mail",
    )
    kind = models.CharField(_("kind"), max_length=10, choices=MailKind)
    at = models.DateTimeField(_("at"), default=now)

    class Meta:
        verbose_name = _("muted mail")
        verbose_name_plural = _("muted mails")
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="kind_muted_once")]

    def __str__(self):
        return f"{self.user_id}: {self.kind}"
