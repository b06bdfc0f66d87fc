import pytest

from entities.models import Entity, Membership
from tests.admin_pages import add, address, edit, errors
from tests.factories import make_entity, make_focal_point, make_publisher, make_user

pytestmark = pytest.mark.django_db


def test_entity_is_added_and_keeps_its_slug(admin_client):
    response = add(admin_client, Entity, slug="nueva", name_es="Nueva", kind="ministry")
    entity = Entity.objects.get()
    edit(admin_client, entity, slug="otra", name_es="Otra", change_reason="Cambió de nombre")

    assert response.status_code == 302, errors(response)
    entity.refresh_from_db()
    assert (entity.slug, entity.name_es) == ("nueva", "Otra")


def test_entity_cannot_be_attached_to_itself(admin_client):
    entity = make_entity()

    response = edit(admin_client, entity, parent=entity.pk)

    assert response.status_code == 200
    entity.refresh_from_db()
    assert entity.parent is None


def test_membership_is_given_and_kept_in_the_history(admin_client, admin_user):
    entity, user = make_entity(), make_user()

    response = add(admin_client, Membership, user=user.pk, entity=entity.pk)

    assert response.status_code == 302, errors(response)
    page = admin_client.get(address(Membership.objects.get(), "history")).content.decode()
    assert admin_user.get_username() in page


def test_second_membership_of_the_same_pair_is_refused_in_words(admin_client):
    entity = make_entity()
    user = make_focal_point(entity)

    response = add(admin_client, Membership, user=user.pk, entity=entity.pk)

    assert response.status_code == 200
    assert Membership.objects.count() == 1


def test_publisher_gives_memberships_on_the_page_of_the_account_only(client):
    """There nobody acts on his own account, or on a superuser's, and it is told in the account's events."""
    publisher = make_publisher()
    client.force_login(publisher)
    entity = make_entity()
    membership = make_focal_point(entity).memberships.get()

    answers = [
        client.post(address(Membership, "add"), {"user": publisher.pk, "entity": entity.pk}),
        client.post(address(membership, "change"), {"user": publisher.pk, "entity": entity.pk}),
        client.post(address(membership, "delete"), {"post": "yes"}),
        client.get(address(Membership, "add")),
    ]

    assert [answer.status_code for answer in answers] == [403] * 4
    assert list(Membership.objects.all()) == [membership]
    assert client.get(address(Membership, "changelist")).status_code == 200


def test_focal_point_does_not_join_another_entity(client):
    client.force_login(make_focal_point(make_entity()))

    assert client.get(address(Membership, "add")).status_code == 403
    assert client.post(address(Membership, "add"), {"entity": make_entity().pk}).status_code == 403
