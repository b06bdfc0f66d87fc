import re
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.utils import translation

from faces.templatetags import dates, pieces, tables, texts
from plans.compliance import tally
from plans.templatetags import levels, squares
from record.text import Text


@pytest.fixture(params=["en"])
def lang(request):
    with translation.override(request.param):
        yield request.param


in_spanish = pytest.mark.parametrize("lang", ["es"], indirect=True)


def test_date_in_english(lang):
    assert dates.longdate(date(2017, 9, 30)) == "30 September 2017"
    assert dates.monthyear(date(2017, 9, 30)) == "September 2017"


@in_spanish
def test_date_in_spanish_as_peru_writes_it(lang):
    assert dates.longdate(date(2017, 9, 30)) == "30 de setiembre de 2017"
    assert dates.longdate(date(2017, 1, 1)) == "1 de enero de 2017"
    assert dates.monthyear(date(2017, 9, 30)) == "setiembre de 2017"


def test_no_date_is_nothing(lang):
    assert dates.longdate(None) == ""
    assert dates.monthyear(None) == ""


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (date(2015, 1, 1), date(2016, 12, 31), "2015–2016"),
        (date(2023, 1, 1), date(2023, 12, 31), "2023"),
        (date(2023, 1, 1), date(2024, 6, 30), "January 2023 to June 2024"),
        (None, date(2024, 6, 30), "30 June 2024"),
        (None, None, ""),
    ],
)
def test_period_is_in_years_where_it_is_whole_years(lang, start, end, words):
    assert dates.years(SimpleNamespace(starts_on=start, ends_on=end)) == words


@pytest.mark.parametrize(
    ("printed", "words"),
    [
        ("", "31 December 2023"),
        ("2nd Half - 2023", "second half of 2023"),
        ("2do semestre", "second half of 2023"),
        ("December 2023", "December 2023"),
        ("2023", "2023"),
        ("31 de diciembre de 2023", "31 December 2023"),
        ("2022-2023", "31 December 2023"),
        ("the end", "31 December 2023"),
    ],
)
def test_planned_date_is_as_precise_as_its_source(lang, printed, words):
    assert dates.planned(date(2023, 12, 31), printed, "en").startswith(words)


@pytest.mark.parametrize(
    ("words", "shown"), [("Complete", "complete"), ("Final Product", "final product"), ("2014", 2014)]
)
def test_words_of_a_source_that_are_shown_already_are_not_repeated(lang, words, shown):
    assert dates.printed(words, "en", shown) == ""
    assert dates.printed(f"{words}!", "en", shown) != ""


def test_planned_date_quotes_its_source_in_its_language(lang):
    assert dates.planned(date(2016, 9, 30), "Setiembre <2016>", "es") == (
        'September 2016 <span class="as-printed">'
        '(the source prints <q lang="es">Setiembre &lt;2016&gt;</q>)</span>'
    )
    assert dates.planned(None, "July 2015", "en") == "<q>July 2015</q>"
    assert dates.planned(date(2016, 9, 30), "Setiembre <2016>", "es", quote=False) == "September 2016"
    assert dates.planned(None, "July 2015", "en", quote=False) == "<q>July 2015</q>"
    assert dates.planned(None) == ""


@pytest.mark.parametrize(("number", "words"), [(Decimal("17.6"), "17.6%"), (40, "40%"), (None, "")])
def test_percentage_in_english(lang, number, words):
    assert pieces.percentage(number) == words


@in_spanish
@pytest.mark.parametrize(("number", "words"), [(Decimal("17.6"), "17,6\xa0%"), (40, "40\xa0%"), (None, "")])
def test_percentage_in_spanish(lang, number, words):
    assert pieces.percentage(number) == words


def test_level_is_told_in_words(lang):
    assert levels.level_label("no_evidence") == "No evidence available"
    assert levels.level_label(None) == "Not assessed"


@pytest.mark.parametrize("level", [*levels.Level, "none"])
def test_every_level_has_a_shape_of_its_own(level, settings):
    marks = (settings.BASE_DIR / "templates/includes/_marks.svg").read_text(encoding="utf-8")

    assert marks.count(f'<symbol id="mark-{level}"') == 1
    assert f'href="#mark-{level}"' in levels.mark(level)


