"""The glossary, and the page about the portal."""

import re
from datetime import date

import pytest

from record.writing import writing
from tests.factories import (
    make_assessment,
    make_commitment,
    make_document,
    make_finding,
    make_plan,
    make_report,
    make_term,
)
from tests.pages import address, read, section

pytestmark = pytest.mark.django_db


def page(client, name, lang="en"):
    return client.get(address(name, lang=lang))


def test_terms_acronyms_codes_and_levels_stand_apart_in_alphabetical_order(client):
    for kind, term in (("term", "Última"), ("term", "Avance"), ("acronym", "PCM"), ("irm_code", "Impacto")):
        make_term(kind=kind, term_es=term, definition_es=f"Qué es {term}.")
    make_term(kind="level", slug="level-not-started", term_es="No iniciado", definition_es="Nada se hizo.")

    glossary = page(client, "glossary", "es")
    terms = section(glossary, "terms")

    assert terms.index("A Avance Avance Qué es Avance.") < terms.index("U Última Última Qué es Última.")
    assert "P PCM PCM Qué es PCM." in section(glossary, "acronyms")
    assert "Impacto Qué es Impacto." in section(glossary, "codes")
    levels = section(glossary, "levels")
    assert (
        "No iniciado No se había empezado nada de lo prometido. Cómo lo usan los documentos Nada se hizo."
        in levels
    )
    assert levels.endswith("Sin evaluar Ningún informe de aquí lo evalúa. Eso no significa que no se hizo.")


def test_words_of_a_letter_are_folded_under_it_whatever_their_accents(client):
    for term in ("Área", "Avance", "Zona"):
        make_term(term_es=term)

    body = page(client, "glossary", "es").content.decode()

    assert re.findall(r"<h3>(\w)</h3>", body) == ["A", "Z"]
    assert body.count('<details class="fold">') >= 2


def test_term_leads_to_where_it_stands_in_the_record(client):
    make_term(term_en="Open data")

    assert 'href="/en/search/?q=Open%20data"' in page(client, "glossary").content.decode()


def test_level_has_an_example_of_the_newest_plan_by_what_is_shown_today(client):
    plans = [make_plan(number=number) for number in (7, 8)]
    for plan in plans:
        report = make_report(plan=plan, cutoff_on=date(2017, 9, 30))
        for number, level in ((1, "limited"), (2, "limited"), (3, "complete")):
            title = f"Title {plan.number}-{number}"
            judged = make_commitment(plan=plan, number=number, title_en=title)
            make_assessment(commitment=judged, report=report, level=level)

    levels = section(page(client, "glossary"), "levels")

    assert re.findall(r"For example: (\d-\d) Title \d-\d, Government 2017", levels) == ["8-2", "8-3"]


def test_addresses_of_what_stands_on_the_method_page_now_lead_there(client):
    body = page(client, "glossary").content.decode()

    assert '<p id="method"><a href="/en/method/#method">' in body
    assert '<p id="lacks"><a href="/en/method/#lacks">' in body


def test_term_has_its_source_or_is_the_portals_own(client):
    make_term(term_en="Sourced", document=make_document(title_en="The report"), place="Glossary")
    make_term(term_en="Zz own", definition_en="Ours.")

    terms = section(page(client, "glossary"), "terms")

    assert "Source: The report: Glossary" in terms
    assert terms.endswith("Zz own Ours. Where it stands in the record: Zz own")


def test_findings_are_counted_by_plan_measure_and_value(client):
    plan = make_plan(number=7)
    for number in (1, 2):
        make_finding(commitment=make_commitment(plan=plan, number=number), measure="specificity", value="low")
    make_finding(
        commitment=make_commitment(plan=make_plan(status="draft")), measure="specificity", value="low"
    )

    codes = section(page(client, "glossary"), "codes")

    assert "Specificity Low" in codes
    assert "VII 2" in codes


def test_about_names_who_runs_it_where_it_is_known(client, settings):
    settings.PORTAL_OPERATOR, settings.PORTAL_CONTACT = "", ""
    assert "still to be named here" in read(client, "about")

    settings.PORTAL_OPERATOR, settings.PORTAL_CONTACT = "The Secretariat", "portal@gob.example"
    body = page(client, "about").content.decode()

    assert "<p>The Secretariat</p>" in body
    assert 'href="mailto:portal@gob.example">' in body
    assert "still to be named" not in body


def test_about_says_how_fresh_the_record_is(client):
    plan = make_plan(number=7)
    make_report(plan=plan, cutoff_on=date(2017, 9, 30))
    make_report(plan=plan, cutoff_on=date(2018, 9, 30), coverage="not_held")
    make_plan(number=8)
    with writing(act="load"):
        plan.title_es = "Otro"
        plan.save()

    fresh = section(page(client, "about"), "fresh")

    assert "brought up to date from its files on" in fresh
    assert "Plan VII Government, end-term, as of 30 September 2017" in fresh
    assert "Plan VIII none is here yet" in fresh
