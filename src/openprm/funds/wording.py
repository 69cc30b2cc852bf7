"""What a person reads of funds: labels and tones of every state."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from openprm.funds.rules.lifecycle import ActivityStatus, ClaimStatus, InstalmentState, Kind, RequestStatus
from openprm.funds.rules.limits import StepState

KIND = {Kind.MDF: _("MDF"), Kind.COOP: _("Co-op")}
KIND_FOR_PARTNERS = {Kind.MDF: _("Market fund"), Kind.COOP: _("Co-op fund")}
REQUEST: dict[str, tuple[Any, str]] = {
    RequestStatus.DRAFT: (_("New"), ""),
    RequestStatus.PENDING: (_("Pending"), "info"),
    RequestStatus.APPROVED: (_("Approved"), "ok"),
    RequestStatus.CLAIMED: (_("Reimbursement requested"), "info"),
    RequestStatus.PARTIAL: (_("Reimbursed in part"), "warn"),
    RequestStatus.REIMBURSED: (_("Reimbursed in total"), "ok"),
    RequestStatus.REJECTED: (_("Rejected, can be sent again"), "warn"),
    RequestStatus.DECLINED: (_("Declined"), "bad"),
    RequestStatus.WITHDRAWN: (_("Withdrawn"), ""),
    RequestStatus.EXPIRED: (_("Expired"), "bad"),
}
ACTIVITY: dict[str, tuple[Any, str]] = {
    ActivityStatus.PLANNED: (_("Planned"), ""),
    ActivityStatus.APPROVED: (_("Approved"), "ok"),
    ActivityStatus.DECLINED: (_("Not approved"), "bad"),
    ActivityStatus.CLOSED: (_("Closed"), ""),
}
CLAIM: dict[str, tuple[Any, str]] = {
    ClaimStatus.SUBMITTED: (_("Waits for an answer"), "info"),
    ClaimStatus.APPROVED: (_("Approved"), "ok"),
    ClaimStatus.PARTIAL: (_("Partly paid"), "warn"),
    ClaimStatus.PAID: (_("Paid"), "ok"),
    ClaimStatus.REJECTED: (_("Rejected, can be sent again"), "warn"),
    ClaimStatus.DECLINED: (_("Declined"), "bad"),
    ClaimStatus.WITHDRAWN: (_("Withdrawn"), ""),
}
INSTALMENT: dict[str, tuple[Any, str]] = {
    InstalmentState.DUE: (_("Due"), "info"),
    InstalmentState.IN_PAYOUT: (_("In a payout"), "info"),
    InstalmentState.PAID: (_("Paid"), "ok"),
    InstalmentState.REPLACED: (_("Replaced"), ""),
}
STEP: dict[str, tuple[Any, str]] = {
    StepState.WAITING: (_("Waits"), "info"),
    StepState.APPROVED: (_("Approved"), "ok"),
    StepState.REFUSED: (_("Refused"), "bad"),
    StepState.SKIPPED: (_("Not needed"), ""),
}
ROLE = {
    "partner_manager": _("Partner manager"),
    "marketing_manager": _("Marketing manager"),
    "finance_manager": _("Finance"),
    "vendor_admin": _("Administrator"),
}


def status_word(status: str) -> str:
    return str(REQUEST[status][0] if status in REQUEST else CLAIM[status][0])
