"""What had not been promised by a day is marked, and counted nowhere (rule 5).

Its plan had not begun, or a norm added it to its plan later.
"""

from datetime import date

import pytest

from commitments.models import Commitment
from record.writing import writing
from tests.factories import (
    change_plan,
    make_assessment,
    make_commitment,
    make_entity,
    make_milestone,
    make_plan,
    make_policy_area,
    make_report,
    make_responsibility,
)
from tests.once import made_once
from tests.pages import address, codes, read

pytestmark = pytest.mark.django_db

DAY, LATER = "2017-01-31", "2017-03-01"
LIST, DETAIL = "commitments:commitment-list", "commitments:commitment-detail"


@pytest.fixture(autouse=True)
@made_once
def record():
    """Make plan 7 with one commitment of its own and one that a norm added, and plan 8 of later."""
    area, entity = make_policy_area(slug="open-data", name_en="Open data"), make_entity(slug="minam")
    running = make_plan(number=7, starts_on=date(2016, 1, 1), ends_on=date(2016, 12, 31))
    coming = make_plan(number=8, starts_on=date(2017, 3, 1), ends_on=date(2018, 12, 31))
    for plan, number, joined in ((running, 1, None), (running, 2, date(2017, 3, 1)), (coming, 1, None)):
        row = make_commitment(plan=plan, number=number, title_en=f"Open archive {number}", is_starred=True)
        with writing(reason="made for a test"):
            row.policy_areas.add(area)
        change_plan(row, in_plan_from=joined)
        make_responsibility(commitment=row, entity=entity)
        make_milestone(commitment=row, number=1, ends_on=date(2016, 12, 31))


def api(client, path, **query):
    response = client.get(f"/api/v1/{path}", query)
    assert response.status_code == 200, response.content
    return response.json()


def test_home_counts_what_had_been_promised(client):
    page = read(client, "home", as_of=DAY)

    assert "1 open government promise; no report of that day had judged it" in page
    assert "1 commitment is past due, and nobody says here whether it was kept." in page
    assert "3 open government promises; no report of that day" in read(client, "home", as_of=LATER)


def test_list_shows_it_marked_beside_the_count(client):
    page = read(client, LIST, as_of=DAY)

    assert "1 commitment 2 more are listed and not counted" in page
    assert codes(client, LIST, as_of=DAY) == ["8-1", "7-1", "7-2"]
    assert page.count("Its plan had not begun yet.") == 1
    assert page.count("It was not in its plan yet.") == 1
    later = read(client, LIST, as_of=LATER)
    assert "3 commitments The newest come first." in later
    assert "listed and not counted" not in later


def test_options_of_the_list_count_what_had_been_promised(client):
    form = client.get(address(LIST), {"as_of": DAY}).context["form"]

    counts = {
        control["name"]: {option["value"]: option["count"] for option in control["options"]}
        for control in [*form["first"], *form["further"]]
    }
    assert counts["plan"] == {"7": 1, "8": 0}
    assert counts["policy_area"] == {"open-data": 1}
    assert counts["entity"] == {"minam": 1}
    # What finds nothing is not offered.
    assert counts["overdue"] == {"unknown": 1}
    assert counts["unreported"] == counts["is_starred"] == {"true": 1}
    assert counts["level"]["none"] == 1


def test_options_of_reports_count_what_had_been_promised(client):
    report = make_report(
        plan=Commitment.objects.get(code="7-1").plan, slug="early", cutoff_on=date(2016, 6, 30)
    )
    for code in ("7-1", "7-2"):
        make_assessment(report=report, commitment=Commitment.objects.get(code=code))

    form = client.get(address(LIST), {"as_of": DAY}).context["form"]

    [control] = [each for each in form["further"] if each["name"] == "report"]
    assert [(option["value"], option["count"]) for option in control["options"]] == [("early", 1)]


def test_many_filters_count_it_no_more(client):
    query = {"plan": ["7", "8"], "level": "none", "entity": "minam", "policy_area": "open-data"}
    query |= {"is_starred": "true", "q": "archive", "as_of": DAY}

    page = read(client, LIST, **query)

    assert "1 of 1 commitments 2 more are listed and not counted" in page


