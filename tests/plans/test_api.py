from datetime import date

import pytest

from plans.models import Status
from tests.api import errors, get, queries, results, table
from tests.factories import (
    make_assessment,
    make_commitment,
    make_entity,
    make_milestone,
    make_period,
    make_plan,
    make_report,
    make_responsibility,
    make_theme,
)

pytestmark = pytest.mark.django_db

NONE = {
    "not_started": 0,
    "limited": 0,
    "substantial": 0,
    "complete": 0,
    "withdrawn": 0,
    "unclear": 0,
    "no_evidence": 0,
}
NO_PERCENT = dict.fromkeys(NONE)


def judge(report, *levels, **columns):
    """Let a report judge new commitments of its plan at some levels; return them."""
    cards = [
        make_assessment(report=report, commitment=make_commitment(plan=report.plan, **columns), level=level)
        for level in levels
    ]
    return [card.commitment for card in cards]


# Plans


def test_plan_tells_its_dates_approval_and_counts(client):
    plan = make_plan(
        approval_norm_es="R. M. 1",
        unofficial={"approval_norm_es": ""},
        approved_as_printed="July 2015",
        followed_until=date(2017, 9, 30),
        coordinator=make_entity(),
    )
    make_milestone(commitment=make_commitment(plan=plan))
    make_milestone(commitment=make_commitment(plan=plan))
    make_commitment(plan=plan)
    period = make_period(plan=plan, as_printed="2015–2017")

    answer = get(client, f"plans/{plan.number}/")

    assert answer["number"] == plan.number
    assert answer["roman"] == plan.roman
    assert (answer["starts_on"], answer["ends_on"]) == ("2015-01-01", "2016-12-31")
    assert answer["approval"] == {
        "norm": "R. M. 1",
        "norm_lang": "es",
        "norm_es": "R. M. 1",
        "norm_en": None,
        "approved_on": None,
        "approved_as_printed": "July 2015",
        "unofficial": ["norm_es"],
    }
    assert answer["unofficial"] == []
    assert answer["followed_until"] == "2017-09-30"
    assert answer["coordinator"]["slug"] == plan.coordinator.slug
    assert (answer["commitments_count"], answer["milestones_count"]) == (3, 2)
    [row] = answer["periods"]
    assert (row["as_printed"], row["starts_on"]) == ("2015–2017", None)
    assert (row["document"]["slug"], row["place"]) == (period.document.slug, "p. 1")


def test_plan_without_recorded_milestones_has_an_unknown_number_of_them(client):
    plan = make_plan()

    assert get(client, f"plans/{plan.number}/")["milestones_count"] is None


def test_plan_lists_its_published_reports_by_cutoff(client):
    plan = make_plan()
    later = make_report(plan=plan, cutoff_on=date(2017, 9, 30))
    sooner = make_report(plan=plan, cutoff_on=date(2016, 9, 30), author="irm", coverage="partial")
    make_report(plan=plan, status=Status.DRAFT)

    reports = get(client, f"plans/{plan.number}/")["reports"]

    assert [report["slug"] for report in reports] == [sooner.slug, later.slug]
    assert (reports[0]["author"], reports[0]["coverage"], reports[0]["cutoff_on"]) == (
        "irm",
        "partial",
        "2016-09-30",
    )


def test_plan_that_is_a_draft_does_not_exist(client):
    plan = make_plan(status=Status.DRAFT)

    assert results(client, "plans/", "number") == []
    assert errors(client, f"plans/{plan.number}/", status=404) == [(None, "not_found")]
    assert errors(client, f"plans/{plan.number}/compliance/", status=404) == [(None, "not_found")]


def test_plans_are_in_the_order_of_their_numbers(client):
    second, first = make_plan(number=30_001), make_plan(number=30_000)

    assert results(client, "plans/", "number") == [first.number, second.number]


# Compliance


