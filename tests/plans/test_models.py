from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from plans.models import Plan, Recommendation, Report, Section
from record.dates import today
from record.models import Document
from record.publication import Status
from record.writing import writing
from tests.factories import (
    make_assessment,
    make_commitment,
    make_document,
    make_listing,
    make_plan,
    make_plan_period,
    make_recommendation,
    make_report,
    make_section,
    make_term,
    make_theme,
)

pytestmark = pytest.mark.django_db


def breaks(constraint, make, **columns):
    """Check that the database refuses a row, by the named constraint, in `save()` as in `update()`."""
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make(**columns)


def test_plan_when_it_ends_before_it_starts_is_refused():
    breaks("plan_dates_in_order", make_plan, starts_on=date(2016, 1, 1), ends_on=date(2015, 1, 1))


def test_plan_with_an_unknown_status_is_refused():
    breaks("plan_status_known", make_plan, status="hidden")


def test_plan_with_a_number_taken_is_refused():
    plan = make_plan()

    with pytest.raises(IntegrityError), transaction.atomic():
        make_plan(number=plan.number)


def test_period_when_it_ends_before_it_starts_is_refused():
    breaks(
        "plan_period_dates_in_order", make_plan_period, starts_on=date(2016, 1, 1), ends_on=date(2015, 1, 1)
    )


def test_report_with_unknown_status_coverage_or_author_is_refused():
    breaks("report_status_known", make_report, status="hidden")
    breaks("report_coverage_known", make_report, coverage="some")
    breaks("report_author_known", make_report, author="nobody")


def test_document_that_a_row_quotes_cannot_be_deleted():
    document = make_document()
    make_plan(document=document)

    with pytest.raises(ProtectedError):
        document.delete()


def test_plan_roman_writes_the_number_as_the_plans_do():
    assert [Plan(number=number).roman for number in (1, 4, 5, 9, 12)] == ["I", "IV", "V", "IX", "XII"]


def test_sources_when_there_are_further_ones_come_main_first():
    plan = make_plan()
    with writing(reason="made for a test"):
        further = plan.further_sources.create(document=make_document(), place="p. 7")

    assert plan.sources == [plan, further]


def test_reports_as_of_a_date_keep_those_with_a_cutoff_up_to_it():
    early = make_report(cutoff_on=date(2016, 9, 30))
    make_report(cutoff_on=date(2017, 9, 30))

    assert list(Report.objects.as_of(date(2016, 9, 30))) == [early]
    assert Report.objects.as_of(today()).count() == 2


def test_reports_as_of_any_date_leave_drafts_out():
    make_report(status=Status.DRAFT)
    make_report(plan=make_plan(status=Status.DRAFT))

    assert not Report.objects.as_of(today()).exists()


def test_previous_is_the_next_earlier_of_the_same_plan_and_author():
    plan = make_plan()
    first, second, third = (
        make_report(plan=plan, cutoff_on=date(year, 9, 30)) for year in (2014, 2015, 2017)
    )
    make_report(plan=plan, author=Report.Author.IRM, cutoff_on=date(2016, 9, 30))
    make_report(plan=plan, status=Status.DRAFT, cutoff_on=date(2016, 10, 30))
    make_report(cutoff_on=date(2016, 11, 30))

    assert third.previous() == second
    assert first.previous() is None


def test_completion_of_a_partial_report_has_counts_and_no_percentages():
    report = make_report(coverage=Report.Coverage.PARTIAL)
    make_assessment(report=report, level="limited")
    make_commitment(plan=report.plan)

    completion = report.completion()

    assert (completion.counts["limited"], completion.assessed, completion.total) == (1, 1, 2)
    assert completion.percent["limited"] is None


