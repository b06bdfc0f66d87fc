"""Where a fact stands in its document, said in the reader's language or not turned at all."""

import pytest
from django.apps import apps
from django.template import engines
from django.utils import translation

from record.places import ENGLISH, INTO, SPANISH, place_in
from record.search import fold
from tests.factories import make_document, make_plan
from tests.record import record  # noqa: F401


def said(language, place):
    """Return a place as one text, what is printed in «»."""
    parts = place_in(language, place)
    return parts and "".join(f"«{words}»" if is_printed else words for words, is_printed in parts)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("Commitments sheet, row PE0006", "Hoja de compromisos, fila PE0006"),
        ('Record N°9, "Commitment programming"', "Ficha N°9, «Commitment programming»"),
        ("Section 1.1, II PAGA", "Sección 1.1, II PAGA"),
        ("Imprint", "Página de créditos"),
        (
            "Resources, items 13, 18 and 20 (titles of the reports)",
            "Recursos, números 13, 18 y 20 (títulos de los informes)",
        ),
        ('Table 1; section "Overview"', "Cuadro 1; sección «Overview»"),
        ("Section 5, C", "Sección 5, C"),
        ("Record N°6, note (*)", "Ficha N°6, nota (*)"),
    ],
)
def test_place_in_an_english_document_is_said_in_spanish(place, words):
    assert said("es", place) == words


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (
            'Ficha del compromiso 13, "Descripción" e "Información"',
            "Card of commitment 13, «Descripción» and «Información»",
        ),
        ("Sección 5, conclusión c)", "Section 5, conclusion c)"),
        ("Título del plan en la norma, “Rumbo”", "Title of the plan in the norm, «Rumbo»"),
        ("Síntesis del tema 1", "Summary of theme 1"),
    ],
)
def test_place_in_a_spanish_document_is_said_in_english(place, words):
    assert said("en", place) == words


@pytest.mark.parametrize(
    "place",
    [
        "Page 3",
        "Section 4, footnote",
        "Sections 4",
        "Tableau 1",
        "Section IVth",
        "row3",
        'Annexe "x"',
        "Table 1: cuadro",
    ],
)
def test_place_with_a_word_that_is_not_in_the_list_is_not_turned_at_all(place):
    assert place_in("es", place) is None


def test_lists_are_folded_and_say_something_else():
    for phrases in INTO.values():
        assert [phrase for phrase in phrases if phrase != fold(phrase)] == []
    assert [words for words in (*SPANISH.values(), *ENGLISH.values()) if not words.strip()] == []


def write(row):
    return engines["django"].from_string("{% load texts %}{% place row %}").render({"row": row})


@pytest.mark.django_db
def test_page_says_a_place_in_the_readers_language_and_quotes_what_is_printed():
    row = make_plan(document=make_document(language="en"), place='Record N°9, "Programming <b>"')

    with translation.override("es"):
        assert write(row) == 'Ficha N°9, <q lang="en">Programming &lt;b&gt;</q>'
        row.place = "Footnote 3"
        assert write(row) == '<span lang="en">Footnote 3</span>'
    with translation.override("en"):
        assert write(row) == "Footnote 3"
        row.place = 'Record N°9, "Programming"'
        assert write(row) == "Record N°9, <q>Programming</q>"


@pytest.mark.django_db
def test_every_place_of_the_record_is_said_in_the_other_language(record):  # noqa: F811
    other = {"es": "en", "en": "es"}
    models = [
        model
        for model in apps.get_models()
        if {"place", "document"} <= {field.name for field in model._meta.fields}
    ]

    places = {
        row
        for model in models
        for row in model._default_manager.values_list("document__language", "place")
        if all(row)
    }

    assert len(places) > 400
    assert {place for language, place in places if place_in(other[language], place) is None} == set()
