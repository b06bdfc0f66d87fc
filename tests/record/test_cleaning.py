import unicodedata

import pytest

from record.cleaning import clean, plain_dashes
from record.publication import clean_texts
from tests.factories import make_document, make_entity, make_entity_name


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("participacio\u0301n", "participación"),
        ("uno\r\ndos\rtres\u2028cuatro", "uno\ndos\ntres\ncuatro"),
        ("trans\u00adparencia", "transparencia"),
        ("datos\u200b abiertos\ufeff", "datos abiertos"),
        ("\ufeffuno", "uno"),
        ("uno\x00\x07dos", "unodos"),
        ("uno\tdos", "uno dos"),
        ("\u202euno\u202c", "uno"),
        ("uno\ud800", "uno"),
        (" \u00a0uno \n", "uno"),
        ("", ""),
    ],
)
def test_clean_text(typed, stored):
    assert clean(typed) == stored


def test_clean_text_stays_as_it_is():
    text = "Resolución N° 004-2013-PCM – «cita»…\n\n• punto\u00a0uno | dos “tres” 😀"

    assert clean(text) == text
    assert clean(clean("a\u0301\r\n\u00ad b")) == clean("a\u0301\r\n\u00ad b")


@pytest.mark.parametrize("dash", ["-", "–", "—", "‑", "‐", "−", "﹣", "－", "―", "⸺"])
def test_every_kind_of_dash_is_a_hyphen_in_a_code(dash):
    assert plain_dashes(f"2{dash}10") == "2-10"
    assert unicodedata.category(dash) in ("Pd", "Sm")


# What is saved, by whatever way.


@pytest.mark.django_db
def test_texts_of_a_row_are_saved_clean_and_found_by_their_clean_words():
    entity = make_entity(name_es=" Participacio\u0301n\u00ad\r\nciudadana ")

    assert entity.name_es == "Participación\nciudadana"
    entity.refresh_from_db()
    assert entity.name_es == "Participación\nciudadana"
    assert " participacion " in entity.search_text


@pytest.mark.django_db
def test_texts_without_a_twin_are_saved_clean_too():
    name = make_entity_name(spelling="MI\u00adNAM\ufeff", place="p.\u00a01\t")

    name.refresh_from_db()
    assert (name.spelling, name.place) == ("MINAM", "p.\u00a01")


@pytest.mark.django_db
def test_columns_that_were_not_read_are_not_read_to_be_cleaned(django_assert_num_queries):
    document = type(make_document()).objects.only("slug").get()

    with django_assert_num_queries(0):
        clean_texts(document)
