"""The plain reading of rule 4: the clauses of which the real record has no example."""

from datetime import date

import pytest

from plans.models import Report
from record.publication import Status
from tests.changes import annul
from tests.commitments.plain_reading import read_commitment, read_milestone
from tests.factories import (
    make_assessment,
    make_commitment,
    make_milestone,
    make_plan,
    make_report,
    make_update,
)

pytestmark = pytest.mark.django_db

DUE = date(2020, 6, 30)
BEFORE, ON, AFTER, LATER = date(2020, 3, 1), DUE, date(2020, 8, 1), date(2020, 10, 1)
DAY = date(2021, 1, 1)


def milestone_with(*updates, **columns):
    milestone = make_milestone(**{"ends_on": DUE} | columns)
    for number, update in enumerate(updates, 1):
        make_update(milestone=milestone, **{"number": number, "status": None} | update)
    return milestone


def late(milestone, day=DAY):
    reading = read_milestone(milestone, day)
    return reading["is_overdue"], reading["days_late"]


@pytest.mark.parametrize(
    ("updates", "expected"),
    [
        ([], (None, None)),
        ([{"as_of": BEFORE, "status": "in_progress"}], (None, None)),
        ([{"as_of": ON, "status": "not_started"}], (True, 0)),
        ([{"as_of": AFTER, "status": "in_progress"}], (True, 32)),
        ([{"as_of": AFTER, "percent": 40}], (None, None)),
        ([{"as_of": BEFORE, "status": "in_progress"}, {"as_of": AFTER, "percent": 40}], (None, None)),
        ([{"as_of": AFTER, "new_end_on": LATER, "reason_es": "Lluvias"}], (True, 32)),
        (
            [{"as_of": AFTER, "status": "in_progress"}, {"as_of": LATER, "text_es": "Sigue"}],
            (True, 32),
        ),
        (
            [{"as_of": AFTER, "status": "in_progress"}, {"as_of": LATER, "status": "complete"}],
            (False, None),
        ),
        (
            [{"as_of": LATER, "status": "complete"}, {"as_of": AFTER, "status": "in_progress"}],
            (False, None),
        ),
        (
            [{"as_of": AFTER, "status": "complete"}, {"as_of": AFTER, "status": "in_progress"}],
            (True, 32),
        ),
        (
            [{"as_of": AFTER, "status": "complete"}, {"as_of": LATER, "new_end_on": DAY, "reason_es": "Más"}],
            (True, 93),
        ),
        (
            [{"as_of": AFTER, "status": "complete", "new_end_on": LATER, "reason_es": "Más"}],
            (False, None),
        ),
        ([{"as_of": LATER, "status": "complete", "done_on": AFTER}], (False, 32)),
        ([{"as_of": LATER, "status": "complete", "done_on": BEFORE}], (False, 0)),
        ([{"as_of": AFTER, "status": "in_progress", "workflow": Status.DRAFT}], (None, None)),
    ],
)
def test_words_of_a_milestone(updates, expected):
    assert late(milestone_with(*updates)) == expected


def test_withdrawn_milestone_says_nothing_of_lateness():
    reading = read_milestone(milestone_with({"as_of": AFTER, "status": "withdrawn"}), DAY)

    assert reading["due_on"] == DUE
    assert (reading["past_due"], reading["is_overdue"], reading["days_past_due"]) == (None, None, None)


def test_words_up_to_the_day_asked():
    milestone = milestone_with(
        {"as_of": BEFORE, "status": "in_progress"},
        {"as_of": ON, "status": "in_progress"},
        {"as_of": AFTER, "status": "complete"},
    )

    readings = [read_milestone(milestone, day) for day in (BEFORE, ON, date(2020, 7, 1), AFTER)]

    assert [each["is_overdue"] for each in readings] == [False, False, True, False]
    assert [each["past_due"] for each in readings] == [False, False, True, True]
    assert [each["late_word_on"] for each in readings] == [None, ON, ON, None]
    assert [each["days_past_due"] for each in readings] == [None, None, 1, 32]
    assert [each["status_on"] for each in readings] == [BEFORE, ON, ON, AFTER]


def test_first_announced_end_takes_no_complete_back():
    complete = {"as_of": BEFORE, "status": "complete"}
    announced = {"as_of": ON, "new_end_on": DUE, "reason_es": "Nuevo plazo"}

    assert late(milestone_with(complete, announced, ends_on=None, ends_as_printed="")) == (False, None)
    assert late(milestone_with(complete, announced)) == (True, 0)


