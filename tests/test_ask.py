"""The page "Ask or correct": what it puts into a message, whom it names, and what it refuses."""

import html
import re
from urllib.parse import quote, unquote

import pytest

from ogp_portal.ask import MOST_OF_PAGE, MOST_OF_PASSAGE, ask_about
from record.dates import today
from tests.factories import make_commitment, make_entity, make_plan, make_responsibility
from tests.pages import address

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def contact(settings):
    """Name an address to write to."""
    settings.PORTAL_CONTACT, settings.PORTAL_OPERATOR = "portal@gob.example", ""


def ask(client, **query):
    """Return the page, asked with a query in English."""
    return client.get(address("ask", lang="en"), query)


def message(response):
    """Return the text that is there to be copied."""
    found = re.search(r'<textarea class="message"[^>]*>\n(.*?)</textarea>', response.content.decode(), re.S)
    return html.unescape(found.group(1))


def mail(response):
    """Return the body of the mail that the page opens; None where it opens none."""
    found = re.search('href="(mailto:[^"]*body=[^"]*)"', response.content.decode())
    return found and html.unescape(found.group(1))


def test_message_names_page_day_and_passage_in_the_mail_and_in_the_text(client):
    answer = ask(client, page="/en/commitments/?as_of=2017-01-31", passage="Of 17 commitments")

    text = message(answer)
    assert "Page: http://testserver/en/commitments/?as_of=2017-01-31\n" in text
    assert f"Day: {today().isoformat()}\n" in text
    assert "Of 17 commitments" in text
    assert mail(answer).startswith("mailto:portal@gob.example?subject=A%20question")
    assert unquote(mail(answer).partition("body=")[2]) == text


@pytest.mark.parametrize(
    "forged",
    [
        "https://evil.example/en/",
        "//evil.example/en/",
        "/\\evil.example/en/",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/en/nothing-here/",
        "/admin/",
        "/api/v1/",
        "/en/\nBcc: somebody",
        "/en/\u202e",
        "//[",
        "en/",
        "/en/?q=" + "x" * MOST_OF_PAGE,
    ],
)
def test_address_that_is_no_page_of_ours_is_left_out_and_said(client, forged):
    answer = ask(client, page=forged)

    assert answer.status_code == 200
    assert "no page of this portal" in answer.content.decode()
    assert "Page: \n" in message(answer)
    assert "evil" not in answer.content.decode().partition("<main")[2].partition("</main>")[0]


def test_words_in_the_query_of_a_page_stay_an_address(client):
    text = message(ask(client, page="/en/search/?q=<b>call this number</b>"))

    assert "Page: http://testserver/en/search/?q=%3Cb%3Ecall+this+number%3C%2Fb%3E\n" in text


def test_page_in_the_other_language_is_a_page(client):
    answer = ask(client, page=address("commitments:commitment-list", lang="es"))

    assert f"Page: http://testserver{address('commitments:commitment-list', lang='es')}\n" in message(answer)


def test_long_passage_is_cut_and_that_is_said(client):
    whole, cut = (ask(client, passage="a" * n) for n in (MOST_OF_PASSAGE, MOST_OF_PASSAGE + 1))

    assert "Only the first" not in whole.content.decode()
    assert f"Only the first {MOST_OF_PASSAGE} characters" in cut.content.decode()
    assert "a" * MOST_OF_PASSAGE in message(cut)
    assert "a" * (MOST_OF_PASSAGE + 1) not in message(cut)


def test_passage_is_cleaned_and_never_markup(client):
    answer = ask(client, passage=" one\u200b\r\n</textarea><script>x</script> ")

    assert "one\n</textarea><script>x</script>\n" in message_of_escaped(answer)
    assert "<script>x" not in answer.content.decode()


def message_of_escaped(answer):
    return unquote(mail(answer).partition("body=")[2])


def test_no_answer_is_promised_unless_the_days_are_set(client, settings):
    settings.PORTAL_ANSWER_DAYS = 0
    assert "No answer is promised." in ask(client).content.decode()

    settings.PORTAL_ANSWER_DAYS = 1
    assert "answers within 1 day." in ask(client).content.decode()

    settings.PORTAL_ANSWER_DAYS = 30
    body = ask(client).content.decode()
    assert "answers within 30 days." in body
    assert "No answer is promised" not in body


def test_without_an_address_there_is_the_text_and_who_answers(client, settings):
    settings.PORTAL_CONTACT, settings.PORTAL_ANSWER_DAYS = "", 30
    commitment = make_commitment(plan=make_plan(number=7), number=1)
    make_responsibility(commitment=commitment, entity=make_entity(slug="minam", name_en="Ministry of Air"))

    answer = ask(client, page="/en/commitments/7-1/")

    body = answer.content.decode()
    assert "mailto:" not in body
    assert "answers within" not in body
    assert "Page: http://testserver/en/commitments/7-1/\n" in message(answer)
    assert re.search('href="/en/entities/minam/">(<span[^>]*>)?Ministry of Air', body)
    assert "/en/about/#errors" in body


def test_who_answers_leads_and_is_public(client):
    commitment = make_commitment(plan=make_plan(number=7), number=1)
    make_responsibility(commitment=commitment, entity=make_entity(slug="helper"), role="support")
    draft = make_commitment(plan=commitment.plan, number=2, status="draft")
    make_responsibility(commitment=draft, entity=make_entity(slug="hidden"))

    for code in ("7-1", "7-2", "7-99", "PE0049", "0-x", "²-1"):
        body = ask(client, page=quote(f"/en/commitments/{code}/")).content.decode()
        assert "/en/entities/helper/" not in body
        assert "/en/entities/hidden/" not in body


def test_page_is_not_indexed_and_its_answer_is_not_kept(client):
    answer = ask(client, passage="private words")

    assert '<meta name="robots" content="noindex">' in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]


def test_long_address_is_cut_to_its_path_and_day():
    long = "/en/commitments/?as_of=2017-01-31&q=" + "x" * MOST_OF_PAGE

    assert unquote(ask_about(long)).endswith("?page=/en/commitments/?as_of=2017-01-31")
