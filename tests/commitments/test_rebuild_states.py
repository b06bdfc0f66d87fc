"""The command that makes the states anew, and says where they are not what the rows say."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.deriving import differences, make
from commitments.models import Milestone
from commitments.models.state import CommitmentState, MilestoneState
from record.models import Version
from record.writing import unsealed
from tests.factories import make_assessment, make_milestone, make_update

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def record():
    card = make_assessment()
    make_update(milestone=make_milestone(commitment=card.commitment))


def rebuild(**options):
    """Run the command; return what it says."""
    out = StringIO()
    call_command("rebuild_states", stdout=out, **options)
    return out.getvalue().strip()


def write_past_the_writer(sql):
    with unsealed(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_states_that_are_right_are_left_and_said_to_be():
    assert rebuild(check=True) == "The states are what the rows say."
    assert rebuild() == "States written or taken away: 0."


def test_row_that_was_written_past_the_writer_is_found_and_put_right():
    code = Milestone.objects.get().pk
    write_past_the_writer("UPDATE commitments_update SET status = 'complete'")

    with pytest.raises(CommandError) as refused:
        rebuild(check=True)
    lines = str(refused.value).splitlines()
    assert [line for line in lines if line.startswith(f"Stored and wrong: {code}: in_progress, ")]
    assert [line for line in lines if line.startswith(f"Not stored: {code}: complete, ")]
    assert lines[-1] == "Make them anew: manage.py rebuild_states"
    # Whoever only looks writes nothing.
    assert MilestoneState.objects.filter(status="complete").count() == 0

    assert rebuild() != "States written or taken away: 0."
    assert rebuild(check=True) == "The states are what the rows say."
    assert MilestoneState.objects.filter(status="complete").count() == 1
    assert differences() == ([], [])


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM commitments_levelstate",
        "DELETE FROM commitments_commitmentstate",
        "UPDATE commitments_commitmentstate SET overdue = 7",
        "UPDATE commitments_milestonestate SET until_on = '2017-01-01' WHERE until_on = '9999-12-31'",
    ],
)
def test_states_that_were_changed_themselves_are_found_and_put_right(sql):
    write_past_the_writer(sql)

    with pytest.raises(CommandError, match="Make them anew: manage.py rebuild_states"):
        rebuild(check=True)

    rebuild()
    assert rebuild(check=True) == "The states are what the rows say."
    assert CommitmentState.objects.exists()


def test_what_was_kept_of_wrong_states_is_told_no_more_once_they_are_put_right():
    write_past_the_writer("UPDATE commitments_update SET status = 'complete'")
    before = Version.stamp()

    rebuild()

    renewed = Version.stamp()
    assert renewed != before
    rebuild()
    assert Version.stamp() == renewed


def test_milestones_are_read_without_texts_and_share_their_commitment():
    """Thousands of them are read at once after an import."""
    commitment = Milestone.objects.get().commitment
    before = queries_of(commitment)
    make_milestone(commitment=commitment)
    after = queries_of(commitment)

    assert len(after) == len(before)
    [sql] = [sql for sql in after if 'FROM "commitments_milestone"' in sql]
    assert "activity_es" not in sql and "commitments_commitment" not in sql


def queries_of(commitment):
    """Return the queries that make the states of a commitment."""
    with CaptureQueriesContext(connection) as queries:
        assert list(make([commitment.pk]))
    return [each["sql"] for each in queries]
