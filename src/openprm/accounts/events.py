"""What accounts announces, in the past tense."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class AccountCreated:
    account_id: UUID
    at: datetime


@dataclass(frozen=True)
class AccountsMerged:
    kept_id: UUID
    merged_id: UUID
    merge_id: UUID
    at: datetime


@dataclass(frozen=True)
class MergeUndone:
    kept_id: UUID
    merged_id: UUID
    merge_id: UUID
    at: datetime
