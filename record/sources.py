"""Where a fact stands: what every row of the record has (rule 6)."""

from functools import cache

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .publication import Public, Status
from .text import Bilingual, Translated


@cache
def parts_of(model):
    """Return [(model, way)] of what is public with a row of a model, at once or by what stands between.

    What is published by itself is no part; `way` leads from a part to the row, as 'milestone__commitment'.
    """
    found = []
    for part in apps.get_models():
        if not issubclass(part, Public) or part.publication_column:
            continue
        for name in part.belongs_to or filter(None, [part.part_of]):
            if part._meta.get_field(name).related_model is model and part is not model:
                found.append((part, name))
                found += [(further, f"{way}__{name}") for further, way in parts_of(part)]
    return found


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

    @classmethod
    def letters_within(cls, *rows):
        """Return the documents, not published yet, of some rows and of all that is public with them."""
        found = {}
        for row in rows:
            for name in row.document_columns:
                document = getattr(row, name)
                if document is not None and document.status == Status.DRAFT:
                    found[document.pk] = document
            documents = cls._meta.get_field("document").related_model
            for model, way in parts_of(type(row)):
                for name in getattr(model, "document_columns", ()):
                    of_row = model._default_manager.filter(**{way: row.pk, f"{name}__status": Status.DRAFT})
                    keys = of_row.order_by().values(name)
                    found |= {each.pk: each for each in documents._default_manager.filter(pk__in=keys)}
        return [each for _pk, each in sorted(found.items())]

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
