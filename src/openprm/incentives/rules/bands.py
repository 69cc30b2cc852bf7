"""Integer arithmetic of rates and bands. The columnar engine does the same sums on columns; a test compares both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from openprm.rulebook.ports import Fact
from openprm.rulebook.rules.cells import Condition, matches, read_condition

from .model import RateRow

PER_CENT = 10_000  # rates are whole parts per million: 12.5 % is 125,000
MILLION = 1_000_000
FACTS = ("tier", "partner_type", "country", "product_line", "channel", "new_customer")


@dataclass(frozen=True, slots=True)
class Part:
    """How much of the basis lies in one clause's band."""

    row: RateRow
    minor: int


@dataclass(frozen=True)
class Group:
    """The clauses that share their conditions: one ladder of bands, from the lowest to the highest."""

    when: Mapping[str, str]
    rows: tuple[RateRow, ...]

    @property
    def by_growth(self) -> bool:
        return self.rows[0].by == "growth"

    @property
    def conditions(self) -> dict[str, Condition]:
        return {name: _condition(name, cell) for name, cell in self.when.items()}


def groups(rates: Sequence[RateRow]) -> tuple[Group, ...]:
    """The ladders in the order in which they are written; the first whose conditions fit is the one that pays."""
    found: dict[tuple[tuple[str, str], ...], list[RateRow]] = {}
    for row in rates:
        found.setdefault(tuple(sorted((name, cell.strip()) for name, cell in row.when.items() if cell.strip())), []).append(row)
    return tuple(Group(dict(when), tuple(sorted(rows, key=lambda row: row.low))) for when, rows in found.items())


def fits(group: Group, facts: Mapping[str, object]) -> bool:
    """Whether every condition of the ladder holds. A fact that is not known never fits."""
    return all(_holds(condition, facts.get(name)) for name, condition in group.conditions.items())


def parts(group: Group, *, bands: str, basis: int, before: int, growth: Decimal | None) -> tuple[Part, ...]:
    """The basis (not negative) laid over the bands. `before` is what came before it in the same span.

    Marginal: each band pays its own rate on what lies in it. Whole: the band in which the sum lies pays on all of the basis.
    """
    if group.by_growth:
        return _whole(group, growth_place(growth), basis) if growth is not None else ()
    if bands == "whole":
        return _whole(group, before + basis, basis)
    found = ((row, min(before + basis, row.high if row.high is not None else before + basis) - max(before, row.low)) for row in group.rows)
    inside = tuple(Part(row, minor) for row, minor in found if minor > 0)
    return inside or _whole(group, before, basis)


def share_of(minor: int, millionths: int) -> int:
    """`minor` × `millionths` / 1,000,000, halves to even."""
    whole, rest = divmod(abs(minor) * millionths, MILLION)
    whole += rest * 2 > MILLION or (rest * 2 == MILLION and whole % 2 == 1)
    return whole if minor >= 0 else -whole


def millionths(percent: Decimal) -> int:
    return int((percent * PER_CENT).to_integral_value(ROUND_HALF_EVEN))


def growth_place(growth: Decimal) -> int:
    """Growth in per cent as a place on the growth ladder: 12.5 % is 125,000."""
    return int((growth * PER_CENT).to_integral_value(ROUND_HALF_EVEN))


def _whole(group: Group, place: int, basis: int) -> tuple[Part, ...]:
    return tuple(Part(row, basis) for row in group.rows if row.low <= place and (row.high is None or place < row.high))[:1]


def _condition(name: str, cell: str) -> Condition:
    return read_condition(cell, Fact(name, name, "bool" if name == "new_customer" else "text"))


def _holds(condition: Condition, value: object) -> bool:
    if isinstance(value, tuple):
        held = [matches(condition, one, {}) for one in value]
        return bool(held) and (all(held) if condition.op == "not in" else any(held))
    return matches(condition, value, {})  # type: ignore[arg-type]
