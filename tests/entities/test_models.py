import pytest
from django.db import IntegrityError

from entities.models import Entity
from record.writing import writing
from tests.factories import make_entity
from tests.log import last_change

pytestmark = pytest.mark.django_db


def test_entity_when_attached_to_itself_is_refused():
    entity = make_entity()
    entity.parent = entity

    with (
        pytest.raises(IntegrityError, match="entity_is_not_its_own_parent"),
        writing(reason="made for a test"),
    ):
        entity.save()


def test_search_when_accents_plural_or_language_differ_finds_the_entity():
    entity = make_entity(name_es="Secretaría de Gestión Pública", name_en="Public Management Secretariat")

    for query in ("gestion publica", "SECRETARIAS", "secretariats", "Pública  gestión"):
        assert list(Entity.objects.search(query)) == [entity], query


def test_search_when_a_word_is_missing_or_there_is_none_finds_nothing():
    make_entity(name_es="Ministerio de Salud")

    for query in ("salud ambiente", "%", "_", '"', "  "):
        assert not Entity.objects.search(query).exists(), query


def test_entity_when_saved_by_staff_is_noted_in_the_log():
    entity = make_entity(acronym="MS")
    entity.acronym = "MINSA"
    with writing(reason="made for a test"):
        entity.save()

    assert last_change(entity).columns == {"acronym": ["MS", "MINSA"]}
