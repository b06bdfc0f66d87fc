"""Which mails somebody gets: what his role is written of, less what he muted; and the links that mute.

A link is signed for one person and some kinds. It works without signing in, and can do nothing else.
"""

from django.contrib.auth.models import User
from django.core.signing import BadSignature, Signer

from record.rights import Role, role_of

from .models import MailKind, MutedMail

OF_FOCAL_POINT = (MailKind.DUE, MailKind.OVERDUE, MailKind.RETURNED, MailKind.PUBLISHED)
OF_SECRETARIAT = (MailKind.RETURNED, MailKind.PUBLISHED, MailKind.DIGEST)
KINDS = {
    Role.FOCAL_POINT: OF_FOCAL_POINT,
    Role.EDITOR: OF_SECRETARIAT,
    Role.PUBLISHER: OF_SECRETARIAT,
}


def kinds_of(user):
    """Return the kinds of mail that a user's role is sent."""
    return KINDS.get(role_of(user), ())


def muted_by(user):
    """Return the set of kinds that a user muted."""
    return set(user.muted_mail.values_list("kind", flat=True))


def mute(user, kinds):
    """Send a user no mail of some kinds any more."""
    MutedMail.objects.bulk_create([MutedMail(user=user, kind=kind) for kind in kinds], ignore_conflicts=True)


def unmute(user, kinds):
    """Send a user mail of some kinds again."""
    user.muted_mail.filter(kind__in=kinds).delete()


def token_of(user, kinds):
    """Return the token of the link with which a user mutes some kinds."""
    return _signer().sign("-".join([str(user.pk), *kinds]))


def read(token):
    """Return (user, kinds) of a token of ours; None if it is not, or the account is gone."""
    try:
        number, *names = _signer().unsign(token).split("-")
    except BadSignature:
        return None
    kinds = [MailKind(name) for name in names if name in MailKind.values]
    user = User.objects.filter(pk=number).first()
    return (user, kinds) if user and kinds else None


def _signer():
    return Signer(salt="accounts.muting")
