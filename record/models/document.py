"""The documents that everything stands in."""

from functools import cache
from types import SimpleNamespace

from django.apps import apps
from django.db import connection, models
from django.db.models import ExpressionWrapper, F, Q
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ..order import Alphabetical, alphabetical
from ..publication import Status, behind_a_notice, other_end
from ..search import Searchable, SearchableQuerySet
from ..sources import Sourced
from ..text import Bilingual, Language, Translated


@cache
def _question_of_quoted(vendor):
    """Return the SQL and parameters by which a kind of database finds the documents that a public row quotes.

    It is the same for whatever the record has, and takes much longer to put together than to answer.
    """
    # Who asks first may be reading what was annulled, the others not.
    with behind_a_notice():
        first, *others = (
            model._default_manager.published().filter(**{f"{name}__isnull": False}).order_by().values(name)
            for model in apps.get_models()
            if issubclass(model, Sourced)
            for name in model.document_columns
        )
    return first.union(*others).query.sql_with_params()


class DocumentQuerySet(SearchableQuerySet):
    def with_use(self):
        """Add `is_quoted`: whether a public row of the record has it as its source, not only lists it."""
        quoted = Q(pk__in=RawSQL(*_question_of_quoted(connection.vendor)))
        return self.annotate(is_quoted=ExpressionWrapper(quoted, models.BooleanField()))

    def with_listings(self):
        """Fetch where each is listed, in one query."""
        listings = other_end(Document, "listings").published()
        listings = listings.select_related("plan", "report__plan", "document")
        return self.prefetch_related(models.Prefetch("listings", listings))

    def for_reading(self):
        """Fetch what lists and pages say of a document, in a fixed number of queries."""
        return self.with_use().with_listings()


class Document(Translated, Searchable, Alphabetical):
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
        NORM = "norm", _("Norm")
        NEWS = "news", _("News report")
        OTHER = "other", _("Other")

    publication_column = "status"
    search_columns = ("title", "publisher")
    ordered_by = "title"

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
    note_es = models.CharField(_("how it was seen, in Spanish"), max_length=250, blank=True)
    note_en = models.CharField(
        _("how it was seen, in English"),
        max_length=250,
        blank=True,
        help_text=_("A note of ours, such as: seen on that day in a copy, only its beginning."),
    )
    # A letter that proves what was not published yet is published with that.
    status = models.CharField(_("publication"), max_length=10, choices=Status, default=Status.PUBLISHED)

    title = Bilingual()
    publisher = Bilingual()
    note = Bilingual()
    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.CheckConstraint(name="document_status_known", condition=Q(status__in=Status.values)),
        ]

    def __str__(self):
        return f"{self.title} ({self.published_as_printed})" if self.published_as_printed else str(self.title)

    @classmethod
    def published_with(cls, way):
        return cls.said(way)

    @classmethod
    def reading_order(cls):
        return [F("year").desc(nulls_last=True), alphabetical(), "slug"]

    def get_absolute_url(self):
        return reverse("plans:document-detail", args=[self.slug])

    @property
    def sources(self):
        """Where the document is listed or, where nothing lists it, the document itself."""
        itself = SimpleNamespace(document=self, place=_("the document itself"))
        return list(self.listings.all()) or [itself]
