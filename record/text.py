"""Texts in two languages: two plain columns, read in the reader's language."""

import hashlib

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .cleaning import clean
from .publication import Public

LANGUAGES = ("es", "en")


class Language(models.TextChoices):
    ES = "es", _("Spanish")
    EN = "en", _("English")


class Text(str):
    """A text that knows its language, and whether it is a translation of ours.

    `is_fallback` says that the reader gets it in the other language, for want of one in his own.
    """

    def __new__(cls, value, lang, is_unofficial=False, is_stale=False, is_fallback=False):
        text = super().__new__(cls, value)
        text.lang, text.is_unofficial, text.is_stale = lang, is_unofficial, is_stale
        text.is_fallback = is_fallback
        return text

    def like(self, value):
        """Return another text in the same language, with what is known of this one."""
        return Text(value, self.lang, self.is_unofficial, self.is_stale, self.is_fallback)

    def __reduce__(self):
        return (Text, (str(self), self.lang, self.is_unofficial, self.is_stale, self.is_fallback))


def languages_in_order():
    """Return the codes of our languages, the reader's first."""
    return _IN_ORDER.get((get_language() or "es")[:2], LANGUAGES)


_IN_ORDER = {first: (first, *(lang for lang in LANGUAGES if lang != first)) for first in LANGUAGES}


class Bilingual:
    """Read `<name>_es` or `<name>_en` of a model: the reader's, or the other where that is empty."""

    def __set_name__(self, owner, name):
        self.name = name
        self.columns = {lang: f"{name}_{lang}" for lang in LANGUAGES}

    def __get__(self, obj, owner=None):
        if obj is None:
            return self
        first, _ = order = languages_in_order()
        for lang in order:
            column = self.columns[lang]
            if value := getattr(obj, column):
                return Text(value, lang, obj.is_unofficial(column), obj.is_stale(column), lang != first)
        return Text("", first)


def other_column(column):
    """Return the twin of a column: `title_en` for `title_es`."""
    name, lang = column.rsplit("_", 1)
    return f"{name}_{'en' if lang == 'es' else 'es'}"


def language_of_column(column):
    """Return the language of a column of texts by its name, '' for one that has none."""
    lang = column.rpartition("_")[2]
    return lang if lang in LANGUAGES else ""


def digest(value):
    """Return a short fingerprint of a text, that a later change shows."""
    return hashlib.sha256(value.encode()).hexdigest()[:16]


class Translated(Public):
    """A row with texts in two languages, some of which may be translations of ours.

    `unofficial` maps the column of such a translation to the fingerprint of the original that it was made
    from. When the original is edited later, the fingerprint no longer fits and the translation is stale,
    until it is edited too (rule 7).
    """

    unofficial = models.JSONField(
        _("unofficial translations"),
        default=dict,
        blank=True,
        help_text=_("The texts that no source has in this language and that this portal translated."),
    )

    class Meta:
        abstract = True

    @classmethod
    def bilingual_columns(cls):
        """Return the names of the columns that come as a pair, Spanish first."""
        names = {field.name for field in cls._meta.concrete_fields}
        return [f"{name[:-3]}_{lang}" for name in sorted(names) if name.endswith("_es") for lang in LANGUAGES]

    def is_unofficial(self, column):
        """Tell whether the text of a column is a translation of ours."""
        return column in self.unofficial

    def is_stale(self, column):
        """Tell whether the original was edited after our translation of it."""
        made_from = self.unofficial.get(column)
        return bool(made_from) and made_from != digest(getattr(self, other_column(column)))

    def derive(self):
        """Write the fingerprints of the originals that the row's new translations were made from."""
        if self.unofficial:
            before = None if self._state.adding else type(self)._base_manager.filter(pk=self.pk).first()
            self.unofficial = {column: self._made_from(column, before) for column in self.unofficial}
        super().derive()

    def _made_from(self, column, before):
        """Return the fingerprint of the original that a translation was made from.

        `before` is the row as it is stored, or None. A text that was only cleaned did not change: it makes
        no translation fresh, and none stale.
        """
        known, twin = self.unofficial[column], other_column(column)
        if known and before is not None:
            is_edited = clean(getattr(before, column)) != getattr(self, column)
            is_original_cleaned = known == digest(getattr(before, twin)) and (
                clean(getattr(before, twin)) == getattr(self, twin)
            )
            if is_edited or is_original_cleaned:
                known = ""
        return known or digest(getattr(self, twin))


def texts_of(row, *names):
    """Yield some texts of a row in both languages, the reader's first."""
    for lang in languages_in_order():
        for name in names:
            column = f"{name}_{lang}"
            yield Text(getattr(row, column), lang, row.is_unofficial(column), row.is_stale(column))
