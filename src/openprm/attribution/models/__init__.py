"""Columns and constraints of attribution. No workflow."""

from openprm.attribution.models.runs import Configuration, CorrectedPart, Correction, Credit, LateTouch, Month, Result, Run
from openprm.attribution.models.said import Claim, Dispute, Review
from openprm.attribution.models.touches import Collected, Touch

__all__ = ["Claim", "Collected", "Configuration", "CorrectedPart", "Correction", "Credit", "Dispute", "LateTouch", "Month", "Result", "Review", "Run", "Touch"]
