import re
from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from commitments.actions import submit
from commitments.models import Assessment, Commitment, Evidence, Milestone, Responsibility, Update
from entities.models import Membership
from plans.models import Plan, Report
from record.models import Change, Document
from record.publication import Status
from record.writing import writing
from tests.admin_pages import act, add, address, delete, delete_selected, edit, errors
from tests.factories import (
    make_assessment,
    make_auditor,
    make_commitment,
    make_document,
    make_editor,
    make_entity,
    make_evidence,
    make_focal_point,
    make_milestone,
    make_plan,
    make_policy_area,
    make_publisher,
    make_recommendation,
    make_report,
    make_responsibility,
    make_theme,
    make_update,
    make_user,
)
from tests.log import last_change, last_reason

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft_plan():
    return make_plan(status=Status.DRAFT)


# Reasons (rule 3).


def test_public_milestone_does_not_change_without_a_reason(admin_client):
    milestone = make_milestone(activity_es="Antes")

    response = edit(admin_client, milestone, activity_es="Después")

    assert response.status_code == 200
    assert "change_reason" in response.context["adminform"].form.errors
    assert "Después" in response.content.decode(), "what was typed is lost"
    milestone.refresh_from_db()
    assert milestone.activity_es == "Antes"


def test_reason_and_user_are_kept_in_the_history_when_a_public_milestone_changes(admin_client, admin_user):
    milestone = make_milestone(activity_es="Antes")

    response = edit(admin_client, milestone, activity_es="Después", change_reason="Errata de la copia")

    assert response.status_code == 302
    milestone.refresh_from_db()
    assert milestone.activity_es == "Después"
    assert last_reason(milestone) == "Errata de la copia"
    assert last_change(milestone).entry.by == admin_user


def test_row_of_a_draft_plan_changes_without_a_reason(admin_client, draft_plan):
    milestone = make_milestone(commitment=make_commitment(plan=draft_plan))

    response = edit(admin_client, milestone, activity_es="Después", ends_on="2017-12-31")

    assert response.status_code == 302
    milestone.refresh_from_db()
    assert (milestone.activity_es, milestone.ends_on) == ("Después", date(2017, 12, 31))


def test_page_that_changes_nothing_needs_no_reason(admin_client):
    milestone = make_milestone()

    assert edit(admin_client, milestone).status_code == 302


def test_reason_may_not_hold_contact_details(admin_client):
    milestone = make_milestone()

    response = edit(admin_client, milestone, activity_es="Otra", change_reason="Lo pidió a@b.pe")

    assert "change_reason" in response.context["adminform"].form.errors


def test_public_assessment_needs_a_reason_but_that_of_a_draft_report_does_not(admin_client):
    public = make_assessment()
    draft = make_assessment(report=make_report(status=Status.DRAFT))

    assert edit(admin_client, public, level="limited").status_code == 200
    assert edit(admin_client, draft, level="limited").status_code == 302


# Planned dates.


def test_public_dates_do_not_move_for_a_mere_reason(admin_client):
    milestone = make_milestone(ends_on=date(2016, 12, 31))

    response = edit(admin_client, milestone, ends_on="2017-12-31", change_reason="Se reprogramó")

    assert "transcription_source" in response.context["adminform"].form.errors
    milestone.refresh_from_db()
    assert milestone.ends_on == date(2016, 12, 31)


def test_corrected_date_is_asked_for_its_source_and_the_reason_at_once(admin_client):
    milestone = make_milestone(ends_on=date(2016, 12, 31))

    asked = edit(admin_client, milestone, ends_on="2016-06-30")
    asked_again = edit(admin_client, milestone, ends_on="2016-06-30", transcription_source="Plan, p. 9")

    assert set(asked.context["adminform"].form.errors) == {"change_reason", "transcription_source"}
    assert set(asked_again.context["adminform"].form.errors) == {"change_reason"}


def test_public_dates_are_corrected_with_the_source_of_the_right_one(admin_client):
    milestone = make_milestone(ends_on=date(2016, 12, 31))

    response = edit(
        admin_client,
        milestone,
        ends_on="2016-06-30",
        transcription_source="Plan, p. 9",
        change_reason="Errata de la copia",
    )

    assert response.status_code == 302
    milestone.refresh_from_db()
    assert milestone.ends_on == date(2016, 6, 30)
    entry = last_change(milestone).entry
    assert (entry.act, entry.source, entry.reason) == ("transcribe", "Plan, p. 9", "Errata de la copia")


