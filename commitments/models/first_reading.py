"""Who of SGP first opened an update that was submitted: until then its author may take it back."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from record.models import Entry

from .milestone import Update


class FirstReading(models.Model):
    """The first reading of an update since it was submitted. No row of the record, and never public."""

    update = models.ForeignKey(
        Update, verbose_name=_("update"), on_delete=models.CASCADE, related_name="first_readings"
    )
    # Submitted anew it is read anew.
    submission = models.OneToOneField(
        Entry, verbose_name=_("submission"), on_delete=models.CASCADE, related_name="+"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    by_name = models.CharField(_("name of the account"), max_length=150)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("first reading")
        verbose_name_plural = _("first readings")

    def __str__(self):
        return f"{self.update_id}, {self.by_name}"
