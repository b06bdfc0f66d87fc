"""Who is to be told what on a day: before a due date, after it, on return, on publication, every week."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group

from accounts.models import MailKind
from commitments import actions
from commitments.models import Update
from entities.models import Membership
from ogp_portal.reminding.finding import Digest, notices
from record.actions import annul
from record.dates import today
from tests.factories import (
    change_plan,
    make_auditor,
    make_commitment,
    make_document,
    make_editor,
    make_entity,
    make_focal_point,
    make_milestone,
    make_plan,
    make_publisher,
    make_responsibility,
    make_submitted,
    make_update,
)
from tests.reminding.conftest import ON, PASSWORD

pytestmark = pytest.mark.django_db
COMMENT = "Falta el acta de la sesión"


def told(on=ON, kinds=tuple(MailKind)):
    """Return who is told what: {(name of the account, kind, what)}."""
    return {(each.user.username, str(each.kind), each.what) for each in notices(on, kinds)}


# Milestones.


@pytest.mark.parametrize(
    ("days", "step"),
    [(31, None), (30, "30"), (23, "30"), (8, "30"), (7, "7"), (1, "7"), (0, "7")],
)
def test_due_date_is_told_thirty_and_seven_days_before(focal, due, days, step):
    milestone = due(days)

    expected = {(focal.username, "due", f"{milestone.code}:{step}")} if step else set()
    assert told() == expected


@pytest.mark.parametrize(("days", "is_told"), [(1, False), (14, False), (15, True), (45, True), (46, False)])
def test_silence_is_told_fifteen_days_after_and_not_of_what_was_due_long_ago(focal, due, days, is_told):
    milestone = due(-days)

    assert told() == ({(focal.username, "overdue", milestone.code)} if is_told else set())


@pytest.mark.parametrize(
    ("status", "spoken", "is_told"),
    [
        (Update.Status.IN_PROGRESS, 1, False),
        (Update.Status.COMPLETE, -40, False),
        (Update.Status.WITHDRAWN, -40, False),
        (Update.Status.IN_PROGRESS, -40, True),
    ],
)
def test_whoever_said_something_since_is_not_told_of_silence(focal, due, status, spoken, is_told):
    milestone = due(-20)
    make_update(milestone=milestone, status=status, as_of=milestone.ends_on + timedelta(spoken))

    assert bool(told()) is is_told


@pytest.mark.parametrize("status", [Update.Status.COMPLETE, Update.Status.WITHDRAWN])
def test_what_is_done_is_not_told_to_be_due(focal, due, status):
    make_update(milestone=due(5), status=status, as_of=ON - timedelta(5))

    assert told() == set()


@pytest.mark.parametrize(
    ("days", "says", "is_told"),
    [
        (5, {"status": Update.Status.COMPLETE, "as_of": ON - timedelta(3)}, False),
        (5, {"as_of": ON - timedelta(3)}, True),
        (-20, {"as_of": ON - timedelta(3)}, False),
        (-20, {"as_of": ON - timedelta(60)}, True),
    ],
)
def test_what_was_said_and_waits_for_sgp_is_not_asked_for_again(focal, due, days, says, is_told):
    make_submitted(milestone=due(days), **says)

    assert bool(told(kinds=[MailKind.DUE, MailKind.OVERDUE])) is is_told


def test_announced_end_counts_where_none_was_printed(focal, due):
    milestone = due(0, ends_on=None, ends_as_printed="")
    make_update(
        milestone=milestone, as_of=ON - timedelta(60), new_end_on=ON + timedelta(6), reason_es="Motivo"
    )

    assert told() == {(focal.username, "due", f"{milestone.code}:7")}


def test_new_end_moves_no_due_date(focal, due):
    milestone = due(6)
    make_update(milestone=milestone, as_of=ON, new_end_on=ON + timedelta(300), reason_es="Motivo")

    assert told() == {(focal.username, "due", f"{milestone.code}:7")}


def test_only_those_are_told_whose_entity_answers(focal, due, commitment, entity):
    other = make_focal_point(make_entity(), email="otro@x.example", password=PASSWORD)
    named = due(5)
    # Names nobody: whoever leads the commitment answers.
    unnamed = make_milestone(commitment=commitment, ends_on=ON + timedelta(5))
    make_responsibility(commitment=commitment, entity=other.memberships.get().entity)

    assert told() == {
        (focal.username, "due", f"{named.code}:7"),
        (other.username, "due", f"{unnamed.code}:7"),
    }


def test_of_a_parent_entity_nobody_is_told(due):
    parent = make_entity()
    make_focal_point(parent, email="a@x.example", password=PASSWORD)
    due(5, of=make_entity(parent=parent))

    assert told() == set()


def test_two_entities_of_one_person_tell_once(focal, due):
    milestone = due(5)
    second = make_entity()
    Membership.objects.create(user=focal, entity=second)
    due_too = due(5, of=second)

    assert told() == {(focal.username, "due", f"{each.code}:7") for each in (milestone, due_too)}


@pytest.mark.parametrize(
    "columns",
    [
        {"starts_on": ON + timedelta(1)},
        {"followed_until": ON - timedelta(1)},
        {"status": "draft"},
    ],
    ids=["to come", "followed no more", "draft"],
)
def test_plans_to_come_or_over_tell_nothing(focal, due, columns):
    plan = {"starts_on": date(2025, 1, 1), "ends_on": date(2027, 12, 31)} | columns
    due(5, commitment=make_commitment(plan=make_plan(**plan)))
    due(-20, commitment=make_commitment(plan=make_plan(**plan)))

    assert told() == set()


@pytest.mark.parametrize("days", [5, -20])
def test_commitment_that_left_its_plan_or_is_to_come_tells_nothing(focal, due, commitment, days):
    milestone = due(days)
    assert told()

    change_plan(commitment, in_plan_until=min(ON, milestone.ends_on) - timedelta(1))
    assert told() == set()

    change_plan(commitment, in_plan_from=ON + timedelta(1), in_plan_until=ON + timedelta(9))
    assert told() == set()


def test_annulled_milestone_tells_nothing(focal, due):
    annul(None, due(5), "Se copió dos veces")

    assert told() == set()


# People.


@pytest.mark.parametrize(
    "change",
    [
        {"is_active": False},
        {"is_staff": False},
        {"email": ""},
        {"password": "!never"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whoever_cannot_come_in_is_told_nothing(focal, due, change):
    due(5)
    assert told()

    type(focal).objects.filter(pk=focal.pk).update(**change)

    assert told() == set()


def test_ended_membership_tells_nothing(focal, due):
    due(5)
    focal.memberships.all().delete()

    assert told() == set()


def test_editor_who_is_a_member_is_told_what_editors_are(due, entity, focal):

    due(5)
    focal.groups.add(Group.objects.get_or_create(name="editors")[0])

    assert told() == set()


def test_auditor_is_told_nothing(due):
    make_auditor(email="auditor@x.example", password=PASSWORD)
    due(-20)

    assert told() == set()


# What SGP answers.


@pytest.fixture
def publisher():
    return make_publisher(email="publica@x.example", password=PASSWORD, first_name="Responsable")


@pytest.fixture
def submitted(focal, due):
    """An update that the focal point submitted."""
    milestone = due(200, on=today())
    says = {"as_of": today(), "status": Update.Status.IN_PROGRESS, "text_es": "Avanza"}
    update = actions.report_progress(
        focal, milestone, **says, document=make_document(), place="p. 1", percent=50
    )
    return actions.submit(focal, update)


def answers(on=None):
    return notices(on or today(), [MailKind.RETURNED, MailKind.PUBLISHED])


def test_return_is_told_with_its_comment_to_whoever_submitted(focal, publisher, submitted):
    colleague = make_focal_point(focal.memberships.get().entity, email="colega@x.example", password=PASSWORD)
    actions.send_back(publisher, submitted, COMMENT)

    [notice] = answers()

    assert (notice.user, notice.kind, notice.on) == (focal, MailKind.RETURNED, today())
    assert (notice.about.comment, notice.about.by) == (COMMENT, "Responsable")
    assert notice.user != colleague


def test_return_is_told_to_colleagues_where_the_author_is_gone(focal, publisher, submitted):
    entity = focal.memberships.get().entity
    colleague = make_focal_point(entity, email="colega@x.example", password=PASSWORD)
    make_focal_point(make_entity(), email="otro@x.example", password=PASSWORD)
    actions.send_back(publisher, submitted, COMMENT)

    focal.is_active = False
    focal.save()

    assert [each.user for each in answers()] == [colleague]


def test_return_is_not_told_to_whoever_left_the_entity(focal, publisher, submitted):
    actions.send_back(publisher, submitted, COMMENT)
    focal.memberships.all().delete()

    assert answers() == []


def test_return_that_was_answered_is_told_no_more_and_a_second_one_is_another(focal, publisher, submitted):
    actions.send_back(publisher, submitted, COMMENT)
    [first] = answers()
    actions.submit(focal, submitted, "Se agregó el acta")
    assert answers() == []

    actions.send_back(publisher, submitted, COMMENT)

    [second] = answers()
    assert first.key != second.key


@pytest.mark.parametrize(("later", "count"), [(14, 1), (15, 0)])
def test_answers_are_news_for_two_weeks(publisher, submitted, later, count):
    actions.send_back(publisher, submitted, COMMENT)

    assert len(answers(today() + timedelta(later))) == count


def test_publication_is_told_to_whoever_submitted(focal, publisher, submitted):
    actions.publish_update(publisher, submitted)

    [notice] = answers()

    assert (notice.user, notice.kind, notice.what) == (focal, MailKind.PUBLISHED, submitted.code)


def test_publication_is_not_told_to_whoever_left_or_of_what_was_annulled(focal, publisher, submitted):
    update = actions.publish_update(publisher, submitted)
    focal_membership = focal.memberships.get()
    focal.memberships.all().delete()
    assert answers() == []

    focal_membership.save(force_insert=True)
    assert answers()
    annul(None, update, "Se informó dos veces")
    assert answers() == []


def test_nobody_is_told_what_he_did_himself(publisher, submitted, settings):
    settings.ONE_PUBLISHER = True
    says = {"as_of": today(), "text_es": "Avanza", "document": make_document(), "place": "p. 1"}
    own = actions.submit(publisher, actions.report_progress(publisher, submitted.milestone, **says))

    actions.publish_update(publisher, own)

    assert answers() == []


# The digest.


def test_digest_goes_to_editors_and_publishers_for_the_week(publisher, due, focal):
    editor = make_editor(email="edita@x.example", password=PASSWORD)
    make_auditor(email="auditor@x.example", password=PASSWORD)
    due(-100)

    found = notices(ON, [MailKind.DIGEST])

    assert {each.user for each in found} == {publisher, editor}
    assert {(each.what, each.on) for each in found} == {("week", date(2026, 11, 23))}


@pytest.mark.parametrize(
    ("on", "monday"), [(date(2026, 11, 29), date(2026, 11, 23)), (date(2026, 11, 30), date(2026, 11, 30))]
)
def test_week_begins_on_monday(publisher, due, on, monday):
    due(-100)

    assert [each.on for each in notices(on, [MailKind.DIGEST])] == [monday]


def test_empty_digest_is_not_sent(publisher, due):
    due(100)

    assert notices(ON, [MailKind.DIGEST]) == []


def test_digest_counts_what_waits_and_what_is_silent_by_who_answers(due, entity):
    other = make_entity()
    for days in (-1, -100, -300):
        due(days)
    waiting = make_submitted(milestone=due(-5, of=other))
    plan = make_plan(starts_on=date(2025, 1, 1), ends_on=date(2026, 12, 31))
    make_milestone(commitment=make_commitment(plan=plan), ends_on=ON - timedelta(9))

    digest = Digest(ON)

    assert list(digest.waiting) == [waiting]
    assert digest.silent == [(entity, 3), (other, 1), (None, 1)]
    assert digest.silent_count == 5


def test_what_is_asked_of_the_database_does_not_grow_with_milestones(
    focal, due, django_assert_max_num_queries
):
    for days in (3, -20):
        due(days)
    with django_assert_max_num_queries(40) as few:
        told()
    for days in (2, 5, 20, -16, -30, -40):
        due(days)

    with django_assert_max_num_queries(len(few)):
        assert len(told()) == 8
