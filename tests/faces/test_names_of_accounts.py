"""Accounts are named by mail addresses: who reads of whom by which name."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from commitments import actions
from record.models import Entry
from record.rights import name_of_account
from record.writing import writing
from tests import factories

pytestmark = pytest.mark.django_db

OF_COLLEAGUE = "colega@entidad.example"
OF_PUBLISHER = "publica@rectoria.example"
NAME = "Nombre de la colega"


@pytest.fixture
def entity():
    return factories.make_entity()


@pytest.fixture
def milestone(entity):
    commitment = factories.make_responsibility(entity=entity).commitment
    return factories.make_milestone(commitment=commitment)


@pytest.fixture
def reader(entity):
    return factories.make_focal_point(entity)


def draft_of(by, milestone):
    with writing(by):
        reason = "Falta presupuesto"
        return factories.make_update(milestone=milestone, workflow="draft", reason_es=reason)


def submitted_by(by, milestone):
    return actions.submit(by, draft_of(by, milestone))


def read(client, user, name, *args):
    client.force_login(user)
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("name", [NAME, ""], ids=["with a name", "without"])
def test_history_tells_focal_points_no_address(client, entity, milestone, reader, name):
    colleague = factories.make_focal_point(entity, username=OF_COLLEAGUE, first_name=name)
    update = draft_of(colleague, milestone)
    page = read(client, reader, "admin:commitments_update_history", update.pk)
    assert OF_COLLEAGUE not in page
    assert name in page


def test_history_tells_focal_points_no_address_of_who_publishes(client, milestone, reader):
    update = submitted_by(reader, milestone)
    publisher = factories.make_publisher(username=OF_PUBLISHER)
    actions.publish_update(publisher, update)
    assert OF_PUBLISHER not in read(client, reader, "admin:commitments_update_history", update.pk)
    assert OF_PUBLISHER in read(client, publisher, "admin:commitments_update_history", update.pk)


def test_pages_of_reports_tell_focal_points_no_address(client, entity, milestone, reader):
    colleague = factories.make_focal_point(entity, username=OF_COLLEAGUE)
    publisher = factories.make_publisher(username=OF_PUBLISHER)
    update = submitted_by(colleague, milestone)
    actions.open_to_read(publisher, update)
    page = read(client, reader, "reporting:draft", update.code)
    assert OF_COLLEAGUE not in page and OF_PUBLISHER not in page
    assert OF_COLLEAGUE in read(client, publisher, "reporting:review", update.code)
    with pytest.raises(actions.WasOpened) as refused, override("en"):
        actions.take_back(colleague, update)
    assert OF_PUBLISHER not in str(refused.value)
    actions.send_back(publisher, update, "Falta la fuente")
    assert OF_PUBLISHER not in read(client, reader, "reporting:draft", update.code)
    assert OF_PUBLISHER not in read(client, reader, "admin:index")


def test_an_address_is_told_to_the_secretariat_alone(milestone, reader):
    publisher = factories.make_publisher(username=OF_PUBLISHER)
    draft_of(publisher, milestone)
    entry = Entry.objects.get(by=publisher)
    assert name_of_account(entry) == name_of_account(entry, reader) == ""
    assert name_of_account(entry, factories.make_user()) == ""
    for other in (factories.make_editor(), factories.make_auditor(), publisher):
        assert name_of_account(entry, other) == OF_PUBLISHER
    # A user name that is no address tells nothing else of anybody.
    plain = Entry(by_name="punto-focal")
    assert name_of_account(plain) == name_of_account(plain, reader) == "punto-focal"
