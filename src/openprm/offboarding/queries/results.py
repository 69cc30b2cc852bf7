"""What queries answer. The two sides have types of their own: what only the vendor may know has no place in the partner's."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

from openprm.offboarding.ports import Choice, Item


@dataclass(frozen=True, slots=True, kw_only=True)
class OffboardingRow:
    """One line of the vendor's list."""

    id: UUID
    partner_id: UUID
    partner: str
    kind: str
    status: str
    reason: str
    requested_at: datetime | None
    opened_at: datetime | None
    access_ends_at: datetime | None
    access_ended_at: datetime | None
    finished_at: datetime | None
    erase_at: datetime | None
    erased_at: datetime | None
    progress: int
    manager: str
    survey_score: int | None
    version: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """One thing of a step, with what was decided for it."""

    item: Item
    choice: str
    partner_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One step as the vendor works on it. `left` is what still has to be dealt with; `settled_by` is the person."""

    code: str
    label: Any
    about: Any
    state: str
    note: str
    left: int
    choices: tuple[Choice, ...]
    choice: str
    choice_label: Any
    receiver_id: UUID | None
    receiver: str
    items: tuple[ItemView, ...]
    settled_at: datetime | None
    settled_by: str

    @property
    def is_settled(self) -> bool:
        return self.state in ("done", "skipped")

    @property
    def needs_decision(self) -> bool:
        return bool(self.choices) and not self.choice and self.left > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerStep:
    """One step as the leaving partner sees it: what and whether, never to whom its deals go."""

    code: str
    label: Any
    about: Any
    state: str
    note: str
    settled_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportView:
    size: int
    sha256: str
    parts: tuple[dict[str, Any], ...]
    rows: int
    made_at: datetime
    downloads: int
    downloaded_at: datetime | None

    @property
    def filled(self) -> tuple[dict[str, Any], ...]:
        return tuple(part for part in self.parts if part["rows"] or part["files"])

    @property
    def empty(self) -> int:
        return len(self.parts) - len(self.filled)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    id: UUID
    partner_id: UUID
    partner: str
    kind: str
    status: str
    reason: str
    notice_days: int
    requested_at: datetime | None
    opened_at: datetime | None
    access_ends_at: datetime | None
    access_ended_at: datetime | None
    finished_at: datetime | None
    closed_at: datetime | None
    closed_reason: str
    link_ends_at: datetime | None
    erase_at: datetime | None
    erased_at: datetime | None
    progress: int
    export: ExportView | None
    version: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorOffboarding(_Case):
    """One leaving for those who lead it."""

    farewell: str
    requested_by: str
    opened_by: str
    survey_score: int | None
    survey_text: str
    survey_at: datetime | None
    leaving_url: str
    why_not_manage: str
    may_reinstate: bool
    steps: tuple[StepView, ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerOffboarding(_Case):
    """One leaving for the partner that leaves."""

    may_take_back: bool
    may_download: bool
    steps: tuple[PartnerStep, ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """What the signed address shows to whoever holds it: no names of people, no deals."""

    partner: str
    farewell: str
    access_ended_at: datetime
    link_ends_at: datetime
    erase_at: datetime | None
    export: ExportView | None
    survey_score: int | None
    survey_text: str
    is_answered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedExport:
    """The file for download."""

    name: str
    size: int
    sha256: str
    file: BinaryIO
