"""The pages of plans and reports in a real browser: how long they are, and the chart of what moved."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.site import browser_context_args, check_page  # noqa: F401
from tests.browser.staff import follow

pytestmark = pytest.mark.django_db

SCREEN = 640
PLANS = [f"/es/planes/{number}/" for number in range(1, 6)]
REPORTS = [
    "/es/informes/1-irm-progress-report/",
    "/es/informes/2-mid-term-self-assessment/",
    "/es/informes/2-end-term-self-assessment/",
    "/es/informes/3-irm-implementation-report/",
    "/es/informes/3-irm-design-report/",
]
CHART = "/en/plans/2/"


def on_a_phone(page, path, width=360):
    page.set_viewport_size({"width": width, "height": SCREEN})
    page.goto(path)


def enlarge(page, size):
    """Set the size of letters that all others follow, as readers do in their browser."""
    page.evaluate("size => document.documentElement.style.setProperty('font-size', size)", size)


@pytest.mark.parametrize(
    ("path", "screens"), [(path, 10) for path in [*PLANS, "/es/planes/"]] + [(path, 15) for path in REPORTS]
)
def test_page_is_short_on_a_phone_and_its_first_screen_has_the_answer(page, path, screens):
    on_a_phone(page, path)

    assert page.evaluate("document.documentElement.scrollHeight") <= screens * SCREEN
    title = page.get_by_role("heading", level=1)
    box = title.bounding_box()
    assert box["y"] + box["height"] <= SCREEN


@pytest.mark.parametrize("path", ["/en/plans/5/", "/en/plans/1/", "/en/reports/2-mid-term-self-assessment/"])
def test_axe_finds_nothing(page, path):
    check_page(page, path)


@pytest.mark.parametrize("path", [*PLANS, REPORTS[2]])
def test_nothing_is_beside_the_page_with_letters_twice_as_large(page, path):
    on_a_phone(page, path)
    enlarge(page, "200%")

    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def line_of(page, code):
    """Return the link of a commitment in the chart, and its line."""
    link = page.locator(".rungs a").filter(has=page.locator(f'.code:text-is("{code}")'))
    return link, link.locator("line")


def width_of(line):
    return line.evaluate("line => getComputedStyle(line).strokeWidth")


def test_chart_names_each_commitment_with_both_levels(page):
    page.goto(CHART)

    links = page.locator(".rungs a")
    expect(links).to_have_count(17)
    expect(line_of(page, "2-5")[0]).to_have_accessible_name(
        re.compile("^2-5 Improving SEACE.* from Limited to Complete$")
    )
    assert page.locator(".rungs a.rose").count() == 7
    assert page.locator(".rungs a.same").count() == 10


def test_line_lights_up_where_its_link_has_the_focus_or_the_pointer(page):
    page.goto(CHART)
    link, line = line_of(page, "2-5")
    assert width_of(line) == "2.5px"

    link.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    assert width_of(line) == "4px"
    page.mouse.move(0, 0)
    page.locator("body").click(position={"x": 1, "y": 1})
    assert width_of(line) == "2.5px"

    # Pointed at is the line itself, in its middle.
    line.scroll_into_view_if_needed()
    box = line.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert width_of(line) == "4px"


@pytest.mark.parametrize("size", ["100%", "200%"])
def test_lines_begin_and_end_at_the_height_of_their_words(page, size):
    on_a_phone(page, CHART)
    enlarge(page, size)

    for code in ("2-1", "2-5", "2-10"):
        link, line = line_of(page, code)
        words, drawn = link.locator(".code").bounding_box(), line.bounding_box()
        middle = words["y"] + words["height"] / 2
        assert min(abs(drawn["y"] - middle), abs(drawn["y"] + drawn["height"] - middle)) <= 3


def test_marks_of_milestones_are_as_wide_as_high(page):
    on_a_phone(page, "/en/plans/5/")

    marks = page.locator(".track use")
    expect(marks).to_have_count(47)
    box = marks.first.bounding_box()
    assert abs(box["width"] - box["height"]) < 0.5


@pytest.mark.parametrize("path", ["/es/planes/5/texto/", "/es/informes/2-end-term-self-assessment/texto/"])
def test_text_of_a_document_is_folded_part_by_part(page, path):
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(path)

    assert page.evaluate("document.documentElement.scrollHeight") <= 15 * 640
    assert page.locator("details.part:not([open])").count() == page.locator("details.part").count() > 10


def test_part_of_a_text_that_a_page_leads_to_is_open_on_arrival(page):
    page.goto("/es/planes/5/")
    page.locator("summary").filter(has=page.get_by_role("heading", name="Texto del plan")).click()
    link = page.get_by_role("link", name=re.compile("^2.2. Metodología"))
    follow(page, link)

    part = page.get_by_role("region", name=re.compile("^2.2. Metodología"))
    expect(part.locator("details")).to_have_attribute("open", "")
    expect(part.locator(".source").last).to_be_visible()
