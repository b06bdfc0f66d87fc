"""Changes of published rows that are kept as proposals, and what becomes of them."""

from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from commitments.models import Commitment, Milestone, Responsibility
from entities.models import Entity
from record.models import Change, Entry, Proposal, Version
from record.publication import Status
from record.writing import ReasonNeeded, writing
from tests import factories
from tests.admin_pages import add, address, edit, errors
from tests.log import last_change

pytestmark = pytest.mark.django_db

REASON = "Errata de imprenta"


@pytest.fixture
def editor():
    """One who drafts and proposes, and publishes nothing."""
    return factories.make_editor(username="editora")


def browser_of(user):
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def editing(editor):
    return browser_of(editor)


@pytest.fixture
def publishing(admin_user):
    return browser_of(admin_user)


def propose(client, row, **columns):
    """Open a row, change some fields and keep that as a proposal; return the answer."""
    return edit(client, row, **{"change_reason": REASON, "_propose": "1"} | columns)


def proposed(client, row, **columns):
    """Propose a change; return the proposal."""
    response = propose(client, row, **columns)
    assert response.status_code == 302, errors(response)
    return Proposal.objects.latest("pk")


def answer(client, proposal, button, words=""):
    return client.post(address(proposal, "change"), {button: "1", "answer": words})


def test_change_of_a_published_row_is_kept_and_not_written(editing, editor):
    milestone = factories.make_milestone(activity_es="Antes")
    entries, version = Entry.objects.count(), Version.current()

    proposal = proposed(editing, milestone, activity_es="Después")

    milestone.refresh_from_db()
    assert milestone.activity_es == "Antes"
    assert (Entry.objects.count(), Version.current()) == (entries, version)
    assert (proposal.by, proposal.by_name, proposal.reason) == (editor, "editora", REASON)
    assert (proposal.model, proposal.object_id) == ("commitments.milestone", milestone.pk)
    [change] = proposal.changes
    assert change["columns"] == {"activity_es": ["Antes", "Después"]}


def test_proposal_is_offered_for_published_rows_only(editing):
    public = factories.make_milestone()
    draft = factories.make_milestone(
        commitment=factories.make_commitment(plan=factories.make_plan(status=Status.DRAFT))
    )

    offered = [
        'name="_propose"' in editing.get(address(row, "change")).content.decode() for row in (public, draft)
    ]

    assert offered == [True, False]


def test_proposal_needs_the_reason_that_a_change_needs(editing):
    response = propose(editing, factories.make_milestone(), activity_es="Después", change_reason="x")

    assert "change_reason" in response.context["adminform"].form.errors
    assert not Proposal.objects.exists()


def test_form_that_changes_nothing_is_no_proposal(editing):
    response = propose(editing, factories.make_milestone())

    assert response.status_code == 302
    told = editing.get(response.url).context["messages"]
    assert [str(message) for message in told] == ["Nothing was changed."]
    assert not Proposal.objects.exists()


def test_what_nobody_may_write_is_not_proposed_either(editing):
    milestone = factories.make_milestone()

    response = propose(editing, milestone, ends_on="2030-01-01")

    assert response.status_code == 200
    assert not Proposal.objects.exists()


def test_editor_does_not_change_the_row_himself(editing):
    milestone = factories.make_milestone(activity_es="Antes")

    response = edit(editing, milestone, activity_es="Después", change_reason=REASON)

    assert response.status_code == 403
    milestone.refresh_from_db()
    assert milestone.activity_es == "Antes"


def test_accepted_proposal_is_done_with_its_reason_by_who_accepts_it(editing, publishing, admin_user):
    milestone = factories.make_milestone(activity_es="Antes")
    proposal = proposed(editing, milestone, activity_es="Después")

    response = answer(publishing, proposal, "_accept")

    assert response.status_code == 302
    milestone.refresh_from_db()
    proposal.refresh_from_db()
    assert milestone.activity_es == "Después"
    change = last_change(milestone)
    assert (change.entry.act, change.entry.reason, change.entry.by) == ("accept", REASON, admin_user)
    assert change.public_at is not None
    assert (proposal.state, proposal.entry, proposal.answered_by) == ("accepted", change.entry, admin_user)
    history = publishing.get(address(milestone, "history")).content.decode()
    assert "editora" in history


