import re
from datetime import date

import pytest

from plans.views import DocumentList
from plans.works import years_of
from record.writing import writing
from tests.factories import (
    make_assessment,
    make_commitment,
    make_declared_figure,
    make_document,
    make_entity,
    make_further_source,
    make_listing,
    make_milestone,
    make_plan,
    make_plan_period,
    make_recommendation,
    make_report,
    make_responsibility,
    make_section,
    make_theme,
    make_update,
)
from tests.pages import address, read, section, words

pytestmark = pytest.mark.django_db

PLAN, REPORT = "plans:plan-detail", "plans:report-detail"


def get(client, name, *args, lang="en"):
    response = client.get(address(name, *args, lang=lang))
    assert response.status_code == 200
    return response


def listed(response):
    """Return the codes of the commitments that a page lists, in its order."""
    rows = re.findall(r'<ul class="rows two">.*?</ul>', response.content.decode(), re.DOTALL)
    return re.findall(r'<span class="code">([^<]*)</span>', " ".join(rows))


# Plan


def make_plan_of_eleven():
    """Make a plan in force of which no commitment is held, and which two documents say to have eleven."""
    plan = make_plan(number=7, starts_on=date(2020, 1, 1), ends_on=date(2099, 12, 31))
    for title in ("First note", "Second note"):
        source = make_document(title_en=title)
        make_declared_figure(
            plan=plan, report=None, measure="commitments", value=11, as_printed="once", document=source
        )
    return plan


HELD_NOWHERE = (
    "11 commitments, according to First note. Their texts are not in this record yet: who answers for them, "
    "by when and how they went is unknown here."
)


@pytest.mark.parametrize(
    ("name", "args", "query"),
    [
        (PLAN, [7], ""),
        ("commitments:commitment-list", [], "plan=7"),
    ],
)
def test_plan_of_which_no_commitment_is_held_is_nowhere_said_to_have_none(client, name, args, query):
    make_plan_of_eleven()
    make_commitment(plan=make_plan(number=6, starts_on=date(2010, 1, 1), ends_on=date(2011, 1, 1)))

    page = words(client.get(f"{address(name, *args, lang='en')}?{query}"))

    assert page.count(HELD_NOWHERE) == 1
    assert "Second note" not in page.split("About the plan")[0].split("Documents")[0]
    assert "0 commitments" not in page and "its 0" not in page
    assert "0 of 0" not in page
    assert "Plan VII (0)" not in page


def test_list_of_plans_says_how_many_a_document_declares(client):
    make_plan_of_eleven()

    page = read(client, "plans:plan-list")

    assert "11 commitments; their texts are not here yet" in page
    assert "0 commitments" not in page
    assert "0 of 0" not in page


def test_plan_without_any_number_says_only_that_no_commitment_is_held(client):
    make_plan(number=7, starts_on=date(2020, 1, 1), ends_on=date(2099, 12, 31))

    page = read(client, PLAN, 7)

    assert "Their texts are not in this record yet" in page
    assert "according to" not in page
    assert "0 of 0" not in page


def test_home_counts_what_it_holds_and_says_what_is_not_here(client):
    make_plan_of_eleven()
    make_commitment(plan=make_plan(number=6, starts_on=date(2010, 1, 1), ends_on=date(2011, 1, 1)))

    page = read(client, "home")

    assert "1 open government promise; no report here has judged it" in page
    assert "The 11 of plan VII are not here yet." in page
    assert "0 commitments" not in page
    assert "0 of 0" not in page


def test_report_that_is_not_held_shows_what_it_counts(client):
    report = make_report(slug="7-review", coverage="not_held")
    make_declared_figure(
        report=report, measure="other", value=12, as_printed="12", label_en="Early results: none"
    )

    counts = section(get(client, REPORT, "7-review"), "counts")

    assert "Early results: none" in counts and "12" in counts
    assert "not computed here" in counts


