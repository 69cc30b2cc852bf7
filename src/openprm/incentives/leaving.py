"""What a partner that leaves takes along: the usage it was credited with."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from openprm.incentives import queries
from openprm.kernel.actor import Actor
from openprm.partners.ports import ExportPart

COLUMNS = ("customer_name", "service_month", "booked_month", "corrects", "percent", "amount", "currency", "booked_at")


def _credits(actor: Actor) -> Iterator[Mapping[str, Any]]:
    for row in queries.export_credits(actor, filters={}):
        plain = {name: getattr(row, name) for name in COLUMNS if hasattr(row, name)}
        yield {**plain, "amount": row.amount.major, "currency": row.amount.currency}


EXPORT = (ExportPart(code="usage_credits", label=_("Usage that was credited"), columns=COLUMNS, rows=_credits),)
