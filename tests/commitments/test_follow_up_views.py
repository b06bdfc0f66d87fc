"""The follow-up board: each reason with n of N, by entity or commitment, on a date."""

import re
from datetime import date

import pytest

from commitments import follow_up_views
from commitments.models import Milestone
from record.dates import today
from tests.factories import (
    make_commitment,
    make_entity,
    make_evidence,
    make_milestone,
    make_milestone_responsible,
    make_plan,
    make_responsibility,
    make_update,
)
from tests.once import made_once
from tests.pages import address, bare, codes, read, section

pytestmark = pytest.mark.django_db

BOARD = "follow-up"
ON = date(2017, 1, 31)
PAST, SOON, FAR = date(2016, 12, 31), date(2017, 4, 30), date(2017, 5, 2)


def kept(what, on=ON):
    return sorted(Milestone.objects.follow_up(what, on).values_list("number", flat=True))


def milestone(plan, number, ends_on, status="", **update):
    """Make a milestone of plan 7, commitment 1, with an update if it has a status (None is one without)."""
    commitment = plan.commitments.first() or make_commitment(plan=plan, number=1)
    made = make_milestone(commitment=commitment, number=number, ends_on=ends_on, ends_as_printed="")
    if status != "":
        make_update(milestone=made, status=status, **{"as_of": date(2016, 9, 30)} | update)
    return made


@pytest.fixture
@made_once
def plan():
    """Make plan 7 with a milestone for each reason: its number says which."""
    plan = make_plan(number=7)
    milestone(plan, 1, PAST, "in_progress", as_of=PAST)
    milestone(plan, 2, PAST, None, as_of=ON)
    milestone(plan, 3, SOON)
    milestone(plan, 4, FAR)
    make_evidence(milestone=milestone(plan, 5, PAST, "complete"))
    milestone(plan, 6, SOON, "withdrawn")
    milestone(plan, 7, PAST)
    milestone(plan, 8, PAST, "in_progress")
    milestone(plan, 9, None, "in_progress")
    return plan


@pytest.mark.parametrize(
    ("what", "numbers"),
    [
        ("overdue", [1]),
        ("unknown", [2, 7, 8]),
        ("silent", [7, 8]),
        ("spoken", [2]),
        ("due", [3]),
        ("undated", [9]),
        ("unreported", [3, 4, 7]),
        ("unproved", [1, 2, 6, 8, 9]),
    ],
)
def test_each_reason_keeps_its_milestones(plan, what, numbers):
    assert kept(what) == numbers


def test_due_is_ninety_days_from_the_day_that_day_included():
    plan = make_plan(number=7)
    for number, ends_on in enumerate((date(2017, 1, 30), ON, date(2017, 5, 1), date(2017, 5, 2)), 1):
        milestone(plan, number, ends_on)

    assert kept("due") == [2, 3]


def test_nothing_is_due_in_a_plan_that_nobody_follows_any_more():
    milestone(make_plan(number=7, followed_until=date(2016, 9, 30)), 1, SOON)

    assert kept("due") == []


def test_evidence_of_a_later_day_proves_nothing_yet():
    made = milestone(make_plan(number=7), 1, PAST, "complete")
    make_evidence(update=make_update(milestone=made, as_of=date(2017, 6, 30)))

    assert kept("unproved") == [1]
    assert kept("unproved", date(2017, 6, 30)) == []


def test_reason_that_does_not_exist_is_an_error():
    with pytest.raises(ValueError, match="tomorrow"):
        Milestone.objects.follow_up("tomorrow", ON)


def test_nothing_is_to_follow_up_in_a_plan_that_had_not_begun():
    plan = make_plan(number=7, starts_on=date(2017, 2, 1), ends_on=date(2018, 12, 31))
    milestone(plan, 1, PAST)

    assert kept("unknown") == kept("unreported") == []
    assert kept("unknown", date(2017, 2, 1)) == [1]


def test_board_counts_each_reason_of_all_milestones(client, plan):
    page = read(client, BOARD, as_of="2017-01-31")

    assert "2 milestones past due, with no news" in page
    assert "1 late, according to a report" in page
    assert "1 reported, not whether finished" in page
    assert "1 due within 90 days" in page
    assert "1 without a due date" in page
    assert "3 with no report" in page
    assert "5 with no link that proves it" in page


