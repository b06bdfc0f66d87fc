"""The page of glossary and method, and the page about the portal."""

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

    assert "Avance Qué es Avance. Última Qué es Última." in section(glossary, "terms")
    assert "PCM Qué es PCM." in section(glossary, "acronyms")
    assert "Impacto Qué es Impacto." in section(glossary, "codes")
    assert "No iniciado Nada se hizo." in section(glossary, "levels")


def test_term_has_its_source_or_is_the_portals_own(client):
    make_term(term_en="Sourced", document=make_document(title_en="The report"), place="Glossary")
    make_term(term_en="Zz own", definition_en="Ours.")

    terms = section(page(client, "glossary"), "terms")

    assert "Source: The report: Glossary" in terms
    assert terms.endswith("Zz own Ours.")


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


def test_coverage_says_what_is_held_of_each_report(client):
    plan = make_plan(number=7)
    report = make_report(plan=plan, coverage="partial")
    make_assessment(commitment=make_commitment(plan=plan, number=1), report=report, has_card=False)
    make_commitment(plan=plan, number=2)
    make_report(plan=plan, coverage="not_held", cutoff_on=date(2016, 9, 30))

    lacks = section(page(client, "glossary"), "lacks")

    assert "Government, end-term, as of 30 September 2017 VII 1 of 2 0 of 2" in lacks
    assert "Government, end-term, as of 30 September 2016 VII not held not held" in lacks


def test_gaps_give_n_of_n_and_a_dash_where_the_plan_has_no_such_rows(client):
    make_commitment(plan=make_plan(number=7))
    make_plan(number=8)

    lacks = section(page(client, "glossary"), "lacks")

    assert "Commitments without an institution 1 of 1 –" in lacks


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
