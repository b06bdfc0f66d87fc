"""No type of page takes more queries with twenty times the rows: with 2 of everything, and with 42.

Not with none: a list without rows asks for nothing of them.
"""

from datetime import date

import pytest
from django.db import connection

from commitments.models.milestone import FOLLOW_UP
from ogp_portal.search import found_kinds
from record.models import Document
from record.writing import writing
from tests.factories import (
    make_assessment,
    make_commitment,
    make_commitment_title,
    make_document,
    make_entity,
    make_entity_name,
    make_evidence,
    make_finding,
    make_further_source,
    make_listing,
    make_milestone,
    make_milestone_responsible,
    make_plan_period,
    make_recommendation,
    make_report,
    make_responsibility,
    make_section,
    make_theme,
    make_update,
)
from tests.pages import address, queries
from tests.test_pages import add_rows, record  # noqa: F401

pytestmark = pytest.mark.django_db

FEW, MANY = [2], range(3, 43)
WITHOUT_ROWS = ("explorer, nothing", "search, empty")
REASONS = ("unknown", *(what for what, _label in FOLLOW_UP))
COMMITMENTS, BOARD = "commitments:commitment-list", "follow-up"


def paths():
    """Return {what: address with its query} of every type of page."""

    def path(name, *args, query=""):
        return f"{address(name, *args)}?{query}"

    pages = {
        "home": path("home"),
        "plans": path("plans:plan-list"),
        "plan": path("plans:plan-detail", 7),
        "text of a plan": path("plans:plan-text", 7),
        "report": path("plans:report-detail", "7-report"),
        "report before": path("plans:report-detail", "7-before"),
        "report not held": path("plans:report-detail", "7-not-held"),
        "text of a report": path("plans:report-text", "7-report"),
        "commitment": path("commitments:commitment-detail", "7-1"),
        "entities": path("entities:entity-list"),
        "entities, narrowed": path("entities:entity-list", query="q=entity&plan=7&kind=ministry&role=lead"),
        "entity": path("entities:entity-detail", "minam"),
        "documents": path("plans:document-list"),
        "documents, narrowed": path(
            "plans:document-list", query="q=document&kind=self_assessment&language=es"
        ),
        "document": path("plans:document-detail", "report-card"),
        "recommendations": path("plans:recommendation-list"),
        "recommendations, narrowed": path(
            "plans:recommendation-list", query="plan=7&report=7-report&q=recomendacion"
        ),
        "search, empty": path("search"),
        "search that finds nothing": path("search", query="q=nothing+compromisso&plan=7"),
        "glossary": path("glossary"),
        "method": path("method"),
        "about": path("about"),
        "ask": path("ask", query="page=/en/commitments/7-1/"),
        "data": path("data"),
        "changes": path("changes"),
        "changes, narrowed": path("changes", query="plan=7&entity=minam&kind=milestone"),
    }
    filters = {
        "explorer": "",
        "explorer, text": "q=compromiso",
        "explorer, plan and level": "plan=7&level=complete&level=limited",
        "explorer, entity": "entity=minam&role=lead&entity_tree=true",
        "explorer, theme": "theme=7-theme&policy_area=area",
        "explorer, report": "report=7-report&level=complete",
        "explorer, author": "author=government&unreported=true&ordering=-ends_on",
        "explorer, date": "as_of=2017-01-31&overdue=true",
        "explorer, nothing": "q=xyz&plan=7",
    }
    pages |= {what: path(COMMITMENTS, query=query) for what, query in filters.items()}
    boards = {"board": "", "board, commitments": "by=commitment", "board, date": "as_of=2017-01-31"}
    boards |= {f"board, {reason}": f"follow_up={reason}&as_of=2016-12-01" for reason in REASONS}
    boards["board, of an entity"] = "follow_up=unknown&entity=minam&plan=7&by=commitment"
    boards["board, of a commitment"] = "commitment=7-2&follow_up=unknown"
    pages |= {what: path(BOARD, query=query) for what, query in boards.items()}
    # Kind by kind: a page of all kinds shows the best twenty, and reads the kinds that are among them.
    return pages | {
        f"search, {name}": path("search", query=f"q={WORDS[name]}&kind={name}")
        for name in (kind.listed.name for kind in found_kinds())
    }


# A word that the rows of each kind have from the factories.
WORDS = {
    "commitment": "compromiso",
    "entity": "entidad",
    "term": "termino",
    "recommendation": "recomendacion",
    "document": "documento",
    "section": "seccion",
    "milestone": "actividad",
}


