import re
from datetime import date

import pytest

from commitments.entity_views import MOST_SILENT
from plans.models import Plan
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
from tests.pages import address, read, section

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

    assert "it had not begun yet" in page
    assert "1 milestone is of what had not been promised yet." in page
    assert "It leads or co-leads 1 commitment that had not been promised on that day" in page
    assert "No source here names" not in page
    assert "No milestone is here for which it answers." not in page


def test_entity_tells_its_kind_parent_children_and_successor(client):
    make_entity(
        slug="x",
        kind="autonomous",
        parent=make_entity(name_en="Above"),
        succeeded_by=make_entity(name_en="After"),
        website="https://www.gob.pe/x",
    )
    entity = make_entity(slug="y", parent=make_entity(slug="z", name_en="Zeta"), name_en="Ypsilon")

    about = part(client, "x", "ask")

    assert "Constitutionally autonomous body" in about
    assert "Attached to Above" in about
    assert "Succeeded by After" in read(client, DETAIL, "x")
    assert "https://www.gob.pe/x" in about
    assert f"Attached to it {entity.name_en}" in part(client, "z", "ask")
    assert "Website no link" in part(client, "z", "ask")
    assert "Law 27806" in part(client, "z", "ask")


def test_names_of_an_entity_stand_in_the_order_of_their_documents(client):
    entity = make_entity(slug="x")
    make_entity_name(entity=entity, spelling="New name", document=make_document(year=2023), place="p. 9")
    make_entity_name(entity=entity, spelling="Old name", document=make_document(year=2014))

    about = part(client, "x", "commitments")

    assert about.index("Old name") < about.index("New name")
    assert "p. 9" in about


def test_entity_counts_what_it_leads_plan_by_plan(client):
    entity = make_entity(slug="x", acronym="X")
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

    assert "X answered for 2 promises, none complete according to a report" in page
    assert "1 was not complete in its last report. Of 1 there is no assessment here." in page
    assert "Plan V 2015–2016 the sources do not say who answers" in page
    assert "Plan IV 2015–2016 1 promise " in page
    assert "Plan III 2015–2016 1 promise " in page


def test_entity_that_leads_nothing_says_so(client):
    make_responsibility(role="support", entity=make_entity(slug="x", acronym="X"))
    make_entity(slug="y", acronym="Y")

    page = read(client, DETAIL, "x")

    assert "X leads no promise that is here; it takes part as: supports (1)" in page
    assert "What each report judged" not in page
    assert "No source here names Y as the lead of a promise" in read(client, DETAIL, "y")


def test_commitments_of_an_entity_stand_by_plan_with_roles_and_levels(client):
    entity = make_entity(slug="x")
    for number, role in ((3, "stakeholder"), (4, "lead")):
        commitment = make_commitment(plan=make_plan(number=number), number=1)
        make_responsibility(commitment=commitment, role=role, entity=entity)
        make_responsibility(commitment=commitment, role="monitoring", entity=entity)
        make_responsibility(commitment=commitment, entity=make_entity())
    make_assessment(commitment=commitment, level="limited")

    commitments = part(client, "x", "commitments")

    assert commitments.index("4-1 ") < commitments.index("3-1 ")
    assert "Monitors Limited, Government 2017" in commitments
    assert "Stakeholder Monitors Not assessed" in commitments


def test_entity_has_a_tally_for_each_report(client):
    entity = make_entity(slug="x")
    plan = make_plan()
    commitment = make_commitment(plan=plan)
    make_responsibility(commitment=commitment, entity=entity)
    for year, level in ((2016, "limited"), (2017, "complete")):
        report = make_report(plan=plan, cutoff_on=date(year, 9, 30))
        make_assessment(report=report, commitment=commitment, level=level)
    make_assessment(report=make_report())

    table = part(client, "x", "commitments").partition("What each report judged")[2]

    assert "as of 30 September 2016 0 1 0 0 1 of 1" in table
    assert "as of 30 September 2017 0 0 0 1 1 of 1" in table
    assert table.count("as of") == 2


def test_entity_answers_for_what_is_in_force_and_answered_for_the_rest(client):
    entity = make_entity(slug="x", acronym="X")
    plan = make_plan(starts_on=date(2013, 1, 1), ends_on=date(2014, 12, 31))
    commitment = make_commitment(plan=plan)
    make_responsibility(commitment=commitment, entity=entity)
    report = make_report(plan=plan, author="irm", cutoff_on=date(2014, 6, 30))
    make_assessment(report=report, commitment=commitment, level="complete")

    assert "X answered for 1 promise, 1 complete" in read(client, DETAIL, "x")
    assert "Who calls them complete: the IRM in 2014 (1)." in read(client, DETAIL, "x")
    assert "X answers for 1 promise, 1 complete" in read(client, DETAIL, "x", as_of="2014-07-31")
    assert "X answers for 1 promise, not assessed here" in read(client, DETAIL, "x", as_of="2014-01-31")


