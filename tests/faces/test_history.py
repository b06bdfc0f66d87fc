"""The history of a row in the admin, and going back to what it was."""

from datetime import date

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model

from commitments.models import Assessment, Commitment, Milestone, Update
from faces.admin import RecordAdmin
from plans.models import Recommendation
from record.models import Change
from record.publication import Status
from record.writing import writing
from tests import factories
from tests.admin_pages import address, edit
from tests.log import last_change, last_reason

pytestmark = pytest.mark.django_db

ERRATUM = "Errata de imprenta"
BACK = "Antes estaba bien copiado"


@pytest.fixture
def english(admin_client):
    """The browser of an administrator who reads English."""
    admin_client.cookies["django_language"] = "en"
    return admin_client


def change(row, reason=ERRATUM, **columns):
    """Change columns of a row; return the change that the log has of it."""
    with writing(reason=reason, source="Plan, p. 9"):
        for name, value in columns.items():
            setattr(row, name, value)
        row.save()
    return last_change(row)


def text_of(client, page):
    response = client.get(page)
    assert response.status_code == 200
    return response.content.decode()


def history(client, row):
    return text_of(client, address(row, "history"))


def go_back(client, row, to, **typed):
    """Open what a row was before a change and put it back; return the answer."""
    page = address(row, "earlier", to.pk)
    version = client.get(page).context["form"].initial["version"]
    return client.post(page, {"change_reason": BACK, "version": version} | typed)


def told(response):
    """Return every error that the page of going back has."""
    return str(response.context["form"].errors)


# The history.


def test_history_shows_who_changed_what_and_why(english, admin_user):
    plan = factories.make_plan(title_es="Antes")
    edit(english, plan, title_es="Después", change_reason=ERRATUM)

    page = history(english, plan)

    for words in ("Antes", "Después", ERRATUM, admin_user.get_username(), "The public reads this"):
        assert words in page


def test_history_writes_values_as_people_read_them(english):
    theme = factories.make_theme(name_en="Transparency")
    commitment = factories.make_commitment(plan=theme.plan)
    change(commitment, theme=theme, is_starred=True, ends_on=date(2017, 6, 30))
    card = factories.make_assessment(level="limited")
    change(card, level="substantial")

    page, page_of_card = history(english, commitment), history(english, card)

    for words in ("Theme", "Transparency", "Yes", "June 30, 2017"):
        assert words in page, words
    for words in ("Limited", "Substantial"):
        assert words in page_of_card, words


def test_history_says_where_the_right_words_stand_and_of_which_day_they_speak(english):
    plan = factories.make_plan()
    with writing(reason=ERRATUM, source="Plan, p. 9", as_of=date(2016, 5, 4)):
        plan.title_es = "Otro"
        plan.save()

    page = history(english, plan)

    assert "Plan, p. 9" in page
    assert "May 4, 2016" in page


def test_history_tells_what_the_public_does_not_read(english):
    plan = factories.make_plan(status=Status.DRAFT)
    change(plan, title_es="Otro")

    assert "Only here, not public" in history(english, plan)
    assert "The public reads this" not in history(english, plan)


def test_history_of_a_row_has_its_lines_also_those_that_are_gone(english):
    commitment = factories.make_commitment(plan=factories.make_plan(status=Status.DRAFT))
    line = factories.make_responsibility(commitment=commitment, name_as_printed="Oficina de ayer")
    other = factories.make_responsibility(name_as_printed="Oficina ajena")
    change(line, name_as_printed="Oficina de hoy")
    change(other, name_as_printed="Oficina muy ajena")
    with writing(reason=ERRATUM):
        line.delete()

    page = history(english, commitment)

    assert "Oficina de ayer" in page
    assert "Deleted" in page
    assert "Oficina ajena" not in page


def test_name_of_an_account_stays_when_the_account_is_deleted(english):
    user = factories.make_publisher(username="quien-cambio")
    plan = factories.make_plan()
    with writing(user, ERRATUM):
        plan.title_es = "Otro"
        plan.save()
    get_user_model().objects.filter(pk=user.pk).delete()

    assert "quien-cambio" in history(english, plan)


def test_row_that_came_with_the_first_loading_says_so(english):
    with writing(act="load"):
        plan = factories.make_plan()

    page = history(english, plan)

    assert "It came with the first loading of the record." in page


def test_linked_row_that_is_gone_is_told_as_gone(english):
    plan = factories.make_plan(status=Status.DRAFT)
    theme = factories.make_theme(plan=plan)
    commitment = factories.make_commitment(plan=plan, theme=theme)
    change(commitment, theme=None)
    pk = theme.pk
    with writing(reason=ERRATUM):
        theme.delete()

    assert f"row {pk}, which is gone" in history(english, commitment)


def test_history_is_paged_the_newest_first(english):
    plan = factories.make_plan()
    for number in range(45):
        change(plan, title_es=f"Título-{number:02}")

    first = history(english, plan)
    last = text_of(english, f"{address(plan, 'history')}?p=3")

    assert "Título-44" in first
    assert first.index("Título-44") < first.index("Título-30")
    assert "Título-20" not in first
    assert "Título-00" in last
    assert english.get(f"{address(plan, 'history')}?p=nonsense").status_code == 200


