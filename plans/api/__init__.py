"""What exists once per plan cycle in the API, a module for each noun."""

from .completion import CompletionSerializer
from .documents import DocumentViewSet
from .figures import FigureViewSet
from .plans import PlanViewSet
from .recommendations import RecommendationViewSet
from .reports import ReportViewSet
from .sections import SectionViewSet
from .terms import TermViewSet
from .themes import ThemeLinkSerializer, ThemeViewSet
from .totals import LatenessSerializer, ProgressSerializer

__all__ = [
    "CompletionSerializer",
    "DocumentViewSet",
    "FigureViewSet",
    "LatenessSerializer",
    "PlanViewSet",
    "ProgressSerializer",
    "RecommendationViewSet",
    "ReportViewSet",
    "SectionViewSet",
    "TermViewSet",
    "ThemeLinkSerializer",
    "ThemeViewSet",
]
