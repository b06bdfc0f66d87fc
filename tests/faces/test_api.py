"""What holds for every address of the API."""

import json
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import SuspiciousOperation
from django.urls import resolve
from rest_framework import exceptions

from faces.api import error_response, exception_handler
from faces.csv import cell
from ogp_portal.api_urls import router
from plans.models import PlanSource
from record.dates import today
from record.models import Change
from record.writing import writing
from tests.api import ROOT, errors, get, results, table
from tests.factories import (
    make_assessment,
    make_commitment,
    make_declared_figure,
    make_document,
    make_entity_name,
    make_evidence,
    make_finding,
    make_listing,
    make_milestone,
    make_plan,
    make_policy_area,
    make_recommendation,
    make_responsibility,
    make_section,
    make_term,
    make_theme,
    make_update,
)
from tests.once import made_once

pytestmark = pytest.mark.django_db

LISTS = [f"{prefix}/" for prefix, _viewset, _basename in router.registry]
EVERY_LIST = pytest.mark.parametrize("address", LISTS)


@pytest.fixture
@made_once
def one_of_each():
    """Make a row for every list, and return the address of the object by its list."""
    area = make_policy_area()
    commitment = make_commitment()
    theme = make_theme(plan=commitment.plan)
    commitment.theme = theme
    with writing(reason="made for a test"):
        commitment.save()
        commitment.policy_areas.add(area)
    entity = make_entity_name().entity
    make_responsibility(commitment=commitment, entity=entity)
    update = make_update(milestone=make_milestone(commitment=commitment))
    card = make_assessment(commitment=commitment)
    make_finding(commitment=commitment, report=card.report)
    evidence = make_evidence(update=update)
    recommendation = make_recommendation(report=card.report)
    section = make_section(report=card.report)
    figure = make_declared_figure(report=card.report)
    term = make_term(document=card.report.document, place="p. 1")
    document = make_listing(report=card.report).work
    return {
        "plans/": f"plans/{commitment.plan.number}/",
        "reports/": f"reports/{card.report.slug}/",
        "commitments/": f"commitments/{commitment.code}/",
        "milestones/": f"milestones/{update.milestone.code}/",
        "assessments/": f"assessments/{card.public_id}/",
        "updates/": f"updates/{update.code}/",
        "evidence/": f"evidence/{evidence.code}/",
        "entities/": f"entities/{entity.slug}/",
        "recommendations/": f"recommendations/{recommendation.slug}/",
        "sections/": f"sections/{section.slug}/",
        "figures/": f"figures/{figure.slug}/",
        "documents/": f"documents/{document.slug}/",
        "terms/": f"terms/{term.slug}/",
        "themes/": f"themes/{theme.slug}/",
        "policy-areas/": f"policy-areas/{area.slug}/",
        "levels/": "levels/complete/",
        "codes/": "codes/role:lead/",
        "changes/": f"changes/{Change.objects.of(update).get().pk}/",
    }


def test_root_lists_the_lists(client):
    addresses = get(client, "")

    assert addresses["policy-areas"] == "http://testserver/api/v1/policy-areas/"
    assert {address.rstrip("/") for address in LISTS} | {"schema", "docs"} <= set(addresses)
    assert errors(client, "", nonsense="1") == [("nonsense", "unknown_parameter")]
    assert all(client.get(address).status_code == 200 for address in addresses.values())


def test_api_without_a_version_leads_to_the_root(client):
    response = client.get("/api/?lang=en")

    assert response.status_code == 302
    assert response.headers["Location"] == "/api/v1/?lang=en"


@EVERY_LIST
def test_list_without_rows_is_empty(client, address):
    answer = get(client, address)

    assert set(answer) == {"count", "next", "previous", "results"}
    if address not in ("levels/", "codes/"):
        assert answer == {"count": 0, "next": None, "previous": None, "results": []}


@EVERY_LIST
def test_object_has_its_addresses_and_sources_and_is_the_lists(client, one_of_each, address):
    row = get(client, one_of_each[address])

    assert row["api_url"] == f"http://testserver{ROOT}{one_of_each[address]}"
    assert client.get(row["api_url"]).status_code == 200
    in_list = [other for other in get(client, address)["results"] if other["api_url"] == row["api_url"]]
    assert in_list == [{key: row[key] for key in in_list[0]}]
    if address in ("levels/", "codes/"):
        assert (row["url"], row["sources"]) == (None, [])
        return
    page = resolve(urlsplit(row["url"]).path)
    assert page.namespace in ("plans", "commitments", "entities") or page.url_name == "glossary"
    [source] = row["sources"]
    assert set(source) == {"document", "place"}
    assert source["place"] == "p. 1"
    assert {"slug", "title", "title_es", "title_en", "language", "year"} <= set(source["document"])


