"""What co-selling puts into the decision queue: invitations, asks, proposed tasks."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.cosell import queries
from openprm.inbox.ports import Decision
from openprm.kernel.actor import Actor

ICON = {"invitation": "handshake", "need": "message-circle-question-mark", "task": "list-todo"}


class WaitingEngagements:
    def list_decisions(self, actor: Actor, at: datetime) -> list[Decision]:
        return [
            Decision(
                key=f"cosell.{row.kind}:{row.id}",
                title=row.title,
                detail=_detail(row),
                url=_url(actor, row),
                due_at=row.due_at,
                tone="bad" if row.due_at and row.due_at < at else "",
                icon=ICON[row.kind],
                since=row.since,
            )
            for row in queries.waiting(actor)
        ]


def _detail(row: queries.Waiting) -> str:
    said = {
        "invitation": _("%(who)s invites you as: %(what)s"),
        "need": _("%(who)s asks: %(what)s"),
        "task": _("%(who)s proposes: %(what)s"),
    }
    return said[row.kind] % {"who": row.who, "what": row.what}


def _url(actor: Actor, row: queries.Waiting) -> str:
    before = "cosell:" if actor.is_vendor else "cosell:portal_"
    pages: dict[str, tuple[str, Any]] = {"invitation": ("invitation", row.id), "need": ("need", row.id), "task": ("engagement", row.engagement_id)}
    name, subject = pages[row.kind]
    return reverse(f"{before}{name}", args=[subject])
