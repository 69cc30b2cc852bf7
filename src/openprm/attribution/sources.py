"""What attribution contributes to the decision queue and to merging accounts."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from openprm.attribution import queries, services
from openprm.inbox.ports import Decision
from openprm.kernel.actor import Actor


class WaitingForCredit:
    """Claims and disputes to answer, wins without a partner to look at; on the partner's side what the vendor says of its help."""

    def list_decisions(self, actor: Actor, at: datetime) -> list[Decision]:
        return [
            Decision(
                key=one.key, title=one.title, detail=one.detail, url=one.url, due_at=one.due_at, tone=one.tone, icon=one.icon, value=one.value, since=one.since
            )
            for one in queries.waiting(actor, at)
        ]  # fmt: skip


class HeldByAccounts:
    kind = "attribution.touches"

    def held(self, *, actor: Actor, account_id: UUID) -> Sequence[UUID]:
        return queries.held_by_account(account_id)

    def move(self, *, actor: Actor, ids: Sequence[UUID], to_account_id: UUID, at: datetime) -> None:
        services.move_to_account(ids=ids, to_account_id=to_account_id, at=at)


class ClaimsHeldByAccounts:
    kind = "attribution.claims"

    def held(self, *, actor: Actor, account_id: UUID) -> Sequence[UUID]:
        return queries.claims_held_by_account(account_id)

    def move(self, *, actor: Actor, ids: Sequence[UUID], to_account_id: UUID, at: datetime) -> None:
        services.move_claims_to_account(ids=ids, to_account_id=to_account_id, at=at)