def test_compliance_tells_each_report_by_theme(client):
    theme = make_theme()
    sooner = make_report(plan=theme.plan, cutoff_on=date(2016, 9, 30))
    later = make_report(plan=theme.plan, cutoff_on=date(2017, 9, 30), coverage="partial")
    judge(sooner, "complete", theme=theme)
    judge(sooner, "limited", "limited")
    judge(later, "complete")

    answer = get(client, f"plans/{theme.plan.number}/compliance/")

    assert (answer["plan"], answer["total"], answer["as_of"]) == (theme.plan.number, 4, None)
    assert [row["report"] for row in answer["reports"]] == [sooner.slug, later.slug]
    assert [row["coverage"] for row in answer["reports"]] == ["full", "partial"]
    first = answer["reports"][0]
    assert first["completion"] == {
        "counts": NONE | {"limited": 2, "complete": 1},
        "assessed": 3,
        "total": 4,
        "percent": dict.fromkeys(NONE, 0.0) | {"limited": 66.7, "complete": 33.3},
    }
    assert [row["theme"] and row["theme"]["slug"] for row in first["by_theme"]] == [theme.slug, None]
    assert [row["completion"]["assessed"] for row in first["by_theme"]] == [1, 2]
    assert [row["completion"]["total"] for row in first["by_theme"]] == [1, 3]
    assert answer["reports"][1]["completion"]["percent"] == NO_PERCENT
    assert answer["sources"]


def test_compliance_as_of_a_day_has_the_reports_of_that_day(client):
    plan = make_plan()
    sooner = make_report(plan=plan, cutoff_on=date(2016, 9, 30))
    make_report(plan=plan, cutoff_on=date(2017, 9, 30))

    answer = get(client, f"plans/{plan.number}/compliance/", as_of="2016-09-30")

    assert answer["as_of"] == "2016-09-30"
    assert [row["report"] for row in answer["reports"]] == [sooner.slug]
    assert get(client, f"plans/{plan.number}/compliance/", as_of="2016-09-29")["reports"] == []


@pytest.mark.parametrize(
    ("parameter", "value", "code"),
    [
        ("as_of", "2999-01-01", "future_date"),
        ("as_of", "x", "invalid_date"),
        ("plan", "1", "unknown_parameter"),
        ("page", "1", "unknown_parameter"),
        ("format", "csv", "unknown_value"),
        ("fields", "x", "unknown_key"),
        ("lang", "qu", "unknown_value"),
    ],
)
def test_compliance_with_a_wrong_parameter_is_refused(client, parameter, value, code):
    plan = make_plan()

    assert errors(client, f"plans/{plan.number}/compliance/", **{parameter: value}) == [(parameter, code)]


def test_compliance_gives_the_keys_asked_for(client):
    plan = make_plan()

    assert get(client, f"plans/{plan.number}/compliance/", fields="plan,total") == {
        "plan": plan.number,
        "total": 0,
    }


# Reports


def test_report_tells_what_it_is(client):
    report = make_report(is_cutoff_inferred=True, cutoff_as_printed="Setiembre 2017")

    answer = get(client, f"reports/{report.slug}/")

    assert answer["slug"] == report.slug
    assert answer["plan"] == report.plan.number
    assert (answer["author"], answer["stage"], answer["coverage"]) == ("government", "end_term", "full")
    assert (answer["cutoff_on"], answer["cutoff_as_printed"]) == ("2017-09-30", "Setiembre 2017")
    assert answer["is_cutoff_inferred"] is True
    assert answer["published_on"] is None
    assert answer["document"]["slug"] == report.document.slug
    assert answer["card_form"] == ["responsible", "results"]
    assert answer["figures"] == []


def test_report_of_full_coverage_has_counts_and_percentages(client):
    report = make_report()
    judge(report, "complete", "complete", "limited")
    make_commitment(plan=report.plan)

    answer = get(client, f"reports/{report.slug}/")

    assert answer["assessments_count"] == 3
    assert answer["completion"] == {
        "counts": NONE | {"limited": 1, "complete": 2},
        "assessed": 3,
        "total": 4,
        "percent": dict.fromkeys(NONE, 0.0) | {"limited": 33.3, "complete": 66.7},
    }


