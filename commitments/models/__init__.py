"""What was promised and how it went, a module for each noun."""

from .assessment import Assessment, Finding
from .card_work import CardState, CardWork
from .commitment import (
    Commitment,
    CommitmentItem,
    CommitmentSource,
    CommitmentTitle,
    Lateness,
    PolicyArea,
)
from .evidence import Evidence
from .first_reading import FirstReading
from .link_check import LinkCheck
from .milestone import Milestone, Progress, Update
from .responsibility import MilestoneResponsible, Responsibility
from .state import CommitmentState, LevelState, MilestoneState

__all__ = [
    "Assessment",
    "CardState",
    "CardWork",
    "Commitment",
    "CommitmentItem",
    "CommitmentSource",
    "CommitmentState",
    "CommitmentTitle",
    "Evidence",
    "Finding",
    "FirstReading",
    "Lateness",
    "LevelState",
    "LinkCheck",
    "Milestone",
    "MilestoneResponsible",
    "MilestoneState",
    "PolicyArea",
    "Progress",
    "Responsibility",
    "Update",
]
