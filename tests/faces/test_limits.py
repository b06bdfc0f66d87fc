"""Whom a request is counted for, and how many answers a minute he gets."""

import logging

import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import override_settings

from faces import limits
from faces.limits import client_of, wait_of
from tests.factories import make_user


@pytest.fixture(autouse=True)
def clean():
    caches["limits"].clear()
    limits.warn_of_proxy.cache_clear()
    yield
    caches["limits"].clear()


@pytest.mark.parametrize(
    ("proxies", "forwarded", "client"),
    [
        (0, "", "192.0.2.1"),
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "203.0.113.9"),
        (1, "203.0.113.9:4711", "203.0.113.9"),
        (1, "[2001:db8:1:2::9]:4711", "2001:db8:1:2::"),
        (1, "2001:db8:1:2:aaaa:bbbb:cccc:dddd", "2001:db8:1:2::"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
        (1, "x" * 9000, "unknown"),
        (1, ",,", "192.0.2.1"),
    ],
)
def test_client_is_who_the_trusted_proxies_saw(proxies, forwarded, client):
    with override_settings(TRUSTED_PROXIES=proxies):
        meta = {"REMOTE_ADDR": "192.0.2.1", "HTTP_X_FORWARDED_FOR": forwarded}

        assert client_of(meta) == client


@override_settings(TRUSTED_PROXIES=0)
def test_proxy_that_is_not_told_of_is_warned_of_once(caplog):
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            client_of({"REMOTE_ADDR": "192.0.2.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9"})

    assert len([each for each in caplog.records if "TRUSTED_PROXIES" in each.message]) == 1


@override_settings(READER_LIMIT=2)
def test_client_waits_till_the_minute_is_over_and_no_other_does(monkeypatch):
    monkeypatch.setattr(limits.time, "time", lambda: 6_000_015.0)

    assert [wait_of("a") for _ in range(3)] == [0, 0, 45]
    assert wait_of("b") == 0
    monkeypatch.setattr(limits.time, "time", lambda: 6_000_061.0)
    assert wait_of("a") == 0


def test_counts_are_bounded():
    assert settings.CACHES["limits"]["OPTIONS"]["MAX_ENTRIES"] <= 20_000


@pytest.mark.django_db
class TestPortal:
    @override_settings(READER_LIMIT=1)
    def test_reader_is_told_when_to_come_again(self, client):
        first, page = client.get("/en/glossary/"), client.get("/en/about/")
        api = client.get("/api/v1/plans/?lang=es")

        assert (first.status_code, page.status_code, api.status_code) == (200, 429, 429)
        assert 0 < int(page.headers["Retry-After"]) <= 60
        assert "Too many requests" in page.content.decode()
        assert [error["code"] for error in api.json()["errors"]] == ["throttled"]
        assert api.headers["Access-Control-Allow-Origin"] == "*"
        assert "no-store" in api.headers["Cache-Control"]

    @override_settings(READER_LIMIT=1)
    def test_what_is_kept_is_not_counted(self, client):
        codes = [client.get(path).status_code for path in ("/en/about/", "/en/about/", "/en/glossary/")]

        assert codes == [200, 200, 429]

    @override_settings(READER_LIMIT=1)
    def test_another_reader_is_answered(self, client):
        client.get("/en/glossary/")

        assert client.get("/en/glossary/", REMOTE_ADDR="192.0.2.7").status_code == 200

    @override_settings(READER_LIMIT=1)
    def test_strangers_word_makes_no_other_reader(self, client):
        codes = [
            client.get(path, headers={"X-Forwarded-For": f"192.0.2.{n}"}).status_code
            for n, path in ((1, "/en/glossary/"), (2, "/en/about/"))
        ]

        assert codes == [200, 429]

    @override_settings(READER_LIMIT=1)
    def test_staff_is_not_counted_and_a_made_up_cookie_is(self, client):
        stranger = type(client)()
        stranger.cookies[settings.SESSION_COOKIE_NAME] = "made-up"
        client.force_login(make_user())

        assert [client.get("/en/glossary/").status_code for _ in range(3)] == [200] * 3
        assert stranger.get("/en/glossary/").status_code == 429

    @override_settings(READER_LIMIT=1)
    def test_probes_are_not_counted(self, client):
        assert [client.get("/healthz").status_code for _ in range(3)] == [200] * 3
        assert client.get("/en/glossary/").status_code == 200

    @override_settings(READER_LIMIT=0)
    def test_limit_can_be_off(self, client):
        assert [client.get("/robots.txt").status_code for _ in range(3)] == [200] * 3

    @override_settings(READER_LIMIT=1)
    def test_portal_answers_without_the_cache(self, client, monkeypatch):
        def gone(*args):
            raise ConnectionError

        monkeypatch.setattr(caches["limits"], "add", gone)

        assert [client.get("/robots.txt").status_code for _ in range(3)] == [200] * 3
