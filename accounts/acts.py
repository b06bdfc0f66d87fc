"""What is done with accounts: each act is one transaction, asks who may, and is told in `AccountEvent`.

Nobody acts on his own account, and nobody but a superuser on that of a superuser. No act makes a superuser.
"""

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from entities.models import Membership
from record.rights import Role, may_manage_accounts

from . import lock, second_factor
from .models import AccountEvent, Invitation
from .roles import roles_of

Act = AccountEvent.Act


class NotNow(Exception):
    """An act that has nothing to do, with the reason in words."""


def may_act_on(by, account):
    """Tell whether a user may act on an account: never on his own, nor on one that may more than he."""
    return may_manage_accounts(by) and by.pk != account.pk and (by.is_superuser or not account.is_superuser)


def hold(by, account):
    """Return an account, locked as it is stored; raise PermissionDenied if the user may not act on it."""
    held = User.objects.select_for_update().get(pk=account.pk)
    if not may_act_on(by, held):
        raise PermissionDenied
    return held


@transaction.atomic
def invite(by, *, name, email, role, entities=()):
    """Make an account without a password, with its role and entities; return its invitation.

    Only focal points have entities, and each has one at least (ValueError). Raise PermissionDenied if `by`
    may not, and IntegrityError if there is an account of that address.
    """
    if not may_manage_accounts(by):
        raise PermissionDenied
    account = User(username=email.lower(), email=email.lower(), first_name=name, is_staff=True)
    account.set_unusable_password()
    account.save(force_insert=True)
    _give(account, role, entities)
    AccountEvent.tell(Act.INVITE, account, by, in_words(role, entities))
    return Invitation.renew(by, account)


@transaction.atomic
def invite_again(by, account):
    """Give an account that never had a password a new link, and make the earlier one void."""
    account = hold(by, account)
    if not account.is_active or account.has_usable_password():
        raise NotNow(_("This account has its password, or was ended."))
    AccountEvent.tell(Act.INVITE_AGAIN, account, by)
    return Invitation.renew(by, account)


@transaction.atomic
def accept(invitation, password):
    """Set the first password of an account; return whether the invitation was open until now."""
    if not invitation.use():
        return False
    account = invitation.account
    account.set_password(password)
    account.save(update_fields=["password"])
    AccountEvent.tell(Act.ACCEPT, account, account)
    return True


@transaction.atomic
def change(by, account, *, name, role, entities=()):
    """Give an account another name, role or entities."""
    account = hold(by, account)
    account.first_name, account.last_name = name, ""
    account.save(update_fields=["first_name", "last_name"])
    _give(account, role, entities)
    AccountEvent.tell(Act.CHANGE, account, by, in_words(role, entities))


@transaction.atomic
def end(by, account):
    """End an account: its sessions, password and second factor; its name, memberships and rows stay."""
    account = hold(by, account)
    if not account.is_active:
        raise NotNow(_("This account was ended already."))
    account.is_active = False
    # A session stands on the password: reactivated, it must not come back.
    account.set_unusable_password()
    account.save(update_fields=["is_active", "password"])
    second_factor.reset(account)
    AccountEvent.tell(Act.END, account, by)


@transaction.atomic
def reactivate(by, account):
    """Let an ended account begin again, with an invitation as at first; return that."""
    account = hold(by, account)
    if account.is_active:
        raise NotNow(_("This account is active."))
    account.is_active = True
    account.set_unusable_password()
    account.save(update_fields=["is_active", "password"])
    AccountEvent.tell(Act.REACTIVATE, account, by)
    return Invitation.renew(by, account)


@transaction.atomic
def release(by, account):
    """Take the locks of wrong passwords from an account."""
    account = hold(by, account)
    locks = lock.locks_of(account)
    if not locks:
        raise NotNow(_("This account is not locked."))
    lock.release(account)
    AccountEvent.tell(Act.RELEASE, account, by, ", ".join(address for address, _until in locks))


@transaction.atomic
def reset_second_factor(by, account):
    """Take the second factor from an account whose telephone was lost: the next sign-in sets up another."""
    account = hold(by, account)
    if not second_factor.has_device(account):
        raise NotNow(_("This account has no second factor."))
    second_factor.reset(account)
    AccountEvent.tell(Act.RESET_SECOND_FACTOR, account, by)


def _give(account, role, entities):
    """Give an account one role, and the entities of a focal point."""
    role = Role(role)
    if (role == Role.FOCAL_POINT) != bool(entities):
        raise ValueError("A focal point has entities, and nobody else has")
    of_roles = Group.objects.filter(name__in=Role.values)
    account.groups.remove(*of_roles.exclude(name=role))
    account.groups.add(Group.objects.get_or_create(name=role)[0])
    account.memberships.exclude(entity__in=entities).delete()
    for entity in entities:
        Membership.objects.get_or_create(user=account, entity=entity)
    # Whatever else it was given once would outlive its role.
    account.user_permissions.clear()


def in_words(role, entities):
    """Return a role and entities as the log tells them, in Spanish."""
    with override(settings.LANGUAGE_CODE):
        label = str(Role(role).label)
    names = ", ".join(entity.acronym or entity.slug for entity in entities)
    return f"{label}: {names}" if names else label


def state_of(account):
    """Return the names of what can be done with an account now, beside `change`."""
    if not account.is_active:
        return ["reactivate"]
    can = ["end"]
    if not account.has_usable_password():
        can.insert(0, "invite_again")
    if lock.locks_of(account):
        can.insert(0, "release")
    if second_factor.has_device(account):
        can.insert(0, "reset_second_factor")
    return can


def role_of(account):
    """Return the role that an account is shown with, the strongest of its own; None without."""
    return next(iter(roles_of(account)), None)
