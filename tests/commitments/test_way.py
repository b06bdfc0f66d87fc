"""The way of an update: submitted, returned, taken back, published; whoever comes second is told."""

from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError

from commitments import actions
from commitments.models import Evidence, FirstReading, Milestone, Update
from record.actions import IsAnnulled, IsPublished, Newer, annul, version_of
from record.dates import today
from record.models import Change, Document, Entry
from record.publication import Status
from record.rights import may
from record.writing import NamesDraft, writing
from tests.api import results
from tests.factories import (
    make_document,
    make_editor,
    make_entity,
    make_evidence,
    make_focal_point,
    make_milestone,
    make_publisher,
    make_responsibility,
    make_submitted,
    make_update,
)

pytestmark = pytest.mark.django_db

COMMENT = "Falta el enlace de la norma"
Workflow = Update.Workflow


@pytest.fixture
def ours():
    """A milestone of a commitment that our entity leads."""
    return make_milestone(commitment=make_responsibility(entity=make_entity()).commitment)


@pytest.fixture
def entity(ours):
    return ours.commitment.responsibilities.get().entity


@pytest.fixture
def focal(entity):
    return make_focal_point(entity)


@pytest.fixture
def publisher():
    return make_publisher()


def make_draft(milestone, **columns):
    """Make a draft of the focal point of whoever leads the commitment, where there is one."""
    led = {"memberships__entity__responsibilities__commitment": milestone.commitment}
    with writing(get_user_model().objects.filter(**led).first(), reason="made for a test"):
        said = {"milestone": milestone, "workflow": Workflow.DRAFT, "status": "complete"}
        return make_update(**said | columns)


@pytest.fixture
def submitted(focal, ours):
    return actions.submit(focal, make_draft(ours))


# Submitting.


def test_draft_that_is_submitted_waits_and_nobody_edits_it(focal, publisher, ours):
    draft = make_draft(ours)

    update = actions.submit(focal, draft, seen=version_of(draft))

    assert update.workflow == Workflow.SUBMITTED
    assert Update.objects.waiting().get() == update
    for user in (focal, publisher):
        assert not may(user, "change", update)
        assert not may(user, "delete", update)
    with pytest.raises(actions.IsSubmitted):
        actions.revise(focal, update, {"percent": 5})
    entry = Entry.objects.latest("pk")
    assert (entry.act, entry.by, entry.version) == ("submit", focal, None)
    assert not Change.objects.of(update).public().exists()


def test_evidence_of_what_was_submitted_is_neither_changed_nor_added(focal, submitted):
    proof = make_evidence(update=submitted, status=Status.DRAFT)

    assert not may(focal, "change", proof)
    with pytest.raises(ValidationError):
        Evidence(update=submitted, url="https://www.gob.pe/", document=make_document(), place="p. 1").clean()


def test_of_two_who_submit_the_second_is_told(focal, ours):
    draft = make_draft(ours)
    seen = version_of(draft)
    actions.submit(focal, draft, seen=seen)

    with pytest.raises(Newer):
        actions.submit(focal, draft, seen=seen)
    with pytest.raises(actions.IsSubmitted):
        actions.submit(focal, draft)


def test_what_is_published_or_annulled_is_not_submitted(publisher, ours):
    update = make_update(milestone=ours)

    with pytest.raises(IsPublished):
        actions.submit(publisher, update)
    annul(None, update, "Se publicó por error")
    with pytest.raises(IsAnnulled):
        actions.submit(publisher, update)


def test_nobody_submits_what_is_of_others(focal):
    with pytest.raises(PermissionDenied):
        actions.submit(focal, make_draft(make_milestone()))


@pytest.mark.parametrize(
    "said",
    [
        {"status": "in_progress"},
        {"status": None},
        {"status": "not_started", "as_of": date(2016, 1, 31)},
        {"status": "withdrawn", "as_of": date(2016, 1, 31)},
    ],
)
def test_what_is_behind_is_submitted_with_its_reason_only(focal, ours, said):
    draft = make_draft(ours, **said)

    with pytest.raises(actions.SaysNotWhy):
        actions.submit(focal, draft)
    actions.revise(focal, draft, {"reason_es": "No hubo presupuesto"})
    assert actions.submit(focal, draft).workflow == Workflow.SUBMITTED