def test_public_dates_do_not_move_in_the_form_of_the_commitment(admin_client):
    milestone = make_milestone(ends_on=date(2016, 12, 31))

    response = edit(
        admin_client,
        milestone.commitment,
        change_reason="Errata de imprenta",
        **{"milestones-0-ends_on": "2018-01-01"},
    )

    assert "2018-01-01" in errors(response)
    milestone.refresh_from_db()
    assert milestone.ends_on == date(2016, 12, 31)


def test_dates_of_a_draft_plan_move_in_the_form_of_the_commitment(admin_client, draft_plan):
    milestone = make_milestone(commitment=make_commitment(plan=draft_plan))

    edit(admin_client, milestone.commitment, **{"milestones-0-ends_on": "2018-01-01"})

    milestone.refresh_from_db()
    assert milestone.ends_on == date(2018, 1, 1)


# Lines in the form of another row.


def test_line_of_a_public_row_does_not_change_without_a_reason(admin_client):
    row = make_responsibility(name_as_printed="Antes")

    response = edit(admin_client, row.commitment, **{"responsibilities-0-name_as_printed": "Después"})

    assert response.status_code == 200
    row.refresh_from_db()
    assert row.name_as_printed == "Antes"


def test_line_of_a_public_row_is_taken_away_with_a_reason_that_the_history_keeps(admin_client):
    row = make_responsibility()
    responsibility = row.pk

    unsaid = edit(admin_client, row.commitment, **{"responsibilities-0-DELETE": "on"})
    response = edit(
        admin_client, row.commitment, change_reason="Estaba dos veces", **{"responsibilities-0-DELETE": "on"}
    )

    assert (unsaid.status_code, response.status_code) == (200, 302)
    deletion = Change.objects.filter(model="commitments.responsibility", object_id=responsibility).first()
    assert (deletion.action, deletion.entry.reason) == ("annulled", "Estaba dos veces")


def test_line_of_a_draft_is_deleted(admin_client, draft_plan):
    row = make_responsibility(commitment=make_commitment(plan=draft_plan))

    response = edit(admin_client, row.commitment, **{"responsibilities-0-DELETE": "on"})

    assert response.status_code == 302
    assert not Responsibility.everything.exists()


# Lines with pages of their own: what makes one in a plan, and the row in whose form it stands.
LASTING_LINES = {
    "milestone of a commitment": (
        lambda plan: make_milestone(commitment=make_commitment(plan=plan)),
        lambda line: line.commitment,
        "milestones",
    ),
    "assessment of a report": (
        lambda plan: make_assessment(report=make_report(plan=plan, status=plan.status)),
        lambda line: line.report,
        "assessments",
    ),
    "assessment of a commitment": (
        lambda plan: make_assessment(report=make_report(plan=plan, status=plan.status)),
        lambda line: line.commitment,
        "assessments",
    ),
    "evidence of a milestone": (
        lambda plan: make_evidence(
            milestone=make_milestone(commitment=make_commitment(plan=plan)), status=plan.status
        ),
        lambda line: line.milestone,
        "evidence",
    ),
    "theme of a plan": (lambda plan: make_theme(plan=plan), lambda line: line.plan, "themes"),
}


@pytest.mark.parametrize("what", LASTING_LINES)
@pytest.mark.parametrize("status", Status)
def test_line_with_a_page_of_its_own_is_taken_away_only_where_the_public_does_not_see_it(
    admin_client, what, status
):
    make, parent, lines = LASTING_LINES[what]
    line = make(make_plan(status=status))

    edit(admin_client, parent(line), change_reason="Errata de imprenta", **{f"{lines}-0-DELETE": "on"})

    assert type(line).objects.filter(pk=line.pk).exists() == (status == Status.PUBLISHED)


def test_level_is_edited_in_the_form_of_its_report(admin_client):
    card = make_assessment(level="limited")

    response = edit(
        admin_client,
        card.report,
        change_reason="Errata de imprenta",
        **{"assessments-0-level": "substantial"},
    )

    assert response.status_code == 302
    card.refresh_from_db()
    assert card.level == "substantial"
    assert last_reason(card) == "Errata de imprenta"


