"""The norm that approves or changes a plan, typed as it is: kind, number, date.

It becomes a Document by itself, and typed again it is found. Like a letter it is public once what it stands
behind is.
"""

import re
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from record.actions import IsAnnulled
from record.cleaning import plain_dashes
from record.models import Document
from record.publication import Status
from record.writing import required


class NormKind(models.TextChoices):
    """The norms by which the State approves a plan and changes it, as they call themselves."""

    DECRETO_SUPREMO = "decreto-supremo", _("Supreme decree")
    RESOLUCION_SUPREMA = "resolucion-suprema", _("Supreme resolution")
    RESOLUCION_MINISTERIAL = "resolucion-ministerial", _("Ministerial resolution")
    RESOLUCION_DE_SECRETARIA = "resolucion-de-secretaria", _("Resolution of a secretariat")
    LEY = "ley", _("Law")

    @property
    def words(self):
        """What it is called in Spanish, in the title of its document."""
        return {
            NormKind.DECRETO_SUPREMO: "Decreto Supremo",
            NormKind.RESOLUCION_SUPREMA: "Resolución Suprema",
            NormKind.RESOLUCION_MINISTERIAL: "Resolución Ministerial",
            NormKind.RESOLUCION_DE_SECRETARIA: "Resolución de Secretaría",
            NormKind.LEY: "Ley",
        }[self]


@dataclass(frozen=True)
class Norm:
    """A norm as it was typed."""

    kind: NormKind
    number: str
    on: date

    @property
    def title(self):
        """What it is called: 'Decreto Supremo N° 206-2019-PCM'."""
        return f"{self.kind.words} N° {self.number}"

    @property
    def slug(self):
        """The public identifier of its document: two norms with the same one are the same norm."""
        number = re.sub(r"[^\w]+", "-", plain_dashes(self.number))
        return slugify(f"{self.kind} {number}")[:80].strip("-")

    def document(self):
        """Return its document, inside of `writing()`; a new one is a draft. Raises IsAnnulled."""
        required("norm")
        found = Document.everything.filter(slug=self.slug).first()
        if found is None:
            found = Document(
                slug=self.slug,
                title_es=self.title,
                language="es",
                kind=Document.Kind.NORM,
                year=self.on.year,
                published_on=self.on,
                status=Status.DRAFT,
            )
            found.full_clean()
            found.save()
        elif found.is_annulled:
            raise IsAnnulled(str(found))
        return found
