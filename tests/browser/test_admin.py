"""The admin in a real browser, under the content security policy of the settings."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib import admin
from django.urls import reverse

from commitments.models import Commitment, Milestone
from faces.admin import ImportExport
from tests.admin_pages import address
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
def staff_page(page, live_server, client, admin_user):
    """A page logged in, with `complaints`: all that the browser reports of it."""
    client.force_login(admin_user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(f"{page.url}: {error}"))
    page.on(
        "console",
        lambda message: (
            message.type in ("error", "warning")
            and "favicon" not in message.location.get("url", "")
            and page.complaints.append(f"{page.url}: {message.text}")
        ),
    )
    return page


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
    staff_page.click(".submit-row [type=submit]")
    staff_page.wait_for_selector("table.import-preview ins")
    staff_page.click("[name=confirm]")
    staff_page.wait_for_selector(".messagelist .success")

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
    staff_page.click("[name=_save]")
    staff_page.wait_for_selector(".messagelist .success")

    assert commitment.assessments.get().level == "limited"
    assert staff_page.complaints == []


@pytest.mark.parametrize("code", ["es", "en"])
def test_page_of_what_is_missing_is_accessible_and_fits_every_screen(staff_page, live_server, code):
    rows()
    staff_page.set_extra_http_headers({"Accept-Language": code})
    staff_page.goto(f"{live_server.url}{reverse('admin-missing')}")
    title = {"es": "Qué falta", "en": "What is missing"}[code]

    assert staff_page.get_attribute("html", "lang") == code
    assert staff_page.inner_text("#content h1") == title
    for width in (1280, 360):
        staff_page.set_viewport_size({"width": width, "height": 800})
        assert staff_page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(staff_page) == []
    assert staff_page.complaints == []


def violations(page):
    """Return what axe finds in a page: rules, each with the first places that break it."""
    found = Axe().run(page).response["violations"]
    return [(rule["id"], [node["html"] for node in rule["nodes"]][:3]) for rule in found]


def test_staff_gets_from_the_start_to_the_rows_that_lack_something(staff_page, live_server):
    milestone = make_milestone(ends_on=None)
    staff_page.goto(f"{live_server.url}{reverse('admin:index')}")

    staff_page.click(f"a[href='{reverse('admin-missing')}']")
    staff_page.click("a[href$='missing=end']")

    assert staff_page.inner_text("#result_list .field-code") == milestone.code
    assert staff_page.complaints == []


def test_language_is_switched_by_a_click(staff_page, live_server):
    staff_page.goto(f"{live_server.url}{address(Commitment, 'changelist')}")

    for code in ("en", "es"):
        staff_page.click(f"form.languages button[value={code}]")
        staff_page.wait_for_load_state()
        assert staff_page.get_attribute("html", "lang") == code

    assert staff_page.url.endswith(address(Commitment, "changelist"))
    assert staff_page.complaints == []


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_do_not_scroll_sideways(staff_page, live_server, width):
    staff_page.set_viewport_size({"width": width, "height": 800})
    paths = [reverse("admin:index"), *(address(row, "change") for row in rows())]

    wide = []
    for path in paths:
        staff_page.goto(f"{live_server.url}{path}")
        if staff_page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(path)

    assert wide == []


def test_languages_stand_side_by_side_on_a_wide_screen(staff_page, live_server):
    staff_page.set_viewport_size({"width": 1280, "height": 800})
    staff_page.goto(f"{live_server.url}{address(make_commitment(), 'change')}")

    spanish, english = (box.bounding_box() for box in staff_page.query_selector_all("fieldset.language")[:2])

    assert spanish["y"] == english["y"]
    assert spanish["x"] + spanish["width"] <= english["x"]