def test_assessment_stays_with_its_commitment_in_the_form_of_its_report(admin_client):
    card = make_assessment()
    other = make_commitment(plan=card.report.plan)

    edit(
        admin_client,
        card.report,
        change_reason="Errata de imprenta",
        **{"assessments-0-commitment": other.pk},
    )

    assert Assessment.objects.get().commitment == card.commitment


def test_new_assessment_stands_in_the_document_of_its_report(admin_client):
    report = make_report()
    commitment = make_commitment(plan=report.plan)

    response = edit(
        admin_client,
        report,
        **{
            "assessments-TOTAL_FORMS": 1,
            "assessments-0-commitment": commitment.pk,
            "assessments-0-level": "complete",
            "assessments-0-place": "p. 3",
            "assessments-0-report": report.pk,
        },
    )

    assert response.status_code == 302, errors(response)
    assert Assessment.objects.get().document == report.document


def test_commitment_of_another_plan_is_refused_in_the_form_of_a_report(admin_client):
    report = make_report()

    response = edit(
        admin_client,
        report,
        **{
            "assessments-TOTAL_FORMS": 1,
            "assessments-0-commitment": make_commitment().pk,
            "assessments-0-level": "complete",
            "assessments-0-place": "p. 3",
            "assessments-0-report": report.pk,
        },
    )

    assert response.status_code == 200
    assert not Assessment.objects.exists()


def test_rows_that_the_form_of_a_report_has_are_ticked(admin_client):
    report = make_report(card_form=["responsible"])

    edit(admin_client, report, card_form=["responsible", "results"], change_reason="Errata de imprenta")

    report.refresh_from_db()
    assert report.card_form == ["responsible", "results"]


# Numbers and codes.


def new_update(milestone, **values):
    return {
        "milestone": milestone.pk,
        "as_of": "2017-01-31",
        "status": "in_progress",
        "document": make_document().pk,
        "place": "p. 1",
        **values,
    }


def test_new_update_gets_the_next_number_of_its_milestone(admin_client):
    milestone = make_milestone()
    make_update(milestone=milestone, number=3)

    response = add(admin_client, Update, **new_update(milestone))

    assert response.status_code == 302, errors(response)
    assert milestone.updates.last().code == f"{milestone.code}-u4"


def test_first_update_of_a_milestone_is_number_1_also_in_the_form_of_the_milestone(admin_client):
    milestone = make_milestone()
    line = new_update(milestone, text_es="Avance")

    response = edit(
        admin_client,
        milestone,
        **{"updates-TOTAL_FORMS": 1} | {f"updates-0-{key}": line[key] for key in line},
    )

    assert response.status_code == 302, errors(response)
    update = milestone.updates.get()
    assert (update.code, update.workflow) == (f"{milestone.code}-u1", Status.DRAFT)


def test_new_evidence_gets_the_next_code_of_what_it_proves(admin_client):
    milestone = make_milestone()
    make_evidence(milestone=milestone, code=f"{milestone.code}-e9")

    response = add(
        admin_client,
        Evidence,
        milestone=milestone.pk,
        url="www.peru.gob.pe",
        document=make_document().pk,
        place="p. 1",
    )

    assert response.status_code == 302, errors(response)
    assert Evidence.objects.filter(code=f"{milestone.code}-e10", milestone=milestone).exists()


def test_evidence_comes_with_a_new_update(admin_client):
    milestone = make_milestone()
    document = make_document()

    response = add(
        admin_client,
        Update,
        **new_update(milestone),
        **{
            "evidence-TOTAL_FORMS": 1,
            "evidence-0-url": "http://www.peru.gob.pe/",
            "evidence-0-document": document.pk,
            "evidence-0-place": "p. 1",
        },
    )

    assert response.status_code == 302, errors(response)
    assert Evidence.objects.get().code == f"{milestone.code}-u1-e1"


def test_evidence_of_an_assessment_is_coded_by_its_public_identifier(admin_client):
    card = make_assessment()

    add(
        admin_client,
        Evidence,
        assessment=card.pk,
        url="peru.gob.pe",
        document=make_document().pk,
        place="p. 1",
    )

    assert Evidence.objects.get().code == f"{card.public_id}-e1"


