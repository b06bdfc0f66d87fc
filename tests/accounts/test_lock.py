"""The lock on signing in: five wrong passwords for an account from an address."""

import re
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth import aauthenticate, authenticate
from django.urls import reverse
from django.utils.timezone import now

from accounts import lock
from accounts.models import FailedSignIn
from tests.accounts.people import PASSWORD, is_signed_in, make_account, try_to_sign_in
from tests.threads import at_once, shared_database  # noqa: F401

pytestmark = pytest.mark.django_db

# What is another one in each answer.
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')


def fail(client, user, times, **extra):
    for _time in range(times):
        try_to_sign_in(client, user, "wrong", **extra)


def later(**wait):
    """Let time pass for the failures that there are."""
    for row in FailedSignIn.objects.all():
        FailedSignIn.objects.filter(pk=row.pk).update(at=row.at - timedelta(**wait))


def answer(client, name, password):
    return TOKEN.sub("", try_to_sign_in(client, name, password).content.decode()).replace(name, "NAME")


def test_right_password_is_refused_after_five_wrong_ones(client):
    user = make_account()
    fail(client, user, 5)

    try_to_sign_in(client, user)

    assert not is_signed_in(client)


def test_right_password_is_taken_after_four_wrong_ones(client):
    user = make_account()
    fail(client, user, 4)

    try_to_sign_in(client, user)

    assert is_signed_in(client)


def test_signing_in_begins_to_count_anew(client):
    user = make_account()
    fail(client, user, 4)
    try_to_sign_in(client, user)
    client.logout()
    fail(client, user, 4)

    try_to_sign_in(client, user)

    assert is_signed_in(client)


def test_right_passwords_are_no_failures(client):
    user = make_account()

    for _time in range(7):
        try_to_sign_in(client, user)
        client.logout()

    assert not FailedSignIn.objects.exists()


@pytest.mark.parametrize(("minutes", "is_open"), [(14, False), (15, True)])
def test_lock_ends_by_itself(client, minutes, is_open):
    user = make_account()
    fail(client, user, 5)
    later(minutes=minutes, seconds=10 if is_open else 0)

    try_to_sign_in(client, user)

    assert is_signed_in(client) == is_open


def test_lock_counts_from_the_fifth_wrong_password(client):
    user = make_account()
    fail(client, user, 4)
    later(minutes=12)
    fail(client, user, 1)
    later(minutes=10)

    try_to_sign_in(client, user)

    assert not is_signed_in(client)


def test_wrong_passwords_far_between_do_not_lock(client):
    user = make_account()
    for _time in range(5):
        fail(client, user, 1)
        later(minutes=4)

    try_to_sign_in(client, user)

    assert is_signed_in(client)


def test_tries_at_a_locked_account_do_not_make_the_lock_longer(client):
    user = make_account()
    fail(client, user, 5)
    later(minutes=14)
    fail(client, user, 10)
    later(minutes=2)

    try_to_sign_in(client, user)

    assert is_signed_in(client)


def test_lock_is_of_account_and_address_together(client):
    user, other = make_account(), make_account()
    fail(client, user, 5)

    try_to_sign_in(client, other)
    assert is_signed_in(client)
    client.logout()
    try_to_sign_in(client, user, REMOTE_ADDR="192.0.2.7")
    assert is_signed_in(client)


