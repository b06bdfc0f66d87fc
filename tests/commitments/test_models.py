from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from commitments.models import Assessment, Commitment, Evidence, Responsibility, Update
from plans.models import Report
from record.dates import today
from record.publication import Status
from record.writing import writing
from tests.factories import (
    make_assessment,
    make_commitment,
    make_entity,
    make_evidence,
    make_finding,
    make_milestone,
    make_milestone_responsible,
    make_plan,
    make_report,
    make_responsibility,
    make_theme,
    make_update,
)

pytestmark = pytest.mark.django_db


def breaks(constraint, make, **columns):
    with pytest.raises(IntegrityError, match=constraint), writing(reason="made for a test"):
        make(**columns)


def read(commitment, on=None):
    return Commitment.objects.for_reading(on or today()).get(pk=commitment.pk)


def at_level(levels, on=None, **cards):
    on = on or today()
    return Commitment.objects.with_state(on).at_level(levels, on, **cards)


# What must never be


def test_commitment_without_a_title_is_refused():
    breaks("commitment_has_a_title", make_commitment, title_es="", title_en="")


def test_commitment_when_it_ends_before_it_starts_is_refused():
    breaks("commitment_dates_in_order", make_commitment, starts_on=date(2016, 2, 1), ends_on=date(2016, 1, 1))


def test_commitment_with_a_number_taken_in_its_plan_is_refused():
    commitment = make_commitment()

    with pytest.raises(IntegrityError), transaction.atomic():
        make_commitment(plan=commitment.plan, number=commitment.number)


def test_commitment_with_the_theme_of_another_plan_is_no_valid_one():
    commitment = make_commitment()
    commitment.theme = make_theme()

    with pytest.raises(ValidationError) as error:
        commitment.clean()
    assert "theme" in error.value.message_dict


def test_responsibility_that_names_nobody_is_refused():
    commitment = make_commitment()

    breaks(
        "responsibility_names_somebody",
        Responsibility.objects.create,
        commitment=commitment,
        role="lead",
        document=commitment.document,
        place="p. 1",
    )


def test_long_activity_is_cut_where_one_sees_it():
    milestone = make_milestone(activity_es="Difundir los lineamientos " * 10)

    assert len(str(milestone)) == 100
    assert str(milestone).endswith("…")


def test_milestone_responsible_that_names_nobody_is_refused():
    breaks("milestone_responsible_names_somebody", make_milestone_responsible, unit_es="", unit_en="")


def test_milestone_without_an_activity_is_refused():
    breaks("milestone_has_an_activity", make_milestone, activity_es="", activity_en="")


def test_milestone_when_it_ends_before_it_starts_is_refused():
    breaks("milestone_dates_in_order", make_milestone, starts_on=date(2017, 1, 1), ends_on=date(2016, 1, 1))


def test_milestone_with_a_number_taken_in_its_commitment_is_refused():
    milestone = make_milestone()

    with pytest.raises(IntegrityError), transaction.atomic():
        make_milestone(commitment=milestone.commitment, number=milestone.number)


def test_update_with_a_number_taken_on_its_milestone_is_refused():
    update = make_update()

    with pytest.raises(IntegrityError), transaction.atomic():
        make_update(milestone=update.milestone, number=update.number)


def test_update_over_100_percent_is_refused():
    breaks("update_percent_up_to_100", make_update, percent=101)


def test_update_with_an_unknown_status_or_workflow_is_refused():
    breaks("update_status_known", make_update, status="late")
    breaks("update_workflow_known", make_update, workflow="sent")


def test_update_with_a_new_end_and_no_reason_is_refused():
    breaks("replanning_has_a_reason", make_update, new_end_on=date(2018, 1, 1))


def test_update_with_a_new_end_when_a_report_prints_no_reason_is_kept():
    milestone = make_milestone()

    update = make_update(
        milestone=milestone,
        new_end_on=date(2018, 1, 1),
        report=make_report(plan=milestone.commitment.plan),
    )

    assert update.new_end_on == date(2018, 1, 1)


def test_update_that_says_nothing_is_refused():
    breaks("update_says_something", make_update, status=None, text_es="")


def test_update_of_a_day_to_come_is_no_valid_one():
    with pytest.raises(ValidationError) as error:
        make_update(as_of=date(2999, 1, 1)).clean()
    assert "as_of" in error.value.message_dict


def test_correction_may_stand_on_another_milestone_than_what_it_corrects():
    make_update(corrects=make_update()).clean()


def test_assessment_with_an_unknown_level_is_refused():
    breaks("assessment_level_known", make_assessment, level="good")


