"""The order in which people read lists: the newest plan first, names by their alphabet; the API's stays."""

import re

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from commitments.models import Commitment, Milestone
from record.writing import writing
from tests import api
from tests.factories import (
    make_commitment,
    make_document,
    make_entity,
    make_milestone,
    make_plan,
    make_policy_area,
    make_recommendation,
    make_report,
    make_responsibility,
    make_section,
    make_term,
    make_theme,
)
from tests.pages import address, codes

pytestmark = pytest.mark.django_db


def values(body, name):
    """Return the values that a control of a page offers, in its order; the empty one left out."""
    select = re.search(rf'<select id="{name}".*?</select>', body, re.DOTALL)
    if select:
        return re.findall(r'<option value="([^"]+)"', select.group())
    return re.findall(rf'<input type="checkbox" name="{name}" value="([^"]+)"', body)


def listed(client, name, pattern, lang="es", **params):
    """Return what a pattern finds in a page, each once, in its order."""
    body = client.get(address(name, lang=lang), params).content.decode()
    return list(dict.fromkeys(re.findall(pattern, body)))


@pytest.fixture
def two_plans():
    """Make the plans 7 and 8 with a report each and two commitments each, of which number 10 comes last."""
    plans = [make_plan(number=number) for number in (7, 8)]
    for plan in plans:
        make_report(plan=plan, slug=f"{plan.number}-late", cutoff_on="2020-01-01")
        make_report(plan=plan, slug=f"{plan.number}-early", cutoff_on="2019-01-01")
        for number in (10, 2):
            make_commitment(plan=plan, number=number, title_es="Agua")
    return plans


def test_explorer_begins_with_the_newest_plan_and_the_api_with_the_first(client, two_plans):
    assert codes(client, "commitments:commitment-list") == ["8-2", "8-10", "7-2", "7-10"]
    assert codes(client, "commitments:commitment-list", q="agua") == ["8-2", "8-10", "7-2", "7-10"]
    assert codes(client, "commitments:commitment-list", ordering="code") == ["7-2", "7-10", "8-2", "8-10"]
    assert api.results(client, "commitments/") == ["7-2", "7-10", "8-2", "8-10"]
    assert api.results(client, "commitments/", q="agua") == ["7-2", "7-10", "8-2", "8-10"]


def test_choices_of_plans_themes_and_reports_begin_with_the_newest(client, two_plans):
    for plan in two_plans:
        for order in (2, 1):
            theme = make_theme(plan=plan, slug=f"{plan.number}-t{order}", order=order)
            make_commitment(plan=plan, number=20 + order, theme=theme)
    reports = ["8-late", "8-early", "7-late", "7-early"]
    for slug in reports:
        make_recommendation(report=two_plans[0].reports.model.objects.get(slug=slug))

    body = client.get(address("commitments:commitment-list")).content.decode()
    assert values(body, "plan") == ["8", "7"]
    assert values(body, "theme") == ["8-t1", "8-t2", "7-t1", "7-t2"]
    body = client.get(address("plans:recommendation-list")).content.decode()
    assert values(body, "report") == reports


def test_what_is_allowed_keeps_its_order_in_the_api(client, two_plans):
    [error] = api.get(client, "commitments/", 400, plan="9")["errors"]

    assert error["allowed"] == ["7", "8"]


def test_recommendations_begin_with_the_newest_plan_and_report(client, two_plans):
    for report in ("7-early", "8-early", "7-late", "8-late"):
        for order in (2, 1):
            make_recommendation(
                slug=f"{report}-r{order}",
                order=order,
                report=two_plans[0].reports.model.objects.get(slug=report),
            )

    found = listed(client, "plans:recommendation-list", r'id="(\d-\w+-r\d)"')

    assert found == [
        f"{report}-r{order}" for report in ("8-late", "8-early", "7-late", "7-early") for order in (1, 2)
    ]
    assert api.results(client, "recommendations/", "slug")[0] == "7-early-r1"


