"""Accounts for tests, and how they sign in."""

from django.contrib.auth.models import Group
from django.urls import reverse
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from record.rights import Role
from tests.factories import make_entity, make_focal_point, make_user

PASSWORD = "una clave larga 2026"
LOGIN = "/admin/login/"


def make_account(role=None, **columns):
    """Make a member of staff with a role (of `Role`) and a password."""
    if role == Role.FOCAL_POINT:
        return make_focal_point(make_entity(), password=PASSWORD, **columns)
    user = make_user(password=PASSWORD, **columns)
    if role:
        user.groups.add(Group.objects.get_or_create(name=role)[0])
    return user


def try_to_sign_in(client, user, password=PASSWORD, **extra):
    """Send the form of signing in, for a user or a name."""
    name = user if isinstance(user, str) else user.get_username()
    return client.post(LOGIN, {"username": name, "password": password, "next": ""}, **extra)


def is_signed_in(client):
    return client.get(reverse("admin:index")).status_code == 200


def give_device(user):
    return TOTPDevice.objects.create(user=user, name="app", confirmed=True)


def code_of(device, steps=0):
    """Return the code that the application shows now, or so many half minutes later."""
    return (
        f"{totp(device.bin_key, t0=device.t0, step=device.step) if not steps else _later(device, steps):06d}"
    )


def _later(device, steps):
    return totp(device.bin_key, t0=device.t0 - steps * device.step, step=device.step)


def wrong_code_of(device):
    """Return six digits that are no code of a device around now."""
    right = {code_of(device, steps) for steps in range(-2, 3)}
    return next(code for number in range(10) if (code := f"{number:06d}") not in right)


def wait(device):
    """Let the waiting time after wrong codes be over."""
    type(device).objects.filter(pk=device.pk).update(throttling_failure_timestamp=None)
