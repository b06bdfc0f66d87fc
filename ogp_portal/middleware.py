"""What holds for whole branches of the site: headers of the API, the language and the bytes of a request."""

import re
from itertools import starmap
from urllib.parse import unquote_to_bytes

from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse
from django.middleware.http import ConditionalGetMiddleware
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers, set_response_etag
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header

from faces.filters import shortened
from record.text import LANGUAGES

from .errors import error_answer, is_api

# Longer than any form or link of ours makes one, with every filter chosen.
LONGEST_ADDRESS = 16_000


class ApiHeaders:
    """Lets scripts of other sites read the API, its errors and files included. The outermost middleware."""

    METHODS = "GET, HEAD, OPTIONS"
    # What browsers and the usual libraries send; the asterisk is any other, where a browser knows it.
    REQUEST_HEADERS = ", ".join(
        [
            *("Accept", "Accept-Language", "Content-Language", "Content-Type", "Range"),
            *("Cache-Control", "Pragma", "If-None-Match", "If-Modified-Since", "X-Requested-With", "*"),
        ]
    )

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not is_api(request):
            return self.get_response(request)
        response = self.preflight(request) or self.get_response(request)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "ETag, Content-Language, Content-Disposition"
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = self.METHODS
            response.headers["Access-Control-Allow-Headers"] = self.REQUEST_HEADERS
            response.headers["Access-Control-Max-Age"] = "86400"
        return response

    def preflight(self, request):
        """Answer a browser that asks whether a script may send what it wants to; None to anything else.

        It may, at any address: only so can the script read the error that stands there.
        """
        if request.method != "OPTIONS" or "Access-Control-Request-Method" not in request.headers:
            return None
        return HttpResponse(status=204, headers={"Allow": self.METHODS})


class ConditionalGet(ConditionalGetMiddleware):
    """Django's ETag and its answer 'not modified', for HEAD too: HEAD tells what GET would."""

    def process_response(self, request, response):
        if getattr(request, "has_key", False):
            # Its ETag is that of its key (`FinishedAnswers`).
            return response
        if request.method != "HEAD" or response.status_code != 200 or response.streaming:
            return super().process_response(request, response)
        if self.needs_etag(response) and not response.has_header("ETag"):
            set_response_etag(response)
        return get_conditional_response(request, etag=response.get("ETag"), response=response)


class Locale(LocaleMiddleware):
    """Django's choice of language; for the API `?lang`, or else Accept-Language, or else Spanish.

    A cookie never chooses the language of the API: the same address and headers give the same answer.
    """

    def process_request(self, request):
        if not is_api(request):
            return super().process_request(request)
        translation.activate(self.api_language(request))
        request.LANGUAGE_CODE = translation.get_language()

    def process_response(self, request, response):
        if not is_api(request):
            return super().process_response(request, response)
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        patch_vary_headers(response, ["Accept-Language"])
        return response

    @staticmethod
    def api_language(request):
        try:
            asked = request.GET.getlist("lang")
        except SuspiciousOperation:
            # More parameters than Django reads; the view answers that.
            asked = []
        if len(asked) == 1 and asked[0] in LANGUAGES:
            return asked[0]
        for accepted, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
            if accepted == "*":
                break
            if accepted[:2] in LANGUAGES and accepted[2:3] in ("", "-"):
                return accepted[:2]
        return LANGUAGES[0]


class ReadableQuery:
    """Refuses an address that is too long, or a query that is not UTF-8, in the language that was chosen.

    Django reads such bytes as U+FFFD, which nobody looks for, and would find nothing.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        query = getattr(request, "query_as_sent", request.META.get("QUERY_STRING", ""))
        if len(request.path_info) + len(query) > LONGEST_ADDRESS:
            detail = _("This address is too long: %(max)s characters at most.") % {"max": LONGEST_ADDRESS}
            return error_answer(request, 400, "address_too_long", detail)
        part = unreadable_part(query)
        if part is None:
            return self.get_response(request)
        name, _sign, _value = part.partition(b"=")
        field = shortened(read_bytes(name)) if is_readable(name) else None
        detail = _("The address has characters that cannot be read: write it in UTF-8.")
        return error_answer(request, 400, "not_utf8", detail, field)


class PossibleQuery:
    """Answers "not found" to an address of the admin that asks for what no list and no database knows."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info.startswith("/admin/") and not all(starmap(is_possible, request.GET.lists())):
            return error_answer(request, 404, "not_found", _("There is nothing at this address."))
        return self.get_response(request)


# Words that somebody looks for may be anything.
SEARCHED = ("q",)
# Longer than any number in a database, and what no text there may have.
IMPOSSIBLE = re.compile(r"\d{19}|\x00")
# Questions that no list asks: some of their answers are errors of the database.
NOT_ASKED = ("__range", "__regex", "__iregex")


def is_possible(name, values):
    """Tell whether an address of the admin may ask for some values under a name."""
    if name in SEARCHED:
        return True
    return not name.endswith(NOT_ASKED) and not any(map(IMPOSSIBLE.search, [name, *values]))


def unreadable_part(query):
    """Return the first part of a query string, as a server hands it over, that is not UTF-8; None without."""
    # As Latin-1 (PEP 3333).
    parts = query.encode("latin-1", "replace").split(b"&")
    return next((part for part in parts if not is_readable(part)), None)


def read_bytes(part):
    """Return the text of a part of a query string; raise UnicodeDecodeError if it is not UTF-8."""
    return unquote_to_bytes(part.replace(b"+", b" ")).decode()


def is_readable(part):
    """Tell whether a part of a query string is UTF-8, and was so when somebody copied it."""
    try:
        return "\N{REPLACEMENT CHARACTER}" not in read_bytes(part)
    except UnicodeDecodeError:
        return False
