"""Accounts in the admin: who reads and does what, invitations, and that nobody gains a right by it."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from accounts import acts, second_factor
from accounts.mail import LANGUAGES
from accounts.models import AccountEvent, FailedSignIn, Invitation
from accounts.roles import roles_of
from entities.models import Membership
from record.rights import Role, may_manage_accounts, may_read_accounts
from tests.accounts.people import (
    PASSWORD,
    give_device,
    is_signed_in,
    make_account,
    try_to_sign_in,
)
from tests.admin_pages import address
from tests.factories import make_entity, make_user

pytestmark = pytest.mark.django_db

LIST, ADD = reverse("admin:auth_user_changelist"), reverse("admin:auth_user_add")
LOGS = [
    reverse(f"admin:accounts_{model}_changelist") for model in ("invitation", "accountevent", "failedsignin")
]
ACTS = ("change", "invite_again", "release", "reset_second_factor", "end", "reactivate")
NEW_PASSWORD = {"new_password1": "otra clave larga", "new_password2": "otra clave larga"}


@pytest.fixture
def publisher(client):
    user = make_account(Role.PUBLISHER)
    client.force_login(user)
    return user


@pytest.fixture
def entity():
    return make_entity()


def page_of(user, act=None):
    name, args = ("admin:auth_user_act", [user.pk, act]) if act else ("admin:auth_user_change", [user.pk])
    return reverse(name, args=args)


def form(**columns):
    return {"name": "Punto focal", "email": "punto-focal@entidad.example", "role": Role.FOCAL_POINT} | columns


def link_in(text):
    return re.search(r"http://testserver(/admin/invitation/[^\s<]+)", text).group(1)


# Who reads and does what.


@pytest.mark.parametrize(
    ("role", "reads", "manages"),
    [
        (Role.PUBLISHER, True, True),
        (Role.AUDITOR, True, False),
        (Role.EDITOR, False, False),
        (Role.FOCAL_POINT, False, False),
        (None, False, False),
    ],
)
def test_table_of_roles(client, role, reads, manages):
    user, other = make_account(role), make_account(Role.EDITOR)
    # Django's permissions open nothing of this.
    user.user_permissions.set(Permission.objects.all())
    user = User.objects.get(pk=user.pk)
    client.force_login(user)

    assert (may_read_accounts(user), may_manage_accounts(user)) == (reads, manages)
    for page in (LIST, *LOGS, page_of(other), address(other, "history")):
        assert client.get(page).status_code == (200 if reads else 403), page
    for page in (ADD, *(page_of(other, name) for name in ACTS)):
        assert client.get(page).status_code == (200 if manages else 403), page
        if not manages:
            assert client.post(page, form()).status_code == 403, page
    for page in ("user_password_change", "user_delete", "group_changelist", "group_add"):
        args = [other.pk] if "user" in page else []
        assert client.get(reverse(f"admin:auth_{page}", args=args)).status_code == 403, page
    listed = client.get(reverse("admin:index")).content.decode()
    assert (LIST in listed) == reads


def test_strangers_are_led_to_sign_in(client):
    other = make_account()
    for page in (LIST, ADD, *LOGS, page_of(other), *(page_of(other, name) for name in ACTS)):
        for answer in (client.get(page), client.post(page, form())):
            assert answer.url.startswith("/admin/login/")


def test_form_of_an_account_is_read_only_for_a_publisher(client, publisher):
    other = make_account(Role.EDITOR)

    page = client.get(page_of(other)).content.decode()
    answer = client.post(page_of(other), {"username": "x", "is_superuser": "on", "is_staff": "on"})

    assert answer.status_code == 403
    assert "is_superuser" not in page
    assert "md5" not in page
    other.refresh_from_db()
    assert not other.is_superuser
    assert client.post(page_of(publisher), {"is_superuser": "on"}).status_code == 403


@pytest.mark.parametrize("name", ACTS)
def test_no_act_reaches_a_superuser_or_oneself(client, publisher, name):
    root = make_user(is_superuser=True, is_active=name != "reactivate")
    give_device(root)

    for user in (root, publisher):
        assert client.get(page_of(user, name)).status_code == 403
        assert client.post(page_of(user, name), form(role=Role.EDITOR)).status_code == 403
    assert second_factor.has_device(root)
    assert not AccountEvent.objects.exists()


def test_acts_themselves_ask_who_may(publisher, entity):
    root, editor = make_user(is_superuser=True), make_account(Role.EDITOR)
    data = {"name": "x", "role": Role.EDITOR}

    for by, account in ((publisher, root), (editor, make_account()), (publisher, publisher)):
        for name in ACTS:
            with pytest.raises(PermissionDenied):
                getattr(acts, name)(by, account, **(data if name == "change" else {}))
    with pytest.raises(PermissionDenied):
        acts.invite(editor, email="x@entidad.example", **data)
    publisher.is_active = False
    with pytest.raises(PermissionDenied):
        acts.invite(publisher, email="x@entidad.example", **data)


def test_forged_fields_make_no_superuser(client, publisher):
    forged = {"is_superuser": "on", "is_staff": "on", "groups": "1", "user_permissions": "1", "password": "x"}

    client.post(ADD, form(role=Role.EDITOR, **forged))
    made = User.objects.get(username="punto-focal@entidad.example")
    client.post(page_of(made, "change"), form(role=Role.EDITOR, username="root", **forged))

    made.refresh_from_db()
    assert (made.is_superuser, made.username) == (False, "punto-focal@entidad.example")
    assert not made.has_usable_password()
    assert not made.user_permissions.exists()
    assert [group.name for group in made.groups.all()] == [Role.EDITOR]


@pytest.mark.parametrize("role", ["superuser", "", "staff"])
def test_role_is_one_of_four(client, publisher, role):
    Group.objects.create(name="staff")

    assert client.post(ADD, form(role=role)).status_code == 200
    assert not User.objects.filter(username="punto-focal@entidad.example").exists()


@pytest.mark.parametrize(
    "query",
    [
        "password__startswith=md5",
        "totpdevice__key__startswith=a",
        "staticdevice__token_set__token__startswith=a",
        "memberships__entity__parent__name_es=x",
        "invitation__nonce__startswith=a",
    ],
)
def test_filters_tell_nothing_that_is_not_shown(client, query):
    client.force_login(make_account(Role.AUDITOR))

    assert client.get(f"{LIST}?{query}").status_code == 400
    assert client.get(f"{LOGS[0]}?account__{query}").status_code == 400


@pytest.mark.parametrize("page", [f"{LOGS[0]}?nonce__startswith=a", f"{LOGS[2]}?key__startswith=a"])
def test_filters_tell_no_column_that_is_not_shown(client, page):
    client.force_login(make_account(Role.AUDITOR))

    assert client.get(page).status_code == 400


def test_form_of_a_superuser_says_nothing_in_english_alone(admin_client):
    """Django's permissions have no Spanish names, and are asked by nobody; groups are roles."""
    accounts = {role: make_account(role) for role in Role}
    group = Group.objects.get(name=Role.EDITOR)
    page = admin_client.get(page_of(accounts[Role.EDITOR])).content.decode()
    of_role = admin_client.get(reverse("admin:auth_group_change", args=[group.pk])).content.decode()

    assert "Can add" not in page + of_role
    assert "permissions" not in page.partition('id="content-main"')[2]
    assert f'<option value="{group.pk}" selected>{Role.EDITOR.label}</option>' in page
    for role in Role:
        assert f">{role.label}</option>" in page
        assert f">{role.value}</option>" not in page


