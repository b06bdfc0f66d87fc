"""What exists once per plan: the admin of plans, themes, documents, reports, recommendations, texts, figures.

ReportAdmin is registered in commitments/admin/assessments.py, together with the report's assessments.
"""

from django.contrib import admin
from django.db.models import Prefetch
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from faces.admin import (
    SOURCE_FIELDSET,
    TRANSLATIONS_FIELDSET,
    Annul,
    Publish,
    RecordAdmin,
    RecordInline,
    Restore,
    Strike,
    TableInline,
    in_reader_language,
    language_fieldsets,
    with_language,
)
from record.models import Document
from record.rights import visible_to

from .models import (
    DeclaredFigure,
    Listing,
    Plan,
    PlanPeriod,
    PlanSource,
    Recommendation,
    RecommendationSource,
    ReportSource,
    Section,
    Term,
    Theme,
)

FURTHER_SOURCE = ["document", "place", "note_es", "note_en"]


class ListingInline(RecordInline, admin.StackedInline):
    model = Listing
    fk_name = "work"
    fields = ["listed_as", ("plan", "report"), ("document", "place")]


@admin.register(Document)
class DocumentAdmin(RecordAdmin):
    list_display = ["slug", in_reader_language("title", _("title")), "kind", "language", "year"]
    list_filter = ["kind", "language"]
    search_fields = ["slug", "search_text"]
    fieldsets = [
        (None, {"fields": [("slug", "status"), ("kind", "language"), "url"]}),
        *language_fieldsets("title", "publisher"),
        (None, {"fields": [("year", "published_on", "published_as_printed"), "note_es", "note_en"]}),
        TRANSLATIONS_FIELDSET,
    ]
    inlines = [ListingInline]
    fixed_fields = ("slug",)


class PlanPeriodInline(TableInline):
    model = PlanPeriod
    fields = ["as_printed", "starts_on", "ends_on", "document", "place"]


class PlanSourceInline(TableInline):
    model = PlanSource
    fields = FURTHER_SOURCE


class ThemeInline(TableInline):
    model = Theme
    fields = ["slug", "order", "name_es", "name_en", "document", "place"]
    fixed_fields = ("slug",)
    show_change_link = True
    deletable_when_public = False


class PublishPlan(Publish):
    """Leads to the page of the desk that lists what a plan lacks, and publishes it with its commitments."""

    def address(self, row):
        return reverse("admin-plan-publish", args=[row.number])


@admin.register(Plan)
class PlanAdmin(RecordAdmin):
    list_display = [
        "number",
        in_reader_language("title", _("title")),
        "starts_on",
        "ends_on",
        "followed_until",
        "status",
    ]
    list_filter = ["status"]
    search_fields = ["number", "title_es", "title_en"]
    fieldsets = [
        (None, {"fields": [("number", "status"), ("starts_on", "ends_on", "followed_until"), "coordinator"]}),
        *language_fieldsets("title", "approval_norm"),
        (None, {"fields": [("approved_on", "approved_as_printed")]}),
        SOURCE_FIELDSET,
        TRANSLATIONS_FIELDSET,
    ]
    inlines = [ThemeInline, PlanPeriodInline, PlanSourceInline]
    acts = (PublishPlan(), Annul(), Restore(), Strike())
    fixed_fields = ("number",)


