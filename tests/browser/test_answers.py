"""What each page answers, read on the real record in a real browser as its reader finds it."""

import csv
import io
import re
from urllib.parse import unquote

import pytest
from playwright.sync_api import expect

from tests.browser.site import browser_context_args  # noqa: F401
from tests.browser.staff import follow

# Without this mark there would be no test database, and these tests would read and empty the real one.
pytestmark = pytest.mark.django_db


def test_home_draws_each_plan_and_the_list_of_plans_says_it_as_a_table(page):
    page.goto("/es/")

    squares = page.get_by_role("list", name="Promesas del Plan II", exact=True).get_by_role("link")
    expect(squares).to_have_count(17)
    expect(squares.first).to_have_accessible_name(
        re.compile(r"^2-2 Mejora del Portal .*: Completo, Gobierno 2017$")
    )
    expect(squares.last).to_have_accessible_name(re.compile(r": No iniciado, Gobierno 2017$"))
    page.goto("/es/planes/")
    page.locator("details.fold > summary").first.click()
    row = page.get_by_role("row", name=re.compile(r"^Plan II: Gobierno, final"))
    expect(row.get_by_role("cell").nth(3)).to_have_text("11")
    expect(page.get_by_role("row", name=re.compile("^Plan V ")).get_by_role("cell").nth(3)).to_have_text("–")


def test_explorer_takes_filters_away_and_gives_the_same_rows_as_a_file(page):
    page.goto("/es/compromisos/?plan=2&level=complete")
    expect(page.get_by_role("heading", level=1)).to_have_text("11 de 117 compromisos")

    link = page.get_by_role("link", name="CSV", exact=True).get_attribute("href")
    rows = list(csv.DictReader(io.StringIO(page.request.get(link).text())))
    assert len(rows) == 11
    follow(page, page.get_by_role("list", name="Filtros en uso").get_by_role("link").first)
    expect(page.get_by_role("heading", level=1)).to_have_text("14 de 117 compromisos")


def test_explorer_without_results_says_what_to_loosen(page):
    page.goto("/es/compromisos/?plan=2&level=withdrawn")

    expect(page.get_by_role("heading", level=1)).to_have_text("0 de 117 compromisos")
    follow(page, page.get_by_role("link", name=re.compile("Sin «Plan: Plan II»")))
    expect(page.get_by_role("heading", level=1)).to_have_text("2 de 117 compromisos")


def test_commitment_answers_first_how_many_days_it_is_late_by_both_clocks(page):
    page.goto("/es/compromisos/2-1/")

    verdict = page.locator(".verdict")
    expect(verdict).to_contain_text("Al 30 de setiembre de 2017, 273 días después, el Gobierno")
    expect(verdict).to_contain_text("el atraso era de 92 días")


def test_milestone_of_which_only_a_report_gives_an_end_is_due_then(page):
    page.goto("/es/compromisos/2-11/#2-11-3")

    milestone = page.locator("[id='2-11-3']")
    expect(milestone).to_be_in_viewport()
    rest = page.locator("[id='2-11-3'] + .rest")
    rest.locator("summary").click()
    expect(rest).to_contain_text("setiembre de 2016 (anunciado después)")
    expect(rest).to_contain_text("Se completó 31 días después de su plazo")
    expect(rest).to_contain_text(re.compile(r"Nuevo fin:\s+setiembre de 2016"))


def test_address_of_an_update_opens_what_is_folded(page):
    page.goto("/es/compromisos/2-9/#2-9-1-u1")

    expect(page.locator("[id='2-9-1-u1']")).to_be_visible()


def test_commitment_sets_its_cards_side_by_side_and_tells_a_row_that_a_form_lacks(page):
    page.goto("/es/compromisos/2-9/")

    reports = page.get_by_role("region", name="Lo que dice cada informe")
    reports.get_by_text("Las fichas enteras, lado a lado").click()
    row = reports.get_by_role("heading", name="Próximos pasos").locator("xpath=following-sibling::div[1]")
    expect(row.locator("> div").nth(0)).to_contain_text("(en inglés en el original)")
    expect(row.locator("> div").nth(1)).to_contain_text("no figura en la ficha de este informe")


def test_report_shows_who_moved_and_its_percentages_as_printed_and_as_computed(page):
    page.goto("/es/informes/2-end-term-self-assessment/")

    moved = page.get_by_role("region", name="Qué cambió desde el informe anterior")
    expect(moved.get_by_role("link", name=re.compile("^2-2 .*Sustancial.*Completo"))).to_be_visible()
    page.get_by_text("Cifras declaradas").first.click()
    printed = page.get_by_role("row", name=re.compile("^%: Limitado"))
    expect(printed.get_by_role("cell").nth(0)).to_have_text("5.8")
    expect(printed.get_by_role("cell").nth(1)).to_have_text(re.compile("^5,9.%$"))
    expect(printed.get_by_role("cell").nth(2)).to_have_text("la impresa es menor en 0,1")


def test_report_that_is_held_in_part_gives_counts_and_no_percentages(page):
    page.goto("/es/informes/3-irm-implementation-report/")

    expect(page.get_by_role("heading", level=1)).to_contain_text("18")
    expect(page.locator(".percent")).to_have_count(0)
    page.get_by_text("Cifras declaradas").first.click()
    declared = page.get_by_role("row", name=re.compile("^Compromisos completados"))
    expect(declared).to_contain_text("no comparable: aquí hay 3 de 18")


def test_entity_tells_its_milestones_with_n_of_n_and_the_plans_covered(page):
    page.goto("/es/entidades/minsa/")

    expect(page.get_by_role("region", name="Plazo vencido")).to_contain_text(
        re.compile(r"3\s+hitos con plazo vencido, sin noticia desde entonces")
    )
    promises = page.get_by_role("region", name="Todas sus promesas")
    promises.get_by_text("Sus hitos").click()
    expect(promises).to_contain_text(re.compile(r"3 de 3\s+con plazo vencido, y nadie ha informado"))
    expect(promises).to_contain_text("Aquí solo hay hitos de estos planes: plan II, plan V.")
    follow(page, page.get_by_role("link", name="Todos sus hitos, en Plazos"))
    expect(page.get_by_role("list", name="Filtros en uso")).to_contain_text("Ministerio de Salud")


def test_board_reads_the_record_of_another_day(page):
    page.goto("/es/seguimiento/?as_of=2017-01-31&by=commitment")

    expect(page.get_by_text("Todos los hitos, por compromiso")).to_be_visible()
    expect(page.get_by_text("Cómo estaba el 31 de enero de 2017").first).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        re.compile(r"^\d+ hitos con plazo vencido, sin noticia desde entonces")
    )
    # On that day plan V had not begun: none of its milestones was due.
    expect(page.get_by_role("main")).not_to_contain_text("plan V")
    expect(page.get_by_role("link", name=re.compile("^5-"))).to_have_count(0)


@pytest.mark.parametrize("path", ["/es/", "/es/compromisos/2-10/", "/es/seguimiento/?plan=5"])
def test_error_is_reported_by_a_mail_with_the_page_and_the_day_filled_in(page, site, settings, path):
    settings.PORTAL_CONTACT = "portal@entidad.example"
    page.goto(path)

    follow(page, page.get_by_role("contentinfo").get_by_role("link", name="Preguntar o corregir"))
    mail = page.get_by_role("link", name="Abrirlo en mi correo").get_attribute("href")
    assert mail.startswith("mailto:portal@entidad.example?subject=")
    assert re.search(rf"Página: {re.escape(site + path)}\nFecha: \d{{4}}-\d\d-\d\d\n", unquote(mail))
