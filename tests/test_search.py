"""Searching everything: the page and the API, the same hits on every database."""

import re
from datetime import date

import pytest

from ogp_portal.search import Corpus
from record.writing import writing
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
    make_policy_area,
    make_recommendation,
    make_report,
    make_responsibility,
    make_section,
    make_term,
    make_update,
)
from tests.once import made_once
from tests.pages import address, bare, codes, queries, read, section

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
    page = read(client, "search", q="vigilancia", kind="term")

    assert "“vigilancia”: 1 word of the glossary" in page
    assert "All (8)" in page


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
    pages = [codes(client, "search", q="camino", kind="commitment", page=page) for page in (1, 2, 3)]
    assert sum(pages, []) == [f"7-{number}" for number in range(1, 46)]
    assert [len(page) for page in pages] == [20, 20, 5]


def test_csv_has_the_same_hits(client, corpus):
    rows = api.table(client, "search/", q="vigilancia")

    assert [(row["kind"], row["id"]) for row in rows] == found(client, "vigilancia")


def test_lists_with_words_put_title_hits_first_and_an_ordering_wins(client, corpus):
    make_commitment(plan=corpus, number=9, title_es="Vigilancia")

    assert api.results(client, "commitments/", q="vigilancia") == ["7-1", "7-9", "7-2"]
    assert api.results(client, "commitments/", q="vigilancia", ordering="-code") == ["7-9", "7-2", "7-1"]


def test_number_of_queries_stays_the_same_with_more_hits(client, corpus):
    path = f"{address('search', lang='es')}?q=vigilancia"
    for number in range(20, 25):
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
        # With two more of each there is all that an overview tells: one is meant, one is listed.
        if number == 21:
            few = queries(client, path)

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


def title(client, q, lang="en", **params):
    """Return the words of the title of the page of a search."""
    body = client.get(address("search", lang=lang), {"q": q} | params).content.decode()
    return bare(re.search(r"<h1.*?</h1>", body, re.DOTALL).group())


def headings(client, q, **params):
    """Return the headings of the page of a search, in their order."""
    body = client.get(address("search"), {"q": q} | params).content.decode().partition("<main")[2]
    return [bare(each) for each in re.findall(r"<h[12].*?</h[12]>", body, re.DOTALL)]


def test_title_counts_what_was_found_kind_by_kind(client, corpus):
    named = "1 topic, 2 commitments, 1 institution"
    assert title(client, "vigilancia") == f"“vigilancia”: {named} and 5 more"
    assert title(client, "ciudadana") == "“ciudadana”: 1 commitment"
    assert title(client, "vigilancia", kind="milestone") == "“vigilancia”: 1 milestone"


def test_overview_has_a_group_for_each_kind_the_best_hits_first_and_leads_to_the_whole_list(client):
    plan = make_plan(number=7)
    for number in range(1, 10):
        make_commitment(plan=plan, number=number, title_es="Otro", description_es="Camino")
    for number in range(6):
        make_document(slug=f"camino-{number}", title_es="Camino")

    response = client.get(address("search"), {"q": "camino"})
    body = response.content.decode()

    assert headings(client, "camino")[1:] == ["Documents 6", "Commitments 9"]
    assert codes(client, "search", q="camino") == [f"7-{number}" for number in range(1, 9)]
    assert "See all 9" in section(response, "commitment")
    assert section_of(body, "document").count("/documents/camino-") == 5
    assert 'href="?q=camino&amp;kind=document"' in section_of(body, "document")
    assert "See all" not in read(client, "search", q="camino", kind="commitment")


def section_of(body, name):
    return re.search(rf'<section aria-labelledby="{name}">.*?</section>', body, re.DOTALL).group()


@pytest.mark.parametrize(
    "query",
    [
        "minsa",
        "MINSA",
        "“MINSA”",
        "Ministerio de Salúd",
        "ministry of health",
        "Sector Sanitario",
        "el-minsa",
    ],
)
def test_institution_that_is_named_leads_with_what_it_answers_for(client, query):
    plan = make_plan(number=7, starts_on=date(2014, 1, 1), ends_on=date(2016, 12, 31))
    entity = make_entity(
        slug="el-minsa", name_es="Ministerio de Salud", name_en="Ministry of Health", acronym="MINSA"
    )
    make_entity_name(entity=entity, spelling="Sector Sanitario")
    make_entity_name(entity=entity, spelling="El MINSA")
    make_entity(name_es="Ministerio de Salud y Ambiente", acronym="MSA")
    led, other = (make_commitment(plan=plan, number=number, title_es="Otro") for number in (1, 2))
    make_responsibility(commitment=led, entity=entity, role="lead")
    make_responsibility(commitment=other, entity=entity, role="support")
    make_assessment(commitment=led, level="limited")

    response = client.get(address("search"), {"q": query})
    said = section(response, "meant-entity")

    assert headings(client, query)[1] == "MINSA – Ministry of Health"
    assert "MINSA answered for 1 promise, none complete according to a report" in said
    assert "7-1" in said
    assert "plan VII · Limited, Government 2017" in said
    assert "7-2" not in said
    # What was said above is not said again.
    assert codes(client, "search", q=query) == ["7-1"]


