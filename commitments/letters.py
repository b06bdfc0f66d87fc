"""The letter of an entity that an update has as its source, typed as it is: kind, number, date.

It becomes a Document by itself, which the public sees once the update is published. Typed again it is found.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from itertools import count

from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from entities.models import Entity
from record.actions import IsAnnulled
from record.cleaning import plain_dashes
from record.models import Document
from record.publication import Status
from record.rights import entities_of, is_focal_point, is_source_for
from record.writing import required

from .models.responsibility import Answering

# Where in a letter an update stands: it is short enough to be read whole.
PLACE = "Documento completo"
LONGEST_STEM = 80 - len("-20261231")


class LetterKind(models.TextChoices):
    """What entities write to each other, as they call it."""

    OFICIO = "oficio", _("Official letter")
    CARTA = "carta", _("Letter")
    INFORME = "informe", _("Report")
    NOTA = "nota", _("Note")
    MEMORANDO = "memorando", _("Memorandum")
    CORREO = "correo", _("Institutional mail")

    @property
    def word(self):
        """What it is called in Spanish, in the title of its document."""
        return "Correo institucional" if self == LetterKind.CORREO else self.value.capitalize()


@dataclass(frozen=True)
class Letter:
    """A letter as it was typed; a mail without a number has its subject instead."""

    kind: LetterKind
    number: str
    on: date

    @classmethod
    def typed(cls, kind, number, on):
        """Return the letter that was typed: who copies “OFICIO N° 12” whole says the kind once too often."""
        kind = LetterKind(kind)
        rest = re.sub(rf"^{kind.word}\b[\s:.-]*", "", number, flags=re.IGNORECASE)
        return cls(kind, rest or number, on)

    @classmethod
    def read(cls, document):
        """Return the letter that a document was made from; None where it was made otherwise."""
        if document.kind != Document.Kind.LETTER or document.published_on is None:
            return None
        for kind in LetterKind:
            if document.title_es.startswith(f"{kind.word} "):
                return cls(kind, document.title_es.removeprefix(f"{kind.word} "), document.published_on)
        return None

    def document(self, sender):
        """Return the document of the letter of an entity, or of nobody known, inside of `writing()`.

        A new one is a draft. A focal point finds no draft that his entities did not write: he would read its
        title and, with what he writes, publish it or drop it. Raises IsAnnulled where it was annulled.
        """
        by = required("letter").by
        for number in count(1):
            slug = self.slug(sender, number)
            found = Document.everything.filter(slug=slug).first()
            if found is None or found.status != Status.DRAFT or may_name(by, found):
                break
        if found is None:
            found = Document(
                slug=slug,
                title_es=f"{self.kind.word} {self.number}",
                language="es",
                kind=Document.Kind.LETTER,
                publisher_es=sender.name_es if sender else "",
                publisher_en=sender.name_en if sender else "",
                year=self.on.year,
                published_on=self.on,
                status=Status.DRAFT,
            )
            found.full_clean()
            found.save()
        elif found.is_annulled:
            raise IsAnnulled(str(found))
        return found

    def slug(self, sender, number=1):
        """Return the public identifier of its document: two letters with the same one are the same letter.

        `number` tells drafts apart that one may not find and the other may.
        """
        words = re.sub(r"[^\w]+", "-", plain_dashes(self.number))
        stem = slugify(f"{sender.slug if sender else ''} {self.kind} {words}")
        if len(stem) > LONGEST_STEM:
            # A long subject: what is cut off tells it from others.
            digest = hashlib.sha256(stem.encode()).hexdigest()[:8]
            stem = f"{stem[: LONGEST_STEM - 9].strip('-')}-{digest}"
        if number > 1:
            tail = f"-{number}"
            return f"{stem[: LONGEST_STEM - len(tail)].strip('-')}-{self.on:%Y%m%d}{tail}"
        return f"{stem}-{self.on:%Y%m%d}"


def sender_of(user, milestone):
    """Return the entity that writes of a milestone: the user's own among those that answer, or the first."""
    answering = Answering(type(milestone)._default_manager.filter(pk=milestone.pk))
    keys = [key for key in answering.of(milestone.pk, milestone.commitment_id) if isinstance(key, int)]
    found = Entity.objects.in_bulk(keys)
    own = [key for key in keys if key in entities_of(user)]
    return found.get(next(iter(own or keys), None))


def may_name(by, draft):
    """Tell whether a user, None for a command, may name the draft of a letter in what he reports."""
    return by is None or not is_focal_point(by) or is_source_for(by, Document, draft.pk)


def drop_unused(document):
    """Delete the draft of a letter that nothing names any more, inside of `writing()`.

    One that is not for whoever writes to drop stays.
    """
    by = required("letter").by
    if document.status != Status.DRAFT or any(rows.exists() for rows in document.rows_naming_it()):
        return
    if by is None or is_source_for(by, Document, document.pk):
        document.delete()
