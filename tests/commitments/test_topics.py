"""Topics: which commitments they gather, by a rule that their pages tell, and what came of them."""

import re
from datetime import date

import pytest

from commitments.models import PolicyArea
from commitments.topics import TOPICS, topics
from record.actions import annul
from record.writing import writing
from tests.factories import (
    make_assessment,
    make_commitment,
    make_plan,
    make_policy_area,
    make_report,
    make_responsibility,
)
from tests.pages import codes_in, queries, read
from tests.record import record  # noqa: F401

pytestmark = pytest.mark.django_db

LONG_AGO = {"starts_on": date(2013, 1, 1), "ends_on": date(2014, 12, 31)}


def tagged(area, **columns):
    commitment = make_commitment(**columns)
    with writing(reason="made for a test"):
        commitment.policy_areas.add(area)
    return commitment


@pytest.fixture
def open_data():
    return make_policy_area(slug="open-data", name_es="Datos abiertos", name_en="Open Data")


def topic(client, slug="datos-abiertos", **params):
    return client.get(f"/en/topics/{slug}/", params).content.decode()


def test_topic_gathers_by_tag_and_by_the_words_of_the_title_in_either_language(client, open_data):
    plan = make_plan(number=2, **LONG_AGO)
    tagged(open_data, plan=plan, number=1, title_en="Something else")
    make_commitment(plan=plan, number=2, title_es="Portal de datos  Abiertos", title_en="")
    make_commitment(plan=plan, number=3, title_en="A portal of open data")
    make_commitment(plan=plan, number=4, title_en="Open the data")
    make_commitment(plan=plan, number=5, description_en="Open data, in the text alone")
    make_commitment(plan=plan, number=6, title_en="Open data, a draft", status="draft")

    assert codes_in(topic(client)) == ["2-1", "2-2", "2-3"]


def test_page_says_the_verdict_whose_it_is_and_the_newest_plan_first(client, open_data):
    old, new = make_plan(number=1, **LONG_AGO), make_plan(number=2, **LONG_AGO)
    report = make_report(plan=old, author="irm", cutoff_on=date(2015, 6, 30))
    first = tagged(open_data, plan=old, number=1)
    make_assessment(report=report, commitment=first, level="complete")
    make_assessment(report=report, commitment=tagged(open_data, plan=old, number=2), level="limited")
    last = tagged(open_data, plan=new, number=1)
    make_responsibility(commitment=last, entity=None, name_as_printed="Ministry of Data")

    page = read(client, "topics:topic-detail", "datos-abiertos")

    assert "Open Data: 3 promises in 2 plans, 1 complete" in page
    assert "Who calls them complete: the IRM in 2015 (1)." in page
    assert "1 was not complete in its last report. Of 1 there is no assessment here." in page
    assert codes_in(topic(client)) == ["2-1", "1-1", "1-2"]
    assert "Complete, IRM 2015" in page
    assert "Not assessed · Ministry of Data" in page
    assert "Those that the OGP tags “Open Data”." in page
    assert "Those with these words in the title: datos abiertos, open data." in page


def test_page_of_another_day_counts_what_had_been_promised_and_judged(client, open_data):
    plan = make_plan(number=1, **LONG_AGO)
    commitment = tagged(open_data, plan=plan, number=1)
    make_assessment(report=make_report(plan=plan, cutoff_on=date(2015, 6, 30)), commitment=commitment)
    tagged(open_data, plan=make_plan(number=2, starts_on=date(2020, 1, 1), ends_on=None), number=1)

    page = read(client, "topics:topic-detail", "datos-abiertos", as_of="2014-01-31")

    assert "Open Data: 1 promise in 1 plan" in page
    assert "Of 1 there is no assessment here." in page
    assert "it had not begun yet" in page
    early = read(client, "topics:topic-detail", "datos-abiertos", as_of="2012-01-31")
    assert "Nothing had been promised of it yet." in early


def test_what_was_annulled_is_in_no_story(client, open_data):
    commitment = tagged(open_data, plan=make_plan(number=1, **LONG_AGO), number=1)
    annul(None, commitment, "Made for a test")

    assert codes_in(topic(client)) == []
    assert "No plan here promises anything of it." in read(client, "topics:topic-detail", "datos-abiertos")


def test_area_that_stands_in_no_line_has_a_page_by_its_own_slug(client):
    area = make_policy_area(slug="space", name_en="Space")
    tagged(area, plan=make_plan(number=1, **LONG_AGO), number=1)

    assert codes_in(topic(client, "space")) == ["1-1"]
    assert "Space" in read(client, "topics:topic-list")
    # An area with a line has one address.
    assert client.get("/en/topics/open-data/").status_code == 404


def test_long_story_says_what_is_left_out(client, open_data, monkeypatch):
    monkeypatch.setattr("commitments.topic_views.MOST_TOLD", 1)
    plan = make_plan(number=1, **LONG_AGO)
    for number in (1, 2, 3):
        tagged(open_data, plan=plan, number=number)

    assert codes_in(topic(client)) == ["1-1"]
    assert "2 more are in the list of commitments." in read(client, "topics:topic-detail", "datos-abiertos")


def test_list_counts_each_topic_as_its_page_does(client, record):  # noqa: F811
    body = client.get("/en/topics/").content.decode()
    rows = re.findall(r'href="/en/topics/([^/]+)/">.*?(\d+) promises? in (\d+) plan', body, re.DOTALL)

    assert len(rows) >= 20
    for slug, total, plans in rows:
        page = read(client, "topics:topic-detail", slug)
        assert f": {total} promise" in page, slug
        assert f" in {plans} plan" in page, slug


def test_every_area_of_the_record_has_its_topic(record):  # noqa: F811
    named, areas = topics()

    assert (
        {topic.area for topic in named} - {""}
        == set(areas)
        == set(PolicyArea.objects.published().values_list("slug", flat=True))
    )
    assert len({topic.slug for topic in TOPICS}) == len(TOPICS)


def test_open_data_is_one_story_of_the_record(client, record):  # noqa: F811
    assert codes_in(client.get("/es/asuntos/datos-abiertos/").content.decode()) == [
        "4-4",
        "4-16",
        "2-3",
        "2-14",
        "1-39",
        "1-40",
    ]


@pytest.mark.parametrize("path", ["/es/asuntos/", "/es/asuntos/datos-abiertos/"])
def test_pages_cost_few_queries(client, record, path):  # noqa: F811
    assert queries(client, path) <= 12
