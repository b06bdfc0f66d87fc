"""Declared figures: the model and its arithmetic, the loader, the API, the admin, the page of a report."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from plans.models import DeclaredFigure
from record.loading import load_record
from record.publication import Status
from record.writing import writing
from tests.admin_pages import add, edit, errors
from tests.api import errors as api_errors
from tests.api import get, results, table
from tests.factories import (
    make_assessment,
    make_commitment,
    make_declared_figure,
    make_document,
    make_plan,
    make_report,
    make_theme,
)
from tests.pages import address, section, words
from tests.record.files import put

pytestmark = pytest.mark.django_db


def judged(*levels, **columns):
    """Make a report that judged a commitment at each level; None is one that it did not judge."""
    report = make_report(**columns)
    judge(report, *levels)
    return report


def judge(report, *levels, **columns):
    for level in levels:
        commitment = make_commitment(plan=report.plan, **columns)
        if level:
            make_assessment(report=report, commitment=commitment, level=level)


def read(figure):
    """Return a figure as pages and API read it."""
    return DeclaredFigure.objects.for_reading().get(pk=figure.pk)


# What is computed


def test_number_of_commitments_is_that_of_the_plan_or_theme():
    theme = make_theme()
    for columns in ({"theme": theme}, {}, {}):
        make_commitment(plan=theme.plan, **columns)
    make_commitment()

    of_plan = make_declared_figure(plan=theme.plan, report=None)
    of_theme = make_declared_figure(plan=theme.plan, report=None, theme=theme)

    assert (read(of_plan).computed, read(of_theme).computed) == (3, 1)


def test_number_at_a_level_is_that_of_the_report_or_of_its_theme():
    report = judged("complete", "limited")
    theme = make_theme(plan=report.plan)
    judge(report, "complete", theme=theme)
    judge(make_report(plan=report.plan), "complete")
    complete = {"report": report, "measure": "at_level", "level": "complete"}

    assert read(make_declared_figure(**complete)).computed == 2
    assert read(make_declared_figure(theme=theme, **complete)).computed == 1


def test_percentage_is_rounded_half_up_as_everywhere():
    report = judged("limited", *["complete"] * 16)
    percent = {"report": report, "measure": "percent_at_level"}

    cut = read(make_declared_figure(level="limited", value=Decimal("5.8"), as_printed="5.8", **percent))
    whole = read(make_declared_figure(value=100, as_printed="100", **percent))

    assert (cut.computed, cut.difference, cut.agrees) == (Decimal("5.9"), Decimal("-0.1"), False)
    assert (whole.computed, whole.difference, whole.agrees) == (Decimal("100.0"), 0, True)


@pytest.mark.parametrize(
    ("value", "as_printed", "agrees"),
    [(65, "(65%)", True), (64, "64", False), ("65.0", "65,0", False), ("64.7", "64,7", True)],
)
def test_percentage_printed_without_decimals_agrees_if_it_is_ours_rounded(value, as_printed, agrees):
    report = judged(*["complete"] * 11, *["limited"] * 6)

    figure = make_declared_figure(
        report=report, measure="percent_at_level", level="complete", value=value, as_printed=as_printed
    )

    assert read(figure).agrees is agrees


@pytest.mark.parametrize("coverage", ["partial", "not_held"])
@pytest.mark.parametrize("measure", ["at_level", "percent_at_level"])
def test_levels_of_a_report_that_is_not_held_whole_are_not_computed(coverage, measure):
    report = judged("complete", None, coverage=coverage)
    figure = read(make_declared_figure(report=report, measure=measure, level="complete"))

    assert (figure.computed, figure.difference, figure.agrees) == (None, None, False)


def test_number_of_commitments_is_known_where_levels_are_not():
    figure = make_declared_figure(report=judged("complete", None, coverage="partial"), value=3)

    assert (read(figure).computed, read(figure).difference) == (2, 1)


def test_levels_without_a_report_are_not_computed():
    assert read(make_declared_figure(report=None, measure="at_level", level="complete")).computed is None


def test_percentage_of_a_report_that_judged_nothing_is_not_computed():
    report = judged(None)

    assert (
        read(make_declared_figure(report=report, measure="percent_at_level", level="complete")).computed
        is None
    )


@pytest.mark.parametrize(
    ("marks", "computed"), [((True, False, True), 2), ((False,), 0), ((True, None), None)]
)
def test_stars_are_counted_where_each_is_known(marks, computed):
    plan = make_plan()
    for mark in marks:
        make_commitment(plan=plan, is_starred=mark)

    assert read(make_declared_figure(plan=plan, report=None, measure="starred")).computed == computed


def test_other_figures_are_not_computed():
    assert read(make_declared_figure(report=judged("complete"), measure="other")).computed is None


# What must never be


@pytest.mark.parametrize(
    "columns",
    [
        {"measure": "guessed"},
        {"measure": "at_level", "level": "perfect"},
        {"measure": "at_level", "level": ""},
        {"measure": "commitments", "level": "complete"},
        {"measure": "starred", "level": "complete"},
        {"measure": "other", "level": "complete"},
    ],
)
def test_measures_and_levels_that_do_not_exist_or_fit_are_refused(columns):
    figure = make_declared_figure()

    with pytest.raises(IntegrityError, match="figure_"), writing(reason="made for a test"):
        DeclaredFigure.objects.filter(pk=figure.pk).update(**columns)


@pytest.mark.parametrize("name", ["report", "theme"])
def test_report_and_theme_are_of_the_figures_own_plan(name):
    make = {"report": make_report, "theme": make_theme}[name]
    plan = make_plan()

    make_declared_figure(plan=plan, **{"report": None, name: make(plan=plan)}).clean()
    with pytest.raises(ValidationError) as refused:
        make_declared_figure(plan=plan, **{"report": None, name: make()}).clean()

    assert list(refused.value.message_dict) == [name]


def test_figures_of_drafts_are_not_published():
    published = [make_declared_figure(), make_declared_figure(report=None)]
    make_declared_figure(report=make_report(status=Status.DRAFT))
    make_declared_figure(report=make_report(plan=make_plan(status=Status.DRAFT)))
    make_declared_figure(report=None, plan=make_plan(status=Status.DRAFT))

    assert set(DeclaredFigure.objects.published()) == set(published)


def test_figures_stand_in_the_order_of_plans_their_reports_and_their_own():
    first, second = make_plan(number=30_020), make_plan(number=30_021)
    late = make_declared_figure(report=make_report(plan=first, cutoff_on="2017-09-30"))
    early = make_report(plan=first, cutoff_on="2016-09-30")
    next_one, one = make_declared_figure(report=early, order=2), make_declared_figure(report=early, order=1)
    of_second = make_declared_figure(plan=second, report=None)
    of_first = make_declared_figure(plan=first, report=None)

    assert list(DeclaredFigure.objects.all()) == [of_first, one, next_one, late, of_second]


# Loading


ROWS = """plans.declaredfigure:
  - {{slug: f1, plan: {plan}, document: {document}, place: p,
     measure: other, value: 17, as_printed: '17'}}
  - {{slug: f2, plan: {plan}, document: {document}, place: {place},
     measure: other, value: 17.6, as_printed: x}}
