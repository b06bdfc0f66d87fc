"""Finished answers: what is kept, under which key, and what never is (ogp_portal/finished.py)."""

import gzip
from contextlib import contextmanager
from datetime import timedelta
from http.cookies import SimpleCookie
from io import StringIO

import brotli
import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.db import OperationalError, connection
from django.http import HttpResponse, StreamingHttpResponse
from django.template.base import Template
from django.test import Client, RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext

from commitments.models import Commitment, CommitmentState
from ogp_portal import finished
from ogp_portal.caches import BoundedMemory
from ogp_portal.finished import FinishedAnswers
from record.dates import today
from record.models import Version
from record.publication import Status
from record.writing import writing
from tests import factories
from tests.api import ROOT
from tests.threads import shared_database  # noqa: F401

pytestmark = pytest.mark.django_db

WHY = "Errata de imprenta"
PAGE, LIST = "/es/compromisos/", ROOT + "commitments/"


@pytest.fixture
def commitment():
    return factories.make_commitment(number=1, title_es="Antes", title_en="Before")


def held():
    """Return how many bodies are kept, in whatever encoding."""
    return sum(len(caches[name]._cache) for name in ("answers", "answers_to_queries"))


def rename(title):
    with writing(reason=WHY):
        Commitment.objects.update(title_es=title)


@contextmanager
def database_gone():
    """Let every statement fail, as where the server was stopped."""

    def fail(*args):
        raise OperationalError("server closed the connection unexpectedly")

    with connection.execute_wrapper(fail):
        yield


@pytest.fixture
def no_pause(monkeypatch):
    monkeypatch.setattr(finished, "PAUSE", 0)


# What is asked again.


@pytest.mark.parametrize("address", [PAGE, "/es/", LIST, LIST + "?format=csv", "/sitemap.xml"])
def test_a_repeated_answer_asks_for_the_version_alone(client, commitment, monkeypatch, address):
    first = client.get(address)
    monkeypatch.setattr(Template, "render", lambda *args: pytest.fail("a template was asked"))

    with CaptureQueriesContext(connection) as asked:
        again = client.get(address)

    assert [query["sql"] for query in asked] == ["SELECT number, at FROM record_version WHERE id = 1"]
    assert (again.status_code, again.content) == (200, first.content)
    assert dict(again.headers) == dict(first.headers)
    assert again.headers["Cache-Control"] == "public, no-cache, stale-if-error=86400"


@pytest.mark.parametrize("address", [PAGE, LIST])
@pytest.mark.parametrize("method", ["get", "head"])
def test_a_reader_who_has_the_answer_is_told_so_by_the_key_alone(client, commitment, address, method):
    tag = client.get(address).headers["ETag"]
    for cache in caches.all():
        cache.clear()

    for tags in (tag, f'"other", {tag}', tag.removeprefix("W/")):
        with CaptureQueriesContext(connection) as asked:
            again = getattr(client, method)(address, headers={"If-None-Match": tags})
        assert (again.status_code, again.content, len(asked)) == (304, b"", 1)
        assert again.headers["ETag"] == tag
        assert "Accept-Encoding" in again.headers["Vary"]
    assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200
    assert client.get(address, headers={"If-None-Match": "*"}).status_code == 304


def test_a_change_is_seen_at_the_next_request(client, commitment):
    for title in ("Antes", "Después", "Antes"):
        rename(title)
        tags = {client.get(address).headers["ETag"] for address in (PAGE, PAGE)}
        assert title in client.get(PAGE).content.decode()
        assert client.get(LIST).json()["results"][0]["title_es"] == title
        assert len(tags) == 1
        assert client.get(PAGE, headers={"If-None-Match": tags.pop()}).status_code == 304


def test_an_old_etag_is_no_longer_right_after_a_change(client, commitment):
    tag = client.get(PAGE).headers["ETag"]
    rename("Después")

    assert client.get(PAGE, headers={"If-None-Match": tag}).status_code == 200


