"""What was typed is not lost when a session ends: it is kept where its author finds it once he signed in.

It stays for an hour in the session of the browser that sent it, which survives signing in. Only forms that
we sealed are kept, so that nobody fills the table of sessions.
"""

import time

from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpResponseRedirect, QueryDict
from django.middleware.csrf import REASON_BAD_ORIGIN
from django.utils.translation import gettext_lazy as _
from django.views.csrf import csrf_failure as plain_csrf_failure

from faces.admin.versions import FIELD, opened_by

SECONDS = 3600
CHARACTERS = 100_000
KEY = "typed_report"
# The addresses whose forms are kept: those of updates, and those of reports.
FOLDERS = ("/admin/informar/", "/admin/informes/")

ENDED = _("Your session had ended. Sign in within the hour: what you typed is kept and stands there again.")


def keep(request):
    """Keep what a form said that cannot be saved just now; tell whether it was kept."""
    said = request.POST.copy()
    said.pop("csrfmiddlewaretoken", None)
    text = said.urlencode()
    if len(text) > CHARACTERS or opened_by(said.get(FIELD, "")) is None:
        return False
    request.session[KEY] = {"path": request.path, "said": text, "at": time.time()}
    return True


def take(request):
    """Return what was typed on this page before its author signed in, as a QueryDict, once; or None.

    Somebody else who signs in in the same browser is not shown it.
    """
    kept = request.session.get(KEY)
    if not kept or kept["path"] != request.path:
        return None
    del request.session[KEY]
    said = QueryDict(kept["said"])
    is_his = opened_by(said.get(FIELD, "")) == request.user.pk
    return said if is_his and time.time() - kept["at"] < SECONDS else None


def keeping(view):
    """Let a page of the admin keep what is sent to it after the session ended, before it asks to sign in."""

    def kept_first(request, *args, **kwargs):
        if request.method == "POST" and not admin.site.has_permission(request) and keep(request):
            messages.warning(request, ENDED)
        return view(request, *args, **kwargs)

    return kept_first


def csrf_failure(request, reason=""):
    """Show again what was typed before its author signed in elsewhere; nothing of it is saved by that.

    To sign in makes the tokens of forms invalid that were opened before. What another site sends is not kept:
    browsers send it without the session of its reader, which a new one would end.
    """
    is_from_elsewhere = reason == REASON_BAD_ORIGIN % request.headers.get("Origin")
    is_ours = request.path.removeprefix(settings.FORCE_SCRIPT_NAME or "").startswith(FOLDERS)
    if is_ours and not is_from_elsewhere and keep(request):
        return HttpResponseRedirect(request.path)
    return plain_csrf_failure(request, reason)
