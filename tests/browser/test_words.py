"""Words, and what cannot be known, on a small phone: found in few loads, short, and read on arrival."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.site import browser_context_args  # noqa: F401
from tests.browser.staff import follow

# Without this mark there would be no test database, and these tests would read and empty the real one.
pytestmark = pytest.mark.django_db

SCREEN = 640


@pytest.fixture
def phone(page):
    page.set_viewport_size({"width": 360, "height": SCREEN})
    return page


def test_what_cannot_be_known_is_found_from_the_start_page(phone):
    phone.goto("/es/")
    follow(phone, phone.get_by_role("main").get_by_role("link", name="Qué no se puede saber aquí"))

    expect(phone.get_by_role("heading", level=1)).to_have_text(
        "3 de los 6 planes no tienen aquí ningún informe que los evalúe"
    )
    reports = phone.get_by_role("row", name=re.compile("^Informes del Gobierno"))
    expect(reports.get_by_role("cell")).to_have_text(["no", "no", "existe", "existe", "sí", "no"])
    expect(phone.get_by_role("columnheader")).to_have_text(
        ["Plan VI", "Plan V", "Plan IV", "Plan III", "Plan II", "Plan I"]
    )


@pytest.mark.parametrize("path", ["/es/metodo/", "/es/glosario/", "/es/acerca/", "/es/datos/"])
def test_page_is_short_and_fits_a_phone_at_twice_the_size(phone, path):
    phone.goto(path)

    heading = phone.get_by_role("heading", level=1).bounding_box()
    assert heading["y"] + heading["height"] <= SCREEN
    assert phone.evaluate("document.documentElement.scrollHeight") <= 10 * SCREEN
    phone.evaluate("document.documentElement.style.fontSize = '200%'")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360


def test_word_that_a_page_leads_to_is_open_on_arrival(phone):
    phone.goto("/es/glosario/#open-data")

    expect(phone.locator("#open-data")).to_be_in_viewport()
    expect(phone.locator("#open-data").get_by_role("definition")).to_be_visible()


def test_place_where_a_rule_stood_before_leads_to_where_it_stands(phone):
    phone.goto("/es/glosario/#method")
    follow(phone, phone.locator("#method").get_by_role("link"))

    late = phone.get_by_role("group").filter(has=phone.get_by_role("heading", name="Atraso"))
    late.locator("summary").click()
    expect(late).to_contain_text("Los días de atraso se cuentan desde el vencimiento")