def test_states_made_anew_are_told_at_the_next_request(client, commitment):
    tag = client.get(PAGE).headers["ETag"]
    with writing():
        CommitmentState.objects.all().delete()
    call_command("rebuild_states", stdout=StringIO())

    assert client.get(PAGE).headers["ETag"] != tag


def test_the_next_day_has_its_own_answers(client, commitment, monkeypatch):
    tag = client.get(PAGE).headers["ETag"]
    tomorrow = today() + timedelta(days=1)
    monkeypatch.setattr(finished, "today", lambda: tomorrow)

    assert client.get(PAGE, headers={"If-None-Match": tag}).status_code == 200


# Which requests have one answer, and which have not.


def tag_of(client, address, secure=False, **headers):
    response = client.get(address, headers=headers, secure=secure)
    assert response.status_code == 200
    return response.headers["ETag"], response.content


@pytest.mark.parametrize(
    ("one", "headers", "other", "other_headers"),
    [
        (LIST, {}, LIST, {"Accept-Language": "en"}),
        (LIST, {}, LIST + "?lang=en", {}),
        (PAGE, {}, "/en/commitments/", {}),
        (PAGE, {}, PAGE + "?as_of=2017-09-30", {}),
        (LIST, {}, LIST + "?as_of=2017-09-30", {}),
        (LIST, {}, LIST + "?format=csv", {}),
        (LIST, {}, LIST + "?fields=code", {}),
        (LIST, {}, LIST, {"Host": "localhost"}),
        (PAGE, {}, PAGE, {"Host": "localhost"}),
        (LIST, {}, LIST, {"Host": "localhost:8123"}),
        (PAGE, {}, PAGE, {"secure": True}),
        (LIST + "?plan=1&plan=2", {}, LIST + "?plan=1", {}),
    ],
)
def test_other_answers_have_other_keys(client, one, headers, other, other_headers):
    for number in (1, 2):
        factories.make_plan(number=number)

    for _ in range(2):
        tags = tag_of(client, one, **headers), tag_of(client, other, **other_headers)
        assert tags[0][0] != tags[1][0]
    assert tags == (tag_of(client, one, **headers), tag_of(client, other, **other_headers))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (LIST + "?page_size=5&lang=es", LIST + "?lang=es&page_size=5"),
        (PAGE + "?q=a&as_of=2017-09-30", PAGE + "?as_of=2017-09-30&q=a"),
        (PAGE + "?q=a", PAGE + "?q=%61&fbclid=1&utm_source=diario"),
    ],
)
def test_what_means_the_same_has_one_answer(client, commitment, one, other):
    # What a page reads is known once it was built.
    client.get(PAGE)

    assert tag_of(client, one) == tag_of(client, other)
    assert client.get(other).content == client.get(one).content


@pytest.mark.parametrize(
    ("query", "rest"), [("?q=", ""), ("?q=%61&plan=&utm_source=", "?q=a&utm_source="), ("?as_of=+", "")]
)
def test_page_without_what_is_empty_is_where_it_leads(client, commitment, query, rest):
    for path in (PAGE, f"{PAGE}{commitment.code}/") if "q" not in query else (PAGE,):
        client.get(path)

        response = client.get(path + query)

        assert (response.status_code, response.url) == (302, path + rest)
        assert response.headers.get("ETag") is None
        assert tag_of(client, response.url)[1] == client.get(path + rest.replace("&utm_source=", "")).content


def test_empty_values_of_the_api_stay_in_its_address(client, commitment):
    assert client.get(LIST).status_code == client.get(LIST + "?q=").status_code == 200


def test_the_next_page_of_a_list_is_the_same_for_every_order_of_parameters(client):
    for number in (1, 2, 3):
        factories.make_commitment(number=number)

    pages = [client.get(f"{LIST}?{query}").json() for query in ("lang=en&page_size=2", "page_size=2&lang=en")]

    assert pages[0] == pages[1]
    assert len(client.get(pages[0]["next"]).json()["results"]) == 1


