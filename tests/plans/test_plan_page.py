"""The first words of a plan's page in each state of the plan, and what its lines say."""

import re
from datetime import date

import pytest

from plans import lines, picture
from tests.factories import (
    make_assessment,
    make_commitment,
    make_declared_figure,
    make_document,
    make_entity,
    make_further_source,
    make_milestone,
    make_plan,
    make_report,
    make_responsibility,
    make_theme,
    make_update,
)
from tests.pages import address, bare, read, section

pytestmark = pytest.mark.django_db

PLAN = "plans:plan-detail"


def verdict(client, as_of=None, lang="en"):
    """Return the words of the heading of plan 7."""
    response = client.get(address(PLAN, 7, lang=lang), {"as_of": as_of} if as_of else {})
    return bare(re.search(r"<h1>(.*?)</h1>", response.content.decode(), re.DOTALL)[1])


@pytest.fixture
def plan():
    return make_plan(number=7, starts_on=date(2015, 1, 1), ends_on=date(2016, 12, 31))


def judge(plan, *levels, **columns):
    report = make_report(plan=plan, **columns)
    for number, level in enumerate(levels, plan.commitments.count() + 1):
        commitment = make_commitment(plan=plan, number=number)
        if level:
            make_assessment(report=report, commitment=commitment, level=level)
    return report


def test_plan_judged_whole_says_how_many_are_complete_and_whose_word_it_is(client, plan):
    judge(plan, "complete", "limited", "not_started", "not_started", "unclear", "withdrawn")

    page = read(client, PLAN, 7)

    assert verdict(client) == "1 of 6 promises complete, according to the Government"
    assert (
        "2 not started. 1 half-way. 1 judged unclear. 1 withdrawn. As of 30 September 2017. "
        "3 late, according to a report; 1 past due, with a report that does not say whether it was done."
        in page
    )


def test_plan_of_one_promise_is_said_in_the_singular(client, plan):
    judge(plan, "complete", author="irm")

    assert verdict(client) == "1 of 1 promise complete, according to the IRM"
    assert "late" not in section(client.get(address(PLAN, 7)), "commitments")


def test_plan_judged_in_part_says_how_many_were_assessed(client, plan):
    judge(plan, "complete", "limited", None, coverage="partial", author="irm")

    page = read(client, PLAN, 7)

    assert verdict(client) == "2 of 3 promises assessed, by the IRM"
    assert "1 complete. 1 half-way. As of 30 September 2017." in page
    assert "1 not assessed here. 1 late, according to a report; 1 past due, without news." in page


def test_plan_that_several_judged_names_none_of_them(client, plan):
    judge(plan, "complete")
    judge(plan, "complete", author="irm")

    assert verdict(client) == "2 of 2 promises complete, according to several reports"


def test_plan_of_which_a_report_is_not_held_says_so(client, plan):
    judge(plan, None, None, coverage="not_held")

    assert verdict(client) == "2 commitments; the report on how they ended exists and is not here yet"


@pytest.mark.parametrize(
    ("number", "today", "then"),
    [
        (
            1,
            "Its 1 milestone is past due, and there is no news of it",
            "was past due, and there was no news of it",
        ),
        (
            3,
            "Its 3 milestones are past due, and there is no news of any",
            "were past due, and there was no news",
        ),
    ],
)
def test_plan_without_news_of_any_milestone_says_so(client, plan, number, today, then):
    commitment = make_commitment(plan=plan)
    for _ in range(number):
        make_milestone(commitment=commitment, ends_on=date(2016, 6, 30))

    assert verdict(client) == today
    assert then in verdict(client, as_of="2017-01-31")
    assert verdict(client, as_of="2016-03-31") == "1 commitment, not assessed"


def test_plan_of_which_one_milestone_has_news_does_not_say_that_none_has(client, plan):
    commitment = make_commitment(plan=plan)
    make_milestone(commitment=commitment, ends_on=date(2016, 6, 30))
    make_update(milestone=make_milestone(commitment=commitment, ends_on=date(2016, 6, 30)), status="complete")

    assert "no news" not in verdict(client)


def test_plan_without_a_promise_tells_the_number_that_a_document_prints(client, plan):
    assert verdict(client) == "No promise of this plan is here yet"

    make_declared_figure(plan=plan, report=None, measure="commitments", value=11, as_printed="11")

    assert verdict(client) == "11 commitments; their texts are not here yet"
    assert client.get(address(PLAN, 7)).content.decode().count('<li class="box">') == 11


def test_plan_without_a_promise_tells_what_is_known_of_it_unfolded(client, plan):
    make_declared_figure(plan=plan, report=None, measure="commitments", value=11, as_printed="11")
    make_further_source(plan, note_en="Areas that it names: health", document=make_document(title_en="News"))
    page = client.get(address(PLAN, 7))

    assert "What sources say besides Areas that it names: health. News" in section(page, "known")
    assert "Approved by" in section(page, "known")
    assert 'id="about"' not in page.content.decode()

    make_commitment(plan=plan)
    assert "Areas that it names" not in section(client.get(address(PLAN, 7)), "about")


