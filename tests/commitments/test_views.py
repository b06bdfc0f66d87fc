import re
from datetime import date

import pytest

from commitments.models import Responsibility
from record.writing import writing
from tests.factories import (
    make_assessment,
    make_commitment,
    make_commitment_item,
    make_commitment_title,
    make_document,
    make_entity,
    make_evidence,
    make_finding,
    make_further_source,
    make_milestone,
    make_milestone_responsible,
    make_plan,
    make_policy_area,
    make_report,
    make_responsibility,
    make_theme,
    make_update,
)
from tests.pages import address, bare, codes, read, section

pytestmark = pytest.mark.django_db

LIST, DETAIL = "commitments:commitment-list", "commitments:commitment-detail"


def get(client, commitment, lang="en"):
    response = client.get(address(DETAIL, commitment.code, lang=lang))
    assert response.status_code == 200
    return response


def part(client, commitment, name, lang="en"):
    return section(get(client, commitment, lang), name)


# List


def test_list_holds_the_commitments_of_published_plans(client):
    plan = make_plan(number=7)
    make_commitment(plan=plan, number=2)
    make_commitment(plan=plan, number=1)
    make_commitment(plan=make_plan(number=8, status="draft"))

    assert codes(client, LIST) == ["7-1", "7-2"]
    assert "2 of 2 commitments" in read(client, LIST)


def test_row_tells_plan_title_who_leads_and_level_with_author_and_date(client):
    commitment = make_commitment(plan=make_plan(number=7), number=1, title_en="Open the books")
    make_responsibility(commitment=commitment, role="co_lead", entity=make_entity(name_en="Helper"))
    make_responsibility(commitment=commitment, role="lead", entity=make_entity(name_en="Ministry"))
    make_assessment(commitment=commitment, level="limited")

    page = read(client, LIST)

    assert (
        "Plan VII, 2015–2016 7-1 Open the books Ministry; Helper "
        "Limited Government, end-term, as of 30 September 2017"
    ) in page


def test_row_says_what_is_not_known(client):
    make_commitment()

    page = read(client, LIST)

    assert "Institution not stated in the sources Not assessed in this record" in page


def test_list_is_narrowed_by_every_filter_of_its_form(client):
    plan, other = make_plan(number=7), make_plan(number=8)
    theme, area, entity = make_theme(plan=plan), make_policy_area(), make_entity()
    report = make_report(plan=plan)
    wanted = make_commitment(
        plan=plan, number=1, theme=theme, is_starred=True, title_es="Municipalidad", title_en=""
    )
    with writing(reason="made for a test"):
        wanted.policy_areas.add(area)
    make_responsibility(commitment=wanted, entity=entity)
    make_assessment(report=report, commitment=wanted, level="limited")
    make_update(milestone=make_milestone(commitment=wanted), status="in_progress")
    make_milestone(commitment=make_commitment(plan=other, number=1, is_starred=False))

    for query in (
        {"plan": "7"},
        {"theme": theme.slug},
        {"policy_area": area.slug},
        {"entity": entity.slug},
        {"role": "lead"},
        {"level": "limited"},
        {"report": report.slug},
        {"author": "government"},
        {"overdue": "true"},
        {"unreported": "false"},
        {"is_starred": "true"},
        {"q": "municipalidades"},
    ):
        assert codes(client, LIST, **query) == ["7-1"], query
    assert codes(client, LIST, level="none") == ["8-1"]
    assert codes(client, LIST, plan=["7", "8"]) == ["8-1", "7-1"]
    assert codes(client, LIST, ordering="code") == ["7-1", "8-1"]


def test_list_as_of_a_day_shows_the_levels_of_that_day(client):
    plan = make_plan()
    commitment = make_commitment(plan=plan)
    for year, level in ((2016, "limited"), (2017, "complete")):
        report = make_report(plan=plan, cutoff_on=date(year, 9, 30))
        make_assessment(report=report, commitment=commitment, level=level)

    page = read(client, LIST, as_of="2016-12-31")

    results = page[page.index("1 of 1 commitments") :]
    assert "What this record says about 31 December 2016" in results
    assert "Limited Government" in results
    assert "Complete Government" not in results


