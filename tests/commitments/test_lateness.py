"""Lateness: three values, two clocks, and the date as an argument (design, rules 3 to 5)."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from commitments.models import Commitment, Milestone
from record.publication import Status
from record.writing import writing
from tests.factories import make_commitment, make_document, make_milestone, make_plan, make_update
from tests.log import last_change

pytestmark = pytest.mark.django_db

DUE = date(2016, 12, 31)
AFTER = date(2017, 1, 31)


def state(milestone, on=AFTER):
    return Milestone.objects.with_state(on).get(pk=milestone.pk)


def test_overdue_when_due_and_reported_as_not_complete_is_true():
    milestone = make_milestone(ends_on=DUE)
    make_update(milestone=milestone, as_of=date(2016, 9, 30), status="in_progress")

    found = state(milestone)

    assert found.is_overdue is True
    assert found.days_late == found.days_late_current == 31


def test_overdue_when_due_and_nobody_reported_is_unknown():
    milestone = make_milestone(ends_on=DUE)

    found = state(milestone)

    assert found.is_overdue is None
    assert (found.status, found.days_late, found.days_late_current) == ("unreported", None, None)


def test_overdue_when_due_and_the_last_update_gives_no_state_is_unknown():
    milestone = make_milestone(ends_on=DUE)
    make_update(milestone=milestone, as_of=date(2016, 6, 30), status="in_progress")
    make_update(milestone=milestone, as_of=date(2016, 9, 30), status=None)

    found = state(milestone)

    assert found.is_overdue is None
    assert (found.status, found.days_late) == ("reported", None)


def test_overdue_on_the_due_day_itself_is_false():
    milestone = make_milestone(ends_on=DUE)
    make_update(milestone=milestone, as_of=date(2016, 9, 30), status="in_progress")

    assert state(milestone, DUE).is_overdue is False
    assert state(milestone, DUE).days_late == 0


def test_overdue_when_complete_or_without_a_due_date_is_false():
    done = make_milestone(ends_on=DUE)
    make_update(milestone=done, as_of=date(2016, 9, 30), status="complete")
    undated = make_milestone(ends_on=None)
    make_update(milestone=undated, as_of=date(2016, 9, 30), status="in_progress")

    assert state(done).is_overdue is False
    assert state(undated).is_overdue is False
    assert state(undated).days_late is None


def test_overdue_when_replanned_is_not_reset_and_has_two_clocks():
    milestone = make_milestone(ends_on=DUE)
    make_update(
        milestone=milestone,
        as_of=date(2016, 9, 30),
        status="in_progress",
        new_end_on=date(2017, 1, 21),
        reason_es="Falta presupuesto",
    )

    found = state(milestone)

    assert found.is_overdue is True
    assert (found.days_late, found.days_late_current) == (31, 10)
    assert (found.ends_on, found.current_ends_on) == (DUE, date(2017, 1, 21))


def test_overdue_when_replanned_to_a_day_to_come_is_still_late_by_the_original_clock():
    milestone = make_milestone(ends_on=DUE)
    make_update(
        milestone=milestone,
        as_of=date(2016, 9, 30),
        status="in_progress",
        new_end_on=date(2018, 1, 1),
        reason_es="Falta presupuesto",
    )

    found = state(milestone)

    assert found.is_overdue is True
    assert (found.days_late, found.days_late_current) == (31, 0)


def test_current_end_when_replanned_twice_is_the_last_one():
    milestone = make_milestone(ends_on=DUE)
    for month in (3, 6):
        make_update(
            milestone=milestone,
            as_of=date(2016, month, 1),
            new_end_on=date(2017, month, 1),
            reason_es="Falta presupuesto",
        )

    assert state(milestone).current_ends_on == date(2017, 6, 1)


def test_days_late_when_done_late_count_to_the_day_it_was_done():
    milestone = make_milestone(ends_on=DUE)
    make_update(milestone=milestone, as_of=date(2017, 1, 20), status="complete", done_on=date(2017, 1, 10))

    assert state(milestone).days_late == 10


def test_days_late_when_done_in_time_are_none_at_all():
    milestone = make_milestone(ends_on=DUE)
    make_update(milestone=milestone, as_of=date(2016, 9, 30), status="complete")

    assert state(milestone).days_late == 0


def test_days_late_when_done_nobody_says_when_are_unknown():
    milestone = make_milestone(ends_on=DUE)
    make_update(milestone=milestone, as_of=date(2017, 1, 20), status="complete")

    assert state(milestone).days_late is None


def test_clocks_stand_still_after_the_plan_is_not_followed_any_more():
    plan = make_plan(followed_until=date(2017, 1, 10))
    milestone = make_milestone(ends_on=DUE, commitment=make_commitment(plan=plan))
    make_update(milestone=milestone, as_of=date(2016, 9, 30), status="in_progress")

    assert state(milestone, date(2026, 1, 1)).days_late == 10
    assert state(milestone, date(2017, 1, 5)).days_late == 5


def test_state_on_a_date_knows_only_the_updates_up_to_it():
    milestone = make_milestone(ends_on=DUE)
    make_update(milestone=milestone, as_of=date(2016, 9, 30), status="in_progress", percent=50)
    make_update(milestone=milestone, as_of=date(2017, 1, 15), status="complete", percent=100)

    before, after = state(milestone, date(2017, 1, 14)), state(milestone)

    assert (before.status, before.percent, before.last_reported_on) == ("in_progress", 50, date(2016, 9, 30))
    assert (after.status, after.percent, after.last_reported_on) == ("complete", 100, date(2017, 1, 15))


def test_state_leaves_drafts_and_corrected_updates_out():
    milestone = make_milestone(ends_on=DUE)
    wrong = make_update(milestone=milestone, as_of=date(2016, 9, 30), status="complete")
    make_update(milestone=milestone, as_of=date(2016, 9, 30), status="in_progress", corrects=wrong)
    make_update(milestone=milestone, as_of=date(2016, 12, 1), status="complete", workflow=Status.DRAFT)

    assert state(milestone).status == "in_progress"


def test_state_when_the_correction_speaks_of_an_earlier_day_is_the_corrections():
    milestone = make_milestone(ends_on=DUE)
    wrong = make_update(milestone=milestone, as_of=date(2016, 9, 30), status="complete")
    make_update(milestone=milestone, as_of=date(2016, 6, 30), status="in_progress", corrects=wrong)

    assert state(milestone).status == "in_progress"


def test_state_on_a_date_before_the_correction_still_has_the_corrected_update():
    milestone = make_milestone(ends_on=DUE)
    wrong = make_update(milestone=milestone, as_of=date(2016, 6, 30), status="complete")
    make_update(milestone=milestone, as_of=date(2016, 9, 30), status="in_progress", corrects=wrong)

    assert state(milestone, date(2016, 7, 31)).status == "complete"


def test_ended_unreported_are_those_whose_state_nobody_knows():
    unknown = make_milestone(ends_on=DUE)
    late = make_milestone(ends_on=DUE)
    make_update(milestone=late, as_of=date(2016, 9, 30))

    assert list(Milestone.objects.ended_unreported(AFTER)) == [unknown]
    assert list(Milestone.objects.overdue(AFTER)) == [late]
    assert list(Milestone.objects.unreported(AFTER)) == [unknown]


def test_progress_when_there_are_no_milestones_is_unknown():
    commitment = make_commitment()

    assert Commitment.objects.for_reading(AFTER).get(pk=commitment.pk).progress is None


def test_progress_counts_the_milestones_by_what_was_said_of_them():
    commitment = make_commitment()
    done, late, _unknown = (make_milestone(commitment=commitment, ends_on=DUE) for _ in range(3))
    make_update(milestone=done, as_of=date(2016, 9, 30), status="complete")
    make_update(milestone=late, as_of=date(2016, 9, 30), status="in_progress")

    progress = Commitment.objects.for_reading(AFTER).get(pk=commitment.pk).progress

    assert (progress.total, progress.complete, progress.overdue, progress.unreported) == (3, 1, 1, 1)
    assert (progress.unknown, progress.undated) == (1, 0)


def test_progress_counts_the_milestones_without_any_end():
    commitment = make_commitment()
    make_milestone(commitment=commitment, ends_on=None)
    replanned = make_milestone(commitment=commitment, ends_on=None)
    make_update(milestone=replanned, as_of=date(2016, 9, 30), new_end_on=DUE, reason_en="Elections")

    progress = Commitment.objects.for_reading(AFTER).get(pk=commitment.pk).progress

    assert (progress.total, progress.undated) == (2, 1)


def test_commitments_overdue_and_unreported_are_those_with_such_a_milestone():
    late, silent = make_commitment(), make_commitment()
    make_update(milestone=make_milestone(commitment=late, ends_on=DUE), as_of=date(2016, 9, 30))
    make_milestone(commitment=silent, ends_on=DUE)

    assert list(Commitment.objects.overdue(AFTER)) == [late]
    assert list(Commitment.objects.not_overdue(AFTER)) == []
    assert list(Commitment.objects.not_overdue(DUE)) == [late, silent]
    assert list(Commitment.objects.unreported(AFTER)) == [silent]
    assert list(Commitment.objects.reported(AFTER)) == [late]


# Planned dates stand (rule 3)


def test_planned_dates_that_are_public_do_not_move():
    milestone = make_milestone(ends_on=DUE)
    milestone.ends_on = date(2018, 12, 31)

    with pytest.raises(ValidationError), writing(reason="made for a test"):
        milestone.save()
    assert Milestone.objects.get().ends_on == DUE


def test_planned_dates_copied_wrongly_move_with_the_source_that_is_kept():
    milestone = make_milestone(ends_on=DUE, document=make_document())
    milestone.ends_on = date(2016, 6, 30)

    with writing(reason="made for a test", source="V Plan, ficha 4"):
        milestone.save()

    assert Milestone.objects.get().ends_on == date(2016, 6, 30)
    assert last_change(milestone).entry.source == "V Plan, ficha 4"


def test_planned_dates_of_a_draft_plan_move():
    milestone = make_milestone(ends_on=DUE, commitment=make_commitment(plan=make_plan(status=Status.DRAFT)))
    milestone.ends_on = date(2018, 12, 31)

    with writing(reason="made for a test"):
        milestone.save()

    assert Milestone.objects.get().ends_on == date(2018, 12, 31)


def test_other_columns_of_a_public_milestone_change():
    milestone = make_milestone(ends_on=DUE)
    milestone.note_es = "Nota"

    with writing(reason="made for a test"):
        milestone.save()

    assert Milestone.objects.get().note_es == "Nota"


# What is known to be in time


def in_time(milestone, on):
    return Milestone.objects.with_state(on).select_related("commitment__plan").get(pk=milestone.pk).is_in_time


def test_milestone_is_in_time_until_its_day_is_over():
    milestone = make_milestone(ends_on=DUE)

    assert in_time(milestone, DUE)
    assert not in_time(milestone, AFTER)


def test_milestone_without_an_end_is_not_known_to_be_in_time():
    assert not in_time(make_milestone(ends_on=None), DUE)


def test_milestone_done_in_time_by_one_clock_only_is_not_known_to_be_in_time():
    milestone = make_milestone(ends_on=DUE)
    make_update(
        milestone=milestone, as_of=DUE, new_end_on=date(2999, 12, 31), reason_en="Elections", status=None
    )
    make_update(milestone=milestone, as_of=date(2020, 1, 1), status="complete")
    state = Milestone.objects.with_state(date(2020, 1, 2)).get(pk=milestone.pk)

    assert (state.days_late, state.days_late_current) == (None, 0)
    assert not in_time(milestone, date(2020, 1, 2))


def test_milestone_due_after_its_plan_was_followed_is_not_known_to_be_in_time():
    plan = make_plan(followed_until=date(2016, 6, 30))
    milestone = make_milestone(commitment=make_commitment(plan=plan), ends_on=DUE)

    assert in_time(milestone, date(2016, 6, 29))
    assert not in_time(milestone, date(2016, 6, 30))


# Two words of one day, and the last day that a plan was followed


def test_two_updates_of_one_day_when_entered_the_other_way_round_the_higher_number_is_the_later_word():
    milestone = make_milestone(ends_on=DUE)
    second = make_update(milestone=milestone, as_of=DUE, number=2, status="in_progress", percent=60)
    first = make_update(milestone=milestone, as_of=DUE, number=1, status="complete", percent=100)

    found = Milestone.objects.for_reading(AFTER).get(pk=milestone.pk)

    assert (found.status, found.percent, found.is_overdue) == ("in_progress", 60, True)
    assert found.updates_on == [first, second]


def test_two_new_ends_of_one_day_the_one_with_the_higher_number_is_current():
    milestone = make_milestone(ends_on=DUE)
    for number, month in ((2, 6), (1, 9)):
        make_update(
            milestone=milestone,
            as_of=DUE,
            number=number,
            new_end_on=date(2017, month, 1),
            reason_es="Falta presupuesto",
        )

    assert state(milestone).current_ends_on == date(2017, 6, 1)


def test_milestone_due_on_the_last_day_that_its_plan_was_followed_is_never_overdue():
    plan = make_plan(followed_until=DUE)
    milestone = make_milestone(ends_on=DUE, commitment=make_commitment(plan=plan))
    make_update(milestone=milestone, as_of=date(2016, 9, 30), status="in_progress")

    for day in (DUE, AFTER):
        assert state(milestone, day).clock_on == DUE
        assert state(milestone, day).is_overdue is False


def test_milestone_due_the_day_before_its_plan_was_last_followed_is_overdue_on_that_day():
    plan = make_plan(followed_until=date(2017, 1, 1))
    milestone = make_milestone(ends_on=DUE, commitment=make_commitment(plan=plan))
    make_update(milestone=milestone, as_of=date(2016, 9, 30), status="in_progress")

    assert state(milestone, date(2017, 1, 1)).is_overdue is True
    assert state(milestone, date(2017, 1, 1)).days_late == 1


@pytest.mark.parametrize(("followed_until", "is_due"), [(AFTER, True), (date(2017, 1, 30), False)])
def test_milestone_is_due_soon_as_long_as_its_plan_is_followed_the_last_day_included(followed_until, is_due):
    plan = make_plan(followed_until=followed_until)
    milestone = make_milestone(ends_on=date(2017, 2, 28), commitment=make_commitment(plan=plan))

    assert list(Milestone.objects.follow_up("due", AFTER)) == ([milestone] if is_due else [])


@pytest.mark.parametrize(
    ("ends_on", "is_due"),
    [(date(2017, 1, 30), False), (AFTER, True), (date(2017, 5, 1), True), (date(2017, 5, 2), False)],
)
def test_milestone_is_due_soon_from_the_day_itself_to_the_ninetieth_after_it(ends_on, is_due):
    milestone = make_milestone(ends_on=ends_on)

    assert list(Milestone.objects.follow_up("due", AFTER)) == ([milestone] if is_due else [])


def test_milestone_due_on_the_day_asked_is_not_known_in_time_if_nobody_follows_its_plan_any_more():
    plan = make_plan(followed_until=DUE)
    milestone = make_milestone(commitment=make_commitment(plan=plan), ends_on=DUE)

    assert in_time(milestone, date(2016, 12, 30))
    assert not in_time(milestone, DUE)


def test_day_of_being_done_counts_only_where_an_update_says_that_it_is_done():
    milestone = make_milestone(ends_on=DUE)
    make_update(milestone=milestone, as_of=date(2016, 9, 30), status="in_progress", done_on=date(2016, 9, 1))
    make_update(milestone=milestone, as_of=date(2017, 1, 20), status="complete")

    found = state(milestone)

    assert found.reported_done_on is None
    assert (found.days_late, found.days_late_current) == (None, None)
