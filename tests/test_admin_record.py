"""The forms of the admin, opened on the real record and saved as they are: nothing asked, nothing changed."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import QuerySet

from commitments.models import Evidence, Milestone, Update
from entities.models import Entity, Membership
from faces.admin import RecordAdmin
from record.publication import Status
from record.rights import own_to
from record.writing import unsealed, writing
from tests.admin_pages import address, edit, errors
from tests.factories import make_entity, make_evidence, make_focal_point, make_update, make_user
from tests.record import record  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]

PAGES = {model: pages for model, pages in admin.site._registry.items() if isinstance(pages, RecordAdmin)}
# Rows of each model that are opened, spread over all of them.
SAMPLE = 6


def everything():
    """Return every row of the record, of its log, and of the users' last actions, column by column."""
    models = [
        model
        for app in ("record", "entities", "plans", "commitments")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    ]
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in (*models, LogEntry)}


def some(rows):
    """Return rows from the first to the last, and those with translations of ours."""
    rows = list(rows.order_by("pk"))
    spread = rows[:: max(1, len(rows) // SAMPLE)][:SAMPLE]
    translated = [row for row in rows if getattr(row, "unofficial", None)]
    return list(dict.fromkeys([*spread, *rows[-1:], *translated[:2]]))


def save_as_they_are(client, rows):
    """Open rows and save them without a change; return what each was refused for."""
    refused = {}
    for row in rows:
        response = edit(client, row)
        if response.status_code != 302:
            refused[str(row)] = errors(response)
    return refused


def make_drafts(model, column):
    """Let all rows of a model be drafts, past the writer: he who may not edit published ones edits these."""
    with unsealed():
        QuerySet.update(model.objects.all(), **{column: Status.DRAFT})


def make_stale():
    """Let the originals of some translations differ from what they were made from, as after an edit."""
    stale = []
    for model in PAGES:
        for row in some(model._default_manager.all()):
            if getattr(row, "unofficial", None):
                changed = dict.fromkeys(row.unofficial, "0" * 16)
                with writing(reason="made for a test"):
                    model._base_manager.filter(pk=row.pk).update(unofficial=changed)
                stale.append(row)
    return stale


@pytest.mark.parametrize("model", PAGES, ids=lambda model: model.__name__)
def test_row_that_is_saved_without_a_change_stays_as_it_is(admin_client, model):
    if model is Update:
        make_drafts(Update, "workflow")
    if model is Membership:
        # An account, of which the record has none.
        Membership.objects.create(user=make_user(), entity=make_entity())
    rows, before = some(model._default_manager.all()), everything()

    refused = save_as_they_are(admin_client, rows)

    assert rows
    assert refused == {}
    assert everything() == before


def test_warning_of_a_stale_translation_stays_when_a_row_is_saved_without_a_change(admin_client):
    rows = make_stale()
    before = everything()

    refused = save_as_they_are(admin_client, rows)

    assert rows
    assert refused == {}
    assert everything() == before


def test_row_of_a_focal_point_that_is_saved_without_a_change_stays_as_it_is(client):
    reported = Update.objects.values("milestone__commitment")
    leading = Entity.objects.filter(responsibilities__role="lead", responsibilities__commitment__in=reported)
    focal = make_focal_point(leading.first())
    client.force_login(focal)
    with writing(focal):
        for milestone in own_to(focal, Milestone.objects.all())[:SAMPLE]:
            update = make_update(milestone=milestone, workflow=Status.DRAFT)
            make_evidence(update=update, status=Status.DRAFT)
    before = everything()

    refused = {}
    opened = set()
    for model in (Update, Evidence):
        rows = some(client.get(address(model, "changelist")).context["cl"].queryset.exclude(model.said()))
        opened |= {model} if rows else set()
        refused |= save_as_they_are(client, rows)

    assert opened == {Evidence, Update}
    assert refused == {}
    assert everything() == before
