"""The portal's addresses, and two that only the bench has."""

from itertools import count

from django.core.cache import caches
from django.http import HttpResponse
from django.urls import path

from ogp_portal.urls import *  # noqa: F403
from ogp_portal.urls import urlpatterns as portal

numbers = count()


def bare(request):
    """Answer with next to nothing, a new number each time, so that it is seen that nobody kept the answer."""
    return HttpResponse(f"{next(numbers)}", content_type="text/plain", headers={"Cache-Control": "no-store"})


def empty(request):
    """Empty every cache of this process."""
    for cache in caches.all():
        cache.clear()
    return HttpResponse("", content_type="text/plain", headers={"Cache-Control": "no-store"})


urlpatterns = [path("bench/bare/", bare), path("bench/empty/", empty), *portal]