def test_plan_that_had_not_begun_counts_nothing_of_that_day(client, plan):
    make_commitment(plan=plan)

    page = read(client, PLAN, 7, as_of="2014-12-31")

    assert verdict(client, as_of="2014-12-31") == "1 commitment; it had not begun yet"
    assert "without news" not in page


def test_plan_tells_where_it_stands_in_time(client, plan):
    assert "2015–2016 · ended" in read(client, PLAN, 7)
    assert "2015–2016 · it was in force" in read(client, PLAN, 7, as_of="2016-12-31")
    assert "2015–2016 · it had ended" in read(client, PLAN, 7, as_of="2017-01-01")


def test_level_is_that_of_the_day_asked(client, plan):
    commitment = make_commitment(plan=plan)
    for day, level in ((date(2016, 9, 30), "limited"), (date(2017, 9, 30), "complete")):
        make_assessment(report=make_report(plan=plan, cutoff_on=day), commitment=commitment, level=level)

    assert verdict(client, as_of="2017-09-29").startswith("0 of 1")
    assert verdict(client, as_of="2017-09-30").startswith("1 of 1")
    assert section(client.get(address(PLAN, 7), {"as_of": "2017-09-29"}), "movement") is None


def test_themes_tell_how_many_of_each_are_complete(client, plan):
    report = make_report(plan=plan)
    theme = make_theme(plan=plan, name_en="Openness")
    for level in ("complete", "limited"):
        make_assessment(report=report, level=level, commitment=make_commitment(plan=plan, theme=theme))

    body = client.get(address(PLAN, 7)).content.decode()

    assert "Openness 1 of 2 complete" in bare(body)
    assert '<ul class="squares" aria-label="Openness">' in body


def test_worst_come_first_and_those_not_assessed_last(client, plan):
    judge(plan, "complete", "limited", "not_started", None, "withdrawn", "unclear")

    words = section(client.get(address(PLAN, 7)), "commitments")

    heads = [
        "2 that were not completed",
        "one judged unclear",
        "one withdrawn",
        "one complete",
        "one not assessed",
    ]
    assert sorted(heads, key=words.index) == heads
    assert words.index("7-3 ") < words.index("7-2 ")


def test_what_all_of_a_group_have_stands_once(client, plan):
    for _ in range(3):
        make_commitment(plan=plan)

    words = section(client.get(address(PLAN, 7)), "commitments").replace("\xa0", " ")

    assert "All of them: Past due, without news · due 31 Dec 2016." in words
    assert words.count("Past due, without news") == 1
    assert words.count("Institution not stated in the sources") == 1


def test_line_tells_its_own_due_date_where_they_differ_and_who_leads(client, plan):
    commitment = make_commitment(plan=plan, ends_on=date(2016, 10, 31))
    make_responsibility(commitment=commitment, entity=make_entity(acronym="ABC", name_en="A ministry"))
    make_commitment(plan=plan)

    words = section(client.get(address(PLAN, 7)), "commitments").replace("\xa0", " ")

    assert "Not assessed · ABC Past due, without news · due 31 Oct 2016" in words
    assert "Institution not stated in the sources Past due, without news · due 31 Dec 2016" in words


def test_line_tells_the_reason_that_the_last_card_gives(client, plan):
    report = make_report(plan=plan)
    make_assessment(
        report=report, level="not_started", commitment=make_commitment(plan=plan), delay_reason="No budget."
    )

    assert "Reason that the report gives: No budget." in section(client.get(address(PLAN, 7)), "commitments")


def test_lines_name_who_judged_where_several_did(client, plan):
    first, second = make_commitment(plan=plan), make_commitment(plan=plan)
    make_assessment(report=make_report(plan=plan, author="irm"), commitment=first, level="limited")
    make_assessment(report=make_report(plan=plan), commitment=second, level="limited")

    words = section(client.get(address(PLAN, 7)), "commitments")

    assert "Limited (IRM 2017)" in words
    assert "Limited (Government 2017)" in words


def test_lines_are_bounded_and_the_rest_is_counted(client, plan, monkeypatch):
    monkeypatch.setattr(lines, "MOST_LINES", 2)
    for _ in range(5):
        make_commitment(plan=plan)

    words = section(client.get(address(PLAN, 7)), "commitments")

    assert "3 more are not listed here." in words
    assert words.count("7-") == 2


def test_list_counts_the_levels_of_a_plan_with_too_many_squares(client, plan, monkeypatch):
    monkeypatch.setattr(picture, "MOST_SQUARES", 1)
    judge(plan, "complete", "complete")

    page = read(client, "plans:plan-list")

    assert "2 of 2 complete, says the Government, 2017" in page
    assert "Complete: 2" in page


def test_list_tells_the_title_of_each_plan_and_its_reports_as_a_table(client, plan):
    judge(plan, "complete", "limited")

    page = read(client, "plans:plan-list")

    assert str(plan.title) in page
    assert "Plan VII: Government, end-term, as of 30 September 2017 0 1 0 1 0 2" in page
