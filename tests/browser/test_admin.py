"""The admin in a real browser, under the content security policy of the settings."""

import pytest
from django.conf import settings
from django.contrib import admin
from django.urls import reverse

from commitments.models import Commitment, Milestone
from faces.admin import ImportExport
from tests.admin_pages import address
from tests.browser.site import violations
from tests.browser.staff import follow, let_in, listen
from tests.factories import (
    make_assessment,
    make_commitment,
    make_evidence,
    make_listing,
    make_milestone,
    make_recommendation,
    make_report,
    make_responsibility,
    make_section,
    make_term,
    make_update,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def staff_page(page, live_server, admin_user):
    """A page logged in, with `complaints`: all that the browser reports of it."""
    return let_in(listen(page), admin_user, live_server.url)


def rows():
    """Make a row of each kind, related to each other."""
    report = make_report()
    commitment = make_commitment(plan=report.plan)
    make_responsibility(commitment=commitment)
    milestone = make_milestone(commitment=commitment)
    update = make_update(milestone=milestone)
    return [
        commitment,
        milestone,
        update,
        report,
        report.plan,
        make_assessment(report=report, commitment=commitment),
        make_evidence(update=update),
        make_listing(report=report).work,
        make_recommendation(report=report),
        make_section(report=report),
        make_term(),
    ]


def test_browser_finds_nothing_to_complain_of(staff_page, live_server):
    assert settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["default-src"] == ["'self'"]
    pages = [reverse("admin:index")]
    for row in rows():
        pages += [
            address(type(row), "changelist"),
            address(type(row), "add"),
            address(row, "change"),
            address(row, "history"),
        ]
        if isinstance(admin.site._registry[type(row)], ImportExport):
            pages += [address(type(row), "import"), address(type(row), "export")]

    for path in pages:
        assert staff_page.goto(f"{live_server.url}{path}").status == 200

    assert staff_page.complaints == []


def test_preview_of_an_import_gives_no_complaint(staff_page, live_server, tmp_path):
    milestone = make_milestone()
    file = tmp_path / "rows.csv"
    file.write_text(
        f"commitment,number,activity_es\n{milestone.commitment.code},{milestone.number},Otra actividad\n"
    )
    staff_page.goto(f"{live_server.url}{address(Milestone, 'import')}")

    staff_page.set_input_files("[name=import_file]", file)
    staff_page.fill("[name=change_reason]", "Errata de imprenta")
    follow(staff_page, ".submit-row [type=submit]")
    assert staff_page.locator(".outcomes ins").count()
    follow(staff_page, "[name=confirm]")
    assert staff_page.locator(".successnote").count() == 1

    assert staff_page.complaints == []
    milestone.refresh_from_db()
    assert milestone.activity_es == "Otra actividad"


def test_lines_are_added_and_rows_chosen_by_searching(staff_page, live_server):
    report = make_report()
    commitment = make_commitment(plan=report.plan, title_es="Datos abiertos de educación", title_en="")
    make_commitment(plan=report.plan)
    staff_page.goto(f"{live_server.url}{address(report, 'change')}")

    staff_page.click("#assessments-group .add-row a")
    staff_page.click("#assessments-0 .field-commitment .select2-selection")
    staff_page.keyboard.type("educacion")
    staff_page.click(".select2-results__option:has-text('Datos abiertos')")
    staff_page.select_option("#id_assessments-0-level", "limited")
    staff_page.fill("#id_assessments-0-place", "p. 3")
    follow(staff_page, "[name=_save]")
    assert staff_page.locator(".messagelist .success").count() == 1

    assert commitment.assessments.get().level == "limited"
    assert staff_page.complaints == []


@pytest.mark.parametrize("code", ["es", "en"])
def test_page_of_what_is_missing_is_accessible_and_fits_every_screen(
    staff_page, live_server, admin_user, code
):
    rows()
    let_in(staff_page, admin_user, live_server.url, language=code)
    staff_page.goto(f"{live_server.url}{reverse('admin-missing')}")
    title = {"es": "Qué falta", "en": "What is missing"}[code]

    assert staff_page.get_attribute("html", "lang") == code
    assert staff_page.inner_text("#content h1") == title
    for width in (1280, 360):
        staff_page.set_viewport_size({"width": width, "height": 800})
        assert staff_page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(staff_page, preload=False) == []
    assert staff_page.complaints == []


def test_staff_gets_from_the_start_to_the_rows_that_lack_something(staff_page, live_server):
    milestone = make_milestone(ends_on=None)
    staff_page.goto(f"{live_server.url}{reverse('admin:index')}")

    follow(staff_page, f"#all a[href='{reverse('admin-missing')}']")
    follow(staff_page, "a[href$='missing=end']")

    assert staff_page.inner_text("#result_list .field-code") == milestone.code
    assert staff_page.complaints == []


def test_language_is_switched_by_a_click(staff_page, live_server):
    staff_page.goto(f"{live_server.url}{address(Commitment, 'changelist')}")

    for code in ("en", "es"):
        follow(staff_page, f"form.languages button[value={code}]")
        assert staff_page.get_attribute("html", "lang") == code

    assert staff_page.url.endswith(address(Commitment, "changelist"))
    assert staff_page.complaints == []


def test_forms_do_not_scroll_sideways_and_axe_finds_nothing_in_their_tables(staff_page, live_server):
    found = {}
    for row in rows():
        staff_page.goto(f"{live_server.url}{address(row, 'change')}")
        for width in (1280, 390):
            staff_page.set_viewport_size({"width": width, "height": 800})
            if staff_page.evaluate("document.documentElement.scrollWidth") > width:
                found[row, width] = "too wide"
        if staff_page.locator(".tabular").count():
            # What is written of a list to search in is select2's, which names it by what stands in it.
            rules = {"aria-input-field-name": {"enabled": False}}
            found[row] = violations(staff_page, preload=False, rules=rules)

    assert {key: wrong for key, wrong in found.items() if wrong} == {}
    assert len(found) > 3


def test_languages_stand_side_by_side_on_a_wide_screen(staff_page, live_server):
    staff_page.set_viewport_size({"width": 1280, "height": 800})
    staff_page.goto(f"{live_server.url}{address(make_commitment(), 'change')}")

    spanish, english = (box.bounding_box() for box in staff_page.query_selector_all("fieldset.language")[:2])

    assert spanish["y"] == english["y"]
    assert spanish["x"] + spanish["width"] <= english["x"]


@pytest.mark.parametrize("width", [390, 1280])
def test_no_column_of_a_list_is_cut_off(staff_page, live_server, width):
    make_evidence(update=make_update(text_es="Se aprobó la directiva y se publicó en el portal. " * 3))
    staff_page.set_viewport_size({"width": width, "height": 900})
    for name in ("commitments_update", "commitments_evidence", "auth_user"):
        staff_page.goto(f"{live_server.url}{reverse(f'admin:{name}_changelist')}")
        results = staff_page.locator("#changelist-form .results")
        room, needed = results.evaluate("list => [list.clientWidth, list.scrollWidth]")
        assert needed <= room, name
