"""The second factor: nobody is in before it, by whatever address; set-up, codes, recovery codes."""

import re
import time

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils.translation import override
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import second_factor
from accounts.models import AccountEvent, FailedSignIn
from record.rights import Role
from tests.accounts.people import (
    code_of,
    give_device,
    is_signed_in,
    make_account,
    try_to_sign_in,
    wait,
    wrong_code_of,
)
from tests.admin_pages import address
from tests.factories import make_plan
from tests.threads import at_once, shared_database  # noqa: F401

pytestmark = pytest.mark.django_db

CODE, SET_UP = "/admin/login/code/", "/admin/login/set-up/"
OWN, CODES = "/admin/second-factor/", "/admin/second-factor/codes/"


@pytest.fixture(autouse=True)
def obligatory(settings):
    settings.SECOND_FACTOR = True


@pytest.fixture
def user():
    return make_account(Role.PUBLISHER)


def pages():
    """Return the addresses of the admin that only staff may open."""
    row = make_plan()
    found = [
        *(reverse(f"admin:{name}") for name in ("index", "password_change", "autocomplete", "jsi18n")),
        *(reverse("admin-missing"), OWN, CODES, address(row, "change"), address(row, "history")),
    ]
    for model in admin.site._registry:
        for page in ("changelist", "add", "import", "export"):
            try:
                found.append(address(model, page))
            except NoReverseMatch:
                continue
    return found


def is_closed(client, page):
    """Tell whether a page leads to the form of signing in, read or sent."""
    answers = [client.get(page), client.post(page, {"post": "yes"})]
    return all(each.status_code == 302 and each.url.startswith("/admin/login/?") for each in answers)


def session_of(client):
    return client.session.items()


# Nobody is in before it.


def test_password_alone_opens_no_page(client, user):
    give_device(user)
    assert try_to_sign_in(client, user).url == CODE

    assert [page for page in pages() if not is_closed(client, page)] == []


def test_without_a_device_the_password_leads_to_the_set_up_and_nowhere_else(client, user):
    assert try_to_sign_in(client, user).url == SET_UP

    assert [page for page in pages() if not is_closed(client, page)] == []
    assert client.get(CODE).url == SET_UP


def test_session_of_a_password_alone_opens_no_page(client, user):
    """Such as one of the days before the second factor was obligatory."""
    give_device(user)
    client.force_login(user)

    assert [page for page in pages() if not is_closed(client, page)] == []


def test_a_user_without_it_is_nobody_for_any_view(client, user, rf):
    from accounts.middleware import SecondFactor

    request = rf.get("/es/")
    client.force_login(user)
    request.session, request.user = client.session, user
    SecondFactor(lambda request: None)(request)

    assert request.user.is_anonymous


@pytest.mark.parametrize("flaw", ["somebody else's", "not confirmed"])
def test_device_that_is_not_set_up_or_not_his_counts_for_nothing(client, user, flaw):
    device = give_device(make_account() if flaw == "somebody else's" else user)
    if flaw == "not confirmed":
        TOTPDevice.objects.update(confirmed=False)
    client.force_login(user)
    session = client.session
    session["otp_device_id"] = device.persistent_id
    session.save()

    assert not is_signed_in(client)


def test_steps_lead_back_to_the_password_without_one(client, user):
    for page in (CODE, SET_UP):
        assert client.get(page).url == "/admin/login/"
        assert client.post(page, {"code": "123456"}).url == "/admin/login/"


@pytest.mark.parametrize("change", ["ended", "password", "late"])
def test_a_password_waits_for_its_code_only_for_a_while_and_while_it_is_right(
    client, user, change, monkeypatch
):
    device = give_device(user)
    try_to_sign_in(client, user)
    if change == "ended":
        user.is_active = False
        user.save()
    elif change == "password":
        user.set_password("another one, as long")
        user.save()
    else:
        moment = time.time()
        monkeypatch.setattr(second_factor.time, "time", lambda: moment + second_factor.PATIENCE + 1)

    assert client.post(CODE, {"code": code_of(device)}).url == "/admin/login/"
    assert not is_signed_in(client)


