"""The wallet: the partner's page, and what the homes show of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from openprm.funds.queries import extensions, returns
from openprm.funds.queries.wallet import SOON_DAYS, wallet
from openprm.kernel.actor import Actor
from openprm.kernel.http import Request, page

ON_HOME = 4


def portal_wallet(request: Request) -> HttpResponse:
    """Every fund with its sums and deadlines, and what the partner asked for."""
    return page(
        request, "funds/partner/wallet.html", wallet=wallet(request.actor, request.at), asked=extensions.extensions(request.actor, request.at, most=20),
        brought=returns.own_return(request.actor, request.at), may_request=request.actor.can("funds.request"), tab="wallet",
    )  # fmt: skip


def portal_home(actor: Actor, at: datetime) -> dict[str, Any] | None:
    """The funds and the next deadlines; nothing for a partner without a fund."""
    found = wallet(actor, at)
    if found is None or not found.funds:
        return None
    return {"wallet": found, "deadlines": found.deadlines[:ON_HOME], "soon": SOON_DAYS}


def vendor_partner(actor: Actor, partner_id: UUID, at: datetime) -> dict[str, Any] | None:
    """The same wallet on the vendor's page of the partner."""
    found = wallet(actor, at, partner_id)
    return {"wallet": found, "deadlines": found.deadlines[:ON_HOME], "soon": SOON_DAYS} if found and found.funds else None
