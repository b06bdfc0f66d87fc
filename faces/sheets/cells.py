"""What a single cell says: text, number, date, percentage, or nothing that can be read."""

import re
from datetime import date, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from record.cleaning import clean

# A cell that starts with one of these is run as a formula by some spreadsheet.
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
# How spreadsheets in either language say yes and no where a cell is only text, as in CSV.
TRUTHS = {"true": True, "verdadero": True, "false": False, "falso": False}
# What a cell shows instead of a result, in either language, and where its column is too narrow for a number.
_ERROR = re.compile(
    r"#(?:N/[AD]|¿?(?:NAME|NOMBRE)\?|#+"
    r"|¡?(?:REF|VALUE|VALOR|NUM|NULL|NULO|DIV/0|SPILL|DESBORDAMIENTO|CALC|FIELD|CAMPO|BLOCKED|BLOQUEADO"
    r"|CONNECT|CONECTAR|BUSY|OCUPADO|UNKNOWN|DESCONOCIDO|PYTHON|EXTERNAL)!)|Err:\d{3}",
    re.IGNORECASE,
)
# Letters of UTF-8 that a program opened as Windows-1252 and saved again: GestiÃ³n, NÂ° 5, â€œcitaâ€.
_BROKEN = re.compile("[ÃÂ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€[œ“”˜™¢¦\x9d]")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d)?)(?:\.0+)?Z?)?", re.ASCII)
# Above this a float no longer tells one whole number from the next.
_MOST_EXACT = 10**15


class Percent(float):
    """A number in a cell that is formatted as a percentage: 0.5, shown as 50 %."""

    @property
    def of_hundred(self):
        """Return what the cell shows before its sign: 50."""
        return plain(self * 100)


class Unreadable(NamedTuple):
    """What stands in a cell, and why it cannot be read."""

    text: str
    reason: str


def guarded(text):
    """Return a text with an apostrophe in front where a spreadsheet would run it as a formula."""
    return f"'{text}" if text.lstrip("'").startswith(FORMULA_STARTS) else text


def unguarded(text):
    """Return a text as it was before `guarded()`."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA_STARTS) else text


def read_text(text, is_guarded=True):
    """Return the value of a cell of text: clean, None if nothing is left, Unreadable if it is an error.

    In JSON nothing is `guarded()`.
    """
    found = None if text.isascii() else _BROKEN.search(text)
    text = clean(unguarded(text) if is_guarded else text)
    if found:
        reason = _(
            "The letters of this text are broken (“%(sample)s”): it was opened in one encoding and saved in "
            "another. Take it from the file as it was before."
        )
        return Unreadable(text, reason % {"sample": found[0]})
    if text.startswith(("#", "Err:")) and _ERROR.fullmatch(text):
        return read_error(text)
    return text or None


def read_error(text):
    """Return what is said of a cell that holds an error of the spreadsheet."""
    if not text.strip("#"):
        reason = _("Only %(signs)s stands here: the column was too narrow when the file was saved.")
        return Unreadable(text, reason % {"signs": text[:6]})
    return Unreadable(text, _("The spreadsheet shows the error %(error)s here.") % {"error": text})


def plain(number):
    """Return a number as a spreadsheet shows it: fifteen digits, a whole number without a point."""
    number = float(f"{number:.15g}")
    return int(number) if number.is_integer() and abs(number) < _MOST_EXACT else number


def read_number(text, shown, epoch):
    """Return the value of a cell of a number.

    `shown` says what its format shows: 'date', 'time', 'percent' or ''; `epoch` is day 0 of the workbook.
    """
    text = text.strip()
    number = float(text) if _NUMBER.fullmatch(text) else None
    if number is None or number in (float("inf"), float("-inf")):
        return Unreadable(text, _("“%(text)s” is not a number.") % {"text": text[:40]})
    if shown == "percent":
        return Percent(f"{number:.15g}")
    if shown == "time":
        return Unreadable(_time(number), _("A time of day or a duration stands here, not a date."))
    return _day(number, epoch) if shown == "date" else plain(number)


def _day(number, epoch):
    seconds = round(number * 86_400)
    days, rest = divmod(seconds, 86_400)
    # Lotus took 1900 for a leap year, and Excel follows it: its day 60 never was.
    if epoch.year == 1899:
        if days == 60 or days < 1:
            return Unreadable(plain_text(number), _("This number is no date, and its cell shows dates."))
        days += days < 60
    try:
        day = epoch + timedelta(days)
    except OverflowError:
        return Unreadable(plain_text(number), _("This number is no date, and its cell shows dates."))
    return _with_time(day, _time(number)) if rest else day


def _time(number):
    minutes = round(number % 1 * 86_400) // 60
    return f"{minutes // 60:02}:{minutes % 60:02}"


def plain_text(number):
    """Return a number as the text that a spreadsheet shows."""
    return str(plain(number))


def _with_time(day, time):
    shown = f"{day:%d/%m/%Y} {time}"
    reason = _("A date with a time of day stands here (%(shown)s). Leave only the date.")
    return Unreadable(shown, reason % {"shown": shown})


def read_moment(text):
    """Return the value of a cell of a date in ISO's form."""
    found = _MOMENT.fullmatch(text.strip())
    try:
        day = date.fromisoformat(found[1]) if found else None
    except ValueError:
        day = None
    if day is None:
        return Unreadable(text, _("“%(text)s” is not a date.") % {"text": text[:40]})
    return _with_time(day, found[2][:5]) if found[2] and found[2].strip("0:") else day