def test_plan_tells_its_period_and_each_that_a_source_prints(client):
    plan = make_plan(number=7, starts_on=date(2015, 1, 1), ends_on=date(2016, 12, 31))
    make_plan_period(plan=plan, as_printed="2015-2017", place="Title")

    about = section(get(client, PLAN, 7), "known")

    assert "Plan VII, 2015–2016 · ended" in read(client, PLAN, 7)
    assert "Period 2015–2016" in about
    assert "2015-2017" in about
    assert "Title" in about


def test_plan_tells_its_norm_date_and_coordinator(client):
    coordinator = make_entity(name_en="Secretariat")
    make_plan(
        number=7,
        approval_norm_en="Resolution 1",
        approved_on=date(2012, 4, 10),
        approved_as_printed="April 10, 2012",
        coordinator=coordinator,
    )

    about = section(get(client, PLAN, 7), "known")

    assert "Approved by Resolution 1 Date of the norm" in about
    assert "10 April 2012 (the source prints April 10, 2012)" in about
    assert "Coordinator Secretariat" in about


def test_plan_says_what_its_sources_do_not_state(client):
    make_plan(number=7)

    about = section(get(client, PLAN, 7), "known")

    assert about.count("not stated in the sources") == 3
    assert "Approved by not stated in the sources" in about


def test_full_report_has_counts_with_percentages(client):
    report = make_report(plan=make_plan(number=7))
    for level in ("complete", "complete", "limited"):
        make_assessment(report=report, level=level)

    completion = section(get(client, PLAN, 7), "completion")

    assert "Complete 2 (66.7%)" in completion
    assert "Limited 1 (33.3%)" in completion
    assert "Not started 0 (0.0%)" in completion
    assert "Assessed 3 of 3" in completion


def test_percentages_have_a_comma_in_spanish(client):
    report = make_report(plan=make_plan(number=7))
    for level in ("complete", "complete", "limited"):
        make_assessment(report=report, level=level)

    assert "(66,7\xa0%)" in get(client, PLAN, 7, lang="es").content.decode()


def test_partial_report_has_counts_and_the_reason_why_no_percentages(client):
    report = make_report(plan=make_plan(number=7), coverage="partial")
    make_assessment(report=report, level="limited")
    make_commitment(plan=report.plan)

    completion = section(get(client, PLAN, 7), "completion")

    assert "%" not in completion
    assert "Limited 1 Substantial 0" in completion
    assert "Assessed 1 of 2" in completion
    assert "as of 30 September 2017: the level of 1 of the 2 commitments is here" in completion


def test_report_that_is_not_held_is_another_one_only_beside_one_that_is(client):
    commitment = make_commitment(plan=make_plan(number=7))
    make_report(plan=commitment.plan, author="irm", coverage="not_held")
    assert "1 report exists; its levels are not here yet." in read(client, PLAN, 7)

    make_assessment(commitment=commitment, report=make_report(plan=commitment.plan))
    assert "1 other report exists; its levels are not here yet." in read(client, PLAN, 7)


def test_report_that_is_not_held_has_no_numbers(client):
    report = make_report(plan=make_plan(number=7), coverage="not_held")
    make_commitment(plan=report.plan)

    completion = section(get(client, PLAN, 7), "completion")
    page = get(client, REPORT, report.slug)

    assert completion.startswith("Reports 1 that exists and is not here yet not here yet Report")
    assert "Complete" not in completion
    assert "1 report exists; its levels are not here yet." in read(client, PLAN, 7)
    assert re.search(r"<h1>\s*This report exists; its levels are not here yet", page.content.decode())
    assert "as of 30 September 2017: this report exists, but its levels are not here" in words(page)
    assert section(page, "totals") is None
    assert section(page, "commitments") is None


def test_report_that_is_not_held_tells_nothing_of_what_moved(client):
    plan = make_plan()
    before = make_report(plan=plan, coverage="not_held", cutoff_on=date(2016, 9, 30))
    after = make_report(plan=plan, cutoff_on=date(2017, 9, 30))
    make_assessment(report=after, commitment=make_commitment(plan=plan))

    page = get(client, REPORT, after.slug)

    assert after.previous() == before
    assert section(page, "movement") is None


