import pytest

from entities.models import Entity
from entities.resources import EntityResource
from record.models import Change
from tests.factories import make_entity, make_publisher
from tests.imports import faults, kinds, load

pytestmark = pytest.mark.django_db


def test_entity_is_written_by_its_slug_and_names_its_parent_by_slug():
    parent, entity = make_entity(slug="ministerio"), make_entity(slug="programa", name_es="Antes")
    row = {"slug": "programa", "name_es": "Después", "parent": "ministerio"}
    user = make_publisher()

    result = load(EntityResource(user=user, reason="Errata de imprenta"), row, name="entities.json")

    assert faults(result) == ""
    entity.refresh_from_db()
    assert (entity.name_es, entity.parent) == ("Después", parent)
    entry = Change.objects.of(entity).last().entry
    assert (entry.by, entry.file) == (user, "entities.json")


def test_unchanged_entity_is_skipped():
    make_entity()
    [row] = EntityResource().export(Entity.objects.all()).dict

    result = load(EntityResource(), row)

    assert kinds(result) == ["same"]
    assert Change.objects.of(Entity.objects.get()).count() == 1


@pytest.mark.parametrize(
    "fault", [{"kind": "nonsense"}, {"parent": "unknown"}, {"name_es": ""}, {"slug": "a b"}]
)
def test_bad_entity_is_refused(fault):
    row = {"slug": "nueva", "name_es": "Nueva", "kind": "ministry", "parent": ""} | fault

    result = load(EntityResource(), row)

    assert kinds(result) == ["refused"]
    assert not Entity.objects.exists()
