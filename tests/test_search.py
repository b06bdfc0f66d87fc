"""Searching everything: the page and the API, the same hits on every database."""

import re
from datetime import date

import pytest

from tests import api
from tests.factories import (
    make_assessment,
    make_commitment,
    make_commitment_item,
    make_commitment_title,
    make_document,
    make_entity,
    make_entity_name,
    make_listing,
    make_milestone,
    make_plan,
    make_recommendation,
    make_report,
    make_responsibility,
    make_section,
    make_term,
    make_update,
)
from tests.once import made_once
from tests.pages import address, codes, queries, read

pytestmark = pytest.mark.django_db


def found(client, q, **params):
    """Return (kind, id) of what the API finds, the best first."""
    rows = api.get(client, "search/", q=q, **params)["results"]
    return [(row["kind"], row["id"]) for row in rows]


@pytest.fixture
@made_once
def corpus():
    """Make one of every kind with the word 'vigilancia' in its text or title."""
    plan = make_plan(number=7)
    report = make_report(plan=plan, slug="7-report")
    make_commitment(plan=plan, number=1, title_es="Vigilancia ciudadana", title_en="Oversight")
    make_commitment(plan=plan, number=2, title_es="Otro", description_es="Con vigilancia.")
    milestone = make_milestone(
        commitment=make_commitment(plan=plan, number=3), number=1, activity_es="Comités de vigilancia"
    )
    make_update(milestone=milestone, text_es="Se formaron los comités.")
    make_entity(slug="comite", name_es="Comité de Vigilancia")
    make_document(slug="guide", title_es="Guía de vigilancia")
    make_recommendation(slug="r1", report=report, text_es="Crear espacios", answer_es="De vigilancia")
    make_section(slug="lessons", report=report, heading_es="Lecciones", text_es="Sobre vigilancia")
    make_term(slug="oversight", term_es="Vigilancia")
    return plan


def test_every_kind_is_found_with_title_hits_first(client, corpus):
    hits = found(client, "vigilancia")

    assert hits == [
        ("commitment", "7-1"),
        ("entity", "comite"),
        ("term", "oversight"),
        ("document", "guide"),
        ("milestone", "7-3-1"),
        ("commitment", "7-2"),
        ("recommendation", "r1"),
        ("section", "lessons"),
    ]


@pytest.mark.parametrize(
    "query", ["VIGILANCIA", "vigilancias", "vigiláncia", "  vigilancia ", "vigilancia vigilancia"]
)
def test_accents_capitals_and_endings_do_not_matter(client, corpus, query):
    assert len(found(client, query)) == 8


def test_every_word_must_occur_in_whatever_order(client, corpus):
    assert found(client, "ciudadana vigilancia") == [("commitment", "7-1")]
    assert found(client, "vigilancia nada") == []


def test_both_languages_are_searched_whatever_the_readers(client):
    make_commitment(plan=make_plan(number=7), number=1, title_es="Salud", title_en="Health services")

    assert found(client, "health", lang="es") == found(client, "salud", lang="en") == [("commitment", "7-1")]


@pytest.mark.parametrize("query", ["7-2", "pe0099", "3.m"])
def test_commitment_that_is_named_comes_first(client, query):
    plan = make_plan(number=7)
    make_commitment(plan=plan, number=1, title_es="PE0099 7 2 3 m")
    make_commitment(plan=plan, number=2, ogp_id="PE0099", label="3.m")

    assert found(client, query)[0] == ("commitment", "7-2")


def test_entity_is_found_by_any_of_its_names_and_by_its_acronym(client):
    entity = make_entity(slug="minam", name_es="Ministerio del Ambiente", acronym="MINAM")
    make_entity_name(entity=entity, spelling="Ministry of the Environment", language="en")

    for query in ("minam", "environment ministry", "ministerio ambiente"):
        assert found(client, query) == [("entity", "minam")]


def test_commitment_is_found_by_its_cards_and_milestone_by_its_updates(client):
    milestone = make_milestone(commitment=make_commitment(plan=make_plan(number=7), number=1), number=1)
    make_assessment(commitment=milestone.commitment, results="Un piloto en Loreto")
    make_update(milestone=milestone, text_es="Taller en Tacna")

    assert found(client, "loreto") == [("commitment", "7-1")]
    assert found(client, "tacna") == [("milestone", "7-1-1")]


