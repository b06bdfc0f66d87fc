import pytest
from django.http import QueryDict

from commitments.filters import EntityFilters
from entities.models import Entity
from record.publication import Status
from tests.factories import make_commitment, make_entity, make_plan, make_report, make_responsibility

pytestmark = pytest.mark.django_db


def entities(query):
    filterset = EntityFilters(QueryDict(query), Entity.objects.all(), strict=True)
    assert filterset.errors_list() == []
    return list(filterset.qs)


def test_entities_of_a_kind():
    ministry, _other = make_entity(kind="ministry"), make_entity(kind="academia")

    assert entities("kind=ministry") == [ministry]


def test_entities_of_a_plan_are_those_with_a_responsibility_in_it():
    row = make_responsibility()
    make_responsibility()
    make_entity()

    assert entities(f"plan={row.commitment.plan.number}") == [row.entity]


def test_entities_of_a_plan_and_a_role_have_both_in_one_responsibility():
    lead = make_responsibility(role="lead")
    plan = lead.commitment.plan
    torn = make_responsibility(role="support", commitment=make_commitment(plan=plan))
    make_responsibility(role="lead", entity=torn.entity)

    assert entities(f"plan={plan.number}&role=lead") == [lead.entity]
    assert entities(f"plan={plan.number}&role=support") == [torn.entity]
    assert set(entities("role=lead")) == {lead.entity, torn.entity}


def test_entities_of_several_responsibilities_come_once():
    row = make_responsibility()
    make_responsibility(entity=row.entity, commitment=row.commitment, order=2)

    assert entities(f"role=lead&plan={row.commitment.plan.number}") == [row.entity]


def test_entities_of_a_plan_that_is_a_draft_are_not_found_by_role():
    make_responsibility(commitment=make_commitment(plan=make_plan(status=Status.DRAFT)))

    assert entities("role=lead") == []


def test_entities_of_a_responsibility_that_a_draft_report_states_are_not_found():
    commitment = make_commitment()
    draft = make_report(plan=commitment.plan, status=Status.DRAFT)
    make_responsibility(commitment=commitment, report=draft)
    public = make_responsibility(commitment=commitment, report=make_report(plan=commitment.plan))

    assert entities("role=lead") == [public.entity]
    assert entities(f"plan={commitment.plan.number}") == [public.entity]


def test_entities_with_words():
    entity = make_entity(name_es="Ministerio de Educación", acronym="MINEDU")
    make_entity()

    assert entities("q=educacion") == [entity]
    assert entities("q=minedu") == [entity]
    assert entities("q=...") == []


@pytest.mark.parametrize(
    "query", ["kind=x", "role=x", "plan=x", "kind=ministry&kind=ministry", f"q={'x' * 201}"]
)
def test_entities_by_what_does_not_exist_are_refused(query):
    assert EntityFilters(QueryDict(query), Entity.objects.all()).errors_list()
