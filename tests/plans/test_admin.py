from datetime import date

import pytest

from entities.models import EntityName
from plans.models import Listing, Plan, PlanPeriod, RecommendationSource, Report, Section, Term, Theme
from record.models import Document
from record.publication import Status
from record.writing import writing
from tests.admin_pages import act, add, address, delete, edit, errors
from tests.factories import (
    make_commitment,
    make_document,
    make_editor,
    make_entity,
    make_focal_point,
    make_further_source,
    make_listing,
    make_plan,
    make_plan_period,
    make_publisher,
    make_recommendation,
    make_report,
    make_section,
    make_term,
    make_theme,
)
from tests.log import last_reason

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("make", "column"),
    [
        (make_plan, "title_es"),
        (make_report, "title_es"),
        (make_recommendation, "text_es"),
        (make_theme, "name_es"),
        (make_section, "text_es"),
        (make_term, "definition_es"),
    ],
)
def test_public_row_changes_with_a_reason_only(admin_client, make, column):
    row = make()

    unsaid = edit(admin_client, row, **{column: "Otro"})
    response = edit(admin_client, row, **{column: "Otro", "change_reason": "Errata de imprenta"})

    assert (unsaid.status_code, response.status_code) == (200, 302)
    assert last_reason(row) == "Errata de imprenta"


@pytest.mark.parametrize("make", [make_plan, make_report, make_recommendation])
def test_draft_changes_and_is_deleted_without_a_reason(admin_client, make):
    row = make(status=Status.DRAFT)

    edited = edit(admin_client, row, place="p. 2")
    deleted = delete(admin_client, row)

    assert (edited.status_code, deleted.status_code) == (302, 302)
    assert not type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize(
    "make", [make_plan, make_report, make_recommendation, make_theme, make_section, make_term]
)
def test_public_row_is_not_deleted(admin_client, make):
    row = make()

    assert admin_client.post(address(row, "delete"), {"post": "yes"}).status_code == 403


def test_public_report_never_goes_back_to_a_draft_and_is_annulled_with_a_reason(admin_client):
    report = make_report()

    edit(admin_client, report, status="draft", change_reason="Publicado por error")
    report.refresh_from_db()
    posted = report.status
    act(admin_client, report, "annul", reason="Publicado por error")

    report.refresh_from_db()
    assert (posted, report.status, report.is_annulled) == (Status.PUBLISHED, Status.PUBLISHED, True)


def test_plan_is_published_by_whoever_may_change_reports_only(client):
    plan = make_plan(status=Status.DRAFT)

    client.force_login(make_editor())
    refused = act(client, plan, "publish")
    edit(client, plan, status="published")
    unpublished = Plan.objects.get(pk=plan.pk).status
    client.force_login(make_publisher())
    checked = client.get(address(plan, "act", "publish"), follow=True)
    answers = {"seen": checked.context["form"]["seen"].value(), "confirmed": "on", "reason": "Se aprobó"}
    client.post(checked.redirect_chain[-1][0], answers)

    assert (refused.status_code, unpublished) == (403, Status.DRAFT)
    assert Plan.objects.get(pk=plan.pk).status == Status.PUBLISHED


def test_lines_of_a_public_plan_change_with_a_reason_only(admin_client):
    period = make_plan_period(as_printed="2015-2016")

    unsaid = edit(admin_client, period.plan, **{"periods-0-as_printed": "2015-2017"})
    response = edit(
        admin_client, period.plan, change_reason="Errata de imprenta", **{"periods-0-as_printed": "2015-2017"}
    )

    assert (unsaid.status_code, response.status_code) == (200, 302)
    assert PlanPeriod.objects.get().as_printed == "2015-2017"
    assert last_reason(period) == "Errata de imprenta"


def test_slug_of_a_theme_stays_in_the_form_of_its_plan(admin_client):
    theme = make_theme()

    refused = edit(admin_client, theme.plan, change_reason="Errata de imprenta", **{"themes-0-slug": "otro"})

    assert "otro" in errors(refused)
    assert Theme.objects.get().slug == theme.slug


@pytest.mark.parametrize(
    ("make", "column"),
    [
        (make_report, "slug"),
        (make_document, "slug"),
        (make_theme, "slug"),
        (make_plan, "number"),
        (make_section, "slug"),
        (make_section, "report"),
        (make_term, "slug"),
    ],
)
def test_public_identifier_is_not_changed_later(admin_client, make, column):
    row = make()
    before = getattr(row, column)

    edit(admin_client, row, **{column: "77", "change_reason": "Errata de imprenta"})

    row.refresh_from_db()
    assert getattr(row, column) == before


def test_dates_in_the_wrong_order_are_refused_in_words(admin_client):
    plan = make_plan(starts_on=date(2015, 1, 1), ends_on=date(2016, 12, 31))

    response = edit(admin_client, plan, starts_on="2017-01-01", change_reason="Errata de imprenta")

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

    delete(admin_client, report.document)

    assert Document.objects.filter(pk=report.document_id).exists()


# Sections and terms.


