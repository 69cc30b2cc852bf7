"""What applications contribute to other rooms: what waits for an answer, and the application on the partner's page."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.applications import queries
from openprm.applications.queries import ApplicationRow
from openprm.audit import queries as audit
from openprm.inbox.ports import Decision
from openprm.kernel.actor import Actor

SHOWN = 8


class WaitingApplications:
    """Applications that wait for an answer of the vendor."""

    def list_decisions(self, actor: Actor, at: datetime) -> list[Decision]:
        if not actor.is_vendor:
            return []
        return [
            Decision(
                key=f"applications.application:{row.id}",
                title=row.company,
                detail=_detail(row),
                url=reverse("applications:application", args=[row.id]),
                due_at=row.due_at,
                tone="bad" if row.is_late or row.risk == "high" else "warn" if row.state == "held" else "",
                icon="file-pen",
                since=row.submitted_at,
            )
            for row in queries.waiting(actor, at, limit=50)
        ]

    def count_decisions(self, actor: Actor) -> int:
        return (queries.waiting_count(actor) or 0) if actor.is_vendor else 0


def _detail(row: ApplicationRow) -> str:
    if row.state == "held":
        return _("Applies for %(program)s · known company") % {"program": row.program}
    if row.score is None:
        return _("Applies for %(program)s") % {"program": row.program}
    return _("Applies for %(program)s · fit %(score)d") % {"program": row.program, "score": row.score}


def of_partner(actor: Actor, partner_id: UUID, at: datetime) -> dict[str, Any] | None:
    """How this partner came in: its application, with its history."""
    found = queries.of_partner(actor, partner_id)
    return {"came": found, "entries": audit.timeline(actor, found.id, limit=SHOWN)} if found else None
