from datetime import date

import pytest

from tests.factories import (
    make_assessment,
    make_commitment,
    make_document,
    make_entity,
    make_entity_name,
    make_milestone,
    make_milestone_responsible,
    make_plan,
    make_report,
    make_responsibility,
    make_update,
)
from tests.pages import address, codes, read, section

pytestmark = pytest.mark.django_db

LIST, DETAIL = "entities:entity-list", "entities:entity-detail"


def part(client, slug, name):
    return section(client.get(address(DETAIL, slug)), name)


def test_entity_of_another_day_marks_what_had_not_begun(client):
    entity = make_entity(slug="x")
    commitment = make_commitment(plan=make_plan(starts_on=date(2023, 1, 1), ends_on=date(2024, 12, 31)))
    make_responsibility(commitment=commitment, entity=entity)
    make_milestone(commitment=commitment)

    page = read(client, DETAIL, "x", as_of="2017-01-31")

    assert "Its plan had not begun yet." in page
    assert "1 milestone is of what had not been promised yet." in page
    assert "It leads or co-leads 1 commitment that had not been promised on that day" in page
    assert "No source of this record names it as the lead" not in page
    assert "This record holds no milestone for which it answers." not in page


def test_entity_tells_its_kind_parent_children_and_successor(client):
    make_entity(
        slug="x",
        kind="autonomous",
        parent=make_entity(name_en="Above"),
        succeeded_by=make_entity(name_en="After"),
        website="https://www.gob.pe/x",
    )
    entity = make_entity(slug="y", parent=make_entity(slug="z", name_en="Zeta"), name_en="Ypsilon")

    about = part(client, "x", "about")

    assert "Constitutionally autonomous body" in about
    assert "Attached to Above" in about
    assert "Succeeded by After" in about
    assert "https://www.gob.pe/x" in about
    assert f"Attached to it {entity.name_en}" in part(client, "z", "about")


def test_names_of_an_entity_stand_in_the_order_of_their_documents(client):
    entity = make_entity(slug="x")
    make_entity_name(entity=entity, spelling="New name", document=make_document(year=2023), place="p. 9")
    make_entity_name(entity=entity, spelling="Old name", document=make_document(year=2014))

    about = part(client, "x", "about")

    assert about.index("Old name") < about.index("New name")
    assert "p. 9" in about


def test_entity_counts_what_it_leads_and_names_the_plans(client):
    entity = make_entity(slug="x")
    first, second = make_plan(number=3), make_plan(number=4)
    judged = make_commitment(plan=first)
    make_assessment(commitment=judged, level="limited")
    for commitment, role in (
        (judged, "lead"),
        (judged, "co_lead"),
        (make_commitment(plan=second), "co_lead"),
        (make_commitment(plan=make_plan(number=5)), "support"),
    ):
        make_responsibility(commitment=commitment, role=role, entity=entity)

    page = read(client, DETAIL, "x")

    assert "Leads or co-leads 2 commitments. 1 of 2 have a level in this record." in page
    assert "They are of the plans: plan III, plan IV." in page
    assert "Limited: 1 Not assessed in this record: 1" in page


def test_entity_that_leads_nothing_says_so(client):
    make_responsibility(role="support", entity=make_entity(slug="x"))

    page = read(client, DETAIL, "x")

    assert "No source of this record names it as the lead of a commitment." in page
    assert part(client, "x", "by-report") is None


def test_commitments_of_an_entity_stand_by_plan_with_roles_and_levels(client):
    entity = make_entity(slug="x")
    for number, role in ((3, "stakeholder"), (4, "lead")):
        commitment = make_commitment(plan=make_plan(number=number), number=1)
        make_responsibility(commitment=commitment, role=role, entity=entity)
        make_responsibility(commitment=commitment, role="monitoring", entity=entity)
        make_responsibility(commitment=commitment, entity=make_entity())
    make_assessment(commitment=commitment, level="limited")

    commitments = part(client, "x", "commitments")

    assert codes(client, DETAIL, "x") == ["4-1", "3-1"]
    assert "Leads Monitors Limited Government, end-term, as of 30 September 2017" in commitments
    assert "Stakeholder Monitors Not assessed in this record" in commitments


def test_entity_has_a_tally_for_each_report(client):
    entity = make_entity(slug="x")
    plan = make_plan()
    commitment = make_commitment(plan=plan)
    make_responsibility(commitment=commitment, entity=entity)
    for year, level in ((2016, "limited"), (2017, "complete")):
        report = make_report(plan=plan, cutoff_on=date(year, 9, 30))
        make_assessment(report=report, commitment=commitment, level=level)
    make_assessment(report=make_report())

    table = part(client, "x", "by-report")

    assert "as of 30 September 2016 0 1 0 0 1 of 1" in table
    assert "as of 30 September 2017 0 0 0 1 1 of 1" in table
    assert table.count("as of") == 2