def test_lines_are_proposed_with_their_row(editing, publishing):
    first = factories.make_responsibility(name_as_printed="Antes")
    commitment, document = first.commitment, factories.make_document()
    entity = factories.make_entity()

    proposal = proposed(
        editing,
        commitment,
        title_es="Otro título",
        **{
            "responsibilities-0-name_as_printed": "Después",
            "items-TOTAL_FORMS": 1,
            "items-0-kind": "final_product",
            "items-0-order": 1,
            "items-0-text_es": "Producto nuevo",
            "items-0-document": document.pk,
            "items-0-place": "p. 3",
        },
    )
    assert not commitment.items.exists()
    factories.make_commitment_item()  # takes the key that the new line had
    answer(publishing, proposal, "_accept")

    assert entity
    commitment.refresh_from_db()
    first.refresh_from_db()
    assert (commitment.title_es, first.name_as_printed) == ("Otro título", "Después")
    assert [item.text_es for item in commitment.items.all()] == ["Producto nuevo"]
    assert len({change.entry_id for change in Change.objects.order_by("-pk")[:3]}) == 1


def test_source_of_a_corrected_date_is_kept_with_the_proposal(editing, publishing):
    milestone = factories.make_milestone(ends_on=date(2016, 12, 31))
    proposal = proposed(editing, milestone, ends_on="2016-06-30", transcription_source="Plan, p. 9")

    answer(publishing, proposal, "_accept")

    assert Milestone.objects.get().ends_on == date(2016, 6, 30)
    assert last_change(milestone).source == "Plan, p. 9"


def test_refused_proposal_does_nothing_and_says_why(editing, publishing):
    milestone = factories.make_milestone(activity_es="Antes")
    proposal = proposed(editing, milestone, activity_es="Después")

    unsaid = answer(publishing, proposal, "_refuse", "no")
    response = answer(publishing, proposal, "_refuse", "El plan dice otra cosa")

    assert (unsaid.status_code, response.status_code) == (200, 302)
    milestone.refresh_from_db()
    proposal.refresh_from_db()
    assert (milestone.activity_es, proposal.state) == ("Antes", "refused")
    assert "El plan dice otra cosa" in editing.get(address(proposal, "change")).content.decode()


def test_proposal_about_what_was_changed_meanwhile_is_shown_side_by_side(editing, publishing):
    milestone = factories.make_milestone(activity_es="Antes")
    proposal = proposed(editing, milestone, activity_es="Propuesto")
    with writing(reason=REASON):
        milestone.activity_es = "Cambiado"
        milestone.save()

    shown = publishing.get(address(proposal, "change")).content.decode()
    response = answer(publishing, proposal, "_accept")

    assert all(words in shown for words in ("Antes", "Propuesto", "Cambiado", "Changed meanwhile"))
    assert 'name="_accept"' not in shown
    assert response.status_code == 200
    milestone.refresh_from_db()
    proposal.refresh_from_db()
    assert (milestone.activity_es, proposal.state) == ("Cambiado", "open")


def test_proposal_about_a_line_that_is_gone_is_told_in_words(editing, publishing):
    line = factories.make_responsibility(
        commitment=factories.make_commitment(plan=factories.make_plan(status=Status.DRAFT))
    )
    proposal = proposed(editing, line.commitment, **{"responsibilities-0-name_as_printed": "Después"})
    with writing(reason=REASON):
        Responsibility.objects.all().delete()

    shown = publishing.get(address(proposal, "change")).content.decode()
    response = answer(publishing, proposal, "_accept")

    assert "is gone, so that it cannot be changed" in shown
    assert response.status_code == 200


def test_proposal_is_answered_once(editing, publishing):
    proposal = proposed(editing, factories.make_milestone(), activity_es="Después")
    answer(publishing, proposal, "_accept")
    entries = Entry.objects.count()

    for button in ("_accept", "_refuse"):
        response = answer(publishing, proposal, button, "El plan dice otra cosa")
        assert response.status_code == 200
    assert Entry.objects.count() == entries


def test_only_publishers_answer(editing, editor):
    proposal = proposed(editing, factories.make_milestone(activity_es="Antes"), activity_es="Después")

    shown = editing.get(address(proposal, "change"))
    responses = [answer(editing, proposal, button, "Porque yo lo digo") for button in ("_accept", "_refuse")]

    assert shown.status_code == 200
    assert "_accept" not in shown.content.decode()
    assert [response.status_code for response in responses] == [403, 403]
    assert Milestone.objects.get().activity_es == "Antes"


def test_publisher_accepts_nothing_that_he_proposed_himself(settings):
    publisher = browser_of(factories.make_publisher())
    proposal = proposed(publisher, factories.make_milestone(activity_es="Antes"), activity_es="Después")

    shown = publisher.get(address(proposal, "change")).content.decode()
    refused = answer(publisher, proposal, "_accept")
    unchanged = Milestone.objects.get().activity_es
    settings.ONE_PUBLISHER = True
    accepted = answer(publisher, proposal, "_accept")

    assert "another publisher accepts it" in shown
    assert (refused.status_code, unchanged) == (200, "Antes")
    assert (accepted.status_code, Milestone.objects.get().activity_es) == (302, "Después")
    assert Entry.objects.latest("pk").is_alone


