"""The commitment, the unit that is judged, with its titles, items and responsible institutions."""

import re
from functools import cached_property

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from plans.models import Plan, Recommendation, Report, Theme
from plans.models.plan import roman
from record.cleaning import clean_query
from record.dates import dates_in_order
from record.order import Alphabetical, alphabetical
from record.search import Searchable, SearchableQuerySet, contains, fold
from record.sources import FurtherSource, Sourced
from record.text import Bilingual, Language, Translated

from .assessment import Assessment, setting_level
from .milestone import Milestone, Progress
from .responsibility import Responsibility


class PolicyArea(Translated, Alphabetical, Sourced):
    """A tag that the OGP gives to commitments."""

    ordered_by = "name"

    slug = models.SlugField(
        _("slug"), max_length=80, unique=True, help_text=_("Part of the public address; never changed later.")
    )
    name_es = models.CharField(_("name in Spanish"), max_length=150)
    name_en = models.CharField(_("name in English"), max_length=150, blank=True)

    name = Bilingual()

    class Meta:
        ordering = ["slug"]
        verbose_name = _("policy area")
        verbose_name_plural = _("policy areas")

    def __str__(self):
        return str(self.name)

    @classmethod
    def reading_order(cls):
        return [alphabetical(), "slug"]


class CommitmentQuerySet(SearchableQuerySet):
    def with_level(self, on=None):
        """Add `shown_level`: what the latest government or IRM report up to a date judged, or None."""
        card = setting_level(Assessment.objects.filter(commitment=OuterRef("pk")), on)
        return self.annotate(shown_level=Subquery(card.values("level")[:1]))

    def at_level(self, levels, on=None, reports=(), authors=()):
        """Keep the commitments at any of some levels ('none' is: no assessment).

        With `reports` or `authors` it is the level of their cards; otherwise it is the level shown. Levels,
        reports and authors are one condition on one assessment (docs/api.md). Without levels: those
        that have a card there.
        """
        levels = set(levels)
        if not reports and not authors:
            if not levels:
                return self
            known = Q(shown_level__in=levels - {"none"})
            return self.with_level(on).filter(known | Q(shown_level=None) if "none" in levels else known)
        cards = Assessment.objects.as_of(on)
        plans = None
        if reports:
            cards = cards.filter(report__in=reports)
            plans = {report.plan_id for report in reports}
        if authors:
            cards = cards.filter(report__author__in=authors)
        has_card = Exists(cards.filter(commitment=OuterRef("pk")))
        if not levels:
            return self.filter(has_card)
        condition = Q(Exists(cards.filter(commitment=OuterRef("pk"), level__in=levels - {"none"})))
        if "none" in levels:
            without = Q(plan__in=plans) if plans is not None else Q()
            condition |= without & ~Q(has_card)
        return self.filter(condition)

    def with_lateness(self, on=None):
        """Add `is_late`, with the three values of its milestones (rule 4).

        True = one is past due and reported as not complete; null = that may be, as nobody reported the state
        of one, the sources give no end of one, or the record has none (rule 1); false otherwise.
        """
        milestones = Milestone.objects.with_state(on).filter(commitment=OuterRef("pk"))
        maybe = milestones.filter(Q(is_overdue=None) | Q(due_on=None))
        is_unknown = ~Exists(Milestone.objects.filter(commitment=OuterRef("pk"))) | Exists(maybe)
        return self.annotate(
            is_late=Case(
                When(Exists(milestones.filter(is_overdue=True)), then=Value(True)),
                When(is_unknown, then=Value(None)),
                default=Value(False),
                output_field=models.BooleanField(null=True),
            )
        )

    def with_silence(self, on=None):
        """Add `is_silent`: whether nothing was reported on one of its milestones; null where it has none."""
        silent = Milestone.objects.unreported(on).filter(commitment=OuterRef("pk"))
        return self.annotate(
            is_silent=Case(
                When(Exists(silent), then=Value(True)),
                When(Exists(Milestone.objects.filter(commitment=OuterRef("pk"))), then=Value(False)),
                default=Value(None),
                output_field=models.BooleanField(null=True),
            )
        )

    def overdue(self, on=None):
        """Keep the commitments with a milestone that is past due and reported as not complete."""
        return self.with_lateness(on).filter(is_late=True)

    def not_overdue(self, on=None):
        """Keep the commitments whose milestones are all known not to be overdue (rules 1 and 4)."""
        return self.with_lateness(on).filter(is_late=False)

    def unreported(self, on=None):
        """Keep the commitments with a milestone on which nothing was reported."""
        return self.with_silence(on).filter(is_silent=True)

    def reported(self, on=None):
        """Keep the commitments with milestones, of which each has a report."""
        return self.with_silence(on).filter(is_silent=False)

    def led_by(self, entities):
        """Keep the commitments that one of some entities leads or co-leads, by the plan or any report."""
        return self.of_entity(entities, Responsibility.LEADING)

    def naming_institutions(self):
        """Keep the commitments of which a source names who leads or co-leads."""
        return self.filter(Exists(Responsibility.objects.leading().filter(commitment=OuterRef("pk"))))

    def of_entity(self, entities, roles=(), report=None):
        """Keep the commitments for which one of some entities has a responsibility, in one of some roles.

        With `report` the plan or that report must say so. Entities, roles and report are one condition on one
        responsibility (docs/api.md).
        """
        rows = Responsibility.objects.stated(report).filter(commitment=OuterRef("pk"))
        if entities:
            rows = rows.filter(entity__in=entities)
        if roles:
            rows = rows.filter(role__in=roles)
        return self.filter(Exists(rows))

    def for_reading(self, on=None):
        """Fetch what lists and pages say of a commitment on a date, in a fixed number of queries."""
        return (
            self.with_level(on)
            .select_related("plan", "theme", "document")
            .prefetch_related(
                "policy_areas",
                "further_sources__document",
                models.Prefetch(
                    "responsibilities",
                    Responsibility.objects.stated().select_related("entity", "report", "document"),
                ),
                models.Prefetch(
                    "assessments",
                    Assessment.objects.as_of(on).latest_first().select_related("report__document"),
                    to_attr="assessments_on",
                ),
                models.Prefetch(
                    "milestones",
                    Milestone.objects.with_state(on).select_related("document"),
                    to_attr="milestones_on",
                ),
            )
        )


