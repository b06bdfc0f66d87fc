"""Settings and addresses of the server in tests/test_workers.py: the portal and pages that keep it busy."""

import os
import time
from pathlib import Path

from django.http import HttpResponse
from django.urls import path

from tests.settings import *  # noqa: F403

ROOT_URLCONF = "tests.workers"


def slow(request):
    """Take a second, and leave a file that tells of it."""
    name = f"{time.monotonic_ns()}-{os.getpid()}"
    (Path(os.environ["SLOW_FOLDER"]) / name).touch()
    time.sleep(1)
    return HttpResponse(name)


def worker(request):
    return HttpResponse(str(os.getpid()))


def __getattr__(name):
    # These addresses are imported when the settings are there.
    from ogp_portal import urls

    if name == "urlpatterns":
        return [path("slow/", slow), path("worker/", worker), *urls.urlpatterns]
    return getattr(urls, name)
