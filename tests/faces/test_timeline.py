from datetime import date
from types import SimpleNamespace

import pytest

from faces import timeline as drawing
from faces.timeline import APART, HALF, LABEL, MARK, timeline, tracks

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


# Tracks


def step(ends_on, drawn_as="silent", starts_on=None):
    return SimpleNamespace(ends_on=ends_on, due_on=ends_on, starts_on=starts_on, drawn_as=drawn_as)


JUNE, DECEMBER = date(2022, 6, 30), date(2022, 12, 31)


def test_track_goes_from_the_first_start_to_the_last_end():
    drawn = tracks([("Theme", [("what", [step(DECEMBER, starts_on=date(2022, 1, 1)), step(JUNE)])])], DAY)
    [(name, [track])] = drawn.groups

    assert name == "Theme"
    assert track.x == "0.00%"
    assert track.width == track.end_x == track.marks[-1].x
    assert [mark.step.due_on for mark in track.marks] == [JUNE, DECEMBER]
    assert drawn.years[0] == ("0.00%", 2022)
    assert float(track.end_x[:-1]) < float(drawn.day_x[:-1]) < 100


def test_steps_of_one_day_stand_side_by_side():
    [(_name, [track])] = tracks([(None, [("what", [step(JUNE), step(JUNE), step(DECEMBER)])])], DAY).groups

    assert [mark.dx for mark in track.marks] == [-HALF, -HALF - APART, -HALF]


def test_track_tells_for_how_many_months_what_is_not_done_has_waited():
    things = [
        ("waits", [step(JUNE), step(DECEMBER, "late"), step(date(2022, 3, 31), "done")]),
        ("done", [step(JUNE, "done")]),
    ]
    [(_name, [waits, done])] = tracks([(None, things)], DAY).groups

    assert waits.waits == (9, 15)
    assert done.waits is None
    assert waits.is_over
    [(_name, [to_come])] = tracks([(None, [("what", [step(date(2024, 1, 1), "not-due")])])], DAY).groups
    assert not to_come.is_over


def test_day_before_all_steps_is_not_drawn():
    assert tracks([(None, [("what", [step(JUNE)])])], date(2021, 12, 31)).day_x is None


def test_tracks_are_bounded_and_the_rest_is_counted(monkeypatch):
    monkeypatch.setattr(drawing, "MOST_STEPS", 3)
    things = [("first", [step(JUNE)] * 2), ("second", [step(JUNE)] * 2), ("third", [step(JUNE), step(None)])]

    drawn = tracks([(None, things)], DAY)

    assert [track.what for track in drawn.groups[0][1]] == ["first", "third"]
    assert (drawn.left_out, drawn.undrawn) == (2, 1)


@pytest.mark.parametrize("things", [[], [("what", [])], [("what", [step(None)])]])
def test_no_track_is_drawn_without_a_planned_end(things):
    assert tracks([(None, things)], DAY) is None
