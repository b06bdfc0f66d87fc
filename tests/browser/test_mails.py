"""Choosing which mails one gets, in a real browser: on the own page, and by the link of a mail."""

import pytest
from django.urls import reverse

from accounts import muting
from accounts.models import MailKind
from record.rights import Role
from tests.accounts.people import make_account
from tests.browser.staff import SUBMIT, check, follow, listen, press, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=[1280, 320])
def window(request, page):
    page.set_viewport_size({"width": request.param, "height": 800})
    return listen(page)


def test_link_of_a_mail_mutes_with_one_button(window, live_server):
    user = make_account(Role.FOCAL_POINT)
    link = reverse("accounts:mute", args=[muting.token_of(user, [MailKind.DUE])])

    window.goto(live_server.url + link)
    check(window)
    assert muting.muted_by(user) == set()
    follow(window, SUBMIT)
    check(window)
    assert muting.muted_by(user) == {"due"}
    follow(window, "[name=again]")

    assert muting.muted_by(user) == set()
    window.goto(f"{live_server.url}{reverse('accounts:mute', args=['nada'])}")
    # The browser says of each status from 400 on that it "failed to load".
    window.complaints.clear()
    check(window)


def test_own_page_is_reached_from_the_desk_and_kept_by_keyboard(window, live_server):
    user = make_account(Role.FOCAL_POINT, email="punto-focal@entidad.example")
    sign_in(window, user, live_server.url)

    follow(window, f"a[href='{reverse('accounts:own-mail')}']")
    check(window)
    window.focus(f"[name=kind][value={MailKind.OVERDUE}]")
    window.keyboard.press("Space")
    press(window, "Enter")
    check(window)

    assert muting.muted_by(user) == {"overdue"}