def test_assessment_when_the_report_has_one_of_that_commitment_is_refused():
    card = make_assessment()

    breaks("report", make_assessment, report=card.report, commitment=card.commitment)


def test_assessment_of_a_commitment_of_another_plan_is_no_valid_one():
    with pytest.raises(ValidationError):
        Assessment(report=make_report(), commitment=make_commitment(), level="complete").clean()


def test_finding_of_a_measure_that_the_document_has_already_is_refused():
    finding = make_finding()

    with pytest.raises(IntegrityError), transaction.atomic():
        make_finding(commitment=finding.commitment, measure=finding.measure, document=finding.document)


def test_evidence_of_none_or_two_is_refused():
    commitment = make_commitment()
    common = {"url": "http://x.pe/", "document": commitment.document, "place": "p. 1"}

    breaks("evidence_of_exactly_one", Evidence.objects.create, code="none", **common)
    breaks(
        "evidence_of_exactly_one",
        make_evidence,
        commitment=commitment,
        milestone=make_milestone(),
        code="two",
    )


def test_evidence_with_an_address_that_is_no_page_is_no_valid_one():
    for address in ("javascript:alert(1)", "ftp://pcm.gob.pe/", "nada", "http://"):
        with pytest.raises(ValidationError):
            make_evidence(url=address).full_clean()


def test_evidence_printed_without_http_leads_to_the_page_all_the_same():
    evidence = make_evidence(url="www.peru.gob.pe/redessociales")

    evidence.full_clean()

    assert evidence.href == "http://www.peru.gob.pe/redessociales"


# What the record breaks, so that no constraint may forbid it (rule 10)


def test_what_the_real_record_breaks_is_allowed():
    plan = make_plan()
    commitment = make_commitment(plan=plan, label="4.a", title_es="Igual", ends_on=date(2024, 7, 31))
    make_commitment(plan=plan, label="4.a", title_es="Igual")
    make_milestone(commitment=commitment, number=2, ends_on=date(2024, 12, 31))
    make_milestone(commitment=commitment, number=3, ends_on=date(2023, 6, 30))
    update = make_update(
        milestone=make_milestone(commitment=commitment),
        status="complete",
        percent=100,
        new_end_on=date(2017, 6, 30),
        reason_es="Es permanente",
    )

    assert update.percent == 100


# Identifiers


def test_codes_are_made_of_the_numbers():
    update = make_update(number=1, milestone=make_milestone(number=7, commitment=make_commitment(number=4)))
    plan = update.milestone.commitment.plan.number

    assert update.milestone.commitment.code == f"{plan}-4"
    assert update.milestone.code == f"{plan}-4-7"
    assert update.code == f"{plan}-4-7-u1"


def test_public_id_of_an_assessment_is_report_and_commitment():
    card = make_assessment()

    assert card.public_id == f"{card.report.slug}:{card.commitment.code}"


# The level shown (rule 2)


def test_level_shown_is_that_of_the_latest_cutoff():
    commitment = make_commitment()
    early = make_report(plan=commitment.plan, cutoff_on=date(2016, 9, 30))
    late = make_report(plan=commitment.plan, cutoff_on=date(2017, 9, 30))
    make_assessment(commitment=commitment, report=late, level="limited")
    make_assessment(commitment=commitment, report=early, level="not_started")

    now, then = read(commitment), read(commitment, date(2017, 9, 29))

    assert (now.shown.level, now.shown_level, now.shown.report) == ("limited", "limited", late)
    assert (then.shown.level, then.shown_level, then.shown.report) == ("not_started", "not_started", early)


def test_level_shown_on_the_day_of_a_cutoff_is_that_reports():
    card = make_assessment(level="limited")

    assert read(card.commitment, card.report.cutoff_on).shown_level == "limited"


def test_level_shown_when_the_irms_is_older_is_the_governments():
    commitment = make_commitment()
    old = make_report(plan=commitment.plan, author="irm", cutoff_on=date(2016, 9, 30))
    make_assessment(commitment=commitment, report=old, level="limited")
    make_assessment(commitment=commitment, report=make_report(plan=commitment.plan), level="complete")

    assert read(commitment).shown.level == read(commitment).shown_level == "complete"


def test_level_shown_when_cutoffs_are_equal_is_the_irms():
    commitment = make_commitment()
    for author, slug, level in (("government", "a", "complete"), ("irm", "z", "limited")):
        report = make_report(plan=commitment.plan, author=author, slug=slug)
        make_assessment(commitment=commitment, report=report, level=level)

    assert read(commitment).shown.level == read(commitment).shown_level == "limited"


