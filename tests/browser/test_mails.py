"""Choosing which mails one gets, in a real browser: on the own page, and by the link of a mail."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from accounts import muting
from accounts.models import MailKind
from record.rights import Role
from tests.accounts.people import PASSWORD, make_account

pytestmark = pytest.mark.django_db(transaction=True)
SUBMIT = "#content-main [type=submit]"


@pytest.fixture(params=[1280, 320])
def window(request, page):
    page.set_viewport_size({"width": request.param, "height": 800})
    page.complaints = []
    page.on("console", lambda said: "Content Security" in said.text and page.complaints.append(said.text))
    return page


def check(window):
    """Assert that a page fits, and that axe finds nothing in it."""
    assert window.evaluate("document.documentElement.scrollWidth") <= window.viewport_size["width"]
    # What it loads by itself for one of its rules breaks the policy, in the name of the page.
    found = Axe().run(window, options={"preload": False}).response["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]][:3]) for rule in found] == []
    assert window.complaints == []


def test_link_of_a_mail_mutes_with_one_button(window, live_server):
    user = make_account(Role.FOCAL_POINT)
    link = reverse("accounts:mute", args=[muting.token_of(user, [MailKind.DUE])])

    window.goto(live_server.url + link)
    check(window)
    assert muting.muted_by(user) == set()
    window.click(SUBMIT)
    check(window)
    assert muting.muted_by(user) == {"due"}
    window.click("[name=again]")

    assert muting.muted_by(user) == set()
    window.goto(f"{live_server.url}{reverse('accounts:mute', args=['nada'])}")
    check(window)


def test_own_page_is_reached_from_the_desk_and_kept_by_keyboard(window, live_server):
    user = make_account(Role.FOCAL_POINT, email="punto-focal@entidad.example")
    window.goto(f"{live_server.url}/admin/login/")
    window.fill("[name=username]", user.get_username())
    window.fill("[name=password]", PASSWORD)
    window.click(SUBMIT)

    window.click(f"a[href='{reverse('accounts:own-mail')}']")
    check(window)
    window.focus(f"[name=kind][value={MailKind.OVERDUE}]")
    window.keyboard.press("Space")
    window.keyboard.press("Enter")
    window.wait_for_selector(".messagelist")
    check(window)

    assert muting.muted_by(user) == {"overdue"}
