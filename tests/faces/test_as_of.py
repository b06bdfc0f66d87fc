"""Pages that are read on a day: it is said, kept by links, and nothing of later is told (rule 5)."""

import html
import re
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.template import engines
from django.template.response import SimpleTemplateResponse
from django.urls import resolve
from django.utils import translation

from faces.as_of import keep_day, reads_day
from record.dates import Reading, today
from tests.factories import (
    make_assessment,
    make_commitment,
    make_entity,
    make_evidence,
    make_milestone,
    make_plan,
    make_recommendation,
    make_report,
    make_responsibility,
    make_section,
    make_update,
)
from tests.once import made_once
from tests.pages import address, bare, codes, read

pytestmark = pytest.mark.django_db

DAY = "2016-12-31"
# Pages with a form of their own for the day, and lists, which have it among their filters.
DETAILS = [
    ("home",),
    ("plans:plan-list",),
    ("plans:plan-detail", 7),
    ("plans:report-detail", "7-early"),
    ("commitments:commitment-detail", "7-1"),
    ("entities:entity-detail", "minam"),
    ("topics:topic-list",),
    ("topics:topic-detail", "ley-de-transparencia"),
]
LISTS = [
    ("commitments:commitment-list",),
    ("entities:entity-list",),
    ("plans:recommendation-list",),
    ("follow-up",),
    ("search",),
]
DATED = {name for name, *_args in [*DETAILS, *LISTS]}
NOT_DATED = [
    ("plans:plan-text", 7),
    ("plans:document-list",),
    ("glossary",),
    ("method",),
    ("about",),
    ("ask",),
    ("data",),
    ("changes",),
]
# Of the API all that is of the record.
UNDATED_API = {"api:root", "api:schema", "api:docs"}

every_detail = pytest.mark.parametrize("where", DETAILS, ids=lambda where: where[0])
every_dated = pytest.mark.parametrize("where", [*DETAILS, *LISTS], ids=lambda where: where[0])


@pytest.fixture(autouse=True)
@made_once
def record():
    """Make plan 7, with words of before and of after the day."""
    plan = make_plan(number=7)
    commitment = make_commitment(plan=plan, number=1, title_en="Open the data")
    make_responsibility(commitment=commitment, entity=make_entity(slug="minam", name_en="Open ministry"))
    make_section(plan=plan, heading_en="How it was made")
    early = make_report(plan=plan, slug="7-early", stage="mid_term", cutoff_on=date(2016, 9, 30))
    later = make_report(plan=plan, slug="7-later", title_en="Word of later", cutoff_on=date(2017, 9, 30))
    make_recommendation(report=later, slug="later", text_en="Word of later, open")
    make_assessment(report=early, commitment=commitment, level="limited")
    card = make_assessment(report=later, commitment=commitment, level="complete")
    make_evidence(assessment=card, title_en="Word of later")
    milestone = make_milestone(commitment=commitment, number=1, ends_on=date(2016, 6, 30))
    make_update(milestone=milestone, number=1, as_of=date(2016, 9, 30), text_en="Word of before")
    make_update(milestone=milestone, number=2, as_of=date(2017, 3, 31), text_en="Word of later")


def body(client, where, query="", lang="en", status=200):
    # An empty day is taken out of the address first.
    response = client.get(f"{address(*where, lang=lang)}{query}", follow=True)
    assert response.status_code == status
    return response.content.decode()


def links(page):
    """Return (tag, address) of the links of a page to our own pages."""
    found = re.findall(r'(<a\b[^>]*?\shref="(/[^"]*)"[^>]*>)', page)
    return [(tag, html.unescape(link)) for tag, link in found if not link.startswith("/admin")]


def view_of(link):
    """Return the name of the view that a link leads to, whatever its language."""
    path = urlsplit(link).path
    with translation.override(path[1:3] if path[1:3] in ("es", "en") else "en"):
        return resolve(path).view_name


def days(link):
    """Return the days that an address asks for."""
    return parse_qs(urlsplit(link).query, keep_blank_values=True).get("as_of", [])


