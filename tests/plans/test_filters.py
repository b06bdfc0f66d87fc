from datetime import date

import pytest
from django.http import QueryDict

from plans.filters import (
    DocumentFilters,
    FigureFilters,
    RecommendationFilters,
    ReportFilters,
    SectionFilters,
    ThemeFilters,
)
from plans.models import DeclaredFigure, Recommendation, Report, Section, Theme
from record.models import Document
from record.publication import Status
from tests.factories import (
    make_declared_figure,
    make_listing,
    make_plan,
    make_recommendation,
    make_report,
    make_section,
    make_theme,
)

pytestmark = pytest.mark.django_db


def reports(query):
    filterset = ReportFilters(QueryDict(query), Report.objects.published(), strict=True)
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


def test_what_a_report_says_is_there_from_its_cut_off_on():
    report = make_report(cutoff_on=date(2016, 9, 30))
    plan = report.plan
    of_plan = {make_section(plan=plan), make_declared_figure(report=None, plan=plan)}
    of_report = {
        report,
        make_recommendation(report=report),
        make_section(report=report),
        make_declared_figure(report=report),
        make_listing(report=report).work,
    }
    lists = (
        (ReportFilters, Report.objects.published()),
        (RecommendationFilters, Recommendation.objects.published()),
        (SectionFilters, Section.objects.published()),
        (FigureFilters, DeclaredFigure.objects.published()),
        (DocumentFilters, Document.objects.published()),
    )

    def found(day):
        query = QueryDict(f"plan={plan.number}&as_of={day}")
        return {row for filters, rows in lists for row in filters(query, rows, strict=True).qs}

    assert found("2016-09-30") == of_plan | of_report
    assert found("2016-09-29") == of_plan