def test_level_shown_when_cutoff_and_author_are_equal_goes_by_slug():
    commitment = make_commitment()
    for slug, level in (("b", "complete"), ("a", "limited")):
        make_assessment(
            commitment=commitment, report=make_report(plan=commitment.plan, slug=slug), level=level
        )

    assert read(commitment).shown.level == read(commitment).shown_level == "limited"


def test_level_shown_is_never_set_by_civil_society_which_is_heard():
    commitment = make_commitment()
    government = make_report(plan=commitment.plan, cutoff_on=date(2016, 9, 30))
    civil = make_report(plan=commitment.plan, author=Report.Author.CIVIL_SOCIETY)
    make_assessment(commitment=commitment, report=government, level="complete")
    make_assessment(commitment=commitment, report=civil, level="not_started")

    found = read(commitment)

    assert found.shown.level == found.shown_level == "complete"
    assert [card.level for card in found.latest_by_author] == ["not_started", "complete"]
    assert found.differ


def test_level_shown_when_nobody_or_only_a_draft_judged_is_unknown():
    commitment = make_commitment()
    draft = make_report(plan=commitment.plan, status=Status.DRAFT)
    make_assessment(commitment=commitment, report=draft)

    found = read(commitment)

    assert found.shown is found.shown_level is None
    assert found.latest_by_author == [] and not found.differ


def test_differ_when_one_authors_level_changed_is_no_disagreement():
    commitment = make_commitment()
    for year, level in ((2016, "not_started"), (2017, "limited")):
        report = make_report(plan=commitment.plan, cutoff_on=date(year, 9, 30))
        make_assessment(commitment=commitment, report=report, level=level)

    assert not read(commitment).differ


# Which commitments


def test_at_level_without_a_report_tests_the_level_shown():
    commitment = make_commitment()
    for year, level in ((2016, "not_started"), (2017, "limited")):
        report = make_report(plan=commitment.plan, cutoff_on=date(year, 9, 30))
        make_assessment(commitment=commitment, report=report, level=level)

    assert list(at_level(["limited"])) == [commitment]
    assert not at_level(["not_started"]).exists()
    assert list(at_level(["not_started"], on=date(2016, 12, 31))) == [commitment]


def test_at_level_with_a_report_tests_that_card_alone():
    commitment = make_commitment()
    early = make_report(plan=commitment.plan, cutoff_on=date(2016, 9, 30))
    late = make_report(plan=commitment.plan, cutoff_on=date(2017, 9, 30))
    make_assessment(commitment=commitment, report=early, level="not_started")
    make_assessment(commitment=commitment, report=late, level="limited")

    assert list(at_level(["not_started"], reports=[early])) == [commitment]
    assert not at_level(["limited"], reports=[early]).exists()
    assert list(at_level([], reports=[late])) == [commitment]


def test_at_level_with_an_author_and_a_report_is_one_condition_on_one_card():
    commitment = make_commitment()
    government = make_report(plan=commitment.plan)
    irm = make_report(plan=commitment.plan, author="irm")
    make_assessment(commitment=commitment, report=government, level="complete")
    make_assessment(commitment=commitment, report=irm, level="limited")

    assert not at_level(["complete"], authors=["irm"]).exists()
    assert not at_level([], reports=[government], authors=["irm"]).exists()
    assert list(at_level(["limited"], authors=["irm"])) == [commitment]


def test_at_level_none_is_no_assessment_in_that_report_of_that_plan():
    report = make_report()
    make_assessment(report=report)
    without = make_commitment(plan=report.plan)
    other_plan = make_commitment()

    assert list(at_level(["none"], reports=[report])) == [without]
    assert list(at_level(["none"])) == [without, other_plan]
    assert at_level(["none", "complete"], reports=[report]).count() == 2


def test_of_entity_with_a_role_is_one_condition_on_one_responsibility():
    commitment = make_commitment()
    leader, helper = make_entity(), make_entity()
    make_responsibility(commitment=commitment, entity=leader, role="lead")
    make_responsibility(commitment=commitment, entity=helper, role="support")

    assert list(Commitment.objects.of_entity([leader], ["lead"])) == [commitment]
    assert not Commitment.objects.of_entity([helper], ["lead"]).exists()
    assert list(Commitment.objects.of_entity([], ["support"])) == [commitment]


def test_leads_when_two_reports_name_the_same_institution_has_it_once():
    commitment = make_commitment()
    entity = make_entity()
    for year in (2016, 2017):
        report = make_report(plan=commitment.plan, cutoff_on=date(year, 9, 30))
        make_responsibility(commitment=commitment, entity=entity, report=report)
    make_responsibility(commitment=commitment, role="support")

    assert [row.entity for row in read(commitment).leads] == [entity]