def test_form_shows_what_was_chosen_and_each_choice_can_be_taken_away(client):
    make_commitment(plan=make_plan(number=7))
    make_plan(number=8)

    body = client.get(address(LIST), {"plan": ["7", "8"], "q": "law & order", "x": "1"}).content.decode()

    assert 'name="plan" value="7" checked' in body
    assert 'name="q" value="law &amp; order"' in body
    assert '<a href="?plan=7&amp;q=law+%26+order"><span class="chosen-what">Plan: Plan VIII</span>' in body
    assert '<a href="?plan=7&amp;plan=8"><span class="chosen-what">Words: law &amp; order</span>' in body


def test_form_keeps_the_parameters_that_it_has_no_field_for(client):
    body = client.get(address(LIST), {"author": "irm"}).content.decode()

    assert '<input type="hidden" name="author" value="irm">' in body


def test_form_keeps_several_values_of_one_field(client):
    first, second = make_theme(), make_theme()

    body = client.get(address(LIST), {"theme": [first.slug, second.slug]}).content.decode()

    assert '<select id="theme" name="theme" multiple' in body
    assert body.count(" selected>") == 2


def test_same_rows_are_linked_as_data(client):
    make_plan(number=7)

    body = client.get(address(LIST), {"plan": "7", "q": "", "x": "1", "page": "1"}).content.decode()

    assert 'href="/api/v1/commitments/?plan=7&amp;lang=en&amp;format=csv"' in body
    assert client.get("/api/v1/commitments/?plan=7&lang=en&format=csv").status_code == 200


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"level": "done"}, "Completion: Unknown value “done”."),
        ({"plan": "99"}, "Plan: Unknown value “99”."),
        ({"plan": "9" * 5000}, "Plan: Unknown value “999"),
        ({"entity": "a\0b"}, "Entity: A NUL character is not allowed."),
        ({"q": "\0"}, "Words: A NUL character is not allowed."),
        ({"q": "a" * 10_000}, "Words: Search for 200 characters at most."),
        ({"overdue": "maybe"}, "With overdue milestones: Write true or false."),
        ({"as_of": "2999-01-01"}, "As of: This date is in the future."),
        ({"as_of": "yesterday"}, "As of: Write a date as YYYY-MM-DD"),
        ({"report": ["a", "b"]}, "Report: This parameter may be given only once."),
        ({"ordering": "pk"}, "Order by: Unknown value “pk”."),
        ({"author": "me"}, "Author: Unknown value “me”."),
        ({"page": "0"}, "Page: There is no such page; this list ends with page 1."),
        ({"page": "2"}, "Page: There is no such page"),
        ({"page": "x"}, "Page: There is no such page"),
        ({"page": "\0"}, "Page: There is no such page"),
        ({"page": "9" * 5000}, "Page: There is no such page"),
    ],
)
def test_bad_value_gives_a_sentence_and_no_list(client, query, sentence):
    commitment = make_commitment()

    page = read(client, LIST, status=400, **query)

    assert "This list cannot be shown" in page
    assert sentence in page
    assert commitment.code not in page


def test_bad_value_is_told_beside_its_field_too(client):
    body = client.get(address(LIST), {"report": "x"}).content.decode()

    assert '<a href="#report">' in body
    assert 'aria-invalid="true" aria-describedby="error-report"' in body
    assert '<p class="error" id="error-report">' in body
    assert "<details open>" in body


def test_bad_value_is_told_in_spanish(client):
    page = read(client, LIST, lang="es", status=400, page="99")

    assert "Página: Esa página no existe; la lista termina en la página 1." in page


def test_text_that_a_reader_typed_is_never_html(client):
    body = client.get(address(LIST), {"q": "<script>alert(1)</script>", "level": '"><b>'}).content.decode()

    assert "<script" not in body
    assert '"><b>' not in body


def test_long_list_has_pages_that_keep_the_filters(client):
    plan = make_plan(number=7)
    for number in range(1, 28):
        make_commitment(plan=plan, number=number)

    body = client.get(address(LIST), {"plan": "7"}).content.decode()

    assert "Page 1 of 2" in body
    assert '<a rel="next" href="?plan=7&amp;page=2#results">' in body
    assert codes(client, LIST, plan="7", page="2") == ["7-26", "7-27"]


def test_list_without_rows_says_what_to_do(client):
    make_commitment()

    page = read(client, LIST, q="nothinglikethis")

    assert "0 of 1 commitments" in page
    assert "No commitment is like that." in page


# Detail: the answer


def test_level_is_told_with_author_and_date(client):
    card = make_assessment(level="limited")

    page = read(client, DETAIL, card.commitment.code)

    assert "Completion Limited Government, end-term, as of 30 September 2017 Who answers" in page