def test_superuser_sees_the_fields_of_django(admin_client):
    other = make_account(Role.EDITOR)

    page = admin_client.get(page_of(other)).content.decode()

    assert "is_superuser" in page
    assert admin_client.get(reverse("admin:auth_group_changelist")).status_code == 200
    assert admin_client.get(reverse("admin:auth_user_password_change", args=[other.pk])).status_code == 200
    assert (
        admin_client.post(reverse("admin:auth_user_delete", args=[other.pk]), {"post": "yes"}).status_code
        == 403
    )


def test_nobody_deletes_an_account(client, publisher, admin_user):
    other = make_account()
    for user in (publisher, admin_user):
        client.force_login(user)
        answer = client.post(
            LIST, {"action": "delete_selected", "_selected_action": [other.pk], "post": "yes"}, follow=True
        )
        assert answer.status_code in (200, 403)

    assert User.objects.filter(pk=other.pk).exists()


# The list.


def test_list_says_who_has_an_account(client, publisher):
    people = [make_account(Role.FOCAL_POINT) for _number in range(3)]
    give_device(people[0])

    page = client.get(LIST, headers={"accept-language": "en"}).content.decode()

    for user in people:
        assert user.username in page
        assert str(user.memberships.get().entity) in page
    assert page.count('class="field-second_factor"') == 4
    assert page.count("icon-yes") == 1 + 4