def plans_by_institutions():
    """Return two lists of published plans: those of which a source names institutions, and the others.

    Totals of entities cover the first only.
    """
    named = set(
        Commitment.objects.published().naming_institutions().values_list("plan", flat=True).order_by()
    )
    plans = list(Plan.objects.published())
    return [plan for plan in plans if plan.pk in named], [plan for plan in plans if plan.pk not in named]


def plans_with_milestones():
    """Return the published plans of whose milestones the record holds any."""
    milestones = Milestone.objects.published().filter(commitment__plan=OuterRef("pk"))
    return Plan.objects.published().filter(Exists(milestones))


class Commitment(Translated, Searchable, Alphabetical, Sourced):
    """What the State promised in a plan."""

    part_of = "plan"

    search_columns = ("title", "description", "problem", "contribution", "relevance")
    search_identifiers = ("code", "label", "ogp_id")
    ordered_by = "title"

    plan = models.ForeignKey(
        Plan, verbose_name=_("plan"), on_delete=models.PROTECT, related_name="commitments"
    )
    number = models.PositiveSmallIntegerField(_("number"), validators=[MinValueValidator(1)])
    code = models.CharField(_("code"), max_length=12, unique=True, editable=False)
    label = models.CharField(
        _("label"),
        max_length=20,
        blank=True,
        help_text=_("As the plan labels it where that is not its number: 3.m"),
    )
    ogp_id = models.CharField(_("OGP id"), max_length=12, unique=True, null=True, blank=True)
    title_es = models.CharField(_("title in Spanish"), max_length=500, blank=True)
    title_en = models.CharField(_("title in English"), max_length=500, blank=True)
    theme = models.ForeignKey(
        Theme,
        verbose_name=_("theme"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="commitments",
    )
    policy_areas = models.ManyToManyField(
        PolicyArea, verbose_name=_("policy areas"), blank=True, related_name="commitments"
    )
    recommendations = models.ManyToManyField(
        Recommendation,
        verbose_name=_("recommendations that it follows"),
        blank=True,
        related_name="commitments",
        help_text=_("Only where a source says so."),
    )
    starts_on = models.DateField(_("start"), null=True, blank=True)
    ends_on = models.DateField(_("end"), null=True, blank=True)
    period_as_printed = models.CharField(_("period as printed"), max_length=100, blank=True)
    problem_es = models.TextField(_("problem, in Spanish"), blank=True)
    problem_en = models.TextField(_("problem, in English"), blank=True)
    description_es = models.TextField(_("description in Spanish"), blank=True)
    description_en = models.TextField(_("description in English"), blank=True)
    contribution_es = models.TextField(_("how it helps, in Spanish"), blank=True)
    contribution_en = models.TextField(_("how it helps, in English"), blank=True)
    relevance_es = models.TextField(_("relevance in Spanish"), blank=True)
    relevance_en = models.TextField(_("relevance in English"), blank=True)
    is_starred = models.BooleanField(
        _("starred"),
        null=True,
        blank=True,
        help_text=_("As the OGP page marks it; unknown where it says nothing."),
    )

    title = Bilingual()
    problem = Bilingual()
    description = Bilingual()
    contribution = Bilingual()
    relevance = Bilingual()
    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ["plan__number", "number"]
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="one_commitment_per_plan_and_number"),
            models.CheckConstraint(
                name="commitment_has_a_title",
                condition=~Q(title_es="") | ~Q(title_en=""),
                violation_error_message=_("A commitment needs a title in Spanish or in English."),
            ),
            dates_in_order("commitment_dates_in_order"),
        ]

    def __str__(self):
        return f"{self.code} {self.title}"

    def derive(self):
        super().derive()
        self.code = f"{self.plan.number}-{self.number}"

    def clean(self):
        super().clean()
        if self.theme_id and self.plan_id and self.theme.plan_id != self.plan_id:
            raise ValidationError({"theme": _("This theme belongs to another plan.")})

    def get_absolute_url(self):
        return reverse("commitments:commitment-detail", args=[self.code])

    @classmethod
    def has(cls, part):
        """Return the condition that the commitment has a part of a term, or who answers for it has.

        The commitment has it in its own texts, its other titles, its items or its cards; who leads or
        co-leads it, in a spelling of the name.
        """
        condition = contains(part)
        for rows in (
            CommitmentTitle.objects.filter(contains(part)),
            CommitmentItem.objects.filter(contains(part)),
            Assessment.objects.as_of().filter(contains(part)),
            Responsibility.objects.leading().named_as(part),
        ):
            condition |= Q(pk__in=rows.values("commitment"))
        return condition

    @classmethod
    def named_by(cls, query):
        """Return the condition that a query names it: 2-10, PE0058, 'compromiso 10 del plan II'."""
        condition = super().named_by(query)
        for pattern in NAMES:
            if found := pattern.fullmatch(fold(clean_query(query))):
                plan, number = found["plan"], int(found["number"])
                plan = int(plan) if plan.isdigit() else PLAN_NUMBERS.get(plan)
                condition |= Q(plan__number=plan, number=number)
        return condition

    # What follows reads the rows that `for_reading(on)` fetched.

    @cached_property
    def shown(self):
        """The assessment that sets the level shown (rule 2), or None."""
        authors = Report.LEVEL_SETTING_AUTHORS
        return next((card for card in self.assessments_on if card.report.author in authors), None)

    @cached_property
    def latest_by_author(self):
        """The latest assessment of each author, the latest of all first."""
        latest = {}
        for card in self.assessments_on:
            latest.setdefault(card.report.author, card)
        return list(latest.values())

    @property
    def differ(self):
        """Whether the authors' latest levels disagree."""
        return len({card.level for card in self.latest_by_author}) > 1

    @property
    def path(self):
        """All assessments, the earliest first: mid-term, then end-term."""
        return self.assessments_on[::-1]

    @cached_property
    def current_ends_on(self):
        """The end that the latest report gives, or else the planned one."""
        new_ends = (card.new_end_on for card in self.assessments_on if card.new_end_on)
        return next(new_ends, self.ends_on)

    @cached_property
    def progress(self):
        """What the milestones say, as a Progress; None where the record has no milestones (rule 1)."""
        return Progress.of(self.milestones_on)

    def latest_by(self, clock):
        """Return the milestone with the most days late by one clock, of those whose days are known; or None.

        `clock` is 'days_late' or 'days_late_current'.
        """
        known = [milestone for milestone in self.milestones_on if getattr(milestone, clock) is not None]
        return max(known, key=lambda milestone: getattr(milestone, clock), default=None)

    @property
    def clocks(self):
        """Both clocks, each with its latest milestone, its days, and the day that it was due; or None."""
        original, current = self.latest_by("days_late"), self.latest_by("days_late_current")
        return [
            original and (original, original.days_late, original.ends_on),
            current and (current, current.days_late_current, current.current_ends_on),
        ]

    @property
    def is_known_late(self):
        """Whether a milestone is or was late by either clock, by a number of days that is known."""
        return any(clock and clock[1] for clock in self.clocks)

    @property
    def is_in_time(self):
        """Whether every milestone is known to be in time."""
        return all(milestone.is_in_time for milestone in self.milestones_on)

    @property
    def leads(self):
        """Those who lead, as `leading()`, whoever says so."""
        return self.leading()

    def is_led_by(self, entity):
        """Tell whether an entity leads or co-leads it, by the plan or any report."""
        return any(row.entity_id == entity.pk for row in self.leading())

    def leading(self, report=None):
        """Return the responsibilities of those who lead, each institution once: leads first, then co-leads.

        With `report` those that the plan or that report names.
        """
        seen = {}
        for row in self.responsibilities.all():
            if row.is_leading(report):
                seen.setdefault(row.entity_id or row.name_as_printed, row)
        return sorted(seen.values(), key=lambda row: Responsibility.LEADING.index(row.role))


