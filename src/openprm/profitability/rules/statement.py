"""Adding facts up: totals, the bridge from each euro to what is left of it, and the same by period, program, line or deal."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from openprm.profitability.rules.facts import Fact
from openprm.profitability.rules.kinds import COSTS, INCOMES, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Sums by kind, each in the direction of its kind; `minutes` of effort."""

    by_kind: Mapping[Kind, int]
    minutes: int = 0

    @property
    def income(self) -> int:
        return sum(self.by_kind.get(kind, 0) for kind in INCOMES)

    @property
    def cost(self) -> int:
        return sum(self.by_kind.get(kind, 0) for kind in COSTS)

    @property
    def result(self) -> int:
        return self.income - self.cost

    @property
    def left_of_hundred(self) -> Decimal | None:
        """What is left of each 100 of income, with one decimal; None without income."""
        return share_of_hundred(self.result, self.income)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the bridge: from `start` to `end`, both in minor units; `share` of each 100 of income."""

    kind: Kind
    minor: int
    start: int
    end: int
    share: Decimal | None


def share_of_hundred(part: int, whole: int) -> Decimal | None:
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), rounding=ROUND_HALF_EVEN) if whole > 0 else None


def totals(facts: Iterable[Fact]) -> Totals:
    sums: dict[Kind, int] = {}
    minutes = 0
    for fact in facts:
        sums[fact.kind] = sums.get(fact.kind, 0) + fact.minor
        minutes += fact.minutes
    return Totals(by_kind=sums, minutes=minutes)


def bridge(of: Totals) -> tuple[Step, ...]:
    """Income up, cost down, one after the other; kinds without an amount are left out. The last end is the result."""
    steps, at = [], 0
    for kind in (*INCOMES, *COSTS):
        minor = of.by_kind.get(kind, 0)
        if minor:
            signed = minor if kind in INCOMES else -minor
            steps.append(Step(kind=kind, minor=signed, start=at, end=at + signed, share=share_of_hundred(signed, of.income)))
            at += signed
    return tuple(steps)


def grouped(facts: Sequence[Fact], key: Callable[[Fact], Hashable]) -> dict[Hashable, Totals]:
    """Totals by a key of the fact, in the order in which keys are first met."""
    kept: dict[Hashable, list[Fact]] = {}
    for fact in facts:
        kept.setdefault(key(fact), []).append(fact)
    return {name: totals(rows) for name, rows in kept.items()}


def quarter(month: date) -> date:
    return month.replace(month=3 * ((month.month - 1) // 3) + 1)


def year(month: date) -> date:
    return month.replace(month=1)


def months_between(since: date, until: date) -> tuple[date, ...]:
    """The first days of the months in [since, until)."""
    found, month = [], since.replace(day=1)
    while month < until:
        found.append(month)
        month = next_month(month)
    return tuple(found)


def next_month(month: date) -> date:
    return month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1, day=1)


def months_before(month: date, count: int) -> date:
    """The first day of the month that lies `count` months earlier."""
    number = month.year * 12 + month.month - 1 - count
    return date(number // 12, number % 12 + 1, 1)
