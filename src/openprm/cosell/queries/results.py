"""What the rooms' readers get. A member with limited view gets types without the fields that it must never know."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO
from uuid import UUID

from openprm.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberView:
    """A company that takes part, as everybody who may know of it sees it."""

    party_id: UUID
    name: str
    is_vendor: bool
    is_host: bool
    is_mine: bool
    role: str
    role_label: str
    responsibilities: tuple[str, ...]
    involvement: str
    involvement_label: str
    involvement_reason: str
    contact: str
    joined_at: datetime
    left_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FullMemberView(MemberView):
    """With full view also its part of the deal and how much it sees. `hidden` is true for the host and the vendor to know, and for
    the member itself."""

    share_bp: int | None
    visibility: str
    visibility_label: str
    hidden: bool

    @property
    def share_percent(self) -> str:
        return "" if self.share_bp is None else f"{self.share_bp / 100:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationView:
    """An invitation as one end of it sees it: `side` is sender or receiver, or host for whoever only keeps the room."""

    id: UUID
    engagement_id: UUID
    number: str
    side: str
    state: str
    state_label: str
    state_tone: str
    payload: str
    payload_label: str
    title: str
    customer_name: str
    customer_country: str
    expected_close_date: date | None
    sender_id: UUID
    sender: str
    receiver_id: UUID
    receiver: str
    role: str
    role_label: str
    responsibilities: tuple[str, ...]
    involvement: str
    involvement_label: str
    visibility: str
    visibility_label: str
    hidden: bool
    message: str
    sent_at: datetime
    expires_at: datetime
    overdue: bool
    opened_at: datetime | None
    decided_at: datetime | None
    reason: str
    may_decide: bool
    may_cancel: bool
    is_member: bool
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    id: UUID
    body: str
    author: str
    party_id: UUID
    party: str
    audience: str
    audience_label: str
    audience_tone: str
    is_mine: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskView:
    id: UUID
    title: str
    party_id: UUID
    party: str
    owner_id: UUID
    owner: str
    assignee: str
    due_date: date | None
    overdue: bool
    state: str
    state_label: str
    state_tone: str
    reason: str
    audience: str
    audience_label: str
    may_decide: bool
    may_finish: bool
    done_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    id: UUID
    name: str
    content_type: str
    size: int
    sha256: str
    author: str
    party_id: UUID
    party: str
    audience: str
    audience_label: str
    audience_tone: str
    can_remove: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStepView:
    id: UUID
    text: str
    author: str
    party_id: UUID
    party: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedView:
    id: UUID
    engagement_id: UUID
    number: str
    need: str
    need_label: str
    detail: str
    party_id: UUID
    party: str
    author: str
    asked_id: UUID
    asked: str
    state: str
    state_label: str
    state_tone: str
    asked_at: datetime
    due_at: datetime | None
    overdue: bool
    answer: str
    answered_by: str
    answered_at: datetime | None
    may_answer: bool
    may_withdraw: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordView:
    """One's own CRM record, with who read what of it."""

    system: str
    values: dict[str, str]
    fields_out: tuple[str, ...]
    fields_in: tuple[str, ...]
    version: int
    reads: tuple["ReadView", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadView:
    reader: str
    party: str
    fields: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorView:
    """What another side shares of its record, cut to what one wants to read."""

    party_id: UUID
    party: str
    system: str
    values: dict[str, str]
    changed_at: datetime

    @property
    def named(self) -> tuple[tuple[str, str], ...]:
        from openprm.cosell.wording import RECORD_FIELD

        return tuple((str(RECORD_FIELD[name]), value) for name, value in self.values.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Room:
    id: UUID
    number: str
    title: str
    deal_type: str
    deal_type_label: str
    state: str
    state_label: str
    state_tone: str
    group: str
    customer_name: str
    customer_country: str
    stage: str
    stage_label: str
    expected_close_date: date | None
    host_id: UUID
    host: str
    opened_at: datetime
    activated_at: datetime | None
    closed_at: datetime | None
    closed_reason: str
    version: int
    own_id: UUID
    own_share_bp: int | None
    own_involvement: str
    notes: tuple[NoteView, ...]
    tasks: tuple[TaskView, ...]
    documents: tuple[DocumentView, ...]
    next_steps: tuple[NextStepView, ...]
    needs: tuple[NeedView, ...]
    invitations: tuple[InvitationView, ...]
    record: RecordView | None
    why_not_write: str | None
    why_not_host: str | None
    why_not_invite: str | None
    why_not_move: str | None

    @property
    def present(self) -> tuple[Any, ...]:
        """The members that are in it now."""
        return tuple(one for one in self.members if one.left_at is None)  # type: ignore[attr-defined]

    @property
    def others(self) -> tuple[Any, ...]:
        return tuple(one for one in self.present if one.party_id != self.own_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitedRoom(_Room):
    """The engagement for a member with limited view: no amount, contact, description, competitor, share, mirror."""

    members: tuple[MemberView, ...]
    level: str = "limited"


@dataclass(frozen=True, slots=True, kw_only=True)
class FullRoom(_Room):
    """The engagement for the host and for members with full view."""

    members: tuple[FullMemberView, ...]
    amount: Money
    customer_domain: str
    contact_name: str
    contact_email: str
    contact_phone: str
    description: str
    competitor: str
    registration_id: UUID | None
    registration_number: str
    share_left_bp: int | None
    mirrors: tuple[MirrorView, ...]
    level: str = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class EngagementRow:
    """One line of a list. `amount` is None where one's view is limited; `members` are those that one may know of."""

    id: UUID
    number: str
    title: str
    customer_name: str
    customer_country: str
    deal_type: str
    deal_type_label: str
    state: str
    state_label: str
    state_tone: str
    group: str
    stage: str
    stage_label: str
    expected_close_date: date | None
    amount: Money | None
    host: str
    members: tuple[str, ...]
    role_label: str
    involvement_label: str
    level: str
    next_step: str
    registration_id: UUID | None
    opened_at: datetime
    created_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineRow:
    """An engagement on the shared pipeline page."""

    id: UUID
    number: str
    title: str
    customer_name: str
    customer_country: str
    deal_type: str
    state: str
    group: str
    stage: str
    expected_close_date: date | None
    amount: Money | None
    host: str
    members: tuple[str, ...]
    registration_id: UUID | None
    url: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    text: str = ""
    group: str = ""
    states: tuple[str, ...] = ()
    deal_types: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    closes_from: date | None = None
    closes_to: date | None = None
    mine: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedDocument:
    name: str
    content_type: str
    file: BinaryIO


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionView:
    mode: str
    mode_label: str
    exceptions: tuple[Option, ...]
    version: int
