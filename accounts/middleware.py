"""Who a request is from: nobody, until the second factor was given; and sessions that end when idle."""

import time

from django.contrib.auth.models import AnonymousUser
from django.utils.functional import SimpleLazyObject

from .second_factor import is_passed

# How many seconds of a session are not worth writing it again.
TOUCHED_EVERY = 5 * 60


class SecondFactor:
    """Makes a stranger of a user without his second factor, everywhere. After AuthenticationMiddleware."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        user = request.user
        # Pages that ask for no user must not read his session.
        request.user = SimpleLazyObject(lambda: known(request, user))
        return self.get_response(request)


def known(request, user):
    """Return the user of a request if he is known by all that is asked of him, else an anonymous one."""
    return user if user.is_authenticated and is_passed(request, user) else AnonymousUser()


class IdleSessions:
    """Lets the session of staff end SESSION_COOKIE_AGE after the last page of the admin, not after sign-in.

    It is written again every few minutes at most; other pages do not touch it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info.startswith("/admin/") and request.user.is_authenticated:
            moment = int(time.time())
            if moment - request.session.get("touched", 0) >= TOUCHED_EVERY:
                request.session["touched"] = moment
        return self.get_response(request)
