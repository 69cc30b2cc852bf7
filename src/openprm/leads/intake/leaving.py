"""What a partner takes along of its referrals when it leaves."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from openprm.kernel.actor import Actor
from openprm.kernel.clock import now
from openprm.leads import queries
from openprm.partners.ports import ExportPart

COLUMNS = ("number", "company_name", "country", "direction", "target", "state", "outcome", "note", "answer", "referred_at", "answered_at", "closed_at")


def rows(actor: Actor) -> Iterator[Mapping[str, Any]]:
    """Every lead that the partner referred, and what became of it."""
    for row in queries.own_referral_rows(list(queries.newest_referrals(actor, filters={}).order_by("referred_at")), now()):
        yield {name: getattr(row, name) for name in COLUMNS}


EXPORT = ExportPart(
    code="leads.referrals", label=_("Referred leads"), about=_("Leads that you passed on, and what became of them."), columns=COLUMNS, rows=rows
)
