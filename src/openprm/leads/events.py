"""What happened to leads: ids and plain values, past tense. Handlers may run twice."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lead:
    lead_id: UUID
    number: str
    actor_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held(_Lead):
    partner_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadReceived(_Lead):
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadsOffered:
    """Offers of one moment: `lead_ids[n]` was offered to `partner_ids[n]`. One event, however many leads were routed at once."""

    lead_ids: tuple[UUID, ...]
    partner_ids: tuple[UUID, ...]
    methods: tuple[str, ...]
    actor_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadsUnrouted:
    """Nobody fits these leads, or nobody is left: a person says where they go."""

    lead_ids: tuple[UUID, ...]
    actor_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadOpened(_Held):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadAccepted(_Held):
    """`passed_over` are the partners that were offered the lead too and lost it to this one."""

    passed_over: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadDeclined(_Held):
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadPulledBack(_Held):
    """The time ran out or the vendor took it back: `why` is "unopened", "unanswered", "unconverted" or "recalled"."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadConverted(_Held):
    registration_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadClosed(_Lead):
    partner_id: UUID | None
    status: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadNoted(_Lead):
    """`partner_id` is the partner of the talk; None for what the vendor keeps for itself."""

    note_id: UUID
    partner_id: UUID | None
    audience: str
    side: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadErased(_Lead):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadReferred:
    """Somebody passed a lead on: "to_vendor", "to_partner" (by way of the vendor) or "from_vendor". Money may follow it."""

    referral_id: UUID
    lead_id: UUID
    direction: str
    referrer_id: UUID | None
    target_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadReferralAnswered:
    """`state` is "taken_up", "declined" or "known"."""

    referral_id: UUID
    lead_id: UUID
    state: str
    referrer_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationAsked:
    """A form came in whose address must be confirmed by mail."""

    submission_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionTakenIn:
    submission_id: UUID
    lead_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWithdrawn:
    """The person behind a lead wants no more of us; `partner_id` held the lead."""

    lead_id: UUID
    number: str
    partner_id: UUID | None
    at: datetime
