"""What holds for every page: both languages, its frame, and an answer to whatever is asked."""

import html
import json
import re
from datetime import date
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory

from faces.templatetags.dates import longdate
from ogp_portal import views
from ogp_portal.home import Home
from record.dates import today
from record.models import Document
from record.writing import writing
from tests.factories import (
    make_assessment,
    make_commitment,
    make_commitment_item,
    make_commitment_title,
    make_declared_figure,
    make_document,
    make_entity,
    make_entity_name,
    make_evidence,
    make_finding,
    make_further_source,
    make_listing,
    make_milestone,
    make_milestone_responsible,
    make_plan,
    make_plan_period,
    make_policy_area,
    make_recommendation,
    make_report,
    make_responsibility,
    make_section,
    make_term,
    make_theme,
    make_update,
)
from tests.once import made_once
from tests.pages import address, words

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
    ("about",),
    ("method",),
    ("ask",),
    ("data",),
    ("changes",),
    ("commitments:commitment-list",),
    ("commitments:commitment-detail", "7-1"),
    ("entities:entity-list",),
    ("entities:entity-detail", "minam"),
]
# Of no use in the results of a search engine.
UNLISTED = [("search",), ("ask",)]
# The page for developers is at an address of the tests only.
COMPONENTS = pytest.param(("components",), marks=pytest.mark.urls("tests.urls"))
every_page = pytest.mark.parametrize("where", [*PAGES, COMPONENTS], ids=lambda where: where[0])
both_languages = pytest.mark.parametrize("lang", ["es", "en"])


@pytest.fixture
@made_once
def record():
    """Make plan 7 with two reports, and what `add_rows` makes."""
    plan = make_plan(number=7, starts_on=date(2015, 1, 1), ends_on=date(2016, 12, 31))
    before = make_report(plan=plan, slug="7-before", stage="mid_term", cutoff_on=date(2016, 9, 30))
    report = make_report(plan=plan, slug="7-report", cutoff_on=date(2017, 9, 30))
    make_listing(work=make_document(slug="report-card"), report=report)
    record = SimpleNamespace(plan=plan, reports=[before, report], entity=make_entity(slug="minam"))
    add_rows(record, numbers=[1])
    return record


def add_rows(record, numbers):
    """Add to the record one of everything that its pages show, for each number of a commitment."""
    entity, (before, report) = record.entity, record.reports
    for number in numbers:
        commitment = make_commitment(
            plan=record.plan, number=number, theme=make_theme(plan=record.plan), problem_en="Problem"
        )
        with writing(reason="made for a test"):
            commitment.policy_areas.add(make_policy_area())
        make_commitment_title(commitment=commitment)
        make_commitment_item(commitment=commitment)
        make_evidence(commitment=commitment)
        make_finding(commitment=commitment, report=report)
        make_responsibility(commitment=commitment, entity=entity)
        make_responsibility(commitment=commitment, entity=make_entity(parent=entity), report=report)
        for card in (
            make_assessment(commitment=commitment, report=before, level="limited"),
            make_assessment(commitment=commitment, report=report),
        ):
            make_evidence(assessment=card)
        for row in (record.plan, report, commitment):
            make_further_source(row)
        make_plan_period(plan=record.plan)
        make_section(plan=record.plan)
        make_section(report=report)
        make_declared_figure(report=report)
        make_declared_figure(
            report=report, theme=commitment.theme, measure="at_level", level="complete", value=1
        )
        make_term(document=make_document())
        recommendation = make_recommendation(report=report)
        make_further_source(recommendation)
        with writing(reason="made for a test"):
            commitment.recommendations.add(recommendation)
        for owner in ({"plan": record.plan}, {"report": report}):
            make_listing(**owner)
            make_listing(work=make_document(), document=make_document(), **owner)
        make_listing(work=Document.objects.get(slug="report-card"))
        make_entity_name(entity=entity)
        other = make_plan()
        make_responsibility(commitment=make_commitment(plan=other), entity=entity)
        make_assessment(report=make_report(plan=other))
    add_to_commitment(record.plan.commitments.get(number=1), report, entity, len(numbers))


def add_to_commitment(commitment, report, entity, count):
    """Add milestones with everything, titles, items, cards and findings to one commitment."""
    for _ in range(count):
        milestone = make_milestone(commitment=commitment)
        make_milestone_responsible(milestone=milestone, entity=make_entity())
        make_evidence(milestone=milestone)
        for _ in range(2):
            make_evidence(update=make_update(milestone=milestone, report=report))
        make_commitment_title(commitment=commitment)
        make_commitment_item(commitment=commitment)
        make_evidence(commitment=commitment)
        other = make_report(plan=commitment.plan, author="civil_society", cutoff_on=date(2016, 1, 31))
        make_evidence(assessment=make_assessment(commitment=commitment, report=other))
        make_responsibility(commitment=commitment, report=other)
        make_finding(commitment=commitment, document=make_document())
        make_further_source(commitment)