@admin.register(Theme)
class ThemeAdmin(RecordAdmin):
    list_display = ["slug", in_reader_language("name", _("name")), "plan", "order", "status"]
    list_select_related = ["plan"]
    list_filter = ["status", ("plan", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["slug", "name_es", "name_en"]
    fieldsets = [
        (None, {"fields": [("plan", "status"), ("slug", "order")]}),
        *language_fieldsets("name"),
        SOURCE_FIELDSET,
        TRANSLATIONS_FIELDSET,
    ]
    fixed_fields = ("plan", "slug")


class ReportSourceInline(TableInline):
    model = ReportSource
    fields = FURTHER_SOURCE


class ReportAdmin(RecordAdmin):
    list_display = [
        "slug",
        in_reader_language("title", _("title")),
        "author",
        "stage",
        "cutoff_on",
        "coverage",
        "status",
    ]
    list_filter = [("plan", admin.RelatedOnlyFieldListFilter), "author", "status"]
    date_hierarchy = "cutoff_on"
    search_fields = ["slug", "title_es", "title_en"]
    fieldsets = [
        (None, {"fields": ["plan", ("slug", "status"), ("author", "stage", "coverage")]}),
        *language_fieldsets("title"),
        (None, {"fields": [("cutoff_on", "cutoff_as_printed", "is_cutoff_inferred")]}),
        (None, {"fields": [("published_on", "published_as_printed"), "card_form"]}),
        SOURCE_FIELDSET,
        TRANSLATIONS_FIELDSET,
    ]
    inlines = [ReportSourceInline]
    fixed_fields = ("plan", "slug")


class RecommendationSourceInline(TableInline):
    model = RecommendationSource
    fields = FURTHER_SOURCE


@admin.register(Recommendation)
class RecommendationAdmin(RecordAdmin):
    list_display = ["slug", "text_start", "report", "status"]
    list_select_related = ["report"]
    list_filter = [("report", admin.RelatedOnlyFieldListFilter), "status"]
    search_fields = ["slug", "search_text"]
    fieldsets = [
        (None, {"fields": ["report", ("slug", "order", "status")]}),
        *language_fieldsets("text", "answer", "outcome"),
        (None, {"fields": ["followed_by"]}),
        SOURCE_FIELDSET,
        TRANSLATIONS_FIELDSET,
    ]
    inlines = [RecommendationSourceInline]
    fixed_fields = ("report", "slug")
    computed_fields = ("followed_by",)

    def get_queryset(self, request):
        following = Recommendation._meta.get_field("commitments").related_model.objects.all()
        following = Prefetch("commitments", visible_to(request.user, following))
        return super().get_queryset(request).prefetch_related(following)

    @admin.display(description=Recommendation._meta.verbose_name)
    def text_start(self, row):
        return with_language(row.text, 80)

    @admin.display(description=_("commitments that follow it"))
    def followed_by(self, row):
        """Return links to the forms where that is edited: a recommendation knows no commitment."""
        links = (
            (reverse("admin:commitments_commitment_change", args=[commitment.pk]), commitment)
            for commitment in row.commitments.all()
        )
        return format_html_join("", '<p><a href="{}">{}</a></p>', links) or "–"


@admin.register(Section)
class SectionAdmin(RecordAdmin):
    list_display = ["slug", in_reader_language("heading", _("heading")), "plan", "report", "kind", "order"]
    list_select_related = ["plan", "report"]
    list_filter = [
        ("plan", admin.RelatedOnlyFieldListFilter),
        ("report", admin.RelatedOnlyFieldListFilter),
        "kind",
    ]
    search_fields = ["slug", "search_text"]
    fieldsets = [
        (None, {"fields": [("plan", "report"), ("slug", "order"), ("kind", "theme")]}),
        *language_fieldsets("heading", "text", "note"),
        SOURCE_FIELDSET,
        TRANSLATIONS_FIELDSET,
    ]
    fixed_fields = ("plan", "report", "slug")


@admin.register(Term)
class TermAdmin(RecordAdmin):
    list_display = ["slug", in_reader_language("term", _("term")), "kind", "document"]
    list_select_related = ["document"]
    list_filter = ["kind", ("document", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["slug", "search_text"]
    fieldsets = [
        (None, {"fields": [("slug", "kind")]}),
        *language_fieldsets("term", "definition"),
        SOURCE_FIELDSET,
        TRANSLATIONS_FIELDSET,
    ]
    fixed_fields = ("slug",)

    def is_public(self, row):
        """Tell that the public sees a term: the glossary has no drafts."""
        return True


@admin.register(DeclaredFigure)
class DeclaredFigureAdmin(RecordAdmin):
    list_display = ["slug", in_reader_language("label", _("label")), "report", "as_printed", "computed_here"]
    list_filter = [
        ("plan", admin.RelatedOnlyFieldListFilter),
        ("report", admin.RelatedOnlyFieldListFilter),
        "measure",
    ]
    search_fields = ["slug", "label_es", "label_en", "as_printed"]
    fieldsets = [
        (None, {"fields": [("plan", "report"), ("slug", "order"), ("measure", "level", "theme")]}),
        *language_fieldsets("label"),
        (None, {"fields": [("as_printed", "value", "computed_here")]}),
        SOURCE_FIELDSET,
        TRANSLATIONS_FIELDSET,
    ]
    fixed_fields = ("plan", "report", "slug")
    computed_fields = ("computed_here",)

    def get_queryset(self, request):
        return super().get_queryset(request).for_reading()

    @admin.display(description=_("what this record adds up to"), empty_value="–")
    def computed_here(self, row):
        return row.computed
