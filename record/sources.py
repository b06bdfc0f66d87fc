"""Where a fact stands: what every row of the record has (rule 6)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .publication import Public, Status
from .text import Bilingual, Translated


class Sourced(Public):
    """A fact and where it stands: every row of the record has a document and a place in it (rule 6)."""

    document = models.ForeignKey(
        "record.Document", verbose_name=_("source document"), on_delete=models.PROTECT, related_name="+"
    )
    place = models.CharField(
        _("place in the document"),
        max_length=250,
        help_text=_("For example: Card of commitment 9, row “Results”."),
    )

    # The columns that name what its facts stand in.
    document_columns = ("document",)

    class Meta:
        abstract = True

    @classmethod
    def naming_draft(cls):
        return Q(document__status=Status.DRAFT)

    @staticmethod
    def letters_of(*rows):
        """Return the documents of some rows that were not published yet: they are published with them."""
        documents = {row.document_id: row.document for row in rows}
        return [each for _pk, each in sorted(documents.items()) if each.status == Status.DRAFT]

    @property
    def sources(self):
        """The sources of the row, the main one first: objects with `document` and `place`."""
        further = getattr(self, "further_sources", None)
        return [self, *(further.all() if further is not None else [])]


def read_documents(rows):
    """Give some rows, of any kinds, their `document`: one query, each document once."""
    rows = list(rows)
    if rows:
        documents = type(rows[0])._meta.get_field("document").related_model._base_manager
        read = documents.in_bulk({row.document_id for row in rows})
        for row in rows:
            row.document = read[row.document_id]


class FurtherSource(Translated, Sourced):
    """A further source of a row, beside the one in its own columns, with a note of ours in both languages."""

    note_es = models.CharField(_("what it supports, in Spanish"), max_length=250, blank=True)
    note_en = models.CharField(_("what it supports, in English"), max_length=250, blank=True)

    note = Bilingual()

    class Meta:
        abstract = True
        verbose_name = _("further source")
        verbose_name_plural = _("further sources")

    def __str__(self):
        return f"{self.document}, {self.place}"