def headline(client, **params):
    body = client.get(address(BOARD), {"as_of": ON.isoformat()} | params).content.decode()
    return bare(re.search(r"<h1.*?</h1>", body, re.DOTALL).group())


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("silent", "2 milestones past due, with no news since"),
        # What is known to be late never stands alone.
        ("overdue", "1 milestone late, according to a report; 2 milestones past due, with no news since"),
        ("spoken", "1 milestone with a report that does not say whether it was finished"),
        ("due", "1 milestone due in the next 90 days"),
        ("undated", "1 milestone without a due date in the sources"),
        ("unreported", "3 milestones with no report here"),
        ("unproved", "5 milestones reported, without a link that proves it"),
        ("unknown", "3 milestones past due, and nobody says whether they were done"),
    ],
)
def test_head_answers_with_the_number_of_the_reason_that_is_asked_for(client, plan, what, said):
    assert headline(client, follow_up=what) == said
    assert len(board_codes(client, follow_up=what)) == int(said.split()[0])


def board_codes(client, **params):
    """Return the codes of the milestones that the board lists."""
    return [
        code for code in codes(client, BOARD, **{"as_of": ON.isoformat()} | params) if code.count("-") == 2
    ]


def test_head_of_what_is_late_says_zero_only_beside_what_nobody_knows(client):
    milestone(make_plan(number=7), 1, PAST)

    said = "0 milestones late, according to a report; 1 milestone past due, with no news since"
    assert headline(client, follow_up="overdue") == said


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([(PAST, "in_progress", PAST), (SOON, "", None)], "1 milestone late, according to a report"),
        (
            [(PAST, None, ON), (SOON, "", None)],
            "1 milestone with a report that does not say whether it was finished",
        ),
        ([(SOON, "", None)], "1 milestone due in the next 90 days"),
        ([(FAR, "", None)], "No milestone is past due"),
        ([], "No milestone is here"),
    ],
)
def test_board_opens_with_what_is_most_pressing_on_the_day(client, rows, said):
    plan = make_plan(number=7)
    for number, (ends_on, status, day) in enumerate(rows, 1):
        milestone(plan, number, ends_on, status, **({"as_of": day} if day else {}))

    assert headline(client) == said
    assert not re.search(r"\b0 ", section_of_chips(read(client, BOARD, as_of=ON.isoformat())))


def section_of_chips(page):
    return page.partition("Other cases")[2].partition("All milestones")[0]


def test_lead_tells_the_oldest_the_newest_and_how_many_answer(client):
    plan = make_plan(number=7)
    milestone(plan, 1, date(2015, 1, 31))
    made = milestone(plan, 2, PAST)
    other = make_milestone(commitment=make_commitment(plan=plan, number=2), number=1, ends_on=PAST)
    make_responsibility(commitment=made.commitment, entity=make_entity(name_en="Ministry"))

    page = read(client, BOARD, as_of="2017-01-31")

    assert "They are all 3 of plan VII. The oldest was due 2 years ago; the newest, 1 month ago." in page
    assert "Institutions that answer: 1. Of 1, no source names an institution." in page
    assert "1 institution answers. Of 1, no source names an institution." in read(client, BOARD)
    assert "If something is not here, that does not mean that it was not done." in page
    assert f"Institution not stated in the sources 1 milestone {other.code}" in page


def test_milestones_stand_under_who_answers_the_longest_wait_first(client):
    plan = make_plan(number=7)
    own = make_commitment(plan=plan, number=1)
    for number, ends_on in ((1, PAST), (2, date(2015, 6, 30)), (10, PAST), (9, PAST)):
        make_milestone(commitment=own, number=number, ends_on=ends_on)
    alone = make_milestone(commitment=make_commitment(plan=plan, number=2), number=1, ends_on=PAST)
    make_responsibility(commitment=own, entity=make_entity(name_en="Ministry", acronym="MIN", slug="min"))
    make_milestone_responsible(milestone=alone, entity=make_entity(name_en="Agency"))
    make_milestone_responsible(milestone=alone, entity=make_entity(name_en="Court", slug="court"))

    page = read(client, BOARD, as_of="2017-01-31")

    assert board_codes(client) == ["7-1-2", "7-1-1", "7-1-9", "7-1-10", "7-2-1"]
    assert "MIN Ministry 4 milestones 7-1-2" in page
    assert "19 months since its due date, 30 June 2015" in page
    # Of several who answer the first one, or the one that is asked for.
    assert re.search(r"Agency 1 milestone 7-2-1 Activity \S+ Also: Court 1 month", page)
    assert re.search(
        r"Court 1 milestone 7-2-1 Activity \S+ Also: Agency",
        read(client, BOARD, as_of="2017-01-31", entity="court"),
    )