@every_dated
def test_day_that_was_asked_for_is_said_at_the_head_and_today_is_not(client, where):
    said = '<p class="as-of"><strong>How it stood on 31 December 2016</strong>'

    page = body(client, where, f"?as_of={DAY}")
    assert page.count(said) == 1
    assert page.index('<main id="main"') < page.index(said) < page.index("<h1")
    assert "<strong>Cómo estaba el 31 de diciembre de 2016</strong>" in body(
        client, where, f"?as_of={DAY}", lang="es"
    )
    assert 'class="as-of"' not in body(client, where)
    # An empty value is as none.
    assert 'class="as-of"' not in body(client, where, "?as_of=")
    assert "as_of=" not in "".join(link for _tag, link in links(body(client, where)))


@every_dated
def test_links_keep_the_day_where_what_they_lead_to_is_read_on_a_day(client, where):
    page = body(client, where, f"?as_of={DAY}&q=open" if where == ("search",) else f"?as_of={DAY}")

    found = links(page)
    assert found
    for tag, link in found:
        name = view_of(link)
        is_dated = name in DATED or (name.startswith("api:") and name not in UNDATED_API)
        is_dated = is_dated and "data-today" not in tag
        assert days(link) == ([DAY] if is_dated else []), tag
        # The place in the page comes last.
        assert "as_of" not in urlsplit(link).fragment


def test_pages_have_links_of_each_kind(client):
    """Else the test of the links would say little."""
    page = body(client, ("commitments:commitment-detail", "7-1"), f"?as_of={DAY}")
    names = {view_of(link) for _tag, link in links(page)}

    assert {"plans:plan-detail", "plans:report-detail", "entities:entity-detail", "glossary"} <= names
    assert any(name.startswith("api:") for name in names)


def test_links_that_ask_for_something_ask_for_the_day_besides(client):
    page = body(client, ("home",), f"?as_of={DAY}")

    # As HTML writes it.
    assert re.search(rf'href="/en/commitments/\?level=[a-z]+&amp;as_of={DAY}"', page)


def test_link_that_names_a_day_among_others_is_left_alone():
    link = '<a href="/en/commitments/?plan=2&amp;as_of=2016-06-30">'
    page = SimpleTemplateResponse(engines["django"].from_string(link))

    keep_day(page, Reading(date(2016, 12, 31), is_asked=True))

    with translation.override("en"):
        assert page.render().content.decode() == link


def test_what_stands_at_an_address_is_remembered_for_the_language_that_was_read():
    path = address("plans:plan-list", lang="es")
    with translation.override("en"):
        assert not reads_day(path)

    with translation.override("es"):
        assert reads_day(path)


def test_links_to_a_place_in_a_page_keep_it(client):
    page = body(client, ("follow-up",), f"?as_of={DAY}&follow_up=overdue")

    assert f'href="/en/commitments/7-1/?as_of={DAY}#7-1-1"' in page


@every_dated
def test_link_to_the_other_language_keeps_the_day(client, where):
    page = body(client, where, f"?as_of={DAY}")

    there = address(*where, lang="es")
    assert f'<a href="{there}?as_of={DAY}" hreflang="es"' in page
    # What is found of it elsewhere is the page of today.
    assert re.search(r'<link rel="canonical" href="[^"?]*">', page)


@every_dated
def test_link_to_today_leaves_the_day(client, where):
    page = body(client, where, f"?as_of={DAY}")

    assert f'<a href="{address(*where)}" data-today>How it stands today</a>' in page


@every_detail
def test_form_offers_another_day(client, where):
    field = f'<input type="date" id="another-day" name="as_of" max="{today().isoformat()}"'

    assert f"{field}>" in body(client, where)
    assert f'{field} value="{DAY}">' in body(client, where, f"?as_of={DAY}")
    assert f'<form class="another-day" action="{address(*where)}">' in body(client, where)


@pytest.mark.parametrize("where", LISTS, ids=lambda where: where[0])
def test_lists_have_the_day_among_their_filters_alone(client, where):
    page = body(client, where, f"?as_of={DAY}")

    assert 'id="another-day"' not in page
    [field] = re.findall(r'<input[^>]*name="as_of"[^>]*>', page)
    assert f'value="{DAY}"' in field


