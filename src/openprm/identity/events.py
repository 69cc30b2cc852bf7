"""What identity tells the floors above."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationCreated:
    organization_id: UUID
    kind: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonInvited:
    """Also published when an invitation is sent again; the mail makes a fresh link each time."""

    invitation_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonJoined:
    user_id: UUID
    organization_id: UUID
    invitation_id: UUID
    invited_by_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleChanged:
    user_id: UUID
    organization_id: UUID
    before: str
    after: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDisabled:
    user_id: UUID
    organization_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInLinkAsked:
    link_id: UUID
    at: datetime