def test_level_is_told_in_spanish_as_peru_writes_dates(client):
    card = make_assessment(level="not_started")

    page = read(client, DETAIL, card.commitment.code, lang="es")

    assert "No iniciado Gobierno, final, al 30 de setiembre de 2017" in page


def test_unknown_level_is_not_zero(client):
    page = read(client, DETAIL, make_commitment().code)

    assert "Completion Not assessed in this record Who answers" in page
    assert "Not started" not in page


def test_civil_society_does_not_set_the_level_and_is_shown_as_differing(client):
    commitment = make_commitment()
    make_assessment(commitment=commitment, level="complete", report=make_report(plan=commitment.plan))
    other = make_report(plan=commitment.plan, author="civil_society", cutoff_on=date(2018, 1, 31))
    make_assessment(commitment=commitment, level="limited", report=other)

    page = read(client, DETAIL, commitment.code)

    assert (
        "Completion Complete Government, end-term, as of 30 September 2017 "
        "Other reports Limited Civil society, end-term, as of 31 January 2018 "
        "The authors disagree on the level"
    ) in page


def test_draft_reports_say_nothing(client):
    commitment = make_commitment()
    draft = make_report(plan=commitment.plan, status="draft", title_en="Secret report")
    make_assessment(commitment=commitment, report=draft, level="limited")
    make_responsibility(commitment=commitment, report=draft, entity=make_entity(name_en="Secret ministry"))
    make_finding(commitment=commitment, report=draft, value_as_printed="Secret value")
    make_update(milestone=make_milestone(commitment=commitment), report=draft, text_en="Secret text")

    page = read(client, DETAIL, commitment.code)

    assert "Secret" not in page
    assert "Not assessed in this record" in page
    assert "Institution not stated in the sources" in page


def test_commitment_of_a_draft_plan_is_not_found(client):
    commitment = make_commitment(plan=make_plan(status="draft"))

    assert client.get(address(DETAIL, commitment.code)).status_code == 404


def test_end_of_the_plan_and_of_a_report_stand_side_by_side(client):
    commitment = make_commitment(ends_on=date(2016, 12, 31), period_as_printed="2015-2016")
    make_assessment(commitment=commitment, new_end_on=date(2017, 6, 30), new_end_as_printed="June 2017")

    page = read(client, DETAIL, commitment.code)

    assert "End June 2017 Government, end-term" in page
    assert "31 December 2016 (the source prints 2015-2016) the plan is that of" in page


# Detail: the promise


def test_texts_of_the_plan_keep_their_paragraphs(client):
    commitment = make_commitment(problem_en="First.\n\nSecond <b>.\nThird.")

    body = get(client, commitment).content.decode()

    assert '<div class="prose"><p>First.</p><p>Second &lt;b&gt;.<br>Third.</p></div>' in body


def test_text_in_the_other_language_has_its_language_and_a_label(client):
    commitment = make_commitment(title_es="", title_en="Open the books")

    body = get(client, commitment, lang="es").content.decode()

    assert (
        '<h1><span lang="en">Open the books</span>'
        ' <small class="note-lang">(en inglés en el original)</small></h1>'
    ) in body


def test_translation_of_ours_has_a_label_and_says_when_it_is_stale(client):
    commitment = make_commitment(title_es="Abrir", title_en="Open", unofficial={"title_es": ""})
    commitment.title_en = "Open more"
    with writing(reason="made for a test"):
        commitment.save()

    body = get(client, commitment, lang="es").content.decode()

    assert '<h1><span>Abrir</span> <small class="note-lang">(traducción no oficial)</small>' in body
    assert "(el original cambió después de esta traducción)" in body


def test_promise_tells_titles_items_area_theme_and_star(client):
    theme = make_theme(name_en="Openness")
    commitment = make_commitment(plan=theme.plan, theme=theme, ogp_id="PE0049", label="3.m")
    with writing(reason="made for a test"):
        commitment.policy_areas.add(make_policy_area(name_en="Open data"))
    make_commitment_title(commitment=commitment, title="Another title", place="Table 2")
    make_commitment_item(commitment=commitment, text_en="A new portal")

    promise = part(client, commitment, "promise")

    assert "Theme Openness" in promise
    assert "Open data" in promise
    assert "Another title" in promise
    assert "Table 2" in promise
    assert "Final product A new portal" in promise
    assert f"{commitment.code}; 3.m in the plan; PE0049 at the OGP" in promise
    assert "The OGP's page does not say." in promise


