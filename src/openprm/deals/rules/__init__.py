"""The pure thinking of the deals room: `from openprm.deals import rules as deals`."""

from openprm.deals.rules.conflict import FindingKind, Verdict
from openprm.deals.rules.draft import LineDraft, RegistrationDraft
from openprm.deals.rules.lifecycle import OPEN_STAGES, RETURNABLE_FIELDS, DealType, Stage, Status
from openprm.deals.rules.precheck import Answer
from openprm.deals.rules.window import WindowCurve, WindowTerms

__all__ = [
    "OPEN_STAGES",
    "RETURNABLE_FIELDS",
    "Answer",
    "DealType",
    "FindingKind",
    "LineDraft",
    "RegistrationDraft",
    "Stage",
    "Status",
    "Verdict",
    "WindowCurve",
    "WindowTerms",
]