def test_plans_name_the_reports_that_are_not_held_apart(client):
    plan = make_plan(number=7)
    make_report(plan=plan, coverage="not_held", stage="results", author="irm")
    make_commitment(plan=plan)

    page = read(client, "plans:plan-list")

    assert "1 commitment; the report on how it ended exists and is not here yet" in page
    assert "Plan VII – – – – 1 1" in page
    assert "0 of 1" not in page


def test_reports_stand_side_by_side_the_last_first(client):
    plan = make_plan(number=7)
    make_report(plan=plan, stage="end_term", cutoff_on=date(2017, 9, 30))
    make_report(plan=plan, stage="mid_term", cutoff_on=date(2016, 9, 30))

    completion = section(get(client, PLAN, 7), "completion")

    table = completion[completion.index("Level") :]
    assert "2 here" in completion
    assert table.index("end-term, as of 30") < table.index("Government, mid-term, as of 30 September 2016")


def test_plan_without_reports_is_not_shown_as_zero(client):
    make_commitment(plan=make_plan(number=7))

    response = get(client, PLAN, 7)

    assert section(response, "completion") is None
    assert "1 commitment past due, without news" in words(response)
    assert " 0 " not in section(response, "commitments")
    assert "If something is not here, that does not mean that it was not done." in words(response)


def test_completion_by_theme_keeps_a_row_without_theme(client):
    report = make_report(plan=make_plan(number=7))
    theme = make_theme(plan=report.plan, name_en="Openness")
    make_assessment(report=report, commitment=make_commitment(plan=report.plan, theme=theme))
    make_assessment(report=report, level="limited")

    completion = section(get(client, PLAN, 7), "completion")

    assert "Openness 0 0 0 1 1 of 1" in completion
    assert "No theme 0 1 0 0 1 of 1" in completion


def test_commitments_are_grouped_by_theme_in_the_order_of_the_plan(client):
    plan = make_plan(number=7)
    second, first = make_theme(plan=plan, order=2), make_theme(plan=plan, order=1)
    make_commitment(plan=plan, number=1, theme=second)
    make_commitment(plan=plan, number=2)
    make_commitment(plan=plan, number=3, theme=first)

    assert listed(get(client, PLAN, 7)) == ["7-3", "7-1", "7-2"]


def test_commitment_of_a_plan_shows_its_path_with_authors_and_dates(client):
    plan = make_plan(number=7)
    commitment = make_commitment(plan=plan)
    for stage, year, level in (("end_term", 2017, "limited"), ("mid_term", 2016, "not_started")):
        report = make_report(plan=plan, stage=stage, cutoff_on=date(year, 9, 30))
        make_assessment(report=report, commitment=commitment, level=level)

    commitments = section(get(client, PLAN, 7), "commitments")

    assert (
        "Promise by promise Government, mid-term, as of 30 September 2016 → "
        "Government, end-term, as of 30 September 2017. The one that was not completed"
    ) in commitments
    assert re.search("Not started ?→, then Limited", commitments)


def test_milestones_of_a_plan_are_added_up(client):
    commitment = make_commitment(plan=make_plan(number=7, followed_until=date(2017, 9, 30)))
    make_update(milestone=make_milestone(commitment=commitment), status="complete")
    make_update(milestone=make_milestone(commitment=commitment), status="in_progress")
    make_milestone(commitment=commitment)

    milestones = section(get(client, PLAN, 7), "milestones")

    assert "Its 3 milestones" in milestones
    assert "1 reported complete 1 late, according to a report 1 past due, without news" in milestones
    assert "not the level that a report judged" in milestones


def test_plan_without_milestones_counts_none(client):
    make_commitment(plan=make_plan(number=7))

    response = get(client, PLAN, 7)

    assert section(response, "milestones") is None
    assert "0 milestones" not in words(response)


def test_draft_plan_is_not_found(client):
    make_plan(number=7, status="draft")

    assert client.get(address(PLAN, 7)).status_code == 404


