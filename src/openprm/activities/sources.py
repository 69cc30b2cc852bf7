"""Activities of an account, for merging accounts."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from openprm.activities import queries, services
from openprm.kernel.actor import Actor


class HeldByAccounts:
    kind = "activities.activities"

    def held(self, *, actor: Actor, account_id: UUID) -> Sequence[UUID]:
        return queries.held_by_account(account_id)

    def move(self, *, actor: Actor, ids: Sequence[UUID], to_account_id: UUID, at: datetime) -> None:
        services.move_to_account(actor=actor, ids=ids, to_account_id=to_account_id, at=at)
