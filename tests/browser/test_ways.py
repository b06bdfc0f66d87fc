"""The ways of readers through the pages, on the real record: from the start page to an answer."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.site import browser_context_args  # noqa: F401
from tests.browser.staff import follow

# Without this mark there would be no test database, and these tests would read and empty the real one.
pytestmark = pytest.mark.django_db


def test_language_switch_stays_on_the_page(page, site):
    page.goto("/es/compromisos/?plan=2&level=limited")

    follow(page, page.get_by_role("link", name="English"))

    expect(page).to_have_url(f"{site}/en/commitments/?plan=2&level=limited")
    expect(page.get_by_role("heading", level=1)).to_have_text("1 of 117 commitments")
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

    expect(page.get_by_role("heading", level=1)).to_have_text("5 de 117 compromisos")
    follow(page, page.get_by_role("list", name="Filtros en uso").get_by_role("link").nth(2))
    expect(page.get_by_role("heading", level=1)).to_have_text("11 de 117 compromisos")


def test_reader_searches_from_the_start_page_and_narrows_by_kind(page, site):
    page.goto("/es/")

    page.get_by_label("Buscar un compromiso, una institución o un asunto").fill("ninez")
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
