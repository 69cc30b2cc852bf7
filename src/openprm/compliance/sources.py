"""What compliance contributes to the decision queue."""

from datetime import datetime

from openprm.compliance import queries
from openprm.inbox.ports import Decision
from openprm.kernel.actor import Actor


class WaitingCompliance:
    """Cases and papers that wait for the vendor's people, questionnaires and papers that wait for a partner's."""

    def list_decisions(self, actor: Actor, at: datetime) -> list[Decision]:
        return [
            Decision(
                key=one.key, title=one.title, detail=one.detail, url=one.url, due_at=one.due_at, tone="bad" if one.overdue else one.tone, icon=one.icon
            )
            for one in queries.waiting(actor, at)
        ]  # fmt: skip
