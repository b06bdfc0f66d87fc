"""A report of thirteen cards in a real browser, from its opening to the public, at a desk and in Spanish."""

from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse

from commitments.models import Assessment
from plans.models import Report
from record.models import Entry
from tests.browser.staff import follow
from tests.factories import (
    make_assessment,
    make_commitment,
    make_editor,
    make_entity,
    make_focal_point,
    make_milestone,
    make_plan,
    make_publisher,
    make_report,
    make_responsibility,
    make_update,
)

pytestmark = pytest.mark.django_db(transaction=True)

WIDTH = 1280
CARDS = 13
ROWS = ["responsible", "problem", "objective", "description", "results", "delay_reason", "next_steps"]
# What each card says in the end; the second is with a focal point first.
LEVELS = ["complete", "limited", "substantial", "not_started"]


@pytest.fixture
def entity():
    return make_entity(slug="minam", acronym="MINAM", name_es="Ministerio del Ambiente")


@pytest.fixture
def plan(entity):
    """A plan of thirteen commitments, half-way: a report before, milestones, and what was said of them."""
    plan = make_plan(number=6, starts_on=date(2024, 1, 1), ends_on=date(2025, 12, 31))
    before = make_report(plan=plan, cutoff_on=date(2024, 6, 30), card_form=ROWS, stage="progress")
    for number in range(1, CARDS + 1):
        commitment = make_commitment(plan=plan, number=number, title_es=f"Publicar los datos {number}")
        make_responsibility(commitment=commitment, entity=entity)
        make_assessment(report=before, commitment=commitment, level="limited", level_as_printed="Limitado")
        for step in (1, 2):
            milestone = make_milestone(commitment=commitment, number=step, ends_on=date(2024, 12, 31))
            says = {"as_of": date(2024, 12, 20), "text_es": f"Se hizo el paso {step}"}
            says["status"] = "complete" if step == 1 else "in_progress"
            make_update(milestone=milestone, number=1, **says)
    return plan


@pytest.fixture
def people(entity):
    names = {"first_name": "Persona", "last_name": "de prueba"}
    return {
        "editor": make_editor(username="edita", **names),
        "publisher": make_publisher(username="publica", **names),
        "focal": make_focal_point(entity, username="punto-focal", **names),
    }


@pytest.fixture
def desk(page, live_server, client, people):
    """Return what lets somebody in, in Spanish; `page.complaints` has all that the browser reports."""
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on(
        "console",
        lambda message: (
            message.type in ("error", "warning")
            and "favicon" not in message.location.get("url", "")
            and page.complaints.append(message.text)
        ),
    )
    page.set_viewport_size({"width": WIDTH, "height": 900})

    def sign_in(name):
        client.force_login(people[name])
        cookies = {
            settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value,
            settings.LANGUAGE_COOKIE_NAME: "es",
        }
        page.context.add_cookies(
            [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
        )
        page.goto(f"{live_server.url}{reverse('admin:index')}")
        return page

    return sign_in


def look_at(page, context="#content"):
    """Assert that nothing is wider than the window, nor lost on who cannot see it."""
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH
    assert page.get_attribute("html", "lang") == "es"
    # The tool itself is not let through by the policy of the pages.
    complaints = list(page.complaints)
    found = Axe().run(page, context=context).response["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []
    page.complaints[:] = complaints


def open_report(page, plan):
    follow(page, f"#reports a[href='{reverse('cards:open')}']")
    look_at(page)
    page.select_option("[name=plan]", str(plan.number))
    page.select_option("[name=author]", "government")
    follow(page, ".report .default")
    look_at(page)
    page.select_option("[name=stage]", "mid_term")
    page.fill("[name=cutoff_on]", "2024-12-31")
    page.fill("[name=cutoff_as_printed]", "31 de diciembre de 2024")
    page.fill("[name=title_es]", "Informe de medio término del plan de prueba")
    page.select_option("[name=letter_kind]", "informe")
    page.fill("[name=letter_number]", "001-2025-SGP")
    page.fill("[name=letter_on]", "2025-01-20")
    follow(page, ".report .default")
    page.wait_for_selector(".messagelist .success")
    return Report.objects.get(status="draft")


def write_card(page, number, close=True):
    """Write the card whose page is open; the next one opens then."""
    level = LEVELS[(number - 1) % len(LEVELS)]
    page.select_option("[name=level]", level)
    if level == "not_started":
        page.fill("[name=delay_reason]", "Faltó presupuesto")
    follow(page, "[name=_close]" if close else "[name=_next]")
    page.wait_for_selector(".messagelist .success")


def test_report_of_thirteen_cards_from_opening_to_public(desk, live_server, plan):
    page = desk("editor")
    look_at(page)
    report = open_report(page, plan)
    look_at(page)
    board = f"{live_server.url}{reverse('cards:board', args=[report.slug])}"
    assert page.url == board
    assert page.locator(".table tbody tr").count() == CARDS

    # The texts of the second card are given to whoever leads it.
    follow(page, "#c-6-2 th a")
    follow(page, "[name=give]")
    page.wait_for_selector(".messagelist .success")
    look_at(page)

    # The others are written one after another.
    follow(page, "#c-6-1 th a")
    look_at(page)
    assert "Se hizo el paso 1" in page.input_value("[name=results]")
    for number in (1, *range(3, CARDS + 1)):
        assert page.url.endswith(f"/6-{number}/")
        write_card(page, number)
    assert page.url == board
    look_at(page)
    assert page.locator("td.state-ready").count() == CARDS - 1

    page = desk("focal")
    look_at(page)
    follow(page, "#cards .button")
    look_at(page)
    assert page.locator("[name=level]").count() == 0
    page.fill("[name=results]", "Lo que cuenta quien lo hizo")
    follow(page, "[name=_give_back]")
    page.wait_for_selector(".messagelist .success")

    page = desk("editor")
    page.goto(board)
    look_at(page)
    follow(page, "#c-6-2 th a")
    assert page.input_value("[name=results]") == "Lo que cuenta quien lo hizo"
    write_card(page, 2)
    # One that was closed is opened again, written and closed.
    follow(page, "#c-6-3 [name=reopen]")
    page.wait_for_selector(".messagelist .success")
    follow(page, "#c-6-3 th a")
    write_card(page, 3)

    page = desk("publisher")
    follow(page, "#reports .lines a")
    follow(page, f"a[href='{reverse('cards:publish', args=[report.slug])}']")
    look_at(page)
    # Complete cards have a milestone that is not: this is warned of, and confirmed.
    page.check("[name=confirmed]")
    page.fill("[name=reason]", "Se publica el informe de medio término")
    follow(page, ".report .default")
    page.wait_for_selector(".messagelist .success")
    look_at(page)
    assert page.complaints == []

    report.refresh_from_db()
    assert report.is_public and report.document.status == "published"
    assert Assessment.objects.published().filter(report=report).count() == CARDS
    assert Entry.objects.filter(act="publish").count() == 1
    page.goto(f"{live_server.url}{reverse('plans:report-detail', args=[report.slug])}")
    assert "Informe de medio término" in page.inner_text("main")
    page.goto(f"{live_server.url}/es/compromisos/6-2/")
    page.click("text=Las fichas enteras, lado a lado")
    assert "Lo que cuenta quien lo hizo" in page.inner_text("main")
    assert page.complaints == []
