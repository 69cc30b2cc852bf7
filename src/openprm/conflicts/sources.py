"""What conflicts contribute to the decision queue."""

from datetime import datetime

from openprm.conflicts import queries
from openprm.inbox.ports import Decision
from openprm.kernel.actor import Actor


class WaitingCases:
    """Cases to take up, to decide, to explain; on the partner's side those that wait for its word."""

    def list_decisions(self, actor: Actor, at: datetime) -> list[Decision]:
        return [
            Decision(key=one.key, title=one.title, detail=one.detail, url=one.url, due_at=one.due_at, tone=one.tone, icon=one.icon, since=one.since)
            for one in queries.waiting(actor, at)
        ]
