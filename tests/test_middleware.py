import pytest
from django.conf import settings
from django.test import override_settings

from ogp_portal.middleware import LONGEST_ADDRESS
from tests.api import ROOT, get
from tests.factories import make_plan

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address", ["", "plans/", "plans/?format=csv", "plans/0/", "plans/?x=1", "no-such/", "plans", "schema/"]
)
def test_api_can_be_read_from_other_sites(client, address):
    response = client.get(ROOT + address)

    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in response.headers["Access-Control-Expose-Headers"]


def test_api_can_be_read_from_other_sites_where_the_answer_is_not_modified(client):
    first = client.get(ROOT + "plans/")

    second = client.get(ROOT + "plans/", headers={"If-None-Match": first.headers["ETag"]})

    assert second.status_code == 304
    assert second.headers["Access-Control-Allow-Origin"] == "*"


def test_pages_cannot_be_read_from_other_sites(client):
    assert "Access-Control-Allow-Origin" not in client.get("/robots.txt").headers
    assert "Access-Control-Allow-Origin" not in client.get("/apis/").headers


def test_options_tells_a_browser_what_other_sites_may_do(client):
    response = client.options(ROOT + "plans/", headers={"Origin": "https://example.org"})

    assert response.status_code == 204
    assert response.content == b""
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert response.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "Access-Control-Allow-Methods" not in client.get(ROOT + "plans/").headers


@pytest.mark.parametrize(
    "address", ["plans/", "plans/?x=1", "no-such/", "plans", "commitments/0-0/", "docs/"]
)
def test_script_of_another_site_may_send_the_headers_that_browsers_send(client, address):
    wanted = ["accept-language", "cache-control", "if-modified-since", "if-none-match", "pragma", "range"]

    response = client.options(
        ROOT + address,
        headers={
            "Origin": "https://example.org",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": ",".join(wanted),
        },
    )

    allowed = response.headers["Access-Control-Allow-Headers"].lower().split(", ")
    assert response.status_code == 204
    assert response.content == b""
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert set(wanted) < set(allowed)
    assert "*" in allowed


def test_browsers_question_before_a_request_is_no_matter_of_the_pages(client):
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "GET"}

    response = client.options("/en/no-such/", headers=asked)

    assert response.status_code == 404
    assert not [name for name in response.headers if name.startswith("Access-Control")]


def test_api_headers_are_the_outermost_middleware():
    assert settings.MIDDLEWARE[0] == "ogp_portal.middleware.ApiHeaders"


@override_settings(SECURE_SSL_REDIRECT=True)
def test_api_redirected_to_https_can_be_read_from_other_sites(client):
    response = client.get(ROOT + "plans/?lang=en")

    assert response.status_code == 301
    assert response.headers["Location"] == "https://testserver/api/v1/plans/?lang=en"
    assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        (None, "es"),
        ("", "es"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("es-PE,es;q=0.9,en;q=0.8", "es"),
        ("en;q=0.5,es;q=0.9", "es"),
        ("qu,en;q=0.5", "en"),
        ("fr", "es"),
        ("*", "es"),
        ("fr,*;q=0.1,en;q=0.05", "es"),
        ("engrish", "es"),
        (";;;,,,q=x", "es"),
        ("x" * 5000, "es"),
    ],
)
def test_api_language_is_the_one_accepted(client, accepted, language):
    plan = make_plan(title_es="Plan español", title_en="English plan")

    response = client.get(
        f"{ROOT}plans/{plan.number}/", headers={} if accepted is None else {"Accept-Language": accepted}
    )

    assert response.json()["title_lang"] == language
    assert response.headers["Content-Language"] == language
    assert "Accept-Language" in response.headers["Vary"]


@pytest.mark.parametrize("language", ["es", "en"])
def test_api_language_asked_for_beats_the_one_accepted(client, language):
    plan = make_plan()
    other = {"es": "en", "en": "es"}[language]

    response = client.get(
        f"{ROOT}plans/{plan.number}/", {"lang": language}, headers={"Accept-Language": other}
    )

    assert response.json()["title_lang"] == language
    assert response.headers["Content-Language"] == language


