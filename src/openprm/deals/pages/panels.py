"""What this domain shows on the homes, on account pages and on partner pages."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openprm.deals import queries
from openprm.kernel.actor import Actor
from openprm.ui import format as fmt
from openprm.ui.format import Viewer
from openprm.ui.home import Kpi
from openprm.ui.paging import PageRequest

ON_A_PANEL = 6


def _viewer(actor: Actor, at: datetime) -> Viewer:
    return Viewer(at=at, locale=actor.locale, time_zone=actor.time_zone)


def vendor_kpis(actor: Actor, at: datetime) -> dict[str, Any]:
    found = queries.vendor_summary(actor, at)
    viewer = _viewer(actor, at)
    registrations = reverse("deals:registrations")
    waiting = "?status=submitted&status=under_review&status=pending_approval&sort=due"
    return {
        "kpis": [
            Kpi(
                label=_("Registrations waiting"),
                value=str(found.waiting),
                delta=_("%(count)d late") % {"count": found.late} if found.late else "",
                tone="bad" if found.late else "",
                detail=_("%(count)d due today") % {"count": found.due_today},
                spark=tuple(found.submitted_by_week),
                about=_("Registrations that wait for your side, and how many came in each week."),
                url=registrations + waiting,
            ),
            Kpi(
                label=_("Protected now"),
                value=fmt.money(found.protected_value, viewer, compact=True),
                detail=ngettext("%(count)d deal", "%(count)d deals", found.protected) % {"count": found.protected},
                about=_("The value of approved deals whose protection runs."),
                url=f"{registrations}?status=approved",
            ),
            Kpi(
                label=_("Won this quarter"),
                value=fmt.money(found.won_this_quarter, viewer, compact=True),
                detail=ngettext("%(count)d deal", "%(count)d deals", found.won_count) % {"count": found.won_count},
                about=_("Registered deals that were won since the quarter began, at their booked value."),
                url=f"{registrations}?status=closed_won",
            ),
        ],
        "summary": _waits(found.waiting, found.due_today + found.late),
    }


def _waits(waiting: int, urgent: int) -> str:
    if not waiting:
        return _("No registration waits for a decision.")
    said = ngettext("%(count)d registration waits for a decision.", "%(count)d registrations wait for a decision.", waiting) % {"count": waiting}
    if not urgent:
        return said
    return said + " " + ngettext("%(count)d is due today or late.", "%(count)d are due today or late.", urgent) % {"count": urgent}


CARDS_AT_HOME = 5


def portal_deals(actor: Actor, at: datetime) -> dict[str, Any]:
    """The partner's board, with the sentence of the page's head and the protection that ends next."""
    found = queries.portal_summary(actor, at)
    return {
        "board": queries.board(actor, at, most=CARDS_AT_HOME),
        "ending": found.next_ending,
        "may_register": actor.can("deals.register"),
        "summary": _open_deals(found, _viewer(actor, at)),
    }


def _open_deals(found: Any, viewer: Viewer) -> str:
    value = fmt.money(found.open_value, viewer, compact=True)
    parts = [
        ngettext("You have %(count)d open deal worth %(value)s.", "You have %(count)d open deals worth %(value)s.", found.open_deals)
        % {"count": found.open_deals, "value": value}
    ]
    if found.asks_you:
        parts.append(ngettext("%(count)d waits for your answer.", "%(count)d wait for your answer.", found.asks_you) % {"count": found.asks_you})
    if found.next_ending and found.next_ending.days_left is not None:
        parts.append(
            ngettext("One protection ends in %(days)d day.", "One protection ends in %(days)d days.", found.next_ending.days_left)
            % {"days": found.next_ending.days_left}
        )
    return " ".join(parts)


def vendor_account(actor: Actor, account_id: UUID, at: datetime) -> dict[str, Any]:
    rows = queries.registrations_of_account(actor, account_id, at)
    return {"rows": rows[:ON_A_PANEL], "count": len(rows), "detail_url": "deals:registration", "protections": queries.live_protections(actor, account_id, at)}


def portal_account(actor: Actor, account_id: UUID, at: datetime) -> dict[str, Any]:
    rows = queries.registrations_of_account(actor, account_id, at)
    return {
        "rows": rows[:ON_A_PANEL],
        "count": len(rows),
        "detail_url": "deals:portal_registration",
        "protections": queries.live_protections(actor, account_id, at),
    }


def account_opportunities(actor: Actor, account_id: UUID, at: datetime) -> dict[str, Any] | None:
    """The newest opportunities at a customer, or nothing."""
    page = PageRequest(key="deals.account_opportunities", sort="created", limit=ON_A_PANEL)
    found = queries.opportunities(actor, page, account_id=account_id)
    return {"rows": found.rows, "count": found.total} if found.rows else None


def vendor_partner(actor: Actor, partner_id: UUID, at: datetime) -> dict[str, Any]:
    rows = queries.registrations_of_partner(actor, partner_id, at)
    return {
        "rows": rows[:ON_A_PANEL],
        "count": len(rows),
        "detail_url": "deals:registration",
        "all_url": f"{reverse('deals:registrations')}?partner={partner_id}",
    }