# The frame


@every_page
@both_languages
def test_page_has_its_frame_in_both_languages(client, record, where, lang):
    response = client.get(address(*where, lang=lang))
    body = response.content.decode()

    assert response.status_code == 200
    assert response.headers["Content-Language"] == lang
    assert f'<html lang="{lang}">' in body
    assert body.count("<h1") == 1
    assert re.search(r"<title>\S.*</title>", body)
    assert f'<link rel="canonical" href="http://testserver{address(*where, lang=lang)}">' in body
    for other in ("es", "en"):
        twin = address(*where, lang=other)
        assert f'<link rel="alternate" hreflang="{other}" href="http://testserver{twin}">' in body


@every_page
def test_page_obeys_its_own_content_security_policy(client, record, where):
    response = client.get(address(*where))
    body = response.content.decode()

    assert "default-src 'self'" in response.headers["Content-Security-Policy"]
    assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:", body)


@every_page
def test_page_is_the_same_for_everybody(client, record, where):
    response = client.get(address(*where))

    assert "Set-Cookie" not in response.headers
    assert "Cookie" not in response.headers.get("Vary", "")


# The parameters that pages read, of those that the next tests ask them for; and how links write them.
READ = {
    "search": {"q", "plan"},
    "plans:document-list": {"q", "plan"},
    "plans:recommendation-list": {"q", "plan"},
    "follow-up": {"q", "plan"},
    "changes": {"plan"},
    "commitments:commitment-list": {"q", "plan"},
    "entities:entity-list": {"q", "plan"},
}
KEPT = {"q": "q=ley+%26+orden", "plan": "plan=7"}


@every_page
@both_languages
def test_language_switch_stays_on_the_page_and_keeps_what_it_reads_of_its_query(client, record, where, lang):
    other = "en" if lang == "es" else "es"

    query = {"utm_source": "x", "q": "ley & orden", "plan": "7", "kind": ""}
    body = client.get(address(*where, lang=lang), query, follow=True).content.decode()

    kept = "&amp;".join(KEPT[name] for name in ("q", "plan") if name in READ.get(where[0], ()))
    twin = address(*where, lang=other) + (f"?{kept}" if kept else "")
    assert f'<a href="{twin}" hreflang="{other}"' in body


def test_addresses_are_those_that_were_promised(record):
    assert [address(*where, lang="es") for where in PAGES] == [
        "/es/",
        "/es/planes/",
        "/es/planes/7/",
        "/es/planes/7/texto/",
        "/es/informes/7-report/",
        "/es/informes/7-report/texto/",
        "/es/documentos/",
        "/es/documentos/report-card/",
        "/es/recomendaciones/",
        "/es/seguimiento/",
        "/es/asuntos/",
        "/es/asuntos/ley-de-transparencia/",
        "/es/buscar/",
        "/es/glosario/",
        "/es/acerca/",
        "/es/metodo/",
        "/es/preguntar/",
        "/es/datos/",
        "/es/cambios/",
        "/es/compromisos/",
        "/es/compromisos/7-1/",
        "/es/entidades/",
        "/es/entidades/minam/",
    ]
    assert [address(*where, lang="en") for where in PAGES] == [
        "/en/",
        "/en/plans/",
        "/en/plans/7/",
        "/en/plans/7/text/",
        "/en/reports/7-report/",
        "/en/reports/7-report/text/",
        "/en/documents/",
        "/en/documents/report-card/",
        "/en/recommendations/",
        "/en/follow-up/",
        "/en/topics/",
        "/en/topics/ley-de-transparencia/",
        "/en/search/",
        "/en/glossary/",
        "/en/about/",
        "/en/method/",
        "/en/ask/",
        "/en/data/",
        "/en/changes/",
        "/en/commitments/",
        "/en/commitments/7-1/",
        "/en/entities/",
        "/en/entities/minam/",
    ]


# The list of plans


def test_list_of_plans_tells_what_its_address_asks_wrongly(client, record):
    future, page = client.get("/en/plans/?as_of=2999-01-01"), client.get("/en/plans/?page=9")

    assert (future.status_code, page.status_code) == (400, 400)
    assert "As of: This date is in the future." in future.content.decode()
    assert "this list ends with page 1" in page.content.decode()
    # The form below can be filled in; the summary names no field that is not there.
    for answer in (future, page):
        body = answer.content.decode()
        assert 'id="another-day"' in body
        assert 'href="#as_of"' not in body
        assert 'href="#page"' not in body


# Redirections and health


