"""Documents, and what every row of the record has: where it stands, and whether the public sees it."""

from types import SimpleNamespace

from django.apps import apps
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from ogp_portal.common.search import SEARCH_FIELDS, Searchable, SearchableQuerySet
from ogp_portal.common.text import Bilingual, Language, Translated


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


class DocumentQuerySet(SearchableQuerySet):
    def with_use(self):
        """Add `is_quoted`: whether a row of the record has it as its source, not only lists it."""
        quoted = Q(pk__in=[])
        for model in apps.get_models():
            if issubclass(model, Sourced):
                quoted |= Exists(model._base_manager.filter(document=OuterRef("pk")))
        return self.annotate(is_quoted=ExpressionWrapper(quoted, models.BooleanField()))

    def for_reading(self):
        """Fetch what lists and pages say of a document, in a fixed number of queries."""
        listings = Listing.objects.select_related("plan", "report__plan", "document")
        return self.with_use().prefetch_related(models.Prefetch("listings", listings))


class Document(Translated, Searchable):
    """A document that was published: a source that the record quotes, or a work that one of them lists."""

    class Kind(models.TextChoices):
        ACTION_PLAN = "action_plan", _("Action plan")
        SELF_ASSESSMENT = "self_assessment", _("Self-assessment report")
        IRM_REPORT = "irm_report", _("IRM report")
        WEB_PAGE = "web_page", _("Web page")
        DATA_SHEET = "data_sheet", _("Data sheet")
        REPORT_COMMENTS = "report_comments", _("Edition for public comment")
        CASE_STUDY = "case_study", _("Case study")
        RESEARCH_PRODUCT = "research_product", _("Research product")
        LETTER = "letter", _("Letter")
        OTHER = "other", _("Other")

    search_columns = ("title", "publisher")

    slug = models.SlugField(
        _("slug"), max_length=80, unique=True, help_text=_("Part of the public address; never changed later.")
    )
    title_es = models.CharField(_("title in Spanish"), max_length=300)
    title_en = models.CharField(_("title in English"), max_length=300, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    kind = models.CharField(_("kind"), max_length=30, choices=Kind)
    publisher_es = models.CharField(_("published by, in Spanish"), max_length=200, blank=True)
    publisher_en = models.CharField(_("published by, in English"), max_length=200, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    published_as_printed = models.CharField(_("date as printed"), max_length=100, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)

    title = Bilingual()
    publisher = Bilingual()
    history = HistoricalRecords(excluded_fields=SEARCH_FIELDS)
    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    def __str__(self):
        return f"{self.title} ({self.published_as_printed})" if self.published_as_printed else str(self.title)

    def get_absolute_url(self):
        return reverse("plans:document-detail", args=[self.slug])

    @property
    def sources(self):
        """Where the document is listed or, where nothing lists it, the document itself."""
        itself = SimpleNamespace(document=self, place=_("the document itself"))
        return list(self.listings.all()) or [itself]


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


class FurtherSource(Translated, Sourced):
    """A further source of a row, beside the one in its own columns, with a note of ours in both languages."""

    note_es = models.CharField(_("what it supports, in Spanish"), max_length=250, blank=True)
    note_en = models.CharField(_("what it supports, in English"), max_length=250, blank=True)

    note = Bilingual()

    class Meta:
        abstract = True
        verbose_name = _("further source")
        verbose_name_plural = _("further sources")

    def __str__(self):
        return f"{self.document}, {self.place}"


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
        return self.plan if self.plan and self.plan.status == Status.PUBLISHED else None

    @property
    def public_report(self):
        """The report that the work belongs to, if there is one and the public may see it."""
        report = self.report
        is_public = report and Status.PUBLISHED == report.status == report.plan.status
        return report if is_public else None


class PublishedQuerySet(models.QuerySet):
    def published(self):
        """Keep the rows that the public may see."""
        return self.filter(status=Status.PUBLISHED)