def test_long_list_takes_no_more_queries(client, publisher):
    counts = []
    for number in (1, 8):
        for _number in range(number):
            make_account(Role.FOCAL_POINT)
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))

    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("query", "number"), [("role=focal points", 1), ("second_factor=1", 1), ("is_active__exact=0", 1)]
)
def test_list_is_narrowed(client, publisher, query, number):
    give_device(make_account(Role.FOCAL_POINT))
    make_account(is_active=False)

    assert client.get(f"{LIST}?{query}").context["cl"].result_count == number


# Invitations.


def test_one_form_makes_a_focal_point(client, publisher, settings, entity):
    settings.EMAIL_URL = "smtp://mail.example"
    second = make_entity()

    answer = client.post(ADD, form(email="Punto-Focal@Entidad.example", entities=[entity.pk, second.pk]))

    user = User.objects.get(username="punto-focal@entidad.example")
    assert answer.url == page_of(user)
    assert (user.email, user.first_name, user.is_staff) == (user.username, "Punto focal", True)
    assert not user.has_usable_password()
    assert roles_of(user) == [Role.FOCAL_POINT]
    assert {each.entity for each in user.memberships.all()} == {entity, second}
    event = AccountEvent.objects.get()
    assert (event.act, event.account, event.by) == ("invite", user, publisher)
    [sent] = mail.outbox
    assert sent.to == [user.email]
    assert len(set(re.findall(r"http://testserver/\S+", sent.body))) == 1
    assert sent.body.count("http://testserver/") == len(LANGUAGES)
    # Where mail goes out the link is shown to nobody else.
    assert "/admin/invitation/" not in client.get(answer.url).content.decode()
    client.logout()
    assert client.get(link_in(sent.body)).status_code == 200


def test_invited_person_chooses_a_password_and_is_in(client, publisher, entity):
    client.post(ADD, form(entities=[entity.pk]))
    user = User.objects.get(username="punto-focal@entidad.example")
    link = link_in(client.get(page_of(user)).content.decode())
    client.logout()

    answer = client.post(link, NEW_PASSWORD)

    assert answer.url == reverse("admin:index")
    assert is_signed_in(client)
    assert client.session["_auth_user_id"] == str(user.pk)
    assert AccountEvent.objects.filter(act="accept", account=user, by=user).exists()
    client.logout()
    try_to_sign_in(client, "Punto-focal@entidad.example", NEW_PASSWORD["new_password1"])
    assert is_signed_in(client)


def test_accepting_signs_out_whoever_sat_there(client, publisher, settings):
    settings.SECOND_FACTOR = False
    invitation = acts.invite(publisher, name="x", email="x@entidad.example", role=Role.EDITOR)

    client.post(reverse("accounts:invitation", args=[invitation.token]), NEW_PASSWORD)

    assert client.session["_auth_user_id"] == str(invitation.account.pk)


def test_second_factor_follows_the_invitation(client, publisher, settings):
    settings.SECOND_FACTOR = True
    invitation = acts.invite(publisher, name="x", email="x@entidad.example", role=Role.EDITOR)
    client.logout()

    answer = client.post(reverse("accounts:invitation", args=[invitation.token]), NEW_PASSWORD)

    assert answer.url == "/admin/login/set-up/"
    assert not is_signed_in(client)


def test_link_is_good_for_one_use(client, publisher):
    invitation = acts.invite(publisher, name="x", email="x@entidad.example", role=Role.EDITOR)
    link = reverse("accounts:invitation", args=[invitation.token])
    client.logout()
    # Those who look through mails open links too.
    client.get(link)
    client.post(link, NEW_PASSWORD)
    client.logout()

    assert client.get(link).status_code == 410
    assert client.post(link, {"new_password1": PASSWORD, "new_password2": PASSWORD}).status_code == 410
    assert not User.objects.get(pk=invitation.account.pk).check_password(PASSWORD)
    assert not acts.accept(invitation, PASSWORD)