# How readers name a commitment in words, and a plan in Roman numbers.
PLAN = r"plan\s+(?P<plan>[ivx]+|\d{1,2})"
NUMBER = r"(?:compromiso|commitment)\s+(?P<number>\d{1,3})"
NAMES = [
    re.compile(rf"{NUMBER},?\s+(?:(?:de|del|of)\s+)?(?:(?:el|the)\s+)?{PLAN}"),
    re.compile(rf"{PLAN},?\s+{NUMBER}"),
]
PLAN_NUMBERS = {roman(number).casefold(): number for number in range(1, 40)}


class CommitmentSource(FurtherSource):
    part_of = "commitment"

    commitment = models.ForeignKey(
        Commitment, verbose_name=_("commitment"), on_delete=models.CASCADE, related_name="further_sources"
    )

    class Meta(FurtherSource.Meta):
        ordering = ["commitment", "document", "place", "id"]


class CommitmentTitle(Searchable, Sourced):
    """Another title that a document prints for a commitment."""

    part_of = "commitment"
    search_columns = ("title",)

    commitment = models.ForeignKey(
        Commitment, verbose_name=_("commitment"), on_delete=models.CASCADE, related_name="titles"
    )
    title = models.CharField(_("title"), max_length=500)
    language = models.CharField(_("language"), max_length=2, choices=Language)

    class Meta:
        ordering = ["commitment", "language", "id"]
        verbose_name = _("other title")
        verbose_name_plural = _("other titles")

    def __str__(self):
        return self.title


class CommitmentItem(Translated, Searchable, Sourced):
    """A final product, an outcome indicator or a footnote of a commitment's record."""

    part_of = "commitment"
    search_columns = ("text",)

    class Kind(models.TextChoices):
        FINAL_PRODUCT = "final_product", _("Final product")
        OUTCOME_INDICATOR = "outcome_indicator", _("Outcome indicator")
        FOOTNOTE = "footnote", _("Footnote")

    commitment = models.ForeignKey(
        Commitment, verbose_name=_("commitment"), on_delete=models.CASCADE, related_name="items"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    text_es = models.TextField(_("text in Spanish"), blank=True)
    text_en = models.TextField(_("text in English"), blank=True)

    text = Bilingual()

    class Meta:
        ordering = ["commitment", "kind", "order", "id"]
        verbose_name = _("item")
        verbose_name_plural = _("items")

    def __str__(self):
        return str(self.text)[:80]
