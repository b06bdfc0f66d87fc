"""A new plan in a real browser: from the form that starts it, by two templates, to the public page.

The plan is started there, or was published before, when its number of commitments alone was known.
"""

from datetime import date

import openpyxl
import pytest

from commitments.models import Commitment, Milestone, MilestoneResponsible, Responsibility
from plans.models import Plan
from record.publication import Status
from tests import factories
from tests.browser.staff import check, follow, let_in, listen

pytestmark = pytest.mark.django_db(transaction=True)

COMMITMENTS, MILESTONES = 11, 40
# From the page with the template to the page that the public reads.
MOST_PAGES = 12
START = {
    "number": "6",
    "title_es": "Plan de Acción de Gobierno Abierto 2026-2027",
    "norm_number": "001-2026-PCM",
    "norm_on": "2026-01-15",
    "place": "Artículo 1",
    "period": "2026-2027",
    "starts_on": "2026-01-01",
    "ends_on": "2027-12-31",
}
BUTTON = "#content-main input[type=submit]"


@pytest.fixture
def window(browser, live_server):
    """Return a function that opens a page for somebody, or for a reader, in Spanish."""
    contexts = []

    def sign_in(user):
        context = browser.new_context(
            viewport={"width": 1280, "height": 800}, locale="es-PE", base_url=live_server.url
        )
        contexts.append(context)
        page = listen(context.new_page())
        return let_in(page, user, live_server.url) if user else page

    yield sign_in
    for context in contexts:
        context.close()


def fill_in(page, resource, path, rows):
    """Download the template of the plan and fill in some rows, dicts by head, below its heads."""
    with page.expect_download() as started:
        page.click(f"a[href$='what={resource}&of=6']")
    started.value.save_as(path)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    heads = {cell.value: cell.column for cell in sheet[1]}
    for place, row in enumerate(rows, 2):
        for head, value in row.items():
            sheet.cell(place, heads[head]).value = value
    book.save(path)


def hand_in(page, path):
    """Hand a file in and confirm what becomes of it."""
    page.set_input_files("[name=import_file]", path)
    follow(page, "#content-main .submit-row [type=submit]")
    check(page)
    assert page.locator(".outcomes > .refused").count() == 0
    follow(page, "[name=confirm]")
    check(page)
    assert page.locator(".successnote").count() == 1


def commitments(source):
    return [
        {
            "Plan": 6,
            "Título en español": f"Compromiso {number}",
            "Entidades que lideran": "PCM",
            "Inicio": "01/01/2026",
            "Fin": "31/12/2027",
            "Documento fuente": source,
            "Lugar en el documento": "Anexo",
        }
        for number in range(1, COMMITMENTS + 1)
    ]


def milestones(source):
    return [
        {
            "Compromiso": f"6-{place % COMMITMENTS + 1}",
            "Actividad en español": f"Hito {place + 1}",
            "Entidades responsables": "PCM",
            "Inicio previsto": "01/01/2026",
            "Fin previsto": "31/12/2027",
            "Documento fuente": source,
            "Lugar en el documento": "Anexo",
        }
        for place in range(MILESTONES)
    ]


def started(page):
    """Start plan 6 by the form; return its document, the norm that the form made."""
    page.goto("/admin/")
    check(page)
    follow(page, "a[href='/admin/plan/nuevo/']")
    check(page)
    page.select_option("[name=norm_kind]", "decreto-supremo")
    for name, value in START.items():
        page.fill(f"[name={name}]", value)
    follow(page, BUTTON)
    check(page)
    return Plan.objects.get(number=6).document


def gone_on_with(page):
    """Go on with plan 6, which was published when nobody held its commitments; return its document."""
    plan = factories.make_plan(
        number=6,
        title_es=START["title_es"],
        starts_on=date.fromisoformat(START["starts_on"]),
        ends_on=date.fromisoformat(START["ends_on"]),
    )
    factories.make_declared_figure(
        plan=plan, report=None, measure="commitments", value=COMMITMENTS, as_printed=str(COMMITMENTS)
    )
    page.goto("/admin/")
    check(page)
    follow(page, "#making a.button[href='/admin/plan/6/']")
    check(page)
    return plan.document


@pytest.mark.parametrize(
    ("begin", "reads_before"), [(started, 404), (gone_on_with, 200)], ids=["a new one", "a public one"]
)
def test_a_plan_of_eleven_commitments_goes_public_in_twelve_pages(window, tmp_path, begin, reads_before):
    factories.make_entity(acronym="PCM")
    page = window(factories.make_editor(first_name="Edita"))
    source = begin(page).slug
    assert window(None).request.get("/es/planes/6/").status == reads_before

    page.opened.clear()
    follow(page, "a[href='/admin/commitments/commitment/import/']")
    check(page)
    fill_in(page, "CommitmentResource", tmp_path / "compromisos.xlsx", commitments(source))
    hand_in(page, tmp_path / "compromisos.xlsx")
    page.goto("/admin/commitments/milestone/import/")
    check(page)
    fill_in(page, "MilestoneResource", tmp_path / "hitos.xlsx", milestones(source))
    hand_in(page, tmp_path / "hitos.xlsx")
    page.goto("/admin/plan/6/")
    check(page)
    assert page.locator("#drafts tbody tr").count() == COMMITMENTS
    follow(page, "a[href='/admin/vista-previa/6/es/planes/6/']")
    page.wait_for_selector("aside.preview")
    assert page.locator("a[href='/admin/vista-previa/6/es/compromisos/6-11/']").count() >= 1

    publisher = window(factories.make_publisher(first_name="Publica"))
    publisher.goto("/admin/")
    check(publisher)
    follow(publisher, "#making a.button")
    check(publisher)
    publisher.check("[name=confirmed]")
    publisher.fill("[name=reason]", "Se aprobó el plan por decreto supremo")
    follow(publisher, BUTTON)
    check(publisher)

    reader = window(None)
    reader.goto("/es/planes/6/")
    assert reader.locator("aside.preview").count() == 0
    pages = [*page.opened, *publisher.opened, *reader.opened]
    assert len(pages) <= MOST_PAGES, pages
    assert Commitment.objects.published().count() == COMMITMENTS
    assert Milestone.objects.published().count() == MILESTONES
    assert Responsibility.objects.count() == COMMITMENTS
    assert MilestoneResponsible.objects.count() == MILESTONES
    assert Plan.objects.get(number=6).status == Status.PUBLISHED
