"""The stored states: they are what the rows say, whatever was written and in whatever order."""

import random
from datetime import date, timedelta

import pytest
from django.utils.timezone import now

from commitments.deriving import differences, touched_commitments
from commitments.models import Assessment, Commitment, LevelState, Milestone, Update
from commitments.models.state import CommitmentState
from commitments.resources import CommitmentResource
from plans.models import Plan, Report
from record import actions
from record.publication import Status
from record.writing import ReasonNeeded, writing
from tests.admin_pages import edit
from tests.commitments.plain_reading import read_commitment, read_milestone
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
from tests.imports import faults, load

pytestmark = pytest.mark.django_db

FIRST_DAY = date(2019, 12, 1)


def of_milestone(row, day):
    """Return what the portal reads of a milestone on a day, in the words of the plain reading."""
    found = Milestone.objects.with_state(day).get(pk=row.pk)
    names = ("due_on", "current_ends_on", "status", "status_on", "percent", "done_on", "past_due")
    names += ("is_overdue", "late_word_on", "days_late", "days_late_current", "days_past_due")
    return {name: getattr(found, name) for name in names} | {"reported_on": found.last_reported_on}


def of_commitment(row, day):
    """Return what the portal reads of a commitment on a day, in the words of the plain reading."""
    found = Commitment.objects.with_state(day).get(pk=row.pk)
    names = ("due_on", "due_from", "current_ends_on", "past_due", "is_overdue", "late_word_on")
    names += ("days_late", "days_late_current", "days_past_due")
    progress = found.progress and {
        name: getattr(found.progress, name)
        for name in ("total", "complete", "overdue", "unknown", "undated", "unreported")
    }
    levels = LevelState.objects.filter(commitment=row, from_on__lte=day, until_on__gte=day)
    return {name: getattr(found, name) for name in names} | {
        "assessment": found.now.assessment,
        "by_author": {level.author: level.assessment for level in levels},
        "progress": progress,
    }


def assert_as_plainly_read(day):
    for row in Milestone.objects.published():
        # A word of lateness on the due date itself makes nothing late that day.
        expected = read_milestone(row, day)
        if not expected["is_overdue"]:
            expected["late_word_on"] = None
        assert of_milestone(row, day) == expected, (row.code, day)
    for row in Commitment.objects.published():
        expected = read_commitment(row, day)
        if not expected["is_overdue"]:
            expected["late_word_on"] = None
        assert of_commitment(row, day) == expected, (row.code, day)


