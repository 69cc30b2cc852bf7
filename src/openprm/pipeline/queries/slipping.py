"""Slip analysis: which close dates moved, how far, and which have passed."""

from datetime import date, datetime, timedelta
from typing import Any

from openprm.deals import queries as deals
from openprm.kernel.actor import Actor
from openprm.kernel.http import addresses
from openprm.kernel.money import Money
from openprm.pipeline import policies
from openprm.pipeline.queries.deals import Chances, all_of, open_deals, rows_by_id
from openprm.pipeline.queries.results import Narrowed, OverdueRow, SlipRow, Slips
from openprm.pipeline.rules import slips as rules

WINDOW_DAYS = 90
MOST_MOVES = 5_000
MOST_ROWS = 100


def slips(actor: Actor, narrowed: Narrowed, at: datetime) -> Slips:
    """The moves of the last ninety days of deals that are still open, the farthest first, and the deals that are overdue."""
    today, since = at.date(), at - timedelta(days=WINDOW_DAYS)
    rows = open_deals(actor, narrowed)
    moved = policies.reach_moves(actor).filter(at__gte=since, registration__in=rows.order_by().values("pk")).order_by("-at")[:MOST_MOVES]
    found = rules.slips(rules.Move(row.registration_id, row.before, row.after, row.at) for row in moved)
    known = rows_by_id(actor, (slip.deal_id for slip in found))
    address = addresses("deals:registration" if actor.is_vendor else "deals:portal_registration")
    pushed = sum(known[slip.deal_id].base_amount_minor for slip in found if slip.days > 0 and slip.deal_id in known)
    late = rows.filter(expected_close_date__lt=today)
    return Slips(
        since=since.date(),
        summary=rules.summary(found),
        pushed_total=Money(pushed, deals.base_currency()),
        rows=tuple(_row(slip, known[slip.deal_id], address) for slip in found[:MOST_ROWS] if slip.deal_id in known),
        overdue=tuple(_overdue(row, today, address) for row in late.order_by("expected_close_date", "id")[:MOST_ROWS]),
        overdue_figures=all_of(late, Chances(actor), today),
    )


def _row(slip: rules.Slip, row: Any, address: Any) -> SlipRow:
    return SlipRow(
        **_common(row, address), moves=slip.moves, pushes=slip.pushes, first=slip.first, close=slip.last, days=slip.days, last_at=slip.last_at
    )  # fmt: skip


def _overdue(row: Any, today: date, address: Any) -> OverdueRow:
    return OverdueRow(**_common(row, address), close=row.expected_close_date, days=(today - row.expected_close_date).days)


def _common(row: Any, address: Any) -> dict[str, Any]:
    return {
        "id": row.pk,
        "number": row.number,
        "customer": row.customer_name,
        "partner": row.partner.name,
        "amount": Money(row.base_amount_minor, deals.base_currency()),
        "stage": deals.stage_named(row.stage, row.program_id).name,
        "url": address(row.pk),
    }