def test_institution_without_a_promise_says_its_other_roles_and_how_it_stood_on_the_day(client):
    plan = make_plan(number=7, starts_on=date(2014, 1, 1), ends_on=None)
    entity = make_entity(name_es="Aduanas", acronym="ADU")
    commitment = make_commitment(plan=plan, number=1)
    make_responsibility(commitment=commitment, entity=entity, role="support")
    assert "ADU leads no promise that is here; it takes part as: supports (1)" in read(
        client, "search", q="adu"
    )

    make_responsibility(commitment=commitment, entity=entity, role="lead")
    assert "ADU answers for 1 promise, not assessed here" in read(client, "search", q="adu")
    before = read(client, "search", q="adu", as_of="2013-01-01")
    assert "ADU leads no promise that is here" in before
    assert "it had not begun yet" in before


def test_institution_with_many_promises_counts_all_and_shows_the_newest(client):
    entity = make_entity(name_es="Aduanas", acronym="ADU")
    for plan in (make_plan(number=7), make_plan(number=8)):
        for number in range(1, 7):
            commitment = make_commitment(plan=plan, number=number, title_es="Otro")
            make_responsibility(commitment=commitment, entity=entity, role="lead")

    said = section(client.get(address("search"), {"q": "adu"}), "meant-entity")

    assert "12 promises" in said
    assert re.findall(r"\d-\d", said) == [*(f"8-{n}" for n in range(1, 7)), "7-1", "7-2"]
    assert "4 more" in said


def test_institution_beyond_what_is_read_is_counted_in_the_database(client, monkeypatch):
    monkeypatch.setattr("ogp_portal.overview.MOST_READ", 1)
    entity = make_entity(name_es="Aduanas", acronym="ADU")
    plan = make_plan(number=7)
    for number in range(1, 5):
        commitment = make_commitment(plan=plan, number=number, title_es="Otro")
        make_responsibility(commitment=commitment, entity=entity, role="lead")
        if number > 2:
            make_assessment(commitment=commitment, level="complete")

    said = section(client.get(address("search"), {"q": "adu"}), "meant-entity")

    assert "4 promises, 2 complete" in said
    assert "2 more" in said


def test_institution_of_another_plan_does_not_lead(client):
    plan, other = make_plan(number=7), make_plan(number=8)
    entity = make_entity(name_es="Aduanas", acronym="ADU")
    make_responsibility(commitment=make_commitment(plan=plan, number=1), entity=entity, role="lead")
    make_commitment(plan=other, number=1, title_es="ADU")

    assert headings(client, "adu", plan="7")[1].startswith("ADU – ")
    assert headings(client, "adu", plan="8")[1:] == ["Commitments 1"]


@pytest.mark.parametrize(
    "query", ["datos abiertos", "Dátos  ABIERTO", "open data", "open-data", "datos-abiertos"]
)
def test_topic_that_is_named_leads_in_a_line(client, query):
    plans = [make_plan(number=number, starts_on=date(2014, 1, 1)) for number in (7, 8)]
    for plan in plans:
        commitment = make_commitment(plan=plan, number=1, title_es="Datos abiertos", title_en="Open data")
    make_assessment(commitment=commitment, report=make_report(plan=plan), level="complete")
    make_commitment_area(commitment, "open-data", "Datos abiertos", "Open data")

    response = client.get(address("search"), {"q": query})

    assert headings(client, query)[1] == "Topic: Open data"
    assert "2 promises in 2 plans, 1 complete, says a report" in section(response, "meant-datos-abiertos")
    assert (
        title(client, query).startswith(f"“{' '.join(query.split())}”: 1 topic, 2 commitments")
        or "  " in query
    )


def make_commitment_area(commitment, slug, name_es, name_en):
    area = make_policy_area(slug=slug, name_es=name_es, name_en=name_en)
    with writing(reason="made for a test"):
        commitment.policy_areas.add(area)


