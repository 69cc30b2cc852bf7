"""What a partner takes along from here when it leaves: its funds, requests and claims."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from openprm.funds import queries
from openprm.funds.queries import RequestFilters
from openprm.kernel.actor import Actor
from openprm.kernel.clock import now
from openprm.kernel.money import Money
from openprm.partners.ports import ExportPart

FUNDS = ("number", "name", "kind", "amount", "requested", "claimed", "paid", "left", "ends_on")
REQUESTS = ("number", "title", "fund", "status", "asked", "approved", "claimed", "paid", "submitted_at", "decided_at")
CLAIMS = ("number", "request", "title", "status", "spent", "asked", "approved", "paid", "submitted_at", "decided_at")


def _said(value: Any) -> Any:
    return f"{value.major} {value.currency}" if isinstance(value, Money) else value


def _funds(actor: Actor) -> Iterator[Mapping[str, Any]]:
    for row in queries.export_funds(actor):
        yield {name: _said(getattr(row.sums if hasattr(row.sums, name) else row, name)) for name in FUNDS}


def _requests(actor: Actor) -> Iterator[Mapping[str, Any]]:
    for row in queries.export_requests(actor, RequestFilters(), now()):
        yield {name: _said(getattr(row, name)) for name in REQUESTS}


def _claims(actor: Actor) -> Iterator[Mapping[str, Any]]:
    for row in queries.export_claims(actor, RequestFilters(), now()):
        yield {name: _said(getattr(row, name)) for name in CLAIMS}


EXPORT = (
    ExportPart(code="funds", label=_("Funds"), about=_("What you were given for marketing, and what became of it."), columns=FUNDS, rows=_funds),
    ExportPart(code="fund_requests", label=_("Requests for funds"), about=_("What you asked for, with the answers."), columns=REQUESTS, rows=_requests),
    ExportPart(code="fund_claims", label=_("Claims"), about=_("What you claimed back, and what was paid."), columns=CLAIMS, rows=_claims),
)
