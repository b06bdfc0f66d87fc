"""The start page: the sentence, the picture, what is past due, how the last plan ended, what changed last."""

import re
from datetime import date, timedelta

import pytest

from ogp_portal.home import MOST_DATES
from plans.picture import MOST_SQUARES
from plans.views import PLANS_OF_A_PAGE
from record.dates import today
from tests.factories import (
    make_assessment,
    make_commitment,
    make_declared_figure,
    make_document,
    make_milestone,
    make_plan,
    make_report,
    make_update,
)
from tests.pages import address, bare, queries, read, words
from tests.record import record  # noqa: F401

pytestmark = pytest.mark.django_db

LONG_AGO = {"starts_on": date(2013, 1, 1), "ends_on": date(2014, 12, 31)}


def judged(plan, levels, **report):
    """Make a report on a plan with a card of each level, each of a commitment of its own."""
    report = make_report(plan=plan, **report)
    for level in levels:
        make_assessment(report=report, commitment=make_commitment(plan=plan), level=level)
    return report


def body(client, query="", lang="en"):
    response = client.get(f"/{lang}/{query}")
    assert response.status_code == 200
    return response.content.decode()


def row(client, number, query=""):
    """Return the words of the row of a plan in the picture."""
    [found] = re.findall(
        rf'<div class="plan-row">\s*<h2><a href="/en/plans/{number}/.*?</div>', body(client, query), re.DOTALL
    )
    return bare(found)


# The sentence


@pytest.mark.parametrize(("author", "is_explained"), [("irm", True), ("government", False)])
def test_who_the_irm_is_can_be_read_where_it_judged(client, author, is_explained):
    commitment = make_commitment(plan=make_plan(**LONG_AGO))
    report = make_report(plan=commitment.plan, author=author)
    make_assessment(commitment=commitment, report=report, level="complete")

    assert ('href="/en/glossary/#mri"' in body(client)) == is_explained


def test_sentence_counts_each_commitment_once_and_says_whose_judgement_it_is(client):
    plan = make_plan(**LONG_AGO)
    levels = ["complete", "complete", "substantial", "limited", "not_started"]
    judged(plan, [*levels, "unclear", "no_evidence", "withdrawn"], author="irm")
    judged(make_plan(**LONG_AGO), ["complete"], author="government")
    make_commitment(plan=plan)

    page = read(client, "home")

    assert "Of 10 open government promises, 3 are complete, says a report" in page
    assert "3 were not in their last report." in page
    assert "Of 1 there is no assessment here." in page
    assert "2 were judged unclear." in page
    assert "1 was withdrawn." in page
    assert "Who says so: of 2, the IRM in 2017; of 1, the Government in 2017." in page


def test_sentence_of_another_day_is_of_the_plans_that_had_begun_and_of_the_reports_of_then(client):
    plan = make_plan(starts_on=date(2012, 4, 10), ends_on=date(2014, 12, 31))
    judged(plan, ["complete"], cutoff_on=date(2015, 6, 30))
    make_commitment(plan=make_plan(starts_on=date(2023, 1, 1), ends_on=date(2024, 12, 31)))

    later = words(client.get("/en/?as_of=2017-01-31"))
    assert "Of 1 open government promises, 1 was complete, says a report" in later
    early = words(client.get("/en/?as_of=2014-01-31"))
    assert "1 open government promise; no report of that day had judged it" in early


def test_what_joined_its_plan_later_is_in_no_number(client):
    plan = make_plan(**LONG_AGO)
    make_commitment(plan=plan)
    norm = make_document()
    make_commitment(plan=plan, in_plan_from=date(2014, 6, 1), in_plan_norm=norm, in_plan_place="Article 1")

    assert "1 open government promise;" in words(client.get("/en/?as_of=2014-01-31"))
    assert "2 open government promises;" in read(client, "home")


def test_drafts_and_levels_of_civil_society_say_nothing(client):
    plan = make_plan(**LONG_AGO)
    judged(plan, ["complete"], author="civil_society")
    judged(plan, ["complete"], status="draft", author="irm")
    draft = make_plan(status="draft")
    make_commitment(plan=draft)

    page = read(client, "home")

    assert "2 open government promises; no report here has judged them" in page
    assert f"Plan {draft.roman} " not in page


def test_empty_portal_promises_nothing(client):
    page = read(client, "home")

    assert "No plan is here yet." in page
    assert "Past due" not in page
    assert not re.search(r"\b0\b", page)


