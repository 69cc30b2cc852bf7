"""A number with everything that belongs to it: how many rows it stands on, its interval, and why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum

Number = int | float | Decimal
PLACES = Decimal("0.000001")


class Why(StrEnum):
    """Why there is no number. Zero is a number; these are not."""

    ZERO = "zero_denominator"
    EMPTY = "no_rows"
    FEW = "too_few"
    NOT_REACHED = "not_reached"
    SEGMENT = "not_by_segment"
    PANEL = "panel"
    NO_COST = "no_cost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a survival curve: after `days`, this share is still waiting."""

    days: int
    at_risk: int
    happened: int
    waiting: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`value` None comes with `why`; `n` is the number of rows it stands on; `parts` are the numbers it is made of."""

    value: Decimal | None
    n: int
    why: Why | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    parts: Mapping[str, Decimal | None] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    curve: tuple[Step, ...] = ()


def exact(number: Number | None) -> Decimal | None:
    """Six places, halves to even: the same number wherever it is shown."""
    if number is None:
        return None
    made = Decimal(repr(number)) if isinstance(number, float) else Decimal(number)
    return made.quantize(PLACES, rounding=ROUND_HALF_EVEN).normalize() + 0 if made else Decimal(0)


def nothing(why: Why, *, n: int = 0, parts: Mapping[str, Number | None] | None = None, notes: tuple[str, ...] = ()) -> Outcome:
    return Outcome(value=None, n=n, why=why, parts={name: exact(one) for name, one in (parts or {}).items()}, notes=notes)


def plain(value: Number | None, n: int, *, notes: tuple[str, ...] = (), **parts: Number | None) -> Outcome:
    """A sum or a count: no rows make 0, because nothing happened is an answer. A value that is missing says that there were no rows."""
    told = {name: exact(one) for name, one in parts.items()}
    return Outcome(value=exact(value), n=n, why=None if value is not None else Why.EMPTY, parts=told, notes=notes)


def ratio(above: Number, below: Number, n: int, *, times: int = 1, notes: tuple[str, ...] = (), **parts: Number | None) -> Outcome:
    """`above / below`, `times` 100 for percent; no number when `below` is 0 or less."""
    told = {"numerator": above, "denominator": below, **parts}
    if below is None or below <= 0:
        return nothing(Why.ZERO, n=n, parts=told, notes=notes)
    return Outcome(value=exact(Decimal(times) * exact(above) / exact(below)), n=n, parts={name: exact(one) for name, one in told.items()}, notes=notes)
