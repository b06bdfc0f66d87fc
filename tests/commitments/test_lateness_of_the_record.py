"""The examples of lateness that docs/data-model.md takes from the record."""

import pytest

from commitments.models import Commitment, Milestone, MilestoneState
from tests.commitments import examples
from tests.record import record  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]

OF_THE_RECORD = examples.examples("From the record")
# Days on which the table has everything that is known to be late.
DAYS = sorted({each.asked for each in OF_THE_RECORD if each.expected["is_overdue"][0]})


def rows_of(example):
    """Return the rows that an example is of, read on its day: `5-*` is all commitments of plan V."""
    model = Milestone if example.case.count("-") == 2 else Commitment
    return model.objects.published().with_state(example.asked).filter(code__regex=pattern(example.case))


def pattern(case):
    return f"^{case.replace('*', '[0-9]+')}$"


@pytest.mark.parametrize(
    "example", OF_THE_RECORD, ids=[f"{each.case} on {each.asked}" for each in OF_THE_RECORD]
)
def test_record_on_a_day(example):
    rows = list(rows_of(example))

    assert len(rows) > 1 if "*" in example.case else len(rows) == 1
    for row in rows:
        assert examples.read(row, example.expected) == example.expected, row.code


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_nothing_else_is_known_to_be_late(day):
    late = Commitment.objects.published().with_state(day).filter(now__is_overdue=True)

    told = {each.case for each in OF_THE_RECORD if each.asked == day and each.expected["is_overdue"][0]}
    assert {row.code for row in late} == told


def test_no_milestone_was_ever_known_to_be_late():
    assert not MilestoneState.objects.filter(is_overdue=True).exists()
