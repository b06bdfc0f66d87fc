"""Documents on a phone: the answer first, no endless list, nothing to the side."""

import pytest

from tests.browser.site import browser_context_args, one_page  # noqa: F401

pytestmark = pytest.mark.django_db

SCREEN = {"width": 360, "height": 640}
LIST, DETAIL = "/es/documentos/", "/es/documentos/ogp-report-card-2017/"
PAGES = pytest.mark.parametrize("path", [LIST, DETAIL])


@pytest.fixture
def phone(one_page):  # noqa: F811
    one_page.set_viewport_size(SCREEN)
    yield one_page
    one_page.set_viewport_size({"width": 1280, "height": 800})


@pytest.mark.parametrize(("path", "most"), [(LIST, 15), (DETAIL, 4)])
def test_page_is_no_longer_than_so_many_screens(phone, path, most):
    phone.goto(path)

    assert phone.evaluate("document.documentElement.scrollHeight") / SCREEN["height"] <= most


def test_answer_and_first_document_are_on_the_first_screen(phone):
    phone.goto(LIST)

    heading = phone.get_by_role("heading", level=1).bounding_box()
    assert heading["y"] + heading["height"] < SCREEN["height"]
    assert phone.locator(".rows > li").first.bounding_box()["y"] < SCREEN["height"]


def test_what_is_taken_from_a_document_is_on_the_first_screen(phone):
    phone.goto(DETAIL)

    lead = phone.locator("p.lead").bounding_box()
    assert lead["y"] + lead["height"] < SCREEN["height"]


@PAGES
def test_narrow_screen_needs_no_scrolling_sideways(phone, path):
    phone.set_viewport_size({"width": 320, "height": 640})
    phone.goto(path)

    assert phone.evaluate("document.documentElement.scrollWidth") <= 320


@PAGES
def test_text_of_twice_the_size_needs_no_scrolling_sideways(phone, path):
    phone.goto(path)
    # By the model of objects, which the policy for content allows.
    phone.evaluate("document.documentElement.style.fontSize = '200%'")

    assert phone.evaluate("document.documentElement.scrollWidth") <= SCREEN["width"]
