"""The life of a registration (D1): which states follow which, and what a returned one may change (D7)."""

from collections.abc import Iterable
from enum import StrEnum


class Status(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    UNDER_REVIEW = "under_review"
    PENDING_APPROVAL = "pending_approval"
    APPROVED = "approved"
    RETURNED = "returned"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    CLOSED_WON = "closed_won"
    CLOSED_LOST = "closed_lost"
    CANCELED = "canceled"


class Stage(StrEnum):
    PROSPECT = "prospect"
    QUALIFIED = "qualified"
    TECHNICAL_VALIDATION = "technical_validation"
    BUSINESS_VALIDATION = "business_validation"
    COMMITTED = "committed"
    LAUNCHED = "launched"
    CLOSED_LOST = "closed_lost"


class DealType(StrEnum):
    NEW = "new"
    EXPANSION = "expansion"
    RENEWAL = "renewal"
    CROSS_SELL = "cross_sell"


FOLLOWING = frozenset({DealType.EXPANSION, DealType.RENEWAL, DealType.CROSS_SELL})
"""Kinds of a deal that can follow an earlier one of the same customer."""


_S = Status
TRANSITIONS: dict[Status, frozenset[Status]] = {
    _S.DRAFT: frozenset({_S.SUBMITTED, _S.CANCELED}),
    _S.SUBMITTED: frozenset({_S.UNDER_REVIEW, _S.PENDING_APPROVAL, _S.APPROVED, _S.RETURNED, _S.REJECTED, _S.WITHDRAWN}),
    _S.UNDER_REVIEW: frozenset({_S.PENDING_APPROVAL, _S.APPROVED, _S.RETURNED, _S.REJECTED, _S.WITHDRAWN}),
    _S.PENDING_APPROVAL: frozenset({_S.APPROVED, _S.RETURNED, _S.REJECTED, _S.WITHDRAWN}),
    _S.RETURNED: frozenset({_S.SUBMITTED, _S.WITHDRAWN}),
    _S.APPROVED: frozenset({_S.CLOSED_WON, _S.CLOSED_LOST, _S.EXPIRED, _S.CANCELED}),
    _S.REJECTED: frozenset(),
    _S.WITHDRAWN: frozenset(),
    _S.EXPIRED: frozenset(),
    _S.CLOSED_WON: frozenset(),
    _S.CLOSED_LOST: frozenset({_S.APPROVED}),
    _S.CANCELED: frozenset(),
}

WAITS_FOR_VENDOR = frozenset({_S.SUBMITTED, _S.UNDER_REVIEW, _S.PENDING_APPROVAL})
BEFORE_DECISION = WAITS_FOR_VENDOR | {_S.RETURNED}
COUNTS_AGAINST_CAPACITY = BEFORE_DECISION | {_S.APPROVED}
FINAL = frozenset(status for status, following in TRANSITIONS.items() if not following)
CLOSED = FINAL | {_S.CLOSED_LOST}
"""Over, though a lost deal may be taken up again for a while."""
PARTNER_MAY_SET = frozenset({_S.DRAFT, _S.SUBMITTED, _S.WITHDRAWN, _S.CANCELED, _S.CLOSED_WON, _S.CLOSED_LOST})
"""States that a row can enter under the partner's own database role; every decision is the vendor's or the system's."""

OPEN_STAGES = (Stage.PROSPECT, Stage.QUALIFIED, Stage.TECHNICAL_VALIDATION, Stage.BUSINESS_VALIDATION, Stage.COMMITTED)
CLOSED_STAGES = (Stage.LAUNCHED, Stage.CLOSED_LOST)
"""Where every program's stages end: won, and lost."""

RETURNABLE_FIELDS = (
    "title",
    "customer_name",
    "customer_domain",
    "customer_country",
    "customer_city",
    "contact_name",
    "contact_email",
    "contact_phone",
    "contact_title",
    "lines",
    "expected_close_date",
    "deal_type",
    "description",
    "next_step",
    "competitor",
    "engaged_since_date",
)
MAX_RESUBMITS = 3


def may_follow(now: str, then: str) -> bool:
    return Status(then) in TRANSITIONS[Status(now)]


def is_locked(status: str) -> bool:
    """A registration in the vendor's hands is read-only for the partner until it comes back."""
    return Status(status) not in {Status.DRAFT, Status.RETURNED}


def editable_fields(status: str, returned_fields: Iterable[str]) -> frozenset[str]:
    """The fields the partner can change now: all in a draft, the named ones when returned, none otherwise."""
    if status == Status.DRAFT:
        return frozenset({*RETURNABLE_FIELDS, "program_id", "territory_id", "currency", "follows_id"})
    if status == Status.RETURNED:
        return frozenset(returned_fields) & frozenset(RETURNABLE_FIELDS)
    return frozenset()


def locked_changes(status: str, returned_fields: Iterable[str], changed: Iterable[str]) -> tuple[str, ...]:
    """Which of the changed fields are locked, in a stable order."""
    return tuple(sorted(set(changed) - editable_fields(status, returned_fields)))