@pytest.mark.parametrize("coverage", ["partial", "not_held"])
def test_report_that_is_not_held_in_full_has_no_percentages(client, coverage):
    report = make_report(coverage=coverage)
    judge(report, "complete")

    completion = get(client, f"reports/{report.slug}/")["completion"]

    assert completion["counts"]["complete"] == 1
    assert completion["percent"] == NO_PERCENT


def test_report_that_judged_nothing_has_no_percentages(client):
    report = make_report()
    make_commitment(plan=report.plan)

    assert get(client, f"reports/{report.slug}/")["completion"] == {
        "counts": NONE,
        "assessed": 0,
        "total": 1,
        "percent": NO_PERCENT,
    }


def test_report_by_theme_keeps_a_row_without_a_theme_so_that_sums_hold(client):
    theme = make_theme()
    report = make_report(plan=theme.plan)
    judge(report, "complete", theme=theme)
    judge(report, "limited")

    answer = get(client, f"reports/{report.slug}/")

    assert [row["theme"] and row["theme"]["slug"] for row in answer["by_theme"]] == [theme.slug, None]
    for level, count in answer["completion"]["counts"].items():
        assert sum(row["completion"]["counts"][level] for row in answer["by_theme"]) == count


def test_report_by_entity_counts_who_leads_or_co_leads_each_commitment_once(client):
    report = make_report()
    first, second = judge(report, "complete", "limited")
    entity, partner = make_entity(slug="a-lead"), make_entity(slug="b-partner")
    make_responsibility(commitment=first, entity=entity)
    make_responsibility(commitment=first, entity=entity, role="co_lead", order=2)
    make_responsibility(commitment=second, entity=entity)
    make_responsibility(commitment=first, entity=partner, role="co_lead")
    make_responsibility(commitment=second, role="support")

    rows = get(client, f"reports/{report.slug}/")["by_entity"]

    assert [(row["entity"]["slug"], row["name"], row["completion"]["total"]) for row in rows] == [
        ("a-lead", None, 2),
        ("b-partner", None, 1),
    ]
    assert rows[0]["completion"]["counts"] == NONE | {"complete": 1, "limited": 1}


def test_report_by_entity_reads_the_responsibilities_of_the_plan_and_its_own(client):
    report = make_report()
    other = make_report(plan=report.plan)
    [commitment] = judge(report, "complete")
    of_plan = make_responsibility(commitment=commitment).entity
    own = make_responsibility(commitment=commitment, report=report).entity
    make_responsibility(commitment=commitment, report=other)

    rows = get(client, f"reports/{report.slug}/")["by_entity"]

    assert {row["entity"]["slug"] for row in rows} == {of_plan.slug, own.slug}


def test_report_by_entity_keeps_printed_names_and_commitments_that_nobody_is_named_for(client):
    report = make_report()
    named, _nobodys = judge(report, "complete", "limited")
    make_responsibility(commitment=named, name_as_printed="Varias entidades")

    rows = get(client, f"reports/{report.slug}/")["by_entity"]

    assert [(row["entity"], row["name"]) for row in rows] == [(None, "Varias entidades"), (None, None)]


def test_report_tells_what_changed_since_the_previous_one(client):
    plan = make_plan()
    sooner = make_report(plan=plan, cutoff_on=date(2016, 9, 30))
    later = make_report(plan=plan, cutoff_on=date(2017, 9, 30))
    moved, same, gone = judge(sooner, "limited", "complete", "unclear")
    make_assessment(report=later, commitment=moved, level="complete")
    make_assessment(report=later, commitment=same, level="complete")
    new, *_ = judge(later, "not_started")
    never = make_commitment(plan=plan)

    answer = get(client, f"reports/{later.slug}/")

    assert answer["previous"] == sooner.slug
    assert answer["transitions"] == [
        {"from": "limited", "to": "complete", "count": 1, "commitments": [moved.code]},
        {"from": "complete", "to": "complete", "count": 1, "commitments": [same.code]},
        {"from": "unclear", "to": None, "count": 1, "commitments": [gone.code]},
        {"from": None, "to": "not_started", "count": 1, "commitments": [new.code]},
        {"from": None, "to": None, "count": 1, "commitments": [never.code]},
    ]