def test_drafts_are_not_found(client):
    draft = make_plan(status="draft")
    milestone = make_milestone(
        commitment=make_commitment(plan=draft, title_es="Secreto"), activity_es="Secreto"
    )
    make_section(plan=draft, text_es="Secreto")
    make_recommendation(status="draft", text_es="Secreto")
    public = make_milestone(commitment=make_commitment(plan=make_plan()))
    make_update(milestone=public, text_es="Secreto", workflow="draft")
    make_assessment(
        commitment=public.commitment,
        report=make_report(plan=public.commitment.plan, status="draft"),
        results="Secreto",
    )

    assert milestone.pk
    assert found(client, "secreto") == []


def test_kind_and_plan_narrow_what_is_found(client, corpus):
    other = make_plan(number=8)
    make_commitment(plan=other, number=1, title_es="Vigilancia")
    make_listing(work=make_document(slug="other", title_es="Vigilancia"), plan=other)
    make_responsibility(
        commitment=make_commitment(plan=other),
        entity=make_entity(slug="x", name_es="Vigilancia"),
        role="support",
    )

    assert found(client, "vigilancia", kind="entity") == [("entity", "x"), ("entity", "comite")] or set(
        found(client, "vigilancia", kind="entity")
    ) == {("entity", "x"), ("entity", "comite")}
    assert found(client, "vigilancia", plan="8") == [
        ("commitment", "8-1"),
        ("entity", "x"),
        ("document", "other"),
    ]


def test_hit_says_what_it_is_where_the_words_stand_and_what_proves_it(client, corpus):
    row = next(
        row for row in api.get(client, "search/", q="vigilancia", lang="es")["results"] if row["id"] == "7-2"
    )

    assert (row["rank"], row["plan"], row["title"]) == (2, 7, "Otro")
    assert (row["excerpt"], row["excerpt_lang"]) == ("Con vigilancia.", "es")
    assert row["api_url"].endswith("/api/v1/commitments/7-2/")
    assert row["url"].endswith("/es/compromisos/7-2/")
    assert row["sources"][0]["place"] == "p. 1"


@pytest.mark.parametrize("query", ["", '"', "%", "_", "' OR 1=1 --", "((((", "*", "\\", "🙂", "<script>"])
def test_query_without_a_known_word_finds_nothing_and_helps(client, corpus, query):
    assert found(client, query) == []

    for lang in ("es", "en"):
        page = client.get(address("search", lang=lang), {"q": query}, follow=True)
        assert page.status_code == 200
        assert b"<script>alert" not in page.content
        assert address("glossary", lang=lang).encode() in page.content


def test_query_that_is_too_long_or_has_a_nul_is_refused_with_words(client):
    for query, code in (("a" * 201, "too_long"), ("a\0b", "nul")):
        assert api.errors(client, "search/", q=query) == [("q", code)]
        assert client.get(address("search"), {"q": query}).status_code == 400


def test_unknown_names_and_values_are_refused(client):
    assert api.errors(client, "search/", q="a", x="1") == [("x", "unknown_parameter")]
    assert api.errors(client, "search/", q="a", kind="minister") == [("kind", "unknown_value")]
    assert client.get(address("search"), {"q": "a", "kind": "minister"}).status_code == 400


def test_page_marks_the_words_and_counts_each_kind(client, corpus):
    body = client.get(address("search", lang="es"), {"q": "vigilancias"}).content.decode()

    assert "<mark>Vigilancia</mark> ciudadana" in body
    assert "Con <mark>vigilancia</mark>." in body
    assert "Todo (8)" in body
    assert "Compromisos (2)" in body


def test_page_of_one_kind_keeps_the_counts_of_all(client, corpus):
    page = read(client, "search", q="vigilancia", kind="term", lang="es")

    assert "1 resultado para «vigilancia»" in page
    assert "Todo (8)" in page


def test_page_shows_the_level_of_a_commitment_with_author_and_date(client):
    commitment = make_commitment(plan=make_plan(number=7), title_en="Roads")
    make_assessment(commitment=commitment, level="limited")

    assert "Limited Government, end-term, as of 30 September 2017" in read(client, "search", q="roads")


