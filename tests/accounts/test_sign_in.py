"""Where one stands after signing in, for how long, and what is said of a page that is another's."""

import time
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse, set_script_prefix
from django.utils.timezone import now

from accounts import middleware
from accounts.views import leads_somewhere
from record.rights import Role
from tests.accounts.people import PASSWORD, is_signed_in, make_account
from tests.admin_pages import address
from tests.factories import make_plan

pytestmark = pytest.mark.django_db

DESK = reverse("admin:index")


def sign_in(client, user, page):
    data = {"username": user.username, "password": PASSWORD, "next": page}
    return client.post("/admin/login/", data)


# The page asked for.


@pytest.mark.parametrize(
    "page",
    [
        "https://evil.example/admin/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "nonsense",
        "/admin/nonsense/",
        "/admin/plans/nonsense/",
        "/nonsense/",
        "/es/nada/nada/",
        "/admin/logout/",
        "/accounts/profile/",
        "/admin/%00/",
        "/admin/\x00/",
        "/admin/" + "x" * 5000,
        "http://[",
        "",
    ],
)
def test_a_bad_next_leads_to_the_desk(client, page):
    user = make_account(Role.EDITOR)

    # An address with such bytes may be refused as a whole.
    for query in ("", *([f"?next={page}"] if "00" not in ascii(page) else [])):
        data = {"username": user.username, "password": PASSWORD} | ({} if query else {"next": page})
        assert client.post(f"/admin/login/{query}", data).url == DESK
        client.logout()


@pytest.mark.parametrize(
    "page", ["/admin/plans/plan/", "/admin/plans/plan/?q=a%20b&o=1", "/admin/missing/", "/es/"]
)
def test_a_good_next_is_kept(client, page):
    assert sign_in(client, make_account(Role.EDITOR), page).url == page


def test_form_carries_the_page_that_was_asked_for(client):
    page = address(make_plan(), "change")

    answer = client.get(client.get(page).url)

    assert f'name="next" value="{page}"' in answer.content.decode()


def test_who_is_in_is_led_from_the_form_to_the_desk(client):
    client.force_login(make_account(Role.EDITOR))

    assert client.get("/admin/login/?next=/admin/nonsense/").url == DESK


@pytest.fixture
def folder():
    """Let the portal be in a folder of its host (DJANGO_SCRIPT_NAME)."""
    set_script_prefix("/aga/")
    yield
    set_script_prefix("/")


def test_pages_in_a_folder_are_known(folder):
    assert leads_somewhere("/aga/admin/plans/plan/")
    assert not leads_somewhere("/admin/plans/plan/")
    assert not leads_somewhere("/aga/admin/nonsense/")


# For how long.


def left():
    return (Session.objects.get().expire_date - now()).total_seconds()


def test_session_ends_after_eight_idle_hours(client, settings):
    assert settings.SESSION_COOKIE_AGE == 8 * 3600
    sign_in(client, make_account(Role.EDITOR), "")

    assert 8 * 3600 - 60 < left() <= 8 * 3600
    Session.objects.update(expire_date=now())
    assert not is_signed_in(client)


def test_each_page_of_the_admin_makes_the_session_longer(client, monkeypatch):
    sign_in(client, make_account(Role.EDITOR), "")
    client.get(DESK)
    Session.objects.update(expire_date=now() + timedelta(minutes=1))

    moment = time.time()
    monkeypatch.setattr(middleware.time, "time", lambda: moment + middleware.TOUCHED_EVERY + 1)
    answer = client.get(DESK)

    assert left() > 7 * 3600
    assert answer.cookies["sessionid"]["max-age"] == 8 * 3600


def test_session_is_not_written_at_every_page(client):
    client.force_login(make_account(Role.EDITOR))
    client.get(DESK)

    answer = client.get(DESK)

    assert "sessionid" not in answer.cookies


@pytest.mark.parametrize("page", ["/es/", "/api/v1/plans/", "/es/planes/"])
def test_public_pages_touch_no_session(client, page):
    client.force_login(make_account(Role.EDITOR))
    Session.objects.update(expire_date=now() + timedelta(minutes=1))

    answer = client.get(page)

    assert "sessionid" not in answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert left() <= 60


# A page that is another's.


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (reverse("admin:auth_user_changelist"), "Your account may not open the list “users”."),
        (reverse("admin:auth_user_add"), "Your account may not add anything to the list “users”."),
        (
            reverse("admin:auth_user_act", args=[1, "end"]),
            "Your account may not do this with the list “users”.",
        ),
        (reverse("admin:entities_entity_import"), "Your account may not import into the list “entities”."),
        (reverse("admin:auth_group_changelist"), "Your account may not open the list “groups”."),
    ],
)
def test_refusal_says_what_and_whom_to_ask(client, settings, page, said):
    settings.PORTAL_CONTACT = "contacto@entidad.example"
    user = make_account(Role.FOCAL_POINT)
    client.force_login(user)

    answer = client.get(page, headers={"accept-language": "en"})

    text = answer.content.decode()
    assert answer.status_code == 403
    assert said in text
    assert user.username in text
    assert "Focal point of an entity" in text
    assert "contacto@entidad.example" in text
    assert DESK in text


def test_stranger_is_told_to_sign_in(rf):
    from django.contrib.auth.models import AnonymousUser

    from ogp_portal.views import permission_denied

    request = rf.get("/es/")
    request.user = AnonymousUser()

    assert permission_denied(request).status_code == 403


def test_account_without_a_role_is_told_so(client):
    client.force_login(make_account())

    answer = client.get(reverse("admin:auth_user_changelist"), headers={"accept-language": "en"})

    assert "which has no role yet" in answer.content.decode()
