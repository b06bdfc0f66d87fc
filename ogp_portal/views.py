"""Pages that belong to no app: the start page, redirections, health and errors."""

from django.db import Error, connection
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from commitments.models import Commitment
from ogp_portal.common.api import error_response
from plans.views import overview

from .middleware import is_api


class Home(TemplateView):
    """The start page: every plan with the levels that its reports judged, the last plan first."""

    template_name = "home.html"

    def get_context_data(self, **kwargs):
        levels = Commitment.objects.published().with_level().values_list("shown_level", flat=True)
        return super().get_context_data(**kwargs) | {
            "plans": overview(),
            "total": len(levels),
            "assessed": sum(level is not None for level in levels),
        }


def root(request):
    """Send a visitor to the start page in his language: Spanish, unless he prefers English."""
    return _redirect(request, reverse("home"))


def ogp_id(request, ogp_id):
    """Send a visitor from the OGP's own id of a commitment (PE0049) to its page; 404 for an unknown one."""
    commitment = get_object_or_404(Commitment.objects.published().select_related("plan"), ogp_id=ogp_id)
    return _redirect(request, commitment.get_absolute_url())


def _redirect(request, target):
    """Redirect with the query of the request. The middleware has chosen the language by then."""
    query = request.META.get("QUERY_STRING")
    return HttpResponseRedirect(f"{target}?{query}" if query else target)


@never_cache
def healthz(request):
    """Answer 'ok' while the database answers, else 503: for whoever watches over the server."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return HttpResponse("the database does not answer", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")


def bad_request(request, exception=None):
    """Answer a request that cannot be read: 400."""
    return _error(request, 400, "bad_request", _("This address or this request cannot be read."))


def permission_denied(request, exception=None):
    """Answer a request for what the visitor may not see: 403."""
    return _error(request, 403, "permission_denied", _("You may not open this page."))


def not_found(request, exception=None):
    """Answer a request for what does not exist: 404."""
    return _error(request, 404, "not_found", _("There is nothing at this address."))


def server_error(request):
    """Answer where the portal failed: 500."""
    return _error(request, 500, "server_error", _("The portal failed; the fault is ours."))


def _error(request, status, code, detail):
    """Answer with an error: JSON under /api/ (design, section 5), a page elsewhere."""
    if is_api(request):
        return error_response(status, code, detail)
    return render(request, f"{status}.html", {"detail": detail}, status=status)
