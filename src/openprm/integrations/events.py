"""What imports announce; its own jobs do the work."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class TrialAsked:
    import_id: UUID
    user_id: UUID


@dataclass(frozen=True)
class RunAsked:
    import_id: UUID
    user_id: UUID
