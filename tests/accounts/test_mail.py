"""Mail, sent to a real server on this machine; without one nothing is sent."""

from threading import enumerate as threads
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts import mail
from accounts.models import AccountEvent
from ogp_portal.settings import _mail
from record.rights import Role
from tests.accounts.people import is_signed_in, make_account, try_to_sign_in
from tests.accounts.smtp import MailServer

ACCOUNT = ("portal@x.example", "a:b/c@d")
ASK = "/admin/password_reset/"


@pytest.fixture
def server(settings):
    """A mail server that the settings name, as EMAIL_URL would."""
    with MailServer(ACCOUNT) as server:
        user, password = (quote(part, safe="") for part in ACCOUNT)
        settings.EMAIL_URL = f"smtp://{user}:{password}@127.0.0.1:{server.port}"
        for name, value in _mail(settings.EMAIL_URL).items():
            setattr(settings, name, value)
        yield server


def wait_for_mail():
    for thread in threads():
        if thread.name == "mail":
            thread.join(10)


def text_of(message):
    return message.get_content()


# The settings.


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", ("mail.example", 25, "", "", False, False)),
        ("smtp+tls://u:p%40w@mail.example", ("mail.example", 587, "u", "p@w", True, False)),
        (
            "smtps://u%40x.example:p@mail.example:8465",
            ("mail.example", 8465, "u@x.example", "p", False, True),
        ),
    ],
)
def test_address_of_the_server_is_read(url, expected):
    read = _mail(url)

    names = ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS", "USE_SSL")
    assert tuple(read[f"EMAIL_{name}"] for name in names) == expected
    assert read["EMAIL_BACKEND"].endswith("smtp.EmailBackend")


@pytest.mark.parametrize(
    "url", ["mail.example", "http://mail.example", "smtp://", "smtp://mail.example:x", "smtp://h:0"]
)
def test_address_that_cannot_be_read_is_refused(url):
    with pytest.raises(ImproperlyConfigured):
        _mail(url)


def test_without_a_server_nothing_is_sent():
    assert _mail("")["EMAIL_BACKEND"].endswith("dummy.EmailBackend")
    assert not mail.is_set_up()
    assert not mail.send(mail.message("x@x.example", "test", {}))


# A mail.


def test_mail_arrives_in_both_languages(server, settings):
    settings.DEFAULT_FROM_EMAIL = "Gobierno abierto <portal@x.example>"

    assert mail.is_set_up()
    assert mail.send(mail.message("a@x.example", "test", {"sender": "«ñ»"}))

    [got] = server.mails
    assert (got["To"], got["From"]) == ("a@x.example", settings.DEFAULT_FROM_EMAIL)
    assert text_of(got).count("«ñ»") == len(mail.LANGUAGES)


def test_names_do_not_turn_into_html(server):
    account = User(username="a@x.example", first_name="O'Hara & Ñahui")
    context = {"account": account, "link": "http://x.example/?a=1&b=2", "until": None}

    mail.send(mail.message("a@x.example", "invitation", context))

    text = text_of(server.mails[0])
    assert "http://x.example/?a=1&b=2" in text
    assert "O'Hara & Ñahui" in text


@pytest.mark.parametrize("fault", ["refused", "wrong password", "gone"])
def test_mail_that_is_not_taken_is_told(server, settings, fault):
    if fault == "refused":
        server.refuses = True
    elif fault == "wrong password":
        settings.EMAIL_HOST_PASSWORD = "another"
    else:
        settings.EMAIL_PORT = 1

    assert not mail.send(mail.message("a@x.example", "test", {}))
    with pytest.raises(CommandError, match="did not take it"):
        call_command("send_test_mail", "a@x.example")
    assert server.mails == []


def test_command_sends_a_mail(server, capsys):
    call_command("send_test_mail", "a@x.example")

    assert "took a mail for a@x.example" in capsys.readouterr().out
    assert server.mails[0]["To"] == "a@x.example"


def test_command_says_that_no_server_is_named():
    with pytest.raises(CommandError, match="EMAIL_URL is not set"):
        call_command("send_test_mail", "a@x.example")


# An invitation, and a forgotten password.


@pytest.mark.django_db
def test_invitation_arrives(client, server):
    client.force_login(make_account(Role.PUBLISHER))
    data = {"name": "Punto focal", "email": "punto-focal@x.example", "role": Role.EDITOR}

    client.post(reverse("admin:auth_user_add"), data)

    [got] = server.mails
    assert got["To"] == "punto-focal@x.example"
    link = next(word for word in text_of(got).split() if "/admin/invitation/" in word)
    client.logout()
    assert client.get(link.removeprefix("http://testserver")).status_code == 200


def link_of(server):
    return next(word for word in text_of(server.mails[-1]).split() if ASK in word).partition("testserver")[2]


