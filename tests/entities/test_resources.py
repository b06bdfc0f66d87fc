import pytest
import tablib

from entities.models import Entity
from entities.resources import EntityResource
from record.models import Change
from tests.factories import make_entity, make_publisher

pytestmark = pytest.mark.django_db


def test_entity_is_written_by_its_slug_and_names_its_parent_by_slug():
    parent, entity = make_entity(slug="ministerio"), make_entity(slug="programa", name_es="Antes")
    rows = tablib.Dataset(("programa", "Después", "ministerio"), headers=["slug", "name_es", "parent"])
    user = make_publisher()

    result = EntityResource(user=user, reason="Errata de imprenta").import_data(
        rows, file_name="entities.csv"
    )

    assert not result.has_errors() and not result.has_validation_errors()
    entity.refresh_from_db()
    assert (entity.name_es, entity.parent) == ("Después", parent)
    entry = Change.objects.of(entity).last().entry
    assert (entry.by, entry.file) == (user, "entities.csv")


def test_unchanged_entity_is_skipped():
    make_entity()
    rows = EntityResource().export(Entity.objects.all())

    result = EntityResource().import_data(rows)

    assert result.totals["skip"] == 1
    assert Change.objects.of(Entity.objects.get()).count() == 1


@pytest.mark.parametrize(
    "fault", [{"kind": "nonsense"}, {"parent": "unknown"}, {"name_es": ""}, {"slug": "a b"}]
)
def test_bad_entity_is_refused(fault):
    row = {"slug": "nueva", "name_es": "Nueva", "kind": "ministry", "parent": ""} | fault
    rows = tablib.Dataset(tuple(row.values()), headers=list(row))

    result = EntityResource().import_data(rows, rollback_on_validation_errors=True)

    assert result.has_errors() or result.has_validation_errors()
    assert not Entity.objects.exists()