@pytest.mark.parametrize("where", NOT_DATED, ids=lambda where: where[0])
def test_other_pages_say_no_day_and_keep_none(client, where):
    page = body(client, where, f"?as_of={DAY}")

    assert 'class="as-of"' not in page
    assert "another-day" not in page
    # Of a list the same rows as data: the day is a filter of its.
    assert not any(days(link) for _tag, link in links(page) if not link.startswith("/api/"))


def test_search_of_the_first_page_keeps_the_day(client):
    hidden = f'<input type="hidden" name="as_of" value="{DAY}">'

    assert hidden in body(client, ("home",), f"?as_of={DAY}")
    assert 'name="as_of" value' not in body(client, ("home",))


TOMORROW = (today() + timedelta(days=2)).isoformat()
FAULTS = [
    ("?as_of=yesterday", "en", "Write a date as YYYY-MM-DD, such as 2017-09-30."),
    ("?as_of=yesterday", "es", "Escriba la fecha como AAAA-MM-DD; por ejemplo, 2017-09-30."),
    ("?as_of=2017-02-29", "en", "Write a date as YYYY-MM-DD, such as 2017-09-30."),
    (f"?as_of={TOMORROW}", "en", "This date is in the future."),
    (f"?as_of={TOMORROW}", "es", "Esta fecha está en el futuro."),
    (f"?as_of={DAY}&as_of=2017-01-31", "en", "This parameter may be given only once."),
    (f"?as_of={DAY}&as_of=2017-01-31", "es", "Este parámetro se puede indicar una sola vez."),
]


@every_dated
@pytest.mark.parametrize(("query", "lang", "words"), FAULTS)
def test_bad_day_is_refused_in_the_words_of_the_reader(client, where, query, lang, words):
    page = html.unescape(body(client, where, query, lang, status=400))

    assert words in page
    # A page without fields names what is wrong.
    if where in DETAILS:
        label = {"en": "As of", "es": "A la fecha"}[lang]
        assert f"{label}: {words}" in page
    assert 'class="as-of"' not in page


def told(client, where, **params):
    """Return the words of a page, without its last changes, which are of the record and of no day."""
    response = client.get(address(*where), params)
    assert response.status_code == 200
    return bare(
        re.sub(r'<section[^>]*"changes">.*?</section>', "", response.content.decode(), flags=re.DOTALL)
    )


LATER = ("Word of later", "30 September 2017")


@every_dated
def test_nothing_later_than_the_day_is_told(client, where):
    asked = {"q": "open"} if where == ("search",) else {}

    before = told(client, where, as_of=DAY, **asked)

    assert not [words for words in LATER if words in before]


@pytest.mark.parametrize(
    "where",
    [
        ("home",),
        ("plans:plan-detail", 7),
        ("commitments:commitment-list",),
        ("commitments:commitment-detail", "7-1"),
        ("entities:entity-detail", "minam"),
        ("search",),
    ],
)
def test_today_there_is_something_later_to_be_told(client, where):
    """Else the test above would say little."""
    now = told(client, where, **({"q": "open"} if where == ("search",) else {}))

    assert [words for words in LATER if words in now]


def test_page_of_a_commitment_tells_its_words_up_to_the_day(client):
    where = ("commitments:commitment-detail", "7-1")

    assert "Word of before" in read(client, *where, as_of="2016-09-30")
    assert "Word of before" not in read(client, *where, as_of="2016-09-29")
    assert "Word of later" in read(client, *where, as_of="2017-09-30")


def test_level_shown_is_that_of_the_day(client):
    entity = ("entities:entity-detail", "minam")

    assert "Limited, Government 2016" in read(client, *entity, as_of="2016-09-30")
    assert "Government 2016" not in read(client, *entity, as_of="2016-09-29")
    assert codes(client, "commitments:commitment-list", level="limited", as_of=DAY) == ["7-1"]
    assert codes(client, "commitments:commitment-list", level="none", as_of="2016-09-29") == ["7-1"]
    assert codes(client, "commitments:commitment-list", level="complete") == ["7-1"]


def test_report_that_was_not_there_yet_says_so(client):
    where = ("plans:report-detail", "7-later")

    assert "This report is a later one" in read(client, *where, as_of=DAY)
    assert "This report is a later one" not in read(client, *where, as_of="2017-09-30")
