"""Our own Spanish texts are easy to read: INFLESZ 65 and more on average; and how that is counted."""

import pytest

from scripts.readability import (
    Text,
    averages,
    is_sentence,
    of_glossary,
    of_interface,
    own_texts,
    syllables,
    words,
)

# "Quite easy"; definitions need longer words, and are "normal".
EASY, NORMAL = 65, 55

SYLLABLES = {
    "sol": 1,
    "y": 1,
    "ley": 1,
    "hay": 1,
    "muy": 1,
    "que": 1,
    "guion": 1,
    "buey": 1,
    "día": 2,
    "país": 2,
    "ciudad": 2,
    "ahí": 2,
    "búho": 2,
    "leer": 2,
    "reyes": 2,
    "prohíbe": 3,
    "cualquier": 2,
    "ahora": 3,
    "guía": 2,
    "continuo": 3,
    "continúa": 4,
    "oeste": 3,
    "reúne": 3,
    "pingüino": 3,
    "vergüenza": 3,
    "prohibir": 2,
    "setiembre": 3,
    "leían": 3,
    "aéreo": 4,
    "averiguáis": 4,
    "compromiso": 4,
    "construía": 3,
    "zoología": 5,
    "institución": 4,
    "Perú": 2,
    "PAGA": 2,
    "MINAM": 2,
    "OGP": 3,
    "PCM": 4,
    "MRI": 5,
    "IV": 2,
    "5": 2,
    "2017": 6,
}


@pytest.mark.parametrize(("word", "count"), SYLLABLES.items())
def test_syllables_of_a_word(word, count):
    assert syllables(word) == count


def test_words_of_a_text_are_without_its_tags_and_with_its_placeholders():
    text = '<a href="%(address)s">Plan %(number)s</a>: {n} de los 48 compromisos&nbsp;son claros.'

    assert words(text) == ["Plan", "dato", "dato", "de", "los", "48", "compromisos", "son", "claros"]


def test_text_is_scored_by_the_formula():
    text = Text("", "El sol sale. La luna no está, ¿y el mar?")

    assert text.counts == (13, 10, 2)
    assert text.score == pytest.approx(206.835 - 62.3 * 13 / 10 - 10 / 2)


def test_decimals_and_abbreviated_addresses_end_no_sentence():
    assert Text("", "Suman el 12.5 % del plan.").counts[2] == 1


def test_averages_weigh_by_words_or_by_texts():
    short, long = Text("", "Sol."), Text("", "La institución responsable informará trimestralmente.")

    weighted, mean = averages([short, long])

    assert mean == pytest.approx((short.score + long.score) / 2)
    assert weighted == pytest.approx((short.score + 5 * long.score) / 6)


def test_texts_are_those_of_the_pages_and_the_glossary():
    interface = {text.origin for text in of_interface()}
    glossary = {text.origin for text in of_glossary()}

    assert "There is nothing at this address." in interface
    assert "Name an entity, or write its name as printed." not in interface
    assert "glossary: commitment" in glossary
    assert "glossary: ocde" not in glossary
    assert len(own_texts()) > 300


def test_our_own_spanish_texts_are_easy_to_read():
    weighted, mean = averages(own_texts())

    assert weighted >= EASY
    assert mean >= EASY


def test_sentences_of_the_pages_are_easy_and_definitions_normal():
    sentences = [text for text in of_interface() if is_sentence(text.words)]

    assert min(averages(sentences)) >= EASY
    assert min(averages(of_glossary())) >= NORMAL


def test_pages_say_here_and_not_this_record():
    """The style guide: "este registro" sounds like an office, and tires."""
    assert [text.words for text in of_interface() if "este registro" in text.words.casefold()] == []
