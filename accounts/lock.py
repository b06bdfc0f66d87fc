"""The lock on signing in: after some wrong passwords for one account from one address, none is looked at.

Every sign-in passes `Backend`, whatever page it comes from. A try is counted before its password is looked
at, one after the other, so that of many at once no more are looked at than of many in a row. The lock is the
same for names that no account has, and its answer the same as that to a wrong password: it tells nobody what
was wrong.
"""

import unicodedata
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.backends import BaseBackend, ModelBackend
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils.crypto import salted_hmac
from django.utils.timezone import now

from faces.limits import client_of

from .models import FailedSignIn

# What is kept of failures: for so long, and so many; of the last hour all, as the lock stands on them.
KEPT_FOR = timedelta(days=180)
MOST = 10_000
# How many come between two cleanings.
CLEANED_EVERY = 100


class Backend(ModelBackend):
    """Django's accounts behind the lock. Names are the same in any case: most are mail addresses."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        """Return the user of a name and a password; None if they are wrong, or if no more may be tried."""
        if username is None or password is None:
            return None
        account = account_named(username)
        address = client_of(request.META) if request else "unknown"
        tried = count_try(username, address, account)
        if tried.is_refused:
            return None
        name = account.get_username() if account else username
        user = super().authenticate(request, username=name, password=password, **kwargs)
        if user:
            tried.delete()
        return user

    # Django's own would pass the lock.
    aauthenticate = BaseBackend.aauthenticate


def account_named(name):
    """Return the account with a name, in the same case if there is one, else in another; None without."""
    found = list(User.objects.filter(username__iexact=name.strip().replace("\0", "")))
    return next((each for each in found if each.username == name), found[0] if found else None)


def key_of(name, address):
    """Return what stands for a name, in any case, and an address; it does not tell them."""
    folded = unicodedata.normalize("NFKC", name).strip().casefold()
    return salted_hmac("accounts.lock", f"{folded}\n{address}", algorithm="sha256").hexdigest()


@transaction.atomic
def count_try(name, address, account):
    """Keep a try as a wrong one, until it proves right, and return it: refused if it came to a lock."""
    # Databases know other letters as the same than Python does, such as the Turkish ı: of an account all the
    # ways to write its name count together.
    key = key_of(account.get_username() if account else name, address)
    if connection.vendor == "postgresql":
        # One after the other; SQLite lets one transaction write at a time anyway.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(key[:15], 16)])
    tried = FailedSignIn.objects.create(
        key=key, address=address, account=account, is_refused=locked_until(key) is not None
    )
    if tried.pk % CLEANED_EVERY == 0:
        clean()
    return tried


def locked_until(key):
    """Return until when a name and an address are locked; None if they are not."""
    wrong = FailedSignIn.objects.filter(
        key=key, step=FailedSignIn.Step.PASSWORD, is_refused=False, released_at=None
    )
    last = list(wrong.order_by("-at", "-pk").values_list("at", flat=True)[: settings.SIGN_IN_TRIES])
    wait = timedelta(minutes=settings.SIGN_IN_LOCK_MINUTES)
    if len(last) < settings.SIGN_IN_TRIES or last[0] - last[-1] > wait:
        return None
    return last[0] + wait if last[0] + wait > now() else None


def locks_of(account):
    """Return [(address, until when)] of the locks on an account, by address."""
    open_rows = account.failed_sign_ins.filter(released_at=None).order_by("address")
    pairs = open_rows.values_list("address", "key").distinct()
    return [(address, until) for address, key in pairs if (until := locked_until(key))]


def release(account):
    """Take all locks from an account."""
    account.failed_sign_ins.filter(released_at=None).update(released_at=now())


def forget(sender, request, user, **kwargs):
    """Begin to count anew for whoever signed in, at the address where he did (signal `user_logged_in`)."""
    key = key_of(user.get_username(), client_of(request.META))
    FailedSignIn.objects.filter(key=key, released_at=None).update(released_at=now())


def clean():
    """Delete what is too old or too much of the failures."""
    FailedSignIn.objects.filter(at__lt=now() - KEPT_FOR).delete()
    surplus = FailedSignIn.objects.order_by("-at", "-pk").values_list("at", flat=True)[MOST : MOST + 1]
    for at in surplus:
        FailedSignIn.objects.filter(at__lte=at, at__lt=now() - timedelta(hours=1)).delete()
