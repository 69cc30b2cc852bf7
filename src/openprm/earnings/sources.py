"""What earnings put into the decision queue."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.earnings import queries
from openprm.inbox.ports import Decision
from openprm.kernel.actor import Actor

ICON = {"line": "coins", "adjustment": "pencil", "bounty": "trophy"}


class WaitingEarnings:
    def list_decisions(self, actor: Actor, at: datetime) -> list[Decision]:
        """Lines to review, proposals of others, bounties."""
        return [
            Decision(
                key=f"earnings.{row.kind}:{row.id}", title=row.title, detail=row.detail, url=_url(row), due_at=row.due_at,
                tone="bad" if row.due_at and row.due_at < at else "", icon=ICON[row.kind], value=row.money,
                approve_url=reverse("earnings:earning_approve", args=[row.id]) if row.kind == "line" else None, approve_label=_("Approve"), since=row.since,
            )
            for row in (queries.waiting(actor, at) if actor.is_vendor else [])
        ]  # fmt: skip


def _url(row: queries.Waiting) -> str:
    if row.kind == "adjustment":
        return reverse("earnings:adjustments")
    return reverse("earnings:earning" if row.kind == "line" else "earnings:bounty", args=[row.id])
