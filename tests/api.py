"""Reading the API in tests."""

import csv
import io

from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

ROOT = "/api/v1/"


def get(client, address, status=200, **params):
    """Return the JSON of an address under /api/v1/, after checking the status."""
    response = client.get(ROOT + address, params)
    assert response.status_code == status, response.content
    return response.json()


def results(client, address, key="code", **params):
    """Return one key of each row of a list."""
    return [row[key] for row in get(client, address, **params)["results"]]


def errors(client, address, status=400, **params):
    """Return (field, code) of what is wrong."""
    return [(error["field"], error["code"]) for error in get(client, address, status, **params)["errors"]]


def table(client, address, **params):
    """Return the rows of a list's CSV as dictionaries."""
    response = client.get(ROOT + address, {"format": "csv"} | params)
    assert response.status_code == 200, response.content
    return list(csv.DictReader(io.StringIO(response.getvalue().decode())))


def queries(client, address, **params):
    """Return how many queries an answer takes."""
    for cache in caches.all():
        cache.clear()
    with CaptureQueriesContext(connection) as captured:
        response = client.get(ROOT + address, params)
        assert response.status_code == 200
        assert response.getvalue()
    return len(captured)