@pytest.mark.parametrize("owners", [(), ("milestone", "commitment")])
def test_evidence_without_one_owner_is_refused_in_words(admin_client, owners):
    rows = {"milestone": make_milestone(), "commitment": make_commitment()}

    response = add(
        admin_client,
        Evidence,
        url="peru.gob.pe",
        document=make_document().pk,
        place="p. 1",
        **{owner: rows[owner].pk for owner in owners},
    )

    assert response.status_code == 200
    assert not Evidence.objects.exists()


def test_public_identifier_is_not_changed_later(admin_client):
    milestone = make_milestone()

    edit(
        admin_client,
        milestone,
        number=77,
        code="9-9-9",
        commitment=make_commitment().pk,
        change_reason="Errata de imprenta",
    )

    assert Milestone.objects.get(pk=milestone.pk).code == milestone.code


# Published updates.


def test_published_update_cannot_be_edited(admin_client):
    update = make_update(text_es="Dicho")

    page = admin_client.get(address(update, "change"))
    response = admin_client.post(address(update, "change"), {"text_es": "Otro"})

    assert address(update, "act", "correct") in page.content.decode()
    assert response.status_code == 403
    update.refresh_from_db()
    assert update.text_es == "Dicho"


def test_published_update_cannot_be_deleted(admin_client):
    update = make_update()

    alone = admin_client.post(address(update, "delete"), {"post": "yes"})
    delete_selected(admin_client, update)

    assert alone.status_code == 403
    assert Update.objects.filter(pk=update.pk).exists()


def test_published_update_does_not_go_back_to_what_its_draft_said(admin_client):
    update = make_update(text_es="Antes", workflow=Status.DRAFT)
    edit(admin_client, update, text_es="Dicho")
    page = address(update, "earlier", last_change(update).pk)
    with writing(reason="made for a test"):
        Update.objects.filter(pk=update.pk).update(workflow=Status.PUBLISHED)

    shown = admin_client.get(page)
    response = admin_client.post(page, {"change_reason": "Estaba mejor antes", "version": 0})

    assert (shown.status_code, response.status_code) == (200, 403)
    assert "Antes" in shown.content.decode()
    update.refresh_from_db()
    assert update.text_es == "Dicho"


def test_published_update_in_a_draft_plan_is_not_edited_either(admin_client, draft_plan):
    update = make_update(milestone=make_milestone(commitment=make_commitment(plan=draft_plan)))

    assert admin_client.post(address(update, "change"), {}).status_code == 403


def test_evidence_that_is_added_to_a_published_update_is_a_draft(admin_client):
    update = make_update()

    response = add(
        admin_client, Evidence, update=update.pk, url="peru.gob.pe", document=make_document().pk, place="p. 1"
    )

    assert response.status_code == 302, errors(response)
    assert Evidence.objects.get().status == Status.DRAFT


def test_correction_begins_with_what_the_wrong_update_says(admin_client):
    update = make_update(text_es="Dicho", percent=40)

    response = act(admin_client, update, "correct", reason="El porcentaje era otro")

    draft = update.corrections.get()
    assert response.url == reverse("reporting:draft", args=[draft.code])
    assert (draft.milestone, draft.text_es, draft.percent) == (update.milestone, "Dicho", 40)
    assert draft.workflow == Status.DRAFT


def test_which_update_is_corrected_no_form_says(admin_client):
    update = make_update()

    response = add(admin_client, Update, **new_update(update.milestone, corrects=update.pk))

    assert response.status_code == 302, errors(response)
    assert update.milestone.updates.last().corrects is None


def test_draft_update_is_edited_and_deleted(admin_client):
    update = make_update(workflow=Status.DRAFT)

    edited = edit(admin_client, update, text_es="Otro")
    deleted = delete(admin_client, update)

    assert (edited.status_code, deleted.status_code) == (302, 302)
    assert not Update.objects.exists()


def test_update_without_a_reason_for_its_new_end_is_refused_in_words(admin_client):
    response = add(admin_client, Update, **new_update(make_milestone(), new_end_on="2018-12-31"))

    assert response.status_code == 200
    assert not Update.objects.exists()


# Publishing.


def test_staff_without_the_right_to_change_reports_cannot_publish(client):
    client.force_login(make_editor())
    update = make_update(workflow=Status.DRAFT)

    response = edit(client, update, workflow="published", text_es="Otro")

    assert response.status_code == 302
    update.refresh_from_db()
    assert (update.workflow, update.text_es) == (Status.DRAFT, "Otro")


