"""What somebody sends to open a case, and which deals each type of case can be about."""

from dataclasses import dataclass, field
from uuid import UUID

from openprm.conflicts.rules.lifecycle import CaseType

OPENS_ON: dict[CaseType, frozenset[str]] = {
    CaseType.DIRECT: frozenset({"approved", "expired", "closed_won", "closed_lost"}),
    CaseType.PARTNERS: frozenset({"submitted", "under_review", "pending_approval", "approved", "returned", "rejected", "expired", "closed_lost"}),
    CaseType.CREDIT: frozenset({"approved", "closed_won", "closed_lost", "expired", "canceled", "withdrawn"}),
    CaseType.REJECTION: frozenset({"rejected", "returned"}),
}
"""The states of a registration in which a case of each type makes sense."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDraft:
    """A case to open. A partner names its registration, its lead or its engagement; the vendor may also name the person or the other partner.

    Of an engagement with several partners `other_partner_id` names the one that answers; the vendor names the one that claims by `partner_id`.
    """

    type: str
    claim: str
    registration_id: UUID | None = None
    lead_id: UUID | None = None
    engagement_id: UUID | None = None
    other_registration_id: UUID | None = None
    rep_id: UUID | None = None
    partner_id: UUID | None = None
    other_partner_id: UUID | None = None
    files: tuple[File, ...] = field(default=())


ON_AN_ENGAGEMENT = (CaseType.DIRECT, CaseType.PARTNERS, CaseType.CREDIT)


def may_open_on(type_: str, status: str) -> bool:
    return status in OPENS_ON.get(CaseType(type_), frozenset())


def types_for(status: str) -> tuple[CaseType, ...]:
    """Which cases can be opened about a registration in this state."""
    return tuple(type_ for type_, states in OPENS_ON.items() if status in states)