def test_without_the_setting_the_password_is_enough(client, user, settings):
    settings.SECOND_FACTOR = False
    give_device(user)

    assert try_to_sign_in(client, user).url == reverse("admin:index")
    assert is_signed_in(client)


# Codes.


def test_password_and_code_lead_to_the_page_asked_for(client, user):
    device = give_device(user)
    page = reverse("admin:password_change")
    client.post(
        "/admin/login/", {"username": user.username, "password": "una clave larga 2026", "next": page}
    )

    assert client.post(CODE, {"code": code_of(device)}).url == page
    assert is_signed_in(client)


def test_a_code_with_spaces_is_taken(client, user):
    code = code_of(give_device(user))
    try_to_sign_in(client, user)

    client.post(CODE, {"code": f" {code[:3]} {code[3:]} "})

    assert is_signed_in(client)


def test_wrong_codes_wait_longer_each_time_and_are_kept_as_failures(client, user):
    device = give_device(user)
    try_to_sign_in(client, user)
    wrong = wrong_code_of(device)

    with override("en"):
        first = client.post(CODE, {"code": wrong}, headers={"accept-language": "en"}).content.decode()
    second = client.post(CODE, {"code": code_of(device)}, headers={"accept-language": "en"}).content.decode()

    assert "Wait 1 second " in first
    assert "This code is not right" in second
    assert not is_signed_in(client)
    assert FailedSignIn.objects.filter(account=user, step="code").count() == 2
    wait(device)
    client.post(CODE, {"code": code_of(device)})
    assert is_signed_in(client)


def test_a_code_is_good_once(client, user):
    device = give_device(user)
    code = code_of(device)
    for who, is_in in ((client, True), (Client(), False)):
        try_to_sign_in(who, user)
        who.post(CODE, {"code": code})
        assert is_signed_in(who) == is_in


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "١٢٣٤٥٦", "0" * 41, "\0", "-12345", "1.2345"])
def test_odd_codes_are_refused(client, user, code):
    give_device(user)
    try_to_sign_in(client, user)

    assert client.post(CODE, {"code": code}).status_code == 200
    assert not is_signed_in(client)


def test_session_gets_another_name_at_each_step(client, user):
    device = give_device(user)
    client.get(SET_UP)
    names = []
    for step in (
        lambda: try_to_sign_in(client, user),
        lambda: client.post(CODE, {"code": code_of(device)}),
    ):
        step()
        names.append(client.session.session_key)

    assert len(set(names)) == 2


def test_signing_in_as_another_leaves_nothing_of_the_first(client, user):
    device = give_device(user)
    try_to_sign_in(client, user)
    client.post(CODE, {"code": code_of(device)})

    try_to_sign_in(client, make_account())

    assert not is_signed_in(client)
    assert str(user.pk) not in [str(value) for _name, value in session_of(client)]


# Set-up.


def set_up(client, user):
    """Sign a user in who sets up an application; return its device."""
    try_to_sign_in(client, user)
    client.get(SET_UP)
    device = TOTPDevice.objects.get(user=user)
    assert client.post(SET_UP, {"code": code_of(device)}).url == CODES
    return device


def test_set_up_shows_the_key_as_a_picture_and_in_letters(client, user):
    try_to_sign_in(client, user)

    page = client.get(SET_UP).content.decode()

    device = TOTPDevice.objects.get(user=user, confirmed=False)
    assert second_factor.key_in_words(device) in page
    assert "<svg" in page
    assert 'style="' not in page


def test_set_up_takes_a_right_code_only(client, user):
    try_to_sign_in(client, user)
    client.get(SET_UP)
    device = TOTPDevice.objects.get(user=user)

    client.post(SET_UP, {"code": wrong_code_of(device)})
    assert not second_factor.has_device(user)
    assert not is_signed_in(client)
    wait(device)
    client.post(SET_UP, {"code": code_of(device)})
    assert second_factor.has_device(user)
    assert is_signed_in(client)
    assert AccountEvent.objects.filter(act="second_factor", account=user, by=user).count() == 1