@pytest.mark.parametrize("owner", ["plan", "report"])
def test_section_of_a_draft_changes_and_is_deleted_without_a_reason(admin_client, owner):
    make = {"plan": make_plan, "report": make_report}[owner]
    section = make_section(**{owner: make(status=Status.DRAFT)})

    edited = edit(admin_client, section, text_es="Otro")
    deleted = delete(admin_client, section)

    assert (edited.status_code, deleted.status_code) == (302, 302)
    assert not Section.objects.exists()


def new_section(**values):
    return {
        "slug": "2-process",
        "kind": "process",
        "order": 1,
        "text_es": "Texto",
        "document": make_document().pk,
        "place": "p. 1",
        **values,
    }


def test_section_is_added(admin_client):
    report = make_report()

    response = add(admin_client, Section, **new_section(report=report.pk))

    assert response.status_code == 302, errors(response)
    assert Section.objects.get().owner == report


@pytest.mark.parametrize("owners", [(), ("plan", "report")])
def test_section_without_one_owner_is_refused_in_words(admin_client, owners):
    report = make_report()
    rows = {"plan": report.plan, "report": report}

    response = add(admin_client, Section, **new_section(**{name: rows[name].pk for name in owners}))

    assert response.status_code == 200
    assert not Section.objects.exists()


def test_term_needs_no_source(admin_client):
    response = add(admin_client, Term, slug="hito", kind="term", term_es="Hito", definition_es="Un paso")

    assert response.status_code == 302, errors(response)
    assert Term.objects.get().sources == []


# Documents and what lists them.


def test_listings_of_a_work_are_edited_in_its_form(admin_client):
    work, source, report = make_document(), make_document(), make_report()

    response = edit(
        admin_client,
        work,
        **{
            "listings-TOTAL_FORMS": 1,
            "listings-0-listed_as": "2017, IRM Report",
            "listings-0-report": report.pk,
            "listings-0-document": source.pk,
            "listings-0-place": "Resources",
            "listings-0-work": work.pk,
        },
    )

    assert response.status_code == 302, errors(response)
    listing = Listing.objects.get()
    assert (listing.work, listing.document, listing.report) == (work, source, report)


def test_listings_of_a_source_are_not_lines_of_its_form(admin_client):
    listing = make_listing()

    [listings] = admin_client.get(address(listing.document, "change")).context["inline_admin_formsets"]

    assert listings.formset.initial_form_count() == 0


def test_document_links_to_its_page(admin_client):
    document = make_document()

    assert document.get_absolute_url() in admin_client.get(address(document, "change")).content.decode()


def test_focal_point_views_documents_and_edits_none(client):
    listing = make_listing(listed_as="Antes")
    client.force_login(make_focal_point(make_entity()))

    shown = client.get(address(listing.work, "change"))
    edited = client.post(address(listing.work, "change"), {"title_es": "Otro"})

    assert (shown.status_code, edited.status_code) == (200, 403)


@pytest.mark.parametrize("model", [Section, Term])
def test_focal_point_reads_texts_and_adds_none(client, model):
    client.force_login(make_focal_point(make_entity()))

    assert client.get(address(model, "changelist")).status_code == 200
    assert client.get(address(model, "add")).status_code == 403


# Recommendations and further sources.


def test_further_sources_of_a_recommendation_are_edited_in_its_form(admin_client):
    recommendation = make_recommendation()

    response = edit(
        admin_client,
        recommendation,
        **{
            "further_sources-TOTAL_FORMS": 1,
            "further_sources-0-document": make_document().pk,
            "further_sources-0-place": "p. 9",
            "further_sources-0-note_es": "La respuesta",
            "further_sources-0-note_en": "The answer",
            "further_sources-0-recommendation": recommendation.pk,
        },
    )

    assert response.status_code == 302, errors(response)
    source = RecommendationSource.objects.get()
    assert (source.recommendation, source.note_es, source.note_en) == (
        recommendation,
        "La respuesta",
        "The answer",
    )


@pytest.mark.parametrize("make", [make_plan, make_report, make_commitment])
def test_note_of_a_further_source_is_edited_in_both_languages(admin_client, make):
    source = make_further_source(make())
    owner = next(getattr(source, name) for name in ("plan", "report", "commitment") if hasattr(source, name))

    edit(
        admin_client,
        owner,
        change_reason="Errata de imprenta",
        **{"further_sources-0-note_es": "Fechas", "further_sources-0-note_en": "Dates"},
    )

    source.refresh_from_db()
    assert (source.note_es, source.note_en) == ("Fechas", "Dates")


def test_recommendation_lists_the_commitments_that_follow_it(admin_client):
    recommendation = make_recommendation()
    follower, other = make_commitment(), make_commitment()
    with writing(reason="made for a test"):
        follower.recommendations.add(recommendation)

    page = admin_client.get(address(recommendation, "change")).content.decode()

    assert f'<a href="{address(follower, "change")}">{follower}</a>' in page
    assert address(other, "change") not in page


def test_outcome_of_a_recommendation_is_edited(admin_client):
    recommendation = make_recommendation(status=Status.DRAFT)

    edit(admin_client, recommendation, outcome_es="Se creó", outcome_en="It was created")

    recommendation.refresh_from_db()
    assert (recommendation.outcome_es, recommendation.outcome_en) == ("Se creó", "It was created")
