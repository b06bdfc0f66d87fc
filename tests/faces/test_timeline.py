from datetime import date
from types import SimpleNamespace

import pytest

from faces import timeline as drawing
from faces.timeline import APART, HALF, tracks

DAY = date(2023, 10, 1)


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
