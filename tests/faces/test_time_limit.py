"""A reader's request that takes too long is ended, on either database; a staff's is not."""

import time

import pytest
from django.db import OperationalError, connection
from django.http import HttpResponse, StreamingHttpResponse
from django.test import override_settings

from faces.time_limit import TimeLimit, TookTooLong, is_limited, lift
from ogp_portal.bounds import ReadersTime

pytestmark = pytest.mark.django_db(transaction=True)

# Much longer than the limits of these tests; nobody waits for it.
COUNT = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
ENDLESS = {
    "sqlite": f"{COUNT} SELECT count(*) FROM n",
    "postgresql": "SELECT pg_sleep(60)",
}
# Some rows of it long before the limit; all of them long after it.
ROWS = {
    "sqlite": f"{COUNT} SELECT i FROM n WHERE i % 20000 = 0 LIMIT 5000",
    "postgresql": "SELECT pg_sleep(0.05) FROM generate_series(1, 1200)",
}


def ask(sql=None):
    with connection.cursor() as cursor:
        cursor.execute(sql or ENDLESS[connection.vendor])
        return cursor.fetchall()


def answered(rf, view, path="/es/", method="get"):
    """Return what the middleware and Django's handling of exceptions make of a view's answer."""
    middleware = ReadersTime(None)

    def get_response(request):
        try:
            return view(request)
        except Exception as exception:
            response = middleware.process_exception(request, exception)
            if response is None:
                raise
            return response

    middleware.get_response = get_response
    return middleware(getattr(rf, method)(path))


@pytest.fixture(autouse=True)
def afterwards():
    yield
    lift()


@pytest.mark.parametrize("path", ["/en/", "/api/v1/plans/?lang=en"])
@override_settings(READER_SECONDS=1)
def test_query_that_takes_too_long_is_ended_with_words(rf, path):
    began = time.monotonic()

    response = answered(rf, lambda request: HttpResponse(ask()), path)

    assert time.monotonic() - began < 30
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "60"
    if path.startswith("/api/"):
        assert b'"took_too_long"' in response.content
    # The connection serves the next reader.
    assert ask("SELECT 1") == [(1,)]


def test_many_short_queries_are_ended_together():
    limit = TimeLimit(0.2)
    count = 0

    with pytest.raises(TookTooLong), limit.running():
        while True:
            ask("SELECT 1")
            count += 1

    assert count


def test_limit_of_one_request_is_not_that_of_the_next(rf):
    with override_settings(READER_SECONDS=1):
        answered(rf, lambda request: HttpResponse(ask()))

    with override_settings(READER_SECONDS=60), TimeLimit(60).running():
        assert ask("SELECT 1") == [(1,)]
    assert "TimeLimit" not in str(connection.execute_wrappers)


@override_settings(READER_SECONDS=0)
@pytest.mark.parametrize(
    ("path", "method"),
    [("/admin/", "get"), ("/admin/plans/plan/import/", "post"), ("/i18n/setlang/", "post")],
)
def test_staff_and_what_is_sent_have_all_the_time(rf, path, method):
    response = answered(rf, lambda request: HttpResponse(ask("SELECT 1")), path, method)

    assert response.status_code == 200


def test_statements_of_staff_are_not_ended_on_a_connection_that_readers_used(rf):
    if connection.vendor == "sqlite":
        sql = f"{COUNT} SELECT i FROM n WHERE i > 5000000 LIMIT 1"
    else:
        sql = "SELECT pg_sleep(1.5)"
    with override_settings(READER_SECONDS=1):
        answered(rf, lambda request: HttpResponse(ask("SELECT 1")))
        response = answered(rf, lambda request: HttpResponse(str(ask(sql))), "/admin/")

    assert response.status_code == 200


@override_settings(READER_SECONDS=1)
def test_stream_that_takes_too_long_is_ended(rf):
    def rows():
        with connection.cursor() as cursor:
            cursor.execute(ROWS[connection.vendor])
            while row := cursor.fetchone():
                yield str(row)

    response = answered(rf, lambda request: StreamingHttpResponse(rows()))

    with pytest.raises(TookTooLong):
        list(response)
    assert ask("SELECT 1") == [(1,)]


@override_settings(READER_SECONDS=30)
def test_other_faults_of_the_database_are_what_they_were(rf):
    def view(request):
        raise OperationalError("gone")

    with pytest.raises(OperationalError):
        answered(rf, view)


def test_who_is_limited():
    assert is_limited("GET", "/es/")
    assert is_limited("HEAD", "/api/v1/plans/")
    assert not is_limited("GET", "/admin/plans/plan/export/")
    assert not is_limited("POST", "/es/")