def test_page_that_finds_nothing_says_which_words_occur_and_offers_a_like_one(client, corpus):
    page = read(client, "search", q="vijilancia ciudadana", lang="es")

    assert "No hay resultados con todas las palabras de «vijilancia ciudadana»" in page
    assert (
        "«vijilancia» no está en ninguno de los textos en los que se busca. ¿Quiso decir vigilancia?" in page
    )
    assert "ciudadana: aparece en 1 entrada" in page


@pytest.mark.parametrize(("number", "is_told"), [(12, False), (13, True)])
def test_search_says_that_it_looked_for_the_first_words_only(client, corpus, number, is_told):
    page = read(client, "search", q=" ".join(f"w{n}" for n in range(number)), lang="es")

    assert ("Solo se buscaron las primeras 12 palabras." in page) == is_told


def test_help_with_a_long_query_is_short_and_costs_no_more_than_that_with_a_short_one(client, corpus):
    words = [f"vijilancia{letter}" for letter in "abcdefghijkl"]

    body = client.get(address("search", lang="es"), {"q": " ".join(words)}).content.decode()

    assert [word for word in words if f"«{word}» no está en ninguno" in body] == words[:6]
    assert body.count("¿Quiso decir") == 4
    asked = [queries(client, address("search", lang="es") + f"?q={'+'.join(words[:n])}") for n in (2, 5)]
    assert asked[0] == asked[1]


def test_pages_of_a_search_do_not_overlap_and_cover_all(client):
    plan = make_plan(number=7)
    for number in range(1, 46):
        make_commitment(plan=plan, number=number, title_es="Camino")

    ids = [found(client, "camino", page_size="20", page=str(page)) for page in (1, 2, 3)]

    assert sum(ids, []) == [("commitment", f"7-{number}") for number in range(1, 46)]
    assert "Page 3 of 3" in read(client, "search", q="camino", page="3")


def test_csv_has_the_same_hits(client, corpus):
    rows = api.table(client, "search/", q="vigilancia")

    assert [(row["kind"], row["id"]) for row in rows] == found(client, "vigilancia")


def test_lists_with_words_put_title_hits_first_and_an_ordering_wins(client, corpus):
    make_commitment(plan=corpus, number=9, title_es="Vigilancia")

    assert api.results(client, "commitments/", q="vigilancia") == ["7-1", "7-9", "7-2"]
    assert api.results(client, "commitments/", q="vigilancia", ordering="-code") == ["7-9", "7-2", "7-1"]


def test_number_of_queries_stays_the_same_with_more_hits(client, corpus):
    path = f"{address('search', lang='es')}?q=vigilancia"
    few = queries(client, path)
    for number in range(20, 24):
        make_milestone(
            commitment=make_commitment(plan=corpus, number=number, title_es="Vigilancia"),
            activity_es="Vigilancia",
        )
        make_entity_name(entity=make_entity(name_es="Vigilancia"))
        make_listing(work=make_document(title_es="Vigilancia"))
        make_recommendation(text_es="Vigilancia")
        make_section(text_es="Vigilancia")
        make_term(term_es="Vigilancia", document=make_document())
        make_assessment(
            report=make_report(plan=corpus, cutoff_on=date(2016, 1, number)), results="Vigilancia"
        )

    assert queries(client, path) <= few


def test_search_page_is_not_for_search_engines(client):
    assert b'<meta name="robots" content="noindex">' in client.get(address("search")).content


def test_commitment_is_found_by_who_leads_it_in_every_spelling(client):
    plan = make_plan(number=7)
    entity = make_entity(name_es="Ministerio de Salud", name_en="Ministry of Health", acronym="MINSA")
    make_entity_name(entity=entity, spelling="Sector Sanitario")
    for number, role in enumerate(("lead", "co_lead", "support", "monitoring"), start=1):
        make_responsibility(commitment=make_commitment(plan=plan, number=number), entity=entity, role=role)
    make_responsibility(
        commitment=make_commitment(plan=plan, number=5), entity=None, name_as_printed="Gobiernos locales"
    )

    for query in ("minsa", "ministerio salud", "ministry of health", "sanitarios", '"sector sanitario"'):
        assert api.results(client, "commitments/", q=query) == ["7-1", "7-2"], query
    assert api.results(client, "commitments/", q="gobierno local") == ["7-5"]
    assert found(client, "minsa")[0] == ("entity", entity.slug)


