from datetime import date
from types import SimpleNamespace

import pytest

from faces.timeline import LABEL, MARK, timeline

DAY = date(2023, 10, 1)


def milestone(starts_on=None, ends_on=None, current_ends_on=None):
    current = current_ends_on or ends_on
    return SimpleNamespace(
        starts_on=starts_on, ends_on=ends_on, current_ends_on=current, due_on=ends_on or current
    )


def test_axis_goes_by_half_years_from_the_first_start_to_the_last_end():
    drawn = timeline(
        [milestone(date(2023, 2, 1), date(2023, 6, 30)), milestone(None, date(2024, 3, 31))], DAY
    )

    assert [(year, half) for _x, year, half in drawn.halves] == [(2023, 1), (2023, 2), (2024, 1)]
    assert drawn.halves[0][0] == LABEL


def test_bar_goes_from_the_start_to_the_end_of_its_last_day():
    drawn = timeline(
        [milestone(date(2023, 1, 1), date(2023, 6, 30)), milestone(date(2023, 7, 1), date(2023, 12, 31))], DAY
    )
    first, second = drawn.bars

    assert first.x == drawn.halves[0][0]
    assert first.x + first.width == second.x == drawn.halves[1][0]
    assert second.y > first.y


def test_line_of_the_day_is_there_only_within_the_axis():
    milestones = [milestone(date(2023, 7, 1), date(2023, 12, 31))]

    assert timeline(milestones, DAY).day_x > LABEL
    assert timeline(milestones, date(2025, 1, 1)).day_x is None
    assert timeline(milestones, date(2022, 1, 1)).day_x is None


def test_milestone_without_a_start_is_a_mark_on_its_end():
    [bar] = timeline([milestone(None, date(2023, 6, 30))], DAY).bars

    assert bar.width == MARK
    assert bar.current_x is None


def test_present_end_stands_where_it_moved_and_the_sign_behind_it():
    [bar] = timeline([milestone(date(2023, 1, 1), date(2023, 6, 30), date(2023, 12, 31))], DAY).bars

    assert bar.current_x > bar.x + bar.width
    assert bar.sign_x > bar.current_x


def test_milestone_of_which_only_a_later_end_is_known_gets_no_bar():
    known = milestone(date(2023, 1, 1), date(2023, 6, 30))

    _known, bar = timeline([known, milestone(current_ends_on=date(2023, 12, 31))], DAY).bars

    assert bar.width == 0
    assert bar.current_x


@pytest.mark.parametrize("milestones", [[], [milestone()], [milestone(current_ends_on=date(2023, 6, 30))]])
def test_nothing_is_drawn_where_no_source_prints_a_planned_end(milestones):
    assert timeline(milestones, DAY) is None


def test_dates_that_contradict_each_other_are_a_mark_on_the_end():
    [bar] = timeline([milestone(date(2024, 1, 1), date(2023, 6, 30))], DAY).bars

    assert bar.width == MARK


def test_milestones_without_any_end_are_counted_as_not_drawn():
    drawn = timeline([milestone(date(2023, 1, 1), date(2023, 6, 30)), milestone(), milestone()], DAY)

    assert (len(drawn.bars), drawn.undrawn) == (1, 2)
    assert drawn.end_x > drawn.halves[-1][0]
