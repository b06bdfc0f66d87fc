"""Reporting, correcting and publishing updates, with what proves them."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from commitments import actions
from commitments.models import Evidence, Milestone, Update
from record.actions import IsAnnulled, IsDraft, IsPublished, Newer, annul, publish, version_of
from record.dates import today
from record.models import Change, Entry
from record.publication import Status
from record.writing import ReasonNeeded, WriteRefused, writing
from tests.api import get, results
from tests.factories import (
    make_auditor,
    make_commitment,
    make_document,
    make_editor,
    make_entity,
    make_evidence,
    make_focal_point,
    make_milestone,
    make_plan,
    make_publisher,
    make_report,
    make_responsibility,
    make_submitted,
    make_update,
)

pytestmark = pytest.mark.django_db

REASON = "Estaba en el hito equivocado"
DAY = date(2017, 9, 30)


@pytest.fixture
def publisher():
    return make_publisher()


@pytest.fixture
def editor():
    return make_editor()


@pytest.fixture
def ours():
    """A milestone of a commitment that our entity leads."""
    return make_milestone(commitment=make_responsibility(entity=make_entity()).commitment)


@pytest.fixture
def focal(ours):
    return make_focal_point(ours.commitment.responsibilities.get().entity)


def said(**columns):
    return {"as_of": DAY, "status": "in_progress", "document": make_document(), "place": "p. 1"} | columns


def submitted(draft):
    """Submit a correction, and return it."""
    with writing():
        Update.objects.filter(pk=draft.pk).update(workflow=Update.Workflow.SUBMITTED)
    return draft


def state(milestone):
    return Milestone.objects.with_state(today()).get(pk=milestone.pk)


# Reporting.


def test_report_of_a_focal_point_is_a_draft_with_its_evidence(focal, ours):
    proof = {"url": "https://www.gob.pe/", "document": make_document(), "place": "p. 2"}

    update = actions.report_progress(focal, ours, [proof], **said(text_es="Avanza"))

    evidence = update.evidence.get()
    assert (update.code, update.workflow) == (f"{ours.code}-u1", Status.DRAFT)
    assert (evidence.code, evidence.status) == (f"{ours.code}-u1-e1", Status.DRAFT)
    entry = Entry.objects.latest("pk")
    assert (entry.act, entry.by, entry.version) == ("report", focal, None)


def test_number_and_code_of_what_was_annulled_are_not_given_again(ours):
    update = make_update(milestone=ours, number=4)
    evidence = make_evidence(milestone=ours, code=f"{ours.code}-e4")
    annul(None, update, REASON)
    annul(None, evidence, REASON)

    added = actions.report_progress(None, ours, **said())
    proof = Evidence(milestone=ours)
    with writing():
        actions.give_code(proof)

    assert (added.number, proof.code) == (5, f"{ours.code}-e5")


def test_whoever_reports_publishes_nothing_by_that(ours):
    update = actions.report_progress(None, ours, **said(workflow=Status.PUBLISHED))

    assert update.workflow == Status.DRAFT


def test_nobody_reports_on_a_milestone_of_others(focal):
    with pytest.raises(PermissionDenied):
        actions.report_progress(focal, make_milestone(), **said())


def test_focal_point_copies_no_report(focal, ours):
    with pytest.raises(PermissionDenied):
        actions.report_progress(focal, ours, **said(report=make_report(plan=ours.commitment.plan)))


def test_staff_without_the_right_to_add_updates_reports_nothing(ours):
    with pytest.raises(PermissionDenied):
        actions.report_progress(make_auditor(), ours, **said())


def test_nothing_is_reported_on_an_annulled_milestone(ours):
    annulled = annul(None, ours, REASON)

    with pytest.raises(IsAnnulled):
        actions.report_progress(None, annulled, **said())


@pytest.mark.parametrize(
    "wrong",
    [
        {"as_of": date(2999, 1, 1)},
        {"status": None},
        {"percent": 101},
        {"new_end_on": date(2018, 1, 1)},
        {"text_es": "Escriba a a@b.pe"},
    ],
)
def test_report_that_says_nothing_that_can_be_is_refused(ours, wrong):
    with pytest.raises(ValidationError):
        actions.report_progress(None, ours, **said(**wrong))

    assert not Update.objects.exists()


def test_report_is_refused_with_evidence_that_leads_nowhere(ours):
    with pytest.raises(ValidationError):
        actions.report_progress(
            None, ours, [{"url": "no es", "document": make_document(), "place": "p. 1"}], **said()
        )

    assert not Update.objects.exists()


# Publishing.


def test_update_is_published_with_its_evidence_in_one_entry(client, publisher, ours):
    update = make_submitted(milestone=ours)
    evidence = make_evidence(update=update, status=Status.DRAFT)
    before = results(client, "evidence/", "code")

    actions.publish_update(publisher, update, seen=version_of(update))

    change = Change.objects.of(update).last()
    assert before == []
    assert results(client, "evidence/", "code") == [evidence.code]
    assert results(client, "updates/", "id") == [update.code]
    assert change.entry == Change.objects.of(evidence).last().entry
    assert (change.entry.act, change.entry.as_of) == ("publish", update.as_of)


def test_evidence_of_a_draft_is_not_published_before_it(publisher, ours):
    evidence = make_evidence(update=make_update(milestone=ours, workflow=Status.DRAFT), status=Status.DRAFT)

    with pytest.raises(WriteRefused, match=evidence.update.code):
        publish(publisher, evidence)


def test_evidence_that_came_later_is_a_draft_until_it_is_published(client, publisher, ours):
    update = make_update(milestone=ours)
    evidence = make_evidence(update=update, status=Status.DRAFT)
    of_milestone = make_evidence(milestone=ours, status=Status.DRAFT)
    pages = [f"updates/{update.code}/", f"commitments/{ours.commitment.code}/"]

    before = [get(client, page)["evidence"] for page in pages]
    publish(publisher, evidence)
    publish(publisher, of_milestone)

    assert before == [[], []]
    assert [len(get(client, page)["evidence"]) for page in pages] == [1, 2]


def test_draft_evidence_stands_on_no_page_and_proves_nothing(client, ours):
    update = make_update(milestone=ours)
    make_evidence(update=update, status=Status.DRAFT, url="https://borrador.gob.pe/1")
    make_evidence(milestone=ours, status=Status.DRAFT, url="https://borrador.gob.pe/2")
    make_evidence(commitment=ours.commitment, status=Status.DRAFT, url="https://borrador.gob.pe/3")

    page = client.get(ours.commitment.get_absolute_url()).content.decode()

    assert "borrador" not in page
    assert get(client, f"milestones/{ours.code}/")["evidence_count"] == 0
    assert Milestone.objects.lacking_evidence(today()).get() == ours


@pytest.mark.parametrize("change", ["text", "new evidence", "changed evidence", "deleted evidence"])
def test_update_that_its_author_changed_meanwhile_is_not_published(publisher, ours, change):
    update = make_update(milestone=ours, workflow=Status.DRAFT)
    evidence = make_evidence(update=update, status=Status.DRAFT)
    seen = version_of(update)
    with writing():
        match change:
            case "text":
                Update.objects.filter(pk=update.pk).update(text_es="Otro")
            case "new evidence":
                make_evidence(update=update, status=Status.DRAFT)
            case "changed evidence":
                Evidence.objects.update(url="https://otro.gob.pe/")
            case "deleted evidence":
                evidence.delete()

    with pytest.raises(Newer):
        actions.publish_update(publisher, update, seen=seen)

    update.refresh_from_db()
    assert update.workflow == Status.DRAFT


def test_focal_point_publishes_nothing(focal, ours):
    update = make_update(milestone=ours, workflow=Status.DRAFT)

    with pytest.raises(PermissionDenied):
        actions.publish_update(focal, update)


def test_published_update_is_not_published_again(publisher, ours):
    with pytest.raises(IsPublished):
        actions.publish_update(publisher, make_update(milestone=ours))


# Correcting.


def test_correction_says_what_it_corrects_says_but_for_what_was_wrong(editor, ours):
    wrong = make_update(milestone=ours, number=1, percent=40, text_es="Dicho", as_of=DAY)
    proof = make_evidence(update=wrong, code=f"{wrong.code}-e1", url="https://www.gob.pe/1")
    make_evidence(update=wrong, status=Status.DRAFT)

    draft = actions.correct(editor, wrong, {"percent": 60}, reason="El porcentaje era otro")

    copied = draft.evidence.get()
    wrong.refresh_from_db()
    assert (draft.milestone, draft.number, draft.corrects) == (ours, 2, wrong)
    assert (draft.percent, draft.text_es, draft.as_of, draft.workflow) == (60, "Dicho", DAY, Status.DRAFT)
    assert (copied.code, copied.url, copied.status) == (f"{draft.code}-e1", proof.url, Status.DRAFT)
    assert (copied.document, copied.place) == (proof.document, proof.place)
    assert wrong.percent == 40


def test_published_correction_takes_the_place_of_what_it_corrects(client, publisher, editor, ours):
    wrong = make_update(milestone=ours, number=1, status="complete", as_of=DAY)
    make_evidence(update=wrong)
    draft = actions.correct(editor, wrong, {"status": "in_progress"}, reason="No se completó aún")
    before = state(ours).status

    actions.publish_update(publisher, submitted(draft), "No se completó aún", seen=version_of(draft))

    entry = Change.objects.of(draft).last().entry
    assert (before, state(ours).status) == ("complete", "in_progress")
    assert (entry.act, entry.as_of, entry.reason) == ("correct", DAY, "No se completó aún")
    assert len(get(client, f"updates/{draft.code}/")["evidence"]) == 1
    assert get(client, f"updates/{draft.code}/")["corrects"] == wrong.code
    page = client.get(ours.commitment.get_absolute_url(), headers={"accept-language": "en"}).content.decode()
    assert wrong.code in page


def test_word_on_the_wrong_milestone_moves_to_the_right_one(client, publisher, editor, ours):
    right = make_milestone(commitment=ours.commitment)
    other = make_update(milestone=right, number=1, status="not_started", as_of=DAY)
    wrong = make_update(milestone=ours, status="complete", as_of=DAY)
    draft = actions.correct(editor, wrong, reason=REASON, milestone=right)

    assert results(client, "updates/", "id", milestone=ours.code) == [wrong.code]
    actions.publish_update(publisher, submitted(draft), REASON)

    wrong.refresh_from_db()
    annulled, published = Change.objects.of(wrong).last(), Change.objects.of(draft).last()
    assert wrong.is_annulled
    assert (annulled.action, published.action) == ("annulled", "published")
    assert annulled.entry == published.entry
    assert results(client, "updates/", "id", milestone=ours.code) == []
    assert results(client, "updates/", "id", milestone=right.code) == [other.code, draft.code]
    # Of the same day as another word there: the higher number wins (rule 4).
    assert (state(ours).status, state(right).status) == ("unreported", "complete")
    assert get(client, f"updates/{draft.code}/")["corrects"] == wrong.code


def test_correction_of_an_earlier_word_does_not_become_the_last_one(publisher, editor, ours):
    wrong = make_update(milestone=ours, number=1, status="not_started", as_of=date(2016, 6, 30))
    make_update(milestone=ours, number=2, status="complete", as_of=DAY)

    draft = actions.correct(editor, wrong, {"status": "in_progress"}, reason="Ya había empezado")
    actions.publish_update(publisher, submitted(draft), "Ya había empezado")

    assert state(ours).status == "complete"
    on = Milestone.objects.with_state(date(2016, 12, 31)).get(pk=ours.pk)
    assert (on.status, on.last_reported_on) == ("in_progress", date(2016, 6, 30))


def test_annulled_correction_lets_the_corrected_word_stand_again(publisher, editor, ours):
    wrong = make_update(milestone=ours, number=1, status="complete", as_of=DAY)
    draft = actions.correct(editor, wrong, {"status": "in_progress"}, reason="No se completó aún")
    actions.publish_update(publisher, submitted(draft), "No se completó aún")

    annul(publisher, draft, "Sí se había completado")

    assert state(ours).status == "complete"


def test_correction_speaks_of_the_day_of_what_it_corrects(editor, ours):
    wrong = make_update(milestone=ours)

    with pytest.raises(actions.DayStays):
        actions.correct(editor, wrong, {"as_of": date(2016, 1, 31)}, reason=REASON)
    with pytest.raises(ValidationError) as error:
        make_update(milestone=ours, corrects=wrong, as_of=date(2016, 1, 31)).clean()
    assert "as_of" in error.value.message_dict


def test_only_what_is_published_is_corrected(publisher, editor, ours):
    draft, annulled = make_update(milestone=ours, workflow=Status.DRAFT), make_update(milestone=ours)
    annul(publisher, annulled, REASON)

    with pytest.raises(IsDraft):
        actions.correct(editor, draft, reason=REASON)
    with pytest.raises(IsAnnulled):
        actions.correct(editor, annulled, reason=REASON)
    with pytest.raises(ValidationError) as error:
        make_update(milestone=ours, corrects=draft).clean()
    assert "corrects" in error.value.message_dict


def test_update_is_not_corrected_twice(publisher, editor, ours):
    wrong = make_update(milestone=ours)
    first = actions.correct(editor, wrong, {"percent": 1}, reason=REASON)

    with pytest.raises(actions.BeingCorrected, match=first.code):
        actions.correct(editor, wrong, {"percent": 2}, reason=REASON)
    actions.publish_update(publisher, submitted(first), REASON)
    with pytest.raises(actions.Corrected, match=first.code):
        actions.correct(editor, wrong, {"percent": 2}, reason=REASON)
    # Also a draft that came another way.
    second = make_submitted(milestone=ours, corrects=wrong)
    with pytest.raises(WriteRefused, match=first.code):
        actions.publish_update(publisher, second, REASON)


@pytest.mark.parametrize("reason", ["", "x"])
def test_nothing_is_corrected_without_a_reason(publisher, editor, ours, reason):
    wrong = make_update(milestone=ours)
    draft = make_update(milestone=ours, corrects=wrong, workflow=Status.DRAFT)

    with pytest.raises(ReasonNeeded):
        actions.correct(editor, make_update(milestone=ours), reason=reason)
    with pytest.raises(ReasonNeeded):
        actions.publish_update(publisher, draft, reason)


def test_word_is_not_moved_to_a_milestone_that_nobody_sees(publisher, editor, ours):
    hidden = make_milestone(commitment=make_commitment(plan=make_plan(status=Status.DRAFT)))
    wrong = make_update(milestone=ours)
    draft = actions.correct(editor, wrong, reason=REASON, milestone=hidden)

    with pytest.raises(actions.NobodyWouldSee):
        actions.publish_update(publisher, submitted(draft), REASON)

    wrong.refresh_from_db()
    assert not wrong.is_annulled


def test_moved_word_is_not_published_beside_what_it_replaces(publisher, editor, ours):
    wrong = make_update(milestone=ours)
    draft = actions.correct(editor, wrong, reason=REASON, milestone=make_milestone())

    with pytest.raises(WriteRefused, match=wrong.code):
        publish(publisher, draft, REASON)


def test_correction_of_what_was_corrected_since_it_was_read_is_refused(editor, ours):
    wrong = make_update(milestone=ours)
    seen = version_of(wrong)
    with writing(reason="Se copió mal", source="Informe, p. 3"):
        wrong.percent = 33
        wrong.save()

    with pytest.raises(Newer):
        actions.correct(editor, wrong, reason=REASON, seen=seen)


def test_focal_point_begins_a_correction_of_his_own_and_of_no_others(focal, ours):
    wrong = make_update(milestone=ours)

    draft = actions.correct(focal, wrong, reason=REASON)

    assert draft.workflow == Status.DRAFT
    with pytest.raises(PermissionDenied):
        actions.correct(focal, make_update(), reason=REASON)
    with pytest.raises(PermissionDenied):
        actions.correct(focal, make_update(milestone=ours), reason=REASON, milestone=make_milestone())


def test_page_does_not_name_what_a_correction_replaces_where_nobody_may_read_that(client, ours):
    hidden = make_update(report=make_report(status=Status.DRAFT))
    correction = make_update(milestone=ours, corrects=hidden)

    assert get(client, f"updates/{correction.code}/")["corrects"] is None
    assert hidden.code not in client.get(ours.commitment.get_absolute_url()).content.decode()


def test_whoever_only_saves_publishes_no_more_than_the_act():
    wrong = make_update(workflow=Status.PUBLISHED)
    columns = {"milestone": wrong.milestone, "corrects": wrong, "as_of": wrong.as_of}
    make_update(**columns, workflow=Status.PUBLISHED)
    second = make_update(**columns, workflow=Status.DRAFT)
    proof = make_evidence(update=second, status=Status.DRAFT)
    second.workflow, proof.status = Status.PUBLISHED, Status.PUBLISHED

    for row in (second, proof):
        with pytest.raises(WriteRefused), writing(reason=REASON):
            row.save()

    assert wrong.corrections.said().count() == 1
    assert not Evidence.everything.get().is_public