@pytest.mark.parametrize(("is_starred", "word"), [(True, "Yes"), (False, "No")])
def test_star_is_as_the_ogp_marks_it(client, is_starred, word):
    assert f"Starred by the OGP {word}" in part(client, make_commitment(is_starred=is_starred), "promise")


# Detail: milestones


def test_milestone_tells_what_was_planned(client):
    milestone = make_milestone(
        activity_en="Write the law",
        means_of_verification_en="Official journal",
        starts_on=date(2023, 1, 1),
        starts_as_printed="1st Half - 2023",
        ends_on=date(2023, 12, 31),
        ends_as_printed="2nd Half - 2023",
        responsible_as_printed="Office A",
    )
    make_milestone_responsible(
        milestone=milestone, unit_en="Legal office", entity=make_entity(name_en="Ministry")
    )

    milestones = part(client, milestone.commitment, "milestones")

    assert f"{milestone.code} Write the law" in milestones
    assert "Planned start first half of 2023 (the source prints 1st Half - 2023)" in milestones
    assert "Planned end second half of 2023 (the source prints 2nd Half - 2023)" in milestones
    assert "Responsible Legal office, Ministry (the source prints Office A)" in milestones
    assert "Means of verification Official journal" in milestones


def test_milestone_past_due_of_which_nothing_was_reported_is_not_called_late(client):
    milestone = make_milestone()

    milestones = part(client, milestone.commitment, "milestones")

    assert "Nothing reported Past due, and nobody reported its state" in milestones
    assert "Days late" not in milestones
    assert "No report in this record says anything of this milestone." in milestones


def test_milestone_that_is_late_tells_both_clocks(client):
    commitment = make_commitment(plan=make_plan(followed_until=date(2017, 1, 31)))
    milestone = make_milestone(commitment=commitment, ends_on=date(2016, 12, 31))
    make_update(
        milestone=milestone, as_of=date(2016, 9, 30), new_end_on=date(2017, 1, 21), reason_en="Elections"
    )

    milestones = part(client, commitment, "milestones")

    assert "In progress Past due and reported as not complete" in milestones
    assert "Days late by the original end 31" in milestones
    assert "Days late by the current end 10" in milestones
    assert "Lateness is counted until 31 January 2017" in milestones


def test_days_late_are_not_known_without_an_original_end(client):
    commitment = make_commitment(plan=make_plan(followed_until=date(2017, 1, 31)))
    milestone = make_milestone(commitment=commitment, ends_on=None, ends_as_printed="")
    make_update(
        milestone=milestone, as_of=date(2016, 9, 30), new_end_on=date(2017, 1, 21), reason_en="Elections"
    )

    milestones = part(client, commitment, "milestones")

    assert "Planned end not stated in the sources" in milestones
    assert "Days late by the original end not known" in milestones
    assert "Days late by the current end 10" in milestones


def test_update_tells_its_date_text_new_end_letter_and_evidence(client):
    report = make_report(title_en="End-term report")
    milestone = make_milestone(commitment=make_commitment(plan=report.plan))
    update = make_update(
        milestone=milestone,
        report=report,
        percent=40,
        text_en="Half done.\n\nMore to come.",
        new_end_on=date(2017, 6, 30),
        new_end_as_printed="Jun. 2017",
        source_letter="Letter 1",
        place="Card of commitment 1",
    )
    make_evidence(update=update, url="www.peru.gob.pe/a", title_en="The page")

    body = get(client, milestone.commitment).content.decode()
    milestones = part(client, milestone.commitment, "milestones")

    assert "As of 30 September 2017 In progress 40% End-term report" in milestones
    assert "New end: June 2017 (the source prints Jun. 2017). The document gives no reason." in milestones
    assert "It quotes: Letter 1" in milestones
    assert "Card of commitment 1" in milestones
    assert "<p>Half done.</p><p>More to come.</p>" in body
    assert '<a href="http://www.peru.gob.pe/a" rel="external nofollow">' in body
    assert f'id="{update.code}"' in body


def test_update_gives_the_reason_for_a_new_end(client):
    update = make_update(new_end_on=date(2017, 6, 30), reason_en="Elections")

    milestones = part(client, update.milestone.commitment, "milestones")

    assert "New end: 30 June 2017. Reason given: Elections" in milestones