@pytest.mark.parametrize(
    ("accepted", "target"),
    [
        (None, "/es/"),
        ("es-PE,es;q=0.9", "/es/"),
        ("en-GB,en;q=0.9,es;q=0.8", "/en/"),
        ("es,en;q=0.5", "/es/"),
        ("fr,en;q=0.5", "/en/"),
        ("fr", "/es/"),
        ("*", "/es/"),
        (";;;,,=", "/es/"),
    ],
)
def test_root_leads_to_the_language_of_the_visitor(client, accepted, target):
    response = client.get("/", headers={"Accept-Language": accepted} if accepted else {})

    assert response.status_code == 302
    assert response.headers["Location"] == target
    assert "Accept-Language" in response.headers["Vary"]


def test_root_keeps_the_query(client):
    assert client.get("/?a=1&b=%C3%B1").headers["Location"] == "/es/?a=1&b=%C3%B1"


def test_ogp_id_leads_to_the_commitment_in_the_language_of_the_visitor(client):
    commitment = make_commitment(ogp_id="PE0049")

    response = client.get("/PE0049/?a=1&a=2", headers={"Accept-Language": "en"})

    target = address("commitments:commitment-detail", commitment.code, lang="en")
    assert response.status_code == 302
    assert response.headers["Location"] == f"{target}?a=1&a=2"


def test_ogp_id_is_not_found_where_it_is_unknown_or_of_a_draft(client):
    make_commitment(ogp_id="PE0050", plan=make_plan(status="draft"))

    assert client.get("/PE0049/").status_code == 404
    assert client.get("/PE0050/").status_code == 404


# Whatever is asked


@both_languages
@pytest.mark.parametrize(
    "where",
    [
        ("plans:plan-detail", 8),
        ("plans:plan-detail", 10**30),
        ("plans:report-detail", "no-such"),
        ("commitments:commitment-detail", "7-99"),
        ("commitments:commitment-detail", "x" * 5000),
        ("entities:entity-detail", "no-such"),
    ],
)
def test_what_does_not_exist_is_told_in_the_language_of_the_page(client, record, where, lang):
    response = client.get(address(*where, lang=lang))

    assert response.status_code == 404
    assert f'<html lang="{lang}">' in response.content.decode()
    assert "canonical" not in response.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/en/no-such/",
        "/no-such/",
        "/en/plans/-1/",
        f"/en/plans/{'9' * 5000}/",
        "/en/plans/%00/",
        "/en/commitments/2-1%00/",
        "/en/commitments/%F0%9F%92%A9/",
        "/en/commitments/..%2F..%2Fetc/",
        "/%5B//[/",
        "/en/reports/" + "a" * 10_000 + "/",
    ],
)
def test_strange_addresses_are_not_found(client, path):
    response = client.get(path)

    assert response.status_code == 404
    assert "<h1" in response.content.decode()


@every_page
@pytest.mark.parametrize("query", ["x=%00", "x=" + "a" * 10_000, "=&&&=", "utm_source=a&utm_source=b"])
def test_unknown_parameters_are_ignored(client, record, where, query):
    assert client.get(f"{address(*where)}?{query}").status_code == 200


@pytest.mark.parametrize("where", [("commitments:commitment-list",), ("entities:entity-list",)])
def test_a_thousand_parameters_get_a_clear_answer(client, where):
    path = address(*where)

    few = client.get(f"{path}?{'&'.join(f'x{n}=1' for n in range(999))}")
    many = client.get(f"{path}?{'&'.join(f'x{n}=1' for n in range(1100))}")

    assert few.status_code == 200
    assert many.status_code == 400
    assert "This request cannot be read" in words(many)


def test_missing_slash_leads_to_the_page(client, record):
    response = client.get("/en/plans/7?x=1")

    assert response.status_code == 301
    assert response.headers["Location"] == "/en/plans/7/?x=1"


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_pages_can_only_be_read(client, record, method):
    assert getattr(client, method)("/en/plans/7/").status_code in (403, 405)


# Error pages


def test_another_host_is_a_bad_request(client):
    response = client.get("/en/", headers={"Host": "evil.example"})

    assert response.status_code == 400
    assert "This request cannot be read" in words(response)
    assert "evil" not in response.content.decode()


def test_forbidden_page_says_so(client, monkeypatch):
    def refuse(*args):
        raise PermissionDenied

    monkeypatch.setattr(Home, "get_context_data", refuse)

    response = client.get("/en/")

    assert response.status_code == 403
    assert "You may not open this page" in words(response)


@both_languages
def test_fault_of_ours_is_told_in_the_language_of_the_page(client, monkeypatch, lang):
    def fail(*args):
        raise RuntimeError("secret")

    monkeypatch.setattr(Home, "get_context_data", fail)
    client.raise_request_exception = False

    response = client.get(f"/{lang}/")

    assert response.status_code == 500
    assert f'<html lang="{lang}">' in response.content.decode()
    assert "secret" not in response.content.decode()