@pytest.mark.parametrize("query", ["overdue=unknown", "past_due=true", "unreported=true"])
@pytest.mark.parametrize("path", ["commitments", "milestones"])
def test_filters_of_lateness_find_what_had_been_promised(client, path, query):
    name, value = query.split("=")

    def found(day):
        return [each["code"] for each in api(client, f"{path}/", **{name: value}, as_of=day)["results"]]

    assert [code[:3] for code in found(DAY)] == ["7-1"]
    assert len(found("2019-01-31")) == 3


def test_milestones_to_follow_up_are_of_what_had_been_promised(client):
    found = api(client, "milestones/", follow_up="unreported", as_of=DAY)["results"]

    assert [each["code"] for each in found] == ["7-1-1"]


def test_api_marks_it_and_counts_nothing_of_it(client):
    rows = {each["code"]: each for each in api(client, "commitments/", as_of=DAY)["results"]}

    assert {code: row["is_to_come"] for code, row in rows.items()} == {"7-1": False, "7-2": True, "8-1": True}
    assert rows["7-1"]["progress"]["total"] == 1
    assert rows["7-2"]["progress"] is rows["8-1"]["progress"] is None
    assert api(client, "commitments/8-1/", as_of=DAY)["progress"] is None
    # Kept lists turn with the day.
    later = {each["code"]: each for each in api(client, "commitments/", as_of=LATER)["results"]}
    assert not any(row["is_to_come"] for row in later.values())


def test_norm_that_changed_the_plan_is_told(client):
    row = Commitment.objects.get(code="7-2")

    answer = api(client, "commitments/7-2/")
    page = read(client, DETAIL, "7-2")

    assert answer["in_plan_from"] == LATER
    assert (answer["in_plan_until"], answer["in_plan_place"]) == (None, "Art. 1")
    assert answer["in_plan_norm"]["slug"] == row.in_plan_norm.slug
    assert "A norm added it to the plan in force; it is in it from 1 March 2017." in page
    assert str(row.in_plan_norm.title) in page
    assert api(client, "commitments/7-1/")["in_plan_norm"] is None


def test_page_says_why_it_is_in_no_count(client):
    assert "It was not in its plan yet; it is in no count of that day." in read(
        client, DETAIL, "7-2", as_of=DAY
    )
    assert "Its plan had not begun yet; it is in no count of that day." in read(
        client, DETAIL, "8-1", as_of=DAY
    )


def test_page_of_what_left_its_plan_says_so(client):
    change_plan(Commitment.objects.get(code="7-1"), in_plan_until=date(2016, 10, 31))

    page = read(client, DETAIL, "7-1")

    assert "A norm took it out of the plan in force; its last day in it is 31 October 2016." in page
    assert "A norm took it out of the plan, where 31 October 2016 was its last day" in page


def test_norm_is_a_document_that_the_record_quotes(client):
    norm = Commitment.objects.get(code="7-2").in_plan_norm

    assert api(client, f"documents/{norm.slug}/")["is_quoted"] is True


def test_plan_adds_up_what_was_in_it(client):
    page = read(client, "plans:plan-detail", 7, as_of=DAY)

    assert "Its 1 milestone was past due, and there was no news of it" in page
    assert "1 promise, not assessed. 1 past due, without news." in page
    assert "It was not in its plan yet." in page
    lateness = api(client, "plans/7/", as_of=DAY)["lateness"]
    assert (lateness["total"], lateness["unknown"]) == (1, 1)


def test_entity_is_counted_what_it_had_promised(client):
    page = read(client, "entities:entity-detail", "minam", as_of=DAY)

    assert "answered for 1 promise, not assessed here" in page
    assert "It leads or co-leads 2 commitments that had not been promised on that day" in page
    assert "2 milestones are of what had not been promised yet." in page
    assert "Leads or co-leads 1 commitment." in read(client, "entities:entity-list", as_of=DAY)
    row = api(client, "entities/minam/", as_of=DAY)
    assert row["commitments_count"]["lead"] == row["lateness"]["total"] == row["progress"]["total"] == 1
    assert api(client, "entities/minam/", as_of=LATER)["commitments_count"]["lead"] == 3


def test_search_marks_it(client):
    page = read(client, "search", q="archive", as_of=DAY)

    assert page.count("It was not in its plan yet.") == 1
    assert page.count("Its plan had not begun yet.") == 1


def test_board_leaves_it_out(client):
    assert "1 with no report" in read(client, "follow-up", as_of=DAY)
