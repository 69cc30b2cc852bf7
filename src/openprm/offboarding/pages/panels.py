"""What offboarding shows on the page of a partner, on both sides."""

from datetime import datetime
from typing import Any
from uuid import UUID

from openprm.kernel.actor import Actor
from openprm.offboarding import queries
from openprm.offboarding.wording import KIND, STATUS
from openprm.partners import queries as partners
from openprm.ui.cells import Badge

SHOWN = ("requested", "open", "done")
LEAVES_FROM = ("active", "suspended", "deactivated", "pending", "banned")


def of_partner(actor: Actor, partner_id: UUID, at: datetime) -> dict[str, Any] | None:
    """A running or finished leaving; for those who may, the door to begin one."""
    row = queries.running_of(actor, partner_id)
    if row is not None and row.status in SHOWN:
        return {"row": row, "badge": Badge(*STATUS[row.status]), "kind": KIND[row.kind]}
    may_open = not queries.why_not_manage(actor) and partners.partner(actor, partner_id).status in LEAVES_FROM
    return {"row": None, "partner_id": partner_id} if may_open else None


def of_company(actor: Actor, partner_id: UUID, at: datetime) -> dict[str, Any] | None:
    """For the partner itself: its running leaving, or where an administrator can ask."""
    row = queries.running_of(actor, partner_id)
    running = row if row is not None and row.status in ("requested", "open") else None
    if running is None and queries.why_not_request(actor):
        return None
    return {"row": running, "badge": Badge(*STATUS[running.status]) if running else None}
