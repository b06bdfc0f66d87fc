"""The desk of a focal point."""

from datetime import timedelta

import pytest
from django.urls import reverse

from commitments import actions
from commitments.models import Update
from entities.models import Membership
from ogp_portal.desk import addresses
from ogp_portal.desk.section import MOST
from record.actions import annul
from record.dates import today
from record.publication import Status
from record.writing import writing
from tests.admin_pages import act
from tests.desk.rows import client_of, draft_by, lines_of, milestone_of, section_of, submitted_by
from tests.factories import (
    change_plan,
    make_commitment,
    make_editor,
    make_entity,
    make_focal_point,
    make_milestone,
    make_milestone_responsible,
    make_plan,
    make_publisher,
    make_responsibility,
    make_update,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def entity():
    return make_entity(acronym="MINSA", name_es="Ministerio de Salud")


@pytest.fixture
def user(entity):
    return make_focal_point(entity, first_name="Punto", last_name="Focal")


@pytest.fixture
def client(user):
    return client_of(user)


def codes(rows):
    return [row.code for row in rows]


# Milestones.


def test_it_is_the_start_page_and_says_for_whom_one_reports(client, entity):
    response = client.get(reverse("admin:index"))

    assert response.request["PATH_INFO"] == "/admin/"
    assert [each.slug for each in response.context["sections"]] == [
        *("past-due", "due", "returned", "drafts", "waiting", "published")
    ]
    assert str(entity) in response.content.decode()


def test_milestones_stand_by_urgency_and_others_do_not(client, entity):
    late, soon = milestone_of(entity, -5), milestone_of(entity, 20)
    milestone_of(entity, 31)
    milestone_of(entity)
    milestone_of(make_entity(), -5)
    make_update(milestone=milestone_of(entity, -5), status="complete", as_of=today())
    make_update(milestone=milestone_of(entity, 5), status="withdrawn", as_of=today())

    assert lines_of(client, "past-due") == [late]
    assert lines_of(client, "due") == [soon]
    assert section_of(client, "due").more["all"] == 6


def test_who_answers_is_the_rule_of_the_record(client, entity):
    """A lead answers where the milestone names nobody; what another answers for is not his."""
    led = make_responsibility(entity=entity).commitment
    mine = make_milestone(commitment=led, ends_on=today() - timedelta(days=3))
    milestone_of(make_entity(), -3, commitment=led)

    assert lines_of(client, "past-due") == [mine]


def test_what_nobody_has_to_do_any_more_or_yet_is_not_asked_for(client, entity):
    day = timedelta(days=1)
    to_come = make_plan(starts_on=today() + 9 * day, ends_on=today() + 99 * day)
    milestone_of(entity, 12, commitment=make_commitment(plan=to_come))
    gone = make_commitment()
    milestone_of(entity, -3, commitment=gone)
    change_plan(gone, in_plan_until=today() - 10 * day)
    draft = make_commitment(plan=make_plan(status=Status.DRAFT))
    milestone_of(entity, -3, commitment=draft)
    annulled = milestone_of(entity, -3)
    annul(None, annulled, "Se registró dos veces el mismo hito")

    assert lines_of(client, "past-due") == []
    assert lines_of(client, "due") == []


def test_the_newest_plan_stands_first_with_its_count(client, entity):
    old, new = make_plan(number=801), make_plan(number=802)
    of_old = milestone_of(entity, -900, commitment=make_commitment(plan=old))
    of_new = [milestone_of(entity, -days, commitment=make_commitment(plan=new)) for days in (9, 3)]

    section = section_of(client, "past-due")

    assert section.lines == [*of_new, of_old]
    assert section.more["by_plan"]
    assert [each.of_plan for each in section.lines] == [2, 2, 1]


def test_each_milestone_has_the_one_thing_to_do(client, user, entity):
    fresh, drafted, sent, back = (milestone_of(entity, -9) for _each in range(4))
    draft = draft_by(user, drafted)
    submitted_by(user, sent)
    returned = submitted_by(user, back)
    actions.send_back(make_publisher(), returned, "Falta la evidencia del hito")

    found = {each.pk: each.to_do for each in lines_of(client, "past-due")}

    assert found[fresh.pk][1] == addresses.report_on(fresh) == f"/admin/informar/{fresh.code}/"
    assert found[drafted.pk][1] == addresses.go_on_with(draft) == f"/admin/informar/avance/{draft.code}/"
    assert found[sent.pk] is None
    assert found[back.pk][1] == addresses.go_on_with(returned)


# What was written.


def test_what_was_returned_says_why_by_whom_and_when(client, user, entity):
    update = submitted_by(user, milestone_of(entity, -9))
    reviewer = make_publisher(first_name="Revisora", last_name="Uno")
    actions.send_back(reviewer, update, "La fecha no coincide con el oficio")

    [line] = lines_of(client, "returned")
    page = client.get("/admin/").content.decode()

    assert (line, line.comment) == (update, "La fecha no coincide con el oficio")
    assert line.told[0] == "Revisora Uno"
    assert line.comment in page and "Revisora Uno" in page


def test_drafts_and_what_waits_are_told_apart(client, user, entity):
    draft = draft_by(user, milestone_of(entity, -9))
    sent = submitted_by(user, milestone_of(entity, -9))
    published = submitted_by(user, milestone_of(entity, -9))
    actions.publish_update(make_publisher(), published)

    assert lines_of(client, "drafts") == [draft]
    assert lines_of(client, "waiting") == [sent]
    assert lines_of(client, "returned") == []


def test_what_waits_is_taken_back_by_its_author_until_somebody_opened_it(client, user, entity):
    update = submitted_by(user, milestone_of(entity, -9))
    colleague = client_of(make_focal_point(entity))

    assert lines_of(client, "waiting")[0].to_do[1] == addresses.take_back(update)
    assert not hasattr(lines_of(colleague, "waiting")[0], "to_do")
    actions.open_to_read(make_publisher(), update)
    [line] = lines_of(client, "waiting")
    assert line.reading and not hasattr(line, "to_do")


def test_drafts_of_others_are_never_seen(client, entity):
    """Those of SGP, and those of another entity on a milestone for which both answer."""
    other = make_entity()
    shared = milestone_of(entity, -9)
    make_milestone_responsible(milestone=shared, entity=other)
    draft_by(make_focal_point(other), shared, text_es="Palabras de otra entidad")
    draft_by(make_editor(), shared, text_es="Palabras de la secretaría")

    assert lines_of(client, "drafts") == []
    assert lines_of(client, "past-due")[0].open_update is None
    assert "Palabras de" not in client.get("/admin/").content.decode()


# Accounts.


def test_an_account_whose_entities_ended_is_told_so(user, client):
    Membership.objects.filter(user=user).delete()

    page = client.get("/admin/")

    assert page.context["sections"] == []
    assert b'id="no-role"' in page.content


# How much.


def test_a_section_has_so_many_lines_and_counts_all(client, entity):
    commitment = make_commitment()
    for _each in range(MOST + 3):
        with writing(reason="made for a test"):
            milestone_of(entity, -9, commitment=commitment)

    section = section_of(client, "past-due")

    assert (len(section.lines), section.total, section.is_cut) == (MOST, MOST + 3, True)
    assert "mine=yes" in section.address and "urgency=past_due" in section.address
    assert len(client.get(section.address).context["cl"].result_list) == MOST + 3


def test_what_was_published_lately_stands_there_with_the_way_to_correct_it(client, user, entity):
    published = [submitted_by(user, milestone_of(entity, -9)) for _each in range(2)]
    others = make_entity()
    of_others = submitted_by(make_focal_point(others), milestone_of(others, -9))
    for update in (*published, of_others):
        actions.publish_update(make_publisher(), update)
    # What was loaded nobody published just now.
    make_update(milestone=published[0].milestone)

    lines = lines_of(client, "published")

    assert lines == published[::-1]
    assert lines[0].to_do[1] == addresses.correct(published[1])
    page = client.get(addresses.correct(published[1]))
    assert page.status_code == 200
    act(client, published[1], "correct", reason="El porcentaje era otro")
    assert lines_of(client, "published") == published[:1]


def test_what_was_published_long_ago_leaves_the_desk(client, user, entity, monkeypatch):
    update = submitted_by(user, milestone_of(entity, -9))
    actions.publish_update(make_publisher(), update)
    assert lines_of(client, "published") == [update]

    monkeypatch.setattr("ogp_portal.desk.reporting.LATELY", timedelta(days=-1))

    assert lines_of(client, "published") == []


def test_the_desk_asks_as_often_for_many_milestones_as_for_few(
    client, user, entity, django_assert_max_num_queries
):
    def grow(times):
        for _each in range(times):
            with writing(reason="made for a test"):
                *milestones, _due, _later = (milestone_of(entity, days) for days in (-9, -9, -9, -9, -9, 9))
            actions.publish_update(make_publisher(), submitted_by(user, milestones.pop()))
            draft_by(user, milestones.pop())
            submitted_by(user, milestones.pop())
            back = submitted_by(user, milestones.pop())
            with writing(reason="made for a test"):
                Update.objects.filter(pk=back.pk).update(workflow=Update.Workflow.RETURNED)

    grow(2)
    client.get("/admin/")
    counts = []
    for times in (0, 8):
        grow(times)
        with django_assert_max_num_queries(35) as asked:
            client.get("/admin/")
        counts.append(len(asked))

    assert counts[0] == counts[1]
