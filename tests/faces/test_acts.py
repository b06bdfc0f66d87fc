"""The pages of acts in the admin: what they show, what they post, whom they refuse."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from commitments.actions import submit
from commitments.models import Commitment, Evidence, Milestone, Update
from faces.admin.pages import IS_ANNULLED
from plans.models import Plan, Recommendation, Report
from record.dates import today
from record.models import Change
from record.publication import Status
from record.striking import OMITTED
from record.writing import writing
from tests.admin_pages import act, address, edit, filled, sent
from tests.factories import (
    make_assessment,
    make_commitment,
    make_document,
    make_editor,
    make_entity,
    make_evidence,
    make_focal_point,
    make_milestone,
    make_plan,
    make_policy_area,
    make_recommendation,
    make_report,
    make_responsibility,
    make_section,
    make_submitted,
    make_term,
    make_theme,
    make_update,
)

pytestmark = pytest.mark.django_db

REASON = "Se publicó por error"


def buttons(response):
    return [name.name for name, _address in response.context["acts"]]


def messages(client, response):
    page = client.get(response.url)
    return " ".join(str(message) for message in page.context["messages"])


def page_of(client, row, name):
    return client.get(address(row, "act", name), headers={"accept-language": "en"})


# Buttons.


@pytest.mark.parametrize(
    ("make", "acts"),
    [
        (lambda: make_plan(status=Status.DRAFT), ["publish", "strike"]),
        (make_report, ["annul", "strike"]),
        (lambda: make_recommendation(status=Status.DRAFT), ["publish", "strike"]),
        (lambda: make_update(workflow=Status.DRAFT), ["go-on", "strike"]),
        (make_submitted, ["review", "publish", "return", "strike"]),
        (make_update, ["correct", "annul", "strike"]),
        (lambda: make_evidence(status=Status.DRAFT), ["publish", "strike"]),
        *((make, ["annul", "strike"]) for make in (make_commitment, make_assessment)),
        (make_milestone, ["report", "hand-over", "annul", "strike"]),
        *((make, ["annul", "strike"]) for make in (make_theme, make_section, make_term, make_entity)),
        *((make, ["annul", "strike"]) for make in (make_document, make_policy_area)),
    ],
)
def test_page_of_a_row_offers_what_can_be_done_with_it(admin_client, make, acts):
    row = make()

    page = admin_client.get(address(row, "change"))

    assert buttons(page) == acts
    assert all(f'href="{link}"' in page.content.decode() for _act, link in page.context["acts"])


def test_annulled_row_is_restored_by_a_button(admin_client):
    report = make_report()
    act(admin_client, report, "annul", reason=REASON)
    page = admin_client.get(address(report, "change"))

    act(admin_client, report, "restore", reason="Se anuló por error")

    assert buttons(page) == ["restore", "strike"]
    assert Report.objects.published().get() == report


def test_page_of_an_annulled_row_says_so(admin_client):
    report = make_report()
    noted = admin_client.get(address(report, "change")).context["notes"]

    act(admin_client, report, "annul", reason=REASON)

    assert IS_ANNULLED not in noted
    assert IS_ANNULLED in admin_client.get(address(report, "change")).context["notes"]


def test_list_tells_what_was_annulled_from_what_stands(admin_client):
    report, other = make_report(), make_report()
    act(admin_client, report, "annul", reason=REASON)

    def rows(choice):
        page = admin_client.get(address(Report, "changelist"), {"annulled": choice})
        return set(page.context["cl"].queryset)

    assert (rows("yes"), rows("no")) == ({report}, {other})


def test_what_still_names_a_row_is_told_as_people_know_it(admin_client):
    parent = make_entity(name_es="Ministerio del Ambiente")
    make_entity(name_es="Instituto de la Amazonía", parent=parent)

    response = act(admin_client, parent, "annul", reason=REASON)

    [refusal] = response.context["form"].non_field_errors()
    assert str(parent) in refusal and "Instituto de la Amazonía" in refusal


def test_texts_come_before_their_source_where_personal_data_may_stand(admin_client):
    page = page_of(admin_client, make_recommendation(text_es="Texto", text_en="Text"), "strike")

    assert [name for name, _label in page.context["form"].fields["column"].choices][-1] == "place"


def test_editor_is_offered_no_act_and_reaches_no_page_of_one(client):
    client.force_login(make_editor())
    row = make_recommendation(status=Status.DRAFT)

    assert buttons(client.get(address(row, "change"))) == []
    for name in ("publish", "annul", "restore", "strike"):
        assert client.get(address(row, "act", name)).status_code == 403
        assert client.post(address(row, "act", name), {"reason": REASON}).status_code == 403
    assert Change.objects.of(row).count() == 1


def test_focal_point_corrects_his_updates_and_does_nothing_else(client):
    commitment = make_responsibility(entity=make_entity()).commitment
    update, other = make_update(milestone=make_milestone(commitment=commitment)), make_update()
    client.force_login(make_focal_point(commitment.responsibilities.get().entity))

    assert buttons(client.get(address(update, "change"))) == ["correct"]
    assert act(client, update, "correct", reason=REASON).status_code == 302
    assert client.get(address(update, "act", "annul")).status_code == 403
    assert client.get(address(other, "act", "correct")).status_code == 403


def test_unknown_act_and_row_are_not_found(admin_client):
    row = make_report()

    assert admin_client.get(address(row, "act", "explode")).status_code == 404
    assert admin_client.get(address(Report, "act", 77_777, "annul")).status_code == 302


def test_visitor_is_asked_who_he_is(client):
    assert "login" in client.get(address(make_report(), "act", "annul")).url


# What a page shows.


def test_page_shows_the_words_that_the_public_will_read(admin_client):
    update = make_submitted(text_es="Se aprobó\nla norma", percent=40, status="complete")
    evidence = make_evidence(update=update, status=Status.DRAFT, url="https://www.gob.pe/1")

    page = page_of(admin_client, update, "publish").content.decode()

    for words in ("Se aprobó<br>la norma", "40", "Complete", evidence.url, str(update.document)):
        assert words in page
    assert 'lang="es"' in page
    assert "search_text" not in page


def test_page_counts_what_becomes_public_with_a_row(admin_client):
    commitment = make_commitment(plan=make_plan(), status=Status.DRAFT)
    make_milestone(commitment=commitment)
    make_milestone(commitment=commitment)

    assert "milestones: 2" in page_of(admin_client, commitment, "publish").content.decode()


def test_page_of_a_correction_shows_what_it_corrects_and_the_reason_of_its_author(admin_client):
    wrong = make_update(text_es="Lo que se dijo mal", status="complete")
    right = make_milestone(commitment=wrong.milestone.commitment)
    act(admin_client, wrong, "correct", reason="Era de otro hito", milestone=right.code)
    draft = Update.objects.get(corrects=wrong)
    submit(None, draft)

    page = page_of(admin_client, draft, "publish")

    assert page.context["form"]["reason"].value() == "Era de otro hito"
    assert page.content.decode().count("Lo que se dijo mal") == 2
    assert f"“{wrong.code}” is annulled" in page.content.decode()


# Acting.


def test_update_is_published_with_its_evidence_and_the_public_entry_has_no_name(admin_client, admin_user):
    update = make_submitted()
    make_evidence(update=update, status=Status.DRAFT)

    response = act(admin_client, update, "publish")

    assert response.url == address(update, "change")
    assert Evidence.objects.published().count() == 1
    assert Change.objects.of(update).last().entry.by == admin_user
    assert LogEntry.objects.get().object_id == str(update.pk)


def test_publishing_posts_no_other_field(admin_client):
    row = make_recommendation(status=Status.DRAFT, text_es="Antes")

    act(admin_client, row, "publish", text_es="Después", order=7)

    row.refresh_from_db()
    assert (row.status, row.text_es, row.order) == (Status.PUBLISHED, "Antes", 1)


def test_no_form_publishes(admin_client):
    rows = [make_plan(status=Status.DRAFT), make_report(status=Status.DRAFT)]
    update = make_update(workflow=Status.DRAFT)
    evidence = make_evidence(status=Status.DRAFT)

    for row in (*rows, make_recommendation(status=Status.DRAFT), evidence):
        edit(admin_client, row, status="published", place="p. 9")
    edit(admin_client, update, workflow="published", place="p. 9")

    for model in (Plan, Report, Recommendation, Evidence):
        assert model.objects.filter(status=Status.DRAFT, place="p. 9").exists(), model
    assert Update.objects.get(place="p. 9").workflow == Status.DRAFT


def test_version_that_was_read_is_what_is_published(admin_client):
    row = make_recommendation(status=Status.DRAFT, text_es="Antes")
    opened = page_of(admin_client, row, "publish")
    with writing():
        row.text_es = "Lo cambió su autor"
        row.save()
    data = {field.html_name: sent(field) for field in opened.context["form"]}

    told = admin_client.post(address(row, "act", "publish"), data, headers={"accept-language": "en"})

    row.refresh_from_db()
    assert (told.status_code, row.status) == (200, Status.DRAFT)
    assert "was changed since you read it" in told.content.decode()
    assert "Lo cambió su autor" in told.content.decode()
    again = {field.html_name: sent(field) for field in told.context["form"]}
    admin_client.post(address(row, "act", "publish"), again)
    row.refresh_from_db()
    assert row.status == Status.PUBLISHED


def test_second_publisher_is_told_and_led_back(admin_client, client):
    row = make_recommendation(status=Status.DRAFT)
    opened = page_of(admin_client, row, "publish")
    act(admin_client, row, "publish")

    data = {field.html_name: sent(field) for field in opened.context["form"]}
    second = admin_client.post(address(row, "act", "publish"), data)
    late = admin_client.get(address(row, "act", "publish"))

    assert second.url == late.url == address(row, "change")
    assert Change.objects.of(row).filter(action="published").count() == 1


def test_page_of_a_row_that_was_deleted_meanwhile_says_so(admin_client):
    row = make_recommendation(status=Status.DRAFT)
    opened = page_of(admin_client, row, "publish")
    data = {field.html_name: sent(field) for field in opened.context["form"]}
    where = address(row, "act", "publish")
    with writing():
        row.delete()

    assert admin_client.post(where, data).status_code == 302


def test_public_row_in_a_draft_plan_is_told_to_be_seen_later(admin_client):
    report = make_report(status=Status.DRAFT)
    row = make_recommendation(report=report, status=Status.DRAFT)

    response = act(admin_client, row, "publish")

    page = admin_client.get(response.url)
    assert len(list(page.context["messages"])) == 2


@pytest.mark.parametrize("reason", ["", "x", "Lo pidió a@b.pe", "Llame al 01 2345678"])
def test_nothing_is_annulled_without_a_reason_that_the_public_may_read(admin_client, reason):
    row = make_report()

    response = act(admin_client, row, "annul", reason=reason)

    row.refresh_from_db()
    assert (response.status_code, row.is_annulled) == (200, False)
    assert response.context["form"].errors
    assert response.context["form"]["reason"].value() == reason


def test_personal_data_are_taken_out_where_they_stand(admin_client):
    row = make_recommendation(text_es="Lo dijo Mengano")
    make_recommendation(text_es="También Mengano")

    given = {"column": "text_es", "text": "Mengano", "reason": "Es un dato personal"}
    response = act(admin_client, row, "strike", **given)

    row.refresh_from_db()
    page = admin_client.get(response.url)
    assert row.text_es == f"Lo dijo {OMITTED}"
    assert len(list(page.context["messages"])) == 2


@pytest.mark.parametrize(
    "answers", [{"text": "Zutano"}, {"text": "x"}, {"column": "slug"}, {"text": ""}, {"reason": "Es Mengano"}]
)
def test_strike_that_cannot_be_is_refused_in_words(admin_client, answers):
    row = make_recommendation(text_es="Lo dijo Mengano")
    given = {"column": "text_es", "text": "Mengano", "reason": "Es un dato personal"}

    response = act(admin_client, row, "strike", **given | answers)

    row.refresh_from_db()
    assert (response.status_code, row.text_es) == (200, "Lo dijo Mengano")
    assert response.context["form"].errors


def test_word_moves_to_the_right_milestone_by_its_code(admin_client):
    wrong = make_update(status="complete")
    right = make_milestone(commitment=wrong.milestone.commitment)

    begun = act(admin_client, wrong, "correct", reason=REASON, milestone=f" {right.code.replace('-', '–')} ")
    draft = Update.objects.get(corrects=wrong)
    edit(admin_client, draft, percent="90")
    submit(None, draft)
    act(admin_client, draft, "publish")

    assert begun.url == reverse("reporting:draft", args=[draft.code])
    assert (draft.milestone, Update.objects.get().percent) == (right, 90)
    assert Update.everything.get(pk=wrong.pk).is_annulled
    assert Milestone.objects.with_state(today()).get(pk=right.pk).status == "complete"


def test_milestone_that_does_not_exist_is_refused_in_words(admin_client):
    wrong = make_update()

    response = act(admin_client, wrong, "correct", reason=REASON, milestone="9-9-9")

    assert "milestone" in response.context["form"].errors
    assert not Update.objects.filter(corrects=wrong).exists()


def test_draft_of_a_correction_keeps_its_day(admin_client):
    wrong = make_update()
    act(admin_client, wrong, "correct", reason=REASON)
    draft = Update.objects.get(corrects=wrong)

    response = edit(admin_client, draft, as_of="2016-01-31")

    assert "as_of" in response.context["adminform"].form.errors


def test_annulled_line_leaves_the_form_and_the_page_of_its_row(client, admin_client):
    row = make_responsibility()
    commitment = row.commitment

    edit(admin_client, commitment, change_reason="Estaba dos veces", **{"responsibilities-0-DELETE": "on"})

    opened = filled(admin_client.get(address(commitment, "change")))
    assert opened["responsibilities-INITIAL_FORMS"] in ("0", 0)
    page, _, log = client.get(commitment.get_absolute_url()).content.decode().rpartition('id="changes"')
    assert str(row.entity) in log
    assert str(row.entity) not in page.partition("annulled-parts")[0]
    assert Commitment.objects.get() == commitment


def test_page_of_an_act_takes_few_queries(admin_client, django_assert_max_num_queries):
    update = make_submitted()
    make_evidence(update=update, status=Status.DRAFT)
    page = address(update, "act", "publish")
    data = {field.html_name: sent(field) for field in admin_client.get(page).context["form"]}

    with django_assert_max_num_queries(20):
        admin_client.get(page)
    with django_assert_max_num_queries(50):
        admin_client.post(page, data)
