"""The rows of the funds room."""

from openprm.funds.models.allocation import Allocation
from openprm.funds.models.approval import ApprovalStep, ApproverLimit
from openprm.funds.models.budget import Budget
from openprm.funds.models.catalogue import ActivityType, ProofRule
from openprm.funds.models.claim import Claim
from openprm.funds.models.coop import AccrualLine, AccrualRate, AccrualWarning
from openprm.funds.models.extensions import Extension
from openprm.funds.models.links import RequestLink, ReturnTerms
from openprm.funds.models.proofs import ProofFile
from openprm.funds.models.request import Activity, FundRequest
from openprm.funds.models.settlement import Settlement

__all__ = [
    "AccrualLine", "AccrualRate", "AccrualWarning", "Activity", "ActivityType", "Allocation", "ApprovalStep", "ApproverLimit", "Budget", "Claim",
    "Extension", "FundRequest", "ProofFile", "ProofRule", "RequestLink", "ReturnTerms", "Settlement",
]  # fmt: skip
