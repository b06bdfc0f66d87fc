"""Texts of plans and reports beside their commitments, and the glossary."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from record.models import Document
from record.order import Alphabetical, alphabetical
from record.search import Searchable, SearchableQuerySet
from record.text import Bilingual, Translated

from .plan import OfTheme, Plan, Theme
from .report import Report

NOTE_HELP = _("Where a text comes from another document, and what of the printed section is not here.")


class SectionQuerySet(SearchableQuerySet):
    def for_reading(self):
        """Fetch what lists and pages say of a section, in a fixed number of queries."""
        return self.select_related("plan", "report__plan", "theme", "document")


class Section(Translated, Searchable, OfTheme):
    """A part of the text of a plan or of a report: its process, a synthesis, its lessons."""

    class Kind(models.TextChoices):
        INTRODUCTION = "introduction", _("Introduction")
        OVERVIEW = "overview", _("Overview")
        BACKGROUND = "background", _("Background")
        PROCESS = "process", _("Process")
        RECOMMENDATIONS = "recommendations", _("Recommendations")
        COMPLIANCE = "compliance", _("Completion")
        THEME_SYNTHESIS = "theme_synthesis", _("Synthesis of a theme")
        ELIGIBILITY = "eligibility", _("Eligibility")
        CONCLUSIONS = "conclusions", _("Conclusions")
        LESSONS = "lessons", _("Lessons learned")
        GOOD_PRACTICES = "good_practices", _("Good practices")
        NEXT_STEPS = "next_steps", _("Next steps")

    # What a report says in short, so that its page can quote it whole.
    SUMMARIES = (Kind.THEME_SYNTHESIS, Kind.CONCLUSIONS, Kind.LESSONS)

    belongs_to = ("plan", "report")
    search_columns = ("heading", "text")

    slug = models.SlugField(
        _("slug"),
        max_length=100,
        unique=True,
        help_text=_("Part of the public address; never changed later."),
    )
    plan = models.ForeignKey(
        Plan,
        verbose_name=_("plan"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sections",
        help_text=_("The plan whose own text this is; empty where it is that of a report."),
    )
    report = models.ForeignKey(
        Report,
        verbose_name=_("report"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sections",
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    theme = models.ForeignKey(
        Theme,
        verbose_name=_("theme"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sections",
    )
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    heading_es = models.CharField(_("heading in Spanish"), max_length=300, blank=True)
    heading_en = models.CharField(_("heading in English"), max_length=300, blank=True)
    text_es = models.TextField(_("text in Spanish"), blank=True)
    text_en = models.TextField(_("text in English"), blank=True)
    note_es = models.CharField(_("note in Spanish"), max_length=500, blank=True, help_text=NOTE_HELP)
    note_en = models.CharField(_("note in English"), max_length=500, blank=True, help_text=NOTE_HELP)

    heading = Bilingual()
    text = Bilingual()
    note = Bilingual()
    objects = SectionQuerySet.as_manager()

    class Meta:
        # A plan's own text first, then its reports'; each database has nulls where it likes, unless told.
        ordering = [
            Coalesce("plan__number", "report__plan__number"),
            F("report__cutoff_on").asc(nulls_first=True),
            F("report__slug").asc(nulls_first=True),
            "order",
            "id",
        ]
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        constraints = [
            models.CheckConstraint(
                name="section_of_a_plan_or_a_report",
                condition=Q(plan__isnull=True, report__isnull=False)
                | Q(plan__isnull=False, report__isnull=True),
                violation_error_message=_("A section belongs to a plan or to a report."),
            )
        ]

    def __str__(self):
        return str(self.heading) or self.slug

    @classmethod
    def published_with(cls, way):
        return Plan.public(f"{way}plan__") | Report.public(f"{way}report__")

    def clean(self):
        super().clean()
        plan = self.plan or (self.report and self.report.plan)
        if self.theme and plan and self.theme.plan_id != plan.pk:
            raise ValidationError({"theme": _("This theme belongs to another plan.")})

    @classmethod
    def reading_order(cls):
        plan, *others = cls._meta.ordering
        return [plan.desc(), *others]

    @property
    def owner(self):
        """The plan or the report whose text this is."""
        return self.report or self.plan

    def get_absolute_url(self):
        return f"{self.owner.get_text_url()}#{self.slug}"


class Term(Translated, Searchable, Alphabetical):
    """A word of the glossary: as a document defines it or, where none does, as this portal uses it."""

    class Kind(models.TextChoices):
        TERM = "term", _("Term")
        LEVEL = "level", _("Level")
        IRM_CODE = "irm_code", _("Code of the IRM")
        ACRONYM = "acronym", _("Acronym")

    search_columns = ("term", "definition")
    ordered_by = "term"

    slug = models.SlugField(
        _("slug"), max_length=80, unique=True, help_text=_("Part of the public address; never changed later.")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.TERM)
    term_es = models.CharField(_("term in Spanish"), max_length=150)
    term_en = models.CharField(_("term in English"), max_length=150, blank=True)
    definition_es = models.TextField(_("definition in Spanish"), blank=True)
    definition_en = models.TextField(_("definition in English"), blank=True)
    document = models.ForeignKey(
        Document,
        verbose_name=_("source document"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Empty where the definition is this portal's own."),
    )
    place = models.CharField(_("place in the document"), max_length=250, blank=True)

    term = Bilingual()
    definition = Bilingual()
    objects = SearchableQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]
        verbose_name = _("term")
        verbose_name_plural = _("terms")

    def __str__(self):
        return str(self.term)

    @classmethod
    def reading_order(cls):
        return [alphabetical(), "slug"]

    def get_absolute_url(self):
        return f"{reverse('glossary')}#{self.slug}"

    @property
    def sources(self):
        """Where the definition stands; nothing where it is this portal's own."""
        return [self] if self.document else []
