"""The first account, which a command makes."""

import getpass
import io

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

pytestmark = pytest.mark.django_db
PASSWORD = "una clave larga 9"


class Terminal(io.StringIO):
    def isatty(self):
        return True


def make(monkeypatch, *answers, **options):
    """Answer what the command asks for, in order; return the prompts that it showed."""
    prompts, left = [], list(answers)

    def typed(prompt):
        prompts.append(prompt)
        return left.pop(0)

    monkeypatch.setattr("builtins.input", typed)
    monkeypatch.setattr(getpass, "getpass", lambda *_prompt: PASSWORD)
    call_command("createsuperuser", stdin=Terminal(), verbosity=0, stderr=io.StringIO(), **options)
    assert not left
    return prompts


def test_address_is_asked_for_once_and_signs_in(client, monkeypatch):
    prompts = make(monkeypatch, "Jefatura@Portal.example")

    assert len(prompts) == 1
    account = User.objects.get()
    assert account.username == account.email == "jefatura@portal.example"
    assert client.login(username="jefatura@portal.example", password=PASSWORD)


def test_what_is_no_address_is_asked_for_again(monkeypatch):
    assert len(make(monkeypatch, "root", "", "jefatura@portal.example")) == 3


def test_who_names_the_account_is_asked_for_its_address(monkeypatch):
    make(monkeypatch, "jefatura@portal.example", username="jefatura")

    assert (User.objects.get().username, User.objects.get().email) == ("jefatura", "jefatura@portal.example")
