"""What holds for whole branches of the site: headers of the API, and the language of a request."""

from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse
from django.middleware.http import ConditionalGetMiddleware
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers, set_response_etag
from django.utils.translation.trans_real import parse_accept_lang_header

from record.text import LANGUAGES


def is_api(request):
    """Tell whether a request is for the API, found or not."""
    return request.path_info == "/api" or request.path_info.startswith("/api/")


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
