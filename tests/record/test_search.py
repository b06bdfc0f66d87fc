import pytest

from record.search import excerpt, fold, hits, index, matching, stem, terms_of
from record.text import Text


def marked(text, query):
    return [text[start:end] for start, end in hits(text, query)]


def test_index_holds_words_and_stems_without_accents_each_once():
    found = index(["Niñez y niñez, GESTIÓN"], ["Cities"])

    words, forms = found.strip("~").split(" ~")
    assert words == " ninez y ninez gestion | cities"
    forms = forms.split("~")
    assert {"ninez", "gestion", "cities", stem("cities", "en"), stem("gestión", "es")} <= set(forms)
    assert forms.count("ninez") == 1


def test_fold_takes_accents_and_capitals_away():
    assert fold("GESTIÓN de la Niñez") == "gestion de la ninez"


@pytest.mark.parametrize("query", ["", " ", '"', "%", "'; --", "¿?", "\t\n"])
def test_query_without_a_word_is_no_condition(query):
    assert terms_of(query) == ()
    assert matching(query) is None


def test_words_of_a_query_are_bounded():
    assert len(terms_of(" ".join(str(number) for number in range(1000)))) == 12


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
        is_found = any(needle in searchable for needle in _values(matching(query)))
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
