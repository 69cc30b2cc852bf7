"""What funds show on the homes, and how long money takes on the promises pages (X19)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.funds import queries
from openprm.funds.queries import DaysToCash
from openprm.kernel.actor import Actor
from openprm.kernel.scope import system_scope
from openprm.ui.home import Kpi


def vendor_kpi(actor: Actor, at: datetime) -> dict[str, Any] | None:
    """What waits, and how long money takes."""
    cash = queries.days_to_cash(actor, at)
    waits = queries.waiting_count(actor) or 0
    if not waits and not cash.count:
        return None
    way = cash.legs[-1]
    detail = _("%(days)s days to the money") % {"days": f"{way.median:g}"} if way.median is not None else _("nothing paid in the last year")
    return {
        "kpis": [
            Kpi(
                label=_("Funds waiting for you"), value=str(waits), tone="warn" if waits else "", detail=detail,
                about=_("Requests and claims whose next level is yours, and the middle of the days from request to money in the last year."),
                url=reverse("funds:requests") + "?mine=yes",
            )
        ]
    }  # fmt: skip


def cash_on_promises(actor: Actor, _object_id: UUID, at: datetime) -> dict[str, Any] | None:
    """The distribution over all partners, which names nobody; a partner reads its own beside it."""
    with system_scope():
        overall = queries.days_to_cash(actor, at)
    if not overall.count:
        return None
    own = queries.days_to_cash(actor, at, everybody=False) if actor.is_partner else None
    return {"overall": _drawn(overall), "count": overall.count, "own": _drawn(own) if own and own.count else None, "labels": overall.bin_labels}


def _drawn(found: DaysToCash) -> list[dict[str, Any]]:
    """Each way with its bins as shares of the largest, for bars."""
    return [
        {"leg": leg, "bins": [(label, count, round(100 * count / max(leg.bins))) for label, count in zip(found.bin_labels, leg.bins, strict=True)]}
        for leg in found.legs
        if leg.count
    ]
