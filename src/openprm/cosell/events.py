"""What co-selling announces, in the past tense."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class EngagementOpened:
    engagement_id: UUID
    host_id: UUID
    registration_id: UUID | None
    actor_id: UUID | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class InvitationSent:
    invitation_id: UUID
    engagement_id: UUID
    sender_id: UUID
    receiver_id: UUID
    actor_id: UUID | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class InvitationSettled:
    """`state` is accepted, rejected, expired or canceled."""

    invitation_id: UUID
    engagement_id: UUID
    sender_id: UUID
    receiver_id: UUID
    state: str
    actor_id: UUID | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class EngagementMoved:
    """The state or the stage changed."""

    engagement_id: UUID
    before: str
    after: str
    actor_id: UUID | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class MemberChanged:
    """`what` is left, removed or involvement."""

    engagement_id: UUID
    party_id: UUID
    what: str
    actor_id: UUID | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class WorkAdded:
    """`kind` is note, document or next_step; `audience` says whom it is meant for."""

    engagement_id: UUID
    work_id: UUID
    kind: str
    party_id: UUID
    audience: str
    actor_id: UUID | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class TaskMoved:
    engagement_id: UUID
    task_id: UUID
    party_id: UUID
    owner_id: UUID
    state: str
    actor_id: UUID | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class NeedMoved:
    """A specific ask was made, answered, declined or withdrawn."""

    engagement_id: UUID
    need_id: UUID
    party_id: UUID
    asked_id: UUID
    state: str
    actor_id: UUID | None
    at: datetime
