"""What the door answers by itself (`ogp_portal/front.py`): made once, without database, session or page."""

import json
from functools import cache
from io import BytesIO

from django.core.handlers.wsgi import WSGIRequest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from faces.api import error

from .errors import is_api
from .middleware import Locale

CODES = {408: "too_slow", 413: "too_large", 500: "server_error", 503: "busy"}
RETRY_SECONDS = 30


def detail_of(status):
    """Return the sentence for a status, in the active language."""
    return {
        408: _("The request did not arrive in time."),
        413: _("The request is too large."),
        500: _("The portal failed; the fault is ours."),
        503: _("So many ask at once that the portal cannot answer you now. Try again in half a minute."),
    }[status]


def refusal(environ, status):
    """Return the answer to a request that the door refuses: status, headers, body."""
    request = WSGIRequest({"wsgi.input": BytesIO(), **environ})
    api = is_api(request)
    try:
        language = (
            Locale.api_language(request)
            if api
            else translation.get_language_from_request(request, check_path=True)
        )
    except UnicodeError:
        language = "es"
    headers = {
        "Content-Type": "application/json" if api else "text/html; charset=utf-8",
        "Content-Language": language,
        "Cache-Control": "no-store",
        "Vary": "Accept-Language",
        "X-Content-Type-Options": "nosniff",
    }
    if status == 503:
        headers["Retry-After"] = str(RETRY_SECONDS)
    if api:
        headers["Access-Control-Allow-Origin"] = "*"
    else:
        headers["Content-Security-Policy"] = "default-src 'self'"
    body = body_of(status, language, api)
    headers["Content-Length"] = str(len(body))
    return status, list(headers.items()), body


@cache
def body_of(status, language, is_api):
    with translation.override(language):
        detail = detail_of(status)
        if is_api:
            return json.dumps({"errors": [error(CODES[status], detail)]}, ensure_ascii=False).encode()
        return render_to_string("refused.html", {"detail": detail, "language": language}).encode()
