"""What the reads of agreements give: frozen, and apart for each side."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from openprm.agreements.rules.differences import Comparison


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How many partners a document waits for, and how many signed it."""

    signed: int = 0
    waiting: int = 0
    overdue: int = 0
    declined: int = 0

    @property
    def asked(self) -> int:
        return self.signed + self.waiting

    @property
    def percent(self) -> int:
        return round(100 * self.signed / self.asked) if self.asked else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    """One version in a history. `standing` is draft, announced, in_force, superseded or withdrawn."""

    id: UUID
    document_id: UUID
    number: int | None
    title: str
    standing: str
    sha256: str
    note: str
    effective_at: datetime | None
    ends_at: datetime | None
    published_at: datetime | None
    published_by: str
    notice_days: int
    grace_days: int
    needs_reacceptance: bool
    blocks: tuple[str, ...]
    revision: int
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """One document with its history, as the vendor sees it."""

    id: UUID
    code: str
    title: str
    kind: str
    kind_label: str
    own_kind: str
    program_id: UUID | None
    program_name: str
    notice_days: int
    needs_signature: bool
    needs_countersignature: bool
    is_public: bool
    signer_roles: tuple[str, ...]
    retired_at: datetime | None
    version: int
    created_at: datetime
    versions: tuple[VersionLine, ...]
    told: Told = field(default_factory=Told)

    @property
    def in_force(self) -> VersionLine | None:
        return next((one for one in self.versions if one.standing == "in_force"), None)

    @property
    def announced(self) -> tuple[VersionLine, ...]:
        return tuple(one for one in self.versions if one.standing == "announced")

    @property
    def draft(self) -> VersionLine | None:
        return next((one for one in self.versions if one.standing == "draft"), None)

    @property
    def history(self) -> tuple[VersionLine, ...]:
        return tuple(one for one in self.versions if one.standing != "draft")


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionView:
    """One version to read. `changes` compares it with `compared_with`, the one before it or the one that was signed."""

    line: VersionLine
    code: str
    kind: str
    kind_label: str
    program_name: str
    text: str
    html: str
    is_public: bool
    needs_signature: bool
    notice_days: int
    earliest_at: datetime | None = None
    compared_with: int | None = None
    changes: Comparison | None = None

    @property
    def id(self) -> UUID:
        return self.line.id


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptanceRow:
    """One line of the vendor's list of who has signed what."""

    id: UUID
    partner_id: UUID
    partner: str
    document_id: UUID
    document: str
    code: str
    sha256: str
    fingerprint: str
    number: int
    status: str
    asked_at: datetime
    due_at: datetime
    is_overdue: bool
    signed_at: datetime | None
    signed_name: str
    reminded_at: datetime | None
    countersigned_at: datetime | None
    awaits_countersignature: bool
    decline_reason: str
    created_at: datetime
    version_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who signed, as both sides may read it; `path` is the drawn signature as an SVG path, or empty."""

    name: str
    title: str
    company: str
    account: str
    at: datetime
    path: str
    ip_address: str
    user_agent: str
    fingerprint: str
    event_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptanceView:
    """One version before one partner, for either side; `why_not_sign` is for the reader of this very moment."""

    id: UUID
    partner_id: UUID
    partner: str
    document_id: UUID
    code: str
    kind_label: str
    status: str
    version: VersionView
    asked_at: datetime
    due_at: datetime
    is_overdue: bool
    is_open: bool
    blocks: tuple[str, ...]
    signature: Signature | None
    declined_at: datetime | None
    declined_by: str
    decline_reason: str
    needs_countersignature: bool
    countersigned_at: datetime | None
    countersigned_name: str
    countersigned_title: str
    signers: tuple[str, ...]
    why_not_sign: str | None = None
    why_not_countersign: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A version that waits for a partner's signature."""

    acceptance_id: UUID
    document_id: UUID
    title: str
    kind: str
    number: int
    is_change: bool
    sha256: str
    status: str
    effective_at: datetime
    due_at: datetime
    is_overdue: bool
    blocks: tuple[str, ...]
    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A signed version in a partner's own record: the one that holds today, one that holds later, or one that a later one replaced."""

    acceptance_id: UUID
    document_id: UUID
    version_id: UUID
    title: str
    kind_label: str
    number: int
    signed_at: datetime
    signed_name: str
    awaits_countersignature: bool
    countersigned_at: datetime | None
    effective_at: datetime
    is_current: bool
    is_ahead: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedLine:
    """A document that a reader may open: the version in force and what is announced."""

    document_id: UUID
    code: str
    title: str
    kind: str
    kind_label: str
    program_name: str
    needs_signature: bool
    version_id: UUID
    number: int
    sha256: str
    effective_at: datetime
    next_id: UUID | None = None
    next_number: int | None = None
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatoryView:
    id: UUID
    user_id: UUID
    name: str
    email: str
    named_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The portal's page of agreements."""

    waiting: tuple[Waiting, ...]
    signed: tuple[Signed, ...]
    published: tuple[PublishedLine, ...]
    signatories: tuple[SignatoryView, ...]
    may_sign: bool
    may_name: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingVersion:
    """What a partner had agreed to at a moment, for whoever must judge something begun then."""

    acceptance_id: UUID
    version_id: UUID
    number: int
    sha256: str
    signed_at: datetime
    effective_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    name: str
    content_type: str
    content: bytes
