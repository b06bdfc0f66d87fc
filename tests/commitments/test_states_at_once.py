"""Several who write words of one commitment at once, on both databases: its states count them all."""

from contextlib import suppress
from functools import partial
from threading import Barrier, BrokenBarrierError

import pytest

from commitments import deriving
from commitments.actions import publish_update
from commitments.deriving import differences
from commitments.models import Commitment, Milestone
from record import actions
from record.dates import today
from record.publication import Status
from tests.factories import make_assessment, make_commitment, make_milestone, make_report, make_update
from tests.threads import at_once, shared_database  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shared_database")]


@pytest.fixture
def together(monkeypatch):
    """Have each of two who refreshed wait for the other, who may be waiting for him: not for long."""
    barrier, refresh = Barrier(2), deriving.refresh

    def refresh_and_wait(commitments=None):
        done = refresh(commitments)
        with suppress(BrokenBarrierError):
            barrier.wait(timeout=1)
        return done

    monkeypatch.setattr(deriving, "refresh", refresh_and_wait)


def progress(commitment):
    return Commitment.objects.with_state(today()).get(pk=commitment.pk).progress


def test_two_who_publish_updates_of_two_milestones_of_a_commitment_are_both_counted(together):
    commitment = make_commitment()
    milestones = [make_milestone(commitment=commitment) for _ in range(2)]
    drafts = [make_update(milestone=row, status="complete", workflow=Status.DRAFT) for row in milestones]

    at_once(*(partial(publish_update, None, draft) for draft in drafts))

    assert (progress(commitment).total, progress(commitment).complete) == (2, 2)
    assert differences() == ([], [])


def test_one_who_annuls_a_card_and_one_who_publishes_an_update_are_both_heard(together):
    commitment = make_commitment()
    # Of a full report no card is annulled.
    report = make_report(plan=commitment.plan, coverage="partial")
    card = make_assessment(report=report, commitment=commitment, level="limited")
    milestone = make_milestone(commitment=commitment)
    draft = make_update(milestone=milestone, status="complete", workflow=Status.DRAFT)

    at_once(
        partial(actions.annul, None, card, "Se publicó por error"),
        partial(publish_update, None, draft),
    )

    row = Commitment.objects.with_state(today()).get(pk=commitment.pk)
    assert (row.shown_level, row.progress.complete) == (None, 1)
    assert differences() == ([], [])


def test_many_who_publish_updates_of_one_commitment_are_all_counted():
    commitment = make_commitment()
    milestones = [make_milestone(commitment=commitment) for _ in range(12)]
    drafts = [make_update(milestone=row, status="complete", workflow=Status.DRAFT) for row in milestones]

    at_once(*(partial(publish_update, None, draft) for draft in drafts))

    assert progress(commitment).complete == 12
    assert Milestone.objects.with_state(today()).filter(now__status="complete").count() == 12
    assert differences() == ([], [])