def test_published_commitments_leave_those_of_a_draft_plan_out():
    make_commitment(plan=make_plan(status=Status.DRAFT))

    assert not Commitment.objects.published().exists()


def test_current_ends_on_is_what_the_latest_report_says_or_else_planned():
    commitment = make_commitment(ends_on=date(2016, 12, 31))
    report = make_report(plan=commitment.plan)
    make_assessment(commitment=commitment, report=report, new_end_on=date(2017, 6, 30))

    assert read(commitment).current_ends_on == date(2017, 6, 30)
    assert read(commitment, date(2016, 1, 1)).current_ends_on == date(2016, 12, 31)


# The card


def test_row_state_tells_absent_blank_and_text_apart():
    card = make_assessment(
        report=make_report(card_form=["results", "ambition"]),
        results="Se hizo.",
        next_steps="Fuera del formato",
    )

    assert [card.row_state(row) for row in ("results", "ambition", "next_steps")] == [
        "text",
        "blank",
        "absent",
    ]
    assert len(card.rows()) == len(Assessment.ROWS)


# What only staff see


def test_updates_and_evidence_of_drafts_are_not_public():
    draft = make_update(workflow=Status.DRAFT)
    of_draft_report = make_update(report=make_report(status=Status.DRAFT))
    evidence = [make_evidence(update=draft), make_evidence(update=of_draft_report)]

    assert not Update.objects.published().exists()
    assert not Evidence.objects.published().exists()
    assert len(evidence) == 2


@pytest.mark.parametrize(
    "words",
    [
        "compromiso 10 del plan II",
        "Compromiso 10 plan 2",
        "commitment 10 of plan ii",
        "COMPROMISO 10, plan II",
        "plan II compromiso 10",
        "2-10",
    ],
)
def test_commitment_is_named_by_its_number_and_plan(words):
    plan = make_plan(number=2)
    commitment = make_commitment(plan=plan, number=10)
    make_commitment(plan=plan, number=1)
    make_commitment(plan=make_plan(number=3), number=10)

    first = Commitment.objects.search(words).first()

    assert (first, first.search_rank) == (commitment, 0)


@pytest.mark.parametrize(
    "words", ["compromiso 10", "plan II", "compromiso 10 del plan IIII", "compromiso 999 plan 40"]
)
def test_words_that_name_no_commitment_find_none_by_name(words):
    make_commitment(plan=make_plan(number=2), number=10)

    assert not Commitment.objects.search(words).filter(search_rank=0)


# The OGP's own page, and why something is late.


def test_ogp_url_names_the_id_where_there_is_one(settings):
    settings.OGP_COMMITMENT_URL = "https://ogp.example/commitments/{ogp_id}/"

    assert make_commitment(ogp_id="PE0049").ogp_url == "https://ogp.example/commitments/PE0049/"
    assert make_commitment(ogp_id=None).ogp_url == ""


def test_ogp_url_is_empty_without_the_setting(settings):
    settings.OGP_COMMITMENT_URL = ""

    assert make_commitment(ogp_id="PE0049").ogp_url == ""


def quoting(text, row, form=("results",), **columns):
    """Return a card, not saved, whose results are a sentence, and which quotes a reason from a row."""
    report = make_report(card_form=list(form))
    commitment = make_commitment(plan=report.plan)
    results = "The norm was late, as there was no budget. It is expected."
    return Assessment(
        report=report,
        commitment=commitment,
        level="limited",
        results=results,
        delay_reason=text,
        delay_reason_from=row,
        document=report.document,
        place="Card",
        **columns,
    )


def test_reason_is_quoted_word_by_word_from_the_row_that_it_names():
    quoting("as there was no budget", "results").full_clean()


@pytest.mark.parametrize(
    ("text", "row", "form", "column"),
    [
        ("there was no money", "results", ["results"], "delay_reason"),
        ("", "results", ["results"], "delay_reason"),
        ("as there was no budget", "next_steps", ["results"], "delay_reason"),
        ("as there was no budget", "results", ["results", "delay_reason"], "delay_reason_from"),
        ("as there was no budget", "delay_reason", ["results"], "delay_reason_from"),
    ],
)
def test_reason_that_the_row_does_not_say_is_refused(text, row, form, column):
    with pytest.raises(ValidationError) as refused:
        quoting(text, row, form).full_clean()

    assert column in refused.value.error_dict


def test_quoted_reason_is_no_row_of_the_form():
    card = quoting("as there was no budget", "results")

    assert (card.row_state("delay_reason"), card.quotes_reason) == ("absent", True)
