"""What agreements show on the portal's home and on partner pages."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from openprm.agreements import queries
from openprm.agreements.pages.partner import waiting_row
from openprm.agreements.wording import status_badge
from openprm.kernel.actor import Actor


def portal_waiting(actor: Actor, at: datetime) -> dict[str, Any] | None:
    """What waits for the company's signature, for colleagues of those who sign; the signers find it among their decisions."""
    reads = actor.partner_id and not actor.is_collaborator_only and ("partner_admin" not in actor.roles or actor.read_only)
    waiting = queries.waiting_for(actor.partner_id, at) if reads and actor.partner_id else ()
    return {"waiting": [waiting_row(one) for one in waiting], "count": len(waiting)} if waiting else None


def vendor_partner(actor: Actor, partner_id: UUID, at: datetime) -> dict[str, Any] | None:
    rows = queries.of_partner(actor, partner_id, at)
    shown = [{"row": row, "badge": status_badge(row.status, is_overdue=row.is_overdue), "url": reverse("agreements:acceptance", args=[row.id])} for row in rows]
    return {"rows": shown, "all_url": f"{reverse('agreements:acceptances')}?partner={partner_id}"} if rows else None


def to_sign(actor: Actor) -> int | None:
    """How many versions wait for the company's signature, beside the line of the navigation."""
    return queries.waiting_count(actor.partner_id) or None if actor.partner_id else None
