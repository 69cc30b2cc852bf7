"""What the page of a registration shows of its life: the stages ahead, its changes, its chain, its renewals."""

from datetime import datetime
from typing import Any
from uuid import UUID

from openprm.deals import queries
from openprm.deals.pages.amend import url_for
from openprm.deals.rules.lifecycle import FOLLOWING
from openprm.deals.wording import DEAL_TYPE
from openprm.kernel.actor import Actor


def life(actor: Actor, registration_id: UUID, at: datetime) -> dict[str, Any] | None:
    """Its changes, its chain, its renewals, and what can come next. Four queries for a deal that stands alone."""
    standing = queries.life_of(actor, registration_id)
    amendments = queries.amendments_of(actor, registration_id, at)
    links = queries.chain(actor, registration_id, root_id=standing.root_id)
    renewals = queries.renewals_of(actor, registration_id, at)
    begins = standing.can_be_followed and actor.is_partner and actor.can("deals.register")
    has_changes = bool(amendments) or not standing.why_not_amend
    if not (has_changes or links or renewals or begins):
        return None
    return {
        **_changes(actor, registration_id, standing, amendments),
        "has_changes": has_changes,
        "has_chain": bool(links or renewals or begins),
        "links": links,
        "renewals": renewals,
        "kinds": [(kind.value, DEAL_TYPE[kind], url_for(actor, "follow_up", registration_id, kind.value)) for kind in sorted(FOLLOWING)] if begins else [],
        "detail_url": "deals:registration" if actor.is_vendor else "deals:portal_registration",
        "renewal_url": "deals:renewal" if actor.is_vendor else "deals:portal_renewal",
    }


def _changes(actor: Actor, registration_id: UUID, standing: queries.Life, amendments: tuple[queries.AmendmentView, ...]) -> dict[str, Any]:
    return {
        "amendments": amendments,
        "life": standing,
        "amendment_url": "deals:amendment" if actor.is_vendor else "deals:portal_amendment",
        "change_url": url_for(actor, "change", registration_id),
        "split_url": url_for(actor, "split", registration_id) if standing.product_lines > 1 else "",
        "has_open": any(one.state == "proposed" for one in amendments),
    }
