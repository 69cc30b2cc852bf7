"""What happened to a deal: ids and plain values, past tense. Handlers may run twice."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class _Deal:
    registration_id: UUID
    partner_id: UUID
    number: str
    actor_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DealSubmitted(_Deal):
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DealResubmitted(_Deal):
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DealReviewStarted(_Deal):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class DealStepApproved(_Deal):
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DealApproved(_Deal):
    account_id: UUID
    automatic: bool
    protected_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DealReturned(_Deal):
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DealRejected(_Deal):
    automatic: bool
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DealWithdrawn(_Deal):
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DealCanceled(_Deal):
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionRequested(_Deal):
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionExtended(_Deal):
    protected_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionExpiring(_Deal):
    days: int
    protected_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionExpired(_Deal):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionReleased(_Deal):
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationExpired(_Deal):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class DealStageMoved(_Deal):
    stage: str
    previous: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DealStalled(_Deal):
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DealWon(_Deal):
    account_id: UUID
    base_amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DealLost(_Deal):
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DealRemedied(_Deal):
    """We answered late: by the named clause the deal is approved, its protection gets longer, or the partner is credited an amount."""

    remedy: str
    days: int
    credit_minor: int = 0
    currency: str = ""
    clause: str = ""
    clause_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAdded(_Deal):
    note_id: UUID
    visibility: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DealReopened(_Deal):
    """A lost deal is taken up again."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentProposed(_Deal):
    """Somebody asks to change an approved deal, and the vendor decides. `kind` is change or split."""

    amendment_id: UUID
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentDecided(_Deal):
    """`state` applied, rejected or withdrawn; `automatic` when the published rule let it through at once."""

    amendment_id: UUID
    state: str
    automatic: bool
    new_registration_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalOpened(_Deal):
    """The term of a won deal ends; its partner is asked to renew."""

    renewal_id: UUID
    term_ends_on: str
    right: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalClosed(_Deal):
    """`state` renewed, declined or lapsed."""

    renewal_id: UUID
    state: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionMoved(_Deal):
    """Work or quiet moved the end of a protection (X11). `days` is negative for a shortening, which was announced before."""

    protected_until: datetime
    days: int
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionShorteningAnnounced(_Deal):
    """The protection will end earlier from `effective_at` on, unless work is logged before."""

    days: int
    cause: str
    effective_at: datetime
    planned_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerAsked(_Deal):
    """The vendor mailed the customer a link to say whom it wants to work with (X34)."""

    link_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerStays(_Deal):
    """The customer was asked and wants to go on with the partner."""

    link_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerChoiceRecorded(_Deal):
    """The customer wants to work with somebody else; the partner has until `releases_at` to object."""

    choice_id: UUID
    account_id: UUID
    days: int
    releases_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerChoiceObjected(_Deal):
    """The partner objects within the notice; the release waits for `deals.services.settle_choice`."""

    choice_id: UUID
    account_id: UUID
    reason: str
    releases_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerChoiceSettled(_Deal):
    """`state` released or dropped."""

    choice_id: UUID
    state: str
    reason: str