def test_update_that_announced_the_due_date_is_no_word_of_lateness():
    announced = {"as_of": ON, "new_end_on": DUE, "reason_es": "Nuevo plazo", "status": "in_progress"}
    milestone = milestone_with(announced, ends_on=None, ends_as_printed="")

    assert late(milestone) == (None, None)
    make_update(milestone=milestone, number=2, as_of=AFTER, new_end_on=LATER, reason_es="Más", status=None)
    reading = read_milestone(milestone, DAY)
    assert (reading["is_overdue"], reading["due_on"], reading["current_ends_on"]) == (True, DUE, LATER)


def test_correction_speaks_of_the_day_of_what_it_corrects():
    milestone = milestone_with({"as_of": BEFORE, "status": "complete"})
    make_update(
        milestone=milestone, number=2, as_of=AFTER, corrects=milestone.updates.get(), status="in_progress"
    )

    assert late(milestone) == (None, None)


def test_civil_society_makes_no_state():
    commitment = make_commitment(ends_on=DUE)
    report = make_report(plan=commitment.plan, author=Report.Author.CIVIL_SOCIETY, cutoff_on=AFTER)
    card = make_assessment(report=report, commitment=commitment, level="limited", new_end_on=LATER)
    milestone = milestone_with(
        {"as_of": AFTER, "status": "in_progress", "report": report}, commitment=commitment
    )

    assert read_milestone(milestone, DAY)["status"] == "unreported"
    reading = read_commitment(commitment, DAY)
    assert (reading["is_overdue"], reading["assessment"], reading["current_ends_on"]) == (None, None, DUE)
    assert reading["by_author"] == {"civil_society": card}


def commitment_with(level, cutoff_on, **columns):
    commitment = make_commitment(plan=make_plan(ends_on=DUE))
    report = make_report(plan=commitment.plan, cutoff_on=cutoff_on)
    make_assessment(report=report, commitment=commitment, level=level, **columns)
    return commitment


@pytest.mark.parametrize(
    ("level", "cutoff_on", "expected"),
    [
        ("limited", BEFORE, True),
        ("complete", BEFORE, False),
        ("withdrawn", BEFORE, None),
        ("limited", ON, True),
        ("complete", AFTER, False),
        ("unclear", AFTER, None),
    ],
)
def test_commitment_with_a_late_milestone(level, cutoff_on, expected):
    commitment = commitment_with(level, cutoff_on)
    milestone_with({"as_of": LATER, "status": "in_progress"}, commitment=commitment)

    assert read_commitment(commitment, DAY)["is_overdue"] is expected


def test_commitment_with_a_milestone_that_is_past_due_and_unknown():
    commitment = commitment_with("limited", BEFORE)
    milestone_with(commitment=commitment, ends_on=BEFORE)

    assert read_commitment(commitment, BEFORE)["is_overdue"] is False
    assert read_commitment(commitment, DUE)["is_overdue"] is None
    assert read_commitment(commitment, DUE)["past_due"] is False


def test_of_two_cards_of_one_day_the_irm_speaks_then_the_first_slug():
    plan = make_plan(ends_on=DUE)
    commitment = make_commitment(plan=plan)

    def card(slug, author):
        report = make_report(plan=plan, slug=slug, author=author, cutoff_on=AFTER)
        return make_assessment(report=report, commitment=commitment, level="limited")

    card("plan-b", "government")
    first = card("plan-a", "government")
    assert read_commitment(commitment, DAY)["assessment"] == first
    irm = card("plan-c", "irm")
    reading = read_commitment(commitment, DAY)

    assert reading["assessment"] == irm
    assert reading["by_author"] == {"government": first, "irm": irm}


def test_due_date_of_a_commitment_is_what_was_announced_up_to_the_day():
    commitment = commitment_with("limited", BEFORE, new_end_on=date(2020, 4, 30))

    before, after = read_commitment(commitment, date(2020, 2, 1)), read_commitment(commitment, DAY)

    assert (before["due_on"], before["due_from"]) == (DUE, "plan")
    assert (after["due_on"], after["due_from"]) == (date(2020, 4, 30), "report")


def test_annulled_rows_and_what_belongs_to_them_do_not_speak():
    commitment = commitment_with("limited", AFTER)
    report = commitment.assessments.get().report
    update = {"as_of": AFTER, "status": "in_progress", "report": report}
    milestone = milestone_with(update, commitment=commitment)
    assert (late(milestone), read_commitment(commitment, DAY)["is_overdue"]) == ((True, 32), True)

    annul(report)

    assert late(milestone) == (None, None)
    reading = read_commitment(commitment, DAY)
    assert (reading["is_overdue"], reading["assessment"], reading["by_author"]) == (None, None, {})


def test_draft_report_does_not_speak():
    commitment = make_commitment(plan=make_plan(ends_on=DUE))
    report = make_report(plan=commitment.plan, cutoff_on=AFTER, status=Status.DRAFT)
    make_assessment(report=report, commitment=commitment, level="limited")

    assert read_commitment(commitment, DAY)["assessment"] is None
