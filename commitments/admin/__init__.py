"""What was promised and how it went: the admin, a module for each noun."""

from . import assessments, commitments, evidence, milestones, policy_areas, updates  # noqa: F401