def test_tally_is_drawn_with_one_square_for_each_commitment_the_best_kept_first():
    drawn = levels.marks(tally(["limited", "complete", "withdrawn", "complete"], total=6))

    shapes = re.findall(r"#mark-(\w+)", drawn)
    assert shapes == ["complete", "complete", "limited", "withdrawn", "none", "none"]


def test_more_squares_than_anybody_looks_at_are_not_drawn():
    assert levels.marks(tally(["limited"], total=levels.MOST_MARKS + 1)) == ""


@pytest.mark.parametrize("kind", ["done", "late", "said", "silent", "not-due"])
def test_every_state_of_a_milestone_has_a_circle_of_its_own(kind, settings):
    marks = (settings.BASE_DIR / "templates/includes/_marks.svg").read_text(encoding="utf-8")

    assert marks.count(f'<symbol id="mark-{kind}"') == 1
    assert squares.circles(kind, 3).count(f'href="#mark-{kind}"') == 3


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 26), "1 day"),
        (date(2026, 10, 27), "1 month"),
        (date(2026, 10, 28), "30 days"),
        (date(2024, 12, 31), "22 months"),
        (date(2024, 11, 27), "2 years"),
        (date(2023, 10, 27), "3 years and 1 month"),
        (date(2023, 6, 30), "3 years and 4 months"),
    ],
)
def test_how_long_ago_a_day_was_is_told_in_whole_days_months_or_years(lang, day, words):
    assert dates.since(day, date(2026, 11, 27)) == words


def test_last_day_of_a_month_ends_a_whole_one(lang):
    assert dates.months_since(date(2024, 12, 31), date(2025, 2, 28)) == "2 months"


@in_spanish
def test_short_dates_are_written_as_peru_does(lang):
    assert dates.shortdate(date(2017, 9, 30)) == "30\xa0set\xa02017"
    assert dates.shortmonth(date(2017, 1, 30)) == "ene\xa02017"


def test_text_in_the_readers_language_has_no_mark(lang):
    assert texts.text(Text("A <b>", "en")) == "<span>A &lt;b&gt;</span>"


def test_text_in_another_language_has_its_language_and_a_label(lang):
    assert texts.text(Text("A", "es")) == (
        '<span lang="es">A</span> <small class="note-lang">(in Spanish in the original)</small>'
    )


def test_long_text_keeps_its_paragraphs_and_lines(lang):
    words = Text("One\r\ntwo\r\n\r\n\r\n<i>Three", "es")

    assert texts.text(words, block=True) == (
        '<div class="prose" lang="es"><p>One<br>two</p><p>&lt;i&gt;Three</p></div>'
        ' <small class="note-lang">(in Spanish in the original)</small>'
    )


def test_no_text_is_nothing(lang):
    assert texts.text(Text("", "en")) == ""
    assert texts.text("") == ""


def test_words_of_a_source_are_read_in_their_language(lang):
    assert texts.foreign("Ficha <1>", "es") == '<span lang="es">Ficha &lt;1&gt;</span>'
    assert texts.foreign("Card 1", "en") == "Card 1"


def test_what_is_kept_can_be_written_twice():
    template = Template("{% load pieces %}{% keep as x %} {{ word }} {% endkeep %}[{{ x }}][{{ x }}]")

    assert template.render(Context({"word": "<A>"})) == "[&lt;A&gt;][&lt;A&gt;]"


def test_tables_of_one_text_have_names_of_their_own(lang):
    drawn = tables.structured(Text("A | B | C\n1 | 2 | 3\n\nWords.\n\nD | E | F\n4 | 5 | 6", "en"), "Topic")

    assert re.findall('aria-label="([^"]*)"', drawn) == ["Topic", "Topic (2)"]


def test_little_words_are_not_marked_beside_others(lang):
    text = Text("Ley de transparencia", "es")

    assert "<mark>Ley</mark> de <mark>transparencia</mark>" in texts.found(text, "ley de transparencia")
    assert "<mark>de</mark>" in texts.found(text, "de")


def test_card_says_its_language_once_where_it_is_not_the_readers(lang):
    def card(language, has_card=True):
        return SimpleNamespace(has_card=has_card, report=SimpleNamespace(language=language))

    assert "in Spanish in the original" in levels.card_language(card("es"))
    assert levels.card_language(card("en")) == ""
    assert levels.card_language(card("es", has_card=False)) == ""
    assert texts.prose("A\n\nB", "es") == '<div class="prose" lang="es"><p>A</p><p>B</p></div>'
