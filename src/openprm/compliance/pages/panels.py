"""What compliance shows on the partner's page and on the homes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from openprm.compliance import queries
from openprm.kernel.actor import Actor

ON_A_PANEL = 5


def vendor_partner(actor: Actor, partner_id: UUID, at: datetime) -> dict[str, Any]:
    """The case of a partner, its certificates and verifications, for the vendor."""
    case_id = queries.case_of_partner(actor, partner_id)
    return {
        "case": queries.case_for_vendor(actor, case_id, at) if case_id else None,
        "partner_id": partner_id,
        "certificates": queries.certificates_of(actor, partner_id, at)[:ON_A_PANEL],
        "verifications": queries.verifications_of(actor, partner_id),
        "may_review": actor.can("compliance.review"),
    }


def portal_home(actor: Actor, at: datetime) -> dict[str, Any] | None:
    """What is open for the partner, or nothing."""
    if not actor.can("compliance.answer"):
        return None
    found = queries.portal(actor, at)
    return {"todos": found.todos[:ON_A_PANEL], "count": len(found.todos), "case": found.case} if found.todos else None
