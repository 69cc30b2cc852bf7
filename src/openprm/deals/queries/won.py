"""Won deals with the value of each product line, for rooms that count what came of them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

from openprm.deals import policies
from openprm.deals.models import Line
from openprm.deals.queries.pieces import amount_of, base_amount_of
from openprm.deals.rules.lifecycle import Status
from openprm.kernel.actor import Actor
from openprm.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class WonDeal:
    """`amount` in the deal's currency, `base` in the reporting one; `lines` are (product line, value in the deal's currency)."""

    id: UUID
    number: str
    customer: str
    program_id: UUID
    closed_on: date
    amount: Money
    base: Money
    lines: tuple[tuple[UUID, int], ...]


def won_deals(actor: Actor, *, since: date, until: date) -> tuple[WonDeal, ...]:
    """What the actor may see of deals won in [since, until), oldest first. Two queries."""
    first, end = (datetime.combine(day, time.min, UTC) for day in (since, until))
    rows = list(policies.reach_in(actor, Status.CLOSED_WON).filter(closed_at__gte=first, closed_at__lt=end).order_by("closed_at", "id"))
    lines: dict[UUID, list[tuple[UUID, int]]] = {}
    for registration_id, line_id, minor in Line.objects.filter(registration__in=rows).values_list("registration_id", "product_line_id", "amount_minor"):
        lines.setdefault(registration_id, []).append((line_id, minor))
    return tuple(
        WonDeal(
            id=row.pk,
            number=row.number,
            customer=row.customer_name,
            program_id=row.program_id,
            closed_on=row.closed_at.date(),
            amount=amount_of(row),
            base=base_amount_of(row),
            lines=tuple(lines.get(row.pk, ())),
        )
        for row in rows
    )