# Detail: the reports


def test_rows_of_a_card_have_three_states(client):
    report = make_report(card_form=["responsible", "results"])
    other = make_report(plan=report.plan, card_form=["responsible", "objective"], author="irm")
    commitment = make_commitment(plan=report.plan)
    make_assessment(report=report, commitment=commitment, responsible="Ministry", results="")
    make_assessment(report=other, commitment=commitment, responsible="", objective="To open")

    reports = part(client, commitment, "reports")

    assert "Institution responsible" in reports
    assert "Ministry" in reports
    assert "Description of the results" in reports
    assert reports.count("blank on the card") == 2
    assert reports.count("not a row of this report's card") == 2
    assert "Ambition" not in reports


def test_text_of_a_card_has_the_language_of_its_report_and_its_paragraphs(client):
    report = make_report(document=make_document(language="es"))
    card = make_assessment(report=report, results="Uno.\n\nDos.")

    english = get(client, card.commitment).content.decode()
    spanish = get(client, card.commitment, lang="es").content.decode()

    assert '<div class="prose" lang="es"><p>Uno.</p><p>Dos.</p></div>' in english
    assert "(in Spanish in the original)" in english
    assert '<div class="prose"><p>Uno.</p><p>Dos.</p></div>' in spanish


@pytest.mark.parametrize(("languages", "is_said"), [(("es", "en"), True), (("es", "es"), False)])
def test_cards_in_two_languages_are_explained(client, languages, is_said):
    commitment = make_commitment()
    for number, language in enumerate(languages):
        report = make_report(
            plan=commitment.plan,
            cutoff_on=date(2016 + number, 9, 30),
            document=make_document(language=language),
        )
        make_assessment(commitment=commitment, report=report)

    said = "what the other report prints on the same row stands beside it" in part(
        client, commitment, "reports"
    )

    assert said == is_said


def test_level_without_a_card_says_so(client):
    card = make_assessment(has_card=False, level_as_printed="b. Limited", level="limited")

    reports = part(client, card.commitment, "reports")

    assert "Limited (the source prints b. Limited)" in reports
    assert "the level alone, without a card" in reports
    assert "blank on the card" not in reports


def test_every_report_has_a_column_that_its_address_leads_to(client):
    card = make_assessment(report=make_report(slug="7-report"))

    assert '<th scope="col" id="7-report">' in get(client, card.commitment).content.decode()
    assert card.get_absolute_url().endswith("#7-report")


def test_findings_are_told_in_words_and_as_printed(client):
    finding = make_finding(value="low", value_as_printed="a. low", place="Row 1")

    findings = part(client, finding.commitment, "findings")

    assert "Specificity Low a. low IRM, 2012-2013" in findings
    assert "Row 1" in findings


def test_responsible_are_told_report_by_report_whoever_leads_first(client):
    report = make_report(title_en="End-term report")
    commitment = make_commitment(plan=report.plan)
    make_responsibility(commitment=commitment, role=Responsibility.Role.CO_LEAD, name_as_printed="Helpers")
    make_responsibility(commitment=commitment, entity=make_entity(name_en="Ministry"))
    make_responsibility(commitment=commitment, report=report, entity=make_entity(name_en="Agency"))

    responsible = part(client, commitment, "responsible")

    order = ["According to the plan", "Leads Ministry", "Co-leads Helpers", "End-term report", "Leads Agency"]
    assert [responsible.index(words) for words in order] == sorted(
        responsible.index(words) for words in order
    )


def test_sources_are_all_named(client):
    commitment = make_commitment(document=make_document(title_en="The plan"), place="p. 7")
    make_further_source(commitment)

    sources = part(client, commitment, "sources")

    assert "The plan: p. 7" in sources
    assert sources.count(": p. 1") == 1


def test_commitment_leads_to_its_neighbours(client):
    plan = make_plan(number=7)
    for number in (1, 2, 10):
        make_commitment(plan=plan, number=number)
    make_commitment(plan=make_plan(number=8), number=3)

    body = get(client, plan.commitments.get(number=2)).content.decode()

    assert '<a rel="prev" href="/en/commitments/7-1/">' in body
    assert '<a rel="next" href="/en/commitments/7-10/">' in body
    assert 'rel="next"' not in get(client, plan.commitments.get(number=10)).content.decode()


# Explorer: how many there are of each


