"""Handing the credit of a locked month to the rooms and systems that take it."""

from datetime import datetime
from uuid import UUID

from openprm.attribution.models import Credit
from openprm.attribution.ports import FinalCredit
from openprm.kernel.registry import registry

BATCH = 1000


def push(*, run_id: UUID, at: datetime) -> int:
    """Give every sink all credit of a run, in pieces; gives how many credits. In the system's scope, safe to call twice."""
    sinks = registry.filling("attribution.sinks")
    rows = Credit.objects.filter(run=run_id).select_related("run").order_by("deal_id", "partner_id")
    credits = [_final(row) for row in rows.iterator(chunk_size=BATCH)] if sinks else []
    for sink in sinks:
        for start in range(0, len(credits), BATCH):
            sink.take(credits[start : start + BATCH], at)
    return len(credits)


def _final(row: Credit) -> FinalCredit:
    return FinalCredit(
        run_id=row.run_id, month=row.run.month, deal_kind=row.kind, deal_id=row.deal_id, number=row.number, account_id=row.account_id,
        partner_id=row.partner_id, outcome=row.outcome, basis_points=row.basis_points, credit_minor=row.credit_minor, currency=row.currency,
    )  # fmt: skip