def test_milestones_are_grouped_by_commitment_or_ordered_without_groups(client, plan):
    groups = client.get(address(BOARD), {"as_of": ON.isoformat(), "by": "commitment"}).context["groups"]
    ordered = client.get(address(BOARD), {"as_of": ON.isoformat(), "ordering": "-code"}).context

    assert [(group["who"].code, group["count"]) for group in groups] == [("7-1", 2)]
    assert not ordered["is_grouped"]
    assert board_codes(client, ordering="-code") == ["7-1-8", "7-1-7"]


def test_bar_has_a_block_for_each_year_of_the_longest_wait(client):
    plan = make_plan(number=7, starts_on=date(2010, 1, 1))
    milestone(plan, 1, date(2014, 12, 31))
    milestone(plan, 2, PAST)

    body = client.get(address(BOARD), {"as_of": "2017-01-31"}).content.decode()

    bars = re.findall(r'<svg class="months" viewBox="0 0 (\d+) 10".*?</svg>', body)
    assert bars == ["36", "36"]
    drawn = "".join(re.findall(r'<svg class="months".*?</svg>', body))
    widths = re.findall(r"h([\d.]+)v", "".join(re.findall(r'<path d="([^"]*)"', drawn)))
    # Twenty-five months are two blocks and a twelfth; one month is a twelfth.
    assert widths == ["11.5", "11.5", "0.5", "0.5"]


def test_long_board_has_pages_and_says_how_many_each_group_has_in_all(client, monkeypatch):
    monkeypatch.setattr(follow_up_views.FollowUp, "per_page", 2)
    plan = make_plan(number=7)
    for number in (1, 2, 3):
        milestone(plan, number, PAST)

    page = read(client, BOARD, as_of="2017-01-31", page="2")

    assert "3 milestones past due, with no news" in page
    assert board_codes(client, page="2") == ["7-1-3"]
    assert "Institution not stated in the sources 3 milestones 7-1-3" in page


def test_list_of_a_reason_tells_dates_and_days_late_by_both_clocks(client):
    made = milestone(make_plan(number=7), 1, PAST, "in_progress")
    make_update(
        milestone=made,
        status="in_progress",
        as_of=date(2017, 1, 31),
        new_end_on=date(2017, 1, 21),
        reason_en="x",
    )

    page = read(client, BOARD, follow_up="overdue", as_of="2017-01-31")

    assert "1 milestone late, according to a report" in page
    assert "Due date: 31 December 2016; new end: 21 January 2017." in page
    assert "On 31 January 2017, 31 days later, it was reported as in progress." in page
    assert "By the end announced later (21 January 2017) it was 10 days late." in page
    assert "In progress, as of 31 January 2017." in page


def test_days_are_counted_to_the_last_word_and_no_further(client):
    milestone(make_plan(number=7), 1, PAST, "in_progress", as_of=date(2017, 1, 10))

    page = read(client, BOARD, follow_up="overdue")

    assert "On 10 January 2017, 10 days later, it was reported as in progress." in page


def test_table_counts_a_milestone_for_whoever_answers_for_it(client):
    plan = make_plan(number=7)
    first, second = milestone(plan, 1, PAST), milestone(plan, 2, PAST, "in_progress", as_of=PAST)
    lead = make_entity(slug="lead", name_en="Lead ministry")
    make_responsibility(commitment=first.commitment, entity=lead)
    make_milestone_responsible(milestone=second, entity=make_entity(slug="unit", name_en="Own unit"))
    milestone(make_plan(number=8), 1, PAST)

    table = section(client.get("/en/follow-up/?as_of=2017-01-31"), "table")

    label = "Past due, and nobody has reported since"
    assert f"Lead ministry 1 0 {label}: 1 0 0 0 Nothing reported: 1 0" in table
    late = "Past due and reported as not complete"
    assert f"Own unit 1 {late}: 1 0 0 0 0 0 Reported, and no link proves it: 1" in table
    assert table.endswith("Institution not stated in the sources 1 0 1 0 0 0 1 0")


def test_line_beside_the_entity_that_is_asked_for_leads_to_no_list_of_more(client, plan):
    both, alone = plan.commitments.get(), make_commitment(plan=plan, number=2)
    make_milestone(commitment=alone, number=1, ends_on=PAST)
    minam, pcm = make_entity(slug="minam", name_en="Minam"), make_entity(slug="pcm", name_en="Pcm")
    for commitment, entity in ((both, minam), (both, pcm), (alone, pcm)):
        make_responsibility(commitment=commitment, entity=entity)

    lines = client.get(address(BOARD), {"as_of": ON.isoformat(), "entity": "minam"}).context["table"]

    asked, other = sorted(lines, key=lambda line: line["who"].slug)
    assert asked["count"] == other["count"] == 9
    assert all("entity=minam" in query for _label, _n, query in asked["cells"])
    assert not any(query for _label, _n, query in other["cells"])


