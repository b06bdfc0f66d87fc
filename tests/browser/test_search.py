"""The search on a phone: what is meant stands on the first screen, and no overview is endless."""

import pytest
from playwright.sync_api import expect

from tests.browser.site import browser_context_args, one_page  # noqa: F401

pytestmark = pytest.mark.django_db

SCREEN = {"width": 360, "height": 640}
LABEL = {
    "es": "Buscar un compromiso, una institución o un asunto",
    "en": "Search a commitment, an institution or a subject",
}
both_languages = pytest.mark.parametrize("lang", ["es", "en"])


@pytest.fixture
def phone(one_page):  # noqa: F811
    one_page.set_viewport_size(SCREEN)
    yield one_page
    one_page.set_viewport_size({"width": 1280, "height": 800})


def search(phone, lang, words):
    """Look for words from the start page."""
    phone.goto(f"/{lang}/")
    phone.get_by_label(LABEL[lang]).fill(words)
    phone.locator(".search button").click()


def bottom(locator):
    box = locator.bounding_box()
    return box["y"] + box["height"]


@both_languages
def test_institution_is_first_and_its_commitment_stands_on_the_page(phone, lang):
    search(phone, lang, "MINSA")

    first = phone.locator("main h2").first
    expect(first).to_contain_text("MINSA")
    expect(phone.locator(".meant a[href*='/5-8/']")).to_be_visible()
    assert bottom(first) < SCREEN["height"]
    first.locator("a").click()
    expect(phone).to_have_url(f"{phone.url.partition(f'/{lang}/')[0]}{ENTITY[lang]}")


ENTITY = {"es": "/es/entidades/minsa/", "en": "/en/entities/minsa/"}


@both_languages
@pytest.mark.parametrize("words", ["datos abiertos", "open data"])
def test_topic_is_first(phone, lang, words):
    search(phone, lang, words)

    first = phone.locator("main h2 a").first
    assert first.get_attribute("href").endswith("/datos-abiertos/")
    assert bottom(first) < SCREEN["height"]


@pytest.mark.parametrize("words", ["datos abiertos", "transparencia", "gobierno"])
def test_overview_is_no_longer_than_fifteen_screens_and_answers_on_the_first(phone, words):
    phone.goto(f"/es/buscar/?q={words}")

    assert phone.evaluate("document.documentElement.scrollHeight") <= 15 * SCREEN["height"]
    assert bottom(phone.get_by_role("heading", level=1)) < SCREEN["height"]
    assert phone.locator("main h2").first.bounding_box()["y"] < SCREEN["height"]


@pytest.mark.parametrize("query", ["", "?q=gobierno", "?q=salud&kind=commitment", "?q=trasparencia+xyz"])
def test_text_of_twice_the_size_needs_no_scrolling_sideways(phone, query):
    phone.goto(f"/es/buscar/{query}")
    # By the model of objects, which the policy for content allows.
    phone.evaluate("document.documentElement.style.fontSize = '200%'")

    assert phone.evaluate("document.documentElement.scrollWidth") <= SCREEN["width"]


def test_filters_are_folded_and_leave_no_empty_parameter(phone, site):
    phone.goto("/es/buscar/?q=salud")
    expect(phone.locator("#as_of")).not_to_be_visible()

    phone.locator(".search summary").click()
    phone.locator("input[name=plan][value='2']").check()
    phone.locator(".search details button").click()

    expect(phone).to_have_url(f"{site}/es/buscar/?q=salud&plan=2#results")
    phone.locator(".chosen a").click()
    expect(phone).to_have_url(f"{site}/es/buscar/?q=salud")
