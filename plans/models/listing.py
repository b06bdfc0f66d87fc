"""The listing: that a source lists a work, and what the work belongs to."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from record.models import Document
from record.sources import Sourced

from .plan import Plan
from .report import Report


class Listing(Sourced):
    """That a source lists a work, such as the resources of the OGP's page, and what the work belongs to."""

    part_of = "work"
    belongs_to = ("work", "plan", "report")

    work = models.ForeignKey(
        Document, verbose_name=_("work"), on_delete=models.CASCADE, related_name="listings"
    )
    listed_as = models.CharField(
        _("listed as"), max_length=150, blank=True, help_text=_("The words beside the title, as printed.")
    )
    plan = models.ForeignKey(
        Plan,
        verbose_name=_("plan"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="listings",
    )
    report = models.ForeignKey(
        Report,
        verbose_name=_("report"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="listings",
    )

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

    @classmethod
    def published_with(cls, way):
        # What belongs to a draft is listed all the same; it only does not say to what.
        of_plan = Q(**{f"{way}plan__isnull": True}) | Plan.standing(f"{way}plan__")
        of_report = Report.standing(f"{way}report__") & Plan.standing(f"{way}report__plan__")
        return super().published_with(way) & of_plan & (Q(**{f"{way}report__isnull": True}) | of_report)

    @property
    def public_plan(self):
        """The plan that the work belongs to, if there is one and the public may see it."""
        return self.plan if self.plan and self.plan.is_public else None

    @property
    def public_report(self):
        """The report that the work belongs to, if there is one and the public may see it."""
        return self.report if self.report and self.report.is_public else None