def test_each_sign_in_sets_up_another_key(client, user):
    """Whoever saw the key of an earlier sign-in has none."""
    keys = []
    for who in (client, Client()):
        try_to_sign_in(who, user)
        for _time in range(2):
            who.get(SET_UP)
        keys.append(TOTPDevice.objects.get(user=user).key)

    assert keys[0] != keys[1]
    device = TOTPDevice.objects.get(user=user)
    client.post(SET_UP, {"code": code_of(device)})
    assert not is_signed_in(client)


def test_who_has_a_device_sets_up_no_other(client, user):
    give_device(user)
    try_to_sign_in(client, user)

    assert client.get(SET_UP).url == CODE
    assert TOTPDevice.objects.filter(user=user).count() == 1


# Recovery codes.


def test_ten_recovery_codes_are_shown_once(client, user):
    set_up(client, user)

    shown = re.findall("<code>([a-z2-7]{4}-[a-z2-7]{4})</code>", client.get(CODES).content.decode())
    file = client.get(CODES + "?file")
    assert len(set(shown)) == 10
    assert all(code in file.content.decode() for code in shown)
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in file.headers["Cache-Control"]
    assert client.post(CODES).url == reverse("admin:index")
    assert client.get(CODES).url == OWN


def test_recovery_code_is_good_once(client, user):
    give_device(user)
    code, other, *_others = second_factor.make_recovery_codes(user)
    for who, text, is_in in (
        (client, code.upper(), True),
        (Client(), code, False),
        (Client(), other.replace("-", " "), True),
    ):
        StaticDevice.objects.update(throttling_failure_timestamp=None)
        try_to_sign_in(who, user)
        who.post(CODE, {"code": text})
        assert is_signed_in(who) == is_in

    assert second_factor.recovery_codes_left(user) == 8
    assert AccountEvent.objects.filter(act="recovery_code", account=user).count() == 2


def test_recovery_code_of_somebody_else_is_wrong(client, user):
    give_device(user)
    second_factor.make_recovery_codes(user)
    theirs = second_factor.make_recovery_codes(make_account())[0]
    try_to_sign_in(client, user)

    client.post(CODE, {"code": theirs})

    assert not is_signed_in(client)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shared_database")
def test_of_two_at_once_a_recovery_code_lets_one_in():
    user = make_account()
    give_device(user)
    code = second_factor.make_recovery_codes(user)[0]

    def attempt():
        try:
            return second_factor.verify(user, code)
        except second_factor.WrongCode:
            return None

    assert [bool(each) for each in at_once(attempt, attempt)].count(True) == 1


def test_new_recovery_codes_take_a_code_of_the_application(client, user):
    device = set_up(client, user)
    client.post(CODES)
    before = set(StaticToken.objects.values_list("token", flat=True))
    client.post(OWN, {"code": wrong_code_of(device)})
    assert set(StaticToken.objects.values_list("token", flat=True)) == before

    wait(device)
    TOTPDevice.objects.update(last_t=-1)
    assert client.post(OWN, {"code": code_of(device)}).url == CODES

    assert not before & set(StaticToken.objects.values_list("token", flat=True))
    assert client.post(CODES).url == OWN


# Reset.


def test_reset_ends_what_the_device_opened(client, user):
    device = set_up(client, user)
    assert is_signed_in(client)

    second_factor.reset(user)

    assert not is_signed_in(client)
    assert try_to_sign_in(client, user).url == SET_UP
    assert not TOTPDevice.objects.filter(pk=device.pk).exists()


def test_keys_of_devices_have_no_pages(admin_client):
    for model in (TOTPDevice, StaticDevice):
        assert not admin.site.is_registered(model)
