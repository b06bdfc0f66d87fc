"""What was promised and how it went, a module for each noun."""

from .assessment import Assessment, Finding
from .commitment import (
    Commitment,
    CommitmentItem,
    CommitmentSource,
    CommitmentTitle,
    PolicyArea,
)
from .evidence import Evidence
from .milestone import Milestone, Progress, Update
from .responsibility import MilestoneResponsible, Responsibility

__all__ = [
    "Assessment",
    "Commitment",
    "CommitmentItem",
    "CommitmentSource",
    "CommitmentTitle",
    "Evidence",
    "Finding",
    "Milestone",
    "MilestoneResponsible",
    "PolicyArea",
    "Progress",
    "Responsibility",
    "Update",
]
