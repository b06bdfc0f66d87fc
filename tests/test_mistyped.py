"""Addresses that people mistype lead on to the page they mean; what means nothing stays not found."""

from urllib.parse import quote

import pytest
from django.urls import get_resolver
from django.urls.resolvers import LocalePrefixPattern

from ogp_portal.mistyped import LONGEST, words
from tests.factories import (
    make_commitment,
    make_document,
    make_entity,
    make_plan,
    make_report,
    make_section,
)
from tests.once import made_once
from tests.pages import address, queries

pytestmark = pytest.mark.django_db

PAGES = [
    ("home",),
    ("plans:plan-list",),
    ("plans:plan-detail", 7),
    ("plans:plan-text", 7),
    ("plans:report-detail", "7-report"),
    ("plans:report-text", "7-report"),
    ("plans:document-list",),
    ("plans:document-detail", "report-card"),
    ("plans:recommendation-list",),
    ("follow-up",),
    ("topics:topic-list",),
    ("topics:topic-detail", "ley-de-transparencia"),
    ("search",),
    ("glossary",),
    ("changes",),
    ("about",),
    ("method",),
    ("ask",),
    ("data",),
    ("commitments:commitment-list",),
    ("commitments:commitment-detail", "7-1"),
    ("entities:entity-list",),
    ("entities:entity-detail", "minam"),
]
every_page = pytest.mark.parametrize("where", PAGES, ids=lambda where: where[0])
both_languages = pytest.mark.parametrize("lang", ["es", "en"])
COMMITMENT = "/es/compromisos/7-1/"


@pytest.fixture(autouse=True)
@made_once
def record():
    """Make what the pages are of."""
    plan = make_plan(number=7)
    report = make_report(plan=plan, slug="7-report")
    make_section(plan=plan)
    make_section(report=report)
    make_document(slug="report-card")
    make_entity(slug="minam")
    make_commitment(plan=plan, number=1, ogp_id="PE0049")


def leads(client, path, **headers):
    """Return the status and the address that a path, written as a reader types it, leads to."""
    response = client.get(quote(path, safe="/?&=%"), headers=headers)
    return response.status_code, response.headers.get("Location")


def test_every_page_is_tried_here():
    [pages] = [each for each in get_resolver().url_patterns if isinstance(each.pattern, LocalePrefixPattern)]

    assert set(names(pages.url_patterns)) == {where[0] for where in PAGES}


def names(patterns, space=""):
    """Yield the names of some addresses."""
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            inside = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from names(pattern.url_patterns, space + inside)
        else:
            yield space + pattern.name


@pytest.mark.parametrize("where", PAGES[1:], ids=lambda where: where[0])
@both_languages
def test_words_of_the_other_language_lead_to_the_page_with_the_query(client, where, lang):
    other = address(*where, lang="en" if lang == "es" else "es")

    answer = leads(client, f"/{lang}{other[3:]}?plan=7&x=a%26b")

    assert answer == (301, f"{address(*where, lang=lang)}?plan=7&x=a%26b")


@every_page
@both_languages
@pytest.mark.parametrize(
    "mistype",
    [
        str.upper,
        str.title,
        lambda path: path.rstrip("/"),
        lambda path: f"{path}).",
        lambda path: f"{path.rstrip('/')},",
        lambda path: f"{path.rstrip('/')}»;",
        lambda path: f"{path} ",
        lambda path: f"{path.rstrip('/')}\u200b",
        lambda path: path.replace("/", "//")[1:],
    ],
    ids=["upper", "title", "no slash", "bracket", "comma", "quotation", "space", "invisible", "slashes"],
)
def test_slips_in_the_address_of_a_page_lead_to_it(client, where, lang, mistype):
    right = address(*where, lang=lang)

    assert leads(client, mistype(right)) == (301, right)


@pytest.mark.parametrize(
    "path",
    [
        *("/es/compromisos/PE0049/", "/es/compromisos/pe0049", "/es/commitments/Pe0049/", "/ES/PE0049."),
        *("/es/compromisos/7.1/", "/es/compromisos/7.1.", "/es/compromisos/7 - 1/", "/es/compromisos/7. 1"),
        *(f"/es/compromisos/7{dash}1/" for dash in "‐‑‒–—―−﹣－"),
        *(f"/es/compromisos/7-1{mark}" for mark in ".,;:\"')]}>»”’!?…"),
        *(f"/es/compromisos/7-1/{mark}" for mark in (".", ")", ").", '"', "»,", " .")),
        *("/es/compromisos/ 7-1 /", "/es/compromisos/(7-1)/", "/es/compromisos/\u00ad7-1\ufeff/"),
        *("/es/compromisos//7-1/", "/ Es / COMPROMISOS / 7-1", "/es/COMMITMENTS/7–1"),
    ],
)
def test_slips_in_the_code_of_a_commitment_lead_to_it(client, path):
    assert leads(client, path) == (301, COMMITMENT)


