"""How the pages say things: texts with their language, dates, numbers, levels."""

import re
from datetime import date
from functools import lru_cache
from itertools import groupby

from django import template
from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import capfirst, normalize_newlines
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ogp_portal.common.dates import semester
from ogp_portal.common.pages import language_notes
from ogp_portal.common.search import fold, hits, query_words
from ogp_portal.common.text import Text, languages_in_order
from plans.compliance import Level

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


def reader_language():
    """Return the code of the language that the page is in."""
    return languages_in_order()[0]


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


def lang_attribute(language):
    """Return the lang attribute of a text that is not in the reader's language, else nothing."""
    return "" if not language or language == reader_language() else format_html(' lang="{}"', language)


@register.simple_tag
def foreign(words, language):
    """Write a few words of a source, such as a place in it, so that they are read aloud in their language."""
    attribute = lang_attribute(language)
    return format_html("<span{}>{}</span>", attribute, words) if attribute else words


@register.filter
def percentage(number):
    """Write a percentage as the language does: '17,6 %', '17.6%'; nothing for no number."""
    if number is None:
        return ""
    if reader_language() == "en":
        return f"{number}%"
    # Spanish sets a blank before the sign; it must not break there.
    return f"{number}\u00a0%".replace(".", ",")


@register.filter
def level_label(level):
    """Say a level in words; no level is 'not assessed in this record' (rule 1: unknown is never zero)."""
    return Level(level).label if level else _("Not assessed in this record")


@register.simple_tag
def by(report):
    """Say who judged and when: no level stands without it (rule 2)."""
    parts = {
        "author": report.get_author_display(),
        "stage": report.get_stage_display().lower(),
        "date": longdate(report.cutoff_on),
    }
    if report.is_cutoff_inferred:
        return _("%(author)s, %(stage)s, as of %(date)s (date inferred)") % parts
    return _("%(author)s, %(stage)s, as of %(date)s") % parts


@register.simple_tag
def mark(level):
    """Draw the shape of a level; the word stands beside it, so it says nothing to a screen reader."""
    return _mark(level or "none")


@lru_cache
def _mark(name):
    return format_html(
        '<svg class="mark mark-{0}" width="16" height="16" aria-hidden="true" focusable="false">'
        '<use href="#mark-{0}"/></svg>',
        name,
    )


@register.simple_tag
def marks(tally):
    """Draw a shape for each commitment of a tally, in the order of the scale, those without a level last."""
    drawn = [_mark(level) for level, count in tally.counts.items() for _each in range(count)]
    drawn += [_mark("none")] * tally.unassessed
    return format_html('<span class="marks" aria-hidden="true">{}</span>', mark_safe("".join(drawn)))


@register.simple_block_tag
def keep(content):
    """Keep what a part of a template writes under a name, to write it more than once: {% keep as title %}."""
    return mark_safe(content.strip())


@register.inclusion_tag("includes/_bar.html")
def bar(tally, widest, slug, name):
    """Draw a tally as a bar, each level a segment, as long as its number of commitments is of `widest`.

    `name` says what it is the bar of, and `slug` makes it the only one of the page.
    """
    shares = [(level, count, Level(level).label) for level, count in tally.counts.items() if count]
    if tally.unassessed:
        shares.append(("none", tally.unassessed, level_label(None)))
    segments, x = [], 0
    for level, count, label in shares:
        width = count * 100 / tally.total
        middle = x + width / 2
        segments.append(
            {"level": level, "count": count, "label": label, "x": x, "width": width, "middle": middle}
        )
        x += width
    return {"segments": segments, "width": tally.total * 100 / (widest or 1), "slug": slug, "name": name}


@register.filter
def kind_of_row(row):
    """Say what a row is: 'Compromiso'."""
    return capfirst(row._meta.verbose_name)


@register.filter
def get(mapping, key):
    """Return what a mapping holds for a key, or None."""
    return mapping.get(key)


@register.filter
def in_language(value, language):
    """Turn a plain text into one that knows its language, such as a text of a card."""
    return Text(value, language)


def language_words(value):
    """Say what the reader must know of a text's language: '(unofficial translation)'."""
    return format_html_join(
        "", ' <small class="note-lang">({})</small>', ((note,) for note in language_notes(value))
    )


def language_marks(value):
    """Say it of a few words: an asterisk where all there is to know is that the translation is ours.

    The foot of each page explains the asterisk; a screen reader hears the words.
    """
    notes = language_notes(value)
    if not value.is_unofficial or len(notes) > 1:
        return language_words(value)
    return format_html(
        '<small class="note-lang brief">*<span class="visually-hidden"> ({})</span></small>', notes[0]
    )


