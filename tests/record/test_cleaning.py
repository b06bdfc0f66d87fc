import unicodedata

import pytest

from record.cleaning import clean, plain_dashes


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("participacio\u0301n", "participación"),
        ("uno\r\ndos\rtres\u2028cuatro", "uno\ndos\ntres\ncuatro"),
        ("trans\u00adparencia", "transparencia"),
        ("datos\u200b abiertos\ufeff", "datos abiertos"),
        ("\ufeffuno", "uno"),
        ("uno\x00\x07dos", "unodos"),
        ("uno\tdos", "uno dos"),
        ("\u202euno\u202c", "uno"),
        ("uno\ud800", "uno"),
        (" \u00a0uno \n", "uno"),
        ("", ""),
    ],
)
def test_clean_text(typed, stored):
    assert clean(typed) == stored


def test_clean_text_stays_as_it_is():
    text = "Resolución N° 004-2013-PCM – «cita»…\n\n• punto\u00a0uno | dos “tres” 😀"

    assert clean(text) == text
    assert clean(clean("a\u0301\r\n\u00ad b")) == clean("a\u0301\r\n\u00ad b")


@pytest.mark.parametrize("dash", ["-", "–", "—", "‑", "‐", "−", "﹣", "－", "―", "⸺"])
def test_every_kind_of_dash_is_a_hyphen_in_a_code(dash):
    assert plain_dashes(f"2{dash}10") == "2-10"
    assert unicodedata.category(dash) in ("Pd", "Sm")
