"""The second factor: a code of an application after the password, and recovery codes for a lost telephone.

Whoever gave the right password has not signed in yet: he is *pending*, which is kept in his session, until
his code is right or his application is set up. So nothing that asks for a user can mistake him for one.
"""

import time
from base64 import b32encode

import segno
from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user_model, login
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.crypto import constant_time_compare
from django.utils.safestring import mark_safe
from django.utils.timezone import now
from django_otp import DEVICE_ID_SESSION_KEY, verify_token
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

PENDING = "pending_sign_in"
# For how many seconds a right password waits for its code.
PATIENCE = 15 * 60
RECOVERY_CODES = 10
BACKEND = "accounts.lock.Backend"


# Whether it is asked, and was given.


def is_passed(request, user):
    """Tell whether a user who signed in gave his second factor, where it is obligatory.

    A device that was reset since, or is another's, does not count.
    """
    if not settings.SECOND_FACTOR:
        return True
    # One request asks several times.
    asked, answer = getattr(request, "_second_factor", (None, False))
    if asked is None or asked != user.pk:
        device = Device.from_persistent_id(request.session.get(DEVICE_ID_SESSION_KEY) or "")
        answer = device is not None and device.user_id == user.pk and device.confirmed
        request._second_factor = user.pk, answer
    return answer


def has_device(user):
    """Tell whether a user has set up an application."""
    return TOTPDevice.objects.devices_for_user(user, confirmed=True).exists()


def with_device(users):
    """Add to users `has_second_factor`, whether they have set up an application."""
    devices = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
    return users.annotate(has_second_factor=Exists(devices))


# From the password to the code.


def begin(request, user, next_page):
    """Sign a user in whose password was right, or let him be pending; return whether he is pending."""
    # The session gets another name. Nothing of whoever was signed in here is left; what was typed without
    # being signed in stays, such as the form that came too late.
    if SESSION_KEY in request.session:
        request.session.flush()
    else:
        request.session.cycle_key()
    if not settings.SECOND_FACTOR:
        login(request, user, backend=BACKEND)
        return False
    request.session[PENDING] = {
        "user": user.pk,
        "since": int(time.time()),
        "password": user.get_session_auth_hash(),
        "next": next_page,
    }
    return True


def pending(request):
    """Return the user who waits for his code in this session; None without, or if he waited too long.

    An account that was ended meanwhile, or whose password is another one, waits no more.
    """
    kept = request.session.get(PENDING)
    if not kept or time.time() - kept["since"] > PATIENCE:
        return None
    user = get_user_model().objects.filter(pk=kept["user"], is_active=True, is_staff=True).first()
    return user if user and constant_time_compare(user.get_session_auth_hash(), kept["password"]) else None


def finish(request, user, device):
    """Sign a pending user in with the device that knew his code; return the page that he wanted."""
    next_page = request.session.pop(PENDING)["next"]
    login(request, user, backend=BACKEND)
    request.session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    return next_page


# Devices.


class WrongCode(Exception):
    """A code that is not right; `seconds` is how long the next one has to wait, 0 if it need not."""

    def __init__(self, device=None):
        _is_allowed, why = device.verify_is_allowed() if device else (True, None)
        until = (why or {}).get("locked_until")
        self.seconds = max(1, round((until - now()).total_seconds())) if until else 0
        super().__init__(self.seconds)


def verify(user, text):
    """Return the device of a user that a code is right for, or raise WrongCode.

    Six signs are a code of his application, more are a recovery code, which is right once. After each wrong
    code his next one of that kind waits twice as long as before.
    """
    code = "".join(text.split()).replace("-", "").lower()
    if not code.isascii() or len(code) > 16:
        raise WrongCode
    model = TOTPDevice if len(code) <= 6 else StaticDevice
    device = model.objects.devices_for_user(user, confirmed=True).first()
    if device is None:
        raise WrongCode
    verified = verify_token(user, device.persistent_id, code)
    if verified is None:
        raise WrongCode(model.objects.get(pk=device.pk))
    return verified


def new_device(request, user):
    """Return the application that a pending user sets up in this session: another key for each sign-in.

    Whoever saw the key of an earlier one has no part in this.
    """
    number = request.session[PENDING].get("device")
    device = TOTPDevice.objects.filter(pk=number, user=user, confirmed=False).first()
    if device is None:
        TOTPDevice.objects.filter(user=user, confirmed=False).delete()
        device = TOTPDevice.objects.create(user=user, name="app", confirmed=False)
        request.session[PENDING] |= {"device": device.pk}
        request.session.modified = True
    return device


def confirm(user, device, text):
    """Confirm an application by a code of it, or raise WrongCode."""
    verified = verify_token(user, device.persistent_id, "".join(text.split()))
    if verified is None:
        raise WrongCode(TOTPDevice.objects.get(pk=device.pk))
    verified.confirmed = True
    verified.save(update_fields=["confirmed"])
    return verified


@transaction.atomic
def make_recovery_codes(user):
    """Give a user new recovery codes, and make the earlier ones void; return them as they are shown."""
    device = StaticDevice.objects.get_or_create(user=user, defaults={"name": "recovery"})[0]
    device.token_set.all().delete()
    codes = [StaticToken.random_token() for _number in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return [f"{code[:4]}-{code[4:]}" for code in codes]


def recovery_codes_left(user):
    """Return how many recovery codes a user has not used yet."""
    return StaticToken.objects.filter(device__user=user).count()


@transaction.atomic
def reset(user):
    """Take application and recovery codes from a user: his sessions are worth nothing from now on."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


# What is shown of a key.


def picture_of(device):
    """Return the key of a device as an inline SVG, without styles of its own."""
    code = segno.make(device.config_url, error="m")
    # Of digits and letters that we drew: nothing of it was typed.
    return mark_safe(code.svg_inline(scale=5, border=4, light="#fff", svgclass="qr", lineclass=None))


def key_in_words(device):
    """Return the key of a device as it is typed, four letters at a time."""
    letters = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(letters[start : start + 4] for start in range(0, len(letters), 4))
