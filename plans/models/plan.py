"""The plan with its periods and themes."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from entities.models import Entity
from record.dates import dates_in_order
from record.publication import PublicQuerySet, Status, other_end, standing_along
from record.sources import FurtherSource, Sourced
from record.text import Bilingual, Translated
from record.writing import WriteRefused


def roman(number):
    """Return a number under 40 as the plans write theirs: 'IV'."""
    tens, units = divmod(number, 10)
    return "X" * tens + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[units]


def begun(on, way=""):
    """Return the condition that a plan had begun on a day; `way` leads to it, such as 'plan__'.

    Of a plan whose beginning no source gives nobody can say that it had not.
    """
    return Q(**{f"{way}starts_on__lte": on}) | Q(**{f"{way}starts_on__isnull": True})


def public_count(way):
    """Return how many rows a way of relations from a plan, by its commitments, leads to.

    Neither annulled ones nor those of drafts.
    """
    of_said = other_end(Plan, "commitments").model.said("commitments__")
    return models.Count(way, filter=standing_along(Plan, way) & of_said, distinct=True)


class PlanQuerySet(PublicQuerySet):
    def with_commitments_count(self):
        """Add `commitments_count`."""
        return self.annotate(commitments_count=public_count("commitments"))

    def with_counts(self):
        """Add `commitments_count` and `milestones_count`."""
        return self.with_commitments_count().annotate(
            milestones_count=public_count("commitments__milestones")
        )


class Plan(Translated, Sourced):
    """One action plan (PAGA).

    The canonical period is the one that the plan's own document prints, or else the Government's latest
    document; a year stands for its first and last day. What each source prints is in `periods`.
    """

    publication_column = "status"

    number = models.PositiveSmallIntegerField(_("number"), unique=True, validators=[MinValueValidator(1)])
    title_es = models.CharField(_("title in Spanish"), max_length=250)
    title_en = models.CharField(_("title in English"), max_length=250, blank=True)
    starts_on = models.DateField(_("start"), null=True, blank=True)
    ends_on = models.DateField(_("end"), null=True, blank=True)
    approval_norm_es = models.CharField(_("norm of approval, in Spanish"), max_length=200, blank=True)
    approval_norm_en = models.CharField(_("norm of approval, in English"), max_length=200, blank=True)
    approved_on = models.DateField(_("approved on"), null=True, blank=True)
    approved_as_printed = models.CharField(_("approval date as printed"), max_length=100, blank=True)
    coordinator = models.ForeignKey(
        Entity,
        verbose_name=_("coordinator"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="coordinated_plans",
    )
    followed_until = models.DateField(
        _("followed until"),
        null=True,
        blank=True,
        help_text=_("Until when anybody wrote about the plan. It stops no clock."),
    )
    status = models.CharField(_("publication"), max_length=10, choices=Status, default=Status.DRAFT)

    title = Bilingual()
    approval_norm = Bilingual()
    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        constraints = [
            dates_in_order("plan_dates_in_order"),
            models.CheckConstraint(name="plan_status_known", condition=Q(status__in=Status.values)),
        ]

    def __str__(self):
        return str(self.title)

    @classmethod
    def published_with(cls, way):
        return Q(**{f"{way}status": Status.PUBLISHED})

    @classmethod
    def reading_order(cls):
        return ["-number"]

    def published_along(self):
        """Return its commitments and themes that are drafts, and the documents that nobody published yet.

        A plan that is a draft is published whole; what is added later is published by itself.
        """
        if self.status == Status.PUBLISHED:
            return []
        commitments = self.commitments.filter(status=Status.DRAFT).order_by("number")
        drafts = [*commitments, *self.themes.filter(status=Status.DRAFT)]
        return [*drafts, *self.letters_within(self, *drafts)]

    @property
    def said_commitments(self):
        """The commitments that are no drafts, of those that were read or, without, of the database."""
        return [each for each in self.commitments.all() if each.status == Status.PUBLISHED]

    @property
    def said_themes(self):
        """The themes that are no drafts, of those that were read or, without, of the database."""
        return [each for each in self.themes.all() if each.status == Status.PUBLISHED]

    def get_absolute_url(self):
        return reverse("plans:plan-detail", args=[self.number])

    def get_text_url(self):
        """Return the address of the page with the sections of the plan's own text."""
        return reverse("plans:plan-text", args=[self.number])

    def has_begun(self, on):
        """Tell whether it had begun on a day (`begun`)."""
        return self.starts_on is None or self.starts_on <= on

    @property
    def roman(self):
        """The number as the plans themselves write it: II."""
        return roman(self.number)


class PlanPeriod(Sourced):
    """The period of a plan as one source prints it; sources disagree, and all are kept."""

    part_of = "plan"

    plan = models.ForeignKey(Plan, verbose_name=_("plan"), on_delete=models.CASCADE, related_name="periods")
    starts_on = models.DateField(_("start"), null=True, blank=True)
    ends_on = models.DateField(_("end"), null=True, blank=True)
    as_printed = models.CharField(_("as printed"), max_length=100)

    class Meta:
        ordering = ["plan", "starts_on", "ends_on", "id"]
        verbose_name = _("period as printed")
        verbose_name_plural = _("periods as printed")
        constraints = [
            dates_in_order("plan_period_dates_in_order"),
            models.UniqueConstraint(
                fields=["plan", "document", "place"], name="one_period_per_plan_and_place"
            ),
        ]

    def __str__(self):
        return self.as_printed


class PlanSource(FurtherSource):
    part_of = "plan"

    plan = models.ForeignKey(
        Plan, verbose_name=_("plan"), on_delete=models.CASCADE, related_name="further_sources"
    )

    class Meta(FurtherSource.Meta):
        ordering = ["plan", "document", "place", "id"]


class Theme(Translated, Sourced):
    """A group of commitments, as the plan itself makes them.

    It is published with its plan or, where that is public already, with the first commitment that has it.
    """

    part_of = "plan"
    publication_column = "status"

    slug = models.SlugField(
        _("slug"),
        max_length=80,
        unique=True,
        help_text=_("The plan's number, a dash and a word: 2-participacion."),
    )
    plan = models.ForeignKey(Plan, verbose_name=_("plan"), on_delete=models.CASCADE, related_name="themes")
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    name_es = models.CharField(_("name in Spanish"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    status = models.CharField(_("publication"), max_length=10, choices=Status, default=Status.DRAFT)

    name = Bilingual()

    class Meta:
        ordering = ["plan__number", "order", "id"]
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        constraints = [
            models.CheckConstraint(name="theme_status_known", condition=Q(status__in=Status.values)),
        ]

    def __str__(self):
        return str(self.name)

    @classmethod
    def published_with(cls, way):
        return cls.said(way) & Plan.public(f"{way}plan__")

    OF_DRAFT = _("“%(name)s” belongs to a plan that is a draft: it is published with that.")

    def published_along(self):
        """Return the document that it stands in, where nobody published that yet."""
        return [] if self.status == Status.PUBLISHED else self.letters_of(self)

    def check_publication(self):
        """Refuse to publish it before its plan: nothing would be seen of it."""
        super().check_publication()
        if self.plan.status != Status.PUBLISHED:
            raise WriteRefused(self.OF_DRAFT, code="of_draft", params={"name": self.slug})


class OfTheme(Sourced):
    """What may be of a theme: published, it names none that is a draft."""

    class Meta:
        abstract = True

    @classmethod
    def naming_draft(cls):
        return super().naming_draft() | Q(theme__status=Status.DRAFT)
