import re
from datetime import date

import pytest

from commitments.models import Responsibility
from plans.models import Plan
from record.writing import writing
from tests.factories import (
    make_assessment,
    make_commitment,
    make_commitment_item,
    make_commitment_title,
    make_declared_figure,
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


def test_link_back_to_today_keeps_what_a_list_is_narrowed_by(client):
    body = client.get("/en/commitments/?plan=7&as_of=2017-01-31&page=1").content.decode()

    assert '<a href="/en/commitments/?plan=7" data-today>' in body


def test_list_holds_the_commitments_of_published_plans(client):
    plan = make_plan(number=7)
    make_commitment(plan=plan, number=2)
    make_commitment(plan=plan, number=1)
    make_commitment(plan=make_plan(number=8, status="draft"))

    assert codes(client, LIST) == ["7-1", "7-2"]
    assert "2 commitments The newest come first." in read(client, LIST)


def test_row_tells_plan_title_who_leads_and_level_with_author_and_date(client):
    commitment = make_commitment(plan=make_plan(number=7), number=1, title_en="Open the books")
    make_responsibility(commitment=commitment, role="co_lead", entity=make_entity(name_en="Helper"))
    make_responsibility(commitment=commitment, role="lead", entity=make_entity(name_en="Ministry"))
    make_assessment(commitment=commitment, level="limited")

    page = read(client, LIST)

    assert (
        "Plan VII, 2015–2016 1 commitment 7-1 Open the books Ministry, Helper · due 31 Dec 2016 "
        "Limited Government, end-term, as of 30 September 2017 Late, according to a report"
    ) in page


def test_row_says_what_is_not_known(client):
    plan = make_plan(number=7)
    make_responsibility(
        commitment=make_commitment(plan=plan, number=1), entity=make_entity(name_en="Ministry")
    )
    make_commitment(plan=plan, number=2, title_en="Rail")
    make_assessment(commitment=make_commitment(plan=plan, number=3), level="complete")

    page = read(client, LIST)

    assert (
        "7-2 Rail Institution not stated in the sources · due 31 Dec 2016 Not assessed Past due, with no news"
        in page
    )


def test_what_is_true_of_a_whole_plan_is_said_once_at_its_head(client):
    plan = make_plan(number=7)
    for number in (1, 2):
        make_commitment(plan=plan, number=number, title_en="Roads")

    page = read(client, LIST)
    of_one = read(client, LIST, q="roads", ordering="title")

    assert (
        "Plan VII, 2015–2016 2 commitments, not assessed Past due, with no news. No source says who answers. "
        "7-1 Roads due 31 Dec 2016 Not assessed 7-2 Roads due 31 Dec 2016 Not assessed"
    ) in page
    assert "Plan VII, 2015–2016" in of_one


def test_plans_that_do_not_follow_each_other_are_named_in_each_row(client):
    for number, title in ((7, "A"), (8, "B"), (7, "C")):
        plan = Plan.objects.filter(number=number).first() or make_plan(number=number)
        make_commitment(
            plan=plan, number=len(title) + plan.commitments.count(), title_en=title, title_es=title
        )

    page = read(client, LIST, ordering="title")

    assert (
        "7-1 A Plan VII · Institution not stated in the sources · due 31 Dec 2016 Not assessed Past due"
        in page
    )
    assert "8-1 B Plan VIII · " in page
    assert "commitments, not assessed" not in page


def test_head_of_a_plan_counts_the_rows_of_other_pages_too(client):
    plan = make_plan(number=7)
    for number in range(1, 28):
        make_commitment(plan=plan, number=number)
    make_assessment(commitment=plan.commitments.get(number=27), level="complete")

    page, last = read(client, LIST), read(client, LIST, page="2")

    assert "Plan VII, 2015–2016 27 commitments Past due" in page
    assert "Plan VII, 2015–2016 27 commitments No source says who answers. 7-26" in last


def test_row_of_which_a_report_does_not_say_whether_it_was_finished_says_so(client):
    make_assessment(commitment=make_commitment(), level="unclear")

    page = read(client, LIST)

    assert (
        "Unclear Government, end-term, as of 30 September 2017 There is a report, but it does not say" in page
    )


def test_ready_filters_count_what_their_lists_find(client):
    plan = make_plan(number=7)
    report = make_report(plan=plan, cutoff_on=date(2017, 9, 30))
    for number, level in enumerate(("complete", "complete", "not_started", None), 1):
        commitment = make_commitment(plan=plan, number=number)
        if level:
            make_assessment(commitment=commitment, report=report, level=level)

    response = client.get(address(LIST))
    found = {
        words: len(client.get(f"{address(LIST)}?{query}").context["page_obj"])
        for words, query in response.context["ready"]
    }

    assert found == {
        "2 complete": 2,
        "1 not started": 1,
        "1 late, according to a report": 1,
        "1 past due, not known whether done": 1,
    }
    # What nothing has is not offered, nor beside a filter that is in use.
    early = client.get(address(LIST), {"as_of": "2016-06-30"}).context["ready"]
    assert early == []
    assert client.get(address(LIST), {"plan": "7"}).context["ready"] == []


def test_list_says_of_which_plan_no_commitment_is_here(client):
    make_commitment(plan=make_plan(number=7))
    make_declared_figure(plan=make_plan(number=8), report=None, measure="commitments", value=11)

    assert "The newest come first. The 11 of plan VIII are not here yet." in read(client, LIST)
    assert "are not here yet" not in read(client, LIST, plan="7")


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

    results = page[page.index("1 commitment The newest") :]
    assert "How it stood on 31 December 2016" in page
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

    body = client.get(address(LIST), {"plan": "7", "x": "1", "page": "1"}).content.decode()

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
        ({"overdue": "maybe"}, "Lateness: Unknown value “maybe”"),
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


def verdict(client, commitment, lang="en", **query):
    """Return the words of the verdict of a commitment's page: its level, who said so, whether it is late."""
    body = client.get(address(DETAIL, commitment.code, lang=lang), query).content.decode()
    return bare(re.search(r'<div class="verdict">.*?</div>\s*</div>', body, re.DOTALL).group())


def test_level_is_told_with_author_and_date(client):
    card = make_assessment(level="limited")

    words = verdict(client, card.commitment)

    who = "Government, end-term, as of 30 September 2017 (the source prints Completo)"
    meaning = "That level means: a small part of what was promised was done."
    assert words.startswith(f"Limited and late {who} {meaning} All levels")


def test_level_is_told_in_spanish_as_peru_writes_dates(client):
    card = make_assessment(level="not_started")

    words = verdict(client, card.commitment, lang="es")

    assert words.startswith("No iniciado y atrasado Gobierno, final, al 30 de setiembre de 2017")
    assert "Ese nivel quiere decir: no se había empezado nada de lo prometido." in words


def test_unknown_level_is_not_zero(client):
    commitment = make_commitment()

    assert verdict(client, commitment).startswith("Not assessed No report that is here judges it. ")
    assert "Not started" not in read(client, DETAIL, commitment.code)


def test_way_leads_from_the_plan_over_each_report_to_the_day_of_the_reading(client):
    plan = make_plan(starts_on=date(2015, 1, 1))
    commitment = make_commitment(plan=plan)
    for year, level in ((2016, "limited"), (2017, "substantial")):
        report = make_report(plan=plan, cutoff_on=date(year, 9, 30))
        make_assessment(commitment=commitment, report=report, level=level)

    def way(**query):
        body = client.get(address(DETAIL, commitment.code), query).content.decode()
        return bare(re.search(r'<ol class="way">.*?</ol>', body, re.DOTALL).group())

    assert way() == (
        "2015 promised Limited Sep 2016, Government Substantial Sep 2017, Government Today no other word here"
    )
    assert way(as_of="2016-12-31") == (
        "2015 promised Limited Sep 2016, Government Dec 2016 no other word here"
    )


def test_reports_that_exist_and_are_not_here_are_named(client):
    commitment = make_commitment()
    make_report(plan=commitment.plan, author="irm", stage="results", coverage="not_held")

    assert "1 report exists, and is not here yet." in read(client, DETAIL, commitment.code)

    make_assessment(commitment=commitment)
    page = read(client, DETAIL, commitment.code)
    assert "1 more report exists, and is not here yet." in page


def test_civil_society_does_not_set_the_level_and_is_shown_as_differing(client):
    commitment = make_commitment()
    make_assessment(commitment=commitment, level="complete", report=make_report(plan=commitment.plan))
    other = make_report(plan=commitment.plan, author="civil_society", cutoff_on=date(2018, 1, 31))
    make_assessment(commitment=commitment, level="limited", report=other)

    page = read(client, DETAIL, commitment.code)

    assert verdict(client, commitment).startswith("Complete Government, end-term")
    assert (
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
    assert "Not assessed" in page
    assert "Institution not stated in the sources" in page


def test_commitment_of_a_draft_plan_is_not_found(client):
    commitment = make_commitment(plan=make_plan(status="draft"))

    assert client.get(address(DETAIL, commitment.code)).status_code == 404


def test_end_of_the_plan_and_of_a_report_stand_side_by_side(client):
    commitment = make_commitment(ends_on=date(2016, 12, 31), period_as_printed="2015-2016")
    make_assessment(commitment=commitment, new_end_on=date(2017, 6, 30), new_end_as_printed="June 2017")

    page = read(client, DETAIL, commitment.code)

    assert "Moved to June 2017, Government, end-term" in page
    assert "31 December 2016 (the source prints 2015-2016); the plan is that of" in page


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


def test_commitment_leads_to_its_page_at_the_ogp(client, settings):
    settings.OGP_COMMITMENT_URL = "https://ogp.example/{ogp_id}/"
    with_id, without = make_commitment(ogp_id="PE0049"), make_commitment(ogp_id=None)

    there, nowhere = (get(client, each).content.decode() for each in (with_id, without))

    assert '<a class="away" href="https://ogp.example/PE0049/" rel="external nofollow">' in there
    assert "leads away from this portal" in there
    assert "ogp.example" not in nowhere and "leads away" not in nowhere


def make_card_with_a_reason(level="limited"):
    report = make_report(card_form=["results"], author="government", cutoff_on=date(2016, 9, 30))
    return make_assessment(
        report=report,
        commitment=make_commitment(plan=report.plan),
        level=level,
        results="First. It was late, as there was no budget. Last.",
        delay_reason="as there was no budget",
        delay_reason_from="results",
        place="Card of commitment 9",
    )


def test_reason_stands_beside_the_level_with_its_row_and_source(client):
    card = make_card_with_a_reason()

    why = part(client, card.commitment, "why")

    assert "Why, according to the card as there was no budget" in why
    assert "Government, end-term, as of 30 September 2016." in why
    assert re.search(r"Row “Description of the results”\. Document \d+: Card of commitment 9", why)


def test_reason_of_what_is_complete_by_now_stands_on_its_card_alone(client):
    card = make_card_with_a_reason()
    later = make_report(plan=card.report.plan, author="government", cutoff_on=date(2017, 9, 30))
    make_assessment(report=later, commitment=card.commitment, level="complete")

    page = get(client, card.commitment).content.decode()

    assert "Why, according to the card" not in page
    assert "It was late, as there was no budget" in page


def test_quoted_reason_is_no_row_of_the_table_of_cards(client):
    card = make_card_with_a_reason()

    assert "Reason of what is not started or late" not in part(client, card.commitment, "reports")


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

    assert "Nothing reported Past due, not known whether it was done" in milestones
    assert 'href="#mark-silent"' in get(client, milestone.commitment).content.decode()
    assert re.search(r"fell due \d+ years( and \d+ months?)? ago; nobody has reported since\.", milestones)
    assert "No report that is here says anything of this milestone." in milestones


def test_milestone_that_is_late_tells_both_clocks(client):
    milestone = make_milestone(ends_on=date(2016, 12, 31))
    make_update(
        milestone=milestone, as_of=date(2017, 1, 31), new_end_on=date(2017, 1, 21), reason_en="Elections"
    )

    milestones = part(client, milestone.commitment, "milestones")

    assert "In progress Past due and reported as not complete" in milestones
    late = "Whether it is late On 31 January 2017, 31 days later, it was reported as in progress."
    assert late in milestones
    assert "By the end announced later (21 January 2017) it was 10 days late." in milestones


def test_milestone_whose_last_report_states_no_status_tells_the_day_of_the_status(client):
    milestone = make_milestone()
    make_update(milestone=milestone, as_of=date(2016, 9, 30), status="in_progress")
    make_update(milestone=milestone, as_of=date(2017, 9, 30), status=None)

    milestones = part(client, milestone.commitment, "milestones")

    assert "In progress as of 30 September 2016" in milestones
    assert "last reported as of 30 September 2017" in milestones


def test_page_of_before_the_plan_counts_nothing_and_names_later_reports(client):
    report = make_report(plan=make_plan(starts_on=date(2015, 1, 1)), cutoff_on=date(2016, 9, 30))
    commitment = make_commitment(plan=report.plan)
    make_milestone(commitment=commitment)
    make_responsibility(commitment=commitment, report=report)

    page = read(client, DETAIL, commitment.code, as_of="2013-01-01")

    assert "1 milestone" in page
    assert "0 of 1" not in page
    assert "a report of after that day" in page
    assert "a report of after that day" not in read(client, DETAIL, commitment.code)


def test_milestone_of_which_only_a_later_end_is_known_is_due_then(client):
    milestone = make_milestone(ends_on=None, ends_as_printed="")
    make_update(
        milestone=milestone, as_of=date(2016, 9, 30), new_end_on=date(2017, 1, 21), reason_en="Elections"
    )

    milestones = part(client, milestone.commitment, "milestones")

    assert "Planned end not stated in the sources Due date 21 January 2017 (announced later)" in milestones
    assert re.search(r"fell due \d+ years( and \d+ months?)? ago; nobody has reported since\.", milestones)


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
    assert '<a class="away" href="http://www.peru.gob.pe/a" rel="external nofollow">' in body
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
    assert "only the level is here, without a card" in reports
    assert "blank on the card" not in reports


def test_every_report_has_a_column_that_its_address_leads_to(client):
    card = make_assessment(report=make_report(slug="7-report"))

    assert '<li id="7-report">' in get(client, card.commitment).content.decode()
    assert card.get_absolute_url().endswith("#7-report")


def test_findings_are_told_in_words_and_as_printed(client):
    finding = make_finding(value="low", value_as_printed="a. low", place="Row 1")

    findings = part(client, finding.commitment, "more")

    assert "Specificity Low a. low IRM, 2012-2013" in findings
    assert "Row 1" in findings


def test_responsible_are_told_report_by_report_whoever_leads_first(client):
    report = make_report(title_en="End-term report")
    commitment = make_commitment(plan=report.plan)
    make_responsibility(commitment=commitment, role=Responsibility.Role.CO_LEAD, name_as_printed="Helpers")
    make_responsibility(commitment=commitment, entity=make_entity(name_en="Ministry"))
    make_responsibility(commitment=commitment, report=report, entity=make_entity(name_en="Agency"))

    responsible = part(client, commitment, "more")

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

    assert {"Plan VII (3)", "Plan VIII (1)", "Complete (1)", "Not assessed (2)"} <= set(everything)
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
    report = make_report(plan=late.plan, cutoff_on=date(2017, 9, 30))
    make_assessment(report=report, commitment=late, level="limited")
    make_update(milestone=make_milestone(commitment=late))
    make_milestone(commitment=silent, ends_on=date(2016, 12, 31))
    make_commitment(is_starred=None)

    form = client.get(address(LIST)).content.decode()

    assert counted(form, "overdue") == {"true": "1", "unknown": "2"}
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


@pytest.mark.parametrize("query", [{"entity": "minam"}, {"role": "support"}])
def test_options_of_reports_do_not_count_those_who_beside_a_report_are_others(client, query):
    card = make_assessment()
    make_responsibility(commitment=card.commitment, entity=make_entity(slug="minam"), role="support")
    make_responsibility(commitment=card.commitment, report=make_report(plan=card.report.plan), role="support")

    assert counted(client.get(address(LIST), query).content.decode(), "report") == {}


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


def test_list_narrowed_by_many_parameters_counts_for_none_of_them(client):
    make_commitment(plan=make_plan(number=7), title_en="Roads")
    six = {"q": "roads", "plan": "7", "level": "complete", "overdue": "true", "unreported": "true"}
    six |= {"as_of": "2020-01-01"}
    seven = six | {"is_starred": "true"}

    assert "Without “Completion: Complete” there is 1." not in read(client, LIST, **seven)
    assert re.search(r"Complete \(\d+\)", read(client, LIST, **six))
    assert not re.search(r"Complete \(\d+\)", read(client, LIST, **seven))
    assert "Start again without filters" in read(client, LIST, **seven)


# When a commitment is due, and whether it is late, in its answer

DUE = date(2016, 12, 31)


def answer(client, commitment, lang="en", **query):
    """Return when a commitment is due and the last sentence of its verdict: whether it is late."""
    body = client.get(address(DETAIL, commitment.code, lang=lang), query).content.decode()
    label = {"en": "Due date", "es": "Plazo"}[lang]
    due = re.search(rf"<dt>{label}</dt><dd>(.*?)(?:<span|</dd>)", body, re.DOTALL).group(1)
    verdict = re.search(r'<div class="verdict">.*?</div>\s*</div>', body, re.DOTALL).group()
    late = re.findall(r"<p[^>]*>(.*?)</p>", verdict, re.DOTALL)[-1]
    return f"{label}: {bare(due)} {bare(late)}"


def judged(level="not_started", cutoff_on=date(2017, 9, 30), commitment=None, author="government", **columns):
    """Return a commitment of a plan that ended in 2016, with a card."""
    commitment = commitment or make_commitment(plan=make_plan(ends_on=DUE))
    report = make_report(plan=commitment.plan, cutoff_on=cutoff_on, author=author)
    make_assessment(report=report, commitment=commitment, level=level, **columns)
    return commitment


def test_answer_tells_the_last_word_of_lateness_by_both_ends(client):
    commitment = judged(new_end_on=date(2017, 6, 30))

    assert answer(client, commitment) == (
        "Due date: December 2016 (end of the plan) "
        "On 30 September 2017, 273 days later, the Government judged it not started. "
        "By the end announced later (June 2017) it was 92 days late."
    )
    assert "Not started and late" in verdict(client, commitment)
    assert answer(client, commitment, "es") == (
        "Plazo: diciembre de 2016 (fin del plan) "
        "Al 30 de setiembre de 2017, 273 días después, el Gobierno lo dio por no iniciado. "
        "Según el plazo anunciado después (junio de 2017), el atraso era de 92 días."
    )


def test_answer_when_it_was_unfinished_on_the_last_day_says_so_without_a_zero(client):
    commitment = judged("limited", cutoff_on=DUE, author="irm")

    english, spanish = answer(client, commitment), answer(client, commitment, "es")

    assert english.endswith("Unfinished when it fell due: on 31 December 2016 the IRM judged it limited.")
    assert spanish.endswith(
        "Sin terminar al vencer su plazo: al 31 de diciembre de 2016 el MRI lo dio por limitado."
    )


@pytest.mark.parametrize(
    ("day", "elapsed"),
    [
        ("2017-01-01", "1 day"),
        ("2017-01-30", "30 days"),
        ("2017-01-31", "1 month"),
        ("2018-12-30", "23 months"),
        ("2018-12-31", "2 years"),
        ("2019-12-30", "2 years and 11 months"),
        ("2025-12-31", "9 years"),
    ],
)
def test_answer_when_nobody_spoke_since_says_for_how_long(client, day, elapsed):
    commitment = make_commitment(plan=make_plan(ends_on=DUE))

    words = answer(client, commitment, as_of=day)

    assert words.endswith(f"It fell due {elapsed} ago; no report of this record has judged it since.")


def test_answer_when_who_spoke_since_did_not_say_says_that(client):
    words = answer(client, judged("unclear"))

    assert "what was reported since does not say whether it was done." in words


def test_answer_of_what_is_complete_withdrawn_to_come_or_without_an_end(client):
    to_come = make_commitment(plan=make_plan(ends_on=date(2999, 12, 31)))
    endless = make_commitment(plan=make_plan(ends_on=None))
    in_words = make_commitment(plan=make_plan(ends_on=None), period_as_printed="Permanente")

    assert answer(client, judged("complete")).endswith(
        "It was judged complete; nobody says on which day it was done."
    )
    assert answer(client, judged("withdrawn")).endswith("It was withdrawn, so no due date counts.")
    assert answer(client, to_come).endswith("Not due yet.")
    assert answer(client, endless) == (
        "Due date: no source gives an end Without a date nobody can say whether it is late."
    )
    assert answer(client, in_words).startswith("Due date: Permanente")


def test_answer_of_a_commitment_that_a_milestone_makes_late_or_unknown(client):
    late, unknown = (make_commitment(plan=make_plan(ends_on=date(2999, 12, 31))) for _ in range(2))
    make_update(milestone=make_milestone(commitment=late, ends_on=DUE), as_of=DUE, status="in_progress")
    make_milestone(commitment=unknown, ends_on=DUE)

    assert answer(client, late).endswith(
        "A milestone of it is late: as of 31 December 2016 it was reported as not complete."
    )
    assert answer(client, unknown).endswith(
        "Not due yet. A milestone of it is past due, and nobody has said whether it was done."
    )


def test_milestone_that_is_done_tells_whether_in_time(client):
    done = [
        ("2016-12-31", "Done in time, on 31 December 2016."),
        ("2017-01-10", "Done 10 days after it fell due, on 10 January 2017."),
        (None, "It was reported as complete; nobody says on which day it was done."),
    ]
    for day, words in done:
        milestone = make_milestone(ends_on=DUE)
        make_update(milestone=milestone, as_of=date(2017, 9, 30), status="complete", done_on=day)

        assert words in part(client, milestone.commitment, "milestones")


def test_commitment_with_levels_alone_promises_no_words_of_the_reports(client):
    page = bare(get(client, judged(has_card=False)).content.decode())

    assert "stands below" not in page
    assert "No link. The reports give its level only." in page
    assert "stands below" in bare(get(client, judged()).content.decode())


def test_evidence_stands_once_with_all_that_names_it_wherever_it_hangs(client):
    report = make_report(cutoff_on=date(2017, 9, 30))
    commitment = make_commitment(plan=report.plan)
    card = make_assessment(report=report, commitment=commitment)
    milestone = make_milestone(commitment=commitment)
    update = make_update(milestone=milestone, report=report)
    for owner in ({"update": update}, {"milestone": milestone}, {"assessment": card}):
        make_evidence(url="https://peru.example/a", title_en="The law", **owner)
    make_evidence(commitment=commitment, url="https://peru.example/b")
    make_evidence(commitment=commitment, url="www.peru.example/b/", place="p. 9")

    evidence = part(client, commitment, "evidence")

    assert evidence.startswith("Evidence: 2 addresses")
    assert evidence.count("The law https://peru.example/a") == 1
    assert evidence.count(f"Proves milestone {milestone.code}: ") == 2
    assert "Named by the card of 2017: " in evidence
    assert "Of the commitment 1 " in evidence
    assert "https://peru.example/b Proves the commitment: " in evidence
    assert "p. 9" in evidence
    assert "5 proofs, 2 addresses" in read(client, DETAIL, commitment.code)
    assert "2 proofs" in part(client, commitment, "milestones")


def test_promise_is_told_by_a_card_where_its_plan_says_nothing(client):
    plan = make_plan()
    commitment = make_commitment(plan=plan)
    for year, language in ((2016, "en"), (2017, "es")):
        report = make_report(
            plan=plan,
            cutoff_on=date(year, 9, 30),
            document=make_document(language=language),
            card_form=["objective"],
        )
        make_assessment(commitment=commitment, report=report, objective=f"Told in {language}")

    assert "A report tells it so: Told in en" in part(client, commitment, "promise")
    assert "Told in es" in bare(
        get(client, commitment, lang="es").content.decode().partition('id="promise"')[2]
    )
    own = make_commitment(description_en="The plan's own words")
    assert "A report tells it so" not in part(client, own, "promise")


def test_what_changed_between_the_cards_stands_open_and_the_rest_is_folded(client):
    plan = make_plan()
    commitment = make_commitment(plan=plan)
    form = ["official_name", "official_position", "results"]
    for year, name in ((2016, "Ana"), (2017, "Luz")):
        report = make_report(plan=plan, cutoff_on=date(year, 9, 30), card_form=form)
        make_assessment(
            commitment=commitment, report=report, official_name=name, official_position="Head", results="Same"
        )

    changed, _fold, whole = part(client, commitment, "reports").partition("The whole cards, side by side")

    assert "Official responsible it changed between the reports" in changed
    assert "Ana" in changed and "Luz" in changed
    assert "Position" not in changed
    assert "Same" in whole and whole.count("the same words") == 2


def test_words_in_two_languages_are_not_compared(client):
    plan = make_plan()
    commitment = make_commitment(plan=plan)
    for year, language in ((2016, "en"), (2017, "es")):
        report = make_report(
            plan=plan,
            cutoff_on=date(year, 9, 30),
            document=make_document(language=language),
            card_form=["official_position"],
        )
        make_assessment(commitment=commitment, report=report, official_position=f"Head {language}")

    assert "it changed between" not in part(client, commitment, "reports")


def test_the_same_subject_in_other_plans_is_its_story(client):
    area = make_policy_area(slug="open-data", name_en="Open Data")
    commitment = make_commitment()
    with writing(reason="made for a test"):
        commitment.policy_areas.add(area)

    assert "The story of “Open Data”" in part(client, commitment, "alike")
    assert '<a href="/en/topics/datos-abiertos/">' in get(client, commitment).content.decode()
    assert part(client, make_commitment(), "alike") is None


def test_subject_that_the_title_names_comes_before_those_of_its_tags(client):
    area = make_policy_area(slug="public-participation", name_en="Public participation")
    commitment = make_commitment(title_es="Modificación de la Ley de Transparencia")
    with writing(reason="made for a test"):
        commitment.policy_areas.add(area)

    alike = part(client, commitment, "alike")

    assert re.findall("“(.*?)”", alike) == ["Law of transparency", "Public participation"]


def test_milestones_are_counted_by_how_they_stand(client):
    commitment = make_commitment(plan=make_plan(ends_on=DUE))
    make_milestone(commitment=commitment, ends_on=DUE)
    make_milestone(commitment=commitment, ends_on=None)
    done = make_milestone(commitment=commitment, ends_on=DUE)
    make_update(milestone=done, as_of=DUE, status="complete")
    late = make_milestone(commitment=commitment, ends_on=DUE)
    make_update(milestone=late, as_of=date(2017, 9, 30), status="in_progress")

    page = read(client, DETAIL, commitment.code)

    assert (
        "Milestones 1 reported complete 1 late, according to a report 1 past due, without news since "
        "1 without news; the sources give no due date"
    ) in page


def test_evidence_of_one_kind_is_bounded_and_the_data_has_all(client, monkeypatch):
    monkeypatch.setattr("commitments.views.MOST_PROOFS", 1)
    commitment = make_commitment()
    for number in range(3):
        make_evidence(commitment=commitment, url=f"https://peru.example/{number}")

    body = get(client, commitment).content.decode()

    assert body.count('class="away" href="https://peru.example/') == 1
    assert f'/api/v1/evidence/?commitment={commitment.code}">All 3, as data' in body
