"""Pages of the acts on accounts: invite, and what can be done with one. Each confirms, then acts."""

from dataclasses import dataclass
from functools import cache

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from faces.addresses import absolute
from record.rights import may_manage_accounts

from . import acts, mail
from .forms import InvitationForm, RoleForm


@dataclass(frozen=True)
class ActPage:
    """What the page of an act says: its button, what follows from it, and what is said when it is done."""

    button: str
    sentence: str
    done: str
    is_grave: bool = False


@cache
def act_pages():
    """Return the pages of acts on an account, by the names of their functions in `acts.py`."""
    return {
        "change": ActPage(
            _("Change name, role or entities"),
            _("What the role allows holds from the next page on that the person opens."),
            _("The account was changed."),
        ),
        "invite_again": ActPage(
            _("Invite again"),
            _("A new link is made, valid for seven days. The earlier one leads nowhere any more."),
            _("There is a new invitation."),
        ),
        "release": ActPage(
            _("Release the lock"),
            _(
                "The person may try again at once. Make sure who is asking: "
                "it may have been somebody else who tried."
            ),
            _("The lock was released."),
        ),
        "reset_second_factor": ActPage(
            _("Reset the second factor"),
            _(
                "For a lost telephone: application and recovery codes are worth nothing any more, and the "
                "person is signed out everywhere. At the next sign-in a new one is set up. Make sure who "
                "is asking."
            ),
            _("The second factor was reset."),
            is_grave=True,
        ),
        "end": ActPage(
            _("End the account"),
            _(
                "For whoever leaves: the person is signed out at once and cannot sign in any more. The name, "
                "and what was written, stay. The account can be reactivated."
            ),
            _("The account was ended."),
            is_grave=True,
        ),
        "reactivate": ActPage(
            _("Reactivate the account"),
            _("The account gets its role and entities back, and an invitation to choose a new password."),
            _("The account was reactivated."),
        ),
    }


INVITING = ("invite_again", "reactivate")


def link_of(request, invitation):
    """Return the whole address of an invitation."""
    return absolute(request, reverse("accounts:invitation", args=[invitation.token]))


def address_of(account):
    return reverse("admin:auth_user_change", args=[account.pk])


def deliver(request, invitation):
    """Send an invitation by mail; where that cannot be, say that its link is to be handed over."""
    context = {
        "account": invitation.account,
        "link": link_of(request, invitation),
        "until": invitation.expires_at,
    }
    if mail.send(mail.message(invitation.account.email, "invitation", context)):
        invitation.sent_at = now()
        invitation.save(update_fields=["sent_at"])
        said = _("The invitation was sent to %(address)s.") % {"address": invitation.account.email}
        messages.success(request, said)
    else:
        messages.warning(request, _("No mail was sent: hand the link over yourself. It stands on this page."))


def invite_view(request):
    """Make an account by one form, and send its invitation."""
    if not may_manage_accounts(request.user):
        raise PermissionDenied
    form = InvitationForm(request.POST or None)
    if form.is_valid():
        try:
            invitation = acts.invite(request.user, **form.cleaned_data)
        except IntegrityError:
            # Somebody else made the same one meanwhile.
            form.add_error("email", _("There is an account with this address."))
        else:
            deliver(request, invitation)
            return HttpResponseRedirect(address_of(invitation.account))
    return answer(request, _("Invite somebody"), form, button=_("Make the account and invite"))


def act_view(request, number, name):
    """Show what an act on an account does, and do it when that is confirmed."""
    if not may_manage_accounts(request.user):
        raise PermissionDenied
    if name not in act_pages() or number >= 2**31:
        raise Http404
    account = get_object_or_404(User, pk=number)
    if not acts.may_act_on(request.user, account):
        raise PermissionDenied
    page = act_pages()[name]
    form = None
    if name == "change":
        form = RoleForm(request.POST or None, initial=initial_of(account))
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            made = getattr(acts, name)(request.user, account, **(form.cleaned_data if form else {}))
        except acts.NotNow as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, page.done)
            if name in INVITING:
                deliver(request, made)
        return HttpResponseRedirect(address_of(account))
    return answer(request, page.button, form, act=page, account=account, button=page.button)


def initial_of(account):
    return {
        "name": account.get_full_name(),
        "role": acts.role_of(account),
        "entities": [each.entity_id for each in account.memberships.all()],
    }


def answer(request, title, form, **context):
    whole = admin.site.each_context(request) | {"title": title, "form": form} | context
    return TemplateResponse(request, "accounts/act.html", whole)
