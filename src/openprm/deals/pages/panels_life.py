"""What the page of a registration shows of its life: the stages ahead, its changes, its chain, its renewals."""

from datetime import datetime
from typing import Any
from uuid import UUID

from openprm.deals import queries
from openprm.deals.pages.amend import url_for
from openprm.deals.rules.lifecycle import FOLLOWING
from openprm.deals.wording import DEAL_TYPE
from openprm.kernel.actor import Actor


def changes(actor: Actor, registration_id: UUID, at: datetime) -> dict[str, Any] | None:
    """The changes that were asked for, and the way to ask for one."""
    standing = queries.life_of(actor, registration_id, at)
    found = queries.amendments_of(actor, registration_id, at)
    if not found and standing.why_not_amend:
        return None
    return {
        "amendments": found,
        "life": standing,
        "amendment_url": "deals:amendment" if actor.is_vendor else "deals:portal_amendment",
        "change_url": url_for(actor, "change", registration_id),
        "split_url": url_for(actor, "split", registration_id) if standing.product_lines > 1 else "",
        "has_open": any(one.state == "proposed" for one in found),
    }


def chain(actor: Actor, registration_id: UUID, at: datetime) -> dict[str, Any] | None:
    """The deals before and after this one, its renewals, and the next deal to begin."""
    standing = queries.life_of(actor, registration_id, at)
    links = queries.chain(actor, registration_id)
    found = queries.renewals_of(actor, registration_id, at)
    begins = standing.can_be_followed and actor.is_partner and actor.can("deals.register")
    if not links and not found and not begins:
        return None
    kinds = [(kind.value, DEAL_TYPE[kind], url_for(actor, "follow_up", registration_id, kind.value)) for kind in sorted(FOLLOWING)] if begins else []
    return {
        "links": links,
        "renewals": found,
        "kinds": kinds,
        "detail_url": "deals:registration" if actor.is_vendor else "deals:portal_registration",
        "renewal_url": "deals:renewal" if actor.is_vendor else "deals:portal_renewal",
    }
