"""What exists once per plan cycle: plans, themes, documents, reports, recommendations, texts and figures."""

from .document import (
    Document,
    FurtherSource,
    Listing,
    PublishedQuerySet,
    Sourced,
    Status,
    dates_in_order,
)
from .figure import DeclaredFigure
from .plan import EntityName, Plan, PlanPeriod, PlanSource, Theme
from .report import Recommendation, RecommendationSource, Report, ReportSource
from .section import Section, Term

__all__ = [
    "DeclaredFigure",
    "Document",
    "EntityName",
    "FurtherSource",
    "Listing",
    "Plan",
    "PlanPeriod",
    "PlanSource",
    "PublishedQuerySet",
    "Recommendation",
    "RecommendationSource",
    "Report",
    "ReportSource",
    "Section",
    "Sourced",
    "Status",
    "Term",
    "Theme",
    "dates_in_order",
]