def test_what_a_page_does_not_read_is_neither_kept_nor_said(client, commitment):
    for _ in range(3):
        response = client.get("/es/glosario/?x=veneno", headers={"Accept-Encoding": "gzip"})
        assert b"veneno" not in gzip.decompress(response.content)
    kept = held()
    client.get("/es/glosario/?y=veneno")

    assert held() == kept


def test_what_is_kept_was_asked_without_what_nobody_reads():
    def inside(request):
        request.known_parameters = ("a",)
        return HttpResponse(request.META["QUERY_STRING"].ljust(500))

    middleware = FinishedAnswers(inside)

    for query in ("x=veneno&a=1", "a=1&x=veneno", "a=1"):
        answer = middleware(RequestFactory().get(f"/es/algo/?{query}"))
    assert answer.content.strip() == b"a=1"


def test_a_page_of_the_sitemap_that_is_not_there_is_not_the_first(client):
    for _ in range(2):
        assert [client.get(f"/sitemap.xml?p={page}&x=1").status_code for page in (1, 2, 1)] == [200, 404, 200]


def test_a_thousand_days_push_no_page_out(client, commitment, settings):
    client.get(PAGE)
    client.get(LIST)
    for day in range(1, 20):
        client.get(f"{PAGE}?as_of=2017-01-{day:02}")

    assert len(caches["answers"]._cache) == 2
    assert len(caches["answers_to_queries"]._cache) == 18 + 1


@override_settings(PORTAL_ADDRESS="https://portal.example", ALLOWED_HOSTS=["portal.example", ".example.org"])
def test_a_thousand_names_of_the_host_push_no_page_out(client, commitment):
    client.get(PAGE, headers={"Host": "portal.example"})
    for number in range(5):
        client.get(PAGE, headers={"Host": f"x{number}.example.org"})

    assert (len(caches["answers"]._cache), len(caches["answers_to_queries"]._cache)) == (1, 5)


# What is never kept.


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (ROOT + "commitments/9-9/", 404),
        ("/es/compromisos/9-9/", 404),
        (LIST + "?x=1", 400),
        (LIST + "?plan=%FF", 400),
        (PAGE + "?q=%FF", 400),
        (PAGE + "?as_of=2017", 400),
        (PAGE + "?" + "&".join("x" * 2000), 400),
        ("/es/planes", 301),
        ("/planes/", 302),
        ("/", 302),
        ("/healthz", 200),
        ("/admin/login/", 200),
    ],
)
def test_errors_redirections_and_what_is_no_matter_of_readers_are_not_kept(client, address, status):
    for _ in range(2):
        response = client.get(address)
        assert response.status_code == status
        assert "stale-if-error" not in response.headers.get("Cache-Control", "")
    assert held() == 0


@pytest.mark.parametrize("method", ["post", "put", "delete", "options"])
def test_only_reading_is_kept(client, commitment, method):
    for address in (PAGE, LIST):
        client.get(address)
        assert getattr(client, method)(address).content != client.get(address).content
        assert getattr(client, method)(address).headers.get("Cache-Control") is None


def test_an_unknown_host_gets_no_kept_answer(client, commitment):
    client.get(PAGE)

    for _ in range(2):
        assert client.get(PAGE, headers={"Host": "evil.example"}).status_code == 400
    assert held() == 1


def test_a_draft_is_kept_out_and_read_once_it_is_public(client, admin_client, commitment):
    report = factories.make_report(status=Status.DRAFT)
    address = report.get_absolute_url()

    for who in (admin_client, client, admin_client, client):
        assert who.get(address).status_code == 404
    with writing(reason=WHY):
        report.status = Status.PUBLISHED
        report.save()
    assert client.get(address).status_code == 200


