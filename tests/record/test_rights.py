"""Rights: whose entities are taken from him may do nothing any more, whatever permissions he holds."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.urls import NoReverseMatch, reverse

from commitments.models import Commitment, Update
from entities.models import Membership
from record.kinds import kinds
from record.models import LoadedFile, LoadedRow
from record.publication import Status
from record.rights import entities_of, is_focal_point, may, may_publish, visible_to
from tests.admin_pages import address, delete_selected
from tests.factories import (
    make_commitment,
    make_entity,
    make_evidence,
    make_focal_point,
    make_milestone,
    make_plan,
    make_responsibility,
    make_update,
    make_user,
)

pytestmark = pytest.mark.django_db

ACTIONS = ("view", "add", "change", "delete", "import", "export")
# Every way in which an entity can be taken from its focal point; itself it is never deleted.
TAKEN = {
    "membership": lambda membership: membership.delete(),
    "memberships": lambda membership: Membership.objects.filter(pk=membership.pk).delete(),
}


def give_all(user):
    """Give a user every permission that does not make him a publisher."""
    user.user_permissions.set(Permission.objects.exclude(codename="change_report"))
    # Whoever asks now has asked nothing yet.
    return type(user).objects.get(pk=user.pk)


@pytest.fixture(params=TAKEN)
def former(request):
    """Whoever was a focal point, with every permission."""
    user = make_focal_point(make_entity())
    TAKEN[request.param](user.memberships.get())
    return give_all(user)


@pytest.fixture
def staff():
    """Ordinary staff of the secretariat, with the same permissions."""
    return give_all(make_user())


def rows():
    """Make rows that a focal point might edit, and one that he might not."""
    commitment = make_responsibility(
        commitment=make_commitment(plan=make_plan(status=Status.DRAFT))
    ).commitment
    milestone = make_milestone(commitment=commitment)
    update = make_update(milestone=milestone, workflow=Status.DRAFT)
    return [commitment, milestone, update, make_evidence(update=update, status=Status.DRAFT), commitment.plan]


def pages():
    """Return the addresses of all lists and forms of the admin, and of what can be chosen there."""
    found = [reverse("admin:autocomplete") + "?app_label=commitments&model_name=update&field_name=milestone"]
    for model in admin.site._registry:
        for page in ("changelist", "add", "import", "export"):
            try:
                found.append(address(model, page))
            except NoReverseMatch:
                assert page in ("import", "export")
    return found


def test_former_focal_point_may_do_nothing_with_anything(former):
    made = rows()

    assert is_focal_point(former)
    assert entities_of(former) == ()
    assert not may_publish(former)
    for model in {kind.model for kind in kinds()} | set(admin.site._registry):
        assert [action for action in ACTIONS if may(former, action, model)] == [], model
    for row in made:
        assert [action for action in ACTIONS if may(former, action, row)] == [], row
        assert not visible_to(former, type(row).objects.all()).exists()


def test_former_focal_point_opens_no_page_of_the_admin(client, former):
    made = rows()
    client.force_login(former)

    own = [address(row, page) for row in made for page in ("change", "history", "delete")]
    opened = [page for page in [*pages(), *own] if client.get(page).status_code != 403]

    assert opened == []


def test_former_focal_point_changes_nothing(client, former):
    commitment, _milestone, update, *_others = rows()
    client.force_login(former)

    for page in ("change", "delete"):
        assert client.post(address(update, page), {"post": "yes"}).status_code == 403
    delete_selected(client, update)

    assert Update.objects.filter(pk=update.pk).exists()
    assert client.post(address(Commitment, "export"), {"format": 0, "resource": ""}).status_code == 403
    assert client.post(address(commitment, "change"), {"title_es": "x"}).status_code == 403


def test_staff_with_the_same_permissions_opens_every_page(client, staff):
    made = rows()
    client.force_login(staff)

    own = [address(row, page) for row in made for page in ("change", "history", "delete")]
    read_only = [address(model, "add") for model in admin.site._registry if model._meta.app_label == "record"]
    refused = [page for page in [*pages(), *own] if client.get(page).status_code != 200]

    # What the portal keeps of its loading nobody adds to; reports of all rows are changed by publishers.
    assert not is_focal_point(staff)
    assert set(refused) <= set(read_only)
    for model in {kind.model for kind in kinds()}:
        assert may(staff, "view", model), model
        assert visible_to(staff, model._default_manager.all()).count() == model._default_manager.count()


def test_publisher_with_a_membership_is_no_focal_point():
    user = make_user("plans.change_report", "commitments.delete_commitment")
    Membership.objects.create(user=user, entity=make_entity())
    commitment = make_commitment()

    assert not is_focal_point(user)
    assert may_publish(user)
    assert may(user, "publish", commitment)
    assert may(user, "delete", commitment)
    assert list(visible_to(user, Commitment.objects.all())) == [commitment]


def test_focal_point_never_publishes_and_anonymous_visitors_do_nothing():
    focal = give_all(make_focal_point(make_entity()))

    assert not may(focal, "publish", make_update(workflow=Status.DRAFT))
    for action in (*ACTIONS, "publish"):
        assert not may(AnonymousUser(), action, Commitment)


def test_focal_point_reaches_no_account_and_nothing_that_the_portal_keeps_of_itself(client):
    user = give_all(make_focal_point(make_entity()))
    client.force_login(user)

    for model in (type(user), Group, LoadedFile, LoadedRow):
        assert client.get(address(model, "changelist")).status_code == 403
        assert address(model, "changelist") not in client.get(reverse("admin:index")).content.decode()
    assert client.get(reverse("admin:auth_user_change", args=[user.pk])).status_code == 403
    assert client.get(reverse("admin:auth_user_password_change", args=[user.pk])).status_code == 403


@pytest.mark.parametrize(
    ("permissions", "expected"),
    [
        (["add"], {"add"}),
        (["change"], {"view", "change", "export"}),
        (["add", "change"], {"view", "add", "change", "import", "export"}),
        (["view"], {"view", "export"}),
        (["delete"], {"delete"}),
        ([], set()),
    ],
)
def test_staff_does_what_each_permission_says(permissions, expected):
    user = make_user(*(f"commitments.{action}_commitment" for action in permissions))

    assert {action for action in ACTIONS if may(user, action, Commitment)} == expected