def test_documents_begin_with_the_last_year_and_sort_by_title(client):
    make_document(slug="a", title_es="Zona", title_en="", year=2020)
    make_document(slug="b", title_es="Ñandú", title_en="", year=2020)
    make_document(slug="c", title_es="nube", title_en="", year=2020)
    make_document(slug="d", title_es="Ábaco", title_en="", year=2020)
    make_document(slug="e", title_es="Abeja", title_en="", year=2013)
    make_document(slug="f", title_es="Abeja", title_en="", year=None)
    make_document(slug="g", title_es="Zona", title_en="", year=2023)

    found = listed(client, "plans:document-list", r'href="/es/documentos/(\w)/"')

    assert found == ["g", "d", "c", "b", "a", "e", "f"]
    assert api.results(client, "documents/", "slug") == ["a", "b", "c", "d", "e", "f", "g"]


@pytest.mark.parametrize(
    ("lang", "slugs"),
    [("es", ["abaco", "abeja", "nube", "nandu"]), ("en", ["abaco", "abeja", "nandu", "nube"])],
)
def test_entities_sort_by_the_readers_alphabet(client, lang, slugs):
    commitment = make_commitment(plan=make_plan(number=7), number=1)
    for slug, name in (("nandu", "Ñandú"), ("abeja", "abeja"), ("nube", "nube"), ("abaco", "Ábaco")):
        entity = make_entity(slug=slug, name_es=name, name_en="")
        make_responsibility(commitment=commitment, entity=entity)
    path = "entidades" if lang == "es" else "entities"

    assert listed(client, "entities:entity-list", rf'href="/{lang}/{path}/(\w+)/"', lang) == slugs
    body = client.get(address("commitments:commitment-list", lang=lang)).content.decode()
    assert values(body, "entity") == slugs
    assert api.results(client, "entities/", "slug") == ["abaco", "abeja", "nube", "nandu"]


def test_policy_areas_and_terms_sort_by_the_readers_alphabet(client):
    names = [("a", "Zona"), ("b", "Ñandú"), ("c", "nube"), ("d", "Ábaco")]
    commitment = make_commitment(plan=make_plan(number=7), number=1)
    for slug, name in names:
        with writing(reason="made for a test"):
            commitment.policy_areas.add(make_policy_area(slug=slug, name_es=name, name_en=""))
        make_term(slug=slug, term_es=name, term_en="")

    body = client.get(address("commitments:commitment-list", lang="es")).content.decode()
    assert values(body, "policy_area") == ["d", "c", "b", "a"]
    assert listed(client, "glossary", r'id="([abcd])"') == ["d", "c", "b", "a"]


def test_titles_sort_by_the_readers_alphabet(client):
    plan = make_plan(number=7)
    titles = ["Zeta", "¿Qué?", "ñandú", "Nube", "Ábaco", "abeja", "10 pasos"]
    for number, title in enumerate(titles, start=1):
        make_commitment(plan=plan, number=number, title_es=title, title_en="")
    in_order = ["7-7", "7-5", "7-6", "7-4", "7-3", "7-2", "7-1"]

    assert api.results(client, "commitments/", ordering="title", lang="es") == in_order
    assert api.results(client, "commitments/", ordering="-title", lang="es") == in_order[::-1]
    assert codes(client, "commitments:commitment-list", ordering="title")[:4] == ["7-7", "7-5", "7-6", "7-3"]


@pytest.mark.parametrize("model", [Commitment, Milestone])
def test_lists_and_choices_of_the_admin_begin_with_the_newest_plan(client, two_plans, model):
    for commitment in Commitment.objects.all():
        make_milestone(commitment=commitment, number=1)
    client.force_login(User.objects.create_superuser("root"))
    newest_first = [8, 8, 7, 7]

    rows = (
        client.get(reverse(f"admin:commitments_{model._meta.model_name}_changelist"))
        .context["cl"]
        .result_list
    )

    assert [int(row.code[0]) for row in rows] == newest_first
    field = {"app_label": "commitments", "model_name": "milestone", "field_name": "commitment"}
    choices = client.get(reverse("admin:autocomplete"), field | {"term": ""}).json()["results"]
    assert [int(choice["text"][0]) for choice in choices] == newest_first


def test_sections_that_are_found_begin_with_the_newest_plan_on_the_page(client, two_plans):
    for plan in two_plans:
        make_section(slug=f"{plan.number}-plan", plan=plan, report=None, heading_es="Lluvia", heading_en="")
        report = plan.reports.get(slug=f"{plan.number}-late")
        make_section(slug=f"{plan.number}-report", report=report, heading_es="Lluvia", heading_en="")

    found = listed(client, "search", r'#(\d-\w+)"', q="lluvia")

    assert found == ["8-plan", "8-report", "7-plan", "7-report"]