def test_where_no_report_calls_one_complete_no_zero_is_said(client):
    judged(make_plan(**LONG_AGO), ["limited", "limited"])

    assert "Of 2 open government promises, no report here calls one complete" in read(client, "home")


# The picture


def test_squares_are_links_with_name_level_author_and_year_best_first(client):
    plan = make_plan(number=2, **LONG_AGO)
    report = make_report(plan=plan, author="irm", cutoff_on=date(2015, 6, 30))
    for number, level in enumerate(["limited", "complete"], start=1):
        card = make_commitment(plan=plan, number=number)
        make_assessment(report=report, commitment=card, level=level)
    make_commitment(plan=plan, number=9, title_en="Nobody judged")

    [drawn] = re.findall(r'<ul class="squares" aria-label="Commitments of Plan II">.*?</ul>', body(client))

    links = re.findall(r'<a href="([^"]+)"><svg class="mark mark-(\w+)"', drawn)
    assert links == [
        ("/en/commitments/2-2/", "complete"),
        ("/en/commitments/2-1/", "limited"),
        ("/en/commitments/2-9/", "none"),
    ]
    assert ": Complete, IRM 2015" in bare(drawn)
    assert "2-9 Nobody judged: Not assessed" in bare(drawn)


def test_row_says_what_is_known_of_its_plan(client):
    complete = make_plan(number=1, **LONG_AGO)
    judged(complete, ["complete", "limited"], author="government", cutoff_on=date(2015, 6, 30))
    partial = make_plan(number=2, **LONG_AGO)
    judged(partial, ["limited"], author="irm", coverage="partial", cutoff_on=date(2015, 6, 30))
    make_commitment(plan=partial)
    unread = make_plan(number=3, **LONG_AGO)
    make_commitment(plan=unread)
    make_report(plan=unread, coverage="not_held", stage="results", cutoff_on=date(2014, 12, 31))
    silent = make_plan(number=4, **LONG_AGO)
    make_commitment(plan=silent)
    make_report(plan=silent, coverage="not_held", stage="design", cutoff_on=date(2014, 12, 31))
    make_commitment(plan=make_plan(number=5, starts_on=date(2020, 1, 1), ends_on=None))
    declared = make_plan(number=6, starts_on=date(2020, 1, 1), ends_on=today() + timedelta(days=30))
    make_declared_figure(plan=declared, report=None, measure="commitments", value=11, as_printed="11")
    make_plan(number=7, **LONG_AGO)
    several = make_plan(number=8, **LONG_AGO)
    judged(several, ["complete"], author="government", coverage="partial", cutoff_on=date(2015, 6, 30))
    judged(several, ["limited"], author="irm", coverage="partial", cutoff_on=date(2015, 6, 30))

    assert "1 of 2 complete, says the Government, 2015" in row(client, 1)
    assert "1 of 2 assessed, by the IRM, 2015" in row(client, 2)
    assert "1 commitment; the report on how it ended exists and is not here yet" in row(client, 3)
    assert "1 commitment past due, without news" in row(client, 4)
    assert "1 commitment, not assessed" in row(client, 5)
    assert "11 commitments; their texts are not here yet" in row(client, 6)
    assert "in force" in row(client, 6)
    assert "no commitment is here yet" in row(client, 7)
    assert "1 of 2 complete, by several reports" in row(client, 8)
    assert "1 commitment; it had not begun yet" in row(client, 5, "?as_of=2019-12-31")
    assert "The 11 of plan VI are not here yet." in read(client, "home")
    assert body(client).count('class="box"') == 11


def test_plan_with_more_commitments_than_are_looked_at_is_told_in_words(client, monkeypatch):
    monkeypatch.setattr("plans.picture.MOST_SQUARES", 2)
    judged(make_plan(number=2, **LONG_AGO), ["limited", "limited", "complete"])

    page = body(client)

    assert MOST_SQUARES > 100
    assert 'aria-label="Commitments of Plan II"' not in page
    assert "Limited: 2" in row(client, 2)


def test_last_plans_are_drawn_and_a_link_leads_to_all(client):
    for number in range(1, PLANS_OF_A_PAGE + 2):
        make_plan(number=number)

    home = body(client)

    assert home.count('class="plan-row"') == PLANS_OF_A_PAGE
    assert "/en/plans/1/" not in home
    assert f'<a href="/en/plans/">See all {PLANS_OF_A_PAGE + 1} plans</a>' in home


