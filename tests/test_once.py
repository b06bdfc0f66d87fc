"""Rows that are made once: each test finds them as the first one made them, and makes its own beside them."""

import pytest
from django.db import transaction

from commitments.models import Milestone
from record.models import Change
from record.writing import writing
from tests import factories, once

pytestmark = pytest.mark.django_db


@pytest.fixture
def build():
    """What makes a milestone of a commitment with an area; `build.times` says how often it was called."""

    @factories.written
    def build(**columns):
        build.times += 1
        milestone = factories.make_milestone(**columns)
        milestone.commitment.policy_areas.add(factories.make_policy_area())
        return milestone

    build.times = 0
    return build


def in_a_test(work):
    """Do some work as a test does: from the first number, and with nothing left of it."""
    factories.begin_again()
    with transaction.atomic():
        done = work()
        transaction.set_rollback(True)
    return done


def test_rows_are_put_back_as_they_were_with_log_links_and_states_and_numbers_go_on(build):
    make = once.made_once(build)

    def work():
        milestone = make()
        areas = milestone.commitment.policy_areas.count()
        found = once._stored_rows(), Change.objects.of(milestone).count(), milestone.states.count(), areas
        with writing(reason="made for a test"):
            milestone.activity_es = "Otra"
            milestone.save()
        return *found, milestone.pk, factories.make_plan().number

    first, second = in_a_test(work), in_a_test(work)

    assert build.times == 1
    assert all(first[1:4])
    assert second == first


def test_what_a_test_does_to_its_copy_is_not_seen_by_the_next(build):
    make = once.made_once(build)

    def work():
        milestone = make()
        was, milestone.activity_es = milestone.activity_es, "Otra"
        return was, Milestone.objects.get().activity_es

    assert len({in_a_test(work) for _ in range(3)}) == 1
    assert build.times == 1


def test_rows_are_made_again_beside_others_and_with_other_values(build):
    make = once.made_once(build)
    in_a_test(make)

    in_a_test(lambda: (factories.make_entity(), make()))
    in_a_test(lambda: make(number=7))

    assert build.times == 3
    assert in_a_test(lambda: make(number=7).number) == 7
    assert build.times == 3


def test_rows_are_put_back_upon_those_that_were(build):
    first, second = once.made_once(factories.make_entity), once.made_once(build)

    def work():
        first()
        second()
        return once._stored_rows()

    assert in_a_test(work) == in_a_test(work)
    assert build.times == 1
