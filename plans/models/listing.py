"""The listing: that a source lists a work, and what the work belongs to."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from record.models import Document
from record.sources import Sourced


class Listing(Sourced):
    """That a source lists a work, such as the resources of the OGP's page, and what the work belongs to."""

    work = models.ForeignKey(
        Document, verbose_name=_("work"), on_delete=models.CASCADE, related_name="listings"
    )
    listed_as = models.CharField(
        _("listed as"), max_length=150, blank=True, help_text=_("The words beside the title, as printed.")
    )
    plan = models.ForeignKey(
        "plans.Plan",
        verbose_name=_("plan"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="listings",
    )
    report = models.ForeignKey(
        "plans.Report",
        verbose_name=_("report"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="listings",
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["document__slug", "id"]
        verbose_name = _("listing")
        verbose_name_plural = _("listings")
        constraints = [
            models.UniqueConstraint(
                fields=["work", "document", "place"], name="one_listing_per_work_and_place"
            )
        ]

    def __str__(self):
        return f"{self.work}: {self.listed_as}"

    @property
    def public_plan(self):
        """The plan that the work belongs to, if there is one and the public may see it."""
        return self.plan if self.plan and self.plan.is_public else None

    @property
    def public_report(self):
        """The report that the work belongs to, if there is one and the public may see it."""
        return self.report if self.report and self.report.is_public else None