def test_proposal_that_somebody_else_accepts_is_not_marked(editing):
    proposal = proposed(editing, factories.make_milestone(), activity_es="Después")

    answer(browser_of(factories.make_publisher()), proposal, "_accept")

    assert not Entry.objects.latest("pk").is_alone


def test_the_secretariat_and_auditors_see_all_proposals(editing, publishing):
    proposal = proposed(editing, factories.make_milestone(), activity_es="Después")
    readers = [editing, publishing, *map(browser_of, (factories.make_editor(), factories.make_auditor()))]

    for client in readers:
        assert list(client.get(address(Proposal, "changelist")).context["cl"].result_list) == [proposal]
        assert client.get(address(proposal, "change")).status_code == 200


@pytest.mark.parametrize("make", [factories.make_milestone, factories.make_entity])
def test_new_row_that_would_be_public_at_once_is_proposed(editing, make):
    model, columns = type(row := make()), {"place": "p. 1"}
    if model is Entity:
        columns = {"slug": "nueva", "kind": "ministry", "name_es": "Nueva"}
    else:
        columns |= {"commitment": row.commitment.pk, "number": "77", "document": row.document.pk}
        columns |= {"activity_es": "Nueva"}

    refused = add(editing, model, **columns)
    kept = add(editing, model, **columns, _propose="1")
    proposal = Proposal.objects.get()
    still_one = model.objects.count()
    answer(browser_of(factories.make_publisher()), proposal, "_accept")

    assert (refused.status_code, kept.status_code, still_one) == (200, 302, 1)
    assert "only a publisher writes that" in errors(refused)
    assert proposal.object_id == 0
    assert model.objects.count() == 2


def test_new_commitment_of_a_public_plan_is_a_draft(editing):
    plan = factories.make_plan()
    columns = {"plan": plan.pk, "number": "7", "title_es": "Nuevo", "document": plan.document.pk}

    response = add(editing, Commitment, **columns, place="p. 1")

    assert response.status_code == 302
    assert Commitment.objects.get().status == Status.DRAFT


def test_open_proposals_are_told_in_the_form_of_their_row(editing, publishing):
    milestone = factories.make_milestone()
    proposal = proposed(editing, milestone, activity_es="Después")

    assert address(proposal, "change") in publishing.get(address(milestone, "change")).content.decode()
    answer(publishing, proposal, "_accept")
    assert address(proposal, "change") not in publishing.get(address(milestone, "change")).content.decode()


def test_name_of_who_proposed_stays_when_the_account_is_deleted(editing, editor, publishing):
    proposal = proposed(editing, factories.make_milestone(), activity_es="Después")
    get_user_model().objects.filter(pk=editor.pk).delete()

    assert "editora" in publishing.get(address(proposal, "change")).content.decode()
    assert answer(publishing, proposal, "_accept").status_code == 302


def test_focal_point_sees_no_proposals_of_others(editing, client):
    lead = factories.make_responsibility()
    proposal = proposed(editing, lead.commitment, title_es="Secreto")
    client.force_login(factories.make_focal_point(lead.entity))

    assert client.get(address(proposal, "change")).status_code == 404
    assert client.get(address(Proposal, "changelist")).status_code == 403
    assert "Secreto" not in client.get(address(lead.commitment, "change")).content.decode()


def test_nothing_proposed_is_public(editing, client):
    commitment = factories.make_commitment()
    proposed(editing, commitment, title_es="Palabras propuestas")
    pages = [
        commitment.get_absolute_url(),
        reverse("commitments:commitment-list"),
        reverse("api:commitment-detail", args=[commitment.code]),
        reverse("api:commitment-list"),
    ]

    for page in pages:
        assert "Palabras propuestas" not in client.get(page).content.decode(), page
    assert client.get(address(Proposal.objects.get(), "change")).status_code == 302


def test_proposal_holds_no_address(editing, publishing):
    milestone = factories.make_milestone()

    of_text = propose(editing, milestone, activity_es="Escriba a a@b.pe")
    of_reason = propose(editing, milestone, activity_es="Otra", change_reason="Lo pidió a@b.pe")
    proposal = proposed(editing, milestone, activity_es="Otra")
    of_answer = answer(publishing, proposal, "_refuse", "Pregunte a a@b.pe, por favor")

    assert [each.status_code for each in (of_text, of_reason, of_answer)] == [200] * 3
    assert Proposal.objects.count() == 1


def test_page_to_log_in_opens_for_whoever_is_nobody_yet(client):
    assert client.get(reverse("admin:login")).status_code == 200


def test_writer_asks_a_proposal_for_its_reason_too():
    milestone = factories.make_milestone()

    with pytest.raises(ReasonNeeded), writing() as this:
        this.is_proposal = True
        milestone.activity_es = "Después"
        milestone.save()
