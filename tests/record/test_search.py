import pytest

from entities.models import Entity
from record.search import excerpt, fold, hits, index, matching, query_words, stem
from record.text import Text
from tests.factories import make_entity


def marked(text, query):
    return [text[start:end] for start, end in hits(text, query)]


def test_index_holds_words_and_stems_without_accents_each_once():
    found = index(["Niñez y niñez, GESTIÓN"], ["Cities"])

    assert {"ninez", "gestion", "cities", stem("cities", "en"), stem("gestión", "es")} <= set(found.split())
    assert found.count(" ninez ") == 1


def test_fold_takes_accents_and_capitals_away():
    assert fold("GESTIÓN de la Niñez") == "gestion de la ninez"


@pytest.mark.parametrize("query", ["", " ", '"', "%", "'; --", "¿?", "\t\n"])
def test_query_without_a_word_is_no_condition(query):
    assert query_words(query) == []
    assert matching(query) is None


def test_words_of_a_query_are_bounded():
    assert len(query_words(" ".join(str(number) for number in range(1000)))) == 12


@pytest.mark.parametrize(
    ("text", "query", "words"),
    [
        (Text("Las municipalidades de la NIÑEZ", "es"), "municipalidad ninez", ["municipalidades", "NIÑEZ"]),
        (Text("Citizens and cities", "en"), "citizen", ["Citizens"]),
        ("Open roads", "datos", []),
        (Text("nothing", "en"), "", []),
    ],
)
def test_hits_are_the_words_that_the_index_would_find(text, query, words):
    assert marked(text, query) == words


def test_hits_and_matching_agree_on_every_word():
    text = Text("Fortalecer la rendición de cuentas: 3 informes, año 2017, co-creación", "es")
    searchable = index([text], [])

    for query in ("rendiciones", "informe", "ano", "2017", "cocreacion", "co", "fortalece", "cuento"):
        forms = [value.strip() for value in _values(matching(query))]
        is_found = any(f" {form} " in searchable for form in forms)
        assert bool(hits(text, query)) == is_found, query


def _values(condition):
    for child in condition.children:
        if isinstance(child, tuple):
            yield child[1]
        else:
            yield from _values(child)


def test_excerpt_is_about_the_first_hit_and_cuts_between_words():
    text = Text("palabra " * 100 + "transparencia " + "palabra " * 100, "es", is_unofficial=True)

    part = excerpt(text, "transparencia", length=80)

    assert "transparencia" in part
    assert part.startswith("… palabra") and part.endswith("palabra …")
    assert len(part) < 100
    assert (part.lang, part.is_unofficial) == ("es", True)


@pytest.mark.parametrize("text", ["short", "x" * 1000, "word " * 3 + "y" * 500 + " end"])
def test_excerpt_of_any_text_holds_something_of_it(text):
    part = excerpt(text, "end", length=100)

    assert part.strip("… ")


def test_hits_in_a_text_of_one_language_are_by_its_endings_only():
    assert marked(Text("city", "en"), "cities") == ["city"]
    assert marked(Text("city", "es"), "cities") == []


def test_excerpt_of_a_table_has_no_bars():
    assert excerpt(Text("Meta | Avance | 50 %", "es"), "avance") == "Meta · Avance · 50 %"


@pytest.mark.django_db
def test_words_are_found_whole_the_last_one_too():
    entity = make_entity(name_es="Red de transporte al sol", name_en="", acronym="")

    assert list(Entity.objects.search("sol")) == list(Entity.objects.search("red")) == [entity]
    for part in ("transp", "porte", "so", "ol"):
        assert list(Entity.objects.search(part)) == []


@pytest.mark.django_db
def test_rows_found_alike_stand_in_their_usual_order():
    last, first = make_entity(name_es="Salud Z"), make_entity(name_es="Salud A")

    assert list(Entity.objects.search("salud")) == [first, last]


@pytest.mark.django_db
def test_row_is_named_by_its_identifier_with_blanks_around_it():
    named, other = make_entity(acronym="MINSA"), make_entity(name_es="MINSA y otros")

    found = Entity.objects.search("  minsa ")

    assert [(row, row.search_rank) for row in found] == [(named, 0), (other, 1)]
