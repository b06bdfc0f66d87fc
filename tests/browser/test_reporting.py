"""Reporting in a real browser, on a telephone and on a desk: two pages, eight questions; return, correct."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse

from commitments import actions
from commitments.models import Update
from record.dates import today
from record.publication import Status
from record.writing import writing
from tests.admin_pages import address
from tests.factories import (
    make_entity,
    make_evidence,
    make_focal_point,
    make_milestone,
    make_publisher,
    make_responsibility,
    make_update,
)

pytestmark = pytest.mark.django_db(transaction=True)

WIDTHS = (1280, 390)
# What one fills in, the parts of a letter counted as one.
MOST_QUESTIONS = 8
Workflow = Update.Workflow


@pytest.fixture
def ours():
    commitment = make_responsibility(entity=make_entity()).commitment
    return make_milestone(commitment=commitment, ends_on=today() + timedelta(days=20))


@pytest.fixture
def focal(ours):
    return make_focal_point(ours.commitment.responsibilities.get().entity, username="punto-focal")


@pytest.fixture
def publisher():
    return make_publisher(username="publica")


@pytest.fixture
def sign_in(page, live_server, client):
    """Return what lets somebody in, in Spanish; `page.complaints` has all that the browser reports."""
    page.complaints, page.opened = [], []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on(
        "console",
        lambda message: (
            message.type in ("error", "warning")
            and "favicon" not in message.location.get("url", "")
            and page.complaints.append(message.text)
        ),
    )
    page.on("framenavigated", lambda frame: page.opened.append(frame.url))

    def sign_in(user):
        client.force_login(user)
        cookies = {
            settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value,
            settings.LANGUAGE_COOKIE_NAME: "es",
        }
        page.context.add_cookies(
            [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
        )
        return page

    return sign_in


@pytest.fixture
def open_page(live_server):
    """Return what opens an address: nothing is wider than the window, nor lost on who cannot see it."""

    def open_page(page, path):
        assert page.goto(f"{live_server.url}{path}").ok
        look_at(page)

    return open_page


def look_at(page):
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # The tool itself is not let through by the policy of the pages.
    complaints = list(page.complaints)
    found = Axe().run(page, context="#content").response["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []
    page.complaints[:] = complaints


def questions(page):
    """Return what is asked, by name; a letter, a reason with its new end, link or file, count as one."""
    names = page.locator(".report .question :is(input, select, textarea)").evaluate_all(
        "all => all.filter(each => each.type !== 'hidden').map(each => each.name)"
    )
    as_one = {"letter_kind": "letter", "letter_number": "letter", "letter_on": "letter"}
    as_one |= {"reason_es": "why", "new_end_on": "why", "done_on": "status", "upload": "url"}
    return {as_one.get(name, name) for name in names}


def fill_in(page):
    page.select_option("[name=status]", "complete")
    page.fill("[name=percent]", "100")
    page.fill("[name=text_es]", "Se aprobó la norma")
    page.fill("[name=next_es]", "Se difunde")
    page.fill("[name=url]", "https://www.gob.pe/norma")
    page.select_option("[name=letter_kind]", "oficio")
    page.fill("[name=letter_number]", "012-2026-MINAM")
    page.fill("[name=letter_on]", "2026-02-03")


@pytest.mark.parametrize("width", WIDTHS)
def test_milestone_is_reported_in_two_pages_and_eight_questions(sign_in, open_page, focal, ours, width):
    page = sign_in(focal)
    page.set_viewport_size({"width": width, "height": 800})
    open_page(page, reverse("reporting:report", args=[ours.code]))
    assert len(questions(page)) <= MOST_QUESTIONS

    fill_in(page)
    page.click("[name=_submit]")
    page.wait_for_selector(".messagelist .success")

    assert len(page.opened) == 2
    update = Update.objects.get()
    assert (update.workflow, update.evidence.get().url) == (Workflow.SUBMITTED, "https://www.gob.pe/norma")
    assert page.complaints == []


@pytest.mark.parametrize("width", WIDTHS)
def test_what_is_wrong_or_odd_stands_beside_its_field(sign_in, open_page, focal, ours, width):
    page = sign_in(focal)
    page.set_viewport_size({"width": width, "height": 800})
    open_page(page, reverse("reporting:report", args=[ours.code]))

    page.click("[name=_submit]")
    page.wait_for_selector(".errornote")
    look_at(page)
    page.click(".errornote a[href='#id_text_es']")
    assert page.evaluate("document.activeElement.id") == "id_text_es"
    for error in page.locator(".question .errorlist").all():
        box = error.bounding_box()
        assert box["x"] + box["width"] <= width
    fill_in(page)
    page.fill("[name=percent]", "40")
    page.click("[name=_submit]")
    page.wait_for_selector("#id_percent_error")
    look_at(page)
    page.click("[name=_submit]")
    page.wait_for_selector(".messagelist .success")

    assert Update.objects.get().percent == 40
    assert page.complaints == []


@pytest.mark.parametrize("width", WIDTHS)
def test_report_is_returned_answered_and_published(sign_in, open_page, focal, publisher, ours, width):
    make_update(milestone=ours, text_es="Se empezó")
    with writing(focal, reason="made for a test"):
        draft = make_update(milestone=ours, workflow=Workflow.DRAFT, status="complete", as_of=today())
        make_evidence(update=draft, status=Status.DRAFT)
    actions.submit(focal, draft)
    page = sign_in(publisher)
    page.set_viewport_size({"width": width, "height": 800})

    open_page(page, reverse("reporting:review", args=[draft.code]))
    page.fill("[name=comment]", "Falta el enlace de la norma")
    page.click("text=Devolver a su autor") if page.locator(
        "text=Devolver a su autor"
    ).count() else page.click("form[action*='/return/'] [type=submit]")
    page.wait_for_selector(".messagelist .success")
    sign_in(focal)
    open_page(page, reverse("reporting:draft", args=[draft.code]))
    assert "Falta el enlace de la norma" in page.inner_text("#content")
    page.fill("[name=answer]", "Ahora está el enlace")
    page.fill("[name=url]", "https://www.gob.pe/norma")
    page.click("[name=_submit]")
    page.wait_for_selector(".messagelist .success")
    sign_in(publisher)
    open_page(page, reverse("reporting:review", args=[draft.code]))
    assert "Ahora está el enlace" in page.inner_text("#content")
    page.click("form[action*='/publish/'] [type=submit]")
    page.wait_for_selector(".messagelist .success")

    draft.refresh_from_db()
    assert (draft.workflow, draft.evidence.said().count()) == (Workflow.PUBLISHED, 2)
    assert page.complaints == []


@pytest.mark.parametrize("width", WIDTHS)
def test_published_report_is_corrected(sign_in, open_page, focal, ours, width):
    wrong = make_update(milestone=ours, status="complete", percent=90, text_es="Se aprobó")
    make_evidence(update=wrong)
    page = sign_in(focal)
    page.set_viewport_size({"width": width, "height": 800})

    open_page(page, address(wrong, "act", "correct"))
    page.fill("[name=reason]", "El porcentaje era otro")
    page.click(".submit-row [type=submit]")
    page.wait_for_selector("[name=percent]")
    look_at(page)
    page.fill("[name=percent]", "100")
    page.click("[name=_submit]")
    page.wait_for_selector(".messagelist .success")

    correction = Update.objects.get(corrects=wrong)
    assert (correction.workflow, correction.percent, correction.evidence.count()) == ("submitted", 100, 1)
    assert page.complaints == []