def test_topic_counts_what_was_said_by_the_day_and_is_not_found_before_it_was_promised(client):
    plan = make_plan(number=7, starts_on=date(2014, 1, 1))
    commitment = make_commitment(plan=plan, number=1, title_es="Rendición de cuentas")
    make_assessment(commitment=commitment, level="complete")
    asked = "rendicion de cuentas"

    assert "1 complete, says a report" in read(client, "search", q=asked)
    then = read(client, "search", q=asked, as_of="2015-01-01")
    assert "1 promise in 1 plan" in then
    assert "complete" not in then.partition("1 promise in 1 plan")[2].partition("Commitments")[0]
    assert "Topic:" not in " ".join(headings(client, asked, as_of="2013-01-01"))
    # It belongs to no plan.
    assert "Topic:" not in " ".join(headings(client, asked, plan="7"))


def test_topics_with_the_words_in_their_name_are_listed(client):
    plan = make_plan(number=7, starts_on=date(2014, 1, 1))
    make_commitment(plan=plan, number=1, title_es="Portal de transparencia")
    make_commitment(plan=plan, number=2, title_es="Ley de transparencia")

    assert headings(client, "transparencia")[1:] == ["Topics", "Commitments 2"]
    assert title(client, "transparencia") == "“transparencia”: 2 topics, 2 commitments"
    page = section(client.get(address("search"), {"q": "transparencia"}), "topics")
    assert "Law of transparency 1 promise in 1 plan" in page
    assert "Transparency portals 1 promise in 1 plan" in page


def test_api_finds_no_topics(client):
    make_commitment(plan=make_plan(number=7), number=1, title_es="Rendición de cuentas")

    assert found(client, "rendición de cuentas") == [("commitment", "7-1")]


@pytest.mark.parametrize(
    ("query", "code"), [("7-2", "7-2"), ("7.2", "7-2"), ("pe0099", "7-2"), ("7-2-1", "7-2-1")]
)
def test_code_that_is_named_leads_and_is_not_said_again(client, query, code):
    plan = make_plan(number=7)
    make_commitment(plan=plan, number=1, title_es="PE0099 7 2 1")
    make_milestone(commitment=make_commitment(plan=plan, number=2, ogp_id="PE0099"), number=1)

    body = client.get(address("search"), {"q": query}).content.decode()

    assert re.findall(r'<span class="code">([^<]*)</span>', body).count(code) == 1
    assert re.findall(r'<span class="code">([^<]*)</span>', body)[0] == code


def test_word_of_the_glossary_that_is_named_leads_with_its_meaning(client):
    make_term(slug="mri", term_es="MRI", term_en="MRI", definition_es="Mecanismo de Revisión " * 30)
    make_term(slug="other", term_es="Otro", definition_es="Según el MRI")

    page = section(client.get(address("search"), {"q": "mri"}), "meant-term")

    assert page.startswith("MRI")
    assert "Mecanismo de Revisión" in page
    assert len(page) < 400
    assert headings(client, "mri")[-1] == "Glossary 1 more"


@pytest.mark.parametrize("query", ["plan 7", "Plan VII", "2014-2016", "plan 2014–2016"])
def test_plan_that_is_named_leads(client, query):
    make_plan(number=7, starts_on=date(2014, 1, 1), ends_on=date(2016, 12, 31))
    make_plan(number=8)

    assert headings(client, query)[0].endswith("”: a plan")
    assert headings(client, query)[1] == "Plan VII, 2014–2016"
    assert "Nothing has all the words" in read(client, "search", q="7")


def test_part_of_a_report_says_of_which_report(client):
    report = make_report(plan=make_plan(number=7))
    make_section(report=report, heading_es="Lluvia", heading_en="")
    make_recommendation(report=report, text_es="Lluvia", text_en="")

    page = client.get(address("search"), {"q": "lluvia"})

    for name in ("section", "recommendation"):
        assert "Report: Government, end-term, 2017 · plan VII" in section(page, name)


def test_empty_parameters_do_not_stay_in_the_address(client, corpus):
    response = client.get(address("search"), {"q": "vigilancia", "plan": "", "as_of": "", "kind": ""})

    assert response.status_code == 302
    assert response["Location"] == f"{address('search')}?q=vigilancia"


def test_plan_and_day_can_be_taken_away_and_the_kind_stays(client, corpus):
    page = client.get(
        address("search"), {"q": "vigilancia", "plan": "7", "kind": "commitment"}
    ).content.decode()
    chosen = re.search(r'<ul class="chosen".*?</ul>', page, re.DOTALL).group()

    assert re.findall(r'href="([^"]*)"', chosen) == ["?q=vigilancia&amp;kind=commitment"]
    assert '<input type="hidden" name="kind" value="commitment">' in page


def test_search_that_asks_for_nothing_offers_examples(client, corpus):
    page = client.get(address("search")).content.decode()

    assert f"Search in {Corpus().count()} entries" in bare(page)
    for words in ("health", "open%20data", "water", "MINSA", "2-10"):
        assert f'href="?q={words}"' in page
