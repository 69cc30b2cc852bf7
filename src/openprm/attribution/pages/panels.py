"""Who is credited for a deal, on the page of its registration."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from openprm.attribution import queries
from openprm.kernel.actor import Actor


def on_registration(actor: Actor, registration_id: UUID, at: datetime) -> dict[str, Any] | None:
    """Nothing while the deal was not won or its month was not computed."""
    rows = queries.credit_on(actor, registration_id)
    detail = "attribution:deal" if actor.sees_all_partners else "attribution:portal_deal"
    return {"rows": rows, "detail_url": detail, "deal_id": registration_id, "is_vendor": actor.sees_all_partners} if rows else None


def on_account(actor: Actor, account_id: UUID, at: datetime) -> dict[str, Any] | None:
    """Where somebody says that a partner helped at this customer; nothing for who may not."""
    if not queries.may(actor, "claim"):
        return None
    name = "attribution:portal_new_claim" if actor.is_partner else "attribution:new_claim"
    return {"claim_url": f"{reverse(name)}?account={account_id}", "is_vendor": actor.sees_all_partners}
