"""Who is credited for a deal, on the page of its registration."""

from datetime import datetime
from typing import Any
from uuid import UUID

from openprm.attribution import queries
from openprm.kernel.actor import Actor


def on_registration(actor: Actor, registration_id: UUID, at: datetime) -> dict[str, Any] | None:
    """Nothing while the deal was not won or its month was not computed."""
    rows = queries.credit_on(actor, registration_id)
    detail = "attribution:deal" if actor.sees_all_partners else "attribution:portal_deal"
    return {"rows": rows, "detail_url": detail, "deal_id": registration_id, "is_vendor": actor.sees_all_partners} if rows else None