def test_api_language_is_never_a_cookies(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    response = client.get(ROOT + "plans/")

    assert response.headers["Content-Language"] == "es"
    assert "Cookie" not in response.headers["Vary"]


def test_api_language_of_one_request_does_not_reach_the_next(client):
    get(client, "plans/", lang="en")

    assert client.get(ROOT + "plans/").headers["Content-Language"] == "es"


@pytest.mark.parametrize("query", ["lang=fr", "lang=es&lang=en", "lang=%00"])
def test_api_language_asked_for_when_it_is_none_of_ours_is_an_error_in_the_one_accepted(client, query):
    response = client.get(f"{ROOT}plans/?{query}", headers={"Accept-Language": "en"})

    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == "lang"
    assert response.headers["Content-Language"] == "en"


def test_api_with_more_parameters_than_django_reads_is_an_error(client):
    query = "&".join(f"p{n}=1" for n in range(1500))

    response = client.get(f"{ROOT}plans/?{query}", headers={"Accept-Language": "en"})

    assert response.status_code == 400
    assert response.headers["Content-Language"] == "en"
    assert response.json()["errors"][0]["field"] is None
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_pages_keep_djangos_choice_of_language(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    assert client.get("/robots.txt?lang=es").headers["Content-Language"] == "en"


BAD_BYTES = [
    "q=participaci%F3n",
    "plan=2&q=%ff",
    "page=%C3",
    "q=%ED%A0%80",
    "q=%EF%BF%BD",
    "q=\ufffd",
    "x=1;%F3",
]


@pytest.mark.parametrize("query", BAD_BYTES)
@pytest.mark.parametrize("address", ["", "plans/", "search/", "commitments/2-1/", "docs/", "no-such/"])
def test_bytes_that_are_not_utf8_are_refused_by_the_api(client, address, query):
    response = client.get(f"{ROOT}{address}?{query}", headers={"Accept-Language": "en"})

    assert response.status_code == 400
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Content-Language"] == "en"
    assert [error["code"] for error in response.json()["errors"]] == ["not_utf8"]


def test_bytes_that_are_not_utf8_are_told_of_their_parameter_in_the_readers_language(client):
    in_english, in_spanish = (
        client.get(f"{ROOT}plans/?lang={lang}&plan=1&q=participaci%F3n").json()["errors"][0]
        for lang in ("en", "es")
    )

    assert (in_english["field"], in_spanish["field"]) == ("q", "q")
    assert in_english["detail"].startswith("The address has characters")
    assert client.get(f"{ROOT}plans/?a%F3=1").json()["errors"][0]["field"] is None


@pytest.mark.parametrize("address", ["/es/", "/en/search/", "/en/no-such/", "/", "/robots.txt", "/admin/"])
def test_bytes_that_are_not_utf8_are_refused_by_pages(client, address):
    response = client.get(f"{address}?q=participaci%F3n")

    assert response.status_code == 400
    assert response.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("address", [ROOT + "plans/", "/en/search/"])
def test_address_that_is_too_long_is_refused(client, address):
    allowed = client.get(f"{address}?lang={'x' * (LONGEST_ADDRESS - 100)}", headers={"Accept-Language": "en"})
    response = client.get(f"{address}?lang={'x' * LONGEST_ADDRESS}", headers={"Accept-Language": "en"})

    assert b"too long" not in allowed.content
    assert response.status_code == 400
    if address.startswith(ROOT):
        [error] = response.json()["errors"]
        assert (error["code"], error["field"]) == ("address_too_long", None)
        assert "16000 characters" in error["detail"]


def test_utf8_is_read_however_it_is_written(client):
    for query in ("q=participaci%C3%B3n", "q=participación", "q=100%", "q=%zz", "q=%F0%9F%99%82", "q=a+b"):
        assert client.get(f"{ROOT}search/?{query}").status_code == 200, query


# The content security policy, each directive by its name.


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/es/", 200),
        ("/es/compromisos/", 200),
        ("/api/v1/plans/", 200),
        ("/api/v1/plans/?format=csv", 200),
        ("/api/v1/docs/", 200),
        ("/admin/login/", 200),
        ("/es/nada/", 404),
        ("/api/v1/nada/", 404),
        ("/es/compromisos/?plan=nada", 400),
        ("/api/v1/plans/?nada=1", 400),
    ],
)
def test_every_answer_has_the_whole_content_security_policy(client, path, status):
    response = client.get(path)

    assert response.status_code == status
    directives = (each.split() for each in response.headers["Content-Security-Policy"].split(";"))
    assert {name: values for name, *values in directives} == {
        "default-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
    assert response.headers["X-Frame-Options"] == "DENY"
