"""Handing the credit of a locked month to the rooms and systems that take it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from openprm.attribution.models import Credit, Month
from openprm.attribution.ports import FinalCredit
from openprm.attribution.services.unit import as_system, in_batches
from openprm.kernel.registry import registry

BATCH = 1000
AGAIN_DAYS = 35


def push(*, run_id: UUID, at: datetime) -> int:
    """Give every sink all credit of a run, in pieces; gives how many credits. In the system's scope, safe to call twice."""
    sinks = registry.filling("attribution.sinks")
    rows = Credit.objects.filter(run=run_id).select_related("run").order_by("deal_id", "partner_id")
    told = 0
    for batch in in_batches(rows.iterator(chunk_size=BATCH) if sinks else (), BATCH):
        credits = [_final(row) for row in batch]
        for sink in sinks:
            sink.take(credits, at)
        told += len(credits)
    return told


def push_again(*, at: datetime) -> int:
    """Tell the months that were locked in the last weeks once more: what a room could not take then, it may take now."""
    with as_system():
        runs = list(Month.objects.filter(locked_at__gte=at - timedelta(days=AGAIN_DAYS), locked_at__lte=at).values_list("run", flat=True))
        return sum(push(run_id=run_id, at=at) for run_id in runs)


def _final(row: Credit) -> FinalCredit:
    return FinalCredit(
        run_id=row.run_id, month=row.run.month, deal_kind=row.kind, deal_id=row.deal_id, number=row.number, customer=row.customer,
        account_id=row.account_id, partner_id=row.partner_id, closed_on=row.closed_at.astimezone(UTC).date(), outcome=row.outcome,
        basis_points=row.basis_points, credit_minor=row.credit_minor, currency=row.currency,
    )  # fmt: skip
