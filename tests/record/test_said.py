"""Parts are public with their owner, and what was said stays said."""

from functools import partial

import pytest

from plans.models import Plan
from record.actions import publish
from record.kinds import kinds
from record.publication import Status, holds, needs_reason
from record.writing import writing
from tests import factories
from tests.factories import (
    make,
    make_finding,
    make_recommendation,
    make_report,
    make_responsibility,
    make_update,
)

pytestmark = pytest.mark.django_db

# What is of no plan: the public sees it always.
OF_NO_PLAN = {
    "commitments.policyarea",
    "entities.entity",
    "entities.entityname",
    "plans.listing",
    "plans.term",
    "record.document",
}


@pytest.fixture
def draft_plans(monkeypatch):
    """Let the plans of all rows that are made be drafts."""
    monkeypatch.setattr(factories, "make_plan", partial(factories.make_plan, status=Status.DRAFT))


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.label)
def test_rows_of_a_draft_plan_are_not_public_by_sql_and_in_python(kind, draft_plans):
    row = make(kind.model)

    def seen():
        stored = kind.model.objects.get(pk=row.pk)
        return kind.rows().filter(pk=row.pk).exists(), stored.is_public

    before = seen()
    with writing(reason="made for a test"):
        for plan in Plan.objects.filter(status=Status.DRAFT):
            publish(None, plan)

    assert before == ((True, True) if kind.label in OF_NO_PLAN else (False, False))
    assert seen() == (True, True)


@pytest.mark.parametrize(
    "make_row",
    [make_report, make_recommendation, make_update],
    ids=["report", "recommendation", "update"],
)
def test_what_was_said_needs_a_reason_while_its_plan_is_a_draft(make_row, draft_plans):
    row = make_row()

    assert not row.is_public
    assert needs_reason(row)


def test_finding_of_a_draft_report_needs_a_reason():
    finding = make_finding(report=make_report(status=Status.DRAFT))

    assert not finding.is_public
    assert needs_reason(finding)


def test_draft_needs_no_reason():
    assert not needs_reason(make_report(status=Status.DRAFT))


def test_lead_that_a_draft_report_states_leads_nothing_by_sql_and_in_python():
    row = make_responsibility(report=make_report(status=Status.DRAFT))

    assert not row.is_leading()
    assert not type(row).objects.leading().exists()
    assert row.is_leading(row.report)
    assert not holds(row.public(), row)