def test_draft_report_is_not_on_the_page_of_its_plan(client):
    plan = make_plan(number=7)
    make_assessment(report=make_report(plan=plan, status="draft", title_en="Secret report"))

    page = read(client, PLAN, 7)

    assert "Secret" not in page
    assert "1 commitment past due, without news" in page


# Report


def test_report_says_what_it_is(client):
    make_report(
        slug="x-report",
        author="irm",
        stage="implementation",
        cutoff_on=date(2019, 12, 31),
        cutoff_as_printed="2017-2019",
        is_cutoff_inferred=True,
        published_on=date(2020, 12, 31),
        published_as_printed="2020",
        coverage="partial",
    )

    about = section(get(client, REPORT, "x-report"), "about")

    assert "Author IRM" in about
    assert "Stage Implementation" in about
    assert "31 December 2019 (the source prints 2017-2019). The source prints no cut-off" in about
    assert "Published 2020 Language" in about
    assert "Partial: this record holds some of its levels" in about


def test_levels_off_the_scale_are_shown_where_they_occur(client):
    report = make_report(slug="x-report", author="irm")
    make_assessment(report=report, level="withdrawn")

    totals = section(get(client, REPORT, "x-report"), "totals")

    assert "Withdrawn 1 (100.0%)" in totals
    assert "Unclear" not in totals


def test_report_without_a_predecessor_shows_no_movement(client):
    make_assessment(report=make_report(slug="x-report"))

    assert section(get(client, REPORT, "x-report"), "movement") is None


def test_movement_lists_what_moved_and_what_did_not(client):
    plan = make_plan(number=7)
    before = make_report(plan=plan, cutoff_on=date(2016, 9, 30))
    after = make_report(plan=plan, cutoff_on=date(2017, 9, 30))
    for number, levels in (
        (1, ("limited", "complete")),
        (2, ("complete", "complete")),
        (3, (None, "limited")),
    ):
        commitment = make_commitment(plan=plan, number=number, title_en=f"Title {number}")
        for report, level in zip((before, after), levels, strict=True):
            if level:
                make_assessment(report=report, commitment=commitment, level=level)

    movement = section(get(client, REPORT, after.slug), "movement")

    drawn, _, table = movement.partition("The same as a table")
    assert "7-1 Title 1: from Limited to Complete" in drawn
    assert "7-2 Title 2: Complete in both" in drawn
    assert "7-3 Title 3: from Not assessed to Limited" in drawn
    assert "1 rose 1 stayed as it was 1 left the scale, or came onto it." in drawn
    assert "fell" not in drawn
    assert "7-1" in table


def test_movement_names_the_commitments_of_each_cell(client):
    plan = make_plan(number=7)
    before = make_report(plan=plan, cutoff_on=date(2016, 9, 30))
    after = make_report(plan=plan, slug="x-report", cutoff_on=date(2017, 9, 30))
    for number, (old, new) in enumerate(
        [("not_started", "limited"), ("complete", "complete"), (None, "complete")], 1
    ):
        commitment = make_commitment(plan=plan, number=number)
        if old:
            make_assessment(report=before, commitment=commitment, level=old)
        make_assessment(report=after, commitment=commitment, level=new)

    movement = section(get(client, REPORT, "x-report"), "movement")

    assert "1 rose 1 stayed as it was 1 left the scale" in movement
    assert "Not started 0 1 7-1 0 0 0" in movement
    assert "Complete 0 0 0 1 7-2 0" in movement
    assert "Not assessed 0 0 0 1 7-3 0" in movement


