"""What a request may be linked to: deals, leads and campaigns of its partner."""

from dataclasses import dataclass
from uuid import UUID

from openprm.deals import queries as deals
from openprm.funds import proof_policies as policies
from openprm.funds.ports import CampaignSource
from openprm.kernel.actor import Actor
from openprm.kernel.registry import registry
from openprm.leads import queries as leads

MOST = 300


@dataclass(frozen=True, slots=True)
class Choice:
    id: UUID
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSubjects:
    """A request with everything of its partner that it may have helped. `keeps_campaigns` is False while no room keeps campaigns."""

    id: UUID
    number: str
    title: str
    partner_id: UUID
    deals: tuple[Choice, ...]
    leads: tuple[Choice, ...]
    campaigns: tuple[Choice, ...]
    keeps_campaigns: bool
    may_link: bool


def request_subjects(actor: Actor, request_id: UUID) -> RequestSubjects:
    """Raises NotFound for a stranger's request. Three queries, and what the campaigns need."""
    row = policies.reach_requests(actor).one(request_id)
    sources: tuple[CampaignSource, ...] = registry.filling("funds.campaigns")
    won = deals.deals_worth(actor, partner_id=row.partner_id, most=MOST)
    held = leads.newest_leads(actor, leads.LeadFilters(partner_id=row.partner_id))[:MOST]
    return RequestSubjects(
        id=row.pk, number=row.number, title=row.title, partner_id=row.partner_id,
        deals=tuple(Choice(one.id, f"{one.number} {one.customer}") for one in won), leads=tuple(Choice(one.pk, one.number) for one in held),
        campaigns=tuple(Choice(one.id, one.label) for source in sources for one in source.campaigns(actor, row.partner_id)),
        keeps_campaigns=bool(sources), may_link=policies.why_not_link(actor, row.partner_id) is None and row.status != "draft",
    )  # fmt: skip
