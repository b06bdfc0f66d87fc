"""The board and the lists on a phone: the answer and a first row are seen at once, and no list is endless."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.site import browser_context_args, one_page  # noqa: F401

pytestmark = pytest.mark.django_db

SCREEN = {"width": 360, "height": 640}
LISTS = {
    "/es/seguimiento/": 8,
    "/es/seguimiento/?follow_up=unproved": 15,
    "/es/compromisos/": 15,
    "/es/compromisos/?plan=2": 15,
    "/es/entidades/": 10,
    "/es/recomendaciones/": 15,
    "/es/cambios/": 15,
}
both_languages = pytest.mark.parametrize("lang", ["es", "en"])


@pytest.fixture
def phone(one_page):  # noqa: F811
    one_page.set_viewport_size(SCREEN)
    yield one_page
    one_page.set_viewport_size({"width": 1280, "height": 800})


def bottom(locator):
    box = locator.bounding_box()
    return box["y"] + box["height"]


@pytest.mark.parametrize(("path", "most"), LISTS.items())
def test_page_is_no_longer_than_so_many_screens_of_a_phone(phone, path, most):
    phone.goto(path)

    screens = phone.evaluate("document.documentElement.scrollHeight") / SCREEN["height"]

    assert screens <= most


@pytest.mark.parametrize("path", [path for path in LISTS if path != "/es/cambios/"])
def test_answer_and_first_row_are_on_the_first_screen_of_a_phone(phone, path):
    phone.goto(path)

    assert bottom(phone.get_by_role("heading", level=1)) < SCREEN["height"]
    assert phone.locator(".rows > li").first.bounding_box()["y"] < SCREEN["height"]


@pytest.mark.parametrize("path", LISTS)
def test_text_of_twice_the_size_needs_no_scrolling_sideways(phone, path):
    phone.goto(path)
    # By the model of objects, which the policy for content allows.
    phone.evaluate("document.documentElement.style.fontSize = '200%'")

    assert phone.evaluate("document.documentElement.scrollWidth") <= SCREEN["width"]


@both_languages
def test_filters_are_folded_on_a_phone_and_open_on_a_wide_screen(phone, lang):
    phone.goto({"es": "/es/compromisos/", "en": "/en/commitments/"}[lang])
    words = phone.locator("#q")

    expect(words).not_to_be_visible()
    phone.locator("details.narrow > summary").click()
    expect(words).to_be_visible()
    phone.set_viewport_size({"width": 1280, "height": 800})
    phone.reload()
    expect(words).to_be_visible()
    expect(phone.locator("details.narrow > summary")).not_to_be_visible()


def test_form_that_is_sent_leaves_no_empty_parameter_in_the_address(phone, site):
    phone.goto("/es/compromisos/")
    phone.locator("details.narrow > summary").click()
    phone.locator("input[name=plan][value='2']").check()
    phone.locator("details.narrow button").click()

    expect(phone).to_have_url(re.compile(r"/es/compromisos/\?plan=2(#results)?$"))


@both_languages
def test_milestone_of_the_board_leads_to_its_place(phone, lang):
    phone.goto({"es": "/es/seguimiento/", "en": "/en/follow-up/"}[lang])
    link = phone.locator(".late-list a").first
    code = link.locator(".code").inner_text()

    link.click()

    expect(phone).to_have_url(re.compile(rf"#{code}$"))
    expect(phone.locator(f"[id='{code}']")).to_be_in_viewport()


@pytest.mark.parametrize("window", [{}, {"color_scheme": "dark"}, {"forced_colors": "active"}])
def test_bars_are_seen_in_every_scheme(phone, window):
    phone.emulate_media(**window)
    phone.goto("/es/seguimiento/")

    bar = phone.locator(".months path:not(.due)").first
    fill = bar.evaluate("bar => getComputedStyle(bar).fill")
    ground = phone.locator(".months .due").first.evaluate("bar => getComputedStyle(bar).fill")
    phone.emulate_media(color_scheme="light", forced_colors="none")

    assert fill != ground


def test_paper_has_the_whole_titles_and_no_filters(phone):
    phone.goto("/es/seguimiento/")
    phone.emulate_media(media="print")

    expect(phone.locator("details.narrow")).not_to_be_visible()
    title = phone.locator(".late-list .clamp").first
    cut = title.evaluate("title => title.scrollHeight > title.clientHeight")
    phone.emulate_media(media="screen")

    assert not cut
