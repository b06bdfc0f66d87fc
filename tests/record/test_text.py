import pickle

import pytest
from django.utils import translation

from record.text import Text, digest
from record.writing import writing
from tests.factories import make_entity

pytestmark = pytest.mark.django_db


def test_bilingual_reads_the_readers_language():
    entity = make_entity(name_es="Ministerio de Salud", name_en="Ministry of Health")

    with translation.override("en"):
        name = entity.name

    assert (name, name.lang, name.is_fallback) == ("Ministry of Health", "en", False)


def test_bilingual_when_the_readers_language_is_missing_gives_the_other_and_says_so():
    entity = make_entity(name_es="Ministerio de Salud", name_en="")

    with translation.override("en"):
        name = entity.name
        assert (name, name.lang, name.is_fallback) == ("Ministerio de Salud", "es", True)


def test_unofficial_when_the_original_changes_is_stale_until_the_translation_changes_too():
    entity = make_entity(name_es="Nombre", name_en="Name", unofficial={"name_en": ""})
    assert entity.name_en and not entity.is_stale("name_en")

    entity.name_es = "Otro nombre"
    with writing(reason="made for a test"):
        entity.save()
    assert entity.is_unofficial("name_en") and entity.is_stale("name_en")

    entity.name_en = "Another name"
    with writing(reason="made for a test"):
        entity.save()
    assert not entity.is_stale("name_en")


def store(row, **columns):
    """Write columns of a row as they are, past everything that would clean them."""
    with writing(reason="made for a test"):
        type(row)._base_manager.filter(pk=row.pk).update(**columns)
    row.refresh_from_db()


def test_translation_stays_stale_when_its_text_is_only_cleaned():
    entity = make_entity(name_es="Nombre", name_en="Name", unofficial={"name_en": ""})
    store(entity, name_es="Otro nombre", name_en="Na\u00adme")

    with writing(reason="made for a test"):
        entity.save()

    assert entity.name_en == "Name"
    assert entity.is_stale("name_en")


def test_translation_stays_fresh_when_its_original_is_only_cleaned():
    entity = make_entity(name_es="Nombre", name_en="Name", unofficial={"name_en": ""})
    raw = "Nom\u00adbre"
    store(entity, name_es=raw, unofficial={"name_en": digest(raw)})

    with writing(reason="made for a test"):
        entity.save()

    assert entity.name_es == "Nombre"
    assert not entity.is_stale("name_en")


def test_bilingual_text_tells_that_it_is_a_translation_of_ours():
    entity = make_entity(name_es="Nombre", name_en="Name", unofficial={"name_en": ""})

    with translation.override("en"):
        assert entity.name.is_unofficial
    with translation.override("es"):
        assert not entity.name.is_unofficial


def test_text_keeps_what_it_knows_in_a_cache():
    text = pickle.loads(pickle.dumps(Text("hola", "es", True, True)))

    assert (text, text.lang, text.is_unofficial, text.is_stale) == ("hola", "es", True, True)