@register.simple_tag
def text(value, block=False, quote=False):
    """Write a text with its language and, where it is not the reader's or is a translation of ours, a label.

    `block` keeps the paragraphs of a long text; `quote` puts a short one in quotation marks, not its label.
    """
    if not value:
        return ""
    if not isinstance(value, Text):
        return linebreaks(value) if block else value
    lang = lang_attribute(value.lang)
    notes = language_words(value) if block else language_marks(value)
    if block:
        return format_html('<div class="prose"{}>{}</div>{}', lang, linebreaks(value), notes)
    return format_html("<{0}{1}>{2}</{0}>{3}", "q" if quote else "span", lang, value, notes)


@register.simple_tag
def card_language(card):
    """Say in which language a card is, where it has words and is not in the reader's: '(in English ...)'."""
    return language_words(Text(" ", card.report.language)) if card.has_card else ""


@register.simple_tag
def prose(words, language):
    """Write a source's words in their language as paragraphs, where what stands above names that language."""
    return format_html('<div class="prose"{}>{}</div>', lang_attribute(language), linebreaks(words))


# fmt: off
LITTLE_WORDS = {
    "a", "al", "con", "de", "del", "e", "el", "en", "la", "las", "los", "o", "para", "por", "que", "se", "un",
    "una", "y", "and", "by", "for", "in", "of", "on", "the", "to",
}
# fmt: on


@register.simple_tag
def found(value, query):
    """Write a text with the words that a query finds in it marked, and with its language.

    Little words such as 'de' are not marked beside others: they are everywhere.
    """
    telling = [word for word in query_words(query) if fold(word) not in LITTLE_WORDS]
    parts, end = [], 0
    for start, stop in hits(value, " ".join(telling) or query):
        parts.append(format_html("{}<mark>{}</mark>", value[end:start], value[start:stop]))
        end = stop
    parts.append(format_html("{}", value[end:]))
    marks = language_marks(value)
    return format_html("<span{}>{}</span>{}", lang_attribute(value.lang), mark_safe("".join(parts)), marks)


@register.simple_tag
def structured(value, label=""):
    """Write a section of a document with its lists and tables, whose cells the record divides by |.

    `label` names the tables for whoever cannot see them.
    """
    if not value:
        return ""
    lang = lang_attribute(value.lang)
    notes = language_words(value)
    return format_html('<div class="prose structured"{}>{}</div>{}', lang, blocks(value, label), notes)


def blocks(value, label):
    """Write each paragraph of a text as what it is, a table, a list or words; each table has its own name."""
    written, tables = [], 0
    for part in normalize_newlines(value).split("\n\n"):
        lines = [line.strip() for line in part.split("\n") if line.strip()]
        for kind, group in groupby(lines, key=kind_of_line):
            tables += kind == "table"
            name = f"{label} ({tables})" if tables > 1 else label
            written.append(BLOCKS[kind](list(group), name))
    return mark_safe("".join(written))


def kind_of_line(line):
    if line.count(" | ") or line.endswith(" |"):
        return "table"
    return "list" if line.startswith(BULLET) else "words"


def write_table(lines, label):
    """Write lines of cells as a table: pairs have their head in front, wider ones in the first line."""
    rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    width = max(len(row) for row in rows)
    rows = [row + [""] * (width - len(row)) for row in rows]
    head = ""
    if width > 2:
        cells = format_html_join("", '<th scope="col">{}</th>', ((cell,) for cell in rows.pop(0)))
        head = format_html("<thead><tr>{}</tr></thead>", cells)
    body = format_html_join(
        "",
        '<tr><th scope="row">{}</th>{}</tr>',
        ((row[0], format_html_join("", "<td>{}</td>", ((cell,) for cell in row[1:]))) for row in rows),
    )
    table = format_html("<table>{}<tbody>{}</tbody></table>", head, body)
    return format_html(
        '<div class="scroll" role="region" tabindex="0" aria-label="{}">{}</div>', label, table
    )


def write_list(lines, label):
    items = format_html_join("", "<li>{}</li>", ((line.removeprefix(BULLET).strip(),) for line in lines))
    return format_html("<ul>{}</ul>", items)


def write_words(lines, label):
    return format_html("<p>{}</p>", format_html_join(mark_safe("<br>"), "{}", ((line,) for line in lines)))


BULLET = "•"
BLOCKS = {"table": write_table, "list": write_list, "words": write_words}


def linebreaks(value):
    """Write a plain text as paragraphs, keeping its single line breaks."""
    paragraphs = [part.strip() for part in normalize_newlines(value).split("\n\n") if part.strip()]
    return format_html_join("", "<p>{}</p>", ((linebreaksbr(part),) for part in paragraphs))