def test_report_lists_each_commitment_with_its_own_level(client):
    plan = make_plan(number=7)
    commitment, unknown = make_commitment(plan=plan, number=1), make_commitment(plan=plan, number=2)
    report = make_report(plan=plan, slug="x-report", coverage="partial", cutoff_on=date(2016, 9, 30))
    make_assessment(report=report, commitment=commitment, level="limited")
    later = make_report(plan=plan, cutoff_on=date(2017, 9, 30))
    make_assessment(report=later, commitment=commitment, level="complete")

    commitments = section(get(client, REPORT, "x-report"), "commitments")

    assert "Government, as of 30 September 2016" in commitments
    assert f"7-1 {commitment.title_en} Institution not stated in the sources Limited" in commitments
    assert f"7-2 {unknown.title_en} Institution not stated in the sources Not assessed" in commitments
    assert "Complete" not in commitments


def test_report_adds_up_by_who_leads_and_says_where_nobody_is_named(client):
    report = make_report(slug="x-report")
    entity = make_entity(name_en="Ministry")
    for level in ("complete", "limited"):
        card = make_assessment(report=report, level=level)
        make_responsibility(commitment=card.commitment, entity=entity)
    make_assessment(report=report, level="limited")

    entities = section(get(client, REPORT, "x-report"), "entities")

    assert "Ministry 0 1 0 1 2 of 2" in entities
    assert "Institution not stated in the sources 0 1 0 0 1 of 1" in entities


def test_draft_report_is_not_found(client):
    make_report(slug="x-report", status="draft")
    make_report(slug="y-report", plan=make_plan(status="draft"))

    assert client.get(address(REPORT, "x-report")).status_code == 404
    assert client.get(address(REPORT, "y-report")).status_code == 404


def test_timeline_of_a_plan_says_who_answers_how_many_and_since_when(client):
    plan = make_plan(number=7, followed_until=date(2016, 9, 30))
    commitment = make_commitment(plan=plan, number=1)
    make_responsibility(commitment=commitment, entity=make_entity(acronym="ABC"))
    late = make_milestone(
        commitment=commitment, number=1, starts_on=date(2016, 1, 1), ends_on=date(2016, 6, 30)
    )
    make_update(milestone=late, status="in_progress", as_of=date(2016, 9, 30))
    make_milestone(commitment=commitment, number=2, ends_on=date(2016, 12, 31))
    make_milestone(commitment=commitment, number=3, ends_on=None)

    milestones = section(client.get(address(PLAN, 7), {"as_of": "2016-09-30"}), "milestones")

    assert "1 late, according to a report" in milestones
    assert "1 were not due yet" in milestones
    assert "1 without news; the sources give no due date" in milestones
    assert f"7-1 {commitment.title_en} ABC · 2 milestones" in milestones
    assert "due 3 months ago" in milestones
    assert "1 milestone without any end is not drawn." in milestones
    assert "30 Sep 2016" in milestones.replace("\xa0", " ")


def test_plan_of_another_day_says_nothing_of_later_silence_and_counts_nothing_before_it_began(client):
    plan = make_plan(number=7, starts_on=date(2015, 1, 1), followed_until=date(2016, 9, 30))
    make_milestone(commitment=make_commitment(plan=plan))

    before = words(client.get(address(PLAN, 7), {"as_of": "2013-01-01"}))
    during = words(client.get(address(PLAN, 7), {"as_of": "2016-09-29"}))
    since = words(client.get(address(PLAN, 7), {"as_of": "2016-09-30"}))

    assert "Its 1 milestone" in before
    assert "not due yet" not in before
    assert "it had not begun yet" in before
    assert "1 were not due yet" in during
    assert "Nobody reported after" not in during
    assert "Nobody reported after 30 September 2016." in since


def test_list_without_a_control_for_the_day_writes_it_as_a_date(client):
    page = read(client, "plans:recommendation-list", as_of="2017-01-31")

    assert "As of: 31 January 2017" in page


def test_plan_whose_milestones_have_no_planned_end_has_no_timeline(client):
    milestone = make_milestone(commitment=make_commitment(plan=make_plan(number=7)), ends_on=None)

    milestones = section(get(client, PLAN, 7), "milestones")

    assert "No source here prints a planned end of any of them. 1 without news" in milestones

    make_update(milestone=milestone, new_end_on=date(2018, 1, 1), reason_en="Elections")
    milestones = section(get(client, PLAN, 7), "milestones")
    none, later = "No source here prints a planned end of any of them.", "A report announced one later of 1."
    assert f"{none} {later}" in milestones
    assert "Each circle is a milestone" not in milestones


