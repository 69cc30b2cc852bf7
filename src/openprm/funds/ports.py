"""What rooms above tell funds."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from openprm.kernel.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A campaign as a request names it; `partner_id` None is everybody's."""

    id: UUID
    label: str
    partner_id: UUID | None = None


class CampaignSource(Protocol):
    """The port "funds.campaigns". Nobody fills it yet: then no campaign can be linked, and the forms do not offer one."""

    def campaign(self, actor: Actor, campaign_id: UUID) -> Campaign | None:
        """The campaign as this actor may see it; None for a stranger, as for one that is not there."""
        ...

    def campaigns(self, actor: Actor, partner_id: UUID) -> tuple[Campaign, ...]:
        """What a request of this partner may name."""
        ...
