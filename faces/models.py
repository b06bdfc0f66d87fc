"""What was handed in to be imported, until it is done. It is no record: of what is written the log tells."""

import json
import uuid
import zlib
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _


class UploadQuerySet(models.QuerySet):
    def old(self):
        """Keep those that nobody came back to."""
        return self.filter(created_at__lt=now() - Upload.KEPT)

    def in_hand(self):
        """Keep those that a process works at, or is about to."""
        return self.filter(step__in=Upload.IN_HAND)


class Upload(models.Model):
    """A spreadsheet that somebody handed in: what it is, how far its import is, and what becomes of each row.

    Its bytes go as soon as it was written or refused, and the whole of it after a day.
    """

    class Step(models.TextChoices):
        WAITING = "waiting", _("Waiting for its turn")
        REHEARSING = "rehearsing", _("Being looked at")
        REHEARSED = "rehearsed", _("Looked at")
        TO_WRITE = "to_write", _("Waiting for its turn")
        WRITING = "writing", _("Being written")
        WRITTEN = "written", _("Written")
        REFUSED = "refused", _("Refused")
        BROKEN = "broken", _("Broken off")

    IN_HAND = (Step.WAITING, Step.REHEARSING, Step.TO_WRITE, Step.WRITING)
    KEPT = timedelta(days=1)

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # What its rows are, and the name of the class of resources that reads them.
    model = models.CharField(max_length=100)
    resource = models.CharField(max_length=100)
    language = models.CharField(max_length=5)
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    reason = models.TextField(blank=True)
    no_telephone = models.TextField(blank=True)
    step = models.CharField(max_length=10, choices=Step, default=Step.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    # Which process has it in hand, where.
    process = models.PositiveIntegerField(null=True)
    host = models.CharField(max_length=250, blank=True)
    created_at = models.DateTimeField(default=now)
    # Sentences about the file as a whole.
    said = models.JSONField(default=list)
    packed = models.BinaryField(default=b"")

    objects = UploadQuerySet.as_manager()

    def __str__(self):
        return self.name

    @property
    def is_in_hand(self):
        return self.step in self.IN_HAND

    @property
    def outcomes(self):
        """What becomes of each row: dicts with the columns of `loading.Outcome`."""
        return json.loads(zlib.decompress(self.packed)) if self.packed else []

    @outcomes.setter
    def outcomes(self, outcomes):
        self.packed = zlib.compress(json.dumps(outcomes, ensure_ascii=False).encode())

    def put(self, **columns):
        """Write some columns of it."""
        for name, value in columns.items():
            setattr(self, name, value)
        self.save(update_fields=[each if each != "outcomes" else "packed" for each in columns])

    def end(self, step, *said):
        """Let go of the bytes: nothing more is done with them."""
        self.put(step=step, said=[*self.said, *map(str, said)], content=b"")
