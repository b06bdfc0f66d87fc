"""What exists once per plan cycle: plans, themes, reports, listings, recommendations, texts and figures."""

from .figure import DeclaredFigure
from .listing import Listing
from .plan import Plan, PlanPeriod, PlanSource, Theme
from .report import Recommendation, RecommendationSource, Report, ReportSource
from .section import Section, Term

__all__ = [
    "DeclaredFigure",
    "Listing",
    "Plan",
    "PlanPeriod",
    "PlanSource",
    "Recommendation",
    "RecommendationSource",
    "Report",
    "ReportSource",
    "Section",
    "Term",
    "Theme",
]
