"""Who leads and who answers: SQL and Python say the same, on every kind of row (one rule, two readings)."""

from itertools import product

import pytest

from commitments.filters import CommitmentFilters
from commitments.models import Commitment, Milestone, Responsibility
from commitments.models.responsibility import Answering, answered_by
from record.dates import today
from record.publication import Status
from tests.answering import answering
from tests.api import get, results
from tests.factories import (
    make_assessment,
    make_commitment,
    make_entity,
    make_milestone,
    make_milestone_responsible,
    make_plan,
    make_report,
    make_responsibility,
)

pytestmark = pytest.mark.django_db

# Who a milestone names: entities, or None for a unit of no entity.
NAMED = [(), (None,), ("a",), ("b",), ("a", None), ("a", "b"), ("a", "a")]
# Who is responsible for its commitment: (who, or None for a printed name; role; which source says so).
LEADS = [
    (),
    (("a", "lead", "plan"),),
    (("a", "co_lead", "report"),),
    (("a", "lead", "draft"),),
    (("a", "support", "plan"), ("b", "lead", "plan")),
    ((None, "lead", "plan"),),
    (("a", "lead", "plan"), ("b", "co_lead", "other")),
    (("a", "lead", "plan"), ("a", "co_lead", "report")),
    (("a", "monitoring", "report"), ("a", "stakeholder", "plan")),
]


@pytest.fixture
def entities():
    return {"a": make_entity(), "b": make_entity()}


@pytest.fixture
def sources():
    """What may state a responsibility: the plan itself, two public reports and a draft."""
    plan = make_plan()
    reports = {"report": make_report(plan=plan), "other": make_report(plan=plan)}
    reports["draft"] = make_report(plan=plan, status=Status.DRAFT)
    return {"plan": None} | reports


def make_led(leads, entities, sources):
    commitment = make_commitment(plan=sources["report"].plan)
    for order, (who, role, source) in enumerate(leads):
        make_responsibility(
            commitment=commitment,
            role=role,
            order=order,
            report=sources[source],
            **({"entity": entities[who]} if who else {"name_as_printed": "Someone"}),
        )
    return commitment


def leading_names(leads, *known):
    """Return who of some responsibilities leads, as those sources say that are known."""
    return [
        who or "Someone" for who, role, source in leads if role in ("lead", "co_lead") and source in known
    ]


def test_who_answers_for_a_milestone_is_the_same_in_sql_and_in_python(entities, sources):
    names = {entity: name for name, entity in entities.items()}
    expected = {}
    for named, leads in product(NAMED, LEADS):
        milestone = make_milestone(commitment=make_led(leads, entities, sources))
        for order, who in enumerate(named):
            owner = {"entity": entities[who]} if who else {}
            make_milestone_responsible(milestone=milestone, order=order, **owner)
        said = [who for who in named if who] or leading_names(leads, "plan", "report", "other")
        expected[milestone.pk] = set(said)

    by_pk = {each.pk: each for each in Milestone.objects.all()}
    answers = {pk: [names.get(who, who) for who in answering(each)] for pk, each in by_pk.items()}
    in_python = {pk: set(said) for pk, said in answers.items()}
    in_sql = {name: set(Milestone.objects.filter(answered_by([who]))) for who, name in names.items()}

    assert in_python == expected
    assert [said for said in answers.values() if len(said) != len(set(said))] == []
    together = Answering(Milestone.objects.all())
    keys = {
        pk: together.of(pk, commitment)
        for pk, commitment in Milestone.objects.values_list("pk", "commitment")
    }
    assert {pk: [getattr(who, "pk", who) for who in answering(each)] for pk, each in by_pk.items()} == keys
    for name, found in in_sql.items():
        assert {each.pk for each in found} == {pk for pk, said in expected.items() if name in said}
    assert set(Milestone.objects.answered_by(names)) == in_sql["a"] | in_sql["b"]


def test_who_leads_is_the_same_in_sql_and_in_python_whoever_is_asked_for(entities, sources):
    for leads in LEADS:
        make_led(leads, entities, sources)
    public = [sources["report"], sources["other"]]

    for report in (None, *public):
        in_sql = set(Responsibility.objects.leading(report))
        assert in_sql == {row for row in Responsibility.objects.stated() if row.is_leading(report)}
        assert in_sql
    for commitment in Commitment.objects.for_reading(today()):
        rows = set(Responsibility.objects.leading().filter(commitment=commitment))
        assert set(commitment.leads) <= rows
        assert {row.entity_id for row in commitment.leads} == {row.entity_id for row in rows}


def test_nobody_leads_by_the_word_of_another_report_or_of_a_draft(entities, sources):
    commitment = make_led(
        (("a", "lead", "other"), ("b", "lead", "draft")), entities, {**sources, "plan": None}
    )

    asked = Commitment.objects.for_reading(today()).get(pk=commitment.pk)

    assert asked.leading(sources["report"]) == []
    assert [row.entity for row in asked.leading(sources["other"])] == [entities["a"]]
    assert [row.entity for row in asked.leads] == [entities["a"]]


def test_totals_of_a_report_by_entity_are_the_commitments_that_its_filters_find(client, entities, sources):
    for leads in LEADS:
        commitment = make_led(leads, entities, sources)
        for name in ("report", "other"):
            make_assessment(report=sources[name], commitment=commitment)

    for name in ("report", "other"):
        slug = sources[name].slug
        by_entity = get(client, f"reports/{slug}/")["by_entity"]
        totals = {row["entity"]["slug"]: row["completion"]["total"] for row in by_entity if row["entity"]}
        for key, entity in entities.items():
            params = {"report": slug, "entity": entity.slug}
            found = {
                code
                for role in ("lead", "co_lead")
                for code in results(client, "commitments/", role=role, **params)
            }
            led = [leads for leads in LEADS if key in leading_names(leads, "plan", name)]
            assert totals[entity.slug] == len(found) == len(led)


def test_progress_of_an_entity_counts_the_milestones_that_its_filter_finds(client, entities, sources):
    for named, leads in product(NAMED, LEADS):
        milestone = make_milestone(commitment=make_led(leads, entities, sources))
        for order, who in enumerate(named):
            owner = {"entity": entities[who]} if who else {}
            make_milestone_responsible(milestone=milestone, order=order, **owner)

    draft = make_milestone(commitment=make_commitment(plan=make_plan(status=Status.DRAFT)))
    make_milestone_responsible(milestone=draft, entity=entities["a"])

    for entity in entities.values():
        progress = get(client, f"entities/{entity.slug}/")["progress"]
        assert progress["total"] == get(client, "milestones/", entity=entity.slug)["count"] > 0


def test_entity_role_and_report_are_one_condition_on_one_responsibility(entities, sources):
    commitment = make_led((("a", "lead", "other"), ("a", "support", "plan")), entities, sources)
    for name in ("report", "other"):
        make_assessment(report=sources[name], commitment=commitment)

    def found(report, role):
        values = {"report": [report.slug], "entity": [entities["a"].slug], "role": [role]}
        return list(CommitmentFilters(values, queryset=Commitment.objects.published()).qs)

    assert found(sources["other"], "lead") == [commitment]
    assert found(sources["report"], "lead") == []
    assert found(sources["report"], "support") == [commitment]
