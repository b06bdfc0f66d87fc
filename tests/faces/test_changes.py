"""How changes are told: the part of a long text that differs, and room for whole texts."""

import pytest

from faces.changes import EXCERPT, Column, excerpts, give_whole_texts
from record.text import Text

START = "one two three " * 50


def column(before, after):
    return Column("text_en", "text", before, after, (before, after))


def test_excerpts_begin_with_a_word_shortly_before_the_first_difference():
    before, after = excerpts(f"{START}old end", f"{START}new end")

    assert (before[:1], after[:1]) == ("…", "…")
    assert before[1:].split()[0] in ("one", "two", "three")
    assert before.endswith("old end")
    assert after.endswith("new end")
    assert len(before) < 100


def test_excerpts_of_texts_that_differ_from_the_first_word_begin_with_it():
    before, after = excerpts("a" * 1000, "b" * 1000)

    assert before == "a" * EXCERPT + "…"
    assert after == "b" * EXCERPT + "…"


@pytest.mark.parametrize("other", ["", START[:400]])
def test_excerpts_of_a_text_that_grew_show_where_it_did(other):
    before, after = excerpts(other, START)

    assert len(before) <= EXCERPT + 2
    assert after.endswith("…")
    assert len(after) <= EXCERPT + 2


def test_excerpts_know_their_language():
    before, _after = excerpts(Text("a" * 400, "es"), Text("b" * 400, "es"))

    assert before.lang == "es"


def test_short_column_is_shown_whole():
    assert column("old", "new").shown == ("old", "new")
    assert not column("old", "new").is_long


class OfColumns:
    def __init__(self, *columns):
        self.columns = columns


def test_whole_texts_are_given_while_there_is_room():
    first, second, third = column("a" * 600, ""), column("b" * 600, ""), column("c" * 400, "")

    give_whole_texts([OfColumns(first, column("short", "")), OfColumns(second, third)], room=1000)

    assert [each.is_whole for each in (first, second, third)] == [True, False, True]
