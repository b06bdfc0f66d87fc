"""The entries of the table of kinds for what exists once per plan cycle, and for documents."""

from django.utils.translation import gettext_lazy as _

from record.kinds import Found, Gap, Kind, Listed, Subject
from record.models import Document
from record.text import texts_of

from . import api, filters
from .models import (
    DeclaredFigure,
    Listing,
    Plan,
    PlanPeriod,
    PlanSource,
    Recommendation,
    RecommendationSource,
    Report,
    ReportSource,
    Section,
    Term,
    Theme,
)

KINDS = [
    Kind(
        model=Plan,
        key=("number",),
        public_id="number",
        listed=Listed(
            place=6,
            name="plan",
            path="plans",
            viewset=api.PlanViewSet,
            label=_("Plans"),
            what=_("The action plans"),
        ),
        list_page="plans:plan-list",
        has_page=True,
        has_text_page=True,
    ),
    Kind(model=PlanPeriod, key=("plan", "document", "place")),
    Kind(model=PlanSource, key=("plan", "document", "place")),
    Kind(
        model=Theme,
        key=("slug",),
        public_id="slug",
        listed=Listed(
            place=14,
            name="theme",
            path="themes",
            viewset=api.ThemeViewSet,
            label=_("Themes"),
            what=_("The groups in which a plan sets its commitments"),
        ),
    ),
    Kind(
        model=Report,
        key=("slug",),
        public_id="slug",
        listed=Listed(
            place=7,
            name="report",
            path="reports",
            viewset=api.ReportViewSet,
            label=_("Reports"),
            what=_("Those who judge a plan, with their totals"),
        ),
        labels=lambda: {"card_form": Report._meta.get_field("assessments").related_model.ROWS},
        has_page=True,
        has_text_page=True,
    ),
    Kind(model=ReportSource, key=("report", "document", "place")),
    Kind(
        model=Recommendation,
        key=("slug",),
        public_id="slug",
        listed=Listed(
            place=9,
            name="recommendation",
            path="recommendations",
            viewset=api.RecommendationViewSet,
            label=_("Recommendations"),
            what=_("What reports recommend, and the State's answer"),
        ),
        found=Found(
            place=4,
            filterset=filters.RecommendationFilters,
            title="text",
            texts=lambda row, said: texts_of(row, "answer", "outcome"),
            read=lambda rows: rows.select_related("report__plan", "document").prefetch_related(
                "further_sources__document"
            ),
            plan=lambda row: row.report.plan,
        ),
        list_page="plans:recommendation-list",
    ),
    Kind(model=RecommendationSource, key=("recommendation", "document", "place")),
    Kind(
        model=Section,
        key=("slug",),
        public_id="slug",
        listed=Listed(
            place=12,
            name="section",
            path="sections",
            viewset=api.SectionViewSet,
            label=_("Texts of plans and reports"),
            what=_("Their sections beside the commitments"),
        ),
        found=Found(
            place=6,
            filterset=filters.SectionFilters,
            title="heading",
            texts=lambda row, said: texts_of(row, "text"),
            read=lambda rows: rows.for_reading(),
            plan=lambda row: row.plan or row.report.plan,
        ),
    ),
    Kind(
        model=Term,
        key=("slug",),
        public_id="slug",
        listed=Listed(
            place=13,
            name="term",
            path="terms",
            viewset=api.TermViewSet,
            label=_("Glossary"),
            what=_("Words, levels, codes and acronyms"),
        ),
        found=Found(
            place=3,
            filterset=filters.TermFilters,
            title="term",
            texts=lambda row, said: texts_of(row, "definition"),
            read=lambda rows: rows.select_related("document"),
        ),
    ),
    Kind(
        model=DeclaredFigure,
        key=("slug",),
        public_id="slug",
        listed=Listed(
            place=10,
            name="figure",
            path="figures",
            viewset=api.FigureViewSet,
            label=_("Declared figures"),
            what=_("Numbers that documents print, beside what this record adds up to"),
        ),
    ),
    Kind(
        model=Document,
        key=("slug",),
        public_id="slug",
        listed=Listed(
            place=11,
            name="document",
            path="documents",
            viewset=api.DocumentViewSet,
            label=_("Documents"),
            what=_("The works behind each fact"),
        ),
        found=Found(
            place=5,
            filterset=filters.DocumentFilters,
            title="title",
            texts=lambda row, said: texts_of(row, "publisher"),
            read=lambda rows: rows.with_listings(),
        ),
        list_page="plans:document-list",
        has_page=True,
        gaps=(
            Gap("address", _("Documents without an address"), lambda rows, on: rows.filter(url="")),
            Gap("year", _("Documents without a year"), lambda rows, on: rows.filter(year=None)),
        ),
        subject=Subject.SOURCE,
    ),
    Kind(model=Listing, key=("work", "document", "place")),
]