def test_few_plans_need_no_list_of_all(client):
    make_plan()

    assert "See all" not in body(client)


# What is past due


def test_milestones_of_which_nobody_spoke_are_counted_by_the_day_they_were_due(client):
    commitment = make_commitment(plan=make_plan(number=5, **LONG_AGO))
    for number, day in enumerate([date(2013, 6, 30), date(2013, 12, 31), date(2013, 12, 31)], start=1):
        make_milestone(commitment=commitment, number=number, ends_on=day)
    done = make_milestone(commitment=commitment, number=9, ends_on=date(2013, 6, 30))
    make_update(milestone=done, status="complete", as_of=date(2013, 7, 1))

    page = words(client.get("/en/?as_of=2014-06-30"))

    assert "3 of the 4 milestones of plan V are past due, and nobody has said here" in page
    assert "The oldest was due 12 months ago." in page
    assert "1 milestone Jun 2013 12 months" in page
    assert "2 milestones Dec 2013 6 months" in page
    assert "/en/follow-up/?plan=5&amp;follow_up=silent&amp;as_of=2014-06-30" in body(
        client, "?as_of=2014-06-30"
    )


def test_later_due_dates_than_the_oldest_are_added_up(client):
    commitment = make_commitment(plan=make_plan(**LONG_AGO))
    for number in range(1, MOST_DATES + 3):
        make_milestone(commitment=commitment, number=number, ends_on=date(2013, number, 1))

    assert "2 more fell due later." in read(client, "home")


def test_commitments_that_are_late_stand_beside_those_of_which_nobody_says(client):
    plan = make_plan(number=3, **LONG_AGO)
    judged(plan, ["limited"], cutoff_on=date(2015, 6, 30))
    make_commitment(plan=plan)
    make_commitment(plan=plan)

    page, html = read(client, "home"), body(client)

    assert "Late, according to a report: 1 commitment of plan III." in page
    assert "2 commitments are past due, and nobody says here whether they were kept." in page
    assert "?overdue=true&amp;plan=3" in html
    assert "?overdue=unknown&amp;past_due=true" in html


def test_what_is_not_due_is_not_told_as_zero(client):
    plan = make_plan(starts_on=date(2020, 1, 1), ends_on=today() + timedelta(days=30))
    make_milestone(commitment=make_commitment(plan=plan), ends_on=today() + timedelta(days=30))

    assert "Past due" not in read(client, "home")


# How the last plan ended


def test_last_plan_that_was_assessed_whole_is_compared_with_the_report_before(client):
    plan = make_plan(number=2, **LONG_AGO)
    before = judged(plan, ["limited", "complete", "substantial", "unclear"], cutoff_on=date(2014, 6, 30))
    after = make_report(plan=plan, cutoff_on=date(2015, 6, 30))
    cards = before.assessments.order_by("commitment__number")
    for card, level in zip(cards, ["complete", "complete", "limited", "limited"], strict=True):
        make_assessment(report=after, commitment=card.commitment, level=level)
    judged(make_plan(**LONG_AGO), ["complete"], coverage="partial", cutoff_on=date(2016, 6, 30))

    page = read(client, "home")

    assert "Plan II: from 1 to 2 of 4 commitments complete between two reports, says the Government." in page
    assert "1 rose. 1 stayed as it was. 1 fell. 1 left the scale, or came onto it." in page


def test_plan_with_one_report_is_compared_with_nothing(client):
    judged(make_plan(number=2, **LONG_AGO), ["complete", "limited"], author="irm")

    page = read(client, "home")

    assert "Plan II: 1 of 2 commitments complete, says the IRM." in page
    assert "rose" not in page


# The rest


def test_searches_in_everything_and_offers_examples(client):
    html = body(client)

    assert f'<form class="search" action="{address("search")}"' in html
    assert 'name="q"' in html
    assert '<a href="/en/search/?q=open%20data">open data</a>' in html


@pytest.mark.parametrize("lang", ["es", "en"])
def test_every_example_finds_something_in_the_record(client, record, lang):  # noqa: F811
    examples = re.findall(rf'href="(/{lang}/[a-z]+/\?q=[^"]+)"', body(client, lang=lang))

    assert len(examples) == 4
    for example in examples:
        # The kinds that something was found of stand there only where something was.
        assert '<nav class="kinds"' in client.get(example).content.decode(), example


def test_page_of_the_record_costs_few_queries(client, record):  # noqa: F811
    assert queries(client, "/es/") <= 12