@pytest.mark.parametrize(
    "model",
    [Commitment, Milestone, Update, Assessment, Recommendation],
    ids=lambda model: model.__name__,
)
def test_history_takes_the_same_queries_for_one_change_and_for_many(
    english, model, django_assert_max_num_queries
):
    row = factories.make(model, document=factories.make_document(), **DRAFTS.get(model.__name__, {}))
    change(row, document=factories.make_document())
    history(english, row)  # fills caches of content types
    with django_assert_max_num_queries(40) as once:
        history(english, row)
    for _ in range(15):
        change(row, document=factories.make_document(), place=f"p. {factories._number()}")

    with django_assert_max_num_queries(len(once)):
        history(english, row)


DRAFTS = {"Update": {"workflow": Status.DRAFT}}


def test_focal_point_reads_nothing_of_recommendations_in_any_change(client):
    lead = factories.make_responsibility()
    secret = factories.make_recommendation(text_es="Recomendación secreta", status=Status.DRAFT)
    known = factories.make_recommendation(text_es="Recomendación publicada")
    commitment = lead.commitment
    for row in (secret, known):
        with writing(reason=ERRATUM):
            commitment.recommendations.add(row)
    with writing(reason="Solo una secreta"):
        commitment.recommendations.remove(secret)
    client.force_login(factories.make_focal_point(lead.entity))

    page = history(client, commitment)
    earlier = text_of(client, address(commitment, "earlier", last_change(commitment).pk))

    assert "secreta" not in page + earlier
    assert "Recomendación publicada" in page


# What a row was.


def test_earlier_version_shows_then_beside_now(english):
    plan = factories.make_plan(title_es="Antes")
    first = change(plan, title_es="Entonces")
    change(plan, title_es="Ahora")

    page = text_of(english, address(plan, "earlier", first.pk))

    assert "Antes" in page
    assert "Ahora" in page
    assert "Entonces" not in page


def test_earlier_version_of_another_row_or_of_none_is_not_found(english):
    plan, other = factories.make_plan(), factories.make_plan()
    first = change(other, title_es="Otro")
    created = Change.objects.of(plan).get()

    pages = [address(plan, "earlier", pk) for pk in (first.pk, created.pk, 10**18)]

    assert [english.get(page).status_code for page in pages] == [404] * 3


# Going back.


def test_row_goes_back_with_a_reason_as_a_new_change(english, admin_user):
    plan = factories.make_plan(title_es="Antes")
    first = change(plan, title_es="Después")

    unsaid = go_back(english, plan, first, change_reason="x")
    response = go_back(english, plan, first)

    assert (unsaid.status_code, response.status_code) == (200, 302)
    plan.refresh_from_db()
    assert plan.title_es == "Antes"
    entry = last_change(plan).entry
    assert (entry.act, entry.reason, entry.by) == ("revert", BACK, admin_user)
    assert last_change(plan).columns == {"title_es": ["Después", "Antes"]}


def test_draft_goes_back_without_a_reason(english):
    plan = factories.make_plan(title_es="Antes", status=Status.DRAFT)
    first = change(plan, title_es="Después")

    assert go_back(english, plan, first, change_reason="").status_code == 302
    plan.refresh_from_db()
    assert plan.title_es == "Antes"


def test_going_back_does_not_take_back_the_publication(english):
    plan = factories.make_plan(title_es="Antes", status=Status.DRAFT)
    first = change(plan, title_es="Después", status=Status.PUBLISHED)

    go_back(english, plan, Change.objects.of(plan).get(pk=first.pk - 1))

    plan.refresh_from_db()
    assert (plan.title_es, plan.status) == ("Antes", Status.PUBLISHED)


def test_line_goes_back_from_the_page_of_its_row(english):
    line = factories.make_responsibility(name_as_printed="Antes")
    first = change(line, name_as_printed="Después")

    response = go_back(english, line.commitment, first)

    assert response.status_code == 302
    line.refresh_from_db()
    assert (line.name_as_printed, last_reason(line)) == ("Antes", BACK)


def test_planned_dates_go_back_only_with_their_source(english):
    milestone = factories.make_milestone(ends_on=date(2016, 12, 31))
    first = change(milestone, ends_on=date(2017, 12, 31))

    refused = go_back(english, milestone, first)
    response = go_back(english, milestone, first, source="Plan, p. 12")

    assert "Planned dates that are public do not move" in told(refused)
    assert response.status_code == 302
    milestone.refresh_from_db()
    assert milestone.ends_on == date(2016, 12, 31)
    assert last_change(milestone).entry.source == "Plan, p. 12"


def test_planned_dates_of_a_line_do_not_go_back(english):
    milestone = factories.make_milestone(ends_on=date(2016, 12, 31), activity_es="Antes")
    first = change(milestone, ends_on=date(2017, 12, 31), activity_es="Después")

    go_back(english, milestone.commitment, first)

    milestone.refresh_from_db()
    assert (milestone.activity_es, milestone.ends_on) == ("Antes", date(2017, 12, 31))