def test_staff_who_change_reports_publish_updates(client):
    client.force_login(make_publisher())
    update = make_update(workflow=Status.DRAFT, status="complete")

    edit(client, update, workflow="published")
    posted = Update.objects.get().workflow
    submit(None, Update.objects.get())
    act(client, update, "publish")

    update.refresh_from_db()
    assert (posted, update.workflow) == (Status.DRAFT, Status.PUBLISHED)


# Texts.


def test_contact_details_are_refused_in_every_form(admin_client):
    card = make_assessment(report=make_report(status=Status.DRAFT))

    response = edit(admin_client, card, results="Escriba a nombre@ministerio.gob.pe")

    assert "results" in response.context["adminform"].form.errors


def test_contact_details_are_refused_in_lines(admin_client):
    card = make_assessment()

    response = edit(
        admin_client,
        card.report,
        change_reason="Errata de imprenta",
        **{"assessments-0-level_as_printed": "tel. 2345678"},
    )

    assert response.status_code == 200
    card.refresh_from_db()
    assert card.level_as_printed == "Completo"


# What looks like a telephone number and is none (rule 8).

NUMBER = "Se aprobó con el expediente, fax 2345678"


@pytest.fixture
def draft_card():
    return make_assessment(report=make_report(status=Status.DRAFT))


def asks(response):
    """Tell whether a page asks, for all to see, why a number is no telephone."""
    return not response.context["adminform"].form["no_telephone"].is_hidden


def test_number_is_refused_and_the_page_asks_why_it_is_none(admin_client, draft_card):
    opened = admin_client.get(address(draft_card, "change"))

    response = edit(admin_client, draft_card, results=NUMBER)

    assert not asks(opened)
    assert "fax 2345678" in errors(response)
    assert asks(response)
    assert re.search(r'<input type="text" name="no_telephone"', response.content.decode())


def test_number_is_let_through_with_a_reason_that_the_history_keeps(admin_client, draft_card):
    response = edit(admin_client, draft_card, results=NUMBER, no_telephone="Es un expediente")

    assert response.status_code == 302
    draft_card.refresh_from_db()
    assert draft_card.results == NUMBER
    assert last_reason(draft_card) == "no es teléfono: Es un expediente"


def test_number_is_let_through_in_a_new_row(admin_client):
    row = new_update(make_milestone(), text_es=NUMBER)

    refused = add(admin_client, Update, **row)
    response = add(admin_client, Update, **row, no_telephone="Es un expediente")

    assert asks(refused)
    assert response.status_code == 302, errors(response)
    assert last_reason(Update.objects.get()) == "no es teléfono: Es un expediente"


def test_public_row_with_such_a_number_needs_the_reason_for_the_change_too(admin_client):
    card = make_assessment()
    change = {"results": NUMBER, "no_telephone": "Es un expediente"}

    unsaid = edit(admin_client, card, **change)
    response = edit(admin_client, card, **change, change_reason="Errata de imprenta")

    assert "change_reason" in unsaid.context["adminform"].form.errors
    assert response.status_code == 302
    assert last_reason(card) == "Errata de imprenta; no es teléfono: Es un expediente"


def test_number_is_let_through_in_a_line(admin_client):
    card = make_assessment()
    line = {"assessments-0-level_as_printed": NUMBER, "change_reason": "Errata de imprenta"}

    refused = edit(admin_client, card.report, **line)
    response = edit(admin_client, card.report, **line, no_telephone="Es un expediente")

    assert "fax 2345678" in errors(refused)
    assert asks(refused)
    assert response.status_code == 302
    assert last_reason(card) == "Errata de imprenta; no es teléfono: Es un expediente"


def test_reason_for_a_number_is_not_kept_with_a_row_that_has_none(admin_client, draft_card):
    edit(admin_client, draft_card, results="Otro", no_telephone="Es un expediente")

    assert last_reason(draft_card) == ""


def test_number_that_was_let_through_is_not_asked_about_again(admin_client, draft_card):
    edit(admin_client, draft_card, results=NUMBER, no_telephone="Es un expediente")

    same_text = edit(admin_client, draft_card, objective="Otro")
    longer_text = edit(admin_client, draft_card, results=f"{NUMBER}, en Lima")
    other_number = edit(admin_client, draft_card, results=f"{NUMBER}, fax 7654321")

    assert (same_text.status_code, longer_text.status_code) == (302, 302)
    assert "fax 7654321" in errors(other_number)
    assert "2345678" not in errors(other_number)