def test_report_without_a_previous_one_has_no_transitions(client):
    report = make_report()
    judge(report, "complete")

    answer = get(client, f"reports/{report.slug}/")

    assert (answer["previous"], answer["transitions"]) == (None, [])


def test_report_previous_is_the_next_earlier_published_one_of_the_same_plan_and_author(client):
    plan = make_plan()
    make_report(plan=plan, cutoff_on=date(2015, 9, 30))
    previous = make_report(plan=plan, cutoff_on=date(2016, 9, 30))
    make_report(plan=plan, cutoff_on=date(2017, 1, 31), status=Status.DRAFT)
    make_report(plan=plan, cutoff_on=date(2017, 2, 28), author="irm")
    make_report(cutoff_on=date(2017, 3, 31))
    report = make_report(plan=plan, cutoff_on=date(2017, 9, 30))
    make_report(plan=plan, cutoff_on=date(2017, 9, 30))
    make_report(plan=plan, cutoff_on=date(2018, 9, 30))

    assert get(client, f"reports/{report.slug}/")["previous"] == previous.slug == report.previous().slug


def test_report_that_is_a_draft_does_not_exist(client):
    report = make_report(status=Status.DRAFT)
    of_draft_plan = make_report(plan=make_plan(status=Status.DRAFT))

    assert results(client, "reports/", "slug") == []
    assert errors(client, f"reports/{report.slug}/", status=404) == [(None, "not_found")]
    assert errors(client, f"reports/{of_draft_plan.slug}/", status=404) == [(None, "not_found")]


def test_reports_are_filtered_in_the_list_and_in_its_file(client):
    report = make_report(author="irm", stage="design")
    make_report()

    assert results(client, "reports/", "slug", author="irm") == [report.slug]
    assert results(client, "reports/", "slug", plan=report.plan.number, stage="design") == [report.slug]
    [line] = table(client, "reports/", author="irm")
    assert (line["slug"], line["completion.counts.complete"]) == (report.slug, "0")
    assert line["completion.percent.complete"] == ""


# Themes


def test_theme_tells_its_plan_and_order(client):
    theme = make_theme(order=7)

    answer = get(client, f"themes/{theme.slug}/")

    assert (answer["plan"], answer["order"], answer["name"]) == (theme.plan.number, 7, theme.name_es)
    assert answer["url"].endswith(f"?theme={theme.slug}")


def test_themes_are_filtered_by_plan_and_those_of_drafts_are_hidden(client):
    theme = make_theme()
    make_theme()
    draft = make_theme(plan=make_plan(status=Status.DRAFT))

    assert results(client, "themes/", "slug", plan=theme.plan.number) == [theme.slug]
    assert draft.slug not in results(client, "themes/", "slug")


# Queries


def fill(plan):
    """Give a plan two reports that judge two commitments, with themes, entities, periods and sources."""
    make_period(plan=plan)
    theme = make_theme(plan=plan)
    first = make_report(plan=plan, cutoff_on=date(2016, 9, 30))
    second = make_report(plan=plan, cutoff_on=date(2017, 9, 30))
    for commitment in judge(first, "limited", "complete", theme=theme):
        make_assessment(report=second, commitment=commitment)
        make_responsibility(commitment=commitment)
        make_milestone(commitment=commitment)


def test_lists_take_as_many_queries_for_many_rows_as_for_few(client):
    lists = [(address, format) for address in ("plans/", "reports/", "themes/") for format in ("json", "csv")]
    fill(make_plan(coordinator=make_entity()))
    few = {(address, format): queries(client, address, format=format) for address, format in lists}
    for _ in range(20):
        fill(make_plan(coordinator=make_entity()))

    assert {(address, format): queries(client, address, format=format) for address, format in lists} == few


def test_compliance_takes_as_many_queries_for_many_reports_as_for_few(client):
    plan = make_plan()
    fill(plan)
    few = queries(client, f"plans/{plan.number}/compliance/")
    for _ in range(10):
        fill(plan)

    assert queries(client, f"plans/{plan.number}/compliance/") == few