def test_an_editor_reads_and_leaves_nothing_there(client, admin_client, commitment):
    for address in (PAGE, LIST):
        response = admin_client.get(address)
        assert "stale-if-error" not in response.headers.get("Cache-Control", "")
    assert held() == 0
    client.get(PAGE)
    caches["answers"].set(next(iter(caches["answers"]._cache)).split(":", 2)[2], ({}, b"otra"))

    assert client.get(PAGE).content == b"otra"
    assert admin_client.get(PAGE).content != b"otra"


def test_cookies_and_other_words_of_a_browser_change_nothing(client, commitment):
    plain = client.get(LIST)
    for cache in caches.all():
        cache.clear()
    client.cookies = SimpleCookie({"django_language": "en", "csrftoken": "x" * 32, "messages": "x"})

    odd = client.get(
        LIST, headers={"Range": "bytes=0-9", "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}
    )

    assert (odd.status_code, odd.content) == (200, plain.content)
    assert Client().get(LIST).content == plain.content


def through(response, **request):
    """Return what a reader gets of an answer of the inside, twice."""
    middleware = FinishedAnswers(lambda request: response())
    method = request.pop("method", "get")
    return [middleware(getattr(RequestFactory(), method)("/es/algo/", **request)) for _ in range(2)]


def with_cookie():
    response = HttpResponse("x" * 500)
    response.set_cookie("a", "b")
    return response


@pytest.mark.parametrize(
    "response",
    [
        with_cookie,
        lambda: HttpResponse("x" * 500, headers={"Vary": "Cookie"}),
        lambda: HttpResponse("x" * 500, headers={"Vary": "*"}),
        lambda: HttpResponse("x" * 500, headers={"Cache-Control": "no-store"}),
        lambda: HttpResponse("x" * 500, headers={"Cache-Control": "private"}),
        lambda: HttpResponse("x" * 500, status=206),
    ],
)
def test_what_is_for_one_reader_is_not_kept(response):
    for answer in through(response):
        assert "ETag" not in answer.headers
    assert held() == 0


def test_whoever_names_himself_gets_no_kept_answer():
    [first, _] = through(lambda: HttpResponse("x" * 500), headers={"Authorization": "Basic x"})

    assert held() == 0
    assert "ETag" not in first.headers


@pytest.mark.parametrize("size", [1_000_000, 1_000_001])
@pytest.mark.parametrize("is_stream", [False, True])
def test_large_answers_are_not_kept_and_have_their_etag(size, is_stream):
    def response():
        parts = [b"x" * 1000] * (size // 1000) + [b"x" * (size % 1000)]
        return StreamingHttpResponse(iter(parts)) if is_stream else HttpResponse(b"".join(parts))

    answers = through(response)

    assert held() == (size == 1_000_000)
    assert {answer.getvalue() for answer in answers} == {b"x" * size}
    assert len({answer.headers["ETag"] for answer in answers}) == 1
    assert answers[0].streaming == (is_stream and size > 1_000_000)


def test_head_of_a_large_file_is_not_written_to_its_end():
    written = []

    def response():
        return StreamingHttpResponse(written.append(n) or b"x" * 1000 for n in range(5000))

    [answer, _] = through(response, method="head")

    assert answer.getvalue() == b""
    assert len(written) < 2100


# Encodings, HEAD.


ACCEPTED = {
    "": "",
    "gzip, deflate, br": "br",
    "gzip": "gzip",
    "br;q=0, gzip;q=0.5": "gzip",
    "br; q=0.0,gzip;q=0": "",
    "GZIP;q=1": "gzip",
    "deflate, zstd": "",
    "identity": "",
}


@pytest.mark.parametrize("first", ACCEPTED)
@pytest.mark.parametrize("address", [PAGE, LIST])
def test_each_reader_gets_the_encoding_that_he_reads(client, commitment, address, first):
    plain = Client().get(address).content
    for cache in caches.all():
        cache.clear()

    for accepted, encoding in [(first, ACCEPTED[first]), *ACCEPTED.items(), *ACCEPTED.items()]:
        response = client.get(address, headers={"Accept-Encoding": accepted})
        body = response.content
        assert response.headers.get("Content-Encoding", "") == encoding
        assert response.headers["Content-Length"] == str(len(body))
        assert "Accept-Encoding" in response.headers["Vary"]
        assert {"": bytes, "br": brotli.decompress, "gzip": gzip.decompress}[encoding](body) == plain
    assert held() == 3


def test_what_a_head_leaves_there_has_a_body():
    def inside(request):
        return HttpResponse("x" * 500 if request.method == "GET" else "")

    middleware = FinishedAnswers(inside)
    middleware(RequestFactory().head("/es/algo/"))

    assert middleware(RequestFactory().get("/es/algo/")).content == b"x" * 500


@pytest.mark.parametrize("first", ["get", "head"])
def test_head_tells_what_get_does(client, commitment, first):
    getattr(client, first)(PAGE)
    head, get = client.head(PAGE), client.get(PAGE)

    assert head.content == b""
    assert len(get.content) > 1000
    assert dict(head.headers) == dict(get.headers)


# The database is gone.


def test_without_the_database_what_is_kept_is_answered(client, commitment, no_pause):
    client.raise_request_exception = False
    kept = client.get(PAGE)
    tag = kept.headers["ETag"]

    with database_gone():
        assert client.get(PAGE).content == kept.content
        assert client.get(PAGE, headers={"If-None-Match": tag}).status_code == 304
        for address, kind in (("/es/glosario/", "text/html"), (LIST, "application/json")):
            for _ in range(2):
                gone = client.get(address)
                assert (gone.status_code, gone.headers["Retry-After"]) == (503, "30")
                assert gone.headers["Content-Type"].startswith(kind)
    rename("Después")

    assert "Después" in client.get(PAGE).content.decode()
    assert client.get("/es/glosario/").status_code == 200
    assert client.get(LIST).json()["results"][0]["title_es"] == "Después"


def test_a_new_worker_without_database_says_so(client, no_pause):
    client.raise_request_exception = False

    with database_gone():
        assert client.get(PAGE).status_code == 503
    assert client.get(PAGE).status_code == 200


def test_what_is_built_while_the_version_is_unknown_is_not_kept(client, commitment, monkeypatch):
    client.get(PAGE)
    with database_gone():
        client.get(PAGE)
    kept = held()

    # The pause still lasts; the database is back.
    assert client.get("/es/glosario/").status_code == 200
    assert held() == kept


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shared_database")
def test_a_connection_that_was_lost_is_made_anew():
    factories.make_plan()
    version = Version.stamp()

    connection.connection.close()

    assert finished.read_version() == version


# Where it is kept.


def memory(size, name="try"):
    cache = BoundedMemory(name, {"OPTIONS": {"BYTES": size}})
    cache.clear()
    return cache


def test_a_memory_is_bounded_by_bytes_and_forgets_the_oldest():
    cache = memory(10_000)
    for number in range(9):
        cache.set(number, b"x" * 1000)
    assert len(cache._cache) == 9
    cache.get(0)

    for number in (20, 21):
        cache.set(number, b"x" * 1000)

    assert [number for number in (*range(9), 20, 21) if cache.get(number) is None] == [1, 2]
    assert sum(map(len, cache._cache.values())) == cache._bytes[0] <= 10_000


def test_a_memory_counts_what_is_overwritten_deleted_and_too_large():
    cache = memory(10_000)
    for _ in range(30):
        cache.set("a", b"x" * 3000)
    cache.set("b", b"x" * 3000)
    cache.delete("b")
    cache.delete("b")
    assert (cache.get("a"), len(cache._cache)) == (b"x" * 3000, 1)

    cache.set("a", b"x" * 20_000)

    assert (cache.get("a"), cache._bytes[0]) == (None, 0)


def test_a_shared_cache_that_is_away_keeps_nothing_and_breaks_nothing(client, commitment, settings):
    away = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = dict.fromkeys(settings.CACHES, away)

    for _ in range(2):
        assert client.get(PAGE).status_code == 200
