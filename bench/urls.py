"""The portal's addresses, and three that only the bench has."""

from itertools import count

from django.core.cache import caches
from django.http import HttpResponse
from django.urls import path

from faces import kept
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


def forget(request):
    """Empty every cache of this process, and let go of the rows that it keeps, as after a change."""
    kept._shelf = kept.Shelf()
    return empty(request)


urlpatterns = [
    path("bench/bare/", bare),
    path("bench/empty/", empty),
    path("bench/forget/", forget),
    *portal,
]