# Texts


def test_report_leads_to_its_text_section_by_section(client):
    report = make_report(slug="7-report")
    make_section(report=report, slug="second", order=2, heading_en="Lessons")
    make_section(report=report, slug="first", order=1, heading_en="Process", text_en="How it was made.")

    page = read(client, "plans:report-text", "7-report")
    contents = section(get(client, REPORT, "7-report"), "text")

    assert contents == "Text of the report 2 parts Process Lessons"
    assert "Process How it was made." in page
    assert page.index("How it was made.") < page.index("Texto")


def test_report_quotes_what_it_concludes_with_its_source(client):
    report = make_report(slug="7-report")
    make_section(report=report, kind="process", heading_en="Process", text_en="How it was made.")
    make_section(
        report=report, kind="conclusions", heading_en="Conclusions", text_en="All is well.", place="p. 7"
    )

    text = section(get(client, REPORT, "7-report"), "text")

    assert "Conclusions All is well. Source: Document" in text
    assert ": p. 7 All the text" in text
    assert "How it was made." not in text


def test_plan_leads_to_its_text(client):
    plan = make_plan(number=7)
    make_section(plan=plan, heading_en="Good practices", note_en="A figure is left out.")

    page = read(client, "plans:plan-text", 7)

    assert section(get(client, PLAN, 7), "text") == "Text of the plan 1 part Good practices"
    assert "A figure is left out. Source: Document" in page


@pytest.mark.parametrize("columns", [{}, {"status": "draft"}])
def test_text_of_what_has_none_or_is_a_draft_is_not_found(client, columns):
    plan = make_plan(number=7, **columns)
    if columns:
        make_section(plan=plan)
        make_section(report=make_report(plan=plan, slug="7-report"))

    assert client.get(address("plans:plan-text", 7)).status_code == 404
    assert client.get(address("plans:report-text", "7-report")).status_code == 404


def test_table_and_list_in_a_text_are_written_as_such(client):
    text = "Before:\n\nNo. | Title | Level\n1. | Roads | \n\n• One\n• Two"
    make_section(plan=make_plan(number=7), heading_en="Summary", text_en=text)

    body = get(client, "plans:plan-text", 7).content.decode()

    assert '<div class="scroll" role="region" tabindex="0" aria-label="Summary"><table>' in body
    assert '<th scope="col">Level</th>' in body
    assert '<tr><th scope="row">1.</th><td>Roads</td><td></td></tr>' in body
    assert "<ul><li>One</li><li>Two</li></ul>" in body


def test_text_of_a_section_is_escaped(client):
    make_section(plan=make_plan(number=7), text_en="<b>a</b> | <script>\n\n• <i>")

    body = get(client, "plans:plan-text", 7).content.decode()

    assert "<script>" not in body
    assert "&lt;b&gt;a&lt;/b&gt;" in body


# Documents


def test_documents_say_whether_the_record_quotes_them(client):
    quoted = make_document(title_en="Quoted", slug="quoted")
    make_plan(document=quoted)
    make_listing(work=make_document(title_en="Listed"), document=quoted)

    page = read(client, "plans:document-list", q="listed")

    assert "1 of 2 documents; of 1 we only know that it exists" in page
    assert "Only listed." in page and "Quoted here." not in page
    assert "Quoted here." in read(client, "plans:document-list", q="quoted")
    assert "We quote it here." in read(client, "plans:document-detail", "quoted")


def test_documents_answer_with_how_many_are_quoted_and_only_listed(client):
    quoted = make_document(title_en="Quoted", slug="quoted")
    make_plan(document=quoted)
    assert "1 document; we quote it" in read(client, "plans:document-list")

    for title in ("One", "Two"):
        make_listing(work=make_document(title_en=title), document=quoted)

    assert "3 documents; we quote 1; of 2 we only know that they exist" in read(client, "plans:document-list")


