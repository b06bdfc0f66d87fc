"""The texts of a card, given to a focal point to draft: these he writes, and nothing else of the report."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from tablib import Dataset

from commitments.cards import acts
from commitments.models import Assessment, CardState
from commitments.resources import AssessmentResource
from record.guarding import NotForYou
from record.kinds import kind_of
from record.rights import given_to, may, visible_to
from record.writing import WriteRefused, columns_of, writing
from tests.admin_pages import address
from tests.desk.rows import client_of, lines_of
from tests.factories import (
    make_assessment,
    make_document,
    make_entity,
    make_evidence,
    make_focal_point,
    make_report,
)

from .conftest import card
from .test_cards import page_of, sent, states

pytestmark = pytest.mark.django_db

LEVEL = "sin-nivel-para-otros"


@pytest.fixture
def given(editor, entity, focal, report):
    """The first card, given to an entity; SGP said its level before."""
    acts.write_card(editor, card(report), {"level": "limited", "level_as_printed": LEVEL})
    acts.give_card(editor, card(report), entity)
    return card(report)


def draft_page(found):
    return reverse("cards:draft", args=[found.report.slug, found.commitment.code])


def sent_draft(client, found, **changes):
    context = client.get(draft_page(found)).context
    data = {field.html_name: field.value() for field in context["form"]}
    data |= {"opened": context["opened"], "seen": context["seen"]} | changes
    return {name: value for name, value in data.items() if value not in (None, False)}


def test_focal_point_drafts_its_texts_and_gives_it_back(focal, editor, report, given):
    client = client_of(focal)
    [line] = lines_of(client, "cards")
    assert line == given

    response = client.post(
        draft_page(given), sent_draft(client, given, results="Se hizo esto", _give_back="1")
    )

    assert response.url == reverse("admin:index")
    assert (card(report).results, card(report).level) == ("Se hizo esto", "limited")
    assert client.get(draft_page(given)).status_code == 404
    assert lines_of(client, "cards") is None
    assert states(editor, report)[0] == CardState.IN_WORK


def test_form_asks_for_the_rows_of_the_card_only(focal, given):
    form = client_of(focal).get(draft_page(given)).context["form"]

    assert set(form.fields) == {*given.report.card_form, "no_telephone"}


FORGED = {
    "level": "complete",
    "level_as_printed": "Completo",
    "has_card": "",
    "report": "1",
    "commitment": "1",
    "document": "1",
    "place": "p. 99",
    "new_end_on": "2030-01-01",
    "objective": "Una fila que el formulario no tiene",
    "annulled_at": "2020-01-01",
}


@pytest.mark.parametrize("name", FORGED)
def test_forged_field_is_not_written(focal, report, given, name):
    client = client_of(focal)
    before = getattr(given, name)

    client.post(draft_page(given), sent_draft(client, given, **{name: FORGED[name], "results": "Sí"}))

    found = card(report)
    assert (getattr(found, name), found.results) == (before, "Sí")


@pytest.mark.parametrize("name", [each.name for each in columns_of(Assessment)])
def test_writer_lets_texts_pass_and_nothing_else(focal, given, name):
    """Whatever way he found: the wall behind all forms asks too."""
    values = {
        "level": "complete",
        "has_card": False,
        "new_end_on": "2030-01-01",
        "annulled_at": "2030-01-01T00:00Z",
        "document": make_document(),
        "report": make_report(plan=given.report.plan, status="draft"),
        "commitment": given.report.plan.commitments.get(number=5),
    }
    try:
        with writing(focal, "Errata de imprenta"):
            found = Assessment.objects.get(pk=given.pk)
            setattr(found, name, values.get(name, "Otro texto"))
            found.save()
        passed = True
    except WriteRefused as refused:
        assert isinstance(refused, NotForYou)
        passed = False

    assert passed == (name in kind_of(Assessment).drafted)


def test_act_takes_no_level(focal, given):
    for values in ({"level": "complete"}, {"results": "Sí", "has_card": False}, {"objective": "Sí"}):
        with pytest.raises(PermissionDenied):
            acts.draft_texts(focal, given, values)


@pytest.mark.parametrize(
    "act",
    [
        lambda user, found: acts.write_card(user, found, {"results": "Sí"}),
        lambda user, found: acts.close_card(user, found),
        lambda user, found: acts.reopen_card(user, found),
        lambda user, found: acts.take_card_back(user, found),
        lambda user, found: acts.give_card(user, found, make_entity()),
        lambda user, found: acts.remove_card(user, found),
        lambda user, found: acts.drop_report(user, found.report),
        lambda user, found: acts.add_cards(user, found.report, []),
        lambda user, found: acts.publish_report(user, found.report, "Informe de medio término"),
    ],
)
def test_no_other_act_is_his(focal, given, act):
    with pytest.raises(PermissionDenied):
        act(focal, given)


def test_other_cards_of_the_report_are_not_his(focal, report, given):
    client, other = client_of(focal), card(report, 2)

    assert client.get(draft_page(other)).status_code == 404
    assert client.post(draft_page(other), {"results": "Sí"}).status_code == 404
    with pytest.raises(PermissionDenied):
        acts.draft_texts(focal, other, {"results": "Sí"})
    with pytest.raises(NotForYou), writing(focal):
        other.results = "Sí"
        other.save()
    for where in (
        reverse("cards:board", args=[report.slug]),
        reverse("cards:publish", args=[report.slug]),
        page_of(other),
        page_of(given),
        reverse("cards:open"),
    ):
        assert client.get(where).status_code == 403


def test_page_of_his_card_has_no_word_of_the_level_nor_of_other_cards(focal, editor, report, given):
    acts.write_card(editor, card(report, 2), {"results": "De otra ficha"})

    page = client_of(focal).get(draft_page(given)).content.decode()

    assert LEVEL not in page and "De otra ficha" not in page
    assert "Limitado" not in page and "Limited" not in page


def test_pages_of_the_admin_do_not_have_his_card(focal, given):
    """List, form, history, export and choices stay what they were: the card is a draft of the secretariat."""
    client = client_of(focal)

    for name in ("change", "history", "delete"):
        assert client.get(address(given, name)).status_code == 403
        assert client.post(address(given, name), {"level": "complete"}).status_code == 403
    assert given not in client.get(address(Assessment, "changelist")).context["cl"].queryset
    exported = client.post(address(Assessment, "export"), {"format": "0", "resource": ""}).content.decode()
    assert given.commitment.code not in exported
    assert client.get(address(given.report, "change")).status_code == 403
    query = {"app_label": "commitments", "model_name": "evidence", "field_name": "assessment"}
    assert LEVEL not in client.get(reverse("admin:autocomplete"), query).content.decode()
    assert given.public_id not in client.get(reverse("admin:autocomplete"), query).content.decode()
    for probe in ({"work__given_to": "1"}, {"work__isnull": "False"}, {"work": "1"}, {"work__pk": "1"}):
        assert client.get(address(Assessment, "changelist"), probe).status_code == 400, probe
    assert not visible_to(focal, Assessment.objects.all()).filter(pk=given.pk).exists()


def test_import_writes_nothing_of_it(focal, report, given):
    [line] = AssessmentResource().export(Assessment.everything.filter(pk=given.pk)).dict
    for changes in ({"level": "complete"}, {"results": "Por archivo"}):
        data = Dataset()
        data.dict = [line | changes]
        resource = AssessmentResource(user=focal, reason="Errata de imprenta")
        resource.import_data(data, dry_run=False, raise_errors=False, rollback_on_validation_errors=True)

        found = card(report)
        assert (found.level, found.results) == ("limited", "")


def test_evidence_of_his_does_not_name_it(focal, given):
    with pytest.raises(WriteRefused), writing(focal):
        make_evidence.__wrapped__(assessment=given, status="published")
    response = client_of(focal).get(reverse("admin:commitments_evidence_add"))
    assert "assessment" not in response.context["adminform"].form.fields


def test_colleague_drafts_it_too_and_others_do_not(entity, given):
    colleague, foreigner = make_focal_point(entity), make_focal_point(make_entity())

    assert may(colleague, "draft", given) and not may(foreigner, "draft", given)
    assert list(given_to(colleague, Assessment.objects.all())) == [given]
    assert client_of(foreigner).get(draft_page(given)).status_code == 404


def test_whoever_left_the_entity_drafts_nothing(focal, given):
    client = client_of(focal)
    data = sent_draft(client, given, results="Sí", _save="1")
    focal.memberships.all().delete()

    assert client.post(draft_page(given), data).status_code in (403, 404)


def test_card_taken_back_is_not_written_by_a_page_that_is_open(focal, editor, report, given):
    client = client_of(focal)
    data = sent_draft(client, given, results="Tarde", _save="1")
    acts.take_card_back(editor, given)

    assert client.post(draft_page(given), data).status_code == 404
    assert card(report).results == ""


def test_what_is_typed_stays_when_his_session_ends(focal, report, given):
    client = client_of(focal)
    data = sent_draft(client, given, results="Lo tecleado", _save="1")
    client.logout()
    client.post(draft_page(given), data)

    client.force_login(focal)

    assert client.get(draft_page(given)).context["form"]["results"].initial == "Lo tecleado"
    assert card(report).results == ""


def test_secretariat_says_the_level_and_leaves_the_texts_meanwhile(editor, report, given):
    client = client_of(editor)
    form = client.get(page_of(given)).context["form"]
    assert "results" not in form.fields and "level" in form.fields

    client.post(page_of(given), sent(client, given, level="substantial", results="Forzado", _save="1"))

    assert (card(report).level, card(report).results) == ("substantial", "")
    with pytest.raises(acts.IsGiven):
        acts.write_card(editor, given, {"results": "Forzado"})
    with pytest.raises(acts.IsGiven):
        acts.close_card(editor, given)


def test_card_is_given_to_whom_somebody_reports_for(editor, report, given):
    with pytest.raises(acts.NobodyThere):
        acts.give_card(editor, card(report, 2), make_entity())
    with pytest.raises(acts.IsGiven):
        acts.give_card(editor, given, given.work.given_to)


def test_card_is_given_by_its_page(editor, entity, focal, report):
    client = client_of(editor)
    found = card(report)
    assert client.get(page_of(found)).context["give_form"].fields["entity"].initial == entity.pk

    client.post(page_of(found), {"give": "1", "entity": entity.pk})

    assert acts.entity_of(found) == entity
    client.post(reverse("cards:board", args=[report.slug]), {"take_back": "26-1"})
    assert acts.entity_of(found) is None


def test_published_card_is_nobodys_to_draft(focal, editor, publisher, report, given):
    for each in report.assessments.all():
        acts.write_card(editor, each, {"level": "limited"})
    acts.publish_report(publisher, report, "Informe de medio término")

    assert not may(focal, "draft", given)
    assert client_of(focal).get(draft_page(given)).status_code == 404
    assert lines_of(client_of(focal), "cards") is None
    with pytest.raises(NotForYou), writing(focal, "Errata de imprenta"):
        found = card(report)
        found.results = "Después"
        found.save()


def test_what_he_wrote_is_no_word_of_the_publisher(focal, publisher, editor, report, given):
    acts.draft_texts(focal, given, {"results": "Se hizo esto"})
    acts.give_back(focal, given)
    for number in (2, 3):
        acts.write_card(editor, card(report, number), {"level": "limited"})

    history = client_of(publisher).get(address(given, "history")).content.decode()
    assert "Se hizo esto" in history
    acts.publish_report(publisher, report, "Informe de medio término")
    assert card(report).is_public


def test_without_focal_points_the_card_says_what_to_do_first(editor, report):
    page = client_of(editor).get(reverse("cards:card", args=[report.slug, card(report).commitment.code]))

    assert not page.context["give_form"].has_people
    assert 'name="give"' not in page.content.decode()


def test_card_of_a_published_report_leads_to_where_it_is_corrected(editor):
    found = make_assessment(report=make_report())

    page = client_of(editor).get(reverse("cards:card", args=[found.report.slug, found.commitment.code]))

    words = page.content.decode()
    assert reverse("admin:commitments_assessment_change", args=[found.pk]) in words
    assert 'name="reopen"' not in words
