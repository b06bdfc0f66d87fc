"""What was promised and how it went in the API, a module for each noun."""

from .assessments import AssessmentViewSet
from .codes import CodeViewSet, LevelViewSet
from .commitments import CommitmentViewSet
from .entities import EntityViewSet
from .evidence import EvidenceViewSet
from .milestones import MilestoneViewSet
from .policy_areas import PolicyAreaViewSet
from .updates import UpdateViewSet

__all__ = [
    "AssessmentViewSet",
    "CodeViewSet",
    "CommitmentViewSet",
    "EntityViewSet",
    "EvidenceViewSet",
    "LevelViewSet",
    "MilestoneViewSet",
    "PolicyAreaViewSet",
    "UpdateViewSet",
]
