import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from faces import pages
from faces.filters import MAX_VALUES
from faces.pages import language_notes
from record.text import Text
from record.writing import writing
from tests.factories import (
    make_commitment,
    make_entity,
    make_plan,
    make_policy_area,
    make_responsibility,
)
from tests.pages import address


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        (Text("a", "en"), []),
        (Text("a", "es"), ["in Spanish in the original"]),
        (Text("a", "en", is_unofficial=True), ["unofficial translation"]),
        (Text("a", "es", is_unofficial=True), ["only in Spanish", "unofficial translation"]),
        (
            Text("a", "en", is_unofficial=True, is_stale=True),
            ["unofficial translation", "the original changed after this translation"],
        ),
    ],
)
def test_language_notes_tell_what_must_be_known(text, notes):
    with translation.override("en"):
        assert language_notes(text) == notes


@pytest.mark.django_db
def test_options_of_a_form_have_the_label_of_their_language(client):
    make_responsibility(entity=make_entity(slug="x", name_es="Ministerio", name_en=""))
    area = make_policy_area(slug="y", name_es="Área", name_en="Area", unofficial={"name_en": ""})
    with writing(reason="made for a test"):
        make_commitment().policy_areas.add(area)

    body = client.get(address("commitments:commitment-list")).content.decode()

    assert '<option value="x">Ministerio (in Spanish in the original) (1)</option>' in body
    assert '<option value="y">Area * (1)</option>' in body


@pytest.mark.django_db
def test_form_offers_so_many_values_and_what_was_chosen(client, monkeypatch):
    monkeypatch.setattr(pages, "MOST_OFFERED", 2)
    for number in range(1, 6):
        make_commitment(plan=make_plan(number=number))

    body = client.get("/en/commitments/?plan=1").content.decode()

    ticks = re.findall(r'name="plan" value="(\d)"( checked)?', body)
    assert ticks == [("5", ""), ("4", ""), ("1", " checked")]
    assert "2 more are not offered here" in body


@pytest.mark.django_db
def test_value_that_is_repeated_counts_once(client):
    make_policy_area(slug="y")

    body = client.get(address("commitments:commitment-list"), {"policy_area": ["y"] * 900}).content.decode()

    assert body.count('class="chosen-what"') == 1
    assert "multiple" not in body


@pytest.mark.django_db
def test_answer_to_many_wrong_values_stays_short(client):
    query = {"level": [f"{number}" * 8 for number in range(900)]}

    response = client.get(address("commitments:commitment-list"), query)

    assert response.status_code == 400
    assert len(response.content) < 100_000


@pytest.mark.django_db
def test_what_to_loosen_is_counted_once_for_each_parameter(client):
    make_commitment()
    areas = [make_policy_area(slug=f"area-{n}").slug for n in range(15)]
    url = address("commitments:commitment-list")

    with CaptureQueriesContext(connection) as of_one:
        client.get(url, {"policy_area": areas[0]})
    with CaptureQueriesContext(connection) as of_all:
        body = client.get(url, {"policy_area": areas}).content.decode()

    assert len(of_all) == len(of_one)
    assert body.count("there is 1") == 1


@pytest.mark.django_db
def test_values_of_a_parameter_are_bounded_with_words(client):
    areas = [make_policy_area(slug=f"area-{n}").slug for n in range(MAX_VALUES + 1)]
    url = address("commitments:commitment-list")

    assert client.get(url, {"policy_area": areas[1:]}).status_code == 200
    response = client.get(url, {"policy_area": areas})

    assert response.status_code == 400
    assert f"{MAX_VALUES} at most" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("is_known", [False, True])
@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize(
    ("query", "rest"),
    [
        ("plan=7&q=&level=", "?plan=7"),
        ("q=&plan=+&page=", ""),
        ("plan=&plan=7&plan=8", "?plan=7&plan=8"),
        # What the list does not know stays as it came.
        ("q=&utm_source=", "?utm_source="),
        ("as_of=2017-01-31&entity=", "?as_of=2017-01-31"),
    ],
)
def test_empty_parameters_are_taken_out_of_the_address_once(client, method, query, rest, is_known):
    make_commitment(plan=make_plan(number=7))
    make_plan(number=8)
    if is_known:
        # What the page reads was learned from its answer, which is kept.
        client.get("/en/commitments/")
        client.get(f"/en/commitments/{rest}")

    response = getattr(client, method)(f"/en/commitments/?{query}")

    assert (response.status_code, response.url) == (302, f"/en/commitments/{rest}")
    assert getattr(client, method)(response.url).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["", "plan=7", "utm_source=", "plan=7&x=&q=a"])
def test_address_without_empty_parameters_is_answered_as_it_is(client, query):
    make_plan(number=7)

    assert client.get(f"/en/commitments/?{query}").status_code == 200


@pytest.mark.django_db
def test_api_takes_empty_parameters_as_before(client):
    assert client.get("/api/v1/commitments/?q=&plan=").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["follow-up", "entities", "recommendations", "changes", "search"])
def test_every_list_takes_them_out(client, path):
    response = client.get(f"/en/{path}/?page=&x=1")

    assert (response.status_code, response.url) == (302, f"/en/{path}/?x=1")


@pytest.mark.django_db
def test_filters_are_folded_until_one_of_them_is_wrong(client):
    make_commitment()

    body, wrong = (client.get("/en/commitments/", query).content.decode() for query in ({}, {"report": "x"}))

    assert '<details class="narrow">' in body
    assert '<details class="narrow" open>' in wrong
    assert "How it stood on" in body
