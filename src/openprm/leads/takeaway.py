"""What a partner takes along from here when it leaves: the leads it was offered, as far as it could see them."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from openprm.kernel.actor import Actor
from openprm.kernel.clock import now
from openprm.leads import queries, services
from openprm.partners.ports import Erasure, ExportPart

COLUMNS = ("number", "company_name", "state", "country", "city", "product_line", "amount", "offered_at", "due_at")


def _leads(actor: Actor) -> Iterator[Mapping[str, Any]]:
    for row in queries.export_offers(actor, now()):
        values = {name: getattr(row, name) for name in ("number", "company_name", "country", "city", "product_line", "offered_at", "due_at")}
        yield values | {"state": row.offer_label, "amount": f"{row.amount.major} {row.amount.currency}" if row.amount else ""}


EXPORT = (
    ExportPart(code="leads", label=_("Leads"), about=_("What you were offered and work on; names of those that you opened."), columns=COLUMNS, rows=_leads),
    ExportPart(
        code="leads.notes",
        label=_("Notes on leads"),
        about=_("What was written on the leads that you work on, and your own notes."),
        columns=("number", "written_at", "author", "side", "audience", "body"),
        rows=queries.export_notes,
    ),
)
ERASURE = (Erasure(code="leads.authors", label=_("Names of authors of notes on leads"), erase=services.forget_note_authors),)
