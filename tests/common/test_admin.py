import pytest
from django.contrib import admin
from django.urls import reverse

from commitments.models import (
    Assessment,
    Commitment,
    Evidence,
    Finding,
    Milestone,
    PolicyArea,
    Update,
)
from entities.models import Entity, Membership
from ogp_portal.common.admin import RecordAdmin
from ogp_portal.common.text import digest
from ogp_portal.models import LoadedFile, LoadedRow
from plans.models import Document, EntityName, Plan, Recommendation, Report, Status, Theme
from tests import factories
from tests.admin_pages import address, edit

pytestmark = pytest.mark.django_db


def make_membership():
    return Membership.objects.create(user=factories.make_user(), entity=factories.make_entity())


MAKERS = {
    Assessment: factories.make_assessment,
    Commitment: factories.make_commitment,
    Document: factories.make_document,
    Entity: factories.make_entity,
    EntityName: factories.make_entity_name,
    Evidence: lambda: factories.make_evidence(update=factories.make_update()),
    Finding: factories.make_finding,
    Membership: make_membership,
    Milestone: lambda: factories.make_update().milestone,
    Plan: factories.make_plan,
    PolicyArea: factories.make_policy_area,
    Recommendation: factories.make_recommendation,
    Report: factories.make_report,
    Theme: factories.make_theme,
    Update: factories.make_update,
}


def test_every_model_of_the_record_has_its_pages():
    registered = {model for model, pages in admin.site._registry.items() if isinstance(pages, RecordAdmin)}

    assert registered == set(MAKERS)


@pytest.mark.parametrize("model", MAKERS, ids=lambda model: model.__name__)
def test_every_page_opens(admin_client, model):
    row = MAKERS[model]()
    version = row.history.first().pk
    pages = [
        address(model, "changelist"),
        address(model, "add"),
        address(row, "change"),
        address(row, "history"),
        address(row, "simple_history", version),
    ]

    assert [admin_client.get(page).status_code for page in pages] == [200] * 5


@pytest.mark.parametrize("model", MAKERS, ids=lambda model: model.__name__)
def test_list_takes_the_same_queries_for_one_row_and_for_many(
    admin_client, model, django_assert_max_num_queries
):
    MAKERS[model]()
    admin_client.get(address(model, "changelist"))  # fills caches of content types
    with django_assert_max_num_queries(20) as once:
        admin_client.get(address(model, "changelist"))
    for _ in range(3):
        MAKERS[model]()

    with django_assert_max_num_queries(len(once)):
        rows = admin_client.get(address(model, "changelist")).context["cl"].result_list

    assert len(rows) >= 4


@pytest.mark.parametrize("model", MAKERS, ids=lambda model: model.__name__)
def test_search_takes_anything(admin_client, model):
    for query in ("Gestión pública", "\x00", '"', "%", "x" * 10_000):
        assert admin_client.get(address(model, "changelist"), {"q": query}).status_code == 200


@pytest.mark.parametrize("model", MAKERS, ids=lambda model: model.__name__)
def test_what_an_address_cannot_fill_in_is_ignored(admin_client, model):
    names = [field.name for field in model._meta.get_fields() if field.concrete and field.is_relation]

    response = admin_client.get(address(model, "add"), dict.fromkeys(names, "nonsense"))

    assert response.status_code == 200


@pytest.mark.parametrize("page", ["nonsense/history/", "1/history/nonsense/", f"{'9' * 30}/history/"])
def test_history_of_what_cannot_be_a_row_is_not_found(admin_client, page):
    factories.make_plan(pk=1)

    response = admin_client.get(address(Plan, "changelist") + page)

    assert response.status_code in (302, 404)


# Finding rows.


@pytest.mark.parametrize("query", ["gestion", "Gestión", "GESTION", "gesti", "GDIG"])
def test_entities_are_found_without_accents_and_by_parts_of_words(admin_client, query):
    entity = factories.make_entity(name_es="Secretaría de Gestión Digital", acronym="GDIG")
    factories.make_entity()

    found = admin_client.get(address(Entity, "changelist"), {"q": query}).context["cl"].result_list

    assert list(found) == [entity]


def test_texts_without_a_search_column_are_found_as_they_are_written(admin_client):
    document = factories.make_document(title_es="Evaluación final")
    factories.make_document()

    found = admin_client.get(address(Document, "changelist"), {"q": "Evaluación"}).context["cl"].result_list

    assert list(found) == [document]


@pytest.mark.parametrize(
    ("value", "expected"),
    [("es", "without Spanish"), ("en", "without English"), ("unofficial", "translated")],
)
def test_rows_that_lack_a_language_are_found(admin_client, value, expected):
    rows = {
        "without Spanish": factories.make_commitment(title_es=""),
        "without English": factories.make_commitment(title_en=""),
        "translated": factories.make_commitment(unofficial={"title_en": ""}),
    }

    found = admin_client.get(address(Commitment, "changelist"), {"text": value}).context["cl"].result_list

    assert list(found) == [rows[expected]]


# Translations of ours.


def test_ticked_translation_keeps_the_fingerprint_of_its_original(admin_client):
    entity = factories.make_entity(name_es="Ministerio", name_en="Ministry")

    response = edit(admin_client, entity, unofficial=["name_en"])

    assert response.status_code == 302
    entity.refresh_from_db()
    assert entity.unofficial == {"name_en": digest("Ministerio")}