def test_address_is_never_let_through(admin_client, draft_card):
    response = edit(admin_client, draft_card, results="a@b.pe", no_telephone="No es un correo")

    assert "results" in response.context["adminform"].form.errors
    assert not asks(response)


def test_texts_that_stand_are_not_looked_at_again(admin_client, draft_card):
    with writing(reason="made for a test"):
        Assessment.objects.update(problem="Escriba a a@b.pe", ambition=NUMBER)

    response = edit(admin_client, draft_card, results="Otro")

    assert response.status_code == 302


def test_reason_for_a_number_may_name_it(admin_client, draft_card):
    response = edit(admin_client, draft_card, results=NUMBER, no_telephone="fax 2345678 es un expediente")

    assert response.status_code == 302
    assert last_reason(draft_card) == "no es teléfono: fax 2345678 es un expediente"


def test_reason_for_a_number_holds_no_address(admin_client, draft_card):
    response = edit(admin_client, draft_card, results=NUMBER, no_telephone="Lo dijo a@b.pe")

    assert "no_telephone" in response.context["adminform"].form.errors


def test_reason_for_a_number_is_kept_beside_the_source_of_a_date(admin_client):
    milestone = make_milestone()

    edit(
        admin_client,
        milestone,
        ends_on="2016-06-30",
        activity_es=NUMBER,
        transcription_source="Plan, p. 9",
        change_reason="Errata de la copia",
        no_telephone="Es un expediente",
    )

    entry = last_change(milestone).entry
    assert entry.source == "Plan, p. 9"
    assert entry.reason == "Errata de la copia; no es teléfono: Es un expediente"


# What a focal point may do (dependencies, section 8).


@pytest.fixture
def ours():
    """A commitment that our entity leads."""
    return make_responsibility(entity=make_entity(slug="ours"), commitment=make_commitment()).commitment


@pytest.fixture
def focal(client, ours):
    client.force_login(make_focal_point(ours.responsibilities.get().entity))
    return client


def test_focal_point_lists_the_commitments_that_the_public_reads(focal, ours):
    public = make_commitment()
    draft = make_commitment(plan=make_plan(status=Status.DRAFT))

    rows = focal.get(address(Commitment, "changelist")).context["cl"].result_list

    assert set(rows) == {ours, public}
    assert draft not in rows


@pytest.mark.parametrize(
    ("page", "statuses"),
    [("change", [200, 200, 200, 403]), ("history", [403] * 4), ("delete", [403] * 4)],
)
def test_focal_point_reads_what_is_public_of_others_and_nothing_else(focal, page, statuses):
    milestone = make_milestone()
    rows = [
        milestone.commitment,
        milestone,
        make_evidence(milestone=milestone),
        make_update(milestone=milestone, workflow=Status.DRAFT),
    ]

    assert [focal.get(address(row, page)).status_code for row in rows] == statuses


def test_focal_point_does_not_reach_old_versions_of_rows_of_others(focal):
    commitment = make_commitment()
    with writing(reason="made for a test"):
        Commitment.objects.update(title_es="Otro")

    response = focal.get(address(commitment, "earlier", last_change(commitment).pk))

    assert response.status_code == 403


def test_focal_point_does_not_read_the_history_of_deleted_rows_of_others(focal):
    update = make_update(workflow=Status.DRAFT)
    history = address(update, "history")
    with writing(reason="made for a test"):
        update.delete()

    assert focal.get(history).status_code == 403


def test_focal_point_deletes_no_rows_of_others_from_a_list(focal):
    update = make_update(workflow=Status.DRAFT)

    delete_selected(focal, update)

    assert Update.objects.filter(pk=update.pk).exists()


def test_focal_point_exports_what_the_public_reads(focal, ours):
    make_commitment(plan=make_plan(status=Status.DRAFT))

    response = focal.post(address(Commitment, "export"), {"format": 0, "resource": ""})

    lines = response.content.decode().splitlines()
    assert len(lines) == 2
    assert ours.code in lines[1]


def test_focal_point_views_what_was_promised_and_edits_none_of_it(focal, ours):
    for row in (ours, make_milestone(commitment=ours)):
        shown = focal.get(address(row, "change"))
        posted = focal.post(address(row, "change"), {"place": "p. 99", "change_reason": "Redacción"})

        assert (shown.status_code, posted.status_code) == (200, 403)