def test_commitment_is_not_found_by_who_leads_it_in_a_draft_report(client):
    commitment = make_commitment(plan=make_plan(number=7), number=1)
    report = make_report(plan=commitment.plan, status="draft")
    make_responsibility(commitment=commitment, entity=make_entity(name_es="Secreto"), report=report)

    assert api.results(client, "commitments/", q="secreto") == []


def test_words_may_be_spread_over_what_belongs_to_a_row(client):
    plan = make_plan(number=7)
    spread, other = (
        make_commitment(plan=plan, number=1, title_es="Datos"),
        make_commitment(plan=plan, number=2),
    )
    make_responsibility(commitment=spread, entity=make_entity(name_es="Ministerio de Salud"))
    make_commitment_item(commitment=spread, text_es="Un padrón nominal")
    make_commitment_item(commitment=other, text_es="Un padrón")
    milestone = make_milestone(commitment=other, number=1, activity_es="Taller")
    make_update(milestone=milestone, text_es="En Tacna")

    assert found(client, "salud datos padrón", kind="commitment") == [("commitment", "7-1")]
    assert found(client, "taller tacna") == [("milestone", "7-2-1")]


def test_commitment_is_found_by_its_items_and_other_titles_which_are_quoted(client):
    commitment = make_commitment(plan=make_plan(number=7), number=1)
    make_commitment_item(commitment=commitment, text_es="Tablero publicado", kind="footnote")
    make_commitment_title(commitment=commitment, title="Water for all", language="en")
    make_responsibility(commitment=commitment, entity=make_entity(name_es="Aduanas", acronym="ADU"))

    for query, excerpt in (
        ("tableros", "Tablero publicado"),
        ("water", "Water for all"),
        ("adu", "Aduanas (ADU)"),
    ):
        row = next(
            row for row in api.get(client, "search/", q=query)["results"] if row["kind"] == "commitment"
        )
        assert (row["id"], row["rank"], row["excerpt"]) == ("7-1", 2, excerpt)


def test_phrase_is_found_where_its_words_follow_each_other(client):
    plan = make_plan(number=7)
    make_commitment(plan=plan, number=1, title_es="Portal de (DATOS), «Abiertos»")
    make_commitment(plan=plan, number=2, title_es="Abiertos los datos", description_es="Datos\nabiertos.")
    make_commitment(plan=plan, number=3, title_es="Datos más abiertos")
    make_commitment(plan=plan, number=4, title_es="Dato abierto")
    make_commitment(plan=plan, number=5, title_es="Los datos", description_es="Abiertos")
    make_commitment(plan=plan, number=6, title_es="Datos", title_en="Abiertos")

    for query in ('"datos abiertos"', "“DATOS ABIERTOS”", "«dátos – abiertos»"):
        assert api.results(client, "commitments/", q=query) == ["7-1", "7-2"], query
    assert api.results(client, "commitments/", q='"abiertos datos"') == []
    assert api.results(client, "commitments/", q='"datos abiertos" portal') == ["7-1"]
    assert len(api.results(client, "commitments/", q='"datos abiertos')) == 6
    assert [row["code"] for row in api.table(client, "commitments/", q='"datos abiertos"')] == ["7-1", "7-2"]
    assert codes(client, "commitments:commitment-list", q='"datos abiertos"') == ["7-1", "7-2"]


def test_synonym_is_found_with_what_it_ranks_by(client):
    plan = make_plan(number=7)
    make_commitment(plan=plan, number=1, title_es="Datos abiertos")
    make_commitment(plan=plan, number=2, title_es="Otro", title_en="Open data")
    make_commitment(plan=plan, number=3, title_es="Abiertos", description_es="Datos")

    for query in ("datos abiertos", "open data", "OPEN DATA"):
        assert api.results(client, "commitments/", q=query) == ["7-1", "7-2", "7-3"]
    assert api.results(client, "commitments/", q='"open data"') == ["7-2"]