"""


def test_numbers_loaded_twice_count_as_nobodys_edit(tmp_path):
    names = {"plan": make_plan().number, "document": make_document().slug}

    put(tmp_path, "75-figures.yaml", ROWS.format(place="p", **names))
    load_record(tmp_path)
    put(tmp_path, "75-figures.yaml", ROWS.format(place="q", **names))
    outcome = load_record(tmp_path)

    assert (outcome.kept, outcome.unchanged) == ([], ["plans.declaredfigure f1"])
    assert outcome.updated == ["plans.declaredfigure f2"]
    assert DeclaredFigure.objects.get(slug="f2").value == Decimal("17.6")


# API


def test_figure_tells_what_is_printed_and_what_is_computed(client):
    report = judged("limited", *["complete"] * 16)
    theme = make_theme(plan=report.plan)
    figure = make_declared_figure(
        report=report, measure="percent_at_level", level="limited", value=Decimal("5.8"), as_printed="5.8"
    )
    of_theme = make_declared_figure(report=report, theme=theme)

    answer = get(client, f"figures/{figure.slug}/")

    assert (answer["plan"], answer["report"]) == (report.plan.number, report.slug)
    assert (answer["measure"], answer["level"], answer["theme"]) == ("percent_at_level", "limited", None)
    assert (answer["label"], answer["label_en"]) == (figure.label_es, figure.label_en)
    assert (answer["value"], answer["as_printed"]) == (5.8, "5.8")
    assert (answer["computed"], answer["difference"]) == (5.9, -0.1)
    assert (answer["document"]["slug"], answer["place"]) == (figure.document.slug, "p. 1")
    assert answer["url"].endswith(f"/{report.slug}/#{figure.slug}")
    answer = get(client, f"figures/{of_theme.slug}/")
    assert (answer["theme"]["slug"], answer["level"]) == (theme.slug, None)


def test_figure_of_a_plan_has_no_report_and_what_is_not_known_is_null(client):
    figure = make_declared_figure(report=None, measure="other")

    answer = get(client, f"figures/{figure.slug}/")

    assert (answer["report"], answer["computed"], answer["difference"]) == (None, None, None)


def test_report_has_its_own_figures_as_the_list_has_them(client):
    report = judged("complete", "limited")
    second = make_declared_figure(report=report, order=2, measure="at_level", level="complete")
    first = make_declared_figure(report=report, order=1)
    make_declared_figure(report=make_report(plan=report.plan))
    make_declared_figure(plan=report.plan, report=None)

    figures = get(client, f"reports/{report.slug}/")["figures"]

    assert [figure["slug"] for figure in figures] == [first.slug, second.slug]
    assert figures == [get(client, f"figures/{figure.slug}/") for figure in (first, second)]


def test_figures_are_filtered(client):
    figure, other = make_declared_figure(measure="other"), make_declared_figure(report=None)

    assert results(client, "figures/", "slug", plan=figure.plan.number) == [figure.slug]
    assert results(client, "figures/", "slug", report=figure.report.slug) == [figure.slug]
    assert results(client, "figures/", "slug", measure="commitments") == [other.slug]
    assert api_errors(client, "figures/", measure="guessed") == [("measure", "unknown_value")]


def test_figures_of_drafts_do_not_exist(client):
    figure = make_declared_figure(report=make_report(status=Status.DRAFT))

    assert get(client, "figures/")["count"] == 0
    assert api_errors(client, f"figures/{figure.slug}/", status=404) == [(None, "not_found")]


def test_figures_come_as_a_file(client):
    figure = make_declared_figure(report=judged("complete"))

    [row] = table(client, "figures/")

    assert (row["slug"], row["computed"], row["difference"]) == (figure.slug, "1.0", "2.0")


def test_measures_are_a_code_list(client):
    codes = [row["code"] for row in get(client, "codes/")["results"] if row["list"] == "figure_measure"]

    assert codes == DeclaredFigure.Measure.values


# Admin


def test_figure_of_a_draft_is_added_and_a_public_one_changes_with_a_reason_only(admin_client):
    report, document = make_report(), make_document()
    columns = {
        "slug": "7-f1",
        "plan": report.plan.pk,
        "report": report.pk,
        "measure": "at_level",
        "level": "complete",
        "order": 1,
        "value": "3",
        "as_printed": "3",
        "document": document.pk,
        "place": "p. 1",
    }

    added = add(admin_client, DeclaredFigure, **columns)
    figure = DeclaredFigure.objects.get()
    unsaid = edit(admin_client, figure, as_printed="4")
    said = edit(admin_client, figure, as_printed="4", change_reason="Errata de imprenta")

    assert added.status_code == 302, errors(added)
    assert (unsaid.status_code, said.status_code) == (200, 302)


def test_level_that_does_not_fit_is_refused_in_words(admin_client):
    figure = make_declared_figure()

    response = edit(admin_client, figure, level="complete", change_reason="Errata de imprenta")

    assert "El nivel corresponde solo a los compromisos en un nivel" in errors(response)


# The page of a report


def figures_of(client, report, lang="en"):
    """Return the words of the figures on the page of a report, None where it has none."""
    response = client.get(address("plans:report-detail", report.slug, lang=lang))
    assert response.status_code == 200
    return section(response, "figures")


def test_report_without_figures_says_nothing_of_them(client):
    assert figures_of(client, judged("complete")) is None


def test_report_shows_figures_as_printed_and_as_computed(client):
    report = judged(*["limited"] * 6, *["complete"] * 11)
    percent = {"report": report, "measure": "percent_at_level", "level": "complete"}
    make_declared_figure(label_en="Same", value=Decimal("64.7"), as_printed="64,7", **percent)
    make_declared_figure(label_en="Lower", value=Decimal("64.5"), as_printed="64.5", **percent)
    make_declared_figure(label_en="Rounded", value=65, as_printed="(65%)", **percent)
    make_declared_figure(label_en="Higher", report=report, value=18, as_printed="18 compromisos")
    make_declared_figure(label_en="Other", report=report, measure="other", value=7, as_printed="7")

    words = figures_of(client, report)

    assert "Same 64,7 64.7% none Lower" in words
    assert "Lower 64.5 64.7% the printed one is lower by 0.2" in words
    assert "Rounded (65%) 64.7% none, rounded to a whole number" in words
    assert "Higher 18 compromisos 17 the printed one is higher by 1 Other" in words
    assert "Other 7 not computed here" in words


def test_figures_are_quoted_in_the_language_of_their_document(client):
    report = judged("complete")
    make_declared_figure(report=report, as_printed="tres", document=make_document(language="es"))

    body = client.get(address("plans:report-detail", report.slug)).content.decode()

    assert '<q lang="es">tres</q>' in body


def test_report_of_partial_coverage_compares_no_levels(client):
    report = judged("complete", None, None, coverage="partial")
    make_declared_figure(label_en="Completed", report=report, measure="at_level", level="complete", value=3)
    make_declared_figure(label_en="All", report=report, value=3)
    make_declared_figure(label_en="Other", report=report, measure="other")

    words = figures_of(client, report)

    assert "holds the level of 1 of the 3 commitments, so the figures by level cannot be compared" in words
    assert (
        "Completed 3 not comparable: this record holds 1 of 3 All 3 3 none Other 3 not computed here" in words
    )


def test_figures_by_theme_that_agree_stand_apart(client):
    report = judged("complete")
    theme = make_theme(plan=report.plan)
    judge(report, "complete", "limited", theme=theme)
    by_theme = {"report": report, "theme": theme}
    make_declared_figure(label_en="Agrees", value=2, as_printed="2", **by_theme)
    make_declared_figure(label_en="Agrees too", measure="at_level", level="limited", value=1, **by_theme)
    make_declared_figure(label_en="Differs", value=5, as_printed="5", **by_theme)

    words = figures_of(client, report)
    before, sentence, after = words.partition(
        "The 2 figures by theme agree with what this record adds up to."
    )

    assert "Differs 5 2 the printed one is higher by 3" in before
    assert "Agrees" not in before
    assert sentence
    assert "Agrees 2 2 none Agrees too" in after


def test_figures_say_where_they_are_printed_once_each(client):
    report, document = judged("complete"), make_document(title_en="End-term report")
    for place in ("Table 1", "Table 1", "Section 5"):
        make_declared_figure(report=report, document=document, place=place)

    words = figures_of(client, report)

    assert words.count("End-term report") == 2
    assert words.index("Table 1") < words.index("Section 5")


def test_figures_of_another_report_or_of_the_plan_are_not_on_the_page(client):
    report = judged("complete")
    make_declared_figure(report=make_report(plan=report.plan))
    make_declared_figure(plan=report.plan, report=None)

    assert figures_of(client, report) is None


def test_figures_of_a_plan_are_on_its_page_beside_what_the_record_counts(client):
    plan = make_plan(number=7)
    make_commitment(plan=plan)
    make_declared_figure(
        plan=plan, report=None, label_en="Commitments formulated", value=3, as_printed="three"
    )
    make_declared_figure(plan=plan, report=None, document=make_document(title_en="Letter"), place="p. 9")
    make_declared_figure(report=make_report(plan=plan), label_en="Of a report")

    page, _, log = words(client.get(address("plans:plan-detail", 7))).rpartition("What changed on this page")

    assert "Of a report" in log
    assert "Commitments formulated" in page
    assert "three 1 the printed one is higher by 2" in page
    assert "Letter: p. 9" in page
    assert "Of a report" not in page
