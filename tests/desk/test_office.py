"""The desk of SGP and of auditors, and what an account without a role is told."""

from datetime import timedelta
from itertools import count as numbered

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from commitments import actions
from commitments.letters import PLACE, Letter, LetterKind
from commitments.models import Commitment, Update
from ogp_portal.desk.section import MOST
from record.dates import today
from record.models import Proposal
from record.publication import Status
from record.writing import writing
from tests.admin_pages import address
from tests.desk.rows import client_of, draft_by, lines_of, milestone_of, section_of, submitted_by
from tests.factories import (
    change_plan,
    make_assessment,
    make_auditor,
    make_commitment,
    make_editor,
    make_entity,
    make_focal_point,
    make_milestone,
    make_milestone_responsible,
    make_plan,
    make_publisher,
    make_report,
    make_responsibility,
    make_update,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def entity():
    return make_entity(acronym="MINSA", name_es="Ministerio de Salud")


@pytest.fixture
def author(entity):
    return make_focal_point(entity, first_name="Punto", last_name="Focal")


@pytest.fixture(params=[make_publisher, make_editor], ids=["publisher", "editor"])
def client(request):
    return client_of(request.param())


def in_plan(number, days=-400):
    """Make a commitment of a plan that began so many days ago."""
    start = today() + timedelta(days=days)
    plan = make_plan(number=number, starts_on=start, ends_on=start + timedelta(days=800))
    return make_commitment(plan=plan)


# Waiting for review.


def test_what_waits_longest_stands_first_with_who_sent_it(client, author, entity):
    first, second = (submitted_by(author, milestone_of(entity, -9)) for _each in range(2))
    actions.take_back(author, first)
    actions.submit(author, first)
    draft_by(author, milestone_of(entity, -9))

    lines = lines_of(client, "review")

    assert lines == [second, first]
    assert {line.sender for line in lines} == {"Punto Focal"}
    assert lines[0].milestone.answering == [entity]
    assert lines[0].address == f"/admin/informar/revisar/{second.code}/"


def test_the_desk_opens_nothing_and_says_who_opened(client, author, entity):
    update = submitted_by(author, milestone_of(entity, -9))

    assert lines_of(client, "review")[0].reading is None
    assert not update.first_readings.exists()
    actions.open_to_read(make_editor(), update)
    assert lines_of(client, "review")[0].reading is not None


def test_own_words_are_marked(entity):
    user = make_publisher()
    submitted_by(user, milestone_of(entity, -9))

    assert lines_of(client_of(user), "review")[0].is_own
    assert not lines_of(client_of(make_publisher()), "review")[0].is_own


# Silent.


def test_entities_are_told_with_how_many_and_who_reports_there(client, author, entity):
    for days in (-9, -8, 7):
        milestone_of(entity, days)
    ended = make_focal_point(entity, first_name="Cuenta", last_name="Terminada")
    type(ended).objects.filter(pk=ended.pk).update(is_active=False)
    nobody = make_entity(acronym="MINEDU")
    milestone_of(nobody, -9)
    make_update(milestone=milestone_of(nobody, -9), status=None, as_of=today())
    make_milestone(ends_on=today() - timedelta(days=3))

    section = section_of(client, "silent")

    assert [(line["name"], line["people"]) for line in section.lines] == [
        ("MINSA", ["Punto Focal"]),
        ("MINEDU", []),
        (None, []),
    ]
    assert [[count for count, _address in line["cells"]] for line in section.lines] == [
        [2, 1],
        [1, 0],
        [1, 0],
    ]
    assert [count for count, _address in section.more["totals"]] == [4, 1]


def test_a_line_leads_to_as_many_milestones_as_it_counts(client, entity):
    for days in (-9, -8, 7):
        milestone_of(entity, days)
    milestone_of(make_entity(), -9)

    for count, list_address in lines_of(client, "silent")[0]["cells"]:
        assert len(client.get(list_address).context["cl"].result_list) == count
    for count, list_address in section_of(client, "silent").more["totals"]:
        assert len(client.get(list_address).context["cl"].result_list) == count


def test_one_for_which_several_answer_is_counted_with_each_and_once_in_all(client, entity):
    milestone = milestone_of(entity, -9)
    make_milestone_responsible(milestone=milestone, entity=make_entity())

    section = section_of(client, "silent")

    assert len(section.lines) == 2
    assert section.more["totals"][0][0] == 1


def test_printed_names_stand_without_a_list(client):
    led = make_responsibility(name_as_printed="Varias municipalidades").commitment
    make_milestone(commitment=led, ends_on=today() - timedelta(days=3))

    [line] = lines_of(client, "silent")

    assert line["name"] == "Varias municipalidades"
    assert not any(list_address for _count, list_address in line["cells"])


# Resting.


def test_commitments_without_a_next_milestone_or_a_word_rest(client):
    moves = in_plan(901)
    make_update(milestone=milestone_of(make_entity(), 40, commitment=moves), as_of=today())
    no_next = in_plan(902)
    make_update(milestone=milestone_of(make_entity(), -40, commitment=no_next), as_of=today())
    quiet = in_plan(903)
    milestone_of(make_entity(), 40, commitment=quiet)
    empty = in_plan(904)
    # Promised less than 180 days ago nobody has to have spoken.
    milestone_of(make_entity(), 40, commitment=in_plan(905, days=-100))
    in_plan(906, days=3)

    assert lines_of(client, "resting") == [empty, quiet, no_next]
    for rest, rows in {"no_next": {empty, no_next}, "quiet": {empty, quiet}}.items():
        found = client.get(address(Commitment, "changelist"), {"rest": rest}).context["cl"].result_list
        assert set(found) == rows


def test_a_new_end_that_was_announced_is_a_next_milestone(client):
    commitment = in_plan(901)
    later = {"new_end_on": today() + timedelta(days=40), "reason_es": "Se reprogramó el hito"}
    make_update(milestone=milestone_of(make_entity(), -40, commitment=commitment), as_of=today(), **later)

    assert lines_of(client, "resting") == []


def test_what_is_done_or_left_the_plan_does_not_rest(client):
    judged, done, gone, withdrawn = (in_plan(number) for number in range(901, 905))
    make_assessment(report=make_report(plan=judged.plan, cutoff_on=today()), commitment=judged)
    withdrawn_in = make_report(plan=withdrawn.plan, cutoff_on=today())
    make_assessment(report=withdrawn_in, commitment=withdrawn, level="withdrawn", level_as_printed="Retirado")
    make_update(milestone=milestone_of(make_entity(), -9, commitment=done), status="complete", as_of=today())
    change_plan(gone, in_plan_until=today() - timedelta(days=10))

    assert lines_of(client, "resting") == []


def test_a_commitment_says_its_last_word_whoever_said_it(client):
    commitment = in_plan(901)
    report = make_report(plan=commitment.plan, cutoff_on=today() - timedelta(days=200))
    make_assessment(report=report, commitment=commitment, level="limited", level_as_printed="Limitado")
    assert lines_of(client, "resting")[0].last_word_on == today() - timedelta(days=200)

    day = today() - timedelta(days=190)
    make_update(milestone=milestone_of(make_entity(), -40, commitment=commitment), as_of=day)
    assert lines_of(client, "resting")[0].last_word_on == day


# Own reports.


@pytest.mark.parametrize("make", [make_publisher, make_editor])
def test_what_somebody_of_sgp_began_himself_stands_on_his_desk_only(make, entity):
    user = make(first_name="Quien", last_name="Corrige")
    begun = draft_by(user, milestone_of(entity, -9))
    back = submitted_by(user, milestone_of(entity, -9))
    actions.send_back(make_editor(), back, "Falta el oficio que lo prueba")

    desk, other = client_of(user), client_of(make_editor())

    assert (lines_of(desk, "drafts"), lines_of(desk, "returned")) == ([begun], [back])
    assert not {"drafts", "returned"} & {each.slug for each in other.get("/admin/").context["sections"]}


# What is lacking, proposals, mail.


def test_what_is_lacking_is_counted_with_the_way_to_it(client):
    make_milestone(ends_on=None)

    section = section_of(client, "lacking")

    with translation.override("en"):
        counts = {str(title): (count, of) for title, count, of in section.lines}
    assert counts["Milestones without a planned end"] == (1, 1)
    assert section.address == reverse("admin-missing")


def test_publishers_are_told_that_no_mail_is_sent(settings):
    publisher, editor = client_of(make_publisher()), client_of(make_editor())

    assert b'id="no-mail"' in publisher.get("/admin/").content
    assert b'id="no-mail"' not in editor.get("/admin/").content
    settings.EMAIL_URL = "smtp://mail.example"
    assert b'id="no-mail"' not in publisher.get("/admin/").content


@pytest.mark.parametrize("make", [make_publisher, make_editor])
def test_proposals_are_led_to_from_the_desks_that_read_them(make):
    row = make_commitment()
    label = row._meta.label_lower
    Proposal.objects.create(by=make_editor(), model=label, object_id=row.pk, name=row.code)

    assert client_of(make()).get("/admin/").context["proposals"][0] == 1


# Other roles.


def test_an_auditor_reads_the_last_changes_and_no_lists_of_work(author, entity):
    update = submitted_by(author, milestone_of(entity, -9))
    publisher = make_publisher(first_name="Quien", last_name="Publica")
    actions.publish_update(publisher, update)
    client = client_of(make_auditor())

    response = client.get("/admin/")
    [section] = response.context["sections"]

    assert section.slug == "changes"
    assert (section.lines[0].who, section.lines[0].first_name) == ("Quien Publica", update.code)
    assert section.lines[0].history == address(update, "history")
    assert client.get(section.lines[0].history).status_code == 200
    assert client.get(reverse("admin-review")).status_code == 403


def test_a_report_is_named_by_its_code_and_not_by_its_letter(author, entity):
    milestone = milestone_of(entity, -9)
    with writing(author, ""):
        letter = Letter(LetterKind.OFICIO, "101-2026", today()).document(entity)
        said = {"status": "complete", "text_es": "Se aprobó", "as_of": today()}
        update = actions.report_progress(author, milestone, [], document=letter, place=PLACE, **said)

    [line, *_others] = lines_of(client_of(make_auditor()), "changes")

    assert (line.first_name, line.others) == (update.code, 1)


def test_an_entry_of_many_rows_counts_the_others():
    with writing(reason="made for a test"):
        for _each in range(3):
            make_entity()

    assert lines_of(client_of(make_auditor()), "changes")[0].others == 2


@pytest.mark.parametrize(
    ("make", "reads"), [(make_publisher, True), (make_auditor, True), (make_editor, False)]
)
def test_who_reads_accounts_is_led_to_them(make, reads):
    contents = client_of(make()).get(reverse("admin:index")).content.decode().split("</nav>")[0]

    assert (reverse("admin:auth_user_changelist") in contents) is reads


def test_an_account_without_a_role_is_told_whom_to_ask(settings):
    settings.PORTAL_CONTACT = "contacto@entidad.example"

    response = client_of(make_user()).get("/admin/")

    assert response.context["sections"] == []
    assert b'id="no-role"' in response.content
    assert b"contacto@entidad.example" in response.content


def test_a_superuser_has_the_desk_of_a_publisher(admin_client):
    assert section_of(admin_client, "review") is not None


def test_nobody_is_shown_a_desk_without_signing_in(db):
    assert Client().get("/admin/").status_code == 302


# How much.


def test_the_desk_asks_as_often_for_many_rows_as_for_few(author, entity, django_assert_max_num_queries):
    clients, numbers = [client_of(make_publisher()), client_of(make_auditor())], numbered(2000)

    def grow(times):
        for _each in range(times):
            with writing(reason="made for a test"):
                commitment = in_plan(next(numbers))
                make_responsibility(commitment=commitment)
                milestone = milestone_of(entity, -9, commitment=commitment)
                milestone_of(make_entity(), -9, commitment=commitment)
            submitted_by(author, milestone)

    # What is cut is counted too.
    grow(MOST + 1)
    counts = []
    for client in clients:
        client.get("/admin/")
    for times in (0, MOST):
        grow(times)
        for client in clients:
            with django_assert_max_num_queries(45) as asked:
                client.get("/admin/")
            counts.append(len(asked))

    assert counts[:2] == counts[2:]
    assert Update.objects.count() == 2 * MOST + 1


def test_drafts_of_the_secretariat_are_counted_with_nobody(client, entity):
    draft = make_commitment(plan=make_plan(status=Status.DRAFT))
    milestone_of(entity, -9, commitment=draft)

    assert lines_of(client, "silent") == []
    assert lines_of(client, "resting") == []