@pytest.mark.parametrize("change", ["late", "ended", "again", "forged", "other", "has a password"])
def test_link_is_not_good_any_more(client, publisher, change):
    invitation = acts.invite(publisher, name="x", email="x@entidad.example", role=Role.EDITOR)
    token = invitation.token
    if change == "late":
        Invitation.objects.update(expires_at=now() - timedelta(seconds=1))
    elif change == "ended":
        acts.end(publisher, invitation.account)
    elif change == "again":
        acts.invite_again(publisher, invitation.account)
    elif change == "has a password":
        # A superuser gave one.
        invitation.account.set_password(PASSWORD)
        invitation.account.save()
    elif change == "forged":
        token = token[:-1] + ("A" if token[-1] != "A" else "B")
    else:
        token = token.replace(f"{invitation.pk}-", f"{invitation.pk + 1}-", 1)
    client.logout()

    for answer in (client.get, client.post):
        assert answer(reverse("accounts:invitation", args=[token]), NEW_PASSWORD).status_code == 410
    assert not User.objects.get(pk=invitation.account.pk).check_password(NEW_PASSWORD["new_password1"])


def test_link_is_good_for_seven_days(publisher):
    invitation = acts.invite(publisher, name="x", email="x@entidad.example", role=Role.EDITOR)

    assert timedelta(days=6, hours=23) < invitation.expires_at - now() <= timedelta(days=7)


def test_weak_password_is_refused(client, publisher):
    invitation = acts.invite(publisher, name="x", email="x@entidad.example", role=Role.EDITOR)
    link = reverse("accounts:invitation", args=[invitation.token])
    client.logout()

    assert client.post(link, {"new_password1": "12345678", "new_password2": "12345678"}).status_code == 200
    assert client.get(link).status_code == 200


@pytest.mark.parametrize(
    ("columns", "field"),
    [
        ({"entities": []}, "entities"),
        ({"email": "nonsense"}, "email"),
        ({"email": "TAKEN@entidad.example"}, "email"),
        ({"email": "taken.too@entidad.example"}, "email"),
        ({"name": " "}, "name"),
        ({"role": Role.AUDITOR, "entities": "one"}, "entities"),
    ],
)
def test_form_says_what_is_wrong(client, publisher, entity, columns, field):
    make_account(username="Taken@entidad.example", is_active=False)
    make_account(username="root", email="Taken.Too@entidad.example")
    columns = {name: [entity.pk] if value == "one" else value for name, value in columns.items()}

    answer = client.post(ADD, form(**{"entities": [entity.pk]} | columns))

    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert not AccountEvent.objects.exists()


def test_auditor_does_not_see_the_link(client, publisher):
    invitation = acts.invite(publisher, name="x", email="x@entidad.example", role=Role.EDITOR)
    assert invitation.token in client.get(page_of(invitation.account)).content.decode()

    client.force_login(make_account(Role.AUDITOR))

    for page in (page_of(invitation.account), *LOGS):
        assert invitation.nonce not in client.get(page).content.decode()


def test_open_invitations_are_listed(client, publisher):
    for number, state in enumerate(("open", "used", "late")):
        invitation = acts.invite(publisher, name="x", email=f"{state}{number}@x.example", role=Role.EDITOR)
        if state == "used":
            acts.accept(invitation, PASSWORD)
        elif state == "late":
            Invitation.objects.filter(pk=invitation.pk).update(expires_at=now())

    def listed(query):
        return [str(row) for row in client.get(f"{LOGS[0]}?{query}").context["cl"].result_list]

    assert listed("state=open") == ["open0@x.example"]
    assert listed("state=accepted") == ["used1@x.example"]
    assert listed("state=run_out") == ["late2@x.example"]
    assert len(listed("")) == 3


def test_mail_that_is_not_taken_leaves_the_link_to_hand_over(client, publisher, settings, monkeypatch):
    settings.EMAIL_URL = "smtp://mail.example"
    monkeypatch.setattr(
        "django.core.mail.EmailMessage.send", lambda _self: (_ for _ in ()).throw(OSError("gone"))
    )

    answer = client.post(ADD, form(role=Role.EDITOR), follow=True)

    assert "/admin/invitation/" in answer.content.decode()


# Acts.


def test_account_is_ended_and_its_name_and_memberships_stay(client, publisher):
    user = make_account(Role.FOCAL_POINT)
    give_device(user)
    theirs = type(client)()
    theirs.force_login(user)

    client.post(page_of(user, "end"))

    assert not is_signed_in(theirs)
    try_to_sign_in(theirs, user)
    assert not is_signed_in(theirs)
    assert not User.objects.get(pk=user.pk).has_usable_password()
    assert Membership.objects.filter(user=user).exists()
    assert user.username in client.get(LIST).content.decode()
    assert AccountEvent.objects.get().act == "end"


