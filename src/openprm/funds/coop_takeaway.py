"""What a partner takes along of its co-op money when it leaves."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from openprm.funds.queries.coop import export_lines
from openprm.kernel.actor import Actor
from openprm.partners.ports import ExportPart

COLUMNS = ("registration_number", "kind_label", "revenue", "percent", "amount", "currency", "occurred_on", "expires_on", "note")


def rows(actor: Actor) -> Iterator[Mapping[str, Any]]:
    """Every line of its pots: what deals earned, corrections, and what ran out."""
    for row in export_lines(actor, filters={}):
        plain = {name: getattr(row, name) for name in COLUMNS if name not in ("revenue", "amount", "currency")}
        yield plain | {"revenue": row.revenue.major, "amount": row.amount.major, "currency": row.amount.currency}


COOP_EXPORT = ExportPart(
    code="funds.coop", label=_("Co-op money"), about=_("What your won deals earned for marketing, line by line."), columns=COLUMNS, rows=rows
)
