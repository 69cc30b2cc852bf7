"""What a partner takes along from here when it leaves: the leads it was offered, as far as it could see them."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from openprm.kernel.actor import Actor
from openprm.kernel.clock import now
from openprm.leads import queries
from openprm.partners.ports import ExportPart

COLUMNS = ("number", "company_name", "state", "country", "city", "product_line", "amount", "offered_at", "due_at")


def _leads(actor: Actor) -> Iterator[Mapping[str, Any]]:
    for row in queries.export_offers(actor, now()):
        values = {name: getattr(row, name) for name in ("number", "company_name", "country", "city", "product_line", "offered_at", "due_at")}
        yield values | {"state": row.offer_label, "amount": f"{row.amount.major} {row.amount.currency}" if row.amount else ""}


EXPORT = (
    ExportPart(code="leads", label=_("Leads"), about=_("What you were offered and work on; names of those that you opened."), columns=COLUMNS, rows=_leads),
)