def test_what_is_past_due_stands_first_the_oldest_milestone_first(client):
    entity = make_entity(slug="x", acronym="X")
    plan = make_plan(starts_on=date(2013, 1, 1), ends_on=date(2014, 12, 31))
    commitment = make_commitment(plan=plan, number=1)
    make_responsibility(commitment=commitment, entity=entity)
    for number in range(1, MOST_SILENT + 2):
        make_milestone(commitment=commitment, number=number, ends_on=date(2014, 13 - number, 1))
    late = make_commitment(plan=plan, number=2)
    make_responsibility(commitment=late, entity=entity)
    report = make_report(plan=plan, author="irm", cutoff_on=date(2015, 6, 30))
    make_assessment(report=report, commitment=late, level="limited")

    due = part(client, "x", "due")

    assert "Late, according to a report · Limited, IRM 2015" in due
    assert f"{MOST_SILENT + 1} milestones are past due, without news." in due
    oldest = f"{commitment.code}-{MOST_SILENT + 1} "
    assert due.index(oldest) < due.index(f"{commitment.code}-{MOST_SILENT} ")
    assert f"{commitment.code}-1 " not in due


def test_plan_whose_texts_are_not_here_says_so(client):
    make_responsibility(commitment=make_commitment(plan=make_plan(number=5)), entity=make_entity(slug="x"))
    make_plan(number=6)
    make_commitment(plan=make_plan(number=4))

    page = read(client, DETAIL, "x")

    assert "Plan VI 2015–2016 who answers is not here yet" in page
    assert "Plan IV 2015–2016 the sources do not say who answers" in page


def test_plan_with_many_commitments_is_bounded(client, monkeypatch):
    monkeypatch.setattr("commitments.entity_views.MOST_LINES", 1)
    monkeypatch.setattr("commitments.entity_views.MOST_SQUARES", 1)
    entity, plan = make_entity(slug="x"), make_plan(number=5)
    for _ in range(3):
        make_responsibility(commitment=make_commitment(plan=plan), entity=entity)

    html = client.get(address(DETAIL, "x")).content.decode()

    assert 'class="squares"' not in html
    assert "?entity=x&amp;plan=5" in html
    assert "2 more" in part(client, "x", "commitments")


def test_drafts_are_not_on_the_page_of_an_entity(client):
    entity = make_entity(slug="x")
    make_responsibility(commitment=make_commitment(plan=make_plan(status="draft")), entity=entity)
    draft = make_report(status="draft")
    make_responsibility(commitment=make_commitment(plan=draft.plan), report=draft, entity=entity)

    assert "No commitment that is here names it." in part(client, "x", "commitments")
    assert "No source here names" in read(client, DETAIL, "x")
    assert f"{entity.name_en} Ministry. These totals cover" in read(client, LIST)


def test_list_tells_what_each_entity_does(client):
    leader, helper = make_entity(name_es="A", name_en="Alpha"), make_entity(name_es="B", name_en="Beta")
    commitment = make_commitment()
    make_responsibility(commitment=commitment, entity=leader)
    make_responsibility(commitment=commitment, role="co_lead", entity=leader)
    make_responsibility(commitment=commitment, role="support", entity=helper)

    page = read(client, LIST)

    assert "2 entities First those that lead" in page
    assert "Ministry Alpha Leads or co-leads 1 commitment." in page
    assert "Named in another role, or in the text Beta Ministry. Takes part in 1 commitment." in page


def test_list_begins_with_those_that_lead_by_kind_and_says_what_is_complete(client):
    kinds = {"Court": "judicial", "Zeta": "ministry", "Alpha": "ministry"}
    for number, (name, kind) in enumerate(kinds.items(), 1):
        entity = make_entity(name_en=name, kind=kind)
        commitment = make_commitment(plan=Plan.objects.first() or make_plan(), number=number)
        make_responsibility(commitment=commitment, entity=entity)
        make_assessment(commitment=commitment, level="complete" if name == "Zeta" else "limited")
    make_entity(name_en="Bystander", kind="ministry")

    page, before = read(client, LIST), read(client, LIST, as_of="2017-09-29")

    assert "Ministry Alpha Leads or co-leads 1 commitment. Zeta" in page
    assert (
        "Zeta Leads or co-leads 1 commitment; 1 complete, says its last report. Judicial branch Court" in page
    )
    assert page.index("Court Leads") < page.index("Named in another role, or in the text Bystander")
    assert "1 complete" not in before


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


def test_totals_name_the_plans_that_they_cover_and_those_that_they_cannot(client):
    make_responsibility(
        commitment=make_commitment(plan=make_plan(number=3)), role="lead", entity=make_entity(slug="x")
    )
    make_responsibility(commitment=make_commitment(plan=make_plan(number=4)), role="support")

    page = read(client, LIST)

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

    words = part(client, "x", "commitments").partition("Its milestones")[2]

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

    assert "answered for 1 promise, not assessed here" in page
    assert "Besides: supports (2); monitors (1)." in page


def test_entity_without_milestones_says_so_and_which_plans_have_any(client):
    make_entity(slug="x")
    make_milestone(commitment=make_commitment(plan=make_plan(number=7)))

    words = part(client, "x", "commitments")

    assert "No milestone is here for which it answers." in words
    assert "Milestones are here of these plans only: plan VII." in words


def test_entities_that_lead_nothing_are_folded_until_some_are_looked_for(client):
    commitment = make_commitment()
    make_responsibility(
        commitment=commitment, entity=make_entity(name_es="Ministerio guía de Lima"), role="lead"
    )
    make_entity(name_es="Municipalidad vecina de Lima")

    def folded(query=""):
        page = client.get(address(LIST, lang="es") + query).content.decode()
        assert "Municipalidad vecina" in page
        listed = page.split('<section aria-labelledby="results">')[1]
        return re.findall(r'<details class="fold">.*?</details>', listed, re.DOTALL)

    (fold,) = folded()
    assert "Municipalidad vecina" in fold
    assert "Ministerio guía de Lima" not in fold
    assert folded("?q=Lima") == []
