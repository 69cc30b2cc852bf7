"""The states of requests, activities, claims and instalments, and what follows what. Triggers hold the same tables.

Paid and reimbursed go back only when a payment bounces after it had arrived.
"""

from collections.abc import Mapping
from enum import StrEnum


class Kind(StrEnum):
    """MDF is given at our discretion; co-op accrues from what the partner sells."""

    MDF = "mdf"
    COOP = "coop"


class RequestStatus(StrEnum):
    """New, Pending, Approved, Reimbursement requested, Partial, Total, Rejected (may be sent again), Declined (final)."""

    DRAFT = "draft"
    PENDING = "pending"
    APPROVED = "approved"
    CLAIMED = "claimed"
    PARTIAL = "partial"
    REIMBURSED = "reimbursed"
    REJECTED = "rejected"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class ActivityStatus(StrEnum):
    PLANNED = "planned"
    APPROVED = "approved"
    DECLINED = "declined"
    CLOSED = "closed"


class ClaimStatus(StrEnum):
    SUBMITTED = "submitted"
    APPROVED = "approved"
    PARTIAL = "partial"
    PAID = "paid"
    REJECTED = "rejected"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class InstalmentState(StrEnum):
    DUE = "due"
    IN_PAYOUT = "in_payout"
    PAID = "paid"
    REPLACED = "replaced"


REQUEST_MOVES: Mapping[RequestStatus, frozenset[RequestStatus]] = {
    RequestStatus.DRAFT: frozenset({RequestStatus.PENDING, RequestStatus.WITHDRAWN}),
    RequestStatus.PENDING: frozenset({RequestStatus.APPROVED, RequestStatus.REJECTED, RequestStatus.DECLINED, RequestStatus.WITHDRAWN}),
    RequestStatus.REJECTED: frozenset({RequestStatus.PENDING, RequestStatus.WITHDRAWN}),
    RequestStatus.APPROVED: frozenset({RequestStatus.CLAIMED, RequestStatus.PARTIAL, RequestStatus.REIMBURSED, RequestStatus.EXPIRED}),
    RequestStatus.CLAIMED: frozenset({RequestStatus.APPROVED, RequestStatus.PARTIAL, RequestStatus.REIMBURSED, RequestStatus.EXPIRED}),
    RequestStatus.PARTIAL: frozenset({RequestStatus.CLAIMED, RequestStatus.REIMBURSED}),
    RequestStatus.REIMBURSED: frozenset({RequestStatus.CLAIMED, RequestStatus.PARTIAL}),
    RequestStatus.DECLINED: frozenset(),
    RequestStatus.WITHDRAWN: frozenset(),
    RequestStatus.EXPIRED: frozenset(),
}
CLAIM_MOVES: Mapping[ClaimStatus, frozenset[ClaimStatus]] = {
    ClaimStatus.SUBMITTED: frozenset({ClaimStatus.APPROVED, ClaimStatus.REJECTED, ClaimStatus.DECLINED, ClaimStatus.WITHDRAWN}),
    ClaimStatus.REJECTED: frozenset({ClaimStatus.SUBMITTED, ClaimStatus.WITHDRAWN}),
    ClaimStatus.APPROVED: frozenset({ClaimStatus.PARTIAL, ClaimStatus.PAID}),
    ClaimStatus.PARTIAL: frozenset({ClaimStatus.APPROVED, ClaimStatus.PAID}),
    ClaimStatus.PAID: frozenset({ClaimStatus.APPROVED, ClaimStatus.PARTIAL}),
    ClaimStatus.DECLINED: frozenset(),
    ClaimStatus.WITHDRAWN: frozenset(),
}
EDITABLE = frozenset({RequestStatus.DRAFT, RequestStatus.REJECTED})
GRANTED = frozenset({RequestStatus.APPROVED, RequestStatus.CLAIMED, RequestStatus.PARTIAL})
OWED = frozenset({ClaimStatus.APPROVED, ClaimStatus.PARTIAL, ClaimStatus.PAID})


def status_of_request(*, approved: int, released: int, waiting: int, claimed: int, paid: int) -> RequestStatus:
    """Where an approved request stands, from its sums in minor units: reserved, asked for, approved for payment, paid."""
    if approved - released == claimed and claimed == paid and not waiting:
        return RequestStatus.REIMBURSED if paid else RequestStatus.EXPIRED
    if paid:
        return RequestStatus.PARTIAL
    return RequestStatus.CLAIMED if waiting or claimed else RequestStatus.APPROVED


def status_of_claim(*, approved: int, paid: int) -> ClaimStatus:
    if paid >= approved:
        return ClaimStatus.PAID
    return ClaimStatus.PARTIAL if paid else ClaimStatus.APPROVED
