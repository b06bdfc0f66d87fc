"""What entities promised, added up by keys, is what a plain reading of the rows says."""

from collections import defaultdict
from datetime import date

import pytest

from commitments import standing
from commitments.models import Commitment, Lateness, Milestone, Progress, Responsibility
from entities.models import Entity
from plans.models import Report
from plans.tallies import completion_by_entity, for_entities
from tests.answering import answering
from tests.record import record  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]

ON = date(2026, 11, 26)
days = pytest.mark.parametrize("day", [date(2013, 6, 30), date(2017, 6, 30), date(2019, 6, 30), ON], ids=str)


@pytest.fixture
def entities():
    return list(Entity.objects.published())


@days
def test_progress_is_that_of_the_milestones_for_which_an_entity_answers(entities, day):
    milestones = defaultdict(list)
    rows = Milestone.objects.published().begun(day).with_state(day)
    for milestone in rows:
        for who in answering(milestone):
            milestones[getattr(who, "pk", who)].append(milestone)

    found = standing.progress([entity.pk for entity in entities], day)

    assert {entity.pk: found.get(entity.pk) for entity in entities} == {
        entity.pk: Progress.of(milestones[entity.pk]) for entity in entities
    }


@days
def test_lateness_is_that_of_the_commitments_that_an_entity_leads(entities, day):
    found = standing.lateness([entity.pk for entity in entities], day)

    for entity in entities:
        led = Commitment.objects.published().begun(day).with_state(day).led_by([entity])
        assert found.get(entity.pk) == Lateness.of(led), entity.slug
    assert found or day == date(2013, 6, 30)


@days
def test_completion_is_what_each_report_says_by_entity(entities, day):
    expected = defaultdict(list)
    for report in for_entities(Report.objects.as_of(day).held()):
        for who, tally in completion_by_entity(report).items():
            if isinstance(who, Entity):
                expected[who.pk].append((report, tally))

    found = standing.completion([entity.pk for entity in entities], day)

    assert found == {entity.pk: expected[entity.pk] for entity in entities}


def test_one_entity_is_counted_as_among_all(entities):
    keys = [entity.pk for entity in entities]
    one = Entity.objects.get(slug="pcm").pk

    for count in (standing.progress, standing.lateness, standing.completion):
        assert count([one], ON).get(one) == count(keys, ON).get(one)
    assert standing.roles_counted([one], ON) == {one: standing.roles_counted(keys, ON)[one]}


def test_commitments_of_a_role_count_once(entities):
    counted = standing.roles_counted([entity.pk for entity in entities], ON)

    for entity in entities:
        for role in Responsibility.Role:
            rows = Responsibility.objects.published().filter(entity=entity, role=role)
            assert counted[entity.pk][role] == len({row.commitment_id for row in rows})