def test_documents_stand_under_their_kinds_with_their_counts_on_each_page(client, monkeypatch):
    monkeypatch.setattr(DocumentList, "per_page", 2)
    for number in range(3):
        make_document(title_en=f"Letter {number}", kind="letter", year=2015, url="")
    make_document(title_en="The plan", kind="action_plan", year=2010, url="https://www.example.org/plan.pdf")

    first = read(client, "plans:document-list")
    second = read(client, "plans:document-list", page=2)

    assert first.index("Action plans 1") < first.index("The plan") < first.index("Letters 3")
    assert "Letters 3" in second and "Action plans" not in second.split("4 documents")[-1]
    for page in (first, second):
        assert page.count("No link is known for any of them.") == 1
        assert "No link." not in page


def test_single_document_without_a_link_says_so_itself(client):
    make_document(title_en="A letter", kind="letter", url="")

    page = read(client, "plans:document-list")

    assert page.count("No link.") == 1
    assert "No link is known" not in page


def test_document_opens_at_its_site(client):
    make_document(slug="there", url="https://www.example.org/plan.pdf")

    response = get(client, "plans:document-detail", "there")

    assert "Open at example.org" in words(response)
    assert 'href="https://www.example.org/plan.pdf" rel="external nofollow"' in response.content.decode()


@pytest.mark.parametrize(
    ("title", "years"),
    [
        ("Action Plan 2012", (2012, 2012)),
        ("Second Action Plan, 2015-16", (2015, 2016)),
        ("End-of-Term Report 2015–2017", (2015, 2017)),
        ("Decree 20150-PCM", None),
        ("Case study", None),
    ],
)
def test_title_names_years(title, years):
    assert years_of(title) == years


def test_year_outside_of_those_in_the_title_is_said_to_be_the_lists(client):
    source = make_document(title_en="The page")
    late = make_document(title_en="Plan 2012", year=2015, published_as_printed="2015", kind="letter")
    make_listing(work=late, document=source)
    make_document(title_en="Report 2012", year=2014, published_as_printed="May 2014", kind="norm")
    within = make_document(title_en="Plan 2015-17", year=2016, published_as_printed="2016", kind="news")
    make_listing(work=within, document=source)

    assert "the list gives it 2015" in read(client, "plans:document-list", kind="letter")
    assert "with the year 2014" in read(client, "plans:document-list", kind="norm")
    page = read(client, "plans:document-list", kind="news")
    assert ", 2016." in page and "the list gives" not in page
    assert "the list gives it 2015" in read(client, "plans:document-detail", late.slug)


def test_document_says_where_it_is_listed_and_what_it_belongs_to(client):
    report = make_report(plan=make_plan(number=7), title_en="Final report")
    work = make_document(slug="work", kind="irm_report", publisher_en="The IRM", year=2017)
    source = make_document(title_en="The list", language="en")
    make_listing(
        work=work, report=report, listed_as="2017, IRM Report", document=source, place="Resources, item 5"
    )

    page = read(client, "plans:document-detail", "work")

    assert "IRM report · Plan VII, " in page
    assert "Published by The IRM" in page
    assert (
        "Final report (plan VII) Where it is listed Listed as 2017, IRM Report. The list: Resources, item 5"
        in page
    )
    assert section(get(client, REPORT, report.slug), "documents").startswith("Documents 1 Document")


def test_document_of_no_plan_says_so(client):
    make_listing(work=make_document(slug="work"))

    assert "No plan: the source names none." in read(client, "plans:document-detail", "work")


def test_documents_are_found_by_plan_report_kind_and_language(client):
    report = make_report(plan=make_plan(number=7))
    make_listing(work=make_document(title_en="Of the report", language="en"), report=report)
    make_listing(work=make_document(title_en="Of the plan", kind="action_plan"), plan=report.plan)
    make_listing(work=make_document(title_en="Of none", kind="letter"))

    def titles(**params):
        page = read(client, "plans:document-list", **params)
        return [title for title in ("Of the report", "Of the plan", "Of none") if title in page]

    assert titles(plan="7") == ["Of the report", "Of the plan"]
    assert titles(report=report.slug) == ["Of the report"]
    assert titles(kind="letter") == ["Of none"]
    assert titles(language="en") == ["Of the report"]


