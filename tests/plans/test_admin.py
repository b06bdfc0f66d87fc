from datetime import date

import pytest

from plans.models import Document, EntityName, Plan, PlanPeriod, Report, Status, Theme
from tests.admin_pages import add, address, edit, errors
from tests.factories import (
    make_document,
    make_entity,
    make_period,
    make_plan,
    make_recommendation,
    make_report,
    make_theme,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("make", "column"),
    [
        (make_plan, "title_es"),
        (make_report, "title_es"),
        (make_recommendation, "text_es"),
        (make_theme, "name_es"),
    ],
)
def test_public_row_changes_with_a_reason_only(admin_client, make, column):
    row = make()

    unsaid = edit(admin_client, row, **{column: "Otro"})
    response = edit(admin_client, row, **{column: "Otro", "change_reason": "Errata"})

    assert (unsaid.status_code, response.status_code) == (200, 302)
    assert row.history.first().history_change_reason == "Errata"


@pytest.mark.parametrize("make", [make_plan, make_report, make_recommendation])
def test_draft_changes_and_is_deleted_without_a_reason(admin_client, make):
    row = make(status=Status.DRAFT)

    edited = edit(admin_client, row, place="p. 2")
    deleted = admin_client.post(address(row, "delete"), {"post": "yes"})

    assert (edited.status_code, deleted.status_code) == (302, 302)
    assert not type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("make", [make_plan, make_report, make_recommendation, make_theme])
def test_public_row_is_not_deleted(admin_client, make):
    row = make()

    assert admin_client.post(address(row, "delete"), {"post": "yes"}).status_code == 403


def test_public_report_goes_back_to_a_draft_with_a_reason(admin_client):
    report = make_report()

    edit(admin_client, report, status="draft", change_reason="Publicado por error")

    report.refresh_from_db()
    assert report.status == Status.DRAFT


def test_plan_is_published_by_whoever_may_change_reports_only(client):
    plan = make_plan(status=Status.DRAFT)

    client.force_login(make_user("plans.change_plan"))
    edit(client, plan, status="published")
    unpublished = Plan.objects.get(pk=plan.pk).status
    client.force_login(make_user("plans.change_plan", "plans.change_report"))
    edit(client, plan, status="published")

    assert unpublished == Status.DRAFT
    assert Plan.objects.get(pk=plan.pk).status == Status.PUBLISHED


def test_lines_of_a_public_plan_change_with_a_reason_only(admin_client):
    period = make_period(as_printed="2015-2016")

    unsaid = edit(admin_client, period.plan, **{"periods-0-as_printed": "2015-2017"})
    response = edit(
        admin_client, period.plan, change_reason="Errata", **{"periods-0-as_printed": "2015-2017"}
    )

    assert (unsaid.status_code, response.status_code) == (200, 302)
    assert PlanPeriod.objects.get().as_printed == "2015-2017"
    assert period.history.first().history_change_reason == "Errata"


def test_slug_of_a_theme_stays_in_the_form_of_its_plan(admin_client):
    theme = make_theme()

    edit(admin_client, theme.plan, change_reason="x", **{"themes-0-slug": "otro", "themes-0-name_es": "Otro"})

    changed = Theme.objects.get()
    assert (changed.slug, changed.name_es) == (theme.slug, "Otro")


@pytest.mark.parametrize(
    ("make", "column"),
    [(make_report, "slug"), (make_document, "slug"), (make_theme, "slug"), (make_plan, "number")],
)
def test_public_identifier_is_not_changed_later(admin_client, make, column):
    row = make()
    before = getattr(row, column)

    edit(admin_client, row, **{column: "77", "change_reason": "x"})

    row.refresh_from_db()
    assert getattr(row, column) == before


def test_dates_in_the_wrong_order_are_refused_in_words(admin_client):
    plan = make_plan(starts_on=date(2015, 1, 1), ends_on=date(2016, 12, 31))

    response = edit(admin_client, plan, starts_on="2017-01-01", change_reason="x")

    assert response.status_code == 200


def test_report_is_added(admin_client):
    plan = make_plan()

    response = add(
        admin_client,
        Report,
        plan=plan.pk,
        slug="9-irm",
        author="irm",
        stage="design",
        coverage="partial",
        title_es="Informe",
        cutoff_on="2017-01-31",
        document=make_document().pk,
        place="p. 1",
    )

    assert response.status_code == 302, errors(response)
    assert Report.objects.get().status == Status.DRAFT


def test_names_of_an_entity_are_edited_in_its_form(admin_client):
    entity = make_entity()

    response = edit(
        admin_client,
        entity,
        **{
            "names-TOTAL_FORMS": 1,
            "names-0-spelling": "Min. de Prueba",
            "names-0-language": "es",
            "names-0-document": make_document().pk,
            "names-0-place": "p. 1",
            "names-0-entity": entity.pk,
        },
    )

    assert response.status_code == 302, errors(response)
    assert EntityName.objects.get().entity == entity


def test_source_that_the_record_quotes_is_not_deleted(admin_client):
    report = make_report()

    admin_client.post(address(report.document, "delete"), {"post": "yes"})

    assert Document.objects.filter(pk=report.document_id).exists()
