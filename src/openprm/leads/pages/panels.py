"""What this domain shows on the homes, and on the pages of partners, customers and registrations."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.leads import queries
from openprm.leads.queries import LeadFilters
from openprm.ui.home import Kpi
from openprm.ui.paging import PageRequest

ON_A_PANEL = 6


def vendor_kpis(actor: Actor, at: datetime) -> dict[str, Any]:
    found = queries.summary(actor, at)
    return {
        "kpis": [
            Kpi(
                label=_("Leads waiting"),
                value=str(found.waiting),
                tone="warn" if found.waiting else "",
                detail=_("%(offered)d offered, %(accepted)d accepted") % {"offered": found.offered, "accepted": found.accepted},
                spark=tuple(found.received_by_week),
                about=_("Leads that nobody has, and how many came in each week."),
                url=reverse("leads:leads") + "?status=new&status=declined&status=expired&status=unrouted",
            )
        ]
    }


def portal_leads(actor: Actor, at: datetime) -> dict[str, Any] | None:
    """The leads that wait for this partner's answer; nothing when none does."""
    rows = queries.waiting(actor, at, limit=ON_A_PANEL)
    if not rows:
        return None
    count = queries.waiting_count(actor)
    said = ngettext("%(count)d lead waits for your answer.", "%(count)d leads wait for your answer.", count) % {"count": count}
    return {"rows": rows, "count": count, "summary": said}


def vendor_partner(actor: Actor, partner_id: UUID, at: datetime) -> dict[str, Any] | None:
    """What a partner takes, and the newest leads it was offered."""
    try:
        receiver = queries.receiver_of(actor, partner_id)
    except NotFound:
        receiver = None
    return _newest(actor, LeadFilters(partner_id=partner_id), at) | {
        "receiver": receiver,
        "receiver_url": reverse("leads:receiver", args=[partner_id]),
        "all_url": f"{reverse('leads:leads')}?partner={partner_id}",
    }


def vendor_account(actor: Actor, account_id: UUID, at: datetime) -> dict[str, Any] | None:
    found = _newest(actor, LeadFilters(account_id=account_id), at)
    return found if found["rows"] else None


def _newest(actor: Actor, filters: LeadFilters, at: datetime) -> dict[str, Any]:
    page = PageRequest(key="leads.panel", sort="received", limit=ON_A_PANEL)
    found = queries.list_leads(actor, filters, page, at)
    return {"rows": found.rows, "count": found.total}


def registration(actor: Actor, registration_id: UUID, at: datetime) -> dict[str, Any] | None:
    """The lead that a registration came from; nothing for one that came from none."""
    found = queries.lead_of_registration(actor, registration_id)
    if found is None:
        return None
    return {"lead": found, "url": reverse("leads:lead" if actor.sees_all_partners else "leads:portal_lead", args=[found.id])}
