"""What exists once per plan: the admin of plans, themes, documents, reports and recommendations.

ReportAdmin is registered in commitments/admin.py, together with the report's assessments.
"""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from entities.admin import EntityAdmin
from entities.models import Entity
from ogp_portal.common.admin import (
    SOURCE_FIELDSET,
    TRANSLATIONS_FIELDSET,
    RecordAdmin,
    RecordInline,
    in_reader_language,
    language_fieldsets,
    missing_text,
)

from .models import (
    Document,
    EntityName,
    Plan,
    PlanPeriod,
    PlanSource,
    Recommendation,
    ReportSource,
    Theme,
)


@admin.register(Document)
class DocumentAdmin(RecordAdmin):
    list_display = ["slug", in_reader_language("title", _("title")), "kind", "language", "year"]
    list_filter = ["kind", "language"]
    search_fields = ["slug", "title_es", "title_en", "publisher"]
    fieldsets = [
        (None, {"fields": ["slug", ("kind", "language"), "publisher", "url"]}),
        *language_fieldsets("title"),
        (None, {"fields": [("year", "published_on", "published_as_printed")]}),
        TRANSLATIONS_FIELDSET,
    ]
    fixed_fields = ("slug",)
    # A focal point names the source of what he reports.
    focal_point_may = ("view",)


class EntityNameInline(RecordInline, admin.TabularInline):
    model = EntityName
    fields = ["spelling", "language", "document", "place"]


@admin.register(Entity)
class EntityWithNamesAdmin(EntityAdmin):
    inlines = [EntityNameInline]


@admin.register(EntityName)
class EntityNameAdmin(RecordAdmin):
    list_display = ["spelling", "language", "entity", "document"]
    list_select_related = ["entity", "document"]
    list_filter = ["language", ("document", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["spelling", "entity__search_text", "entity__acronym"]
    fieldsets = [(None, {"fields": ["entity", ("spelling", "language")]}), SOURCE_FIELDSET]


class PlanPeriodInline(RecordInline, admin.TabularInline):
    model = PlanPeriod
    fields = ["as_printed", "starts_on", "ends_on", "document", "place"]


class PlanSourceInline(RecordInline, admin.TabularInline):
    model = PlanSource
    fields = ["document", "place", "note"]


class ThemeInline(RecordInline, admin.TabularInline):
    model = Theme
    fields = ["slug", "order", "name_es", "name_en", "document", "place"]
    fixed_fields = ("slug",)
    show_change_link = True
    deletable_when_public = False


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
    fixed_fields = ("number",)
    publication_field = "status"


@admin.register(Theme)
class ThemeAdmin(RecordAdmin):
    list_display = ["slug", in_reader_language("name", _("name")), "plan", "order"]
    list_select_related = ["plan"]
    list_filter = [("plan", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["slug", "name_es", "name_en"]
    fieldsets = [
        (None, {"fields": ["plan", ("slug", "order")]}),
        *language_fieldsets("name"),
        SOURCE_FIELDSET,
        TRANSLATIONS_FIELDSET,
    ]
    fixed_fields = ("plan", "slug")

    def is_public(self, row):
        return Plan.objects.published().filter(themes=row.pk).exists()


class ReportSourceInline(RecordInline, admin.TabularInline):
    model = ReportSource
    fields = ["document", "place", "note"]


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
    publication_field = "status"


@admin.register(Recommendation)
class RecommendationAdmin(RecordAdmin):
    list_display = ["slug", "text_start", "report", "status"]
    list_select_related = ["report"]
    list_filter = [("report", admin.RelatedOnlyFieldListFilter), "status", missing_text("text")]
    search_fields = ["slug", "text_es", "text_en", "answer_es", "answer_en"]
    fieldsets = [
        (None, {"fields": ["report", ("slug", "order", "status")]}),
        *language_fieldsets("text", "answer"),
        SOURCE_FIELDSET,
        TRANSLATIONS_FIELDSET,
    ]
    fixed_fields = ("report", "slug")
    publication_field = "status"

    @admin.display(description=Recommendation._meta.verbose_name)
    def text_start(self, row):
        return str(row)