def test_completion_by_theme_keeps_a_row_for_commitments_without_a_theme():
    report = make_report()
    theme = make_theme(plan=report.plan)
    make_assessment(report=report, commitment=make_commitment(plan=report.plan, theme=theme))
    make_assessment(report=report, commitment=make_commitment(plan=report.plan))

    by_theme = report.completion_by_theme()

    assert {group: tally.assessed for group, tally in by_theme.items()} == {theme: 1, None: 1}
    assert sum(tally.total for tally in by_theme.values()) == report.completion().total


def test_transitions_since_the_previous_report_cover_every_commitment_of_the_plan():
    plan = make_plan()
    before = make_report(plan=plan, cutoff_on=date(2016, 9, 30))
    after = make_report(plan=plan)
    moved, unjudged = make_commitment(plan=plan), make_commitment(plan=plan)
    make_assessment(report=before, commitment=moved, level="not_started")
    make_assessment(report=after, commitment=moved, level="limited")

    moves = after.transitions_since(before)

    assert [(move.before, move.after, move.members) for move in moves] == [
        ("not_started", "limited", (moved.pk,)),
        (None, None, (unjudged.pk,)),
    ]


def test_section_of_neither_or_of_both_is_refused():
    section = make_section(report=make_report())

    for owners in ({"report": None}, {"plan": make_plan()}):
        with (
            pytest.raises(IntegrityError, match="section_of_a_plan_or_a_report"),
            transaction.atomic(),
            writing(reason="made for a test"),
        ):
            Section.objects.filter(pk=section.pk).update(**owners)


def test_section_with_a_theme_of_another_plan_is_refused():
    report = make_report()
    own, other = make_theme(plan=report.plan), make_theme()

    make_section(report=report, theme=own).clean()
    with pytest.raises(ValidationError, match="theme"):
        make_section(report=report, theme=other).clean()


def test_sections_stand_in_the_order_of_plans_their_own_text_first():
    first, second = make_plan(number=1), make_plan(number=2)
    of_second = make_section(plan=second)
    late = make_section(report=make_report(plan=first, cutoff_on=date(2017, 9, 30)))
    early = make_section(report=make_report(plan=first, cutoff_on=date(2016, 9, 30)))
    own = make_section(plan=first)

    assert list(Section.objects.published()) == [own, early, late, of_second]


def test_work_that_a_source_lists_twice_in_one_place_is_refused():
    listing = make_listing()

    breaks(
        "one_listing_per_work_and_place|UNIQUE",
        make_listing,
        work=listing.work,
        document=listing.document,
        place=listing.place,
    )


def test_listing_names_only_a_plan_and_a_report_that_the_public_may_see():
    report = make_report()
    draft = make_report(status="draft")
    of_draft_plan = make_report(plan=make_plan(status="draft"))

    assert make_listing(plan=report.plan, report=report).public_report == report
    assert make_listing(report=draft).public_report is None
    assert make_listing(plan=of_draft_plan.plan, report=of_draft_plan).public_plan is None
    assert make_listing(report=of_draft_plan).public_report is None
    assert make_listing().public_plan is None


def test_document_is_quoted_if_any_row_has_it_as_its_source():
    of_assessment, listed = make_document(), make_document()
    make_assessment(document=of_assessment)
    listing = make_listing(work=listed)

    quoted = {row.pk: row.is_quoted for row in Document.objects.with_use()}

    assert quoted[of_assessment.pk] and quoted[listing.document.pk]
    assert not quoted[listed.pk]


def test_sources_of_a_document_are_its_listings_or_itself():
    listing = make_listing()
    alone = make_document()

    assert listing.work.sources == [listing]
    assert [source.document for source in alone.sources] == [alone]


def test_recommendation_of_a_draft_is_not_public():
    public = make_recommendation()
    make_recommendation(status="draft")
    make_recommendation(report=make_report(status="draft"))
    make_recommendation(report=make_report(plan=make_plan(status="draft")))

    assert list(Recommendation.objects.published()) == [public]


def test_term_has_its_document_as_source_or_none():
    document = make_document()

    assert [source.document for source in make_term(document=document).sources] == [document]
    assert make_term().sources == []