def test_drafts_are_not_on_the_page_of_an_entity(client):
    entity = make_entity(slug="x")
    make_responsibility(commitment=make_commitment(plan=make_plan(status="draft")), entity=entity)
    draft = make_report(status="draft")
    make_responsibility(commitment=make_commitment(plan=draft.plan), report=draft, entity=entity)

    assert codes(client, DETAIL, "x") == []
    assert "No source of this record names it as the lead" in read(client, DETAIL, "x")
    assert f"{entity.name_en} Ministry. http://testserver" in read(client, LIST)


def test_list_tells_what_each_entity_does(client):
    leader, helper = make_entity(name_es="A", name_en="Alpha"), make_entity(name_es="B", name_en="Beta")
    commitment = make_commitment()
    make_responsibility(commitment=commitment, entity=leader)
    make_responsibility(commitment=commitment, role="co_lead", entity=leader)
    make_responsibility(commitment=commitment, role="support", entity=helper)

    page = read(client, LIST)

    assert "2 of 2 entities" in page
    assert "They lead or co-lead a commitment Alpha Ministry. Leads or co-leads 1 commitment." in page
    assert "Named in another role, or in the text Beta Ministry. Takes part in 1 commitment." in page


def test_list_is_narrowed_by_its_form(client):
    wanted = make_entity(name_en="Alpha", kind="autonomous")
    make_responsibility(commitment=make_commitment(plan=make_plan(number=7)), role="support", entity=wanted)
    make_entity(name_en="Beta")

    for query in ({"q": "alpha"}, {"kind": "autonomous"}, {"plan": "7"}, {"role": "support"}):
        assert "1 of 2 entities" in read(client, LIST, **query), query


@pytest.mark.parametrize("query", [{"kind": "x"}, {"plan": "x"}, {"q": "\0"}, {"page": "2"}])
def test_bad_value_gives_a_sentence_and_no_list(client, query):
    make_entity(name_en="Alpha")

    page = read(client, LIST, status=400, **query)

    assert "This list cannot be shown" in page
    assert "Alpha" not in page


def test_unknown_entity_is_not_found(client):
    assert client.get(address(DETAIL, "no-such")).status_code == 404


@pytest.mark.parametrize("where", [(LIST,), (DETAIL, "x")])
def test_totals_name_the_plans_that_they_cover_and_those_that_they_cannot(client, where):
    make_responsibility(
        commitment=make_commitment(plan=make_plan(number=3)), role="lead", entity=make_entity(slug="x")
    )
    make_responsibility(commitment=make_commitment(plan=make_plan(number=4)), role="support")

    page = read(client, *where)

    assert "cover the plans in whose documents institutions are named: plan III." in page
    assert "no source of this record names any institution: plan IV." in page


def test_entity_tells_of_its_milestones_by_plan_which_are_late_and_which_nobody_knows(client):
    entity = make_entity(slug="x")
    commitment = make_commitment(plan=make_plan(number=7))
    make_responsibility(commitment=commitment, entity=entity)
    late = make_milestone(commitment=commitment, ends_on=date(2016, 12, 31))
    make_update(milestone=late, as_of=date(2016, 12, 31), status="in_progress")
    make_milestone(commitment=commitment, ends_on=date(2016, 12, 31))
    of_another = make_milestone(commitment=commitment)
    make_milestone_responsible(milestone=of_another, entity=make_entity())
    make_milestone_responsible(milestone=make_milestone(commitment=make_commitment()), entity=entity)

    words = part(client, "x", "milestones")

    assert "Plan VII, 2015–2016 2 milestones 0 of 2 reported complete 1 of 2 past due and reported" in words
    assert "1 of 2 past due, and nobody has reported since" in words
    assert words.count("1 milestone ") == 1
    assert '/en/follow-up/?entity=x"' in client.get(address(DETAIL, "x")).content.decode()


def test_entity_counts_its_other_roles_in_commitments_that_it_does_not_lead(client):
    entity = make_entity(slug="x")
    led = make_commitment()
    make_responsibility(commitment=led, role="lead", entity=entity)
    make_responsibility(commitment=led, role="support", entity=entity)
    for role in ("support", "support", "monitoring"):
        make_responsibility(commitment=make_commitment(), role=role, entity=entity)

    page = read(client, DETAIL, "x")

    assert "0 of 1 have a level in this record. Which of them are complete is not known." in page
    assert "Named besides: supports (2); monitors (1)." in page


def test_entity_without_milestones_says_so_and_which_plans_have_any(client):
    make_entity(slug="x")
    make_milestone(commitment=make_commitment(plan=make_plan(number=7)))

    words = part(client, "x", "milestones")

    assert "This record holds no milestone for which it answers." in words
    assert "milestones of these plans only: plan VII." in words
