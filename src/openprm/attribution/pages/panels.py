"""Who is credited for a deal on the page of its registration, and where somebody says that a partner helped."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from openprm.accounts import queries as accounts
from openprm.attribution import queries, services
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.leads import queries as leads


def on_registration(actor: Actor, registration_id: UUID, at: datetime) -> dict[str, Any] | None:
    """The parts that the actor may know, and a way to claim; nothing where there is neither."""
    rows, claim_url = queries.credit_on(actor, registration_id), _claim_url(actor, f"deal={registration_id}")
    detail = "attribution:deal" if actor.sees_all_partners else "attribution:portal_deal"
    if not rows and not claim_url:
        return None
    return {"rows": rows, "detail_url": detail, "deal_id": registration_id, "is_vendor": actor.sees_all_partners, "claim_url": claim_url}


def on_account(actor: Actor, account_id: UUID, at: datetime) -> dict[str, Any] | None:
    """Where somebody says that a partner helped at this customer; nothing for who may not."""
    return _claim(actor, f"account={account_id}")


def on_lead(actor: Actor, lead_id: UUID, at: datetime) -> dict[str, Any] | None:
    """The same on a lead that became a deal or belongs to a known customer that the actor sees; nothing before that."""
    place = leads.place_of(actor, lead_id)
    if place is None or not _sees(actor, *place):
        return None
    deal_id, account_id = place
    return _claim(actor, f"deal={deal_id}" if deal_id else f"account={account_id}")


def _sees(actor: Actor, deal_id: UUID | None, account_id: UUID | None) -> bool:
    """Whether the actor can claim there: the lead of a partner may belong to a customer that it does not share."""
    try:
        if deal_id:
            services.deal_of(actor, deal_id)
        elif account_id and actor.is_partner:
            accounts.account_for_partner(actor, account_id)
    except NotFound:
        return False
    return True


def _claim(actor: Actor, about: str) -> dict[str, Any] | None:
    url = _claim_url(actor, about)
    return {"claim_url": url, "is_vendor": actor.sees_all_partners} if url else None


def _claim_url(actor: Actor, about: str) -> str:
    if not queries.may(actor, "claim"):
        return ""
    return f"{reverse('attribution:portal_new_claim' if actor.is_partner else 'attribution:new_claim')}?{about}"
