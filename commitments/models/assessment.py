"""The assessment: what one report judged of one commitment, with the card that says why."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from plans.compliance import Level, levels_in
from plans.models import Report
from record.publication import PublicQuerySet, Status
from record.search import Searchable, SearchableQuerySet
from record.sources import Sourced
from record.writing import WriteRefused

from .state import LevelState


class AssessmentQuerySet(SearchableQuerySet):
    def as_of(self, on):
        """Keep the cards of published reports with a cut-off up to a day (rule 5)."""
        return self.published().filter(report__cutoff_on__lte=on)

    def latest_first(self):
        """Order by the reports' cut-off, the latest first; on the same day the IRM's first, then by slug."""
        irm_first = Case(When(report__author=Report.Author.IRM, then=Value(0)), default=Value(1))
        return self.order_by("-report__cutoff_on", irm_first, "report__slug", "pk")

    def with_latest(self, on):
        """Add `is_latest`: whether it is the last one of its author on a day."""
        return self.annotate(is_latest=Exists(LevelState.objects.on(on).filter(assessment=OuterRef("pk"))))

    def judging(self, on):
        """Read of the cards as of a day, the latest first, only their level and who judged it when."""
        report = ("plan", "author", "stage", "cutoff_on", "is_cutoff_inferred")
        columns = ("commitment", "level", *(f"report__{name}" for name in report))
        return self.as_of(on).latest_first().select_related("report").only(*columns)


class Assessment(Searchable, Sourced):
    """The card of one commitment in one report. Its texts are in the language of the report.

    A row of the card has three states (rule 9): the report's form lacks it (`row_state` is 'absent'), it is
    blank on the card ('blank'), or it has text. A level may come without a card.

    As long as its report is a draft, a card may have no level yet (''): nobody has judged. Nothing that is
    published is so.
    """

    part_of = "report"
    belongs_to = ("report", "commitment")

    # The rows of a compliance card, in their order, with the names they have on the pages.
    ROWS = {
        "responsible": _("Institution responsible"),
        "official_name": _("Official responsible"),
        "official_position": _("Position"),
        "other_government": _("Other parties involved: government"),
        "other_civil_society": _("Other parties involved: civil society, private sector, multilaterals"),
        "problem": _("Status quo or problem to be addressed"),
        "objective": _("Main objective"),
        "description": _("Brief description of the commitment"),
        "relevance": _("Relevance"),
        "ambition": _("Ambition"),
        "results": _("Description of the results"),
        "delay_reason": _("Reason of what is not started or late"),
        "new_end_as_printed": _("End date"),
        "next_steps": _("Next steps"),
        "additional_information": _("Additional information"),
    }

    # The rows that a reason may be quoted from: every other one.
    QUOTED = {row: label for row, label in ROWS.items() if row != "delay_reason"}

    search_columns = tuple(ROWS)

    report = models.ForeignKey(
        Report, verbose_name=_("report"), on_delete=models.PROTECT, related_name="assessments"
    )
    commitment = models.ForeignKey(
        "commitments.Commitment",
        verbose_name=_("commitment"),
        on_delete=models.PROTECT,
        related_name="assessments",
    )
    level = models.CharField(
        _("level"),
        max_length=20,
        choices=Level,
        blank=True,
        help_text=_("Empty only while the report is a draft: nobody has judged yet."),
    )
    level_as_printed = models.CharField(_("level as printed"), max_length=300, blank=True)
    has_card = models.BooleanField(
        _("has a card"), default=True, help_text=_("Off where the report gives only the level.")
    )
    responsible = models.TextField(ROWS["responsible"], blank=True)
    official_name = models.CharField(
        ROWS["official_name"],
        max_length=200,
        blank=True,
        help_text=_("At the report's date. No e-mail, no telephone."),
    )
    official_position = models.CharField(ROWS["official_position"], max_length=200, blank=True)
    other_government = models.TextField(ROWS["other_government"], blank=True)
    other_civil_society = models.TextField(ROWS["other_civil_society"], blank=True)
    problem = models.TextField(ROWS["problem"], blank=True)
    objective = models.TextField(ROWS["objective"], blank=True)
    description = models.TextField(ROWS["description"], blank=True)
    relevance = models.TextField(ROWS["relevance"], blank=True)
    ambition = models.TextField(ROWS["ambition"], blank=True)
    results = models.TextField(ROWS["results"], blank=True)
    delay_reason = models.TextField(ROWS["delay_reason"], blank=True)
    delay_reason_from = models.CharField(
        _("row that the reason is quoted from"),
        max_length=30,
        choices=QUOTED,
        blank=True,
        help_text=_("Where the form of the report has no row for it; the words stand in that row."),
    )
    next_steps = models.TextField(ROWS["next_steps"], blank=True)
    additional_information = models.TextField(ROWS["additional_information"], blank=True)
    new_end_on = models.DateField(_("new end"), null=True, blank=True)
    new_end_as_printed = models.CharField(ROWS["new_end_as_printed"], max_length=100, blank=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["report__plan__number", "report__cutoff_on", "report__slug", "commitment__number", "id"]
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        constraints = [
            models.UniqueConstraint(
                fields=["report", "commitment"], name="one_assessment_per_report_and_commitment"
            ),
            models.CheckConstraint(
                name="assessment_level_known",
                condition=Q(level__in=["", *Level.values]),
                violation_error_message=_("This is no level of the scale."),
            ),
        ]

    def __str__(self):
        return self.public_id

    @classmethod
    def published_with(cls, way):
        # The commitment is of the same plan.
        of_commitment = cls._of("commitment", "standing", way) & cls._of("commitment", "said", way)
        return super().published_with(way) & of_commitment

    def clean(self):
        super().clean()
        if self.report_id and self.commitment_id and self.report.plan_id != self.commitment.plan_id:
            raise ValidationError(
                {"commitment": _("This commitment belongs to another plan than the report.")}
            )
        if not self.level and self.report_id and self.report.status == Status.PUBLISHED:
            raise ValidationError({"level": self.LEVEL_NEEDED})
        self._check_quotation()

    def _check_quotation(self):
        """Refuse a reason that is said to be quoted and does not stand in the row it is said to stand in."""
        row = self.delay_reason_from
        if not row:
            return
        if self.report_id and "delay_reason" in self.report.card_form:
            raise ValidationError({"delay_reason_from": self.OWN_ROW})
        if not self.delay_reason or self.delay_reason not in getattr(self, row, ""):
            raise ValidationError({"delay_reason": self.NOT_QUOTED % {"row": self.QUOTED.get(row, row)}})

    OWN_ROW = _("The form of this report has a row for the reason: it is quoted from no other one.")
    NOT_QUOTED = _("Quote the reason word by word: it does not stand in the row “%(row)s”.")
    LEVEL_NEEDED = _("A published report says the level of each commitment that it judges.")

    def check_said(self):
        """Refuse a card without a level in a report that is published (rule 1)."""
        super().check_said()
        if not self.level:
            raise WriteRefused(self.LEVEL_NEEDED, code="level_needed")

    def check_change(self, columns, source):
        """Refuse to take a card out of a published report that is said to be full (rule 9).

        It is annulled, or moved to another commitment or report; of an annulled report nobody counts cards.
        """
        super().check_change(columns, source)
        is_annulled = self.is_annulled and "annulled_at" in columns
        if is_annulled or columns.keys() & {"commitment", "report"}:
            before, _after = columns.get("report", (self.report_id, None))
            if report := Report.objects.filter(pk=before).first():
                report.check_coverage(missing=Report.CARD_TAKEN)

    @property
    def differs_from_print(self):
        """Whether it has another level than the one that is printed."""
        printed = levels_in(self.level_as_printed)
        return bool(self.level and printed and self.level not in printed)

    def doubts(self):
        """Return whether the level is another than the one that is printed, in words."""
        if not self.differs_from_print:
            return []
        return [f"its level is {self.level}, and printed is “{self.level_as_printed}”"]

    def get_absolute_url(self):
        return f"{reverse('commitments:commitment-detail', args=[self.commitment.code])}#{self.report.slug}"

    @property
    def public_id(self):
        """The public identifier: the report's slug, a colon and the commitment's code."""
        return f"{self.report.slug}:{self.commitment.code}"

    def row_state(self, row):
        """Return 'absent' (not in that report's form), 'blank' or 'text' for a row of the card."""
        if row not in self.report.card_form:
            return "absent"
        return "text" if getattr(self, row) else "blank"

    @property
    def quotes_reason(self):
        """Whether the reason is a passage of another row: the form has no row for it."""
        return bool(self.delay_reason and self.delay_reason_from)

    def rows(self):
        """Return (name, label, state, text) for every row that a compliance card may have."""
        return [(row, label, self.row_state(row), getattr(self, row)) for row, label in self.ROWS.items()]


class FindingQuerySet(PublicQuerySet):
    def as_of(self, on):
        """Keep the public findings of no report, or of one with a cut-off up to a day."""
        return self.published().filter(Q(report=None) | Q(report__cutoff_on__lte=on))


class Finding(Sourced):
    """One value of the IRM's coding of a commitment, or a star, on the scale of its time."""

    belongs_to = ("commitment", "report")

    commitment = models.ForeignKey(
        "commitments.Commitment",
        verbose_name=_("commitment"),
        on_delete=models.CASCADE,
        related_name="findings",
    )
    report = models.ForeignKey(
        Report,
        verbose_name=_("report"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="findings",
    )
    measure = models.SlugField(_("measure"), max_length=60)
    scale = models.SlugField(_("version of the scale"), max_length=60)
    value = models.SlugField(_("value"), max_length=60)
    value_as_printed = models.CharField(_("value as printed"), max_length=200, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["commitment", "id"]
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "measure", "document"], name="one_finding_per_measure_and_document"
            )
        ]

    def __str__(self):
        return f"{self.measure}: {self.value_as_printed or self.value}"

    @classmethod
    def published_with(cls, way):
        return cls._of("commitment", "public", way) & Report.none_or_public(f"{way}report__")

    @classmethod
    def said(cls, way=""):
        return cls._of("commitment", "said", way)
