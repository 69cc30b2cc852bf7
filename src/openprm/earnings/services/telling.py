"""What a deal itself does not say, told by finance: the margin, the list price, the channel through which it was sold."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.deals.queries.sold import sold_deals
from openprm.earnings import policies
from openprm.earnings.models import Earning, SourceEvent
from openprm.earnings.services.correction import correct
from openprm.earnings.services.sales import doubts_about, won_key
from openprm.earnings.services.unit import clean, required
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, NotFound, refuse_if
from openprm.kernel.money import LARGEST_MINOR, Money

CHANNEL = re.compile(r"^[\w .\-]{1,40}$")


@transaction.atomic
def tell_about_deal(
    *, actor: Actor, registration_id: UUID, margin: Money | None = None, list_price: Money | None = None, channel: str = "", reason: str, at: datetime
) -> tuple[UUID, ...]:
    """Say what a won deal was worth or how it was sold: every plan is asked again, and further lines hold the difference.

    Gives their ids. Raises NotAllowed, NotFound, Invalid, Conflict when the deal has earned nothing yet (it is not won).
    """
    refuse_if(policies.why_not_tell(actor))
    deal = sold_deals([registration_id]).get(registration_id)
    if deal is None:
        raise NotFound()
    changes = _changes(margin, list_price, channel, deal.net.currency)
    return _tell(actor, won_key(registration_id), changes, reason, doubts_about(deal, at) if deal.is_won else {}, at)


@transaction.atomic
def tell_about_line(
    *, actor: Actor, earning_id: UUID, margin: Money | None = None, list_price: Money | None = None, net: Money | None = None, channel: str = "",
    reason: str, at: datetime,
) -> tuple[UUID, ...]:  # fmt: skip
    """The same for whatever a line was earned by, and its net amount when that was not known. Raises NotAllowed, NotFound, Invalid, Conflict."""
    refuse_if(policies.why_not_tell(actor))
    row: Earning = policies.reach(actor).select_related("event").one(earning_id)
    if row.event is None:
        raise Conflict(_("%(number)s was entered by hand: nothing is calculated from it.") % {"number": row.number})
    known = row.event.payload.get("net")
    changes = _changes(margin, list_price, channel, known["currency"] if known else row.currency)
    if net is not None:
        if known:
            raise Invalid(_("The net amount is known. It changes with what it belongs to."), field="net")
        changes["net"] = _sound("net", net, net.currency)
    return _tell(actor, row.source_key, changes, reason, {}, at)


def _tell(actor: Actor, source_key: str, changes: Mapping[str, Any], reason: str, doubts: Mapping[str, Any], at: datetime) -> tuple[UUID, ...]:
    if not changes:
        raise Invalid(_("Say at least one thing that was not known."), field="margin")
    why = required(reason)
    partners = list(SourceEvent.objects.filter(source_key=source_key, revision=0).order_by("partner_id").values_list("partner_id", flat=True))
    if not partners:
        raise Conflict(_("Nothing was earned by this yet: it is calculated when the deal is won."))
    return tuple(
        made
        for partner_id in partners
        for made in correct(actor=actor, partner_id=partner_id, source_key=source_key, changes=changes, why=why, doubts=doubts, at=at)
    )


def _changes(margin: Money | None, list_price: Money | None, channel: str, currency: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, field, money in (("margin", "margin", margin), ("list", "list_price", list_price)):
        if money is not None:
            found[name] = _sound(field, money, currency)
    if channel := clean(channel, "channel", 40):
        if not CHANNEL.match(channel):
            raise Invalid(_("Use letters, digits, spaces, dots and dashes here."), field="channel")
        found["facts"] = {"channel": channel}
    return found


def _sound(field: str, money: Money, currency: str) -> Money:
    if money.currency != currency:
        raise Invalid(_("The amounts of this are in %(currency)s.") % {"currency": currency}, field=field)
    if not 0 <= money.minor <= LARGEST_MINOR:
        raise Invalid(_("An amount is zero or more, with a sensible number of digits."), field=field)
    return money
