"""From the invitation to the desk, and from the lock back in, in a real browser."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.core import mail
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import second_factor
from record.rights import Role
from tests.accounts.people import PASSWORD, code_of, give_device, make_account
from tests.factories import make_entity

pytestmark = pytest.mark.django_db(transaction=True)

SUBMIT = "#content-main [type=submit]"


@pytest.fixture(params=[1280, 320])
def window(request, page, live_server, settings):
    """A page of some width where signing in takes the second factor, with `complaints` of the browser."""
    settings.SECOND_FACTOR = True
    page.set_viewport_size({"width": request.param, "height": 800})
    page.complaints = []
    page.on(
        "console",
        lambda message: (
            message.type in ("error", "warning")
            # The browser says of each status from 400 on that it "failed to load".
            and "Failed to load resource" not in message.text
            and page.complaints.append(f"{page.url}: {message.text}")
        ),
    )
    return page


def check(window):
    """Assert that a page fits, and that axe finds nothing in it."""
    assert window.evaluate("document.documentElement.scrollWidth") <= window.viewport_size["width"]
    # What it loads by itself for one of its rules breaks the policy, in the name of the page.
    found = Axe().run(window, options={"preload": False}).response["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]][:3]) for rule in found] == []
    assert window.complaints == []


def sign_in(window, live_server, user, password=PASSWORD):
    window.goto(f"{live_server.url}/admin/login/")
    window.fill("[name=username]", user.get_username())
    window.fill("[name=password]", password)
    window.click(SUBMIT)


def sign_in_with_code(window, live_server, user):
    device = give_device(user)
    sign_in(window, live_server, user)
    check(window)
    window.fill("[name=code]", code_of(device))
    window.click(SUBMIT)
    assert window.url == f"{live_server.url}{reverse('admin:index')}"


def test_from_the_invitation_to_the_desk(window, live_server, settings):
    settings.EMAIL_URL = "smtp://mail.example"
    entity = make_entity(name_es="Autoridad de prueba", acronym="ADP")
    make_entity()
    publisher = make_account(Role.PUBLISHER)
    sign_in_with_code(window, live_server, publisher)

    # A publisher invites.
    window.goto(f"{live_server.url}{reverse('admin:auth_user_changelist')}")
    window.click(".object-tools .addlink")
    check(window)
    window.fill("[name=name]", "Punto focal")
    window.fill("[name=email]", "punto-focal@entidad.example")
    window.check(f"[name=role][value='{Role.FOCAL_POINT}']")
    window.select_option("[name=entities]", str(entity.pk))
    window.click(SUBMIT)
    window.wait_for_selector(".messagelist .success")
    check(window)
    user = User.objects.get(username="punto-focal@entidad.example")
    assert [each.entity for each in user.memberships.all()] == [entity]

    # Whoever was invited follows the link of the mail.
    window.context.clear_cookies()
    link = re.search(r"/admin/invitation/\S+", mail.outbox[0].body).group()
    window.goto(f"{live_server.url}{link}")
    check(window)
    window.fill("[name=new_password1]", PASSWORD)
    window.fill("[name=new_password2]", PASSWORD)
    window.click(SUBMIT)

    # Then the telephone.
    window.wait_for_selector("svg.qr")
    check(window)
    device = TOTPDevice.objects.get(user=user)
    shown = window.inner_text("code.key")
    assert shown == second_factor.key_in_words(device)
    window.fill("[name=code]", code_of(device))
    window.click(SUBMIT)
    window.wait_for_selector(".recovery-codes")
    check(window)
    assert window.locator(".recovery-codes li").count() == 10
    with window.expect_download() as download:
        window.click("a[download]")
    saved = download.value.path().read_text(encoding="utf-8")
    assert all(code in saved for code in window.locator(".recovery-codes li").all_inner_texts())
    window.click(SUBMIT)

    assert window.url == f"{live_server.url}{reverse('admin:index')}"
    check(window)
    window.goto(f"{live_server.url}{reverse('accounts:own')}")
    check(window)
    window.goto(f"{live_server.url}{reverse('admin:auth_user_changelist')}")
    assert user.username in window.inner_text("#content-main")
    check(window)


def test_lock_and_release(window, live_server, browser, settings):
    settings.SECOND_FACTOR = False
    user = make_account(Role.EDITOR)
    for _time in range(5):
        sign_in(window, live_server, user, "wrong")
    sign_in(window, live_server, user)
    assert window.locator(".errornote").count() == 2
    check(window)

    sign_in(window, live_server, make_account(Role.PUBLISHER))
    window.goto(f"{live_server.url}{reverse('admin:auth_user_change', args=[user.pk])}")
    check(window)
    window.click("a[href$='/act/release/']")
    check(window)
    window.click(SUBMIT)
    window.wait_for_selector(".messagelist .success")

    window.context.clear_cookies()
    sign_in(window, live_server, user)
    assert window.url == f"{live_server.url}{reverse('admin:index')}"


def test_without_scripts_the_form_of_an_invitation_works(browser, live_server, client):
    publisher, entity = make_account(Role.PUBLISHER), make_entity()
    context = browser.new_context(java_script_enabled=False)
    window = context.new_page()
    sign_in(window, live_server, publisher)
    window.goto(f"{live_server.url}{reverse('admin:auth_user_add')}")

    window.fill("[name=name]", "Punto focal")
    window.fill("[name=email]", "punto-focal@entidad.example")
    window.check(f"[name=role][value='{Role.FOCAL_POINT}']")
    window.select_option("[name=entities]", str(entity.pk))
    window.click(SUBMIT)

    assert "/admin/invitation/" in window.inner_text("code.link")
    context.close()
