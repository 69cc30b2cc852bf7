"""Everything that any room owes: one read over all sources."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from openprm.kernel.registry import registry
from openprm.kernel.scope import system_scope
from openprm.payouts.ports import SOURCES
from openprm.payouts.rules.netting import Due


def sources() -> tuple[Any, ...]:
    return registry.filling(SOURCES)


def due_lines(partner_ids: Sequence[UUID] | None = None, *, at: datetime) -> list[Due]:
    """All that was approved by then and is in no payment, over all sources."""
    with system_scope():
        rows = [(source.code, line) for source in sources() for line in source.due(partner_ids=partner_ids, at=at)]
        return [_due(code, line) for code, line in rows if line.approved_at <= at]


def _due(code: str, line: Any) -> Due:
    return Due(
        id=line.id, source=code, number=line.number, partner_id=line.partner_id, amount_minor=line.money.minor, currency=line.money.currency,
        approved_at=line.approved_at, payable_from=line.payable_from, about=str(line.about)[:300], url=str(line.url)[:300],
        forfeits_on=getattr(line, "forfeits_on", None),
    )  # fmt: skip
