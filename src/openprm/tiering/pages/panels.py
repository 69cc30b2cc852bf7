"""What tiering shows on the homes and on partner pages."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from openprm.kernel.actor import Actor
from openprm.tiering import queries
from openprm.tiering.pages.lists import state_badge
from openprm.ui.paging import PageRequest

AT_HOME = 5


def portal_home(actor: Actor, at: datetime) -> dict[str, Any] | None:
    """The tier in one look: where, how far, what the next one adds."""
    if actor.partner_id is None:
        return None
    found = queries.progress_of(actor, actor.partner_id, at)
    return {"progress": found[0], "badge": state_badge(found[0].state), "is_panel": True} if found else None


def vendor_home(actor: Actor, at: datetime) -> dict[str, Any] | None:
    """The tiers at risk with the most money at stake."""
    page = PageRequest(key="tiering.home", sort="at_stake", descending=True, limit=AT_HOME)
    found = queries.standings(actor, filters={}, page=page, in_danger=True)
    return {"rows": found.rows, "count": queries.danger_count(actor), "totals": queries.danger_total(actor)} if found.rows else None


def vendor_partner(actor: Actor, partner_id: UUID, at: datetime) -> dict[str, Any] | None:
    """Progress and health of one partner, on the vendor's page of it."""
    found = queries.vendor_progress_of(actor, partner_id, at)
    programs = [{"progress": one.progress, "badge": state_badge(one.progress.state), "vendor": one} for one in found]
    return {"programs": programs, "url": reverse("tiering:partner", args=[partner_id])} if programs else None