# Recommendations


@pytest.mark.parametrize(
    ("day", "words", "listed"),
    [
        ("2017-09-29", None, "0 of 0"),
        ("2017-09-30", "The reports on this plan make 1 recommendation.", "1 of 1"),
    ],
)
def test_recommendation_is_made_on_the_day_of_its_report(client, day, words, listed):
    report = make_report(plan=make_plan(number=7), cutoff_on=date(2017, 9, 30))
    make_recommendation(report=report)

    page = read(client, "plans:plan-detail", 7, as_of=day)

    assert words in page if words else "The reports on this plan make" not in page
    assert ("Reports 1 here" in page) is bool(words)
    assert f"{listed} recommendations" in read(client, "plans:recommendation-list", as_of=day)
    is_later = "This report is a later one" in read(client, "plans:report-detail", report.slug, as_of=day)
    assert is_later is not bool(words)


def test_recommendation_stands_with_answer_outcome_commitments_and_sources(client):
    report = make_report(plan=make_plan(number=7), title_en="Progress report")
    recommendation = make_recommendation(
        report=report, text_en="Publish more.", answer_en="It was done.", outcome_en="A portal."
    )
    with writing(reason="made for a test"):
        make_commitment(plan=report.plan, number=3, title_en="Portal").recommendations.add(recommendation)
    make_further_source(recommendation, note_en="What came of it")

    page = read(client, "plans:recommendation-list")

    assert "1 recommendation of the reports" in page
    assert "Progress report, plan VII Publish more." in page
    assert "The State's answer: It was done. What came of it: A portal." in page
    assert "Commitments that follow it: 7-3 Portal" in page
    assert page.count("Source: Document") == 2
    assert section(get(client, REPORT, report.slug), "recommendations").startswith(
        "Recommendations 1 Publish"
    )


def test_recommendation_without_answer_or_commitments_says_so(client):
    make_recommendation()

    page = read(client, "plans:recommendation-list")

    assert "No document here answers it." in page
    assert "No source names a commitment that follows it." in page


def test_what_is_true_of_all_recommendations_of_a_report_is_said_once(client):
    report = make_report()
    first, second = make_recommendation(report=report), make_recommendation(report=report)

    page = read(client, "plans:recommendation-list")
    with writing(reason="made for a test"):
        make_commitment(plan=report.plan).recommendations.add(second)
    later = read(client, "plans:recommendation-list")

    assert page.count("No document here answers them. No source names a commitment that follows them.") == 1
    assert "No document here answers it." not in page
    assert first.slug != second.slug
    assert "No source names a commitment that follows them." not in later
    assert later.count("No source names a commitment that follows it.") == 1


def test_drafts_of_recommendations_are_not_on_the_pages(client):
    report = make_report()
    make_recommendation(report=report, status="draft", text_en="Hidden")
    make_recommendation(report=make_report(status="draft"), text_en="Hidden")
    recommendation = make_recommendation(report=report, text_en="Seen")
    commitment = make_commitment(plan=make_plan(status="draft"), title_en="Hidden")
    with writing(reason="made for a test"):
        commitment.recommendations.add(recommendation)

    page = read(client, "plans:recommendation-list") + words(get(client, REPORT, report.slug))

    assert "Seen" in page
    assert "Hidden" not in page


def test_documents_that_are_drafts_are_not_listed(client):
    make_document(title_en="Published letter", kind="letter")
    # Such as the letter of an entity, until the update that names it is published.
    make_document(title_en="Secret letter", kind="letter", status="draft")
    page = client.get("/en/documents/").content.decode()
    assert "Published letter" in page
    assert "Secret letter" not in page
    assert "Secret letter" not in client.get("/en/documents/?q=secret").content.decode()