def test_focal_point_changes_nothing_else_of_a_commitment(focal, ours):
    milestone = make_milestone(commitment=ours, activity_es="Antes")
    other = make_entity()

    edit(
        focal,
        ours,
        change_reason="Errata de imprenta",
        is_starred="true",
        ends_on="2030-01-01",
        **{
            "milestones-0-activity_es": "Después",
            "responsibilities-TOTAL_FORMS": 1,
            "responsibilities-INITIAL_FORMS": 1,
            "responsibilities-0-id": ours.responsibilities.get().pk,
            "responsibilities-0-role": "lead",
            "responsibilities-0-entity": other.pk,
        },
    )

    ours.refresh_from_db()
    milestone.refresh_from_db()
    assert (ours.is_starred, ours.ends_on, milestone.activity_es) == (None, None, "Antes")
    assert ours.responsibilities.get().entity != other


def test_focal_point_does_not_see_assessments_that_may_be_drafts(focal, ours):
    make_assessment(
        commitment=ours, report=make_report(plan=ours.plan, status=Status.DRAFT, title_es="Informe secreto")
    )

    page = focal.get(address(ours, "change")).content.decode()

    assert "Informe secreto" not in page


def test_focal_point_does_not_see_recommendations_that_may_be_drafts(focal, ours):
    recommendation = make_recommendation(text_es="Recomendación secreta", status=Status.DRAFT)
    with writing(reason="made for a test"):
        ours.recommendations.add(recommendation)
    page_of_change = address(ours, "earlier", last_change(ours).pk)

    pages = [
        focal.get(page).content.decode()
        for page in (
            address(ours, "change"),
            address(ours, "history"),
            page_of_change,
        )
    ]
    edit(focal, ours, recommendations=[], change_reason="Errata de imprenta")

    assert not any("Recomendación secreta" in page for page in pages)
    assert list(ours.recommendations.all()) == [recommendation]


def test_history_shows_staff_which_recommendations_were_added(admin_client, ours):
    with writing(reason="made for a test"):
        ours.recommendations.add(make_recommendation(text_es="Recomendación nueva"))

    assert "Recomendación nueva" in admin_client.get(address(ours, "history")).content.decode()


def test_update_of_a_focal_point_stays_a_draft(focal, ours):
    milestone = make_milestone(commitment=ours)
    report = make_report(plan=ours.plan)

    response = add(focal, Update, **new_update(milestone, workflow="published", report=report.pk))

    assert response.status_code == 302, errors(response)
    update = milestone.updates.get()
    assert (update.workflow, update.report) == (Status.DRAFT, None)
    edit(focal, update, workflow="published")
    update.refresh_from_db()
    assert update.workflow == Status.DRAFT


def test_focal_point_lets_a_number_through_with_a_reason(focal, ours):
    row = new_update(make_milestone(commitment=ours), text_es=NUMBER)

    refused = add(focal, Update, **row)
    response = add(focal, Update, **row, no_telephone="Es un expediente")

    assert asks(refused)
    assert response.status_code == 302, errors(response)


def test_focal_point_who_replans_without_a_reason_is_told_so(focal, ours):
    milestone = make_milestone(commitment=ours)

    response = add(focal, Update, **new_update(milestone, new_end_on="2018-12-31"))

    assert response.status_code == 200
    assert not Update.objects.exists()


def test_focal_point_reports_on_no_milestone_of_others(focal):
    milestone = make_milestone()

    response = add(focal, Update, **new_update(milestone))

    assert "milestone" in response.context["adminform"].form.errors
    assert not Update.objects.exists()


def test_focal_point_proves_no_milestone_or_update_of_others(focal):
    update = make_update(workflow=Status.DRAFT)

    for owner, row in {"update": update, "milestone": update.milestone}.items():
        response = add(
            focal,
            Evidence,
            url="peru.gob.pe",
            document=make_document().pk,
            place="p. 1",
            **{owner: row.pk},
        )
        assert owner in response.context["adminform"].form.errors

    assert not Evidence.objects.exists()


def test_focal_point_finds_only_his_own_milestones_to_choose_from(focal, ours):
    mine = make_milestone(commitment=ours)
    make_milestone()

    response = focal.get(
        reverse("admin:autocomplete"),
        {"app_label": "commitments", "model_name": "update", "field_name": "milestone", "term": ""},
    )

    assert [row["id"] for row in response.json()["results"]] == [str(mine.pk)]


