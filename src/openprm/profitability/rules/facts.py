"""One piece of income or cost, and how it is priced and laid on product lines."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from uuid import UUID

from openprm.ledger.rules.allocate import allocate
from openprm.profitability.rules.kinds import INCOMES, Kind

MOST_MINUTES = 10_000 * 60
HOURS_IN_MINUTES = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """`minor` counts in the direction of its kind: a margin of 5 and a cost of 5 are both 5. `minutes` of `group_id` when it is effort."""

    kind: Kind
    month: date
    minor: int
    program_id: UUID | None = None
    product_line_id: UUID | None = None
    deal_id: UUID | None = None
    minutes: int = 0
    group_id: UUID | None = None

    @property
    def signed(self) -> int:
        return self.minor if self.kind in INCOMES else -self.minor


def effort_cost(minutes: int, hourly_minor: int) -> int:
    """What `minutes` of work cost at an hourly rate, halves to even."""
    return int((Decimal(minutes) * hourly_minor / HOURS_IN_MINUTES).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def part_of(minor: int, basis_points: int) -> int:
    """`basis_points` hundredths of a percent of an amount, halves to even."""
    return int((Decimal(minor) * basis_points / 10_000).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def rate_in_force(rates: Sequence[tuple[date, int]], month: date) -> int | None:
    """The hourly rate of a month: the last one that began by then. `rates` are (first month, minor units) in any order."""
    begun = [(since, minor) for since, minor in rates if since <= month]
    return max(begun)[1] if begun else None


def repriced(facts: Iterable[Fact], hourly: Mapping[UUID, int]) -> tuple[Fact, ...]:
    """The same facts with the hours of the groups in `hourly` at another rate: a what-if, nothing is kept."""
    return tuple(replace(fact, minor=effort_cost(fact.minutes, hourly[fact.group_id])) if fact.minutes and fact.group_id in hourly else fact for fact in facts)


def laid_on_lines(facts: Iterable[Fact], lines: Mapping[UUID, Sequence[tuple[UUID, int]]]) -> Iterator[Fact]:
    """What belongs to a deal but to no product line, laid on the deal's lines by their value; not a cent is lost.

    `lines` holds (product line, value) by deal. A deal whose lines have no value is shared evenly.
    """
    for fact in facts:
        found = lines.get(fact.deal_id, ()) if fact.deal_id and fact.product_line_id is None else ()
        if not found:
            yield fact
            continue
        weights = [value for _line, value in found]
        even = weights if any(weights) else [1] * len(weights)
        shares = zip(found, allocate(fact.minor, even), allocate(fact.minutes, even), strict=True)
        for (line_id, _value), minor, minutes in shares:
            yield replace(fact, minor=minor, minutes=minutes, product_line_id=line_id)
