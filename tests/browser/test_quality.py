"""Pages of the real record keep still, need no other host and no JavaScript, obey the keyboard, and print."""

import re
from urllib.parse import urlsplit

import pytest
from django.utils import translation
from playwright.sync_api import expect

from faces.templatetags.dates import longdate
from record.dates import today
from tests.browser.site import PAGES, browser_context_args  # noqa: F401
from tests.browser.staff import follow, press

# Without this mark there would be no test database, and these tests would read and empty the real one.
pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.urls")]

# Still and by itself

SHIFTS = """
window.shifts = [];
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) {
    const moved = entry.sources.map(source => source.node && (source.node.outerHTML || source.node.nodeName));
    window.shifts.push([entry.value, ...moved.map(html => String(html).slice(0, 120))]);
  }
}).observe({type: "layout-shift", buffered: true});
"""
SCROLL = """
async () => {
  const frame = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight) {
    scrollTo(0, y);
    await frame();
  }
  await frame();
  return window.shifts;
}
"""


@pytest.mark.parametrize("path", [twins[0] for twins in PAGES.values()])
def test_nothing_moves_while_a_page_loads_and_nothing_comes_from_another_host(page, site, path):
    hosts = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.add_init_script(SHIFTS)

    shifts = {}
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(path)
        shifts[width] = page.evaluate(SCROLL)

    assert shifts == {360: [], 1280: []}
    assert hosts == {urlsplit(site).netloc}


def test_reader_without_javascript_narrows_the_list_and_reaches_a_commitment(new_context, site):
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/es/")

    sections = page.get_by_role("navigation", name="Secciones principales")
    follow(page, sections.get_by_role("link", name="Compromisos"))
    page.get_by_label(re.compile(r"\bPlan II \(")).check()
    page.get_by_label(re.compile(r"\bLimitado \(")).check()
    follow(page, page.get_by_role("button", name="Mostrar"))
    expect(page.get_by_role("heading", level=1)).to_have_text("1 de 117 compromisos")
    follow(page, page.get_by_role("link", name=re.compile("^2-10 ")))

    expect(page).to_have_url(f"{site}/es/compromisos/2-10/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Acuerdos Plenarios de la Corte Suprema")


# By keyboard. Pages scroll smoothly to the focus, unless the reader wants no motion: that spares the wait.

# What is wrong with how the focus is seen, and whether it is where it is looked for.
FOCUS = """
async sought => {
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const focused = document.activeElement;
  const style = getComputedStyle(focused);
  const isSeen = box => {
    const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
    const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
    if (left >= right || top >= bottom) return false;
    const above = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return above && (focused.contains(above) || above.contains(focused));
  };
  const wrong = [];
  // A button inside a date field has the browser's own outline, and then the field has not the focus itself.
  const isOutlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  if (!isOutlined && focused.matches(":focus")) wrong.push("no outline");
  if (![...focused.getClientRects()].some(isSeen)) wrong.push("out of sight or covered");
  if (document.documentElement.scrollWidth > innerWidth) wrong.push("the page scrolls sideways");
  return {
    tag: focused.outerHTML.slice(0, 120), wrong, isFound: focused === sought,
    isLost: focused === document.body,
  };
}
"""


def tab_to(page, locator, most=150):
    """Press Tab until the focus is on an element; at each stop the focus must be seen."""
    sought = locator.element_handle()
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS, sought)
        assert stop["isLost"] or stop["wrong"] == [], (page.url, stop)
        if stop["isFound"]:
            return
    pytest.fail(f"{page.url}: {locator} is not among the first {most} stops")


@pytest.mark.parametrize(
    "window",
    [
        {"viewport": {"width": 1280, "height": 800}},
        # The same window at 200 %: half as many CSS pixels, each twice as wide.
        {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2},
    ],
    ids=["100 %", "200 %"],
)
def test_keyboard_walks_from_the_start_page_to_the_evidence_with_a_focus_that_is_seen(
    new_context, site, window
):
    page = new_context(**window, reduced_motion="reduce").new_page()
    page.goto("/es/")
    sections = page.get_by_role("navigation", name="Secciones principales")

    tab_to(page, sections.get_by_role("link", name="Compromisos", exact=True))
    press(page, "Enter")
    expect(page).to_have_url(f"{site}/es/compromisos/")

    filters = page.locator("details.narrow > summary")
    if filters.is_visible():
        # On a narrow window they are folded.
        tab_to(page, filters)
        page.keyboard.press("Enter")
    tab_to(page, page.get_by_label(re.compile(r"\bPlan II \(")))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Mostrar"))
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("17 de 117 compromisos")

    tab_to(page, page.get_by_role("link", name=re.compile("^2-11 ")))
    press(page, "Enter")
    expect(page).to_have_url(f"{site}/es/compromisos/2-11/")

    evidence = page.locator(".proofs a").first
    tab_to(page, evidence)
    expect(evidence).to_be_focused()
    expect(evidence).to_have_attribute("href", re.compile("^https?://"))


def test_keyboard_scrolls_what_is_wider_than_the_screen(page):
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": 640, "height": 400})
    page.goto("/es/glosario/")
    page.locator("summary").filter(has_text="Cuántos compromisos tienen cada valor").click()
    table = page.locator(".scroll").first
    assert table.evaluate("region => region.scrollWidth > region.clientWidth")

    tab_to(page, table)
    page.keyboard.press("ArrowRight")

    page.wait_for_function("region => region.scrollLeft > 0", arg=table.element_handle())


# On paper

# A4 less the margins of 1 cm that browsers leave: 190 mm at 96 pixels an inch.
PAPER = 718
ON_PAPER = (
    "/es/compromisos/2-10/",
    "/es/compromisos/5-4/",
    "/es/informes/2-end-term-self-assessment/",
    "/es/seguimiento/",
)
WIDE = """
width => [...document.body.querySelectorAll("*")].filter(element => {
  const box = element.getBoundingClientRect();
  return box.width > 1 && box.height > 1 && box.right > width + 1 && !element.closest(".visually-hidden");
}).slice(0, 5).map(element => [element.getBoundingClientRect().right, element.outerHTML.slice(0, 100)])
"""


@pytest.fixture
def paper(page):
    """A page as it is printed on A4."""
    page.emulate_media(media="print")
    page.set_viewport_size({"width": PAPER, "height": 1000})
    return page


@pytest.mark.parametrize("path", ON_PAPER)
def test_paper_has_the_address_and_the_date_and_not_the_screens_ways(paper, site, path):
    paper.goto(path)
    with translation.override("es"):
        day = longdate(today())

    printed = paper.locator(".print-address")
    expect(printed).to_be_visible()
    expect(printed).to_contain_text(f"{site}{path}")
    expect(printed).to_contain_text(day)
    expect(paper.get_by_role("heading", level=1)).to_be_visible()
    expect(paper.get_by_role("navigation", name="Secciones principales")).to_be_hidden()


def test_screen_does_not_show_what_is_for_paper(page):
    page.goto("/es/compromisos/2-10/")

    expect(page.locator(".print-address")).to_be_hidden()


@pytest.mark.parametrize("path", ON_PAPER)
def test_nothing_is_wider_than_the_paper(paper, path):
    paper.goto(path)

    assert paper.evaluate(WIDE, PAPER) == []
    assert paper.evaluate("document.documentElement.scrollWidth") <= PAPER
    assert paper.pdf(format="A4").startswith(b"%PDF-")
