import pytest
import yaml
from django.conf import settings

from entities.models import Entity
from record.search import excerpt, fold, index, matching, share_found, spans_found, stem, terms_of, words_of
from record.text import Text
from tests.factories import make_entity


def marked(text, query):
    return [text[start:end] for start, end in spans_found(text, query)]


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
        assert bool(spans_found(text, query)) == is_found, query


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


def typed(query):
    return [term.typed for term in terms_of(query)]


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ('"presupuesto público" salud', ['"presupuesto público"', "salud"]),
        ("salud “presupuesto, público”", ["salud", '"presupuesto público"']),
        ("«presupuesto» ‘el agua’ ‹la luz›", ['"presupuesto"', '"el agua"', '"la luz"']),
        ('"presupuesto público', ["presupuesto", "público"]),
        ('salud" agua', ["salud", "agua"]),
        ('"" agua "¿?"', ["agua"]),
        ("Qhapaq Ñan’s agua", ["qhapaq", "ñan", "s", "agua"]),
        ('"' * 200, []),
        ("– — ‑ -", []),
        ("salud salud", ["salud"]),
    ],
)
def test_terms_are_words_and_what_stands_in_closed_quotation_marks(query, terms):
    assert typed(query) == terms


@pytest.mark.parametrize(
    "query",
    [
        "004-2013-PCM",
        "D.S. 004-2013-PCM",
        "D. S. N° 004-2013-PCM",
        "DS Nº 004-2013-PCM",
        "R.M. N.° 004-2013-PCM",
        "R.M. N.º 004-2013-PCM",
        "Decreto Supremo nro. 004-2013-PCM",
        "decreto de urgencia 004–2013–PCM",
    ],
)
def test_number_of_a_norm_stands_for_the_norm(query):
    assert typed(query) == ["004", "2013", "pcm"]


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("Ley N° 27806", ["27806"]),
        ("ley 2015", ["ley", "2015"]),
        ("resolución 2-10", ["resolución", "2", "10"]),
        ("transparencia ley 27806", ["transparencia", "27806"]),
        ("ley de transparencia", ["ley", "de", "transparencia"]),
    ],
)
def test_words_before_other_numbers_are_looked_for(query, terms):
    assert typed(query) == terms


def test_synonyms_of_a_query_are_bounded():
    terms = terms_of("TIC, MRI, OGP, OCDE, PAGA")

    assert [len(term.spellings) > 1 for term in terms] == [True, True, True, False, False]


def test_synonyms_of_words_are_found_in_their_forms_and_those_of_acronyms_are_not():
    assert len(terms_of("dato abierto")) == 1
    assert typed("pagos") == ["pagos"]
    assert spans_found("El pago se hizo", "PAGA") == []


def test_synonyms_have_words_and_no_spelling_stands_twice():
    groups = yaml.safe_load(settings.SYNONYMS_FILE.read_text(encoding="utf-8"))

    spellings = [" ".join(words_of(fold(spelling))) for group in groups for spelling in group]

    assert all(isinstance(spelling, str) for group in groups for spelling in group)
    assert all(spellings)
    assert len(spellings) == len(set(spellings))
    assert all(len(group) > 1 for group in groups)
    assert len(groups) > 12


@pytest.mark.parametrize(
    ("text", "query", "words"),
    [
        ("Datos, abiertos y datos", '"datos abiertos"', ["Datos, abiertos"]),
        ("Portal de Datos Abiertos de datos", '"de datos"', ["de Datos", "de datos"]),
        ("dato abierto", '"datos abiertos"', []),
        ("The open data of an open State", "datos abiertos", ["open", "data", "open"]),
        ("The open State", "datos abiertos", []),
        ("el el el", '"el el"', ["el el el"]),
    ],
)
def test_hits_cover_phrases_and_whole_synonyms(text, query, words):
    assert marked(text, query) == words


def test_hits_leave_little_words_out_beside_others_and_keep_them_alone():
    text = "Ministerio de Salud"

    assert [text[start:end] for start, end in spans_found(text, "de salud", {"de"})] == ["Salud"]
    assert [text[start:end] for start, end in spans_found(text, "de", {"de"})] == ["de"]


@pytest.mark.parametrize(
    ("text", "query", "share"),
    [
        ("Datos de salud", "salud datos", 1),
        ("Datos de salud", "salud agua", 0.5),
        ("Datos de salud", '"datos salud"', 0),
        ("Datos de salud", "datos abiertos", 0.5),
        ("The open data", "datos abiertos", 1),
        ("Datos de salud", "¿?", 0),
    ],
)
def test_share_found_counts_terms_and_the_parts_of_synonyms(text, query, share):
    assert share_found(text, query) == share


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
