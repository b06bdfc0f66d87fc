"""How the pages write texts: with their language, as words, as paragraphs, with what a search found."""

from django import template
from django.template.defaultfilters import linebreaksbr
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import capfirst, normalize_newlines

from faces.languages import lang_attribute, language_marks, language_words, reader_language
from record.places import parts_of, place_in
from record.search import spans_found
from record.text import Text

register = template.Library()


@register.filter
def kind_of_row(row):
    """Say what a row is: 'Compromiso'."""
    return capfirst(row._meta.verbose_name)


@register.filter
def in_language(value, language):
    """Turn a plain text into one that knows its language, such as a text of a card."""
    return Text(value, language)


@register.simple_tag
def foreign(words, language):
    """Write a few words of a source, such as a place in it, so that they are read aloud in their language."""
    attribute = lang_attribute(language)
    return format_html("<span{}>{}</span>", attribute, words) if attribute else words


@register.simple_tag
def place(row):
    """Say where a source has a fact in the reader's language, but for what is printed (record/places.py).

    A place that cannot be said so is written as it is kept, in the language of its document.
    """
    if not isinstance(row.place, str):
        # Words of the portal itself.
        return row.place
    language, reader = row.document.language, reader_language()
    parts = parts_of(row.place) if language == reader else place_in(reader, row.place)
    if parts is None:
        return foreign(row.place, language)
    quotation = format_html("<q{}>{{}}</q>", lang_attribute(language))
    return format_html_join(
        "", "{}", ((format_html(quotation, words) if is_printed else words,) for words, is_printed in parts)
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
    is_plain = value.lang == reader_language() and not value.is_unofficial and not value.is_stale
    if is_plain and not block:
        # Most texts, and there are hundreds on a page.
        return mark_safe(f"<q>{escape(value)}</q>" if quote else f"<span>{escape(value)}</span>")
    lang = lang_attribute(value.lang)
    notes = language_words(value) if block else language_marks(value)
    if block:
        return format_html('<div class="prose"{}>{}</div>{}', lang, linebreaks(value), notes)
    return format_html("<{0}{1}>{2}</{0}>{3}", "q" if quote else "span", lang, value, notes)


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
    """Write a text with the words and phrases that a query finds in it marked, and with its language.

    Little words such as 'de' are not marked beside others: they are everywhere.
    """
    parts, end = [], 0
    for start, stop in spans_found(value, query, LITTLE_WORDS):
        parts.append(format_html("{}<mark>{}</mark>", value[end:start], value[start:stop]))
        end = stop
    parts.append(format_html("{}", value[end:]))
    marks = language_marks(value)
    return format_html("<span{}>{}</span>{}", lang_attribute(value.lang), mark_safe("".join(parts)), marks)


def linebreaks(value):
    """Write a plain text as paragraphs, keeping its single line breaks."""
    paragraphs = [part.strip() for part in normalize_newlines(value).split("\n\n") if part.strip()]
    return format_html_join("", "<p>{}</p>", ((linebreaksbr(part),) for part in paragraphs))