def test_table_by_commitment_leads_to_the_milestones_of_each(client, plan):
    response = client.get("/en/follow-up/?as_of=2017-01-31&by=commitment")

    assert "7-1 Commitment" in section(response, "table")
    narrowed = "?as_of=2017-01-31&amp;by=commitment&amp;follow_up=silent&amp;commitment=7-1#milestones"
    assert narrowed in response.content.decode()
    assert codes(client, BOARD, as_of="2017-01-31", follow_up="unknown", commitment="7-1") == [
        "7-1-2",
        "7-1-7",
        "7-1-8",
    ]


def test_plan_that_ended_without_a_report_is_said_to_be_unknown(client):
    for number in (1, 2):
        milestone(
            make_plan(number=7) if number == 1 else Milestone.objects.get().commitment.plan, number, PAST
        )
    milestone(make_plan(number=8), 1, PAST, None)

    page = read(client, BOARD)

    assert "Among them are all 2 of plan VII." in page
    assert "If something is not here, that does not mean that it was not done." in page
    assert "plan VIII." not in page
    narrowed = read(client, BOARD, commitment="7-1")
    assert "They are all 2 of plan VII asked for here." in narrowed


def test_board_of_today_knows_no_milestone_of_a_draft(client):
    milestone(make_plan(status="draft"), 1, PAST)

    assert "No milestone is here" in read(client, BOARD)


def test_board_of_before_the_first_plan_says_so_instead_of_zeros(client, plan):
    page = read(client, BOARD, as_of="1999-01-01")

    assert "No plan of which milestones are here had begun" in page
    assert "0 of 0" not in page


def test_plan_and_entity_narrow_everything(client, plan):
    other = milestone(make_plan(number=8), 1, PAST)
    make_responsibility(commitment=other.commitment, entity=make_entity(slug="x"))

    for query in ({"plan": "8"}, {"entity": "x"}):
        assert "1 with no report" in read(client, BOARD, **query)
        assert board_codes(client, **query) == ["8-1-1"]
    assert "No milestone is here" in read(client, BOARD, entity="x", plan="7")


@pytest.mark.parametrize(
    "query", [{"follow_up": "late"}, {"by": "day"}, {"as_of": "2999-01-01"}, {"plan": "99"}, {"entity": "\0"}]
)
def test_bad_values_are_refused_with_words(client, query):
    assert "This list cannot be shown" in read(client, BOARD, status=400, **query)


def test_day_of_the_board_is_today_unless_another_is_asked(client):
    assert "How it stood on 31 January 2017" in read(client, BOARD, as_of="2017-01-31")
    assert client.get(address(BOARD)).context["reading"].on == today()
    assert "How it stood on" not in read(client, BOARD).replace("How it stood on Show", "")


@pytest.mark.parametrize("by", ["entity", "commitment"])
def test_table_of_a_large_record_ends_and_says_how_much_is_left_out(client, monkeypatch, by):
    monkeypatch.setattr(follow_up_views, "MOST_LINES", 2)
    for _ in range(5):
        make_milestone_responsible(milestone=make_milestone(), entity=make_entity())

    body = client.get(f"/en/follow-up/?by={by}").content.decode()

    assert body.count('role="rowheader"') == 2
    assert "3 more lines are not shown here" in body


def test_board_says_of_which_plans_nothing_is_here(client):
    make_plan(number=8, starts_on=date(2016, 1, 1), ends_on=date(2018, 12, 31))
    make_plan(number=9, starts_on=date(2018, 1, 1), ends_on=date(2019, 12, 31))
    make_plan(number=6, status="draft")
    make_milestone(commitment=make_commitment(plan=make_plan(number=7)), ends_on=PAST)
    said = "The milestones of plan VIII (2016–2018) are not here yet."

    assert said in read(client, "follow-up", as_of="2017-01-31")
    assert said in read(client, "follow-up", plan="8", as_of="2017-01-31")
    assert "are not here yet" not in read(client, "follow-up", plan="7", as_of="2017-01-31")
    assert "plan IX" not in read(client, "follow-up", as_of="2017-01-31")
    assert "plan IX (2018–2019)" in read(client, "follow-up", as_of="2018-01-31")
