"""What the portal remembers of loading the record."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LoadedFile(models.Model):
    """A file of the record as it was last loaded; while its digest stays the same it is not read again."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    digest = models.CharField(_("digest"), max_length=64)
    loaded_at = models.DateTimeField(_("loaded at"), auto_now=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("loaded file")
        verbose_name_plural = _("loaded files")

    def __str__(self):
        return self.name


class LoadedRow(models.Model):
    """A row of the record as it was last loaded: its natural key, and the digest of the values it got.

    While the row in the database still has these values, nobody edited it and the record may update it.
    `file` is '' once the row left the files, `digest` where staff entered the row first and the record never
    wrote it.
    """

    file = models.CharField(_("file"), max_length=100)
    model = models.CharField(_("model"), max_length=100)
    key = models.CharField(_("natural key"), max_length=700)
    # A row whose key staff later changed is still found.
    object_id = models.BigIntegerField(_("row"))
    columns = models.JSONField(_("columns"))
    digest = models.CharField(_("digest"), max_length=64)

    class Meta:
        ordering = ["model", "key"]
        verbose_name = _("loaded row")
        verbose_name_plural = _("loaded rows")
        constraints = [models.UniqueConstraint(fields=["model", "key"], name="one_loaded_row_per_key")]

    def __str__(self):
        return f"{self.model} {self.key}"
