"""The pages in a real browser, on the real record: the way to an answer, accessibility, narrow screens."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import translation
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from ogp_portal.record import load_record

# Without this mark there would be no test database, and these tests would read and empty the real one.
pytestmark = pytest.mark.django_db

PAGES = {
    "home": ("/es/", "/en/"),
    "plans": ("/es/planes/", "/en/plans/"),
    "plan": ("/es/planes/2/", "/en/plans/2/"),
    "plan with a partial report": ("/es/planes/3/", "/en/plans/3/"),
    "commitments": ("/es/compromisos/?overdue=true", "/en/commitments/?overdue=true"),
    "error": ("/es/compromisos/?plan=99&report=x", "/en/commitments/?plan=99&report=x"),
    "commitment": ("/es/compromisos/2-10/", "/en/commitments/2-10/"),
    "commitment with milestones": ("/es/compromisos/5-4/", "/en/commitments/5-4/"),
    "commitment with findings": ("/es/compromisos/1-6/", "/en/commitments/1-6/"),
    "report that is not held": ("/es/informes/3-irm-design-report/", "/en/reports/3-irm-design-report/"),
    "text of a report": (
        "/es/informes/2-end-term-self-assessment/texto/",
        "/en/reports/2-end-term-self-assessment/text/",
    ),
    "text of a plan": ("/es/planes/5/texto/", "/en/plans/5/text/"),
    "follow-up": ("/es/seguimiento/", "/en/follow-up/"),
    "follow-up, a list": (
        "/es/seguimiento/?follow_up=overdue&as_of=2017-01-31&by=commitment",
        "/en/follow-up/?follow_up=overdue&as_of=2017-01-31&by=commitment",
    ),
    "documents": ("/es/documentos/", "/en/documents/"),
    "document": ("/es/documentos/ogp-report-card-2017/", "/en/documents/ogp-report-card-2017/"),
    "recommendations": ("/es/recomendaciones/", "/en/recommendations/"),
    "search": ("/es/buscar/?q=salud", "/en/search/?q=health"),
    "search that finds nothing": ("/es/buscar/?q=trasparencia+xyz", "/en/search/?q=transparensy+xyz"),
    "glossary": ("/es/glosario/", "/en/glossary/"),
    "about": ("/es/acerca/", "/en/about/"),
    "report": ("/es/informes/2-end-term-self-assessment/", "/en/reports/2-end-term-self-assessment/"),
    "entities": ("/es/entidades/", "/en/entities/"),
    "entity": ("/es/entidades/sgp/", "/en/entities/sgp/"),
    "not found": ("/es/nada/", "/en/nothing/"),
}
PATHS = [path for twins in PAGES.values() for path in twins]


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker):
    """Serve the real record, loaded once; return the address. The tests only read.

    pytest-django's own `live_server` would empty the database after each test.
    """
    with django_db_blocker.unblock():
        assert re.search("test|memory", connection.settings_dict["NAME"])
        with translation.override("en"):
            load_record(settings.FIXTURES_DIR)
        server = LiveServer("localhost")
        yield server.url
        server.stop()
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(scope="module")
def browser_context_args(browser_context_args, site):
    return browser_context_args | {"base_url": site}


def test_reader_finds_from_the_start_page_what_two_reports_judged(page, site):
    page.goto("/es/")

    page.get_by_role("link", name="Plan II", exact=True).click()
    expect(page).to_have_url(f"{site}/es/planes/2/")
    page.get_by_role("link", name=re.compile("^2-10 ")).click()

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


def test_language_switch_stays_on_the_page(page, site):
    page.goto("/es/compromisos/?plan=2&level=limited")

    page.get_by_role("link", name="English").click()

    expect(page).to_have_url(f"{site}/en/commitments/?plan=2&level=limited")
    expect(page.get_by_role("heading", level=2)).to_have_text("1 of 117 commitments")
    page.get_by_role("link", name=re.compile("^2-10 ")).click()
    page.get_by_role("link", name="Español").click()
    expect(page).to_have_url(f"{site}/es/compromisos/2-10/")


def test_reader_narrows_the_list_with_its_form(page):
    page.goto("/es/compromisos/")

    page.get_by_label("Plan II", exact=True).check()
    page.get_by_label("Completo", exact=True).check()
    page.get_by_text("Más filtros").click()
    page.get_by_label("Informe", exact=True).select_option("2-mid-term-self-assessment")
    page.get_by_role("button", name="Mostrar").click()

    expect(page.get_by_role("heading", level=2)).to_have_text("5 de 117 compromisos")
    page.get_by_role("list", name="Filtros en uso").get_by_role("link").nth(2).click()
    expect(page.get_by_role("heading", level=2)).to_have_text("11 de 117 compromisos")


def test_reader_searches_from_the_start_page_and_narrows_by_kind(page, site):
    page.goto("/es/")

    page.get_by_label("Buscar en todo").fill("ninez")
    page.get_by_role("button", name="Buscar").click()
    expect(page.locator("mark").first).to_have_text("niñez")
    page.get_by_role("navigation", name="Filtrar por tipo").get_by_role("link", name="Hitos").click()
    page.get_by_role("link", name=re.compile("^2-13-1 ")).click()

    expect(page).to_have_url(f"{site}/es/compromisos/2-13/#2-13-1")


def test_keyboard_reaches_the_content_first(page):
    page.goto("/es/planes/2/")

    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Saltar al contenido")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")

    expect(page.locator("#main")).to_be_focused()


def violations(page, **options):
    """Return what axe finds in a page: rules, each with the first places that break it."""
    found = Axe().run(page, options=options).response["violations"]
    return [(rule["id"], [node["html"] for node in rule["nodes"]][:3]) for rule in found]


@pytest.mark.parametrize("path", PATHS)
def test_page_is_accessible_and_fits_every_screen(page, path):
    messages = []
    page.on("console", lambda message: messages.append(message.text))
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(path)

    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, runOnly=["color-contrast"]) == []
    page.emulate_media(color_scheme="light")
    for width in (360, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 360, "height": 800})
    assert violations(page) == []
    assert [text for text in messages if "Content Security Policy" in text] == []


def test_paper_gets_no_navigation(page):
    page.emulate_media(media="print")
    page.goto("/es/compromisos/2-10/")

    expect(page.get_by_role("navigation", name="Secciones principales")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
