from datetime import date

import pytest

from plans.models import RecommendationSource
from record.publication import Status
from record.writing import writing
from tests.api import errors, get, queries, results, table
from tests.factories import (
    make_assessment,
    make_commitment,
    make_declared_figure,
    make_document,
    make_entity,
    make_listing,
    make_milestone,
    make_plan,
    make_plan_period,
    make_recommendation,
    make_report,
    make_responsibility,
    make_section,
    make_term,
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
    period = make_plan_period(plan=plan, as_printed="2015–2017")

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


def test_plan_and_theme_add_up_what_is_late_and_what_nobody_knows(client):
    theme = make_theme(plan=make_plan(starts_on=date(2015, 1, 1), ends_on=date(2016, 12, 31)))
    plan = theme.plan
    judge(make_report(plan=plan, cutoff_on=date(2017, 9, 30)), "limited", "complete", "unclear", theme=theme)
    make_milestone(commitment=make_commitment(plan=plan), ends_on=date(2016, 6, 30))

    whole = get(client, f"plans/{plan.number}/")
    of_theme = get(client, f"themes/{theme.slug}/")
    before = get(client, f"plans/{plan.number}/", as_of="2014-12-31")

    assert whole["lateness"] == {"total": 4, "overdue": 1, "unknown": 2, "silent": 1, "undated": 0}
    assert (whole["progress"]["total"], whole["progress"]["silent"]) == (1, 1)
    assert of_theme["lateness"] == {"total": 3, "overdue": 1, "unknown": 1, "silent": 0, "undated": 0}
    assert of_theme["progress"] is None
    assert before["lateness"] is before["progress"] is None
    [listed] = get(client, "plans/")["results"]
    assert listed["lateness"] == whole["lateness"]


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
    plan = make_commitment().plan

    assert get(client, f"plans/{plan.number}/compliance/", fields="plan,total") == {
        "plan": plan.number,
        "total": 1,
    }


def test_plan_of_which_no_commitment_is_held_has_no_number_of_commitments(client):
    plan = make_plan()
    make_declared_figure(plan=plan, report=None, measure="commitments", value=11, as_printed="once")

    answer = get(client, f"plans/{plan.number}/")
    (figure,) = get(client, "figures/", plan=plan.number)["results"]

    assert (answer["commitments_count"], answer["milestones_count"]) == (None, None)
    assert (answer["lateness"], answer["progress"]) == (None, None)
    assert get(client, f"plans/{plan.number}/compliance/")["total"] is None
    assert (figure["value"], figure["computed"], figure["difference"]) == (11, None, None)


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


@pytest.mark.parametrize("not_held", ["sooner", "later"])
def test_report_that_is_not_held_has_moved_nothing(client, not_held):
    plan = make_plan()
    coverage = {not_held: "not_held"}
    sooner = make_report(plan=plan, cutoff_on=date(2016, 9, 30), coverage=coverage.get("sooner", "full"))
    later = make_report(plan=plan, cutoff_on=date(2017, 9, 30), coverage=coverage.get("later", "full"))
    make_commitment(plan=plan)

    answer = get(client, f"reports/{later.slug}/")

    assert (answer["previous"], answer["transitions"]) == (sooner.slug, [])


def test_report_that_is_not_held_counts_nothing_and_says_why(client):
    plan = make_plan()
    report = make_report(plan=plan, coverage="not_held")
    make_responsibility(commitment=make_commitment(plan=plan))
    nothing = {"counts": NONE, "assessed": 0, "total": 1, "percent": NO_PERCENT}

    answer = get(client, f"reports/{report.slug}/")
    [in_plan] = get(client, f"plans/{plan.number}/compliance/")["reports"]

    assert (answer["coverage"], answer["assessments_count"]) == ("not_held", 0)
    assert answer["completion"] == in_plan["completion"] == nothing
    assert in_plan["coverage"] == "not_held"
    for row in (*answer["by_theme"], *answer["by_entity"], *in_plan["by_theme"]):
        assert row["completion"] == nothing


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


# Documents


def test_document_tells_what_it_is(client):
    document = make_document(
        kind="case_study",
        publisher_es="Alianza para el Gobierno Abierto",
        published_on=date(2015, 6, 1),
        published_as_printed="June 2015",
        url="https://example.org/study.pdf",
        language="en",
    )

    answer = get(client, f"documents/{document.slug}/", lang="en")

    assert (answer["slug"], answer["title"]) == (document.slug, document.title_en)
    assert (answer["kind"], answer["language"]) == ("case_study", "en")
    assert (answer["publisher"], answer["publisher_lang"]) == ("Alianza para el Gobierno Abierto", "es")
    assert (answer["year"], answer["published_on"], answer["published_as_printed"]) == (
        2017,
        "2015-06-01",
        "June 2015",
    )
    assert answer["link"] == "https://example.org/study.pdf"
    assert answer["url"] == f"http://testserver/en/documents/{document.slug}/"


def test_document_of_which_nothing_is_known_says_null(client):
    document = make_document(year=None)

    answer = get(client, f"documents/{document.slug}/")

    unknown = ["publisher", "year", "published_on", "published_as_printed", "link"]
    assert [answer[key] for key in unknown] == [None] * len(unknown)
    assert (answer["is_quoted"], answer["listed_as"]) == (False, [])


def test_document_that_a_row_has_as_its_source_is_quoted(client):
    quoted = make_plan().document

    assert get(client, f"documents/{quoted.slug}/")["is_quoted"] is True


def test_document_tells_where_it_is_listed_and_that_is_its_source(client):
    report = make_report()
    listing = make_listing(listed_as="2017, IRM Report", plan=report.plan, report=report)

    answer = get(client, f"documents/{listing.work.slug}/")

    [listed] = answer["listed_as"]
    assert (listed["listed_as"], listed["plan"], listed["report"]) == (
        "2017, IRM Report",
        report.plan.number,
        report.slug,
    )
    assert (listed["document"]["slug"], listed["place"]) == (listing.document.slug, "p. 1")
    assert answer["sources"] == [{"document": listed["document"], "place": "p. 1"}]


def test_document_that_none_lists_is_its_own_source(client):
    document = make_document()

    for lang, place in (("es", "el documento mismo"), ("en", "the document itself")):
        [source] = get(client, f"documents/{document.slug}/", lang=lang)["sources"]
        assert (source["document"]["slug"], source["place"]) == (document.slug, place)


def test_document_does_not_name_the_draft_that_it_belongs_to(client):
    draft_plan = make_plan(status=Status.DRAFT)
    draft = make_report(status=Status.DRAFT)
    listings = [
        make_listing(plan=draft_plan, report=make_report(plan=draft_plan)),
        make_listing(plan=draft.plan, report=draft),
        make_listing(),
    ]

    rows = [get(client, f"documents/{listing.work.slug}/")["listed_as"][0] for listing in listings]

    assert [(row["plan"], row["report"]) for row in rows] == [
        (None, None),
        (draft.plan.number, None),
        (None, None),
    ]


def test_documents_are_filtered(client):
    report = make_report()
    of_plan = make_listing(plan=report.plan, work=make_document(kind="letter")).work
    of_report = make_listing(report=report, work=make_document(language="en")).work

    found = results(client, "documents/", "slug", plan=report.plan.number)
    assert found == sorted([of_plan.slug, of_report.slug])
    assert results(client, "documents/", "slug", report=report.slug) == [of_report.slug]
    assert results(client, "documents/", "slug", kind="letter") == [of_plan.slug]
    assert results(client, "documents/", "slug", language="en") == [of_report.slug]
    assert errors(client, "documents/", kind="book") == [("kind", "unknown_value")]


# Recommendations


def test_recommendation_tells_its_text_and_what_was_answered(client):
    report = make_report()
    row = make_recommendation(
        report=report,
        order=3,
        text_es="Publicar",
        text_en="Publish",
        answer_es="Se acepta",
        unofficial={"text_en": ""},
    )
    followed = make_commitment()
    with writing(reason="made for a test"):
        followed.recommendations.add(row)
    hidden = make_commitment(plan=make_plan(status=Status.DRAFT))
    with writing(reason="made for a test"):
        hidden.recommendations.add(row)
        RecommendationSource.objects.create(recommendation=row, document=report.document, place="p. 9")

    answer = get(client, f"recommendations/{row.slug}/", lang="en")

    assert (answer["slug"], answer["report"], answer["plan"], answer["order"]) == (
        row.slug,
        report.slug,
        report.plan.number,
        3,
    )
    assert (answer["text"], answer["text_es"], answer["unofficial"]) == ("Publish", "Publicar", ["text_en"])
    assert (answer["answer"], answer["answer_lang"]) == ("Se acepta", "es")
    assert (answer["outcome"], answer["outcome_es"], answer["outcome_en"]) == (None, None, None)
    assert answer["commitments"] == [followed.code]
    assert [source["place"] for source in answer["sources"]] == ["p. 1", "p. 9"]
    assert answer["url"].endswith(f"/en/recommendations/#{row.slug}")


def test_recommendation_that_is_a_draft_or_of_a_draft_does_not_exist(client):
    rows = [
        make_recommendation(status=Status.DRAFT),
        make_recommendation(report=make_report(status=Status.DRAFT)),
        make_recommendation(report=make_report(plan=make_plan(status=Status.DRAFT))),
    ]

    assert get(client, "recommendations/")["count"] == 0
    for row in rows:
        assert errors(client, f"recommendations/{row.slug}/", status=404) == [(None, "not_found")]


def test_recommendations_are_filtered(client):
    row, other = make_recommendation(text_es="Municipalidad abierta"), make_recommendation()

    assert results(client, "recommendations/", "slug", report=row.report.slug) == [row.slug]
    assert results(client, "recommendations/", "slug", plan=other.report.plan.number) == [other.slug]
    assert results(client, "recommendations/", "slug", q="municipalidades") == [row.slug]


# Sections


def test_section_of_a_report_tells_its_text(client):
    report = make_report()
    theme = make_theme(plan=report.plan)
    row = make_section(report=report, kind="theme_synthesis", theme=theme, order=4, note_en="Not all of it")

    answer = get(client, f"sections/{row.slug}/")

    assert (answer["slug"], answer["plan"], answer["report"]) == (row.slug, report.plan.number, report.slug)
    assert (answer["kind"], answer["theme"]["slug"], answer["order"]) == ("theme_synthesis", theme.slug, 4)
    assert (answer["heading"], answer["text"]) == (row.heading_es, row.text_es)
    assert (answer["note"], answer["note_lang"]) == ("Not all of it", "en")
    assert answer["url"].endswith(f"/texto/#{row.slug}")


def test_section_of_a_plan_has_no_report(client):
    row = make_section(plan=make_plan())

    answer = get(client, f"sections/{row.slug}/")

    assert (answer["plan"], answer["report"], answer["theme"]) == (row.plan.number, None, None)


def test_section_of_a_draft_does_not_exist(client):
    rows = [
        make_section(plan=make_plan(status=Status.DRAFT)),
        make_section(report=make_report(status=Status.DRAFT)),
        make_section(report=make_report(plan=make_plan(status=Status.DRAFT))),
    ]

    assert get(client, "sections/")["count"] == 0
    for row in rows:
        assert errors(client, f"sections/{row.slug}/", status=404) == [(None, "not_found")]


def test_sections_of_a_plan_come_before_those_of_its_reports(client):
    first, second = make_plan(number=30_010), make_plan(number=30_011)
    late = make_section(report=make_report(plan=first, cutoff_on=date(2017, 9, 30)))
    early = make_section(report=make_report(plan=first, cutoff_on=date(2016, 9, 30)))
    next_plan = make_section(plan=second)
    own_second, own_first = make_section(plan=first, order=2), make_section(plan=first, order=1)

    assert results(client, "sections/", "slug") == [
        own_first.slug,
        own_second.slug,
        early.slug,
        late.slug,
        next_plan.slug,
    ]


def test_sections_are_filtered(client):
    report = make_report()
    of_plan = make_section(plan=report.plan, kind="eligibility")
    of_report = make_section(report=report)
    make_section()

    assert results(client, "sections/", "slug", plan=report.plan.number) == [of_plan.slug, of_report.slug]
    assert results(client, "sections/", "slug", report=report.slug) == [of_report.slug]
    assert results(client, "sections/", "slug", kind="eligibility") == [of_plan.slug]


def test_sections_found_by_words_have_those_with_the_words_in_the_heading_first(client):
    plan = make_plan()
    in_text = make_section(plan=plan, order=1, text_es="La transparencia")
    in_heading = make_section(plan=plan, order=2, heading_es="Transparencia")

    assert results(client, "sections/", "slug", q="transparencia") == [in_heading.slug, in_text.slug]


# Terms


def test_term_tells_its_definition_and_where_it_stands(client):
    row = make_term(document=make_document(), place="p. 12")

    answer = get(client, f"terms/{row.slug}/", lang="en")

    assert (answer["term"], answer["definition"], answer["definition_lang"]) == (
        row.term_en,
        row.definition_es,
        "es",
    )
    [source] = answer["sources"]
    assert (source["document"]["slug"], source["place"]) == (row.document.slug, "p. 12")
    assert answer["url"].endswith(f"#{row.slug}")


def test_term_that_the_portal_defines_itself_has_no_source(client):
    assert get(client, f"terms/{make_term().slug}/")["sources"] == []


def test_terms_are_found_by_words(client):
    row = make_term(term_es="Ficha de cumplimiento")
    make_term()

    assert results(client, "terms/", "slug", q="fichas") == [row.slug]


# Queries


def fill(plan):
    """Give a plan two reports that judge two commitments, and one of everything that is told beside them."""
    make_plan_period(plan=plan)
    theme = make_theme(plan=plan)
    first = make_report(plan=plan, cutoff_on=date(2016, 9, 30))
    second = make_report(plan=plan, cutoff_on=date(2017, 9, 30))
    for commitment in judge(first, "limited", "complete", theme=theme):
        make_assessment(report=second, commitment=commitment)
        make_responsibility(commitment=commitment)
        make_milestone(commitment=commitment)
        recommendation = make_recommendation(report=first)
        with writing(reason="made for a test"):
            commitment.recommendations.add(recommendation)
            RecommendationSource.objects.create(
                recommendation=recommendation, document=make_document(), place="p. 2"
            )
    make_listing(plan=plan, report=first)
    make_section(plan=plan)
    make_section(report=first, theme=theme)
    make_declared_figure(plan=plan, report=None)
    make_declared_figure(report=first, measure="at_level", level="complete")
    make_declared_figure(report=second, theme=theme, measure="percent_at_level", level="complete")
    make_term(document=make_document(), place="p. 1")


def test_lists_take_as_many_queries_for_many_rows_as_for_few(client):
    addresses = (
        "plans/",
        "reports/",
        "themes/",
        "documents/",
        "recommendations/",
        "sections/",
        "figures/",
        "terms/",
    )
    lists = [(address, format) for address in addresses for format in ("json", "csv")]
    fill(make_plan(coordinator=make_entity()))
    few = {(address, format): queries(client, address, format=format) for address, format in lists}
    # Fewer documents than a file reads at a time.
    for _ in range(10):
        with writing(reason="made for a test"):
            fill(make_plan(coordinator=make_entity()))

    assert {(address, format): queries(client, address, format=format) for address, format in lists} == few


def test_compliance_takes_as_many_queries_for_many_reports_as_for_few(client):
    plan = make_plan()
    fill(plan)
    few = queries(client, f"plans/{plan.number}/compliance/")
    for _ in range(10):
        with writing(reason="made for a test"):
            fill(plan)

    assert queries(client, f"plans/{plan.number}/compliance/") == few
