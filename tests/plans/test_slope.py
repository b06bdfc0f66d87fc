"""The chart of what moved between two reports."""

from types import SimpleNamespace

import pytest

from plans import slope as charts
from plans.slope import Line, rungs, slope
from tests.factories import make_assessment, make_commitment, make_plan, make_report
from tests.pages import address, section


def lines(*pairs):
    return [Line(SimpleNamespace(code=f"7-{n}"), *pair) for n, pair in enumerate(pairs, 1)]


def test_line_of_what_stayed_is_level():
    moved = lines(("substantial", "complete"), ("complete", "complete"), ("limited", "limited"))

    list(rungs(moved))

    assert moved[1].starts == moved[1].ends == "2.25rem"
    assert moved[2].starts == moved[2].ends
    assert moved[0].starts != moved[0].ends


def test_rung_is_as_high_as_its_larger_side():
    complete, limited = rungs(lines(("limited", "complete"), ("limited", "complete"), ("limited", "limited")))

    assert (complete.before, complete.after, complete.blanks) == (0, 2, 0)
    assert (limited.before, limited.after, limited.blanks) == (3, 1, 2)
    assert (complete.height, limited.height) == ("0.75rem", "5.25rem")


def test_no_two_lines_begin_or_end_at_one_height():
    levels = ["not_started", "limited", "substantial", "complete", "withdrawn", None]
    moved = lines(*((before, after) for before in levels for after in levels))

    list(rungs(moved))

    assert len({line.starts for line in moved}) == len({line.ends for line in moved}) == 36


@pytest.mark.parametrize(
    ("before", "after", "way"),
    [
        ("limited", "complete", "rose"),
        ("complete", "limited", "fell"),
        ("limited", "limited", "same"),
        (None, None, "same"),
        (None, "complete", "other"),
        ("limited", "withdrawn", "other"),
    ],
)
def test_line_knows_its_way(before, after, way):
    assert lines((before, after))[0].way == way


@pytest.fixture
def two_reports(db):
    plan = make_plan(number=7)
    before, after = make_report(plan=plan, cutoff_on="2016-09-30"), make_report(plan=plan)
    for number, levels in enumerate([("complete", "limited"), ("limited", "complete")], 1):
        commitment = make_commitment(plan=plan, number=number, title_en=f"Title {number}")
        for report, level in zip((before, after), levels, strict=True):
            make_assessment(report=report, commitment=commitment, level=level)
    return plan, before, after


def test_fall_is_drawn_and_said_as_one(client, two_reports):
    response = client.get(address("plans:plan-detail", 7))

    movement = section(response, "movement")
    assert "7-1 Title 1: from Complete to Limited" in movement
    assert "1 rose 1 fell" in movement
    assert '<a class="fell" href="/en/commitments/7-1/">' in response.content.decode()


def test_with_too_many_lines_only_the_table_is_left(client, two_reports, monkeypatch):
    monkeypatch.setattr(charts, "MOST_LINES", 1)
    _plan, before, after = two_reports

    response = client.get(address("plans:plan-detail", 7))

    assert 'class="slope"' not in response.content.decode()
    assert "The same as a table" in section(response, "movement")
    assert slope(after, before, list(two_reports[0].commitments.all())).moved.fell == 1


def test_the_last_two_of_three_reports_are_drawn(client, two_reports):
    plan, _before, after = two_reports
    last = make_report(plan=plan, cutoff_on="2018-09-30")
    make_assessment(report=last, commitment=plan.commitments.get(number=1), level="complete")

    drawn = client.get(address("plans:plan-detail", 7)).context["slope"]

    assert (drawn.previous, drawn.report) == (after, last)
    for report in plan.reports.all():
        assert f'href="{report.get_absolute_url()}"' in client.get(
            address("plans:plan-detail", 7)
        ).content.decode().replace("/es/informes/", "/en/reports/")
