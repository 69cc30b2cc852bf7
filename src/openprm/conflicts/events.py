"""What happened to a conflict case: ids and plain values, past tense. Handlers may run twice."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    case_id: UUID
    number: str
    partner_id: UUID
    other_partner_id: UUID | None
    actor_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened(_Case):
    type: str
    origin: str
    rep_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTouchedAgain(_Case):
    """The sentinel saw the same person at the same customer once more."""

    rep_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementGiven(_Case):
    side: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementsRevealed(_Case):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTakenUp(_Case):
    reviewer_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDecided(_Case):
    finding: str
    is_final: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAppealed(_Case):
    appellant_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealAnswered(_Case):
    result: str
    finding: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosed(_Case):
    ending: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditShareDecided(_Case):
    """A share of a deal's credit that money is to follow: kept here, paid by whoever pays."""

    registration_id: UUID | None
    to_partner_id: UUID
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRemedied(_Case):
    """Our delay brought the partner something by the published table."""

    remedy: str
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PrecedentPublished:
    precedent_id: UUID
    number: str
    actor_id: UUID | None
    at: datetime
