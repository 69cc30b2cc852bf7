"""Pieces of other pages: the home of a partner, a partner's page, a deal's page."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.earnings import queries
from openprm.earnings.queries import Filters
from openprm.kernel.actor import Actor
from openprm.kernel.money import Money, format_money
from openprm.ui.home import Kpi
from openprm.ui.paging import PageRequest

SHOWN = 6


def portal_kpis(actor: Actor, at: datetime) -> dict[str, Any] | None:
    """What is approved and not paid yet, in the main currency."""
    found = queries.figures(actor, at)
    if not found:
        return None
    main = found[0]
    coming = format_money(Money(main.to_review + main.held, main.currency), actor.locale)
    owed = Money(main.owed, main.currency)
    return {
        "kpis": [Kpi(label=_("To be paid"), value=format_money(owed, actor.locale, compact=True), detail=_("%(money)s more is earned") % {"money": coming})]
    }


def forfeits(actor: Actor, at: datetime) -> dict[str, Any] | None:
    """The first money that will be forfeited, once it was warned of."""
    found = queries.next_forfeiture(actor)
    return {"forfeits": found} if found else None


def partner(actor: Actor, partner_id: UUID, at: datetime) -> dict[str, Any] | None:
    page = PageRequest(key="earnings.panel", sort="created", limit=SHOWN)
    rows = queries.earnings(actor, Filters(partner_id=partner_id), page).rows
    return (
        {"rows": rows, "page": "earnings:earning", "figures": queries.figures(actor, at, partner_id=partner_id)[:1], "partner_id": partner_id} if rows else None
    )


def registration(actor: Actor, registration_id: UUID, at: datetime) -> dict[str, Any] | None:
    rows, tells = queries.of_source(actor, registration_id), queries.may_tell_about(actor, registration_id)
    if not rows and not tells:
        return None
    return {
        "rows": rows,
        "page": "earnings:earning" if actor.is_vendor else "earnings:portal_earning",
        "figures": (),
        "tells": registration_id if tells else None,
    }