def test_page_marks_phrases_and_synonyms(client):
    make_commitment(
        plan=make_plan(number=7), title_es="Los datos abiertos y datos", description_en="An open data hub"
    )

    body = client.get(address("search", lang="es"), {"q": '"datos abiertos"'}).content.decode()
    assert "Los <mark>datos abiertos</mark> y datos" in body

    body = client.get(address("search", lang="es"), {"q": "open data hub"}).content.decode()
    assert "Los <mark>datos</mark> <mark>abiertos</mark>" in body
    assert "An <mark>open</mark> <mark>data</mark> <mark>hub</mark>" in body


def test_hopeless_phrase_and_synonym_get_help_word_by_word(client, corpus):
    page = read(client, "search", q='"vigilancia oversigth" datos abiertos')

    assert '“"vigilancia oversigth"” is in none of the texts' in page
    assert "vigilancia: 8 entries have it" in page
    assert "“oversigth” is in none of the texts that are searched. Did you mean oversight?" in page
    assert "“datos abiertos” is in none" in page
    assert "“abiertos” is in none" in page


@pytest.mark.parametrize(
    "query",
    [
        '"' * 200,
        "– — − ‑ -",
        "🙂🙂 🇵🇪",
        "\u202evigilancia\u202c \u200f",
        " ".join(['"a b"'] * 33),
        " ".join(f"w{number}" for number in range(50)),
        "TIC MRI OGP OCDE PAGA TIC, MRI. OGP datos abiertos open data",
        "%%%%____~~~~||||",
        "d.s. " * 30 + "004-2013",
        "‘" * 100 + "’" * 100,
        "ﷺ ß ﬁ İ ñ́",
    ],
)
def test_odd_queries_are_answered_in_few_queries(client, corpus, query, django_assert_max_num_queries):
    with django_assert_max_num_queries(130):
        assert client.get(address("search", lang="es"), {"q": query}).status_code == 200
    api.get(client, "search/", q=query)
    api.get(client, "commitments/", q=query)


def test_code_in_a_parameter_is_read_with_any_dash_and_spaces(client):
    milestone = make_milestone(commitment=make_commitment(plan=make_plan(number=7), number=1), number=1)

    for code in ("7\u20131", "7\u20111", "7\u22121", " 7-1 ", "7\u200b-1"):
        assert api.results(client, "milestones/", commitment=code) == [milestone.code], code


def test_value_of_blanks_or_of_nothing_visible_is_absent(client, corpus):
    for value in (" ", "\u200b", "\u00ad \t"):
        assert len(api.results(client, "commitments/", q=value)) == 3


def test_form_keeps_what_was_typed_clean(client):
    make_commitment(plan=make_plan(number=7), number=1, title_es="Agua")

    body = client.get(address("commitments:commitment-list"), {"q": " A\u00adgua\u200b ", "plan": "7 "})
    assert b'name="q" value="Agua"' in body.content
    assert b'value="7" checked' in body.content


def test_search_ties_begin_with_the_newest_plan_on_the_page_and_not_in_the_api(client):
    for plan in (make_plan(number=7), make_plan(number=8)):
        for number in (1, 2):
            make_milestone(
                commitment=make_commitment(plan=plan, number=number, title_es="Camino"),
                number=1,
                activity_es="Camino",
            )

    body = client.get(address("search"), {"q": "camino"}).content.decode()

    newest_first = ["8-1", "8-2", "7-1", "7-2", "8-1-1", "8-2-1", "7-1-1", "7-2-1"]
    assert re.findall(r'<span class="code">([^<]*)</span>', body) == newest_first
    assert [key for _kind, key in found(client, "camino", kind="commitment")] == ["7-1", "7-2", "8-1", "8-2"]


def test_underscore_of_a_word_stands_for_no_other_letter_in_what_belongs_to_a_row(client):
    milestone = make_milestone()
    make_update(milestone=milestone, text_es="El archivo axb se publicó")
    assert found(client, "a_b") == []
    make_update(milestone=milestone, number=2, text_es="El archivo a_b se publicó")
    assert len(found(client, "a_b")) == 1