def test_row_that_was_changed_meanwhile_does_not_go_back(english):
    plan = factories.make_plan(title_es="Antes")
    first = change(plan, title_es="Después")
    page = address(plan, "earlier", first.pk)
    version = english.get(page).context["form"].initial["version"]
    change(plan, approval_norm_es="Otra")

    late = english.post(page, {"change_reason": BACK, "version": version})

    assert "was changed after you opened its history" in told(late)
    plan.refresh_from_db()
    assert plan.title_es == "Después"
    again = english.post(page, {"change_reason": BACK, "version": late.context["form"]["version"].value()})
    assert again.status_code == 302
    plan.refresh_from_db()
    assert (plan.title_es, plan.approval_norm_es) == ("Antes", "")


def test_text_with_an_address_does_not_come_back(english):
    plan = factories.make_plan()
    with writing(reason=ERRATUM):
        type(plan).objects.update(approval_norm_es="Escriba a a@b.pe")
    first = change(plan, approval_norm_es="Oficina")

    response = go_back(english, plan, first)

    assert "No e-mail address may stand in the record" in told(response)
    plan.refresh_from_db()
    assert plan.approval_norm_es == "Oficina"


def test_text_with_a_number_comes_back_with_a_reason(english):
    plan = factories.make_plan(approval_norm_es="fax 2345678")
    first = change(plan, approval_norm_es="Oficina")

    refused = go_back(english, plan, first)
    response = go_back(english, plan, first, no_telephone="Es un expediente")

    assert "fax 2345678" in told(refused)
    assert response.status_code == 302
    assert last_reason(plan) == f"{BACK}; no es teléfono: Es un expediente"


def test_value_that_points_to_a_row_that_is_gone_is_refused(english):
    plan = factories.make_plan(status=Status.DRAFT)
    theme = factories.make_theme(plan=plan)
    commitment = factories.make_commitment(plan=plan, theme=theme, title_es="Antes")
    first = change(commitment, theme=None, title_es="Después")
    with writing(reason=ERRATUM):
        theme.delete()

    response = go_back(english, commitment, first)

    assert "points to a row that is gone" in told(response)
    commitment.refresh_from_db()
    assert commitment.title_es == "Después"


def test_row_is_not_put_back_so_that_it_breaks_a_rule(english):
    commitment = factories.make_commitment(plan=factories.make_plan(status=Status.DRAFT), ogp_id="PE0001")
    first = change(commitment, ogp_id=None)
    factories.make_commitment(ogp_id="PE0001")

    response = go_back(english, commitment, first)

    assert response.status_code == 200
    assert told(response)
    commitment.refresh_from_db()
    assert commitment.ogp_id is None


def test_whoever_may_only_view_does_not_go_back(client):
    plan = factories.make_plan(title_es="Antes")
    first = change(plan, title_es="Después")
    client.force_login(factories.make_auditor())
    page = address(plan, "earlier", first.pk)

    shown, response = client.get(page), client.post(page, {"change_reason": BACK, "version": 0})

    assert (shown.status_code, response.status_code) == (200, 403)
    assert shown.context["form"] is None
    plan.refresh_from_db()
    assert plan.title_es == "Después"


def test_whoever_goes_back_with_nothing_is_told_so(client):
    plan = factories.make_plan(title_es="Antes")
    page = address(plan, "earlier", change(plan, title_es="Después").pk)

    for make, is_told in ((factories.make_editor, True), (factories.make_publisher, False)):
        client.force_login(make())
        assert ('id="stays"' in text_of(client, page)) is is_told


def test_focal_point_goes_back_with_his_own_drafts_only(client):
    lead = factories.make_responsibility()
    milestone = factories.make_milestone(commitment=lead.commitment)
    focal = factories.make_focal_point(lead.entity)
    with writing(focal):
        update = factories.make_update(milestone=milestone, workflow=Status.DRAFT, text_es="Antes")
    first = change(update, text_es="Después")
    other = factories.make_update(workflow=Status.DRAFT, text_es="Antes")
    others = change(other, text_es="Después")
    promise = change(lead.commitment, description_es="Otra")
    client.force_login(focal)

    assert go_back(client, update, first).status_code == 302
    assert client.get(address(other, "earlier", others.pk)).status_code == 403
    assert client.post(address(lead.commitment, "earlier", promise.pk)).status_code == 403
    update.refresh_from_db()
    assert update.text_es == "Antes"


def test_every_kind_of_row_shows_what_it_was(admin_client):
    for model, pages in admin.site._registry.items():
        if not isinstance(pages, RecordAdmin) or not hasattr(model, "said"):
            continue
        row = factories.make(model, **DRAFTS.get(model.__name__, {}))
        name = next(name for name in ("place", "slug", "publisher_es", "acronym") if hasattr(row, name))
        first = change(row, **{name: f"{getattr(row, name)}-x"})

        assert admin_client.get(address(row, "earlier", first.pk)).status_code == 200, model
