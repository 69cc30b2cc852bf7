"""What deals are worth, by their ids or of one partner, for rooms that share their credit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from openprm.deals import policies
from openprm.deals.queries.pieces import amount_of, base_amount_of
from openprm.deals.rules.lifecycle import COUNTS_AGAINST_CAPACITY, Status
from openprm.kernel.actor import Actor
from openprm.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class DealWorth:
    """`is_open` deals are pipeline; a deal that is neither open nor won is worth nothing."""

    id: UUID
    number: str
    customer: str
    partner_id: UUID
    program_id: UUID | None
    is_won: bool
    is_open: bool
    closed_on: date | None
    amount: Money
    base: Money


def deals_worth(actor: Actor, *, ids: Iterable[UUID] | None = None, partner_id: UUID | None = None, most: int = 500) -> tuple[DealWorth, ...]:
    """The reachable ones among `ids`, or the newest `most` that a partner has open or won. One query."""
    rows = policies.reach(actor)
    if ids is not None:
        rows = rows.filter(pk__in=list(ids))
    if partner_id is not None:
        rows = rows.filter(partner=partner_id, status__in=[Status.CLOSED_WON, *sorted(COUNTS_AGAINST_CAPACITY)]).order_by("-created_at", "-id")[:most]
    return tuple(
        DealWorth(
            id=row.pk,
            number=row.number,
            customer=row.customer_name,
            partner_id=row.partner_id,
            program_id=row.program_id,
            is_won=row.status == Status.CLOSED_WON,
            is_open=row.status in COUNTS_AGAINST_CAPACITY,
            closed_on=row.closed_at.date() if row.closed_at else None,
            amount=amount_of(row),
            base=base_amount_of(row),
        )
        for row in rows
    )
