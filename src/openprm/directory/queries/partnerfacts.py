"""The few facts of a partner that every step here needs, in one query."""

from dataclasses import dataclass
from uuid import UUID

from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.partners import queries as partners


@dataclass(frozen=True, slots=True)
class PartnerFacts:
    name: str
    status: str
    country: str
    domain: str


def partner_facts(actor: Actor, partner_id: UUID) -> PartnerFacts:
    """Raises NotFound, also for a partner that this actor cannot see."""
    rows = partners.newest_partners(actor, filters={}).filter(pk=partner_id)
    found = rows.values_list("organization__name", "organization__status", "organization__country", "organization__domain").first()
    if found is None:
        raise NotFound()
    return PartnerFacts(*found)