def test_sources_of_an_object_list_the_further_ones_after_the_main_one(client):
    plan, further = make_plan(), make_document()
    with writing(reason="made for a test"):
        PlanSource.objects.create(plan=plan, document=further, place="p. 9")

    sources = get(client, f"plans/{plan.number}/")["sources"]

    assert [source["document"]["slug"] for source in sources] == [plan.document.slug, further.slug]
    assert [source["place"] for source in sources] == ["p. 1", "p. 9"]


@EVERY_LIST
@pytest.mark.parametrize(
    "junk", ["0/", "-1/", "2.4e-295/", "%00/", "99999999999999999999-1/", "a%20b/", "%F0%9F%92%A9/"]
)
def test_object_that_does_not_exist_is_not_found(client, address, junk):
    assert errors(client, address + junk, status=404) == [(None, "not_found")]


def test_address_that_does_not_exist_is_not_found_in_the_readers_language(client):
    response = client.get(ROOT + "no-such/?lang=en")

    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/json"
    assert response.json() == {
        "errors": [{"field": None, "code": "not_found", "detail": "There is nothing at this address."}]
    }


@EVERY_LIST
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_address_when_it_is_written_to_is_refused(client, one_of_each, address, method):
    for path in (address, one_of_each[address]):
        response = getattr(client, method)(ROOT + path)

        assert response.status_code == 405
        assert response.headers["Allow"] == "GET, HEAD, OPTIONS"
        assert [error["code"] for error in response.json()["errors"]] == ["method_not_allowed"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("address", ["", "schema/", "docs/"])
def test_root_schema_and_docs_when_they_are_written_to_are_refused(client, address, method):
    response = getattr(client, method)(ROOT + address, data="{", content_type="application/json")

    assert response.status_code == 405
    assert [error["code"] for error in response.json()["errors"]] == ["method_not_allowed"]


@pytest.mark.parametrize(("language", "words"), [("es", "dirección por dirección"), ("en", "address by")])
def test_docs_are_a_page_in_the_language_asked_for(client, language, words):
    response = client.get(ROOT + "docs/", {"lang": language})

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.headers["Content-Language"] == language
    page = response.content.decode()
    assert f'<html lang="{language}">' in page
    assert words in page.partition("</title>")[0]
    # Swagger UI speaks English only; the description that it shows does the same, or the page would mix both.
    assert '<div id="swagger-ui" lang="en" data-description="/api/v1/schema/?lang=en">' in page


def test_docs_set_no_cookie_and_are_not_sent_again(client):
    first = client.get(ROOT + "docs/")

    again = client.get(ROOT + "docs/", headers={"If-None-Match": first.headers["ETag"]})

    assert not first.cookies
    assert again.status_code == 304


@pytest.mark.parametrize(
    "parameters", [{"nonsense": "1"}, {"lang": "qu"}, {"format": "csv"}, {"fields": "x"}]
)
def test_docs_with_a_wrong_parameter_are_an_error_in_json(client, parameters):
    assert [field for field, _code in errors(client, "docs/", **parameters)] == list(parameters)


def test_fault_of_the_portal_is_an_error_without_details(client, monkeypatch):
    def fail(view):
        raise RuntimeError("secret")

    monkeypatch.setattr("plans.api.PlanViewSet.get_queryset", fail)
    client.raise_request_exception = False

    response = client.get(ROOT + "plans/")

    assert response.status_code == 500
    assert [error["code"] for error in response.json()["errors"]] == ["server_error"]
    assert b"secret" not in response.content
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_exception_handler_when_there_were_too_many_requests_says_when_to_come_back():
    response = exception_handler(exceptions.Throttled(wait=30), {})

    assert response.status_code == 429
    assert response.headers["Retry-After"] == "30"
    assert response.data["errors"][0]["code"] == "throttled"


def test_exception_handler_leaves_what_is_no_api_exception_to_django():
    assert exception_handler(SuspiciousOperation(), {}) is None
    assert exception_handler(ValueError(), {}) is None


def test_error_response_has_the_shape_of_every_error():
    response = error_response(404, "not_found", "Nothing here.")

    assert response.status_code == 404
    assert json.loads(response.content) == {
        "errors": [{"field": None, "code": "not_found", "detail": "Nothing here."}]
    }


@EVERY_LIST
@pytest.mark.parametrize("accept", ["text/html", "text/csv", "application/xml;q=1", "nonsense", ""])
def test_answer_is_json_whatever_a_client_accepts(client, address, accept):
    response = client.get(ROOT + address, headers={"Accept": accept})

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    assert response.json()["results"] is not None


@EVERY_LIST
def test_parameter_that_is_unknown_is_refused(client, one_of_each, address):
    assert errors(client, address, nonsense="1") == [("nonsense", "unknown_parameter")]
    assert errors(client, one_of_each[address], nonsense="1") == [("nonsense", "unknown_parameter")]
    assert errors(client, one_of_each[address], page="1") == [("page", "unknown_parameter")]
    assert errors(client, one_of_each[address], plan="1") == [("plan", "unknown_parameter")]


@EVERY_LIST
def test_parameter_that_is_empty_is_absent(client, one_of_each, address):
    empty = {"page": "", "page_size": "", "format": "", "lang": "", "fields": ""}

    given, absent = get(client, address, **empty), get(client, address)

    # The address of the next page repeats what was given.
    assert given | {"next": absent["next"]} == absent


def test_every_list_and_every_object_is_read_on_a_day(client, one_of_each):
    for address in LISTS:
        for asked in (ROOT + address, ROOT + one_of_each[address]):
            assert client.get(asked, {"as_of": "2017-10-01"}).status_code == 200, asked
    tomorrow = today() + timedelta(days=1)
    assert errors(client, one_of_each["commitments/"], as_of=tomorrow) == [("as_of", "future_date")]
    assert errors(client, "commitments/", as_of=tomorrow) == [("as_of", "future_date")]


# Pages


def test_list_is_paged(client):
    numbers = [make_plan().number for _ in range(3)]

    first = get(client, "plans/", page_size=2, lang="en")
    second = client.get(first["next"]).json()

    assert (first["count"], first["previous"]) == (3, None)
    assert first["next"] == "http://testserver/api/v1/plans/?lang=en&page=2&page_size=2"
    assert [row["number"] for row in first["results"] + second["results"]] == numbers
    assert second["next"] is None
    assert client.get(second["previous"]).json() == first


def test_page_has_a_hundred_rows_unless_told(client):
    plan = make_plan()
    for _ in range(101):
        make_theme(plan=plan)

    assert len(results(client, "themes/", "slug")) == 100
    assert len(results(client, "themes/", "slug", page_size=500)) == 101


@EVERY_LIST
@pytest.mark.parametrize(
    ("parameter", "value", "code"),
    [
        ("page", "0", "unknown_page"),
        ("page", "999", "unknown_page"),
        ("page", "-1", "invalid_number"),
        ("page", "last", "invalid_number"),
        ("page", "1.5", "invalid_number"),
        ("page", "٢", "invalid_number"),
        ("page", "9" * 40, "invalid_number"),
        ("page", "1\0", "invalid_number"),
        ("page_size", "0", "page_size_out_of_range"),
        ("page_size", "501", "page_size_out_of_range"),
        ("page_size", "null", "invalid_number"),
        ("page_size", "9" * 40, "invalid_number"),
    ],
)
def test_page_that_does_not_exist_is_refused(client, address, parameter, value, code):
    assert errors(client, address, **{parameter: value}) == [(parameter, code)]


def test_page_given_twice_is_refused(client):
    assert errors(client, "plans/", page=["1", "1"]) == [("page", "repeated")]
    assert errors(client, "plans/", page_size=["1", "1"]) == [("page_size", "repeated")]


# fields


@EVERY_LIST
def test_fields_keep_only_the_keys_asked_for(client, one_of_each, address):
    assert {tuple(row) for row in get(client, address, fields="api_url,sources")["results"]} == {
        ("api_url", "sources")
    }
    assert list(get(client, one_of_each[address], fields="api_url")) == ["api_url"]


@EVERY_LIST
@pytest.mark.parametrize("format", ["json", "csv"])
def test_fields_that_do_not_exist_are_refused(client, one_of_each, address, format):
    answer = get(client, address, status=400, fields="api_url,nonsense", format=format)

    [error] = answer["errors"]
    assert (error["field"], error["code"]) == ("fields", "unknown_key")
    assert "api_url" in error["allowed"]
    assert errors(client, one_of_each[address], fields="nonsense") == [("fields", "unknown_key")]
    assert errors(client, address, fields=["url", "url"]) == [("fields", "repeated")]


def test_fields_of_an_object_may_be_its_own(client, one_of_each):
    assert list(get(client, one_of_each["commitments/"], fields="problem")) == ["problem"]
    assert errors(client, "commitments/", fields="problem") == [("fields", "unknown_key")]


# Languages


def test_text_is_in_the_language_asked_for_with_both_beside_it(client):
    plan = make_plan(title_es="Plan español", title_en="English plan", unofficial={"title_en": ""})

    spanish = get(client, f"plans/{plan.number}/")
    english = get(client, f"plans/{plan.number}/", lang="en")

    assert (spanish["title"], spanish["title_lang"]) == ("Plan español", "es")
    assert (english["title"], english["title_lang"]) == ("English plan", "en")
    for answer in (spanish, english):
        assert (answer["title_es"], answer["title_en"]) == ("Plan español", "English plan")
        assert answer["unofficial"] == ["title_en"]
    assert "/es/" in spanish["url"]
    assert "/en/" in english["url"]


def test_text_that_is_only_in_the_other_language_says_so(client):
    plan = make_plan(title_es="Plan español", title_en="")

    answer = get(client, f"plans/{plan.number}/", lang="en")

    assert (answer["title"], answer["title_lang"], answer["title_en"]) == ("Plan español", "es", None)


def test_text_that_no_source_has_is_null(client):
    commitment = make_commitment()

    answer = get(client, f"commitments/{commitment.code}/")

    assert [answer[key] for key in ("problem", "problem_lang", "problem_es", "problem_en")] == [None] * 4


# Headers


@EVERY_LIST
def test_answer_that_is_not_modified_is_not_sent_again(client, one_of_each, address):
    for path in (address, one_of_each[address]):
        first = client.get(ROOT + path)

        again = client.get(ROOT + path, headers={"If-None-Match": first.headers["ETag"]})
        other = client.get(ROOT + path, {"lang": "en"}, headers={"If-None-Match": '"another"'})

        assert (again.status_code, again.content) == (304, b"")
        assert other.status_code == 200


def test_etag_changes_with_the_row(client):
    plan = make_plan()
    before = client.get(ROOT + "plans/").headers["ETag"]

    plan.title_es = "Otro título"
    with writing(reason="made for a test"):
        plan.save()

    assert client.get(ROOT + "plans/", headers={"If-None-Match": before}).status_code == 200


@EVERY_LIST
def test_head_answers_as_get_without_the_body(client, one_of_each, address):
    for path in (address, one_of_each[address]):
        head, answer = client.head(ROOT + path), client.get(ROOT + path)

        assert head.status_code == 200
        assert head.content == b""
        assert head.headers["ETag"] == answer.headers["ETag"]
        assert head.headers["Content-Type"] == "application/json"
        again = client.head(ROOT + path, headers={"If-None-Match": head.headers["ETag"]})
        assert again.status_code == 304


def test_redirection_to_the_address_with_a_slash_keeps_the_query(client):
    response = client.get(ROOT + "plans?lang=en")

    assert response.status_code == 301
    assert response.headers["Location"] == "/api/v1/plans/?lang=en"


# CSV


@EVERY_LIST
def test_csv_has_the_rows_and_keys_of_the_json(client, one_of_each, address):
    rows = get(client, address, page_size=500)["results"]

    lines = table(client, address)

    assert [line["api_url"] for line in lines] == [row["api_url"] for row in rows]
    assert {column.split(".")[0] for column in lines[0]} == set(rows[0])


@EVERY_LIST
def test_csv_is_a_file_with_a_speaking_name(client, one_of_each, address):
    response = client.get(ROOT + address, {"format": "csv"})

    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == (
        f'attachment; filename="ogp-peru-{address[:-1]}-{today()}.csv"'
    )
    assert response.headers["Content-Language"] == "es"


def test_csv_of_a_date_is_named_after_it(client):
    response = client.get(ROOT + "commitments/", {"format": "csv", "as_of": "2017-09-30"})

    assert "ogp-peru-commitments-2017-09-30.csv" in response.headers["Content-Disposition"]


@EVERY_LIST
def test_csv_without_rows_has_its_header(client, address):
    header = client.get(ROOT + address, {"format": "csv"}).getvalue().decode().splitlines()[0]

    assert {"api_url", "sources.document.slug"} <= set(header.split(","))


def test_csv_writes_objects_with_dots_and_arrays_with_bars(client):
    commitment = make_commitment()
    first, second = make_policy_area(), make_policy_area()
    with writing(reason="made for a test"):
        commitment.policy_areas.set([first, second])
    make_assessment(commitment=commitment, level="limited")

    [line] = table(client, "commitments/")

    assert line["completion.level"] == "limited"
    assert line["policy_areas.slug"] == f"{first.slug}|{second.slug}"
    assert line["sources.document.slug"] == commitment.document.slug
    assert line["differ"] == "false"
    assert line["progress.total"] == ""
    assert line["is_starred"] == ""


def test_csv_keeps_the_places_of_an_arrays_unknown_members(client):
    commitment = make_commitment()
    make_responsibility(commitment=commitment, order=1, name_as_printed="Una oficina")
    named = make_responsibility(commitment=commitment, order=2)

    [line] = table(client, "commitments/")

    assert line["responsibilities.entity.slug"] == f"|{named.entity.slug}"
    assert line["responsibilities.name"] == "Una oficina|"


def test_csv_has_all_rows_under_the_same_filters(client):
    kept, other = make_plan(), make_plan()
    for _ in range(101):
        make_theme(plan=kept)
    make_theme(plan=other)

    assert len(table(client, "themes/", plan=kept.number)) == 101
    assert len(table(client, "themes/", page_size=1)) == 102


def test_csv_is_in_the_language_asked_for(client):
    make_plan(title_es="Plan español", title_en="English plan")

    assert table(client, "plans/")[0]["title"] == "Plan español"
    assert table(client, "plans/", lang="en")[0]["title"] == "English plan"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝"])
def test_csv_keeps_a_spreadsheet_from_running_a_text(client, start):
    make_plan(title_es=f"{start}cmd|' /C calc'!A0")

    assert table(client, "plans/")[0]["title"] == f"'{start}cmd|' /C calc'!A0"


@pytest.mark.parametrize("start", ["\t", "\r", "\n"])
def test_csv_keeps_a_spreadsheet_from_running_what_blanks_hide(start):
    assert cell(f"{start}=1+1") == f"'{start}=1+1"


def test_csv_leaves_other_texts_as_they_are(client):
    make_plan(title_es='Con "comillas", comas\ny líneas', title_en="a=b")

    line = table(client, "plans/")[0]

    assert (line["title_es"], line["title_en"]) == ('Con "comillas", comas\ny líneas', "a=b")


def test_csv_of_an_object_is_refused(client, one_of_each):
    for address in one_of_each.values():
        [error] = get(client, address, status=400, format="csv")["errors"]
        assert (error["field"], error["code"], error["allowed"]) == ("format", "unknown_value", ["json"])


def test_format_when_it_is_none_of_ours_is_refused(client):
    assert errors(client, "plans/", format="xml") == [("format", "unknown_value")]
    assert errors(client, "plans/", format=["csv", "csv"]) == [("format", "repeated")]
    assert errors(client, "plans/", format="api") == [("format", "unknown_value")]


def test_csv_with_a_wrong_parameter_is_an_error_in_json(client):
    assert errors(client, "plans/", format="csv", page_size="0") == [("page_size", "page_size_out_of_range")]
    assert errors(client, "commitments/", format="csv", level="x") == [("level", "unknown_value")]


@EVERY_LIST
def test_address_with_a_thousand_parameters_or_a_very_long_one_gets_an_answer(client, address):
    many = client.get(f"{ROOT}{address}?{'&'.join(f'p{n}=1' for n in range(999))}")
    long = client.get(f"{ROOT}{address}?q={'x' * 10_000}")

    assert many.status_code == 400
    assert long.status_code == 400
    assert len(many.content) < 20_000
