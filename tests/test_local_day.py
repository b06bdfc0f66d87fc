"""The day is Peru's: two in the morning in UTC on the first of January is still last year in Lima."""

from datetime import UTC, date, datetime

import pytest
from django.conf import settings
from django.utils.timezone import localtime

from commitments.models import Milestone
from plans.models import Plan
from record.dates import today
from record.models import Entry
from record.writing import writing
from tests.api import errors, get, results
from tests.factories import make_milestone, make_plan, make_update
from tests.pages import read

pytestmark = pytest.mark.django_db

NIGHT = datetime(2024, 1, 1, 2, 0, tzinfo=UTC)
LAST_DAY = date(2023, 12, 31)


@pytest.fixture(autouse=True)
def night(monkeypatch):
    """Let it be two in the morning in UTC."""
    monkeypatch.setattr("record.dates.now", lambda: NIGHT)


def test_today_is_the_day_in_lima():
    assert today() == LAST_DAY


def test_list_can_be_asked_about_the_day_in_lima_and_not_about_that_of_utc(client):
    get(client, "commitments/", as_of="2023-12-31")

    assert errors(client, "commitments/", as_of="2024-01-01") == [("as_of", "future_date")]


def test_milestone_due_on_the_day_in_lima_is_not_overdue_yet(client):
    milestone = make_milestone(ends_on=LAST_DAY)
    make_update(milestone=milestone, as_of=date(2023, 12, 1), status="in_progress")

    assert Milestone.objects.with_state(today()).get().is_overdue is False
    assert results(client, "milestones/", overdue="true") == []
    assert results(client, "milestones/", follow_up="due") == [milestone.code]


def test_pages_are_of_the_day_in_lima(client):
    words = read(client, "commitments:commitment-list")

    assert "31 December 2023" in words
    assert "2024" not in words


def test_times_are_told_in_lima(client):
    plan = make_plan()
    with writing(act="load"):
        Plan.objects.filter(pk=plan.pk).update(title_en="Loaded")
    with writing():
        Entry.objects.filter(act="load").update(at=NIGHT)

    assert settings.TIME_ZONE == "America/Lima"
    assert localtime(NIGHT).date() == LAST_DAY
    assert "31 December 2023" in read(client, "about")
