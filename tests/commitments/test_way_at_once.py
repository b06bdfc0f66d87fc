"""Two who act on an update at once: one of them does it, the other is told."""

from functools import partial

import pytest

from commitments import actions
from commitments.models import FirstReading, Update
from record.actions import version_of
from record.writing import WriteRefused, writing
from tests.factories import (
    make_entity,
    make_focal_point,
    make_milestone,
    make_publisher,
    make_responsibility,
    make_update,
)
from tests.threads import at_once, shared_database  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shared_database")]

ROUNDS = 5
COMMENT = "Falta el enlace de la norma"
Workflow = Update.Workflow


@pytest.fixture
def ours():
    return make_milestone(commitment=make_responsibility(entity=make_entity()).commitment)


@pytest.fixture
def focal(ours):
    return make_focal_point(ours.commitment.responsibilities.get().entity)


@pytest.fixture
def publisher():
    return make_publisher()


@pytest.fixture
def draft(ours, focal):
    with writing(focal, reason="made for a test"):
        return make_update(milestone=ours, workflow=Workflow.DRAFT, status="complete")


def done(act, *args, **said):
    """Tell whether an act did what it was asked."""
    try:
        act(*args, **said)
    except WriteRefused:
        return False
    return True


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_of_two_who_submit_one_does(focal, draft, turn):
    answers = at_once(*[partial(done, actions.submit, focal, draft)] * 2)

    assert sorted(answers) == [False, True]
    assert Update.objects.waiting().get() == draft


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_it_is_published_or_returned(focal, publisher, draft, turn):
    submitted = actions.submit(focal, draft)
    seen = version_of(submitted)

    published, returned = at_once(
        partial(done, actions.publish_update, publisher, submitted, seen=seen),
        partial(done, actions.send_back, publisher, submitted, COMMENT, seen=seen),
    )

    draft.refresh_from_db()
    assert published != returned
    assert draft.workflow == (Workflow.PUBLISHED if published else Workflow.RETURNED)


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_it_is_taken_back_or_read(focal, publisher, draft, turn):
    submitted = actions.submit(focal, draft)

    taken, reading = at_once(
        partial(done, actions.take_back, focal, submitted),
        partial(actions.open_to_read, publisher, submitted),
    )

    draft.refresh_from_db()
    assert taken == (reading is None)
    assert draft.workflow == (Workflow.DRAFT if taken else Workflow.SUBMITTED)
    assert FirstReading.objects.count() == (0 if taken else 1)


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_two_who_open_it_are_told_of_the_same_first_one(focal, publisher, draft, turn):
    submitted = actions.submit(focal, draft)
    other = make_publisher()

    first, second = at_once(*(partial(actions.open_to_read, user, submitted) for user in (publisher, other)))

    assert first == second