def test_address_is_that_which_a_trusted_proxy_saw(client, settings):
    settings.TRUSTED_PROXIES = 1
    user = make_account()
    fail(client, user, 5, headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.9"})

    # What a stranger writes himself stands further to the left.
    try_to_sign_in(client, user, headers={"X-Forwarded-For": "198.51.100.2, 203.0.113.9"})
    assert not is_signed_in(client)
    try_to_sign_in(client, user, headers={"X-Forwarded-For": "203.0.113.10"})
    assert is_signed_in(client)
    assert set(FailedSignIn.objects.values_list("address", flat=True)) == {"203.0.113.9"}


def test_case_of_a_name_is_the_same_name(client):
    user = make_account(username="punto-focal@entidad.example")
    for name in (
        "Punto-focal@entidad.example",
        "PUNTO-FOCAL@ENTIDAD.EXAMPLE",
        " punto-focal@entidad.example",
    ):
        fail(client, name, 2)

    try_to_sign_in(client, user)
    assert not is_signed_in(client)
    lock.release(user)
    try_to_sign_in(client, "Punto-Focal@entidad.example")
    assert is_signed_in(client)


def test_ways_to_write_a_name_that_a_database_takes_for_the_same_are_counted_together():
    """PostgreSQL's I is, in most languages, the capital letter of ı too."""
    user = make_account(username="titi@entidad.example")
    for name in ("tıti@entidad.example", "titı@entidad.example", "tıtı@entidad.example"):
        for _time in range(2):
            lock.count_try(name, "192.0.2.1", user)

    assert lock.count_try(user.get_username(), "192.0.2.1", user).is_refused


def test_answer_does_not_tell_what_was_wrong(client):
    known, locked, ended = make_account(), make_account(), make_account(is_active=False)
    outside = make_account(is_staff=False)
    fail(client, locked, 5)

    answers = {
        answer(client, "nobody", "wrong"),
        answer(client, known.username, "wrong"),
        answer(client, locked.username, "wrong"),
        answer(client, locked.username, PASSWORD),
        answer(client, ended.username, PASSWORD),
        answer(client, outside.username, PASSWORD),
    }

    assert len(answers) == 1
    fail(client, "nobody", 5)
    assert answers == {answer(client, "nobody", "wrong")}


def test_names_that_no_account_has_are_locked_alike_and_not_kept(client):
    fail(client, "my secret password", 6)

    rows = FailedSignIn.objects.order_by("pk")
    assert [row.is_refused for row in rows] == [False] * 5 + [True]
    assert {row.account for row in rows} == {None}
    assert not any("secret" in str(value) for row in rows.values() for value in row.values())


def test_a_locked_password_is_not_looked_at(client, monkeypatch):
    user = make_account()
    fail(client, user, 5)
    looked = []
    monkeypatch.setattr(type(user), "check_password", lambda *_arguments: looked.append(1))

    try_to_sign_in(client, user)

    assert looked == []


def test_every_sign_in_passes_the_lock(client):
    user = make_account()
    for _time in range(5):
        assert authenticate(username=user.username, password="wrong") is None

    assert authenticate(username=user.username, password=PASSWORD) is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shared_database")
def test_asynchronous_sign_in_passes_the_lock_too():
    user = make_account()

    def ask():
        sign_in = async_to_sync(aauthenticate)
        for _time in range(5):
            sign_in(username=user.username, password="wrong")
        return sign_in(username=user.username, password=PASSWORD)

    # In a thread of its own: Playwright's loop is in that of the tests.
    assert at_once(ask) == [None]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shared_database")
def test_of_many_at_once_no_more_than_five_are_looked_at(monkeypatch):
    user = make_account()
    looked = []
    monkeypatch.setattr(type(user), "check_password", lambda *_arguments: looked.append(1) and False)

    at_once(*[lambda: authenticate(username=user.username, password="wrong")] * 12)

    assert len(looked) == 5
    assert FailedSignIn.objects.filter(is_refused=True).count() == 7


def test_failures_are_kept_for_a_time_and_not_without_end(monkeypatch):
    monkeypatch.setattr(lock, "MOST", 3)
    for days in (200, 5, 4, 3, 2):
        FailedSignIn.objects.create(key="x", address="192.0.2.1", at=now() - timedelta(days=days))

    lock.clean()
    assert FailedSignIn.objects.count() == 3
    # What the lock stands on stays, however much comes.
    for _time in range(5):
        FailedSignIn.objects.create(key="x", address="192.0.2.1")
    lock.clean()
    assert FailedSignIn.objects.filter(at__gt=now() - timedelta(hours=1)).count() == 5


# The old password, where whoever is in chooses another one.


def change(client, old, new="otra-clave-larga-9"):
    data = {"old_password": old, "new_password1": new, "new_password2": new}
    return client.post(reverse("admin:password_change"), data)


def test_wrong_old_passwords_are_counted_as_at_the_sign_in(client):
    user = make_account()
    client.force_login(user)
    for _time in range(5):
        change(client, "wrong")

    change(client, PASSWORD)

    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert user.failed_sign_ins.count() == 6


def test_the_right_old_password_is_not_counted(client):
    user = make_account()
    client.force_login(user)

    answer = change(client, PASSWORD)

    user.refresh_from_db()
    assert answer.url == reverse("admin:password_change_done")
    assert user.check_password("otra-clave-larga-9")
    assert not user.failed_sign_ins.exists()
