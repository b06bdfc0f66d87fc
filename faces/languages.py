"""What a page says of the language of a text, so that it is read, and read aloud, as what it is (rule 7)."""

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from record.text import languages_in_order


def reader_language():
    """Return the code of the language that the page is in."""
    return languages_in_order()[0]


def language_notes(value):
    """Return what the reader must know of a text's language, as short sentences (rule 7)."""
    notes = []
    if value.lang != languages_in_order()[0]:
        if value.is_unofficial:
            notes.append(_("only in English") if value.lang == "en" else _("only in Spanish"))
        else:
            notes.append(
                _("in English in the original") if value.lang == "en" else _("in Spanish in the original")
            )
    if value.is_unofficial:
        notes.append(_("unofficial translation"))
    if value.is_stale:
        notes.append(_("the original changed after this translation"))
    return notes


def lang_attribute(language):
    """Return the lang attribute of a text that is not in the reader's language, else nothing."""
    return "" if not language or language == reader_language() else format_html(' lang="{}"', language)


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
