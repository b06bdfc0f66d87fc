"""Pages on which people choose which mails they get: their own, and that of the link in each mail."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from . import mail, muting
from .models import MailKind
from .views import page

# The button, and the field of RFC 8058 with which a mail program presses it.
AGAIN = "again"


@never_cache
@csrf_exempt
def mute(request, token):
    """Mute the kinds of a signed link when its button is pressed, or take that back; signed in or not.

    To open the link changes nothing: programs that look into mails follow links. Mail programs send the form
    by themselves (RFC 8058), which is why it has no token against forgery: the link is signed, and does this
    alone. They follow no redirect.
    """
    found = muting.read(token)
    if found is None:
        return page(request, "mute", _("This link does not lead anywhere"), status=404)
    user, kinds = found
    if request.method == "POST":
        (muting.unmute if AGAIN in request.POST else muting.mute)(user, kinds)
    is_muted = set(kinds) <= muting.muted_by(user)
    title = _("You do not get these mails any more") if is_muted else _("Mails of the portal")
    return page(request, "mute", title, kinds=kinds, is_muted=is_muted)


def own_mail(request):
    """Let somebody who is signed in choose which mails he gets."""
    user, kinds = request.user, muting.kinds_of(request.user)
    if request.method == "POST":
        wanted = [kind for kind in kinds if kind in request.POST.getlist("kind")]
        muting.unmute(user, wanted)
        muting.mute(user, set(kinds) - set(wanted))
        messages.success(request, _("Your choice was saved."))
        return redirect("accounts:own-mail")
    muted = muting.muted_by(user)
    choices = [(kind.value, MailKind(kind).label, kind not in muted) for kind in kinds]
    return page(request, "own_mail", _("Your mails"), choices=choices, is_set_up=mail.is_set_up())
