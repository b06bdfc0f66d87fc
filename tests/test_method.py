"""The page of what cannot be known here, and of how the portal computes."""

import re
from datetime import date

import pytest

from tests.factories import (
    make_assessment,
    make_commitment,
    make_declared_figure,
    make_evidence,
    make_milestone,
    make_plan,
    make_report,
    make_responsibility,
    make_update,
)
from tests.pages import address, bare, section

pytestmark = pytest.mark.django_db


def page(client, lang="en"):
    return client.get(address("method", lang=lang))


def facts(client):
    """Return {kind of fact: what stands of each plan, the newest first}."""
    table = re.search(r'<table class="known-of".*?</table>', page(client).content.decode(), re.DOTALL)[0]
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in table.split("</tr>")]
    return {bare(name): [bare(cell) for cell in cells] for name, *cells in filter(None, rows)}


def heading(client):
    return bare(re.search(r"<h1>(.*?)</h1>", page(client).content.decode(), re.DOTALL)[1])


def test_table_tells_of_each_plan_what_is_here_in_part_or_not(client):
    whole, part, empty = (make_plan(number=number) for number in (7, 8, 9))
    make_declared_figure(plan=empty, report=None, measure="commitments", value=11, as_printed="11")
    for plan in (whole, part):
        commitment = make_commitment(plan=plan, number=1, description_en="Roads will be built.")
        make_responsibility(commitment=commitment, role="lead")
        milestone = make_milestone(commitment=commitment, number=1, ends_on=date(2016, 1, 1))
        make_evidence(milestone=milestone)
        make_update(milestone=milestone, status="complete")
        report = make_report(plan=plan, coverage="full" if plan is whole else "partial")
        make_assessment(commitment=commitment, report=report)
    other = make_commitment(plan=part, number=2)
    make_milestone(commitment=other, number=1, ends_on=None)
    make_report(plan=empty, author="irm", coverage="not_held")

    assert facts(client) == {
        "Kind of fact": ["Plan IX", "Plan VIII", "Plan VII"],
        "What each promise says": ["exists", "part (1 of 2)", "yes (1 of 1)"],
        "Who answers": ["no", "part (1 of 2)", "yes (1 of 1)"],
        "Milestones": ["no", "yes (2 of 2)", "yes (1 of 1)"],
        "Planned end of each milestone": ["no", "part (1 of 2)", "yes (1 of 1)"],
        "What was reported of each milestone": ["no", "part (1 of 2)", "yes (1 of 1)"],
        "Links that prove each milestone": ["no", "part (1 of 2)", "yes (1 of 1)"],
        "The level of each promise": ["no", "part (1 of 2)", "yes (1 of 1)"],
        "Reports of the Government": ["no", "part", "yes"],
        "Reports of the IRM": ["exists", "no", "no"],
    }


def test_plan_of_which_nothing_is_known_has_nothing(client):
    make_plan(number=7)

    assert {cell for cells in list(facts(client).values())[1:] for cell in cells} == {"no"}


def test_drafts_are_in_no_cell(client):
    plan = make_plan(number=7)
    make_report(plan=plan, status="draft", coverage="full")
    make_commitment(plan=make_plan(number=8, status="draft"))

    assert facts(client)["Kind of fact"] == ["Plan VII"]
    assert facts(client)["Reports of the Government"] == ["no"]


def test_heading_says_of_how_many_plans_no_report_is_here(client):
    plans = [make_plan(number=number) for number in (7, 8)]
    make_report(plan=plans[0], coverage="not_held")
    assert heading(client) == "2 of 2 plans have no report here that assesses them"

    make_report(plan=plans[0], coverage="partial", cutoff_on=date(2018, 9, 30))
    assert heading(client) == "1 of 2 plans has no report here that assesses it"

    make_report(plan=plans[1])
    assert heading(client) == "2 plans, each with a report here that assesses it"


def test_rules_are_told_each_folded_under_its_name(client):
    method = section(page(client), "method")

    for rule in ("The level shown", "Percentages", "Lateness", "Dates", "Entities", "Languages"):
        assert rule in method
    assert "half rounded up" in method and "not to today" in method


def test_coverage_says_what_is_held_of_each_report(client):
    plan = make_plan(number=7)
    report = make_report(plan=plan, coverage="partial")
    make_assessment(commitment=make_commitment(plan=plan, number=1), report=report, has_card=False)
    make_commitment(plan=plan, number=2)
    make_report(plan=plan, coverage="not_held", cutoff_on=date(2016, 9, 30))

    lacks = section(page(client), "lacks")

    assert "Government, end-term, as of 30 September 2017 VII 1 of 2 0 of 2" in lacks
    assert "Government, end-term, as of 30 September 2016 VII not held not held" in lacks


def test_gaps_give_n_of_n_and_a_dash_where_the_plan_has_no_such_rows(client):
    make_commitment(plan=make_plan(number=7))
    make_plan(number=8)

    lacks = section(page(client), "lacks")

    assert "Commitments without an institution – 1 of 1" in lacks