@pytest.mark.parametrize(
    ("handler", "status", "code"),
    [
        (views.bad_request, 400, "bad_request"),
        (views.permission_denied, 403, "permission_denied"),
        (views.not_found, 404, "not_found"),
        (views.server_error, 500, "server_error"),
    ],
)
def test_errors_below_api_are_json(handler, status, code):
    response = handler(RequestFactory().get("/api/v1/x/"))

    assert response.status_code == status
    assert json.loads(response.content)["errors"][0]["code"] == code


# Errors that readers report, and search engines


def test_every_page_leads_to_where_it_is_asked_about_with_the_query_that_it_reads(client, settings, record):
    body = client.get(address("commitments:commitment-list", lang="en") + "?x=1&q=a%26b").content.decode()

    asked = html.unescape(re.search('href="(/en/ask/[^"]*)"', body).group(1))
    assert asked == "/en/ask/?page=%2Fen%2Fcommitments%2F%3Fq%3Da%2526b"
    assert "http://testserver/en/commitments/?q=a%26b" in client.get(asked).content.decode()


def test_no_page_offers_an_address_where_none_is_set(client, settings, record):
    settings.PORTAL_CONTACT = ""

    for where in [("home",), ("about",), ("ask",), ("commitments:commitment-detail", "7-1")]:
        assert "mailto:" not in client.get(address(*where, lang="en")).content.decode()


def test_sitemap_has_every_public_page_in_both_languages_and_no_draft(client, record):
    draft = make_plan(number=8, status="draft")
    make_commitment(plan=draft, number=1)
    make_section(plan=draft)

    addresses = re.findall("<loc>http://testserver([^<]*)</loc>", client.get("/sitemap.xml").content.decode())

    promised = {
        address(*where, lang=lang) for where in PAGES for lang in ("es", "en") if where not in UNLISTED
    }
    assert promised <= set(addresses)
    assert len(addresses) == len(set(addresses))
    assert not [path for path in addresses if "/8" in path]
    assert {client.get(path).status_code for path in promised} == {200}


def test_sitemap_names_the_twin_of_each_page(client, record):
    body = client.get("/sitemap.xml").content.decode()

    assert 'hreflang="en" href="http://testserver/en/commitments/7-1/"' in body


def test_robots_are_told_of_the_sitemap(client):
    said = client.get("/robots.txt")

    assert said.headers["Content-Type"] == "text/plain"
    assert "Sitemap: http://testserver/sitemap.xml" in said.content.decode()
    assert "Disallow: /admin/" in said.content.decode()


def test_page_names_itself_to_those_who_link_to_it(client, record):
    body = client.get("/es/compromisos/7-1/?x=1").content.decode()

    title = re.search("<title>(.*?) · ", body).group(1)
    description = re.search('<meta name="description" content="([^"]*)">', body).group(1)
    assert title.startswith("Compromiso 1 del plan VII")
    assert f'<meta property="og:title" content="{title}">' in body
    assert f'<meta property="og:description" content="{description}">' in body


@every_page
def test_no_link_of_a_page_carries_on_a_parameter_that_it_does_not_read(client, record, where):
    query = {"utm_source": "elsewhere", "fbclid": "elsewhere", "plan": "7", "follow_up": "unknown"}

    for page in (
        client.get(address(*where), query),
        client.get(address(*where), query | {"as_of": "no day"}),
    ):
        assert "elsewhere" not in page.content.decode()


def test_address_with_an_error_keeps_it_in_the_other_language(client):
    body = client.get("/en/commitments/?plan=99&x=1").content.decode()

    assert '<a href="/es/compromisos/?plan=99" hreflang="es"' in body


def test_page_on_paper_says_its_whole_address_and_the_day(client, record):
    body = client.get("/en/follow-up/?as_of=2017-01-31").content.decode()

    foot = re.search('<p class="print-address">(.*?)</p>', body).group(1)
    assert foot == f"http://testserver/en/follow-up/?as_of=2017-01-31, printed on {longdate(today())}"


@pytest.mark.parametrize(
    ("path", "name"),
    [("/en/plans/7/", "Plans"), ("/en/commitments/7-1/", "Commitments"), ("/en/", None)],
)
def test_section_that_a_page_is_of_is_marked(client, record, path, name):
    body = client.get(path).content.decode()

    header = body.partition('<nav class="sections"')[2].partition("</nav>")[0]
    assert re.findall('aria-current="true">([^<]*)</a>', header) == [name] * (name is not None)


@pytest.mark.parametrize("path", ["/en/plans/", "/en/plans/7/", "/en/commitments/7-1/"])
def test_places_of_the_breadcrumb_are_counted_without_a_gap(client, record, path):
    body = client.get(path).content.decode()

    places = re.findall('itemprop="position" content="([0-9])"', body)
    assert places == [str(n) for n in range(1, len(places) + 1)]