def test_focal_point_leaves_evidence_of_a_published_update_as_it_is(focal, ours):
    update = make_update(milestone=make_milestone(commitment=ours))
    evidence = make_evidence(update=update)

    assert focal.get(address(evidence, "change")).status_code == 200
    assert focal.post(address(evidence, "change"), {"url": "x.pe"}).status_code == 403


@pytest.mark.parametrize("model", [Plan, Report, Assessment, Membership])
def test_permissions_of_django_give_a_focal_point_nothing(client, ours, model):
    user = make_focal_point(ours.responsibilities.get().entity)
    user.user_permissions.set(Permission.objects.all())
    client.force_login(user)

    listed = client.get(address(model, "changelist")).status_code

    assert listed == (403 if model is Membership else 200)
    assert client.get(address(model, "add")).status_code == 403


def test_focal_point_reads_documents_to_name_his_source(focal):
    document = make_document()

    assert focal.get(address(Document, "changelist")).status_code == 200
    assert focal.post(address(document, "change"), {"title_es": "x"}).status_code == 403


def test_focal_point_is_told_where_his_rights_end(focal):
    from faces.admin import FOCAL_POINT_BOUNDS

    assert str(FOCAL_POINT_BOUNDS) in focal.get(reverse("admin:index")).content.decode()


def test_member_who_changes_reports_is_bound_by_no_entity(client, ours):
    user = make_publisher()
    Membership.objects.create(user=user, entity=ours.responsibilities.get().entity)
    client.force_login(user)
    make_commitment()

    rows = client.get(address(Commitment, "changelist")).context["cl"].result_list

    assert len(rows) == 2


def test_user_without_membership_or_permission_sees_nothing(client):
    client.force_login(make_user())

    assert client.get(address(Commitment, "changelist")).status_code == 403
    assert client.get(address(Commitment, "export")).status_code == 403
    assert client.get(address(Commitment, "import")).status_code == 403


def test_viewer_imports_nothing(client):
    client.force_login(make_auditor())

    assert client.get(address(Milestone, "changelist")).status_code == 200
    assert client.get(address(Milestone, "import")).status_code == 403


# Commitments.


def test_policy_areas_and_reason_are_kept_together(admin_client):
    commitment = make_commitment()
    area = make_policy_area()

    edit(admin_client, commitment, policy_areas=[area.pk], change_reason="Falta un área")

    assert list(commitment.policy_areas.all()) == [area]
    assert last_reason(commitment) == "Falta un área"


def test_recommendations_that_a_commitment_follows_are_edited_in_its_form(admin_client):
    commitment, recommendation = make_commitment(), make_recommendation()

    edit(admin_client, commitment, recommendations=[recommendation.pk], change_reason="Lo dice el plan")

    assert list(commitment.recommendations.all()) == [recommendation]
    assert last_reason(commitment) == "Lo dice el plan"


def test_public_commitment_is_not_deleted(admin_client):
    commitment = make_commitment()

    assert admin_client.post(address(commitment, "delete"), {"post": "yes"}).status_code == 403


def test_number_that_is_taken_is_refused_in_words(admin_client):
    commitment = make_commitment()

    response = add(
        admin_client,
        Commitment,
        plan=commitment.plan.pk,
        number=commitment.number,
        title_es="Otro",
        document=make_document().pk,
        place="p. 1",
    )

    assert response.status_code == 200
    assert Commitment.objects.count() == 1


def test_level_that_was_said_stays_said_in_the_form_of_a_draft_commitment(admin_client):
    plan = make_plan(status=Status.DRAFT)
    card = make_assessment(report=make_report(plan=plan), level="limited")

    refused = edit(admin_client, card.commitment, **{"assessments-0-level": "complete"})
    kept = edit(
        admin_client, card.commitment, change_reason="Errata de imprenta", **{"assessments-0-DELETE": "on"}
    )
    changed = edit(
        admin_client,
        card.commitment,
        change_reason="Errata de imprenta",
        **{"assessments-0-level": "complete"},
    )

    assert "Escriba" in errors(refused) or "motivo" in errors(refused)
    assert (refused.status_code, kept.status_code, changed.status_code) == (200, 302, 302)
    card.refresh_from_db()
    assert (card.level, last_reason(card)) == ("complete", "Errata de imprenta")