@pytest.fixture
def everything(record):  # noqa: F811
    """Add to the record what each reason of the board and each filter needs."""
    record.theme = make_theme(plan=record.plan, slug="7-theme")
    record.area = record.plan.commitments.get(number=1).policy_areas.get()
    record.area.slug = "area"
    with writing(reason="made for a test"):
        record.area.save()
    record.not_held = make_report(plan=record.plan, slug="7-not-held", coverage="not_held")
    record.older = make_entity(succeeded_by=record.entity)
    record.card = Document.objects.get(slug="report-card")
    add(record, FEW)
    return record


def add(record, numbers):  # noqa: F811
    """Add one of everything to the record for each number of a commitment, and more around it."""
    add_rows(record, numbers)
    report, plan, first = record.reports[1], record.plan, record.plan.commitments.get(number=1)
    for number in numbers:
        commitment = plan.commitments.get(number=number)
        add_milestones(commitment, report, record.entity)
        themed = make_commitment(plan=plan, number=1000 + number, theme=record.theme)
        with writing(reason="made for a test"):
            themed.policy_areas.add(record.area)
            first.recommendations.add(make_recommendation(report=report))
        make_responsibility(commitment=themed, name_as_printed="Someone")
        make_milestone(commitment=themed)
        make_assessment(commitment=themed, report=report, level="unclear")
        make_evidence(assessment=make_assessment(commitment=themed, report=record.reports[0]))
        make_finding(commitment=themed)
        make_recommendation(report=record.not_held, document=record.card)
        make_section(report=record.not_held, document=record.card)
        make_section(plan=plan, document=record.card, theme=record.theme)
        make_section(report=report, theme=make_theme(plan=plan))
        make_listing(report=record.not_held)
        make_further_source(record.not_held)
        make_further_source(record.reports[0])
        make_commitment_title(commitment=themed)
        make_entity(succeeded_by=record.entity)
        make_entity(parent=record.older)
        make_entity_name(entity=record.older)
        make_plan_period(plan=plan, document=make_document())
        make_report(plan=plan, author="irm", document=record.card, cutoff_on=date(2017, 3, 31))
        make_report(plan=plan, coverage="not_held")


def add_milestones(commitment, report, entity):
    """Add to a commitment a milestone for each reason of the board, with who answers and its proofs."""
    early, late = date(2016, 10, 31), date(2017, 2, 15)
    for ends_on, status in (
        (early, "in_progress"),
        (early, None),
        (late, "complete"),
        (late, ""),
        (early, ""),
        (None, ""),
    ):
        milestone = make_milestone(commitment=commitment, starts_on=date(2016, 1, 1), ends_on=ends_on)
        make_milestone_responsible(milestone=milestone, entity=entity)
        make_milestone_responsible(milestone=milestone, entity=make_entity(parent=entity))
        if status != "":
            for day in (date(2016, 9, 30), date(2016, 11, 30)):
                update = make_update(milestone=milestone, status=status, as_of=day, report=report)
            make_update(milestone=milestone, status=status, as_of=date(2016, 11, 30), corrects=update)
        if status == "complete":
            make_evidence(update=update)
            make_evidence(milestone=milestone, document=make_document())


def count_rows():
    """Tell PostgreSQL how many rows there are, as it finds out by itself where rows are committed."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def test_no_page_takes_more_queries_with_twenty_times_the_rows(client, everything):
    pages = paths()
    for path in pages.values():
        queries(client, path)  # the first request of a process may learn what the others know
    few = {what: queries(client, path) for what, path in pages.items()}

    for number in MANY:
        # One by one the thousands of rows would take a minute longer.
        with writing(reason="made for a test"):
            add(everything, [number])
    count_rows()

    many = {what: queries(client, path) for what, path in pages.items()}
    # One fewer is no fault: the first rows of a long list may have nothing of a kind that others have.
    assert {what: (few[what], many[what]) for what in pages if many[what] > few[what]} == {}


def test_narrowed_lists_of_that_test_have_rows(client, everything):
    narrowed = {what: path for what, path in paths().items() if "," in what and what not in WITHOUT_ROWS}

    pages = {what: client.get(path).context["page_obj"] for what, path in narrowed.items()}

    assert [what for what, page in pages.items() if not page.paginator.count] == []
