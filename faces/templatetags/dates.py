"""How the pages say dates, as precisely as their source does."""

import re
from datetime import date

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from faces.languages import lang_attribute, language_marks, reader_language
from record.dates import semester, whole_months
from record.search import fold
from record.text import Text

register = template.Library()

# In our own catalogue, since Django's Spanish says "septiembre" and Peru writes "setiembre".
MONTHS = (
    gettext_lazy("January"),
    gettext_lazy("February"),
    gettext_lazy("March"),
    gettext_lazy("April"),
    gettext_lazy("May"),
    gettext_lazy("June"),
    gettext_lazy("July"),
    gettext_lazy("August"),
    gettext_lazy("September"),
    gettext_lazy("October"),
    gettext_lazy("November"),
    gettext_lazy("December"),
)


@register.filter
def longdate(day):
    """Write a date in words: '30 de setiembre de 2017', '30 September 2017'; nothing for no date."""
    if day is None:
        return ""
    return _("%(day)s %(month)s %(year)s") % {
        "day": day.day,
        "month": MONTHS[day.month - 1],
        "year": day.year,
    }


@register.filter
def worded(value):
    """Write a date in words, and anything else as it is."""
    return longdate(value) if isinstance(value, date) else value


@register.filter
def monthyear(day):
    """Write the month of a date in words: 'setiembre de 2017', 'September 2017'; nothing for no date."""
    if day is None:
        return ""
    return _("%(month)s %(year)s") % {"month": MONTHS[day.month - 1], "year": day.year}


@register.filter
def shortdate(day):
    """Write a date as a column of dates does: '30 set 2017', '30 Sep 2017'; nothing for no date."""
    return f"{day.day}\u00a0{shortmonth(day)}" if day else ""


@register.filter
def shortmonth(day):
    """Write the month of a date as a column of dates does: 'set 2017', 'Sep 2017'; nothing for no date."""
    return f"{str(MONTHS[day.month - 1])[:3]}\u00a0{day.year}" if day else ""


@register.filter
def months_since(day, on):
    """Say how long ago a day was, on another one, in months alone, as columns do: '40 meses'."""
    months = whole_months(day, on)
    return ngettext("%(n)s month", "%(n)s months", months) % {"n": months}


@register.filter
def since(day, on):
    """Say how long ago a day was, on another one: '12 días', '22 meses', '3 años y 4 meses'.

    Below a month it is days; up to two years months, which are compared at a glance; always whole ones.
    """
    months = whole_months(day, on)
    if months < 1:
        days = (on - day).days
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    said = ngettext("%(n)s month", "%(n)s months", months) % {"n": months}
    if months < 24:
        return said
    years, months = divmod(months, 12)
    said = ngettext("%(n)s year", "%(n)s years", years) % {"n": years}
    if not months:
        return said
    rest = ngettext("%(n)s month", "%(n)s months", months) % {"n": months}
    return _("%(years)s and %(months)s") % {"years": said, "months": rest}


@register.filter
def years(row):
    """Write the period of a plan or commitment: '2015–2016' where it is whole years, else in months."""
    start, end = row.starts_on, row.ends_on
    if start is None or end is None:
        return longdate(start or end)
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
        return str(start.year) if start.year == end.year else f"{start.year}–{end.year}"
    return _("%(start)s to %(end)s") % {"start": monthyear(start), "end": monthyear(end)}


@register.simple_tag
def printed(words, language, shown=""):
    """Quote the words of a source in their language: '(the source prints “2nd Half - 2023”)'.

    Nothing where they are those that are `shown` already.
    """
    if same_words(words, shown):
        return ""
    quotation = format_html("<q{}>{}</q>", lang_attribute(language), words)
    sentence = format_html(_("(the source prints {words})"), words=quotation)
    return format_html('<span class="as-printed">{}</span>', sentence)


def same_words(one, other):
    """Tell whether two texts say the same in the same words, but for accents, capitals and 'de' of a date."""
    return fold(str(one)).replace(" de ", " ") == fold(str(other)).replace(" de ", " ")


@register.simple_tag
def planned(day, words="", language="", quote=True):
    """Write a date as precisely as its source does, with the source's own words where they differ.

    Without `quote` the words stand only where there is no date.
    """
    if day is None:
        if not words:
            return ""
        notes = language_marks(Text(words, language or reader_language()))
        return format_html("<q{}>{}</q>{}", lang_attribute(language), words, notes)
    date = as_precise_as(words, day)
    quotation = printed(words, language, date) if words and quote else ""
    return format_html("{} {}", date, quotation) if quotation else date


def as_precise_as(words, day):
    """Write a date by the half-year, year or month, if that is all that the words of its source say."""
    if any(word in words.casefold() for word in ("half", "semestre")):
        return semester(day)
    if re.fullmatch(r"\d{4}", words.strip()):
        return str(day.year)
    numbers = re.findall(r"\d+", words)
    if re.search(r"[^\W\d]", words) and [len(number) for number in numbers] == [4]:
        return monthyear(day)
    return longdate(day)
