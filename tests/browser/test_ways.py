"""The ways of readers through the pages, on the real record: from the start page to an answer."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.site import browser_context_args  # noqa: F401
from tests.browser.staff import follow

# Without this mark there would be no test database, and these tests would read and empty the real one.
pytestmark = pytest.mark.django_db


def test_reader_finds_from_the_start_page_what_two_reports_judged(page, site):
    page.goto("/es/")

    follow(page, page.get_by_role("link", name="Plan II", exact=True))
    expect(page).to_have_url(f"{site}/es/planes/2/")
    follow(page, page.get_by_role("link", name=re.compile("^2-10 ")))

    expect(page.get_by_role("heading", level=1)).to_contain_text("Acuerdos Plenarios de la Corte Suprema")
    answer = page.get_by_role("region", name="En breve")
    expect(answer).to_contain_text(
        re.compile(r"Limitado\s+Gobierno, final, al 30 de setiembre de 2017\s+Otros informes\s+")
    )
    expect(answer).to_contain_text(
        re.compile(r"No iniciado\s+Gobierno, medio término, al 30 de setiembre de 2016")
    )
    cards = page.get_by_role("row", name=re.compile("^Cumplimiento "))
    expect(cards.get_by_role("cell").nth(0)).to_contain_text("No iniciado")
    expect(cards.get_by_role("cell").nth(1)).to_contain_text("Limitado")


# Three questions of a neighbour with a small phone: each answered in at most three page loads from home.


@pytest.fixture
def phone(page):
    """A page 360 px wide, with the addresses that it loaded."""
    page.set_viewport_size({"width": 360, "height": 740})
    page.loads = []
    page.on("load", lambda loaded: page.loads.append(loaded.url))
    page.goto("/es/")
    return page


def test_neighbour_finds_what_the_ministry_of_health_has_not_completed(phone):
    follow(phone, phone.get_by_role("link", name="Qué prometió cada institución"))
    follow(phone, phone.get_by_role("link", name=re.compile("^Ministerio de Salud")))

    expect(phone.get_by_role("heading", level=1)).to_contain_text("Ministerio de Salud")
    commitments = phone.get_by_role("region", name="Sus compromisos")
    expect(commitments.get_by_role("listitem").filter(has_text="5-8 ")).to_contain_text("Sin evaluación")
    assert len(phone.loads) <= 3


def test_neighbour_finds_what_became_of_a_commitment_between_two_reports(phone):
    follow(phone, phone.get_by_role("link", name="Plan II", exact=True))
    follow(phone, phone.get_by_role("link", name=re.compile("^2-10 ")))

    answer = phone.get_by_role("region", name="En breve")
    expect(answer).to_contain_text(re.compile(r"Limitado\s+Gobierno, final, al 30 de setiembre de 2017"))
    expect(answer).to_contain_text(re.compile(r"No iniciado\s+Gobierno, medio término"))
    assert len(phone.loads) <= 3


def test_neighbour_finds_the_milestones_of_plan_five_that_ended_without_a_report(phone):
    follow(phone, phone.get_by_role("link", name="Ver el seguimiento"))
    follow(phone, phone.get_by_role("link", name="Ver los 47 hitos"))

    expect(phone.get_by_role("heading", level=2).first).to_have_text("47 de 47 hitos")
    expect(phone.get_by_role("link", name=re.compile("^5-1-1 "))).to_be_visible()
    assert len(phone.loads) <= 3


def test_language_switch_stays_on_the_page(page, site):
    page.goto("/es/compromisos/?plan=2&level=limited")

    follow(page, page.get_by_role("link", name="English"))

    expect(page).to_have_url(f"{site}/en/commitments/?plan=2&level=limited")
    expect(page.get_by_role("heading", level=2)).to_have_text("1 of 117 commitments")
    follow(page, page.get_by_role("link", name=re.compile("^2-10 ")))
    follow(page, page.get_by_role("link", name="Español"))
    expect(page).to_have_url(f"{site}/es/compromisos/2-10/")


def test_reader_narrows_the_list_with_its_form(page):
    page.goto("/es/compromisos/")

    page.get_by_label(re.compile(r"Plan II \(17\)")).check()
    page.get_by_label(re.compile(r"Completo \(14\)")).check()
    page.get_by_text("Más filtros").click()
    page.get_by_label("Informe", exact=True).select_option("2-mid-term-self-assessment")
    follow(page, page.get_by_role("button", name="Mostrar"))

    expect(page.get_by_role("heading", level=2)).to_have_text("5 de 117 compromisos")
    follow(page, page.get_by_role("list", name="Filtros en uso").get_by_role("link").nth(2))
    expect(page.get_by_role("heading", level=2)).to_have_text("11 de 117 compromisos")


def test_reader_searches_from_the_start_page_and_narrows_by_kind(page, site):
    page.goto("/es/")

    page.get_by_label("Buscar en todo").fill("ninez")
    follow(page, page.get_by_role("button", name="Buscar"))
    expect(page.locator("mark").first).to_have_text("niñez")
    follow(page, page.get_by_role("navigation", name="Filtrar por tipo").get_by_role("link", name="Hitos"))
    follow(page, page.get_by_role("link", name=re.compile("^2-13-1 ")))

    expect(page).to_have_url(f"{site}/es/compromisos/2-13/#2-13-1")


def test_keyboard_reaches_the_content_first(page):
    page.goto("/es/planes/2/")

    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Saltar al contenido")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")

    expect(page.locator("#main")).to_be_focused()


def test_paper_gets_no_navigation(page):
    page.emulate_media(media="print")
    page.goto("/es/compromisos/2-10/")

    expect(page.get_by_role("navigation", name="Secciones principales")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