def test_reactivated_account_is_invited_and_its_old_session_stays_ended(client, publisher):
    user = make_account(Role.FOCAL_POINT)
    theirs = type(client)()
    theirs.force_login(user)
    client.post(page_of(user, "end"))

    page = client.post(page_of(user, "reactivate"), follow=True).content.decode()

    assert not is_signed_in(theirs)
    try_to_sign_in(theirs, user)
    assert not is_signed_in(theirs)
    theirs.post(link_in(page), NEW_PASSWORD)
    assert is_signed_in(theirs)
    assert [each.act for each in user.events.all()] == ["accept", "reactivate", "end"]


def test_lock_is_released(client, publisher):
    user = make_account(Role.EDITOR)
    theirs = type(client)()
    for _time in range(5):
        try_to_sign_in(theirs, user, "wrong")
    assert page_of(user, "release") in client.get(page_of(user)).content.decode()

    client.post(page_of(user, "release"))

    try_to_sign_in(theirs, user)
    assert is_signed_in(theirs)
    assert AccountEvent.objects.get().act == "release"
    assert FailedSignIn.objects.count() == 5


def test_second_factor_is_reset(client, publisher):
    user = make_account(Role.EDITOR)
    give_device(user)
    second_factor.make_recovery_codes(user)

    client.post(page_of(user, "reset_second_factor"))

    assert not second_factor.has_device(user)
    assert second_factor.recovery_codes_left(user) == 0
    assert AccountEvent.objects.get().act == "reset_second_factor"


def test_role_and_entities_are_changed(client, publisher, entity):
    user = make_account(Role.FOCAL_POINT)
    user.user_permissions.set(Permission.objects.all()[:3])
    client.post(page_of(user, "change"), form(name="Otro nombre", entities=[entity.pk]))
    user = User.objects.get(pk=user.pk)
    assert not user.user_permissions.exists()
    assert [each.entity for each in user.memberships.all()] == [entity]
    assert user.first_name == "Otro nombre"

    client.post(page_of(user, "change"), form(role=Role.AUDITOR))

    user = User.objects.get(pk=user.pk)
    assert roles_of(user) == [Role.AUDITOR]
    assert not user.memberships.exists()
    assert AccountEvent.objects.filter(act="change", by=publisher).count() == 2


@pytest.mark.parametrize("name", ["invite_again", "release", "reset_second_factor", "reactivate"])
def test_act_that_has_nothing_to_do_says_so(client, publisher, name):
    answer = client.post(page_of(make_account(Role.EDITOR), name), follow=True)

    assert [each.level_tag for each in answer.context["messages"]] == ["error"]
    assert not AccountEvent.objects.exists()


def test_opening_the_page_of_an_act_does_nothing(client, publisher):
    user = make_account(Role.EDITOR)

    for name in ACTS:
        client.get(page_of(user, name))

    assert not AccountEvent.objects.exists()


@pytest.mark.parametrize("odd", [f"{LIST}99/act/end/", f"{LIST}{10**20}/act/end/", f"{LIST}1/act/nonsense/"])
def test_odd_addresses_are_not_found(client, publisher, odd):
    assert client.get(odd).status_code == 404


def test_password_typed_as_a_name_is_in_no_list(client, publisher):
    try_to_sign_in(type(client)(), "my secret password", "x")

    assert "secret" not in client.get(LOGS[2]).content.decode()


@pytest.mark.parametrize("page", LOGS)
def test_logs_are_read_only(client, publisher, page):
    acts.invite(publisher, name="x", email="x@entidad.example", role=Role.EDITOR)
    try_to_sign_in(type(client)(), "x@entidad.example", "x")
    model = {"invitation": Invitation, "accountevent": AccountEvent, "failedsignin": FailedSignIn}[
        page.split("/")[-2]
    ]
    row = f"{page}{model.objects.get().pk}/"

    assert client.get(row + "change/").status_code == 200
    for closed in (row + "change/", row + "delete/", page + "add/"):
        assert client.post(closed, {"post": "yes"}).status_code == 403


def test_change_by_a_superuser_is_told_too(admin_client, admin_user):
    user = make_account(Role.EDITOR)
    data = {"username": user.username, "is_active": "on", "is_staff": "on", "first_name": "Otro nombre"}
    data |= {"date_joined_0": "2026-01-01", "date_joined_1": "00:00"}

    admin_client.post(page_of(user), data)

    event = AccountEvent.objects.get()
    assert (event.act, event.by, event.note) == ("change", admin_user, "Nombre, Grupos")


def test_the_list_is_called_what_leads_to_it(client, publisher):
    assert client.get(LIST).context["title"] == "Cuentas"
