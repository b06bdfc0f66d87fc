"""The plain reading of rule 4 gives the examples that the rule itself names, on the real record."""

from datetime import date

import pytest

from commitments.models import Commitment, Milestone
from tests.commitments.plain_reading import read_commitment, read_milestone
from tests.record import record  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]

END_OF_PLAN_TWO = date(2016, 12, 31)
END_TERM = date(2017, 9, 30)
TODAY = date(2026, 11, 26)


def known_late(day):
    readings = {row.code: read_commitment(row, day) for row in Commitment.objects.all()}
    return {code: reading for code, reading in readings.items() if reading["is_overdue"] is True}


def test_known_late_at_the_end_term_of_plan_two():
    late = known_late(END_TERM)

    days = {code: (each["days_late"], each["days_late_current"]) for code, each in late.items()}
    assert days == {
        "2-1": (273, 92),
        "2-4": (273, 92),
        "2-7": (273, 92),
        "2-12": (273, 92),
        "2-17": (273, 273),
        "2-10": (334, 334),
    }
    assert {each["late_word_on"] for each in late.values()} == {END_TERM}


def test_known_late_today():
    late = known_late(TODAY)

    assert set(late) == {"2-1", "2-4", "2-7", "2-10", "2-12", "2-17", "3-1", "3-2"}
    assert (late["2-1"]["days_late"], late["2-10"]["days_late"]) == (273, 334)
    for code in ("3-1", "3-2"):
        assert late[code]["late_word_on"] == late[code]["due_on"] == date(2019, 12, 31)
        assert late[code]["days_late"] == 0


def test_plan_five_today_is_past_due_and_not_known_late():
    rows = Commitment.objects.filter(plan__number=5)
    steps = Milestone.objects.filter(commitment__plan__number=5)

    readings = [read_commitment(row, TODAY) for row in rows] + [read_milestone(row, TODAY) for row in steps]

    assert len(readings) == 13 + 47
    assert {(each["past_due"], each["is_overdue"]) for each in readings} == {(True, None)}


def test_nothing_of_plan_two_is_late_on_its_last_day_but_what_was_due_before():
    readings = {
        row.code: read_commitment(row, END_OF_PLAN_TWO) for row in Commitment.objects.filter(plan__number=2)
    }

    assert {code for code, each in readings.items() if each["past_due"]} == {"2-10"}
    # Two milestones were due in September 2016, and nobody said by December whether they were done.
    assert {code for code, each in readings.items() if each["is_overdue"] is None} == {"2-10", "2-11"}
