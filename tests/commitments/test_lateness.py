"""Lateness: the examples of docs/data-model.md line by line, what else rule 4 says, and dates that stand."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from commitments.models import Commitment, Milestone
from commitments.state import Card, Said, commitment_states, level_states, milestone_states
from commitments.templatetags.lateness import lateness
from plans.models import Plan
from record.publication import Status
from record.writing import writing
from tests.commitments import examples
from tests.factories import (
    change_plan,
    make_assessment,
    make_commitment,
    make_document,
    make_milestone,
    make_plan,
    make_report,
    make_update,
)
from tests.log import last_change

pytestmark = pytest.mark.django_db

DUE = date(2016, 12, 31)
AFTER = date(2017, 1, 31)

OF_MILESTONES = examples.examples(
    "Milestones, case by case", **{"printed end": examples.end, "words": examples.words}
)
OF_COMMITMENTS = examples.examples(
    "Commitments, case by case",
    **{
        "own end": examples.end,
        "plan": examples.period,
        "reports": lambda text: examples.words(text, examples.LEVELS),
        "milestones": examples.steps,
    },
)


def by_case(found):
    return pytest.mark.parametrize("example", found, ids=[each.case for each in found])


@pytest.mark.parametrize("found", [OF_MILESTONES, OF_COMMITMENTS], ids=["milestones", "commitments"])
def test_examples_are_of_one_case_each(found):
    cases = {example.case for example in found}

    assert len(cases) == len(found) > 40


# The examples, by the functions that need no database


def said(words):
    """Return what the words of a cell say of the milestone itself; what they leave out makes no state."""
    heard = {word.number: word for word in words if not word.is_draft and word.author != "civil_society"}
    corrected = {word.corrects for word in heard.values()}

    def day_of(word):
        return day_of(heard[word.corrects]) if word.corrects else word.on

    return [
        Said(day_of(word), word.number, word.said, word.percent, word.done_on, word.new_end_on)
        for word in heard.values()
        if word.number not in corrected and not word.of_another
    ]


def on_day(spans, day):
    return next(span for span in spans if span.from_on <= day <= span.until_on)


@by_case(OF_MILESTONES)
def test_milestone_by_the_functions(example):
    ends_on, _words = example.given["printed end"]
    row = Milestone(ends_on=ends_on)
    row.read_on = example.asked

    row.now = on_day(milestone_states(ends_on, said(example.given["words"])), example.asked)

    assert examples.read(row, example.expected) == example.expected


@by_case(OF_COMMITMENTS)
def test_commitment_by_the_functions(example):
    ends_on, _words = example.given["own end"]
    plan = example.given["plan"]
    left_on = plan.in_plan["in_plan_until"]
    # The latest first; on one day the IRM's (rule 2).
    latest_first = sorted(
        example.given["reports"], key=lambda word: (word.on, word.author == "irm"), reverse=True
    )
    cards = [
        Card(word.number, word.on, word.author, word.said, word.new_end_on, word.author != "civil_society")
        for word in latest_first
    ]
    milestones = [
        milestone_states(printed, said(words), left_on)
        for (printed, _words), words in example.given["milestones"]
    ]
    row = Commitment(ends_on=ends_on, plan=Plan(starts_on=plan.starts_on, ends_on=plan.ends_on_now))
    row.read_on, row.in_plan_from = example.asked, plan.in_plan["in_plan_from"]

    row.now = on_day(commitment_states(ends_on, row.plan.ends_on, cards, milestones, left_on), example.asked)

    assert examples.read(row, example.expected) == example.expected


# The examples, by the database


def write_milestone(commitment, end, words):
    """Write a milestone with its printed end and what was said of it, or of another one; return it."""
    ends_on, ends_as_printed = end
    milestone = make_milestone(commitment=commitment, ends_on=ends_on, ends_as_printed=ends_as_printed)
    another = make_milestone(commitment=make_commitment(plan=commitment.plan))
    written = {}
    for word in words:
        report = None
        if word.author:
            report = make_report(plan=commitment.plan, author=word.author, cutoff_on=word.on)
        written[word.number] = make_update(
            milestone=another if word.of_another else milestone,
            number=word.number,
            as_of=word.on,
            status=word.said,
            percent=word.percent,
            done_on=word.done_on,
            new_end_on=word.new_end_on,
            reason_es="Falta presupuesto" if word.new_end_on else "",
            report=report,
            corrects=written.get(word.corrects),
            workflow=Status.DRAFT if word.is_draft else Status.PUBLISHED,
        )
    return milestone


@by_case(OF_MILESTONES)
def test_milestone_by_the_database(example):
    written = write_milestone(make_commitment(), example.given["printed end"], example.given["words"])

    row = Milestone.objects.with_state(example.asked).get(pk=written.pk)

    assert examples.read(row, example.expected) == example.expected
    assert_found(Milestone, row, example)


@by_case(OF_COMMITMENTS)
def test_commitment_by_the_database(example):
    days = example.given["plan"]
    plan = make_plan(starts_on=days.starts_on, ends_on=days.ends_on)
    ends_on, period_as_printed = example.given["own end"]
    written = make_commitment(plan=plan, ends_on=ends_on, period_as_printed=period_as_printed)
    change_plan(written, **days.in_plan)
    for word in example.given["reports"]:
        report = make_report(plan=plan, author=word.author or "government", cutoff_on=word.on)
        make_assessment(report=report, commitment=written, level=word.said, new_end_on=word.new_end_on)
    for end, words in example.given["milestones"]:
        write_milestone(written, end, words)
    if days.moved_to:
        with writing(reason="made for a test"):
            plan.ends_on = days.moved_to
            plan.save()

    row = Commitment.objects.with_state(example.asked).get(pk=written.pk)

    assert examples.read(row, example.expected) == example.expected
    assert_found(Commitment, row, example)
    has_begun = Commitment.objects.begun(example.asked).filter(pk=row.pk).exists()
    assert has_begun is not row.is_to_come


def assert_found(model, row, example):
    """Assert that conditions on the stored state find the row by what it says, and by nothing else."""
    rows = model.objects.with_state(example.asked)
    is_overdue, _more = example.expected["is_overdue"]
    for value in (True, False, None):
        assert rows.filter(pk=row.pk, now__is_overdue=value).exists() is (value is is_overdue)


# What no line of a table says


def test_milestone_of_what_was_taken_out_of_its_plan_is_late_no_more():
    milestone = make_milestone(ends_on=DUE)
    make_update(milestone=milestone, as_of=date(2017, 1, 10), status="in_progress")
    change_plan(milestone.commitment, in_plan_until=date(2017, 1, 20))

    last, after = state(milestone, date(2017, 1, 20)), state(milestone, date(2017, 1, 21))

    assert (last.is_overdue, last.days_late, last.days_past_due) == (True, 10, 20)
    assert (after.past_due, after.is_overdue, after.late_word_on) == (None, None, None)
    assert (after.due_on, after.status, after.days_past_due) == (DUE, "in_progress", None)


def test_last_day_that_there_is_takes_nothing_out_of_a_plan():
    milestone = make_milestone(ends_on=DUE)
    make_update(milestone=milestone, as_of=date(2017, 1, 10), status="in_progress")
    change_plan(milestone.commitment, in_plan_until=date.max)

    assert state(milestone).is_overdue is True


@pytest.mark.parametrize(
    "columns",
    [
        {"in_plan_from": DUE},
        {"in_plan_until": DUE},
        {"in_plan_from": AFTER, "in_plan_until": DUE, "in_plan_norm": ...},
        {"in_plan_norm": ...},
    ],
    ids=["from without norm", "until without norm", "left before it joined", "norm alone"],
)
def test_change_of_a_plan_is_said_whole(columns):
    commitment = make_commitment()
    if "in_plan_norm" in columns:
        columns = columns | {"in_plan_norm": make_document(), "in_plan_place": "Art. 1"}
    for name, value in columns.items():
        setattr(commitment, name, value)

    with translation.override("en"), pytest.raises(ValidationError, match="in the plan|leave the plan"):
        commitment.validate_constraints()


def state(milestone, on=AFTER):
    return Milestone.objects.with_state(on).get(pk=milestone.pk)


def test_followed_until_stops_no_clock():
    plan = make_plan(followed_until=date(2017, 1, 10))
    milestone = make_milestone(ends_on=DUE, commitment=make_commitment(plan=plan))
    make_update(milestone=milestone, as_of=date(2017, 1, 20), status="in_progress")

    assert (state(milestone).days_late, state(milestone).days_past_due) == (20, 31)


def test_percent_and_last_report_are_of_the_last_word_that_says_so():
    milestone = make_milestone(ends_on=DUE)
    make_update(milestone=milestone, as_of=date(2016, 9, 30), status="in_progress", percent=50)
    make_update(milestone=milestone, as_of=date(2017, 1, 15), status=None)

    before, after = state(milestone, date(2017, 1, 14)), state(milestone)

    assert (before.percent, before.last_reported_on) == (50, date(2016, 9, 30))
    assert (after.percent, after.last_reported_on) == (50, date(2017, 1, 15))
    assert (after.status, after.status_on) == ("in_progress", date(2016, 9, 30))


def test_nothing_done_is_a_percentage_too():
    words = [Said(date(2016, 9, 30), 1, percent=50), Said(date(2017, 1, 15), 2, percent=0)]

    assert [span.percent for span in milestone_states(None, words)] == [None, 50, 0]


def test_latest_card_of_an_author_is_that_of_the_day():
    first, last = date(2016, 9, 30), date(2017, 9, 30)
    cards = [Card(2, last, "government", "complete"), Card(1, first, "government", "limited")]

    assert [(span.from_on, span.assessment) for span in level_states(cards)] == [(first, 1), (last, 2)]


def test_word_that_changes_nothing_of_the_commitment_begins_no_state_of_it():
    first, last = date(2016, 9, 30), date(2017, 9, 30)
    milestone = milestone_states(None, [Said(first, 1, percent=10), Said(last, 2, percent=20)])

    assert [span.from_on for span in commitment_states(None, None, [], [milestone])] == [date.min, first]


def test_updates_of_one_day_are_read_by_their_numbers():
    milestone = make_milestone(ends_on=DUE)
    second = make_update(milestone=milestone, as_of=DUE, number=2)
    first = make_update(milestone=milestone, as_of=DUE, number=1)

    assert Milestone.objects.for_reading(AFTER).get(pk=milestone.pk).updates_on == [first, second]


def test_day_on_which_it_was_done_is_taken_back_by_a_later_plan_for_it():
    milestone = make_milestone(ends_on=DUE)
    make_update(milestone=milestone, as_of=date(2016, 12, 1), status="complete", done_on=date(2016, 11, 30))
    make_update(milestone=milestone, as_of=date(2017, 1, 10), status=None, new_end_on=AFTER, reason_en="Rain")

    assert state(milestone, date(2017, 1, 9)).done_on == date(2016, 11, 30)
    assert (state(milestone).done_on, state(milestone).status) == (None, "complete")


def test_word_of_lateness_that_complete_took_back_does_not_come_back():
    """Whoever announces the end afterwards, and says that it goes on, says nothing of lateness."""
    milestone = make_milestone(ends_on=None)
    make_update(milestone=milestone, as_of=date(2016, 9, 30), status="in_progress")
    make_update(milestone=milestone, as_of=date(2016, 10, 31), status="complete")
    end = {"new_end_on": date(2016, 6, 30), "reason_en": "Rain"}
    make_update(milestone=milestone, as_of=date(2016, 11, 30), status="in_progress", **end)

    found = state(milestone)

    assert (found.due_on, found.past_due, found.is_overdue) == (date(2016, 6, 30), True, None)


def test_progress_when_there_are_no_milestones_is_unknown():
    commitment = make_commitment()

    assert Commitment.objects.for_reading(AFTER).get(pk=commitment.pk).progress is None
    assert Commitment.objects.totals(AFTER)["progress"] is None


def test_progress_counts_the_milestones_by_what_was_said_of_them():
    commitment = make_commitment()
    done, late, spoken, _silent, announced, _undated = (
        make_milestone(commitment=commitment, ends_on=end) for end in (DUE, DUE, DUE, DUE, None, None)
    )
    make_update(milestone=done, as_of=date(2016, 9, 30), status="complete")
    make_update(milestone=late, as_of=date(2017, 1, 20), status="in_progress")
    make_update(milestone=spoken, as_of=date(2017, 1, 20), status=None)
    make_update(milestone=announced, as_of=date(2016, 9, 30), new_end_on=AFTER, reason_en="Elections")

    progress = Commitment.objects.for_reading(AFTER).get(pk=commitment.pk).progress

    assert (progress.total, progress.complete, progress.overdue, progress.undated) == (6, 1, 1, 1)
    assert (progress.unknown, progress.silent, progress.spoken, progress.unreported) == (2, 1, 1, 2)
    assert Commitment.objects.totals(AFTER)["progress"] == progress
    assert Milestone.objects.progress_by("commitment", AFTER) == {commitment.pk: progress}


def test_totals_count_the_late_beside_those_of_which_nobody_can_tell():
    plan, without_end = make_plan(ends_on=DUE), make_plan(ends_on=None)
    report = make_report(plan=plan, cutoff_on=AFTER)
    late, spoken, _silent = (make_commitment(plan=plan) for _ in range(3))
    make_commitment(plan=without_end)
    make_assessment(report=report, commitment=late, level="limited")
    make_assessment(report=report, commitment=spoken, level="unclear")

    found = Commitment.objects.totals(AFTER)["lateness"]

    assert (found.total, found.overdue, found.undated) == (4, 1, 1)
    assert (found.unknown, found.silent, found.spoken) == (2, 1, 1)


def test_level_of_before_the_due_date_is_no_word_since():
    card = make_assessment(report=make_report(cutoff_on=date(2016, 9, 30)), level="limited")
    rows = Commitment.objects.with_state(AFTER)

    totals = Commitment.objects.totals(AFTER)["lateness"]

    assert rows.get(pk=card.commitment_id).is_silent
    assert (totals.unknown, totals.silent, totals.spoken) == (1, 1, 0)


def test_commitments_unreported_are_those_with_such_a_milestone():
    told, silent, _without_milestones = make_commitment(), make_commitment(), make_commitment()
    make_update(milestone=make_milestone(commitment=told), as_of=date(2016, 9, 30))
    make_milestone(commitment=silent)
    rows = Commitment.objects.with_state(AFTER)

    assert list(rows.unreported()) == [silent]
    assert list(rows.unreported(False)) == [told]


# What needs a word


def test_follow_up_tells_the_late_from_those_of_which_nobody_can_tell():
    late, spoken, silent, undated = (make_milestone(ends_on=end) for end in (DUE, DUE, DUE, None))
    make_update(milestone=late, as_of=date(2017, 1, 20), status="in_progress")
    make_update(milestone=spoken, as_of=date(2017, 1, 20), status=None)

    def found(what):
        return list(Milestone.objects.follow_up(what, AFTER))

    assert (found("overdue"), found("spoken"), found("silent")) == ([late], [spoken], [silent])
    assert (found("unknown"), found("undated")) == ([spoken, silent], [undated])
    assert found("unreported") == [silent, undated]


def test_who_speaks_on_the_due_date_without_a_state_is_not_silent():
    milestone = make_milestone(ends_on=DUE)
    make_update(milestone=milestone, as_of=DUE, status=None)

    assert list(Milestone.objects.follow_up("spoken", AFTER)) == [milestone]
    assert list(Milestone.objects.follow_up("silent", AFTER)) == []
    progress = known(milestone.commitment).progress
    assert (progress.spoken, progress.silent) == (1, 0)
    assert not state(milestone).is_silent


def known(commitment):
    return Commitment.objects.with_state(AFTER).get(pk=commitment.pk)


def test_report_of_the_due_date_without_a_word_of_lateness_is_not_silent():
    card = make_assessment(report=make_report(plan=make_plan(ends_on=DUE), cutoff_on=DUE), level="unclear")

    found = Commitment.objects.totals(AFTER)["lateness"]

    assert (found.unknown, found.silent) == (1, 0)
    assert not known(card.commitment).is_silent


def test_what_is_due_soon_is_due_by_the_end_that_was_promised():
    milestone = make_milestone(ends_on=date(2017, 2, 28))
    moved = {"new_end_on": date(2018, 2, 28), "reason_en": "Rain"}
    make_update(milestone=milestone, as_of=date(2017, 1, 10), status=None, **moved)

    assert list(Milestone.objects.follow_up("due", AFTER)) == [milestone]


def test_follow_up_of_a_plan_that_had_not_begun_is_empty():
    plan = make_plan(starts_on=date(2017, 2, 1), ends_on=date(2018, 12, 31))
    milestone = make_milestone(ends_on=DUE, commitment=make_commitment(plan=plan))

    assert list(Milestone.objects.follow_up("silent", AFTER)) == []
    assert list(Milestone.objects.follow_up("silent", date(2017, 2, 1))) == [milestone]


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


# What pages say of it


def sentence(row):
    with translation.override("en"):
        return lateness(row)


@pytest.mark.parametrize("day", [date(2016, 10, 15), AFTER], ids=str)
def test_commitment_that_a_milestone_makes_late_on_the_day_of_its_card_is_not_said_to_be_judged(day):
    plan = make_plan(ends_on=DUE)
    report = make_report(plan=plan, cutoff_on=date(2016, 9, 30))
    commitment = make_assessment(
        report=report, commitment=make_commitment(plan=plan), level="limited"
    ).commitment
    milestone = make_milestone(commitment=commitment, ends_on=date(2016, 6, 30))
    make_update(milestone=milestone, as_of=date(2016, 9, 30), status="in_progress", report=report)

    row = Commitment.objects.for_reading(day).get(pk=commitment.pk)

    assert (row.is_overdue, row.days_late) == (True, None)
    assert sentence(row).startswith("A milestone of it is late: as of 30 September 2016")


def test_milestone_that_was_withdrawn_and_planned_anew_is_not_said_to_be_out_of_it():
    milestone = make_milestone(ends_on=DUE)
    make_update(milestone=milestone, as_of=date(2016, 9, 30), status="withdrawn")
    withdrawn = Milestone.objects.for_reading(AFTER).get(pk=milestone.pk)
    make_update(
        milestone=milestone,
        as_of=date(2017, 1, 20),
        status=None,
        new_end_on=date(2017, 6, 30),
        reason_es="Falta presupuesto",
    )

    row = Milestone.objects.for_reading(AFTER).get(pk=milestone.pk)

    assert "withdrawn" in sentence(withdrawn)
    assert (row.is_overdue, "withdrawn" in sentence(row)) == (True, False)


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
