"""What exists once per plan cycle: plans, their themes, documents, reports and recommendations."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from entities.models import Entity
from ogp_portal.common.text import Bilingual, Language, Translated

from . import compliance


class Status(models.TextChoices):
    """Whether the public sees a row. Every public page, the API and the files read `published()` only."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


def dates_in_order(name):
    """Return the constraint that `starts_on` is not after `ends_on`."""
    return models.CheckConstraint(
        name=name,
        condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on")),
        violation_error_message=_("The start is after the end."),
    )


class Document(Translated):
    """A source: a document that was published, and that the record quotes."""

    class Kind(models.TextChoices):
        ACTION_PLAN = "action_plan", _("Action plan")
        SELF_ASSESSMENT = "self_assessment", _("Self-assessment report")
        IRM_REPORT = "irm_report", _("IRM report")
        WEB_PAGE = "web_page", _("Web page")
        DATA_SHEET = "data_sheet", _("Data sheet")
        OTHER = "other", _("Other")

    slug = models.SlugField(
        _("slug"), max_length=80, unique=True, help_text=_("Part of the public address; never changed later.")
    )
    title_es = models.CharField(_("title in Spanish"), max_length=300)
    title_en = models.CharField(_("title in English"), max_length=300, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    kind = models.CharField(_("kind"), max_length=30, choices=Kind)
    publisher = models.CharField(_("published by"), max_length=200, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    published_as_printed = models.CharField(_("date as printed"), max_length=100, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)

    title = Bilingual()
    history = HistoricalRecords()

    class Meta:
        ordering = ["slug"]
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    def __str__(self):
        return f"{self.title} ({self.published_as_printed})" if self.published_as_printed else str(self.title)


class Sourced(models.Model):
    """A fact and where it stands: every row of the record has a document and a place in it (rule 6)."""

    document = models.ForeignKey(
        Document, verbose_name=_("source document"), on_delete=models.PROTECT, related_name="+"
    )
    place = models.CharField(
        _("place in the document"),
        max_length=250,
        help_text=_("For example: Card of commitment 9, row “Results”."),
    )

    class Meta:
        abstract = True

    @property
    def sources(self):
        """The sources of the row, the main one first: objects with `document` and `place`."""
        further = getattr(self, "further_sources", None)
        return [self, *(further.all() if further is not None else [])]


class PublishedQuerySet(models.QuerySet):
    def published(self):
        """Keep the rows that the public may see."""
        return self.filter(status=Status.PUBLISHED)


class PlanQuerySet(PublishedQuerySet):
    def with_counts(self):
        """Add `commitments_count` and `milestones_count`."""
        return self.annotate(
            commitments_count=models.Count("commitments", distinct=True),
            milestones_count=models.Count("commitments__milestones", distinct=True),
        )


class Plan(Translated, Sourced):
    """One action plan (PAGA).

    The canonical period is the one that the plan's own document prints, or else the Government's latest
    document; a year stands for its first and last day. What each source prints is in `periods`.
    """

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
        help_text=_(
            "After this day nobody reported on the plan any more, and the clocks of lateness stand still."
        ),
    )
    status = models.CharField(_("publication"), max_length=10, choices=Status, default=Status.DRAFT)

    title = Bilingual()
    approval_norm = Bilingual()
    history = HistoricalRecords()
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

    def get_absolute_url(self):
        return reverse("plans:plan-detail", args=[self.number])

    @property
    def roman(self):
        """The number as the plans themselves write it: II."""
        tens, units = divmod(self.number, 10)
        return "X" * tens + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[units]


class PlanPeriod(Sourced):
    """The period of a plan as one source prints it; sources disagree, and all are kept."""

    plan = models.ForeignKey(Plan, verbose_name=_("plan"), on_delete=models.CASCADE, related_name="periods")
    starts_on = models.DateField(_("start"), null=True, blank=True)
    ends_on = models.DateField(_("end"), null=True, blank=True)
    as_printed = models.CharField(_("as printed"), max_length=100)

    history = HistoricalRecords()

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


class PlanSource(Sourced):
    """A further source of a plan."""

    plan = models.ForeignKey(
        Plan, verbose_name=_("plan"), on_delete=models.CASCADE, related_name="further_sources"
    )
    note = models.CharField(_("what it supports"), max_length=250, blank=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["plan", "document", "place", "id"]
        verbose_name = _("further source")
        verbose_name_plural = _("further sources")

    def __str__(self):
        return f"{self.document}, {self.place}"


class Theme(Translated, Sourced):
    """A group of commitments, as the plan itself makes them."""

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

    name = Bilingual()
    history = HistoricalRecords()

    class Meta:
        ordering = ["plan__number", "order", "id"]
        verbose_name = _("theme")
        verbose_name_plural = _("themes")

    def __str__(self):
        return str(self.name)


class EntityName(Sourced):
    """One spelling of an institution's name in one document."""

    entity = models.ForeignKey(
        Entity, verbose_name=_("entity"), on_delete=models.CASCADE, related_name="names"
    )
    spelling = models.CharField(_("spelling"), max_length=300)
    language = models.CharField(_("language"), max_length=2, choices=Language)

    history = HistoricalRecords()

    class Meta:
        ordering = ["entity", "language", "spelling", "id"]
        verbose_name = _("name of an entity")
        verbose_name_plural = _("names of entities")
        constraints = [
            models.UniqueConstraint(
                fields=["entity", "spelling", "document"], name="one_spelling_per_entity_and_document"
            )
        ]

    def __str__(self):
        return self.spelling


class ReportQuerySet(PublishedQuerySet):
    def as_of(self, on):
        """Keep the published reports with a cut-off up to a date (rule 5); all of them without a date."""
        reports = self.published().filter(plan__status=Status.PUBLISHED)
        return reports if on is None else reports.filter(cutoff_on__lte=on)

    def for_tally(self):
        """Fetch what the tallies of these reports need, in a fixed number of queries."""
        return self.select_related("plan", "document").prefetch_related(
            "assessments", "plan__themes", "plan__commitments", "further_sources__document"
        )


class Report(Translated, Sourced):
    """A report that judges the commitments of a plan."""

    class Author(models.TextChoices):
        GOVERNMENT = "government", _("Government")
        IRM = "irm", _("IRM")
        CIVIL_SOCIETY = "civil_society", _("Civil society")

    class Stage(models.TextChoices):
        DESIGN = "design", _("Design")
        PROGRESS = "progress", _("Progress")
        MID_TERM = "mid_term", _("Mid-term")
        END_TERM = "end_term", _("End-term")
        IMPLEMENTATION = "implementation", _("Implementation")

    class Coverage(models.TextChoices):
        FULL = "full", _("Full: this record holds its level for every commitment")
        PARTIAL = "partial", _("Partial: this record holds some of its levels")
        NOT_HELD = "not_held", _("Not held: the report exists, this record does not hold its levels")

    # Civil society is heard, and never sets the level shown (rule 2).
    LEVEL_SETTING_AUTHORS = (Author.GOVERNMENT, Author.IRM)

    slug = models.SlugField(
        _("slug"), max_length=80, unique=True, help_text=_("Part of the public address; never changed later.")
    )
    plan = models.ForeignKey(Plan, verbose_name=_("plan"), on_delete=models.PROTECT, related_name="reports")
    author = models.CharField(_("author"), max_length=20, choices=Author)
    stage = models.CharField(_("stage"), max_length=20, choices=Stage)
    title_es = models.CharField(_("title in Spanish"), max_length=250)
    title_en = models.CharField(_("title in English"), max_length=250, blank=True)
    coverage = models.CharField(_("coverage"), max_length=10, choices=Coverage)
    card_form = models.JSONField(
        _("rows of its compliance card"),
        default=list,
        blank=True,
        help_text=_("The names of the rows that the form of this report has; empty if it has no cards."),
    )
    cutoff_on = models.DateField(_("cut-off"), help_text=_("The day that the report speaks of."))
    cutoff_as_printed = models.CharField(_("cut-off as printed"), max_length=100, blank=True)
    is_cutoff_inferred = models.BooleanField(
        _("cut-off inferred"),
        default=False,
        help_text=_("The source prints no cut-off; its period ends then."),
    )
    published_on = models.DateField(_("published on"), null=True, blank=True)
    published_as_printed = models.CharField(_("publication date as printed"), max_length=100, blank=True)
    status = models.CharField(_("publication"), max_length=10, choices=Status, default=Status.DRAFT)

    title = Bilingual()
    history = HistoricalRecords()
    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["plan__number", "cutoff_on", "slug"]
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.CheckConstraint(name="report_status_known", condition=Q(status__in=Status.values)),
            models.CheckConstraint(
                name="report_coverage_known", condition=Q(coverage__in=["full", "partial", "not_held"])
            ),
            models.CheckConstraint(
                name="report_author_known", condition=Q(author__in=["government", "irm", "civil_society"])
            ),
        ]

    def __str__(self):
        return str(self.title)

    def get_absolute_url(self):
        return reverse("plans:report-detail", args=[self.slug])

    @property
    def language(self):
        """The language that the report's own texts are in."""
        return self.document.language

    @property
    def is_full(self):
        return self.coverage == self.Coverage.FULL

    def previous(self):
        """Return the report before this one: same plan and author, next earlier cut-off; or None."""
        return (
            Report.objects.published()
            .filter(plan=self.plan, author=self.author, cutoff_on__lt=self.cutoff_on)
            .for_tally()
            .order_by("-cutoff_on", "slug")
            .first()
        )

    def levels(self):
        """Return the level of each commitment that the report judges, by the commitment's pk."""
        return {assessment.commitment_id: assessment.level for assessment in self.assessments.all()}

    def completion(self):
        """Return the tally of the whole report, of all commitments of its plan."""
        return compliance.tally(self.levels().values(), len(self.plan.commitments.all()), self.is_full)

    def completion_by_theme(self):
        """Return {theme or None: tally}; commitments without a theme keep a row, so that sums hold."""
        themes = {theme.pk: theme for theme in self.plan.themes.all()}
        groups = {theme: [] for theme in themes.values()}
        for commitment in self.plan.commitments.all():
            groups.setdefault(themes.get(commitment.theme_id), []).append(commitment.pk)
        return compliance.tally_by(groups, self.levels(), self.is_full)

    def transitions_since(self, previous):
        """Return how the commitments of the plan moved since another report."""
        members = [commitment.pk for commitment in self.plan.commitments.all()]
        return compliance.transitions(previous.levels(), self.levels(), members)


class ReportSource(Sourced):
    """A further source of a report."""

    report = models.ForeignKey(
        Report, verbose_name=_("report"), on_delete=models.CASCADE, related_name="further_sources"
    )
    note = models.CharField(_("what it supports"), max_length=250, blank=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["report", "document", "place", "id"]
        verbose_name = _("further source")
        verbose_name_plural = _("further sources")

    def __str__(self):
        return f"{self.document}, {self.place}"


class Recommendation(Translated, Sourced):
    """What a report recommends, with the State's reasoned answer."""

    slug = models.SlugField(
        _("slug"),
        max_length=100,
        unique=True,
        help_text=_("Part of the public address; never changed later."),
    )
    report = models.ForeignKey(
        Report, verbose_name=_("report"), on_delete=models.PROTECT, related_name="recommendations"
    )
    order = models.PositiveSmallIntegerField(_("order"), default=1, validators=[MaxValueValidator(500)])
    text_es = models.TextField(_("text in Spanish"), blank=True)
    text_en = models.TextField(_("text in English"), blank=True)
    answer_es = models.TextField(_("answer in Spanish"), blank=True)
    answer_en = models.TextField(_("answer in English"), blank=True)
    status = models.CharField(_("publication"), max_length=10, choices=Status, default=Status.DRAFT)

    text = Bilingual()
    answer = Bilingual()
    history = HistoricalRecords()
    objects = PublishedQuerySet.as_manager()

    class Meta:
        ordering = ["report__plan__number", "report", "order", "id"]
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        constraints = [
            models.CheckConstraint(name="recommendation_status_known", condition=Q(status__in=Status.values)),
        ]

    def __str__(self):
        return str(self.text)[:80]
