"""Deals of which finance says what they do not say themselves."""

from dataclasses import dataclass
from uuid import UUID

from openprm.deals.queries.sold import sold_deals
from openprm.earnings import policies
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class DealToTell:
    """A deal by its words, and the currency of its amounts."""

    title: str
    currency: str


def deal_to_tell(actor: Actor, registration_id: UUID) -> DealToTell:
    """Raises NotFound."""
    deal = sold_deals([registration_id]).get(registration_id) if actor.sees_all_partners else None
    if deal is None:
        raise NotFound()
    return DealToTell(title=f"{deal.number} {deal.customer}", currency=deal.net.currency)


def may_tell_about(actor: Actor, registration_id: UUID) -> bool:
    """Whether this person can say more of the deal: finance, once it is won."""
    if not actor.sees_all_partners or policies.why_not_tell(actor):
        return False
    deal = sold_deals([registration_id]).get(registration_id)
    return deal is not None and deal.is_won
