"""The report that judges a plan, and its recommendations."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from record.publication import PublicQuerySet, Status, other_end
from record.search import Searchable, SearchableQuerySet
from record.sources import FurtherSource, Sourced
from record.text import Bilingual, Translated
from record.writing import WriteRefused

from .. import compliance
from .plan import Plan, Theme


class ReportQuerySet(PublicQuerySet):
    def held(self):
        """Keep the reports of which this record holds a level at least (rule 1)."""
        return self.exclude(coverage=Report.Coverage.NOT_HELD)

    def not_held(self):
        """Keep the reports that are known to exist, and of which this record holds no level."""
        return self.filter(coverage=Report.Coverage.NOT_HELD)

    def as_of(self, on):
        """Keep the published reports with a cut-off up to a day (rule 5)."""
        return self.published().filter(cutoff_on__lte=on)

    def for_tally(self):
        """Fetch what the tallies of these reports need, in a fixed number of queries."""
        return (
            self.with_levels()
            .select_related("plan", "document")
            .prefetch_related("plan__themes", "plan__commitments", "further_sources__document")
        )

    def levels_counted(self):
        """Return {pk of a report: {level: of how many commitments it is}} of these reports, in one query.

        A report that this record holds no level of is not there.
        """
        cards = other_end(Report, "assessments").published().filter(report__in=self.order_by())
        found = {}
        for pk, level, count in cards.order_by().values_list("report", "level").annotate(models.Count("pk")):
            found.setdefault(pk, {})[level] = count
        return found

    def with_levels(self):
        """Fetch what `levels()` of these reports reads."""
        cards = other_end(Report, "assessments").published()
        return self.prefetch_related(models.Prefetch("assessments", cards))


class Report(Translated, Sourced):
    """A report that judges the commitments of a plan."""

    class Author(models.TextChoices):
        GOVERNMENT = "government", _("Government")
        IRM = "irm", _("IRM")
        CIVIL_SOCIETY = "civil_society", _("Civil society")

    # How a sentence names them: "says the Government".
    IN_A_SENTENCE = {
        Author.GOVERNMENT: _("the Government"),
        Author.IRM: _("the IRM"),
        Author.CIVIL_SOCIETY: _("civil society"),
    }

    class Stage(models.TextChoices):
        DESIGN = "design", _("Design")
        PROGRESS = "progress", _("Progress")
        MID_TERM = "mid_term", _("Mid-term")
        END_TERM = "end_term", _("End-term")
        IMPLEMENTATION = "implementation", _("Implementation")
        # Kinds of reports of the IRM that the OGP lists by these names.
        REVIEW = "review", _("Action plan review")
        RESULTS = "results", _("Results")

    # Those that tell how a plan ended; the others speak of its design or of the way.
    OF_THE_END = (Stage.END_TERM, Stage.IMPLEMENTATION, Stage.RESULTS)

    class Coverage(models.TextChoices):
        FULL = "full", _("Full: this record holds its level for every commitment")
        PARTIAL = "partial", _("Partial: this record holds some of its levels")
        NOT_HELD = "not_held", _("Not held: the report exists, this record does not hold its levels")

    belongs_to = ("plan",)
    publication_column = "status"

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

    @classmethod
    def published_with(cls, way):
        return cls.said(way) & Plan.public(f"{way}plan__")

    # Publishing: its cards become public with it.

    CARDS_MISSING = _("“%(name)s” is said to be full, and has no card of %(codes)s.")
    CARD_TAKEN = _(
        "“%(name)s” is said to be full, and would have no card of %(codes)s. Correct the card instead; or "
        "say first that the coverage of the report is partial, with the reason."
    )
    LEVELS_MISSING = _("“%(name)s” cannot be published yet: the cards of %(codes)s have no level.")
    CARDS_NOT_HELD = _("“%(name)s” is said not to be held, and has cards: of %(codes)s.")

    def published_along(self):
        """Return the letters that it, or one of its cards, stands in, and the themes that its texts name.

        They are published with it, where they were not yet.
        """
        if self.status == Status.PUBLISHED:
            return []
        of_texts = Q(sections__report=self.pk) | Q(figures__report=self.pk)
        themes = Theme.objects.filter(of_texts, status=Status.DRAFT).distinct()
        return [*self.letters_of(self, *self._cards().select_related("document"), *themes), *themes]

    def check_publication(self):
        """Refuse what is not as complete as it is said to be, and cards of which nobody said the level."""
        super().check_publication()
        if codes := self.codes_without_level():
            self._refuse(self.LEVELS_MISSING, "levels_missing", codes)
        self.check_coverage()

    def check_change(self, columns, source):
        """Refuse to say of a published report that it is full, or not held, where its cards say otherwise.

        What was said while it was annulled is asked when it is restored; another cut-off asks for others.
        """
        super().check_change(columns, source)
        if columns.keys() & {"coverage", "cutoff_on", "annulled_at"} and not self.is_annulled:
            self.check_coverage()

    def check_coverage(self, missing=CARDS_MISSING):
        """Refuse what is said to be full and has a card missing, or not to be held and has some (rule 9).

        Raises WriteRefused, with `missing` as the sentence where a card is missing.
        """
        if self.is_full and (codes := self.codes_without_card()):
            self._refuse(missing, "cards_missing", codes)
        if not self.is_held and (codes := list(self._codes_of_cards())):
            self._refuse(self.CARDS_NOT_HELD, "cards_not_held", codes)

    def _refuse(self, message, code, codes):
        params = {"name": str(self), "codes": ", ".join(codes)}
        raise WriteRefused(message, code=code, params=params)

    def _cards(self):
        return other_end(Report, "assessments").filter(report=self.pk)

    def _codes_of_cards(self):
        cards = self._cards().order_by("commitment__number")
        return cards.values_list("commitment__code", flat=True)

    def codes_without_level(self):
        """Return the codes of the commitments on whose card nobody has said the level yet."""
        return list(self._codes_of_cards().filter(level=""))

    def codes_without_card(self):
        """Return the codes of the commitments that stood in the plan on the cut-off and have no card here."""
        promised = other_end(Plan, "commitments").said().filter(plan=self.plan_id).in_plan_on(self.cutoff_on)
        judged = self._cards().order_by().values("commitment")
        return list(promised.exclude(pk__in=judged).order_by("number").values_list("code", flat=True))

    @classmethod
    def reading_order(cls):
        return ["-plan__number", "-cutoff_on", "slug"]

    @classmethod
    def none_or_public(cls, way):
        """Return the condition that what may be of a report is of none, or of one that the public may see.

        `way` leads to the report and ends in __, as 'report__'.
        """
        return Q(**{f"{way}isnull": True}) | cls.public(way)

    def get_absolute_url(self):
        return reverse("plans:report-detail", args=[self.slug])

    def get_text_url(self):
        """Return the address of the page with the sections of the report's text."""
        return reverse("plans:report-text", args=[self.slug])

    @property
    def language(self):
        """The language that the report's own texts are in."""
        return self.document.language

    @property
    def in_a_sentence(self):
        """Who judged, as a sentence names them: 'the Government'."""
        return self.IN_A_SENTENCE[self.author]

    @property
    def is_full(self):
        return self.coverage == self.Coverage.FULL

    @property
    def is_held(self):
        return self.coverage != self.Coverage.NOT_HELD

    def previous(self, reports=None):
        """Return the report before this one: same plan and author, next earlier cut-off; or None.

        `reports` are the published ones of its plan, where they are at hand.
        """
        if reports is None:
            reports = Report.objects.published().filter(plan=self.plan).for_tally()
        earlier = [each for each in reports if each.author == self.author and each.cutoff_on < self.cutoff_on]
        return min(earlier, key=lambda each: (-each.cutoff_on.toordinal(), each.slug), default=None)

    def levels(self):
        """Return the level of each commitment that the report judges, by the commitment's pk."""
        return {assessment.commitment_id: assessment.level for assessment in self.assessments.all()}

    def completion(self):
        """Return the tally of the whole report, of all commitments of its plan."""
        return compliance.tally(self.levels().values(), len(self.plan.said_commitments), self.is_full)

    def completion_by_theme(self):
        """Return {theme or None: tally}; commitments without a theme keep a row, so that sums hold."""
        themes = {theme.pk: theme for theme in self.plan.said_themes}
        groups = {theme: [] for theme in themes.values()}
        for commitment in self.plan.said_commitments:
            groups.setdefault(themes.get(commitment.theme_id), []).append(commitment.pk)
        return compliance.tally_by(groups, self.levels(), self.is_full)

    def transitions_since(self, previous):
        """Return how the commitments of the plan moved since another report."""
        members = [commitment.pk for commitment in self.plan.said_commitments]
        return compliance.transitions(previous.levels(), self.levels(), members)