@pytest.mark.parametrize("path", ["/PE0049/", "/pe0049", "/PE0049.", "/compromisos/7.1/", "/Commitments/7-1"])
@pytest.mark.parametrize(("accepted", "target"), [("es", COMMITMENT), ("en", "/en/commitments/7-1/")])
def test_address_without_a_language_leads_for_now_to_that_of_the_reader(client, path, accepted, target):
    response = client.get(f"{path}?x=1", headers={"Accept-Language": accepted})

    assert (response.status_code, response.headers["Location"]) == (302, f"{target}?x=1")
    assert "Accept-Language" in response.headers["Vary"]


def test_words_of_both_languages_in_one_address_lead_to_the_page(client):
    assert leads(client, "/en/reports/7-report/texto/") == (301, "/en/reports/7-report/text/")


def test_head_is_led_on_and_no_other_method(client):
    path = "/es/compromisos/7.1/"

    assert client.head(path).status_code == 301
    for method in ("post", "put", "delete", "options", "patch"):
        assert getattr(client, method)(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        *("/es/compromisos/7.2/", "/es/compromisos/PE0099/", "/PE0099/", "/es/compromisos/7--1/"),
        *("/es/entidades/MINSA/", "/en/planes/8/", "/en/planes/8/texto/", "/en/informes/no/texto/"),
        *("/en/compromisos/2-1-1/", "/es/nada/", "/es/nada.", "/fr/compromisos/7-1/", "/x/pe0049/"),
        *("/.", "/%00/", "/es/compromisos/7-1\0/", "/en/plans/-7/", "/es/planes/pe0049/"),
        *("/admin.", "/api.", "/static/es/compromisos/7-1/", "/healthz.", "/ADMIN/"),
        "/" + "(" * LONGEST + "/es/compromisos/7-1/",
    ],
)
def test_what_means_no_page_leads_nowhere(client, path):
    status, target = leads(client, path)

    assert (status, target) == (404, None)


@pytest.mark.parametrize(
    "path",
    ["//", "//evil.example/es/", "//evil.example/compromisos/7.1/", "/\\evil.example/pe0049", "//es.evil/"],
)
def test_address_that_names_another_host_leads_nowhere(client, path):
    # As it comes from the server: the client of the tests would take the host off.
    response = client.get("/", PATH_INFO=path)

    assert (response.status_code, response.headers.get("Location")) == (404, None)


@pytest.mark.parametrize("path", ["plans/7.", "PLANS/7/", "commitments/7.1/", "planes/7/", "commitments/7–1"])
def test_api_reads_addresses_as_they_are(client, path):
    assert leads(client, f"/api/v1/{path}/") == (404, None)


def test_pages_of_what_is_a_draft_are_not_led_to(client):
    make_commitment(plan=make_plan(number=8, status="draft"), number=1, ogp_id="PE0050")

    for path in ("/PE0050/", "/es/compromisos/PE0050/", "/es/compromisos/8.1/", "/en/planes/8/"):
        assert leads(client, path) == (404, None)


def test_text_of_a_plan_without_one_is_not_led_to(client):
    make_plan(number=8)

    assert leads(client, "/en/planes/8/texto/") == (404, None)
    assert leads(client, "/en/planes/8/") == (301, "/en/plans/8/")


def test_page_that_is_not_found_costs_no_more_than_its_own_look_and_a_slip_one_more(client):
    # A look is two: whether the row stands, and whether it was annulled.
    for path, most in (
        ("/es/compromisos/9-9/", 2),
        ("/es/compromisos/9.9/", 2),
        ("/es/entidades/MINSA/", 4),
        (f"/es/{'x/' * 100}", 0),
    ):
        assert queries(client, path, status=404) == most


def test_words_of_the_addresses_are_read_from_the_addresses():
    assert words()["compromisos"] == words()["commitments"] == {"es": "compromisos", "en": "commitments"}
    assert words()["texto"] == {"es": "texto", "en": "text"}
    assert "admin" not in words()