def test_what_is_not_due_yet_needs_no_reason(focal, ours):
    draft = make_draft(ours, status="in_progress", as_of=date(2016, 1, 31))

    assert actions.submit(focal, draft).workflow == Workflow.SUBMITTED


# Returning.


def test_update_comes_back_with_a_comment_and_goes_again_with_an_answer(focal, publisher, submitted):
    returned = actions.send_back(publisher, submitted, COMMENT, seen=version_of(submitted))

    assert returned.workflow == Workflow.RETURNED
    last = actions.last_return(returned)
    assert (last.comment, last.by, last.by_name) == (COMMENT, publisher, publisher.get_username())
    assert last.at == Entry.objects.latest("pk").at
    assert list(Update.objects.returned_to(focal)) == [returned]
    actions.revise(focal, returned, {"text_es": "Con enlace"}, seen=version_of(returned))
    again = actions.submit(focal, returned, "Se agregó el enlace")
    assert (again.workflow, again.text_es) == (Workflow.SUBMITTED, "Con enlace")
    assert actions.last_submission(again).reason == "Se agregó el enlace"
    assert actions.last_return(again).comment == COMMENT


def test_neither_comment_nor_answer_becomes_public(client, focal, publisher, submitted):
    returned = actions.send_back(publisher, submitted, COMMENT)
    actions.submit(focal, returned, "Se agregó el enlace")

    actions.publish_update(publisher, submitted)

    public = Change.objects.public().of(submitted)
    assert [change.entry.act for change in public] == ["publish"]
    assert all(COMMENT not in change.entry.reason for change in public)


@pytest.mark.parametrize("comment", ["", "no", None])
def test_nothing_is_returned_without_a_comment(publisher, submitted, comment):
    with pytest.raises(actions.CommentNeeded):
        actions.send_back(publisher, submitted, comment)


def test_only_what_waits_is_returned(publisher, ours):
    with pytest.raises(actions.NotSubmitted):
        actions.send_back(publisher, make_draft(ours), COMMENT)
    with pytest.raises(IsPublished):
        actions.send_back(publisher, make_update(milestone=ours), COMMENT)


def test_focal_point_returns_nothing(focal, submitted):
    with pytest.raises(PermissionDenied):
        actions.send_back(focal, submitted, COMMENT)


def test_of_publishing_and_returning_one_happens(publisher, submitted):
    seen = version_of(submitted)
    actions.publish_update(publisher, submitted, seen=seen)

    with pytest.raises(Newer):
        actions.send_back(publisher, submitted, COMMENT, seen=seen)
    with pytest.raises(IsPublished):
        actions.send_back(publisher, submitted, COMMENT)


@pytest.mark.parametrize("workflow", [Workflow.DRAFT, Workflow.RETURNED])
def test_what_does_not_wait_is_published_by_a_command_only(publisher, ours, workflow):
    update = make_draft(ours, workflow=workflow)

    with pytest.raises(actions.NotSubmitted):
        actions.publish_update(publisher, update)
    assert actions.publish_update(None, update).workflow == Workflow.PUBLISHED


# Taking back.


def test_author_takes_back_what_nobody_opened(focal, submitted):
    taken = actions.take_back(focal, submitted, seen=version_of(submitted))

    assert taken.workflow == Workflow.DRAFT
    assert list(Update.objects.drafts_of(focal)) == [taken]
    assert not Update.objects.waiting().exists()


def test_what_was_opened_is_not_taken_back_until_it_is_submitted_anew(focal, publisher, submitted):
    first = actions.open_to_read(publisher, submitted)
    other = actions.open_to_read(make_publisher(), submitted)

    assert (first.by, other) == (publisher, first)
    with pytest.raises(actions.WasOpened, match=publisher.get_username()):
        actions.take_back(focal, submitted)
    actions.submit(focal, actions.send_back(publisher, submitted, COMMENT))
    assert actions.take_back(focal, submitted).workflow == Workflow.DRAFT
    assert FirstReading.objects.count() == 1


