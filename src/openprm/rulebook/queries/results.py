"""What the rulebook answers to its readers, as frozen values."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ..ports import Table
from ..rules.differences import ClauseChange
from ..rules.words import ClauseWords


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version in a history. `effective_at` None is 'since ever'."""

    id: UUID
    number: int | None
    state: str
    effective_at: datetime | None
    ends_at: datetime | None
    published_at: datetime | None
    published_by_name: str
    note: str
    is_in_force: bool = False
    is_upcoming: bool = False


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A kind in one scope (all programs, or one): what is in force, what is announced, and a draft if there is one."""

    kind: str
    title: str
    about: str
    program_id: UUID | None
    program_name: str
    clauses: int
    in_force: VersionLine | None
    upcoming: tuple[VersionLine, ...]
    draft_id: UUID | None


@dataclass(frozen=True, slots=True)
class UpcomingChange:
    """An announced version and what it changes against the one before it."""

    version: VersionLine
    changes: tuple[ClauseChange, ...]


@dataclass(frozen=True, slots=True)
class RulesInWords:
    """The rules of one kind as a partner reads them."""

    kind: str
    title: str
    about: str
    program_id: UUID | None
    program_name: str
    collects: bool
    version: VersionLine
    sha256: str
    clauses: tuple[ClauseWords, ...]
    upcoming: tuple[UpcomingChange, ...]
    history: tuple[VersionLine, ...]

    @property
    def anchor(self) -> str:
        """Its place on a page that holds several kinds."""
        program = f"-{str(self.program_id)[-6:]}" if self.program_id else ""
        return self.kind.replace(".", "-") + program

    @property
    def prefix(self) -> str:
        """What stands before a clause id in the anchors of such a page."""
        return f"{self.anchor}-"


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version in words, with what it changed."""

    kind: str
    title: str
    about: str
    program_id: UUID | None
    program_name: str
    collects: bool
    version: VersionLine
    sha256: str
    clauses: tuple[ClauseWords, ...]
    changes: tuple[ClauseChange, ...]
    table: Table
    content: dict


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft being written: its table, what it would change, and the first moment at which it may take effect."""

    id: UUID
    kind: str
    title: str
    about: str
    program_id: UUID | None
    program_name: str
    table: Table
    clauses: tuple[ClauseWords, ...]
    changes: tuple[ClauseChange, ...]
    base_number: int | None
    revision: int
    notice_days: int
    earliest_at: datetime


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A recorded decision as it was given."""

    id: UUID
    kind: str
    title: str
    version_id: UUID
    version: int
    subject_id: UUID
    subject_label: str
    clause: str
    clause_text: str
    outcome: dict | None
    inputs: dict
    facts: tuple[tuple[str, str], ...]
    would_change: tuple[str, ...]
    at: datetime
