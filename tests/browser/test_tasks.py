"""What a neighbour with a small phone wants to know, from the start page, in at most three page loads each.

And what each page says before anything is scrolled, and how long it is, on such a phone.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.site import browser_context_args  # noqa: F401
from tests.browser.staff import follow

# Without this mark there would be no test database, and these tests would read and empty the real one.
pytestmark = pytest.mark.django_db

SCREEN = 640
LOADS = 3


@pytest.fixture
def phone(page):
    """A page 360 px wide, with the addresses that it loaded."""
    page.set_viewport_size({"width": 360, "height": SCREEN})
    page.loads = []
    page.on("load", lambda loaded: page.loads.append(loaded.url))
    page.goto("/es/")
    yield page
    assert len(page.loads) <= LOADS, page.loads


def test_what_the_ministry_of_health_answers_for(phone):
    follow(phone, phone.get_by_role("link", name="MINSA", exact=True))
    follow(phone, phone.get_by_role("link", name=re.compile("Ministerio de Salud")).first)

    expect(phone.get_by_role("heading", level=1)).to_contain_text("MINSA respondió por 1 promesa")
    due = phone.get_by_role("region", name="Plazo vencido")
    expect(due.get_by_role("listitem").filter(has_text="5-8-1 ")).to_be_visible()


def test_what_became_of_open_data_over_the_years(phone):
    follow(phone, phone.get_by_role("contentinfo").get_by_role("link", name="Asuntos"))
    follow(phone, phone.get_by_role("link", name=re.compile("^Datos abiertos[*]")))

    expect(phone.get_by_role("heading", level=1)).to_contain_text("6 promesas en 3 planes, 2 completas")


def test_what_is_past_due_and_whom_to_ask(phone):
    overdue = phone.get_by_role("region", name="Plazo vencido")
    expect(overdue).to_contain_text("47 de los 47 hitos del plan V")
    follow(phone, overdue.get_by_role("link", name="Verlos, con la institución que responde"))

    expect(phone.get_by_role("link", name=re.compile("^5-1-1 ")).first).to_be_visible()


def test_how_plan_two_ended_and_what_was_not_completed(phone):
    ended = phone.get_by_role("region", name="Así terminó el último plan evaluado entero")
    expect(ended).to_contain_text(re.compile(r"Plan II: de 5 a\s+11 de 17 compromisos completos"))
    expect(ended).to_contain_text("7 subieron.")
    follow(phone, ended.get_by_role("link", name="Ver qué pasó con cada uno"))
    follow(phone, phone.get_by_role("link", name=re.compile("^2-10 ")).first)

    expect(phone.locator(".verdict")).to_contain_text("Limitado")
    expect(phone.locator(".verdict")).to_contain_text("Gobierno, final, al 30 de setiembre de 2017")


def test_what_proves_a_commitment(phone):
    follow(
        phone,
        phone.get_by_role("list", name="Promesas del Plan II").get_by_role("link", name=re.compile("^2-14 ")),
    )

    proofs = phone.get_by_role("region", name="Pruebas: 15 direcciones")
    expect(proofs.get_by_role("link", name=re.compile("^Estrategia Nacional"))).to_be_visible()
    expect(proofs).to_contain_text("Prueba el hito 2-14-1")


def test_what_moved_between_two_reports(phone):
    follow(
        phone,
        phone.get_by_role("list", name="Promesas del Plan II").get_by_role("link", name=re.compile("^2-10 ")),
    )

    way = phone.get_by_role("list").filter(has_text="se promete")
    expect(way).to_contain_text(re.compile(r"No iniciado\s+set\s2016, Gobierno"))
    expect(way).to_contain_text(re.compile(r"Limitado\s+set\s2017, Gobierno"))


# The answer stands above the first fold; and no page is endless. (Address, what it says first, screens.)
PAGES = {
    "home": ("/es/", "De 117 promesas de gobierno abierto, 14 están completas", 8),
    "commitment 2-14": ("/es/compromisos/2-14/", "Gobierno, final, al 30 de setiembre de 2017", 10),
    "commitment 2-1": ("/es/compromisos/2-1/", "No iniciado y atrasado", 10),
    "commitment 5-4": ("/es/compromisos/5-4/", "Ningún informe de aquí lo evalúa.", 10),
    "commitment 1-6": ("/es/compromisos/1-6/", "MRI, avance", 10),
    "entity": ("/es/entidades/sgp/", "SGP respondió por 43 promesas, 5 completas", 12),
    "topic": ("/es/asuntos/datos-abiertos/", "6 promesas en 3 planes, 2 completas", 8),
    "topics": ("/es/asuntos/", "23 asuntos a través de los planes", 8),
}


@pytest.mark.parametrize(("path", "answer", "screens"), PAGES.values(), ids=PAGES)
def test_answer_stands_on_the_first_screen_and_the_page_has_an_end(page, path, answer, screens):
    page.set_viewport_size({"width": 360, "height": SCREEN})
    page.goto(path)

    found = (
        page.get_by_role("main").get_by_text(re.compile(r"\s+".join(map(re.escape, answer.split())))).first
    )
    box = found.bounding_box()
    assert box["y"] + box["height"] <= SCREEN
    assert page.evaluate("document.documentElement.scrollHeight") <= screens * SCREEN


@pytest.mark.parametrize(
    "path", ["/es/", "/es/compromisos/2-1/", "/es/entidades/sgp/", "/es/asuntos/datos-abiertos/"]
)
def test_text_of_twice_the_size_needs_no_scrolling_to_the_side(page, path):
    page.set_viewport_size({"width": 360, "height": SCREEN})
    page.goto(path)
    page.evaluate("document.documentElement.style.fontSize = '200%'")

    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_name_of_a_square_is_read_below_the_picture_without_anything_jumping(page):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/es/")
    picture = page.get_by_role("figure")
    height = picture.bounding_box()["height"]

    page.get_by_role("list", name="Promesas del Plan II").get_by_role(
        "link", name=re.compile("^2-1 ")
    ).hover()

    tip = page.locator(".tip").filter(has_text=re.compile("^2-1 "))
    box = tip.bounding_box()
    assert box["width"] > 300 and box["height"] > 20
    assert picture.bounding_box()["height"] == height


def test_present_place_is_seen_in_forced_colours(page):
    page.emulate_media(forced_colors="active")
    page.goto("/es/compromisos/")

    here = page.get_by_role("navigation", name="Secciones principales").locator("[aria-current]")
    other = page.get_by_role("navigation", name="Secciones principales").get_by_role("link", name="Planes")
    colour = "element => getComputedStyle(element).borderBottomColor"
    assert here.evaluate(colour) != other.evaluate(colour)