class ReportSource(FurtherSource):
    part_of = "report"

    report = models.ForeignKey(
        Report, verbose_name=_("report"), on_delete=models.CASCADE, related_name="further_sources"
    )

    class Meta(FurtherSource.Meta):
        ordering = ["report", "document", "place", "id"]


class RecommendationQuerySet(SearchableQuerySet):
    def for_reading(self):
        """Fetch what lists and pages say of a recommendation, in a fixed number of queries."""
        commitments = other_end(Recommendation, "commitments").published()
        return self.select_related("report__plan", "report__document", "document").prefetch_related(
            "further_sources__document",
            models.Prefetch("commitments", commitments.select_related("plan"), to_attr="followed_by"),
        )


class Recommendation(Translated, Searchable, Sourced):
    """What a report recommends, the State's reasoned answer, and what a later document says came of it.

    The commitments that follow it name it themselves (`Commitment.recommendations`).
    """

    belongs_to = ("report",)
    publication_column = "status"
    search_columns = ("text", "answer", "outcome")

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
    outcome_es = models.TextField(_("outcome in Spanish"), blank=True)
    outcome_en = models.TextField(_("outcome in English"), blank=True)
    status = models.CharField(_("publication"), max_length=10, choices=Status, default=Status.DRAFT)

    text = Bilingual()
    answer = Bilingual()
    outcome = Bilingual()
    objects = RecommendationQuerySet.as_manager()

    class Meta:
        ordering = ["report__plan__number", "report", "order", "id"]
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        constraints = [
            models.CheckConstraint(name="recommendation_status_known", condition=Q(status__in=Status.values)),
        ]

    def __str__(self):
        return str(self.text)[:80]

    @classmethod
    def published_with(cls, way):
        return cls.said(way) & Report.public(f"{way}report__")

    @classmethod
    def reading_order(cls):
        return ["-report__plan__number", "-report__cutoff_on", "report__slug", "order", "id"]

    def get_absolute_url(self):
        return f"{reverse('plans:recommendation-list')}#{self.slug}"


class RecommendationSource(FurtherSource):
    part_of = "recommendation"

    recommendation = models.ForeignKey(
        Recommendation,
        verbose_name=_("recommendation"),
        on_delete=models.CASCADE,
        related_name="further_sources",
    )

    class Meta(FurtherSource.Meta):
        ordering = ["recommendation", "document", "place", "id"]
