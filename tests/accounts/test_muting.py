"""Mails are muted with one click, by nobody else, and by no program that only looks."""

import pytest
from django.urls import reverse

from accounts import muting
from accounts.models import MailKind, MailSent
from record.rights import Role
from tests.accounts.people import make_account

pytestmark = pytest.mark.django_db
OWN = "/admin/mail/"
KINDS = [MailKind.DUE, MailKind.OVERDUE]


def link_of(user, kinds=KINDS):
    return reverse("accounts:mute", args=[muting.token_of(user, kinds)])


def test_to_open_the_link_mutes_nothing(client):
    user = make_account(Role.FOCAL_POINT)

    for ask in (client.get, client.head, client.options):
        ask(link_of(user))

    assert muting.muted_by(user) == set()


def test_its_button_mutes_and_takes_it_back_without_signing_in(client):
    user, other = make_account(Role.FOCAL_POINT), make_account(Role.FOCAL_POINT)
    strict = type(client)(enforce_csrf_checks=True)

    muted = strict.post(link_of(user))
    assert muting.muted_by(user) == set(KINDS)
    assert muting.muted_by(other) == set()
    assert 'name="again"' in muted.content.decode()
    # Twice is once.
    assert strict.post(link_of(user)).status_code == 200

    strict.post(link_of(user), {"again": "1"})
    assert muting.muted_by(user) == set()


def test_page_tells_no_address_and_is_not_kept(client):
    user = make_account(Role.FOCAL_POINT, email="punto-focal@x.example")

    answer = client.get(link_of(user))

    assert "punto-focal@x.example" not in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]


def test_link_for_others_or_other_kinds_is_refused(client):
    user, other = make_account(Role.FOCAL_POINT), make_account(Role.FOCAL_POINT)
    text, seal = muting.token_of(user, KINDS).split(":")
    forged = [
        f"{other.pk}-due:{seal}",
        f"{text}-digest:{seal}",
        f"{text}:",
        text,
        "prueba",
        "1" * 5000,
        muting._signer().sign("99999999-due"),
        muting._signer().sign(f"{user.pk}-nothing"),
    ]

    for token in forged:
        assert client.post(reverse("accounts:mute", args=[token])).status_code == 404
    assert not user.muted_mail.exists()
    assert not other.muted_mail.exists()


def test_link_opens_nothing_else(client):
    user = make_account(Role.PUBLISHER)

    client.post(link_of(user))

    assert client.get(OWN).status_code == 302
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("role", "kinds"),
    [
        (Role.FOCAL_POINT, muting.OF_FOCAL_POINT),
        (Role.EDITOR, muting.OF_SECRETARIAT),
        (Role.PUBLISHER, muting.OF_SECRETARIAT),
        (Role.AUDITOR, ()),
        (None, ()),
    ],
)
def test_own_page_offers_what_the_role_is_sent(client, role, kinds):
    user = make_account(role)
    client.force_login(user)

    page = client.get(OWN).content.decode()

    assert [kind for kind in MailKind if f'value="{kind}"' in page] == [k for k in MailKind if k in kinds]


def test_own_page_mutes_and_unmutes(client):
    user = make_account(Role.FOCAL_POINT)
    client.force_login(user)

    client.post(OWN, {"kind": ["due", "digest"]})
    assert muting.muted_by(user) == set(muting.OF_FOCAL_POINT) - {"due"}

    client.post(OWN, {"kind": ["due", "overdue", "returned", "published"]})
    assert muting.muted_by(user) == set()


def test_desk_leads_to_the_own_page(client):
    client.force_login(make_account(Role.EDITOR, email="editor@x.example"))

    assert f'href="{OWN}"' in client.get(reverse("admin:index")).content.decode()


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.PUBLISHER, 200), (Role.AUDITOR, 200), (Role.EDITOR, 403), (Role.FOCAL_POINT, 403)],
)
def test_who_was_told_what_is_read_by_publishers_and_auditors_and_written_by_nobody(client, role, status):
    sent = MailSent.objects.create(
        user=make_account(Role.FOCAL_POINT),
        kind="due",
        what="1-1-1:7",
        on="2026-11-25",
        state="sent",
        at="2026-11-25T12:00:00Z",
        run="00000000-0000-0000-0000-000000000000",
    )
    client.force_login(make_account(role))

    assert client.get(reverse("admin:accounts_mailsent_changelist")).status_code == status
    assert client.get(reverse("admin:accounts_mailsent_change", args=[sent.pk])).status_code == status
    assert client.post(reverse("admin:accounts_mailsent_delete", args=[sent.pk])).status_code == 403
    assert client.get(reverse("admin:accounts_mailsent_add")).status_code == 403
