import pytest
from django.utils import translation

from entities.models import Entity
from record.order import ORDER_COLUMNS, sort_key
from tests.factories import make_entity

NAMES = [
    "Zeta",
    "ñandú",
    "nube",
    "¿Qué?",
    "Ábaco",
    "abeja",
    "2 de Mayo",
    "ABEJA",
    "Nz",
    "Ñandú sur",
    "Árbol",
    "10",
]
IN_SPANISH = [
    "10",
    "2 de Mayo",
    "Ábaco",
    "abeja",
    "ABEJA",
    "Árbol",
    "nube",
    "Nz",
    "ñandú",
    "Ñandú sur",
    "¿Qué?",
    "Zeta",
]
IN_ENGLISH = [
    "10",
    "2 de Mayo",
    "Ábaco",
    "abeja",
    "ABEJA",
    "Árbol",
    "ñandú",
    "Ñandú sur",
    "nube",
    "Nz",
    "¿Qué?",
    "Zeta",
]


@pytest.mark.parametrize(("lang", "names"), [("es", IN_SPANISH), ("en", IN_ENGLISH)])
def test_names_sort_without_regard_to_case_accents_and_punctuation(lang, names):
    assert sorted(NAMES, key=lambda name: sort_key(name, lang)) == names


@pytest.mark.parametrize("name", ["n\u0303andu\u0301", "Ñan\u00addú", "ÑANDU", "«ñandú»"])
def test_names_that_look_alike_have_one_place(name):
    assert sort_key(name, "es") == sort_key("ñandú", "es")


@pytest.mark.django_db
@pytest.mark.parametrize(("lang", "names"), [("es", IN_SPANISH), ("en", IN_ENGLISH)])
def test_database_sorts_as_the_alphabet_does(lang, names):
    for name in NAMES:
        make_entity(name_es=name, name_en="")

    rows = Entity.objects.order_by(ORDER_COLUMNS[lang], "id")

    assert [row.name_es for row in rows] == names


@pytest.mark.django_db
def test_rows_sort_by_the_text_that_the_reader_sees():
    make_entity(name_es="Zapato", name_en="Apple")
    make_entity(name_es="Banco", name_en="")
    make_entity(name_es="Agua", name_en="Water")

    for lang, names in (("es", ["Agua", "Banco", "Zapato"]), ("en", ["Apple", "Banco", "Water"])):
        with translation.override(lang):
            assert [str(row.name) for row in Entity.objects.in_reading_order()] == names
