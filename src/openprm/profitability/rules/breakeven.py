"""When being a partner pays: how many deals carry what it costs, since when the sum is no loss, and where it goes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from openprm.profitability.rules.facts import Fact
from openprm.profitability.rules.kinds import STANDING


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEven:
    """`standing` is what a partner pays before the first deal; `per_deal` what an average won deal leaves after its own effort.

    `deals_needed` is None when a deal leaves nothing: then no number of them carries the cost.
    """

    standing: int
    deals: int
    per_deal: int
    deals_needed: int | None
    reached: bool
    paid_back_in: date | None


def break_even(facts: Sequence[Fact], *, deals: int) -> BreakEven:
    """All that is not standing cost is what the deals leave; `deals` is how many were won in the same time."""
    standing = sum(fact.minor for fact in facts if fact.kind in STANDING)
    left = sum(fact.signed for fact in facts if fact.kind not in STANDING)
    per_deal = left // deals if deals else 0
    needed = -(-standing // per_deal) if per_deal > 0 else (0 if standing <= 0 else None)
    return BreakEven(
        standing=standing,
        deals=deals,
        per_deal=per_deal,
        deals_needed=needed,
        reached=left >= standing,
        paid_back_in=paid_back_in(facts),
    )


def paid_back_in(facts: Iterable[Fact]) -> date | None:
    """The month since which the sum of all results has stayed at zero or above; None while it is below, or when nothing happened."""
    by_month: dict[date, int] = {}
    for fact in facts:
        by_month[fact.month] = by_month.get(fact.month, 0) + fact.signed
    total, since = 0, None
    for month in sorted(by_month):
        total += by_month[month]
        since = None if total < 0 else since or month
    return since


def trend(now: int, before: int) -> int | None:
    """Change of the result in whole percent against a time of the same length; None when there is nothing to compare with."""
    return round(100 * (now - before) / abs(before)) if before else None
