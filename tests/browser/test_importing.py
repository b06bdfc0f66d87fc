"""A sheet of milestones on the real record: from the template, with ten faults, mended by its remarks."""

from datetime import date

import openpyxl
import pytest
from django.urls import reverse

from commitments.models import Milestone
from tests.browser.staff import check, follow, let_in, listen
from tests.factories import make_publisher

pytestmark = pytest.mark.django_db(transaction=True)

REASON = "Hitos que faltaban en la transcripción"
# What is wrong in a row: in which column, what stands there, and what is said of it.
FAULTS = [
    ("Compromiso", "5-99", "Compromiso: No existe compromiso «5-99»"),
    ("Compromiso", date(2026, 10, 5), "Compromiso: La hoja de cálculo lo convirtió en una fecha"),
    ("Compromiso", None, "Compromiso: Esta celda identifica la fila"),
    ("Fin previsto", "31/02/2024", "Fin previsto: «31/02/2024» no es una fecha"),
    ("Fin previsto", "31/12/24", "Fin previsto: «31/12/24» no es una fecha"),
    ("Inicio previsto", "2026-01-01", "El inicio es posterior al fin"),
    ("Documento fuente", "no-existe", "Documento fuente: No existe"),
    ("Documento fuente", None, "Documento fuente: Falta"),
    ("Actividad en español", None, "Un hito necesita su actividad"),
    ("Actividad en español", "Llame al tel. 2345678", "Actividad en español: "),
]


def whole(number):
    return {
        "Compromiso": "5-8",
        "Actividad en español": f"Actividad que faltaba, la número {number}",
        "Inicio previsto": date(2024, 1, 1),
        "Fin previsto": date(2024, 12, 31),
        "Documento fuente": "v-plan-2023-2024",
        "Lugar en el documento": "p. 60",
    }


def heads_of(sheet):
    return {cell.value: cell.column for cell in sheet[1]}


def write(sheet, row, cells):
    for head, value in cells.items():
        sheet.cell(row, heads_of(sheet)[head]).value = value


@pytest.fixture
def page(browser, own_site):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="es-PE", base_url=own_site)
    yield let_in(listen(context.new_page()), make_publisher(), own_site)
    context.close()


def take(page, target, path):
    """Download what a link leads to; return the workbook."""
    with page.expect_download() as started:
        page.locator(target).first.click()
    started.value.save_as(path)
    return openpyxl.load_workbook(path)


def hand_in(page, path):
    page.set_input_files("[name=import_file]", path)
    page.fill("[name=change_reason]", REASON)
    follow(page, "#content-main .submit-row [type=submit]")
    check(page)


def test_a_sheet_with_ten_faults_is_mended_by_what_stands_beside_them(page, tmp_path):
    before = Milestone.objects.count()
    page.goto(reverse("admin:commitments_milestone_import"))
    check(page)

    # The template of the plan has its milestones; below them stand new ones.
    book = take(page, "a[href*='what=MilestoneResource&of=5']", tmp_path / "plantilla.xlsx")
    sheet = book.worksheets[0]
    first = sheet.max_row + 1
    for place, (head, value, _said) in enumerate(FAULTS):
        write(sheet, first + place, whole(place) | {head: value})
    write(sheet, first + len(FAULTS), whole(len(FAULTS)))
    book.save(tmp_path / "hitos.xlsx")
    hand_in(page, tmp_path / "hitos.xlsx")

    assert page.locator(".outcomes > .refused").count() == 10
    assert page.locator("[name=confirm]").count() == 0
    mended = take(page, "a[href*=observations]", tmp_path / "observaciones.xlsx")
    sheet = mended.worksheets[0]
    remarks = heads_of(sheet)["Observación"]
    rows = [row for row in range(2, sheet.max_row + 1) if sheet.cell(row, remarks).value]
    assert len(rows) == 10
    for place, row in enumerate(rows):
        assert FAULTS[place][2] in sheet.cell(row, remarks).value
        write(sheet, row, whole(place))
    mended.save(tmp_path / "corregida.xlsx")
    follow(page, "[name=drop]")
    hand_in(page, tmp_path / "corregida.xlsx")

    assert page.locator(".outcomes > .new").count() == 11
    assert page.locator(".outcomes > .refused, .outcomes > .changed").count() == 0
    assert "31 de diciembre de 2024" in page.inner_text(".outcomes")
    follow(page, "[name=confirm]")
    check(page)
    assert page.locator(".successnote").count() == 1
    assert Milestone.objects.count() == before + 11
    # Handed in again it changes nothing.
    page.goto(reverse("admin:commitments_milestone_import"))
    hand_in(page, tmp_path / "corregida.xlsx")
    assert page.locator("[name=confirm]").count() == 0
    assert Milestone.objects.count() == before + 11
    assert page.complaints == []
