"""What one reader may take of the portal: time, answers a minute, and what he is told when it is too much."""

import logging

from django.conf import settings
from django.utils.translation import gettext as _

from faces.limits import client_of, wait_of
from faces.time_limit import TimeLimit, is_limited, lift

from .errors import error_answer

logger = logging.getLogger(__name__)


class ReadersTime:
    """Ends a reader's request that takes longer than READER_SECONDS: 503. The innermost middleware."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not is_limited(request.method, request.path_info):
            lift()
            return self.get_response(request)
        request.time_limit = TimeLimit(settings.READER_SECONDS)
        with request.time_limit.running():
            response = self.get_response(request)
        if response.streaming:
            response.streaming_content = request.time_limit.over(response.streaming_content)
        return response

    def process_exception(self, request, exception):
        limit = getattr(request, "time_limit", None)
        if limit is None or not limit.is_cause_of(exception):
            return None
        logger.warning("Ended after %s seconds: %s", limit.seconds, request.get_full_path())
        detail = _("This takes longer than the portal gives one answer. Ask for less, or again later.")
        return refuse(request, 503, "took_too_long", detail, 60)


class ReadersLimit:
    """Refuses an anonymous reader more than READER_LIMIT answers a minute: 429.

    It stands inside what keeps finished answers, so that only those count that must be made, and after
    who is logged in is known.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.refusal(request) or self.get_response(request)

    def refusal(self, request):
        """Return the answer to a reader who had too many; None for all others."""
        if not settings.READER_LIMIT:
            return None
        client = client_of(request.META)
        try:
            seconds = wait_of(client)
        except Exception:
            # Without its cache the portal is slower, not shut.
            logger.exception("The cache of READER_LIMIT does not answer")
            return None
        # A cookie is easily made up; only who comes so far has it looked at.
        if not seconds or (settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated):
            return None
        detail = _("Too many requests. Try again later.")
        return refuse(request, 429, "throttled", detail, seconds)


def refuse(request, status, code, detail, seconds):
    """Answer that it may be tried again after some seconds."""
    response = error_answer(request, status, code, detail)
    response.headers["Retry-After"] = str(seconds)
    response.headers["Cache-Control"] = "no-store"
    return response
