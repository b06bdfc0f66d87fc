import pytest
from django.http import QueryDict

from plans.filters import ReportFilters, ThemeFilters
from plans.models import Report, Theme
from record.publication import Status
from tests.factories import make_plan, make_report, make_theme

pytestmark = pytest.mark.django_db


def reports(query):
    filterset = ReportFilters(QueryDict(query), Report.objects.as_of(None), strict=True)
    assert filterset.errors_list() == []
    return set(filterset.qs)


def test_reports_of_plans_are_those_of_either():
    first, second, _third = make_report(), make_report(), make_report()

    assert reports(f"plan={first.plan.number}&plan={second.plan.number}") == {first, second}


def test_reports_of_an_author_and_a_stage_are_those_of_both():
    report = make_report(author="irm", stage="progress")
    make_report(author="irm", stage="design")
    make_report(author="government", stage="progress")

    assert reports("author=irm&stage=progress") == {report}


@pytest.mark.parametrize("parameter", ["author", "stage"])
def test_reports_of_an_author_or_stage_given_twice_are_refused(parameter):
    value = {"author": "irm", "stage": "design"}[parameter]

    [error] = ReportFilters(QueryDict(f"{parameter}={value}&{parameter}={value}")).errors_list()

    assert error["code"] == "repeated"


def test_plan_that_is_a_draft_is_unknown():
    draft = make_plan(status=Status.DRAFT)

    [error] = ReportFilters(QueryDict(f"plan={draft.number}")).errors_list()

    assert error["code"] == "unknown_value"


def test_themes_of_a_plan_are_its_own():
    theme = make_theme()
    make_theme()

    assert list(ThemeFilters(QueryDict(f"plan={theme.plan.number}"), Theme.objects.all()).qs) == [theme]