def test_nobody_else_takes_it_back(entity, submitted):
    with pytest.raises(actions.SubmittedByAnother):
        actions.take_back(make_focal_point(entity), submitted)


def test_only_what_waits_is_taken_back_or_opened(focal, publisher, ours):
    draft = make_draft(ours)

    with pytest.raises(actions.NotSubmitted):
        actions.take_back(focal, draft)
    assert actions.open_to_read(publisher, draft) is None
    with pytest.raises(PermissionDenied):
        actions.open_to_read(focal, draft)


# Revising.


def test_revised_draft_says_and_proves_something_else(focal, ours):
    draft = make_draft(ours)
    with writing(focal):
        letter = make_document(status=Status.DRAFT)
        Update.objects.filter(pk=draft.pk).update(document=letter)
    stays, goes = (make_evidence(update=draft, status=Status.DRAFT, document=letter) for _ in range(2))
    other = make_document(status=Status.DRAFT)
    link = {"url": "https://www.gob.pe/1", "document": other, "place": "p. 1"}

    actions.revise(focal, draft, {"percent": 100, "document": other}, [link], {goes.pk})

    draft.refresh_from_db()
    assert (draft.percent, draft.document) == (100, other)
    assert {proof.document for proof in draft.evidence.all()} == {other}
    assert {proof.url for proof in draft.evidence.all()} == {stays.url, link["url"]}
    # Nothing names the first letter any more.
    assert not Document.everything.filter(pk=letter.pk).exists()


def test_revised_draft_does_not_publish_itself(focal, ours):
    with pytest.raises(PermissionDenied):
        actions.revise(focal, make_draft(ours), {"workflow": Workflow.PUBLISHED})


def test_letter_is_published_with_what_it_tells(client, publisher, ours):
    letter = make_document(status=Status.DRAFT)
    update = make_submitted(milestone=ours, document=letter)
    address = letter.get_absolute_url()

    before = client.get(address).status_code
    actions.publish_update(publisher, update)

    assert (before, client.get(address).status_code) == (404, 200)


# Lists.


def test_what_waits_longest_stands_first(focal, ours):
    second, first = make_draft(ours), make_draft(ours)
    for draft in (first, second):
        actions.submit(focal, draft)

    waiting = list(Update.objects.waiting())

    assert waiting == [first, second]
    assert waiting[0].submitted_at == actions.last_submission(first).at


def test_drafts_are_of_the_entity_or_of_whoever_of_sgp_wrote_them(focal, entity, ours):
    editor = make_editor()
    own = actions.report_progress(
        editor,
        make_milestone(),
        as_of=date(2016, 1, 1),
        status="complete",
        document=make_document(),
        place="p. 1",
    )
    of_entity = make_draft(ours)

    assert list(Update.objects.drafts_of(editor)) == [own]
    assert list(Update.objects.drafts_of(focal)) == [of_entity]
    assert list(Update.objects.drafts_of(make_focal_point(entity))) == [of_entity]
    assert not Update.objects.returned_to(editor).exists()


@pytest.mark.parametrize("workflow", [Workflow.DRAFT, Workflow.SUBMITTED, Workflow.RETURNED])
def test_public_reads_nothing_of_what_is_on_its_way(client, ours, workflow):
    update = make_draft(ours, workflow=workflow, text_es="Palabras en camino")
    make_evidence(update=update, status=Status.DRAFT, url="https://www.gob.pe/en-camino")

    assert results(client, "updates/", "id") == []
    assert client.get(f"/api/v1/updates/{update.code}/").status_code == 404
    assert Milestone.objects.with_state(today()).get(pk=ours.pk).status == "unreported"
    page = client.get(ours.commitment.get_absolute_url()).content.decode()
    assert "camino" not in page


def test_what_is_published_has_no_source_that_is_not(ours):
    letter = make_document(status=Status.DRAFT)

    with pytest.raises(NamesDraft), writing(reason="Se copió de otro documento"):
        Milestone.objects.filter(pk=ours.pk).update(document=letter)
    with pytest.raises(NamesDraft):
        make_milestone(commitment=ours.commitment, document=letter)
    make_update(milestone=ours, document=letter, workflow=Workflow.DRAFT)
