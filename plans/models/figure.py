"""Declared figures: the numbers of commitments that a document prints, and what this record adds up to."""

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from record.publication import PublicQuerySet
from record.text import Bilingual, Translated

from .. import compliance
from .plan import OfTheme, Plan, Theme
from .report import Report


class DeclaredFigureQuerySet(PublicQuerySet):
    def for_reading(self):
        """Fetch what a figure says and what its tallies need, in a fixed number of queries."""
        return self.select_related("theme", "document").prefetch_related(
            "plan__commitments", models.Prefetch("report", Report.objects.for_tally())
        )

    def of_whole_plans(self, plans):
        """Return {pk of a plan: figures} of how many commitments some plans have by the documents.

        What reports and themes count is left out; of equal numbers the first stands for all.
        """
        rows = self.published().filter(plan__in=plans, measure="commitments", report=None, theme=None)
        found = {}
        for figure in rows.select_related("document"):
            found.setdefault(figure.plan_id, {}).setdefault(figure.value, figure)
        return {plan: list(figures.values()) for plan, figures in found.items()}


class DeclaredFigure(Translated, OfTheme):
    """A number that a document prints of the commitments of a plan, or of what a report judged of them.

    Only what is printed: a cell that a document leaves blank is no figure.
    """

    class Measure(models.TextChoices):
        COMMITMENTS = "commitments", _("Number of commitments")
        AT_LEVEL = "at_level", _("Commitments at a level")
        PERCENT_AT_LEVEL = "percent_at_level", _("Percentage of commitments at a level")
        STARRED = "starred", _("Starred commitments")
        OTHER = "other", _("Another figure, not computed here")

    belongs_to = ("plan", "report")

    slug = models.SlugField(
        _("slug"),
        max_length=100,
        unique=True,
        help_text=_("Part of the public address; never changed later."),
    )
    plan = models.ForeignKey(Plan, verbose_name=_("plan"), on_delete=models.PROTECT, related_name="figures")
    report = models.ForeignKey(
        Report,
        verbose_name=_("report"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="figures",
        help_text=_("The report whose figure this is; empty where another document speaks of the plan."),
    )
    measure = models.CharField(_("measure"), max_length=20, choices=Measure)
    level = models.CharField(
        _("level"),
        max_length=20,
        choices=compliance.Level,
        blank=True,
        help_text=_("Empty in a percentage of all levels together."),
    )
    theme = models.ForeignKey(
        Theme,
        verbose_name=_("theme"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="figures",
    )
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    label_es = models.CharField(_("label in Spanish"), max_length=200, blank=True)
    label_en = models.CharField(_("label in English"), max_length=200, blank=True)
    value = models.DecimalField(_("value"), max_digits=6, decimal_places=1)
    as_printed = models.CharField(_("as printed"), max_length=50)

    label = Bilingual()
    objects = DeclaredFigureQuerySet.as_manager()

    class Meta:
        # As sections: what is said of the plan first, then its reports.
        ordering = [
            "plan__number",
            F("report__cutoff_on").asc(nulls_first=True),
            F("report__slug").asc(nulls_first=True),
            "order",
            "id",
        ]
        verbose_name = _("declared figure")
        verbose_name_plural = _("declared figures")
        constraints = [
            models.CheckConstraint(
                name="figure_measure_known",
                condition=Q(measure__in=["commitments", "at_level", "percent_at_level", "starred", "other"]),
            ),
            models.CheckConstraint(
                name="figure_level_known", condition=Q(level__in=["", *compliance.Level.values])
            ),
            models.CheckConstraint(
                name="figure_level_fits_its_measure",
                condition=(Q(measure="at_level") & ~Q(level=""))
                | Q(measure="percent_at_level")
                | (Q(measure__in=["commitments", "starred", "other"]) & Q(level="")),
                violation_error_message=_(
                    "A level belongs to commitments at a level, and to no other number."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.label}: {self.as_printed}"

    @classmethod
    def published_with(cls, way):
        return Plan.public(f"{way}plan__") & Report.none_or_public(f"{way}report__")

    def clean(self):
        super().clean()
        if self.plan_id and self.report and self.report.plan_id != self.plan_id:
            raise ValidationError({"report": _("This report is on another plan.")})
        if self.plan_id and self.theme and self.theme.plan_id != self.plan_id:
            raise ValidationError({"theme": _("This theme belongs to another plan.")})

    def get_absolute_url(self):
        return f"{(self.report or self.plan).get_absolute_url()}#{self.slug}"

    @property
    def number(self):
        """The number of a figure that counts whole things: 11."""
        return int(self.value)

    @property
    def is_percent(self):
        return self.measure == self.Measure.PERCENT_AT_LEVEL

    @property
    def is_of_levels(self):
        """Tell whether the figure counts levels, of which a report of partial coverage has not all."""
        return self.measure in (self.Measure.AT_LEVEL, self.Measure.PERCENT_AT_LEVEL)

    @cached_property
    def computed(self):
        """What this record adds up to; None where it cannot say (rule 1)."""
        if self.measure == self.Measure.COMMITMENTS:
            # Of a plan or theme of which this record holds no commitment it does not know the number.
            return len(self._commitments()) or None
        if self.measure == self.Measure.STARRED:
            marks = [commitment.is_starred for commitment in self._commitments()]
            return None if not marks or None in marks else sum(marks)
        tally = self._tally()
        if tally is None or not tally.is_full:
            return None
        if self.measure == self.Measure.AT_LEVEL:
            return tally.counts[self.level]
        return compliance.percent(tally.counts[self.level] if self.level else tally.assessed, tally.assessed)

    @property
    def difference(self):
        """How much more the document prints than this record adds up to; None where that is not known."""
        computed = self.computed
        return None if computed is None else self.value - computed

    @property
    def agrees_rounded(self):
        """Tell whether the figure is what this record adds up to, printed without its decimal."""
        if not self.difference or re.search(r"\d[.,]\d", self.as_printed):
            return False
        return self.value == Decimal(self.computed).quantize(Decimal(1), rounding=ROUND_HALF_UP)

    @property
    def agrees(self):
        """Tell whether the record is known to add up to the figure, at the precision that is printed."""
        return self.difference == 0 or self.agrees_rounded

    def _commitments(self):
        """Return the commitments that the figure speaks of: of its theme or, without one, of its plan."""
        commitments = self.plan.said_commitments
        return [each for each in commitments if self.theme_id in (None, each.theme_id)]

    def _tally(self):
        """Return the report's own tally of what the figure speaks of; None where there is none."""
        if self.report is None or not self.is_of_levels:
            return None
        return self.report.completion_by_theme().get(self.theme) if self.theme else self.report.completion()
