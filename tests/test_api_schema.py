"""The OpenAPI description: complete, and true of every answer, a fuzzer's included."""

from io import StringIO

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
    response_schema_conformance,
)

from ogp_portal.api_urls import router
from record.writing import writing
from tests.api import ROOT, get
from tests.description import HEADERS, schema
from tests.factories import (
    make_assessment,
    make_commitment,
    make_declared_figure,
    make_entity_name,
    make_evidence,
    make_finding,
    make_listing,
    make_milestone,
    make_milestone_responsible,
    make_plan_period,
    make_policy_area,
    make_recommendation,
    make_report,
    make_responsibility,
    make_section,
    make_term,
    make_theme,
    make_update,
)
from tests.once import made_once
from tests.pages import queries

pytestmark = pytest.mark.django_db


def test_description_has_no_warnings():
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=StringIO())


def test_description_reads_no_data(client):
    # Beside the version, which every answer asks for.
    assert queries(client, f"{ROOT}schema/") == 0


def test_description_has_every_list_with_its_filters(client):
    description = get(client, "schema/")

    assert description["openapi"].startswith("3.")
    for prefix, viewset, _basename in router.registry:
        operation = description["paths"][f"{ROOT}{prefix}/"]["get"]
        named = {parameter["name"] for parameter in operation["parameters"]}
        assert named == {
            *viewset.filterset_class.base_filters,
            "page",
            "page_size",
            "lang",
            "format",
            "fields",
        }
        assert {"200", "400", "404"} <= set(operation["responses"])
        assert "text/csv" in operation["responses"]["200"]["content"]


def test_description_has_the_date_where_an_object_reads_it(client):
    paths = get(client, "schema/")["paths"]

    def parameters(path):
        return {parameter["name"] for parameter in paths[ROOT + path]["get"]["parameters"]}

    assert parameters("commitments/{code}/") == {"code", "as_of", "lang", "format", "fields"}
    assert parameters("plans/{number}/compliance/") == {"number", "as_of", "lang", "format", "fields"}
    assert parameters("plans/{number}/") == {"number", "as_of", "lang", "format", "fields"}
    assert parameters("codes/{id}/") == {"id", "as_of", "lang", "format", "fields"}
    assert parameters("") == {"lang", "format"}


def test_description_is_in_the_language_asked_for_and_refuses_unknown_parameters(client):
    assert get(client, "schema/", lang="en")["info"]["title"]
    assert get(client, "schema/", status=400, nonsense="1")["errors"][0]["field"] == "nonsense"


@pytest.fixture
@made_once
def made(db):
    """Make a row of every model that the API gives."""
    commitment = make_commitment()
    with writing(reason="made for a test"):
        commitment.policy_areas.add(make_policy_area())
    theme = make_theme(plan=commitment.plan)
    make_plan_period(plan=commitment.plan)
    report = make_report(plan=commitment.plan)
    with writing(reason="made for a test"):
        commitment.recommendations.add(make_recommendation(report=report))
    make_section(plan=commitment.plan, theme=theme)
    make_section(report=report)
    make_declared_figure(report=report, theme=theme, measure="at_level", level="complete")
    make_declared_figure(report=None)
    make_term()
    make_listing(plan=commitment.plan, report=report)
    make_finding(commitment=commitment, report=make_assessment(commitment=commitment).report)
    make_responsibility(commitment=commitment, entity=make_entity_name().entity)
    update = make_update(milestone=make_milestone(commitment=commitment))
    make_milestone_responsible(milestone=update.milestone)
    make_evidence(update=update)


@pytest.mark.usefixtures("made", "no_closing")
@schema.parametrize()
@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_answers_to_a_fuzzer_are_as_described(case):
    # An empty value is absent, and a NUL character in a text is rightly refused.
    excluded = [negative_data_rejection, positive_data_acceptance]
    if (case.query or {}).get("fields"):
        # What is described is the whole object.
        excluded.append(response_schema_conformance)
    case.call_and_validate(headers=HEADERS, excluded_checks=excluded)
