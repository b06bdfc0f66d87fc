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


def test_home_draws_each_plan_and_says_the_same_as_a_table(page):
    page.goto("/es/")

    bar = page.get_by_role("img", name=re.compile(r"^Plan II: Gobierno, final"))
    expect(bar).to_have_accessible_description("No iniciado: 3; Limitado: 1; Sustancial: 2; Completo: 11")
    expect(page.get_by_role("img", name="Plan V, sin informe en este registro")).to_be_visible()
    page.get_by_text("Lo mismo en un cuadro").click()
    row = page.get_by_role("row", name=re.compile(r"^Plan II: Gobierno, final"))
    expect(row.get_by_role("cell").nth(3)).to_have_text("11")
    expect(page.get_by_role("row", name=re.compile("^Plan V ")).get_by_role("cell").nth(3)).to_have_text("–")


def test_plan_sets_its_reports_side_by_side_and_its_themes_against_the_levels(page):
    page.goto("/es/planes/2/")

    completion = page.get_by_role("region", name="Cumplimiento según cada informe")
    cells = completion.get_by_role("row", name=re.compile("^Completo ")).first.get_by_role("cell")
    expect(cells.nth(0)).to_contain_text("5 (29,4")
    expect(cells.nth(1)).to_contain_text("11 (64,7")
    theme = completion.get_by_role("row", name=re.compile("^Participación Ciudadana ")).last
    expect(theme.get_by_role("cell")).to_have_text(["1", "1", "0", "2", "4 de 4"])


def test_plan_draws_its_milestones_with_the_line_of_the_day_and_the_same_as_a_table(page):
    page.goto("/es/planes/5/")

    drawing = page.get_by_role("img", name="Los hitos por semestre")
    expect(drawing.locator("rect.bar")).to_have_count(47)
    page.get_by_role("region", name="Hitos", exact=True).get_by_text("Lo mismo en un cuadro").click()
    table = page.get_by_role("region", name="Los hitos por semestre, en un cuadro")
    expect(table.get_by_role("row")).to_have_count(48)


def test_explorer_takes_filters_away_and_gives_the_same_rows_as_a_file(page):
    page.goto("/es/compromisos/?plan=2&level=complete")
    expect(page.get_by_role("heading", level=2)).to_have_text("11 de 117 compromisos")

    link = page.get_by_role("link", name="CSV", exact=True).get_attribute("href")
    rows = list(csv.DictReader(io.StringIO(page.request.get(link).text())))
    assert len(rows) == 11
    follow(page, page.get_by_role("list", name="Filtros en uso").get_by_role("link").first)
    expect(page.get_by_role("heading", level=2)).to_have_text("14 de 117 compromisos")


def test_explorer_without_results_says_what_to_loosen(page):
    page.goto("/es/compromisos/?plan=2&level=withdrawn")

    expect(page.get_by_role("heading", level=2)).to_have_text("0 de 117 compromisos")
    follow(page, page.get_by_role("link", name=re.compile("Sin «Plan: Plan II»")))
    expect(page.get_by_role("heading", level=2)).to_have_text("2 de 117 compromisos")


def test_commitment_answers_first_how_many_days_it_is_late_by_both_clocks(page):
    page.goto("/es/compromisos/2-1/")

    answer = page.get_by_role("region", name="En breve")
    expect(answer).to_contain_text("Al 30 de setiembre de 2017, 273 días después, el Gobierno")
    expect(answer).to_contain_text("el atraso era de 92 días")


def test_milestone_of_which_only_a_report_gives_an_end_is_due_then(page):
    page.goto("/es/compromisos/2-11/#2-11-3")

    milestone = page.locator("[id='2-11-3']")
    expect(milestone).to_be_in_viewport()
    expect(milestone).to_contain_text("setiembre de 2016 (anunciado después)")
    expect(milestone).to_contain_text("Se completó 31 días después de su plazo")
    expect(milestone).to_contain_text(re.compile(r"Nuevo fin:\s+setiembre de 2016"))


def test_commitment_sets_its_cards_side_by_side_and_tells_a_row_that_a_form_lacks(page):
    page.goto("/es/compromisos/2-9/")

    cells = page.get_by_role("row", name=re.compile("^Próximos pasos ")).get_by_role("cell")
    expect(cells.nth(0)).to_contain_text("(en inglés en el original)")
    expect(cells.nth(1)).to_contain_text("no figura en la ficha de este informe")


def test_report_shows_who_moved_and_its_percentages_as_printed_and_as_computed(page):
    page.goto("/es/informes/2-end-term-self-assessment/")

    matrix = page.get_by_role(
        "region", name="Compromisos según su nivel anterior (filas) y en este informe (columnas)"
    )
    moved = matrix.get_by_role("row", name=re.compile("^Sustancial ")).get_by_role("cell").nth(3)
    expect(moved.get_by_role("link")).to_have_text(["2-2", "2-3", "2-9", "2-11", "2-14"])
    printed = page.get_by_role("row", name=re.compile("^%: Limitado"))
    expect(printed.get_by_role("cell").nth(0)).to_have_text("5.8")
    expect(printed.get_by_role("cell").nth(1)).to_have_text(re.compile("^5,9.%$"))
    expect(printed.get_by_role("cell").nth(2)).to_have_text("la impresa es menor en 0,1")


def test_report_that_is_held_in_part_gives_counts_and_no_percentages(page):
    page.goto("/es/informes/3-irm-implementation-report/")

    totals = page.get_by_role("region", name="Totales")
    expect(totals).to_contain_text("3 de 18")
    expect(totals.locator(".percent")).to_have_count(0)
    declared = page.get_by_role("row", name=re.compile("^Compromisos completados"))
    expect(declared).to_contain_text("no comparable: este registro tiene 3 de 18")


def test_entity_tells_its_milestones_with_n_of_n_and_the_plans_covered(page):
    page.goto("/es/entidades/minsa/")

    milestones = page.get_by_role("region", name="Sus hitos y si están atrasados")
    expect(milestones).to_contain_text(re.compile(r"3 de 3\s+con plazo vencido, y nadie ha informado"))
    expect(milestones).to_contain_text("Este registro solo tiene hitos de estos planes: plan II, plan V.")
    follow(page, milestones.get_by_role("link", name="Ver el seguimiento"))
    expect(page.get_by_role("list", name="Filtros en uso")).to_contain_text("Ministerio de Salud")


def test_board_reads_the_record_of_another_day(page):
    page.goto("/es/seguimiento/?as_of=2017-01-31&by=commitment")

    expect(page.get_by_role("region", name="Por compromiso")).to_be_visible()
    expect(page.get_by_text("al 31 de enero de 2017").first).to_be_visible()
    # On that day plan V had not begun: none of its milestones was due.
    expect(page.get_by_text(re.compile("Plan V: ya venció"))).to_have_count(0)


@pytest.mark.parametrize("path", ["/es/", "/es/compromisos/2-10/", "/es/seguimiento/?plan=5"])
def test_error_is_reported_by_a_mail_with_the_page_and_the_day_filled_in(page, site, path):
    page.goto(path)

    mail = page.get_by_role("link", name="Reportar un error en esta página").get_attribute("href")
    assert mail.startswith("mailto:gestionpublica@pcm.gob.pe?subject=")
    assert re.search(rf"Página: {re.escape(site + path)}\nDía: \d{{4}}-\d\d-\d\d\n", unquote(mail))