class Editor:
    """Whoever writes at random what people write: always the same for a seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.plans = [make_plan(ends_on=self.day()), make_plan(ends_on=None)]
        self.reports = []
        self.commitments = [
            make_commitment(plan=self.random.choice(self.plans), ends_on=self.maybe(self.day))
            for _ in range(5)
        ]
        self.milestones = [
            make_milestone(commitment=self.random.choice(self.commitments), ends_on=self.maybe(self.day))
            for _ in range(8)
        ]
        self.document = make_document()

    def day(self):
        """Return a day: of few, so that many words are of one."""
        return FIRST_DAY + timedelta(days=30 * self.random.randrange(14))

    def maybe(self, make, chance=0.5):
        return make() if self.random.random() < chance else None

    def edit(self):
        """Write something."""
        self.random.choice(
            [self.report, self.update, self.update, self.update, self.card, self.card, self.correct]
            + [self.annul, self.move_end, self.publish, self.move_milestone, self.change_report]
            + [self.change_plan]
        )()

    def report(self):
        author = self.random.choice(Report.Author.values)
        plan, status = self.random.choice(self.plans), self.random.choice(Status.values)
        self.reports.append(make_report(plan=plan, author=author, cutoff_on=self.day(), status=status))

    def update(self, **columns):
        new_end_on = self.maybe(self.day, 0.3)
        values = {
            "milestone": self.random.choice(self.milestones),
            "as_of": self.day(),
            "status": self.maybe(lambda: self.random.choice(Update.Status.values), 0.7),
            "percent": self.maybe(lambda: self.random.randrange(101), 0.3),
            "done_on": self.maybe(self.day, 0.2),
            "new_end_on": new_end_on,
            "reason_es": "Lluvias" if new_end_on else "",
            "text_es": "Se dijo",
            "workflow": self.random.choice([Status.PUBLISHED, Status.PUBLISHED, Status.DRAFT]),
            "report": self.maybe(lambda: self.random.choice(self.reports), 0.3) if self.reports else None,
        }
        # The files of the record may say what staff may not.
        with writing(reason="made for a test", act="load"):
            make_update(**values | columns)

    def correct(self):
        if wrong := self.any_of(Update.objects.filter(workflow=Status.PUBLISHED)):
            moved = self.maybe(lambda: self.random.choice(self.milestones), 0.3)
            milestone = moved or wrong.milestone
            self.update(corrects=wrong, as_of=wrong.as_of, milestone=milestone)

    def card(self):
        if report := self.any_of(Report.objects.all()):
            taken = Assessment.everything.filter(report=report).values("commitment")
            free = Commitment.objects.filter(plan=report.plan).exclude(pk__in=taken)
            if commitment := self.any_of(free):
                level = self.random.choice(Assessment._meta.get_field("level").choices)[0]
                new_end_on = self.maybe(self.day, 0.3)
                make_assessment(report=report, commitment=commitment, level=level, new_end_on=new_end_on)

    def annul(self):
        model = self.random.choice([Update, Assessment, Report, Milestone, Commitment, Plan])
        row = self.any_of(model.everything.all())
        if row is None:
            return
        moment = None if row.annulled_at else now()
        with writing(reason="made for a test", act="load"):
            model.everything.filter(pk=row.pk).update(annulled_at=moment)

    def move_end(self):
        model = self.random.choice([Milestone, Commitment, Plan])
        row = self.any_of(model.everything.all())
        with writing(reason="made for a test", act="load"):
            model.everything.filter(pk=row.pk).update(ends_on=self.maybe(self.day, 0.7))

    def publish(self):
        model, column = self.random.choice([(Update, "workflow"), (Report, "status")])
        if row := self.any_of(model.objects.filter(**{column: Status.DRAFT})):
            with writing(reason="made for a test", act="load"):
                setattr(row, column, Status.PUBLISHED)
                row.save()

    def move_milestone(self):
        row = self.any_of(Milestone.everything.all())
        commitment = self.random.choice(self.commitments)
        number = 1 + max(
            Milestone.everything.filter(commitment=commitment).values_list("number", flat=True), default=0
        )
        with writing(reason="made for a test", act="load"):
            row.commitment, row.number = commitment, number
            row.save()

    def change_plan(self):
        row = self.any_of(Commitment.everything.all())
        with writing(reason="made for a test", act="load"):
            change_plan(row, in_plan_until=self.day())

    def change_report(self):
        if row := self.any_of(Report.everything.all()):
            with writing(reason="made for a test", act="load"):
                row.cutoff_on = self.day()
                row.save()

    def any_of(self, rows):
        pks = list(rows.order_by("pk").values_list("pk", flat=True))
        return rows.model.everything.get(pk=self.random.choice(pks)) if pks else None


@pytest.mark.parametrize("seed", range(6))
def test_states_after_random_edits_are_what_the_rows_say(seed):
    editor = Editor(seed)
    for _ in range(50):
        editor.edit()
        assert differences() == ([], [])
    for _ in range(6):
        assert_as_plainly_read(editor.day() + timedelta(days=editor.random.randrange(-1, 2)))
    assert_as_plainly_read(date(2030, 1, 1))


# One thing at a time: what is written, and what is known of it at once


DUE, AFTER = date(2016, 12, 31), date(2017, 9, 30)
BY_FILES = {"reason": "made for a test", "act": "load"}


def known_of(row, day=AFTER):
    """Return a row with its state on a day, also one that was annulled."""
    return type(row).objects.everything().with_state(day).get(pk=row.pk)


def level_of(commitment, day=AFTER):
    return known_of(commitment, day).shown_level


def status_of(milestone, day=AFTER):
    return known_of(milestone, day).status


def totals_of(commitment, day=AFTER):
    progress = known_of(commitment, day).progress
    return progress and (progress.total, progress.complete)


def change(row, **columns):
    """Change a row as the files of the record may."""
    with writing(**BY_FILES):
        for name, value in columns.items():
            setattr(row, name, value)
        row.save()


@pytest.fixture(autouse=True)
def kept():
    """Assert after each test that what is stored is what the rows say."""
    yield
    assert differences() == ([], [])


def test_report_that_is_annulled_judges_nothing_until_it_is_restored():
    card = make_assessment(level="limited")
    update = make_update(report=card.report, milestone=make_milestone(commitment=card.commitment))

    actions.annul(None, card.report, "Se publicó por error")
    assert (level_of(card.commitment), status_of(update.milestone)) == (None, "unreported")
    assert not LevelState.objects.exists()

    actions.restore(None, Report.everything.get(), "Sí era ese informe")
    assert (level_of(card.commitment), status_of(update.milestone)) == ("limited", "in_progress")


@pytest.mark.parametrize("model", ["assessment", "update", "milestone", "commitment", "plan"])
def test_what_is_annulled_and_restored_is_known_as_before(model):
    # Of a full report no card is annulled.
    card = make_assessment(report=make_report(coverage="partial"), level="limited")
    update = make_update(milestone=make_milestone(commitment=card.commitment), status="complete")
    rows = {"assessment": card, "update": update, "milestone": update.milestone}
    row = rows.get(model) or {"commitment": card.commitment, "plan": card.commitment.plan}[model]

    actions.annul(None, row, "Se publicó por error")
    row = type(row).everything.get(pk=row.pk)
    now = (level_of(card.commitment), totals_of(card.commitment))
    # What stands on a row that was annulled is read as it was, behind its notice.
    assert now == {
        "assessment": (None, (1, 1)),
        "update": ("limited", (1, 0)),
        "milestone": ("limited", None),
    }.get(model, ("limited", (1, 1)))
    assert differences() == ([], [])

    actions.restore(None, row, "Sí era lo que dice la fuente")
    assert (level_of(card.commitment), totals_of(card.commitment)) == ("limited", (1, 1))


def test_milestone_that_moves_is_counted_where_it_went_and_no_more_where_it_was():
    plan = make_plan()
    was, goes = make_commitment(plan=plan), make_commitment(plan=plan)
    milestone = make_update(milestone=make_milestone(commitment=was), status="complete").milestone

    change(milestone, commitment=goes)

    assert (totals_of(was), totals_of(goes)) == (None, (1, 1))


def test_draft_milestone_that_is_deleted_is_counted_no_more():
    commitment = make_commitment(plan=make_plan(status=Status.DRAFT))
    milestone = make_milestone(commitment=commitment)
    assert totals_of(commitment) == (1, 0)

    with writing():
        Milestone.objects.get(pk=milestone.pk).delete()

    assert totals_of(commitment) is None


def test_draft_rows_that_are_deleted_leave_nothing_behind():
    report = make_report(status=Status.DRAFT, plan=make_plan(status=Status.DRAFT))
    commitment = make_assessment(report=report, level="limited").commitment

    with writing():
        Assessment.everything.get().delete()
    assert level_of(commitment) is None
    assert not LevelState.objects.exists()

    with writing():
        Commitment.everything.get().delete()
    assert not CommitmentState.objects.exists()


def test_cutoff_that_changes_moves_the_day_of_the_level():
    card = make_assessment(level="limited")

    change(card.report, cutoff_on=date(2017, 6, 30))

    assert level_of(card.commitment, date(2017, 6, 29)) is None
    assert level_of(card.commitment, date(2017, 6, 30)) == "limited"


def test_report_of_another_author_judges_otherwise():
    card = make_assessment(level="limited")
    update = make_update(report=card.report, milestone=make_milestone(commitment=card.commitment))

    change(card.report, author="civil_society")

    assert (level_of(card.commitment), status_of(update.milestone)) == (None, "unreported")


@pytest.mark.parametrize("columns", [{"author": "civil_society"}, {"annulled_at": now()}])
def test_updates_of_a_report_without_cards_are_known_by_what_it_is(columns):
    update = make_update(report=make_report(), status="complete")

    change(update.report, **columns)

    assert status_of(update.milestone) == "unreported"


def test_word_that_is_no_correction_any_more_lets_stand_what_it_corrected():
    wrong = make_update(status="complete")
    other = make_update(milestone=make_milestone(), corrects=wrong, as_of=wrong.as_of)
    assert status_of(wrong.milestone) == "unreported"

    change(other, corrects=None)

    assert status_of(wrong.milestone) == "complete"


def test_report_judges_from_its_publication_on():
    card = make_assessment(report=make_report(status=Status.DRAFT), level="limited")
    update = make_update(report=card.report, milestone=make_milestone(commitment=card.commitment))
    assert (level_of(card.commitment), status_of(update.milestone)) == (None, "unreported")

    actions.publish(None, card.report)

    assert (level_of(card.commitment), status_of(update.milestone)) == ("limited", "in_progress")


def test_slug_that_changes_decides_between_two_reports_of_one_day():
    plan = make_plan()
    commitment = make_commitment(plan=plan)
    first, second = (make_report(plan=plan, slug=f"7-{letter}") for letter in "ab")
    make_assessment(report=first, commitment=commitment, level="limited")
    make_assessment(report=second, commitment=commitment, level="complete")
    before = level_of(commitment)

    change(first, slug="7-c")

    assert {before, level_of(commitment)} == {"limited", "complete"}


@pytest.mark.parametrize(
    ("columns", "known"),
    [
        ({"status": "complete"}, {"status": "complete"}),
        ({"percent": 70}, {"percent": 70}),
        ({"done_on": DUE}, {"done_on": DUE}),
        ({"new_end_on": AFTER}, {"current_ends_on": AFTER}),
        ({"as_of": DUE}, {"last_reported_on": DUE}),
        ({"workflow": Status.PUBLISHED}, {"status": "in_progress"}),
        ({"number": 1}, {"status": "not_started"}),
    ],
)
def test_update_that_is_copied_anew_is_known_as_it_is_now(columns, known):
    milestone = make_milestone(ends_on=DUE)
    before = {"status": None if "done_on" in columns else "in_progress"}
    before |= {"workflow": Status.DRAFT} if "workflow" in columns else {}
    update = make_update(milestone=milestone, number=3, as_of=AFTER, reason_es="Lluvias", **before)
    if "number" in columns:
        make_update(milestone=milestone, number=2, as_of=AFTER, status="not_started")

    change(update, **columns)

    row = Milestone.objects.with_state(AFTER).get(pk=milestone.pk)
    assert {name: getattr(row, name) for name in known} == known


def test_update_that_moves_is_known_of_the_milestone_that_it_went_to():
    update = make_update(status="complete")
    was, goes = update.milestone, make_milestone()

    change(update, milestone=goes)

    assert (status_of(was), status_of(goes)) == ("unreported", "complete")


def test_update_that_becomes_a_correction_or_of_a_report_counts_so():
    wrong = make_update(status="complete", number=1)
    other = make_update(milestone=wrong.milestone, status=None, number=2, as_of=wrong.as_of)

    change(other, corrects=wrong)
    assert status_of(wrong.milestone) == "reported"
    change(other, report=make_report(author="civil_society"))
    assert status_of(wrong.milestone) == "complete"
    change(other, corrects=None)
    assert status_of(wrong.milestone) == "complete"


def test_correction_of_a_correction_speaks_of_the_first_day():
    wrong = make_update(as_of=DUE, status="in_progress", number=1)
    second = make_update(milestone=wrong.milestone, corrects=wrong, status="in_progress", number=2)
    make_update(milestone=wrong.milestone, corrects=second, status="complete", number=3)

    assert status_of(wrong.milestone, DUE) == "complete"

    with writing(**BY_FILES):
        Update.everything.filter(pk=wrong.pk).update(as_of=date(2017, 1, 31))
    assert status_of(wrong.milestone, DUE) == "unreported"


@pytest.mark.parametrize("model", ["milestone", "commitment", "plan"])
def test_word_that_was_moved_counts_again_once_its_correction_stands_no_more(model):
    wrong = make_update(status="complete")
    right = make_milestone()
    make_update(milestone=right, corrects=wrong, as_of=wrong.as_of, status="complete")
    assert (status_of(wrong.milestone), status_of(right)) == ("unreported", "complete")

    gone = {"milestone": right, "commitment": right.commitment}.get(model, right.commitment.plan)
    change(gone, annulled_at=now())

    assert status_of(wrong.milestone) == "complete"


def test_word_that_was_moved_to_a_plan_counts_no_more_once_that_is_published():
    wrong = make_update(status="complete")
    right = make_milestone(commitment=make_commitment(plan=make_plan(status=Status.DRAFT)))
    make_update(milestone=right, corrects=wrong, as_of=wrong.as_of, status="complete")
    assert status_of(wrong.milestone) == "complete"

    change(right.commitment.plan, status=Status.PUBLISHED)

    assert status_of(wrong.milestone) == "unreported"


def test_report_of_another_plan_is_heard_as_long_as_that_plan_is_public():
    report = make_report(plan=make_plan(status=Status.DRAFT))
    update = make_update(report=report, status="complete")
    assert status_of(update.milestone) == "unreported"

    change(report.plan, status=Status.PUBLISHED)
    assert status_of(update.milestone) == "complete"

    change(report.plan, annulled_at=now())
    assert status_of(update.milestone) == "unreported"


@pytest.mark.parametrize(
    ("columns", "known"),
    [
        ({"level": "limited"}, ("limited", DUE)),
        ({"new_end_on": date(2016, 6, 30)}, ("complete", date(2016, 6, 30))),
    ],
)
def test_card_that_is_copied_anew_is_known_as_it_is_now(columns, known):
    card = make_assessment(report=make_report(plan=make_plan(ends_on=DUE)), level="complete")

    change(card, **columns)

    row = Commitment.objects.with_state(AFTER).get(pk=card.commitment_id)
    assert (row.shown_level, row.due_on) == known


def test_card_that_moves_judges_the_commitment_and_the_report_that_it_went_to():
    card = make_assessment(level="limited")
    plan, was, goes = card.report.plan, card.commitment, make_commitment(plan=card.report.plan)

    change(card, commitment=goes)
    assert (level_of(was), level_of(goes)) == (None, "limited")
    change(card, report=make_report(plan=plan, cutoff_on=DUE))
    assert level_of(goes, DUE) == "limited"


def test_end_of_a_milestone_that_was_copied_wrongly_moves_its_due_date():
    milestone = make_milestone(ends_on=DUE)

    change(milestone, ends_on=AFTER)

    row = Milestone.objects.with_state(AFTER).get()
    assert (row.due_on, row.past_due) == (AFTER, False)


def test_end_of_a_plan_that_moves_in_the_admin_moves_what_is_due_by_it(admin_client):
    commitment = make_commitment(plan=make_plan(ends_on=DUE))

    response = edit(admin_client, commitment.plan, ends_on="2017-12-31", change_reason="Así lo dice el plan")

    assert response.status_code == 302
    row = Commitment.objects.with_state(AFTER).get()
    assert (row.due_on, row.due_from, row.past_due) == (date(2017, 12, 31), "plan", False)


def test_plan_of_a_commitment_that_moves_moves_what_is_due_by_it():
    commitment = make_commitment(plan=make_plan(ends_on=DUE))

    change(commitment, plan=make_plan(ends_on=AFTER))

    assert Commitment.objects.with_state(AFTER).get().due_on == AFTER


def test_end_of_a_commitment_that_is_imported_moves_its_due_date():
    make_commitment(plan=make_plan(ends_on=DUE))
    [row] = CommitmentResource().export(Commitment.objects.all()).dict

    result = load(CommitmentResource(reason="Errata de imprenta"), row | {"ends_on": "31/12/2017"})

    assert faults(result) == ""
    row = Commitment.objects.with_state(AFTER).get()
    assert (row.due_on, row.due_from) == (date(2017, 12, 31), "own")


def test_what_is_only_proposed_or_taken_back_leaves_the_states(admin_client):
    plan = make_plan(ends_on=DUE)
    commitment = make_commitment(plan=plan)

    edit(admin_client, plan, ends_on="2017-12-31", change_reason="Así lo dice el plan", _propose="1")
    assert Commitment.objects.with_state(AFTER).get(pk=commitment.pk).due_on == DUE

    with pytest.raises(ReasonNeeded), writing():
        Plan.objects.update(ends_on=AFTER)
    assert Commitment.objects.with_state(AFTER).get(pk=commitment.pk).due_on == DUE


def test_texts_are_no_business_of_the_states():
    milestone = make_update().milestone

    assert touched_commitments([(Milestone, milestone.pk, {"note_es": ["", "Nota"]})]) == []
    assert touched_commitments([(Milestone, milestone.pk, {"ends_on": [None, "2017-01-31"]})]) == [
        milestone.commitment_id
    ]