def options(client, **params):
    """Return the words of each option of the form, with its count."""
    body = client.get(address(LIST), params).content.decode()
    form = body.partition('<form class="filters"')[2].partition("</form>")[0]
    found = re.findall(r"<option[^>]*>(.*?)</option>|<label><input[^>]*>(.*?)</label>", form, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", one or other).split()) for one, other in found]


def test_options_count_what_the_other_filters_leave(client):
    first, second = make_plan(number=7), make_plan(number=8)
    theme = make_theme(plan=first, name_en="Roads")
    lead = make_entity(name_en="Ministry")
    for number, level in ((1, "complete"), (2, "limited"), (3, None)):
        commitment = make_commitment(plan=first, number=number, theme=theme if number < 3 else None)
        make_responsibility(commitment=commitment, entity=lead)
        if level:
            make_assessment(
                commitment=commitment, report=first.reports.first() or make_report(plan=first), level=level
            )
    area = make_policy_area(name_en="Health")
    with writing(reason="made for a test"):
        make_commitment(plan=second, number=1).policy_areas.add(area)

    everything, narrowed = options(client), options(client, plan="7", level="complete")

    assert {"Plan VII (3)", "Plan VIII (1)", "Complete (1)", "Not assessed in this record (2)"} <= set(
        everything
    )
    assert {"Roads (plan VII) (2)", "Health (1)", "Ministry (3)"} <= set(everything)
    # The plan's own choice aside, one is complete; the level's own aside, plan VII has one of each.
    assert {"Plan VII (1)", "Plan VIII (0)", "Limited (1)", "Complete (1)"} <= set(narrowed)
    assert {"Roads (plan VII) (1)", "Ministry (1)"} <= set(narrowed)
    # A long list offers only what finds something.
    assert not any(option.startswith("Health") for option in narrowed)


def test_levels_are_not_counted_where_a_report_or_author_gives_them_another_meaning(client):
    card = make_assessment(level="complete")

    assert "Complete" in options(client, report=card.report.slug)
    assert "Complete" in options(client, author="government")


def test_options_of_lateness_silence_and_stars_count_the_commitments(client):
    late, silent = make_commitment(is_starred=True), make_commitment(is_starred=False)
    milestone = make_milestone(commitment=late, ends_on=date(2016, 12, 31))
    make_update(milestone=milestone, as_of=date(2016, 9, 30), status="in_progress")
    make_milestone(commitment=silent, ends_on=date(2016, 12, 31))
    make_commitment(is_starred=None)

    form = client.get(address(LIST)).content.decode()

    assert counted(form, "overdue") == {"true": "1"}
    assert counted(form, "unreported") == {"true": "1", "false": "1"}
    assert counted(form, "is_starred") == {"true": "1", "false": "1"}


def counted(form, name):
    """Return {value: its count} of the options of one control."""
    control = re.search(rf'<select id="{name}".*?</select>', form, re.DOTALL).group()
    return dict(re.findall(r'<option value="(\w[^"]*)"[^>]*>[^<]*\((\d+)\)</option>', control))


def test_options_of_reports_count_their_cards_unless_a_level_is_asked_for(client):
    first, second = make_report(slug="first"), make_report(slug="second")
    for report, n in ((first, 1), (second, 2)):
        for _each in range(n):
            make_assessment(report=report, commitment=make_commitment(plan=report.plan), level="limited")

    assert counted(client.get(address(LIST)).content.decode(), "report") == {"first": "1", "second": "2"}
    narrowed = client.get(address(LIST), {"level": "limited"}).content.decode()
    assert counted(narrowed, "report") == {}


def test_options_of_entities_count_what_is_attached_to_them_where_that_is_asked_for(client):
    above = make_entity(slug="above")
    below = make_entity(slug="below", parent=make_entity(slug="middle", parent=above))
    shared = make_commitment()
    make_responsibility(commitment=shared, entity=above)
    make_responsibility(commitment=shared, entity=below)
    make_responsibility(commitment=make_commitment(), entity=below)

    plain = client.get(address(LIST)).content.decode()
    tree = client.get(address(LIST), {"entity_tree": "true"}).content.decode()

    assert counted(plain, "entity") == {"above": "1", "below": "2"}
    assert counted(tree, "entity") == {"above": "2", "below": "2"}
    # What an option counts is what it finds.
    assert len(codes(client, LIST, entity="above", entity_tree="true")) == 2


def test_entities_without_a_commitment_and_reports_without_levels_are_not_offered(client):
    make_entity(name_en="Bystander")
    make_report(title_en="Not held", coverage="not_held")

    assert not {"Bystander", "Bystander (0)", "Not held"} & set(options(client))


def test_entity_in_the_address_stays_in_the_form_even_if_it_has_nothing(client):
    make_entity(slug="x", name_en="Bystander")

    assert "Bystander (0)" in options(client, entity="x")


def test_empty_list_says_what_to_loosen(client):
    make_assessment(commitment=make_commitment(plan=make_plan(number=7), title_en="Roads"), level="limited")

    page = read(client, LIST, q="roads", level="complete")
    hopeless = read(client, LIST, q="nothing", level="withdrawn")

    assert "Without “Completion: Complete” there is 1." in page
    assert "Without “Words: roads”" not in page
    assert "Start again without filters" in hopeless


# How late a commitment is, in its answer


def answer(client, commitment, lang="en"):
    """Return the words on lateness in the answer of a commitment's page."""
    body = get(client, commitment, lang).content.decode()
    label = {"en": "Days late", "es": "Días de atraso"}[lang]
    return bare(re.search(rf"<dt>{label}</dt>(.*?)</dd>", body, re.DOTALL).group(1))


def test_answer_tells_the_most_days_late_by_each_clock(client):
    commitment = make_commitment(plan=make_plan(followed_until=date(2017, 1, 31)))
    for day, new_end in ((date(2016, 12, 31), date(2017, 1, 30)), (date(2017, 1, 21), None)):
        milestone = make_milestone(commitment=commitment, ends_on=day)
        make_update(milestone=milestone, as_of=date(2016, 9, 30), new_end_on=new_end, reason_en="Elections")
    first, second = (milestone.code for milestone in commitment.milestones.all())

    words = answer(client, commitment)

    assert words.startswith(
        f"By the original end: 31 days Milestone {first}, the latest of those whose days are known. "
        "Counted from its end (31 December 2016) to 31 January 2017. "
        f"By the current end: 10 days Milestone {second}, "
    )
    assert answer(client, commitment, "es").startswith("Según el plazo original: 31 días")


def test_answer_tells_beside_the_days_what_is_not_known(client):
    commitment = make_commitment()
    late = make_milestone(commitment=commitment, ends_on=date(2016, 12, 31))
    make_update(milestone=late, as_of=date(2016, 9, 30), status="in_progress")
    make_milestone(commitment=commitment, ends_on=date(2016, 12, 31))
    make_milestone(commitment=commitment, ends_on=None)

    words = answer(client, commitment)

    assert "By the original end: " in words
    assert "the end of 1 of its 3 milestones has passed, and nobody reported their state" in words
    assert "of 1 of its 3 milestones the sources give no end" in words


def test_answer_says_when_what_was_late_was_due_and_done(client):
    commitment = make_commitment()
    milestone = make_milestone(commitment=commitment, ends_on=date(2016, 9, 30))
    make_update(milestone=milestone, as_of=date(2017, 9, 30), status="complete", done_on=date(2016, 10, 31))

    words = answer(client, commitment)

    assert words.startswith("By the original end: 31 days")
    assert "Counted from its end (30 September 2016) to its completion (31 October 2016)." in words


def test_answer_says_why_the_days_late_are_not_known(client):
    bare_one, silent, undated, done = (make_commitment() for _each in range(4))
    make_milestone(commitment=silent, ends_on=date(2016, 12, 31))
    make_milestone(commitment=undated, ends_on=None, ends_as_printed="")
    milestone = make_milestone(commitment=done, ends_on=date(2016, 12, 31))
    make_update(milestone=milestone, as_of=date(2017, 9, 30), status="complete")

    assert "no milestones of this commitment" in answer(client, bare_one)
    assert "the end of its only milestone has passed" in answer(client, silent)
    assert "the sources give no end of its only milestone" in answer(client, undated)
    assert "do not say when each milestone was completed" in answer(client, done)


def test_answer_says_that_none_is_late_only_where_that_is_known(client):
    commitment = make_commitment()
    milestone = make_milestone(commitment=commitment, ends_on=date(2016, 12, 31))
    make_update(milestone=milestone, as_of=date(2017, 9, 30), status="complete", done_on=date(2016, 12, 31))
    make_milestone(commitment=commitment, ends_on=date(2999, 12, 31))

    assert answer(client, commitment) == "None: no milestone is late."