@pytest.mark.django_db
def test_forgotten_password_is_set_anew(client, server):
    user = make_account(Role.EDITOR, email="editor@x.example")
    before = type(client)()
    before.force_login(user)
    assert ASK in client.get("/admin/login/").content.decode()

    assert client.post(ASK, {"email": "EDITOR@x.example"}).url == ASK + "done/"
    wait_for_mail()
    page = client.get(link_of(server)).url
    answer = client.post(page, {"new_password1": "otra clave larga", "new_password2": "otra clave larga"})

    assert answer.url == ASK + "complete/"
    assert client.get(answer.url).status_code == 200
    assert not is_signed_in(client)
    # Whoever was in with the old password is out.
    assert not is_signed_in(before)
    try_to_sign_in(client, user, "otra clave larga")
    assert is_signed_in(client)
    assert [each.act for each in user.events.all()] == ["reset_password", "ask_password"]
    # The link was good for one use.
    assert "new_password1" not in client.get(link_of(server), follow=True).content.decode()


@pytest.mark.django_db
def test_new_password_does_without_no_second_factor(client, server, settings):
    settings.SECOND_FACTOR = True
    user = make_account(Role.EDITOR, email="editor@x.example")
    client.post(ASK, {"email": user.email})
    wait_for_mail()
    page = client.get(link_of(server)).url

    client.post(page, {"new_password1": "otra clave larga", "new_password2": "otra clave larga"})

    assert not is_signed_in(client)
    assert try_to_sign_in(client, user, "otra clave larga").url == "/admin/login/set-up/"


@pytest.mark.django_db
def test_answer_does_not_tell_whether_there_is_an_account(client, server):
    make_account(Role.EDITOR, email="editor@x.example")
    make_account(Role.EDITOR, email="ended@x.example", is_active=False)
    invited = make_account(Role.EDITOR, email="invited@x.example")
    invited.set_unusable_password()
    invited.save()

    answers = {
        (answer.status_code, answer.url)
        for name in ("editor", "ended", "invited", "nobody")
        for answer in [client.post(ASK, {"email": f"{name}@x.example"})]
    }

    assert answers == {(302, ASK + "done/")}
    wait_for_mail()
    assert [got["To"] for got in server.mails] == ["editor@x.example"]


@pytest.mark.django_db
def test_nobody_is_flooded_with_mail(client, server):
    make_account(Role.EDITOR, email="editor@x.example")

    for _time in range(4):
        client.post(ASK, {"email": "editor@x.example"})

    wait_for_mail()
    assert len(server.mails) == 1
    assert AccountEvent.objects.count() == 1


@pytest.mark.django_db
def test_mail_names_the_address_of_the_portal_whatever_host_is_asked(client, server, settings):
    settings.PORTAL_ADDRESS = "https://portal.example"
    make_account(Role.EDITOR, email="editor@x.example")

    client.post(ASK, {"email": "editor@x.example"}, headers={"host": "localhost"})

    wait_for_mail()
    assert "https://portal.example/admin/password_reset/" in text_of(server.mails[0])


@pytest.mark.django_db
def test_a_new_password_does_not_open_the_lock(client, server):
    user = make_account(Role.EDITOR, email="editor@x.example")
    for _time in range(5):
        try_to_sign_in(client, user, "wrong")

    client.post(ASK, {"email": user.email})
    wait_for_mail()
    page = client.get(link_of(server)).url
    client.post(page, {"new_password1": "otra clave larga", "new_password2": "otra clave larga"})

    try_to_sign_in(client, user, "otra clave larga")
    assert not is_signed_in(client)


@pytest.mark.django_db
def test_without_mail_there_are_no_such_pages(client, settings):
    settings.PORTAL_CONTACT = "contacto@entidad.example"
    page = client.get("/admin/login/").content.decode()

    assert ASK not in page
    assert "contacto@entidad.example" in page
    for address in (ASK, ASK + "done/", ASK + "complete/", ASK + "MQ/abc-def/"):
        assert client.get(address).status_code == 404
    assert client.post(ASK, {"email": "editor@x.example"}).status_code == 404


@pytest.mark.django_db
def test_pages_of_a_new_password_say_what_it_takes_and_where_to_ask_again(client, server):
    user = make_account(Role.EDITOR, email="editor@x.example")
    asks = client.get(ASK, headers={"accept-language": "en"}).content.decode()
    client.post(ASK, {"email": user.email})
    wait_for_mail()

    page = client.get(link_of(server), follow=True).content.decode()
    spent = client.get(f"{ASK}MQ/spent-0/").content.decode()

    assert "good for four hours" in asks
    assert "id_new_password1_helptext" in page
    assert f'href="{ASK}"' in spent
    assert "new_password1" not in spent
