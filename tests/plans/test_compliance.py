"""The arithmetic of compliance, without a database."""

from decimal import Decimal

import pytest

from plans.compliance import PRINTED, SCALE, Level, levels_in, percent, tally, tally_by, transitions


def test_percent_when_half_is_reached_rounds_up():
    assert percent(1, 16) == Decimal("6.3")  # 6.25


def test_percent_when_printed_figures_are_cut_is_rounded():
    assert [percent(count, 17) for count in (3, 1, 2, 11)] == [
        Decimal("17.6"),
        Decimal("5.9"),
        Decimal("11.8"),
        Decimal("64.7"),
    ]


def test_percent_of_nothing_is_unknown():
    assert percent(0, 0) is None


def test_tally_counts_all_seven_levels_and_leaves_unassessed_out():
    result = tally(["complete", "complete", None, "withdrawn"], total=5)

    assert result.counts == {
        "not_started": 0,
        "limited": 0,
        "substantial": 0,
        "complete": 2,
        "withdrawn": 1,
        "unclear": 0,
        "no_evidence": 0,
    }
    assert (result.assessed, result.unassessed, result.total) == (3, 2, 5)


def test_tally_percent_is_of_those_assessed():
    result = tally(["complete", "limited", None, None], total=4)

    assert result.percent["complete"] == Decimal("50.0")


def test_tally_percent_when_coverage_is_partial_is_unknown_for_every_level():
    result = tally(["complete"], total=18, is_full=False)

    assert set(result.percent.values()) == {None}
    assert result.counts["complete"] == 1


def test_tally_percent_when_nothing_is_assessed_is_unknown_for_every_level():
    assert set(tally([], total=21).percent.values()) == {None}


def test_shown_rows_leave_out_levels_off_the_scale_that_do_not_occur():
    result = tally(["withdrawn"], total=1)

    assert [row[0] for row in result.shown_rows()] == [*SCALE, Level.WITHDRAWN]


def test_tally_by_adds_up_to_the_tally_of_all():
    levels = {1: "complete", 2: "limited", 3: "complete"}

    groups = tally_by({"a": [1, 2], None: [3, 4]}, levels)

    assert groups["a"].counts["complete"] == groups[None].counts["complete"] == 1
    assert sum(group.total for group in groups.values()) == 4
    assert groups[None].assessed == 1


def test_transitions_keep_unchanged_and_unassessed_pairs_in_the_order_of_the_scale():
    before = {1: "not_started", 2: "complete", 4: "not_started"}
    after = {1: "limited", 2: "complete", 3: "complete", 4: "not_started"}

    moves = transitions(before, after, [1, 2, 3, 4, 5])

    assert [(move.before, move.after, move.members) for move in moves] == [
        ("not_started", "not_started", (4,)),
        ("not_started", "limited", (1,)),
        ("complete", "complete", (2,)),
        (None, "complete", (3,)),
        (None, None, (5,)),
    ]
    assert [move.is_unchanged for move in moves] == [True, False, True, False, True]


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("No iniciado", {"not_started"}),
        ("Uninitiated", {"not_started"}),
        ("a. Not started", {"not_started"}),
        ("LIMITADO", {"limited"}),
        ("Completion of this commitment was limited", {"limited"}),
        ("c. Substantial", {"substantial"}),
        ("Sustancialmente avanzado", {"substantial"}),
        ("The commitment was completed", {"complete"}),
        ("Completo", {"complete"}),
        ("Incompleto", set()),
        ("Withdrawn", {"withdrawn"}),
        ("Retirado", {"withdrawn"}),
        ("Unclear", {"unclear"}),
        ("No está claro", {"unclear"}),
        ("Sin evidencia disponible", {"no_evidence"}),
        ("Substantial, then complete", {"substantial", "complete"}),
        ("", set()),
        ("80 %", set()),
    ],
)
def test_levels_in_a_printed_text_are_found_in_either_language(text, levels):
    assert levels_in(text) == levels


def test_every_level_has_its_printed_words():
    assert set(PRINTED) == set(Level)
