"""Opening a report: its draft, its cards, and what stands in them when it begins."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from commitments.cards import acts
from commitments.letters import Letter, LetterKind
from commitments.models import Assessment
from commitments.resources import AssessmentResource
from plans.models import Report
from record.models import Document, Entry
from record.publication import Status
from tests.desk.rows import client_of
from tests.factories import make_auditor, make_document, make_report
from tests.imports import load

from .conftest import CUTOFF, ROWS, card

pytestmark = pytest.mark.django_db


def test_full_report_gets_a_card_of_each_commitment_that_was_in_the_plan_on_its_cutoff(report):
    codes = report.assessments.order_by("commitment__number").values_list("commitment__code", flat=True)

    assert list(codes) == ["26-1", "26-2", "26-3"]
    assert (report.status, report.slug) == (Status.DRAFT, "26-mid-term-self-assessment")
    assert set(report.assessments.values_list("level", "has_card")) == {("", True)}
    assert card(report).place == "Ficha del compromiso 1"


def test_opening_is_one_entry(report):
    entry = Entry.objects.get(changes__model="plans.report", changes__object_id=report.pk)

    assert entry.changes.filter(model="commitments.assessment").count() == 3
    assert not entry.changes.filter(public_at__isnull=False).exists()


def test_card_begins_with_what_was_said_before(editor, opening, commitments, entity, before, update):
    report = acts.open_report(editor, opening, make_document())
    first, second = card(report, 1), card(report, 2)

    assert first.problem == "Problema, como lo dijo el informe"
    assert (first.description, first.responsible) == ("Lo prometido", "Ministerio del Ambiente")
    assert "26-1-1" in first.results and "(en proceso, 40 %)" in first.results
    assert first.results.endswith("Se aprobó la norma")
    assert first.next_steps.endswith("Se difunde")
    assert first.delay_reason.endswith("Faltó presupuesto")
    # What was achieved then was not achieved since.
    assert "Resultados de entonces" not in first.results
    assert (second.problem, second.results) == ("Problema", "")


def test_card_has_no_word_of_a_row_that_its_form_lacks(editor, opening, commitments, update):
    report = acts.open_report(editor, opening | {"card_form": ["problem"]}, make_document())

    assert (card(report).problem, card(report).results, card(report).responsible) == ("Problema", "", "")


def test_nothing_that_was_said_after_the_cutoff_stands_in_it(editor, opening, commitments, update):
    report = acts.open_report(editor, opening | {"cutoff_on": date(2016, 5, 30)}, make_document())

    assert card(report).results == ""


def test_cards_in_english_begin_in_english(editor, opening, commitments, before, update):
    report = acts.open_report(editor, opening, make_document(language="en"))

    # The record has no English text of it, and the card before is in Spanish.
    assert (card(report).problem, card(report).place) == ("", "Card of commitment 1")
    assert card(report).results.startswith("Milestone 26-1-1, as of 31 May 2016 (in progress, 40 %)")


@pytest.mark.parametrize("coverage", ["partial", "not_held"])
def test_other_reports_begin_without_cards(editor, opening, commitments, coverage):
    author = {"author": "civil_society", "coverage": coverage}

    report = acts.open_report(editor, opening | author, make_document())

    assert report.slug == "26-civil-society-mid-term-report"
    assert not report.assessments.exists()


def test_cards_are_added_to_a_partial_report(editor, opening, commitments):
    report = acts.open_report(editor, opening | {"coverage": "partial"}, make_document())

    acts.add_cards(editor, report, commitments[1:2])

    assert report.assessments.get().commitment == commitments[1]
    with pytest.raises(acts.HasCard):
        acts.add_cards(editor, report, commitments[1:2])


def test_slug_that_is_taken_gets_the_day(editor, opening, plan, commitments):
    make_report(plan=plan, slug="26-mid-term-self-assessment")

    report = acts.open_report(editor, opening, make_document())

    assert report.slug == "26-mid-term-self-assessment-20160630"


def test_document_that_is_typed_is_published_with_the_report(editor, publisher, opening, commitments):
    letter = Letter(LetterKind.INFORME, "12-2016-PCM-SGP", date(2016, 7, 15))
    report = acts.open_report(editor, opening | {"coverage": "not_held"}, letter=letter)
    assert report.document.status == Status.DRAFT

    acts.publish_report(publisher, report, "Informe de medio término")

    assert Document.objects.get(pk=report.document_id).status == Status.PUBLISHED


def test_only_the_secretariat_opens_a_report(focal, opening, commitments):
    for user in (focal, make_auditor()):
        with pytest.raises(PermissionDenied):
            acts.open_report(user, opening, make_document())
        assert client_of(user).get(reverse("cards:open")).status_code == 403


def test_no_address_stands_in_it(editor, opening, commitments):
    with pytest.raises(ValidationError):
        acts.open_report(editor, opening | {"title_es": "Informe de a@b.pe"}, make_document())
    assert not Report.objects.exists()


# The page.


def typed(**further):
    return {
        "stage": "mid_term",
        "cutoff_on": str(CUTOFF),
        "cutoff_as_printed": "junio de 2016",
        "title_es": "Informe de medio término",
        "coverage": "full",
        "card_form": ["problem", "results"],
        "letter_kind": "informe",
        "letter_number": "12-2016-PCM-SGP",
        "letter_on": "2016-07-15",
    } | further


def where(plan, author="government"):
    return reverse("cards:open", query={"plan": plan.number, "author": author})


def test_page_makes_the_report_once_however_often_it_is_sent(editor, plan, commitments):
    client = client_of(editor)
    opened = client.get(where(plan)).context["opened"]

    answers = [client.post(where(plan), typed(opened=opened)) for _ in range(2)]

    report = Report.objects.get()
    assert {each.url for each in answers} == {reverse("cards:board", args=[report.slug])}
    assert report.cutoff_as_printed == "junio de 2016"
    assert report.document.title_es == "Informe 12-2016-PCM-SGP"
    assert report.card_form == ["problem", "results"]
    assert report.assessments.count() == 3


def test_rows_begin_as_those_of_the_last_report_of_the_author(editor, plan, before):
    make_report(plan=plan, author="irm", card_form=["relevance"])

    rows = client_of(editor).get(where(plan)).context["form"].initial["card_form"]
    of_irm = client_of(editor).get(where(plan, "irm")).context["form"].initial["card_form"]

    assert set(rows) == set(ROWS)
    assert of_irm == ["relevance", "delay_reason"] or set(of_irm) == {"relevance", "delay_reason"}
    assert rows == [row for row in Assessment.ROWS if row in ROWS]


def test_report_that_two_open_at_once_is_refused_in_words(editor, plan, commitments, monkeypatch):
    make_report(plan=plan, slug="26-mid-term-self-assessment")
    # As the other sees it, who asked before that one was stored.
    monkeypatch.setattr(acts, "free_slug", lambda report: "26-mid-term-self-assessment")
    monkeypatch.setattr(Report, "full_clean", lambda self: None)
    client = client_of(editor)
    opened = client.get(where(plan)).context["opened"]

    response = client.post(where(plan), typed(opened=opened))

    assert response.context["form"].non_field_errors()
    assert not Report.objects.filter(status="draft").exists()


def test_page_tells_of_a_draft_that_is_there_already(editor, plan, report):
    assert list(client_of(editor).get(where(plan)).context["drafts"]) == [report]
    assert not client_of(editor).get(where(plan, "irm")).context["drafts"]


# Cards from a file.


def imported(user, report, **columns):
    """Import a line of a card of the first commitment; return the refusals."""
    line = {name: "" for name in AssessmentResource().get_export_headers()}
    line |= {"report": report.slug, "commitment": "26-1", "has_card": "1", "place": "p. 4"}
    resource = AssessmentResource(user=user, reason="Se copió el informe")
    outcomes = load(resource, line | {"document": report.document.slug} | columns)
    return [fault.reason for each in outcomes for fault in each.faults]


def test_card_of_a_draft_is_imported_with_or_without_its_level(editor, opening, commitments):
    of = {"coverage": "partial", "author": "civil_society"}
    report = acts.open_report(editor, opening | of, make_document())

    assert imported(editor, report, delay_reason="Faltó presupuesto") == []
    assert (card(report).level, card(report).delay_reason) == ("", "Faltó presupuesto")
    assert imported(editor, report, level="limited", delay_reason="Faltó presupuesto") == []
    assert card(report).level == "limited"


def test_card_without_a_level_is_not_imported_into_a_published_report(publisher, plan, commitments):
    report = make_report(plan=plan, coverage="partial")

    assert imported(publisher, report)
    assert not report.assessments.exists()
    assert imported(publisher, report, level="limited") == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"letter_on": ""}, "letter_on"),
        ({"cutoff_on": ""}, "cutoff_on"),
        ({"card_form": []}, "card_form"),
        ({"title_es": "de a@b.pe"}, "title_es"),
        ({"coverage": "x"}, "coverage"),
    ],
)
def test_page_says_what_is_missing(editor, plan, commitments, wrong, field):
    client = client_of(editor)
    opened = client.get(where(plan)).context["opened"]

    response = client.post(where(plan), typed(opened=opened, **wrong))

    assert field in response.context["form"].errors
    assert not Report.objects.exists()


def test_what_was_typed_stays_when_the_session_ends(editor, plan, commitments):
    client = client_of(editor)
    opened = client.get(where(plan)).context["opened"]
    client.logout()
    client.post(where(plan), typed(opened=opened))

    client.force_login(editor)
    form = client.get(where(plan)).context["form"]

    assert (form["title_es"].initial, form["card_form"].initial) == (
        "Informe de medio término",
        ["problem", "results"],
    )
    assert not Report.objects.exists()
