"""What a partner that leaves takes along of its earnings, what must be settled first, and whose names are forgotten."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from openprm.earnings import queries, services
from openprm.kernel.actor import Actor
from openprm.partners.ports import Erasure, ExportPart

COLUMNS = ("number", "kind", "state", "label", "about", "occurred_on", "amount_minor", "currency", "reason", "payable_from", "paid_at")


def _rows(actor: Actor) -> Iterator[Mapping[str, Any]]:
    for row in queries.export_earnings(actor, queries.Filters()):
        money = {"amount_minor": row.amount.minor, "currency": row.amount.currency}
        yield {name: money.get(name, getattr(row, name, None)) for name in COLUMNS}


PORTS = {
    "offboarding.export": (ExportPart(code="earnings", label=_("Earnings"), columns=COLUMNS, rows=_rows),),
    "offboarding.erasure": (Erasure(code="earnings.bounties", label=_("Names in bounties"), erase=services.forget_people),),
}