def test_translation_stays_stale_when_something_else_is_edited(admin_client):
    entity = factories.make_entity(unofficial={"name_en": ""})
    edit(admin_client, entity, name_es="Otro nombre")

    edit(admin_client, entity, acronym="XYZ")

    entity.refresh_from_db()
    assert entity.acronym == "XYZ"
    assert entity.is_stale("name_en")


def test_translation_is_fresh_again_when_it_is_edited(admin_client):
    entity = factories.make_entity(unofficial={"name_en": ""})
    edit(admin_client, entity, name_es="Otro nombre")

    edit(admin_client, entity, name_en="Another name")

    entity.refresh_from_db()
    assert entity.is_unofficial("name_en")
    assert not entity.is_stale("name_en")


def test_unticked_translation_counts_as_an_original(admin_client):
    entity = factories.make_entity(unofficial={"name_en": ""})

    edit(admin_client, entity, unofficial=None)

    entity.refresh_from_db()
    assert entity.unofficial == {}


@pytest.mark.parametrize(
    ("columns", "ticked"),
    [({"name_en": ""}, ["name_en"]), ({}, ["name_es", "name_en"]), ({}, ["website"])],
)
def test_translation_without_text_or_original_is_refused(admin_client, columns, ticked):
    entity = factories.make_entity(**columns)

    response = edit(admin_client, entity, unofficial=ticked)

    assert "unofficial" in response.context["adminform"].form.errors


def test_names_of_translations_are_for_people(admin_client, settings):
    settings.LANGUAGE_CODE = "en"
    entity = factories.make_entity(unofficial={"name_en": ""})
    edit(admin_client, entity, name_es="Otro nombre")

    form = (
        admin_client.get(address(entity, "change"), headers={"accept-language": "en"})
        .context["adminform"]
        .form
    )

    labels = dict(form.fields["unofficial"].choices)
    assert labels["name_es"] == "Name in Spanish"
    assert "the original was changed" in labels["name_en"]


# History.


def test_old_version_is_shown_and_cannot_be_saved(admin_client):
    entity = factories.make_entity(name_es="Antes")
    first = address(entity, "simple_history", entity.history.first().pk)
    edit(admin_client, entity, name_es="Después")

    shown = admin_client.get(first)
    saved = admin_client.post(first, {"name_es": "Antes", "slug": entity.slug, "kind": "ministry"})

    assert "Antes" in shown.content.decode()
    assert 'type="submit" value=' not in shown.content.decode()
    assert saved.status_code == 403
    entity.refresh_from_db()
    assert entity.name_es == "Después"


def test_whoever_may_only_view_cannot_save_through_the_history(client):
    entity = factories.make_entity(name_es="Antes")
    client.force_login(factories.make_user("entities.view_entity"))

    response = client.post(
        address(entity, "simple_history", entity.history.first().pk),
        {"name_es": "Otro", "slug": entity.slug, "kind": "ministry"},
    )

    assert response.status_code == 403
    entity.refresh_from_db()
    assert entity.name_es == "Antes"


def test_history_shows_who_changed_what_and_why(admin_client, admin_user):
    plan = factories.make_plan(title_es="Antes")
    edit(admin_client, plan, title_es="Después", change_reason="Errata")

    page = admin_client.get(address(plan, "history")).content.decode()

    for words in ("Antes", "Después", "Errata", admin_user.get_username()):
        assert words in page


# The public page of a row.


def test_public_row_links_to_its_page_and_a_draft_does_not(admin_client):
    public, draft = factories.make_plan(), factories.make_plan(status=Status.DRAFT)

    assert public.get_absolute_url() in admin_client.get(address(public, "change")).content.decode()
    assert draft.get_absolute_url() not in admin_client.get(address(draft, "change")).content.decode()


# The admin as a whole.


@pytest.mark.parametrize(("code", "word"), [("es", "Español"), ("en", "English")])
def test_language_of_the_admin_is_switched_and_the_page_kept(admin_client, code, word):
    page = address(Plan, "changelist")

    response = admin_client.post(reverse("set_language"), {"language": code, "next": page}, follow=True)

    assert response.redirect_chain[-1][0] == page
    assert f'<html lang="{code}"' in response.content.decode()


def test_language_is_switched_before_logging_in_too(client):
    page = client.get(reverse("admin:login")).content.decode()

    assert f'action="{reverse("set_language")}"' in page


@pytest.mark.parametrize("model", [LoadedFile, LoadedRow])
def test_what_was_loaded_is_read_only(admin_client, model):
    columns = {"file": "f.yaml", "model": "m", "key": "k", "object_id": 1, "columns": [], "digest": "0"}
    row = model.objects.create(**{"name": "f.yaml", "digest": "0"} if model is LoadedFile else columns)

    assert admin_client.get(address(model, "changelist")).status_code == 200
    assert admin_client.get(address(model, "add")).status_code == 403
    assert admin_client.post(address(row, "change"), {}).status_code == 403
    assert admin_client.post(address(row, "delete"), {"post": "yes"}).status_code == 403
