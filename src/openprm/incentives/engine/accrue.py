"""The calculator on columns: what plans pay for a million events. It means what `rules.calculate` means; a test compares both.

Amounts are worked out block by block, so that what is between stays in the processor's cache; what a plan looks back on (bands that
add up, limits, caps of a partner) is one running sum over all events.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from ..rules.bands import Group, fits, groups, millionths
from ..rules.calculate import WrongCurrency, allowed_of, pays
from ..rules.model import PlanTerms, Spent
from ..rules.windows import add_months, needed
from .amounts import share_of
from .columns import COLUMNS, Columns, both

__all__ = ["COLUMNS", "accrue", "paid", "totals"]
BLOCK = 1 << 15
_AMOUNT = {"list": "list_minor", "margin": "margin_minor"}


def accrue(events: pa.Table, plans: Sequence[PlanTerms]) -> pa.Table:
    """One column per plan, named by its place ("0", "1", …): minor units that it pays for each event, in the order of the rows.

    `events` has columns of `COLUMNS`; one that is absent is not known, `share_millionths` then is all of it, `code` "deal_won", and
    `product_lines` holds ids joined by commas. A column "condition:…" (bool) answers that condition. Limits, caps and bands that add up
    run through the events by day, then key. Raises WrongCurrency.
    """
    columns = Columns(events)
    return pa.table({str(place): pa.array(paid(columns, plan)) for place, plan in enumerate(plans)} or {"none": pa.nulls(events.num_rows)})


def totals(events: pa.Table, plans: Sequence[PlanTerms]) -> tuple[int, ...]:
    """What each plan pays for all events together. Raises WrongCurrency."""
    columns = Columns(events)
    return tuple(_total(_Asked(columns, plan)) for plan in plans)


def paid(columns: Columns, plan: PlanTerms) -> np.ndarray:
    """What one plan pays for each event. Raises WrongCurrency."""
    asked = _Asked(columns, plan)
    return _limited(asked, _earned(asked))


def _total(asked: _Asked) -> int:
    if needed(asked.plan):
        return int(_limited(asked, _earned(asked)).sum())
    return sum(int(_above(asked.plan, _capped(asked.plan, block)).sum()) for _where, block in _blocks(asked))


def _earned(asked: _Asked) -> np.ndarray:
    found = np.empty(asked.columns.rows, np.int64)
    for where, block in _blocks(asked):
        found[where] = block
    return found


def _blocks(asked: _Asked) -> Iterator[tuple[slice, np.ndarray]]:
    for start in range(0, asked.columns.rows, BLOCK):
        where = slice(start, start + BLOCK)
        yield where, _block(asked, where)


def _block(asked: _Asked, where: slice) -> np.ndarray:
    """What the bands give for some of the events: whole numbers, zero where the plan does not pay."""
    basis = asked.basis[where]
    size = np.abs(basis) if asked.is_signed else basis
    earned = asked.flat[asked.ladder[where]] if asked.is_flat else asked.by_ladder(where, size)
    if asked.is_signed:
        earned = np.where(basis < 0, -earned, earned)
    if asked.booked is not None:
        earned = earned - asked.booked[where]
    return earned if asked.inside is None else np.where(asked.inside[where], earned, 0)


@dataclass(frozen=True)
class _Asked:
    """One plan over the columns: where it looks, on which amount, by which ladder."""

    columns: Columns
    plan: PlanTerms

    @cached_property
    def ladders(self) -> tuple[Group, ...]:
        return groups(self.plan.terms.rates)

    @cached_property
    def is_flat(self) -> bool:
        """No amount is needed: every event pays the same."""
        return all(row.rate is None and row.low == 0 and row.high is None for row in self.plan.terms.rates)

    @cached_property
    def flat(self) -> np.ndarray:
        return np.array([*(pays(self.plan, group.rows[0], 0) for group in self.ladders), 0], np.int64)

    @cached_property
    def basis(self) -> np.ndarray:
        return self._basis[0]

    @cached_property
    def is_signed(self) -> bool:
        return self.columns.once("signed", self._basis_name, lambda: bool(len(self.basis) and self.basis.min() < 0))

    @cached_property
    def largest(self) -> int:
        """The largest amount without its sign."""
        return self.columns.once("largest", self._basis_name, lambda: int(max(self.basis.max(), -self.basis.min())) if len(self.basis) else 0)

    @cached_property
    def inside(self) -> np.ndarray | None:
        """Where the plan pays; None: everywhere."""
        here = both(_inside(self.columns, self.plan), self._basis[1])
        return both(here, self.ladder >= 0) if self.is_choosy else here

    @cached_property
    def is_choosy(self) -> bool:
        """Whether some events find no ladder."""
        return bool(self.columns.rows) and int(self.ladder.min()) < 0

    @cached_property
    def ladder(self) -> np.ndarray:
        conditions = "; ".join(f"{sorted(group.when.items())}" for group in self.ladders)
        return self.columns.once("ladder", conditions, lambda: _ladder(self.columns, self.ladders))

    @cached_property
    def booked(self) -> np.ndarray | None:
        return self.columns.minor("accrued_minor")[0] if self.plan.terms.true_up else None

    @cached_property
    def before(self) -> np.ndarray | None:
        """What came before each event in the same span of the same partner; None when each event stands alone."""
        if self.plan.terms.span == "event":
            return None
        if self.inside is None:
            return self.columns.once("before", f"{self.plan.terms.span} {self._basis_name}", lambda: self._before(self.basis))
        return self._before(np.where(self.inside, self.basis, 0))

    def _before(self, values: np.ndarray) -> np.ndarray:
        before = self.columns.runs(f"partner_{self.plan.terms.span}").before(values)
        if not self.is_signed:
            return before
        before = np.where(values < 0, before + values, before)
        return np.maximum(before, 0, out=before)

    @cached_property
    def one_rate(self) -> np.ndarray | None:
        """By ladder the one rate that pays on all of it; None when there are bands or amounts."""
        rows = [group.rows for group in self.ladders]
        if any(len(one) > 1 or one[0].rate is None or one[0].by == "growth" for one in rows):
            return None
        return np.array([*(millionths(one[0].rate) for one in rows), 0], np.int64)  # type: ignore[arg-type]

    def by_ladder(self, where: slice, size: np.ndarray) -> np.ndarray:
        if self.one_rate is not None:
            rates = int(self.one_rate[0]) if len(self.ladders) == 1 else self.one_rate[self.ladder[where]]
            return share_of(size, rates, largest=self.largest)
        before = self.before[where] if self.before is not None else 0
        if len(self.ladders) == 1:
            return _banded(self, self.ladders[0], where, size, before)
        ladder, earned = self.ladder[where], np.zeros(len(size), np.int64)
        for place, group in enumerate(self.ladders):
            here = ladder == place
            earned = np.where(here, _banded(self, group, where, size, before), earned) if here.any() else earned
        return earned

    @cached_property
    def _basis_name(self) -> str:
        terms = self.plan.terms
        return f"{'flat' if self.is_flat else terms.basis} {terms.fee_percent} {terms.currency}"

    @cached_property
    def _basis(self) -> tuple[np.ndarray, np.ndarray | None]:
        return self.columns.once("basis", self._basis_name, lambda: _basis(self.columns, self.plan, self.is_flat))


def _inside(columns: Columns, plan: PlanTerms) -> np.ndarray | None:
    """Where the plan looks at the event at all."""
    here = columns.holds("code", lambda value: (value or "deal_won") == plan.terms.event)
    here = both(here, columns.holds("plan_id", lambda value: value in (None, str(plan.plan_id))))
    if plan.starts_on:
        here = both(here, columns.days >= columns.since(plan.starts_on))
    if plan.ends_on:
        here = both(here, columns.days < columns.since(plan.ends_on))
    if plan.program_id:
        here = both(here, columns.holds("program_id", lambda value: value == str(plan.program_id)))
    if plan.partner_ids:
        named = {str(one) for one in plan.partner_ids}
        here = both(here, columns.holds("partner_id", lambda value: value in named))
    for condition in plan.terms.conditions:
        here = both(here, columns.holds(condition.key, lambda value: value is not False))
    return both(here, _in_time(columns, plan))


def _in_time(columns: Columns, plan: PlanTerms) -> np.ndarray | None:
    months = plan.terms.duration_months
    if months is None or not columns.has("first_on"):
        return None
    codes, firsts = columns.coded("first_on")
    far = np.iinfo(np.int64).max
    until = np.array([far if first is None else (columns.since(add_months(first, months)) if months else -far) for first in firsts], np.int64)
    return columns.days < until[codes]


def _basis(columns: Columns, plan: PlanTerms, is_flat: bool) -> tuple[np.ndarray, np.ndarray | None]:
    """The amount that counts, and where it is known. Raises WrongCurrency."""
    terms = plan.terms
    amounts, known = columns.minor("net_minor" if is_flat else _AMOUNT.get(terms.basis, "net_minor"))
    other = columns.once("differs", f"currency {terms.currency}", lambda: columns.differs("currency", terms.currency))
    if is_flat:
        counts = both(known, None if other is None else ~other)
        return (amounts if counts is None else np.where(counts, amounts, 0)), None
    if other is not None and (other if known is None else known & other).any():
        raise WrongCurrency(f"not every amount is in {terms.currency}")
    if terms.basis == "credited" and columns.has("share_millionths"):
        shares, told = columns.minor("share_millionths")
        amounts = share_of(amounts, shares if told is None else np.where(told, shares, 1_000_000))
    if terms.fee_percent:
        amounts = amounts - share_of(amounts, millionths(terms.fee_percent))
    return amounts, known


def _ladder(columns: Columns, ladders: Sequence[Group]) -> np.ndarray:
    """Which ladder of bands pays for each event: the first whose conditions fit, -1 for none."""
    found = np.zeros(columns.rows, np.int8)
    if not ladders[0].when:
        return found
    found -= 1
    for place, group in reversed(list(enumerate(ladders))):
        fitting: np.ndarray | None = None
        for name in group.when:
            fitting = both(fitting, columns.holds(*_question(name, group)))
        found = np.full(columns.rows, place, np.int8) if fitting is None else np.where(fitting, np.int8(place), found)
    return found


def _question(name: str, group: Group) -> tuple[str, Any]:
    only = Group({name: group.when[name]}, group.rows)
    if name == "product_line":
        return "product_lines", lambda value: fits(only, {name: tuple(value.split(",")) if value else ()})
    return name, lambda value: fits(only, {name: value or None if isinstance(value, str) else value})


def _banded(asked: _Asked, group: Group, where: slice, size: np.ndarray, before: Any) -> np.ndarray:
    """The amounts of one block over the bands of one ladder."""
    if group.by_growth:
        places, known = asked.columns.minor("growth_place")
        return _whole(asked, group, size, places[where], True if known is None else known[where])
    if asked.plan.terms.bands == "whole":
        return _whole(asked, group, size, before + size, True)
    earned, inside, places = np.zeros(len(size)), np.zeros(len(size), bool), before + size
    for row in group.rows:
        part = (places if row.high is None else np.minimum(places, row.high)) - (np.maximum(before, row.low) if row.low else before)
        part = np.maximum(part, 0)
        inside |= part > 0
        earned = earned + (share_of(part, millionths(row.rate), largest=asked.largest) if row.rate is not None else (part > 0) * pays(asked.plan, row, 0))
    if inside.all() or all(row.rate is not None for row in group.rows):
        return earned
    return earned + np.where(inside, 0, _whole(asked, group, size * 0, before + size * 0, True))


def _whole(asked: _Asked, group: Group, size: np.ndarray, places: np.ndarray, known: Any) -> np.ndarray:
    """The band in which the place lies pays on all of it."""
    earned = np.zeros(len(size))
    for row in group.rows:
        here = known & (places >= row.low) & (places < row.high if row.high is not None else True)
        gives = share_of(size, millionths(row.rate), largest=asked.largest) if row.rate is not None else pays(asked.plan, row, 0)
        earned = np.where(here, gives, earned)
    return earned


def _limited(asked: _Asked, earned: np.ndarray) -> np.ndarray:
    """Caps, limits and the smallest amount. One window without a smallest amount is a running sum; several are walked through in order."""
    plan, names = asked.plan, needed(asked.plan)
    if not names:
        return _above(plan, _capped(plan, earned))
    if len(names) == 1 and not plan.terms.minimum and (not len(earned) or int(earned.min()) >= 0):
        [name] = names
        most = plan.terms.limits.get(name, plan.terms.caps.get(name, 0))
        earned = _capped(plan, earned)
        room = asked.columns.runs(name).before(earned)
        np.subtract(most, room, out=room)
        np.maximum(room, 0, out=room)
        return np.minimum(earned, room, out=room)
    return _walked(asked, earned, names)


def _capped(plan: PlanTerms, earned: np.ndarray) -> np.ndarray:
    return np.minimum(earned, plan.terms.caps["event"]) if "event" in plan.terms.caps else earned


def _above(plan: PlanTerms, earned: np.ndarray) -> np.ndarray:
    return np.where((earned > 0) & (earned < plan.terms.minimum), 0, earned) if plan.terms.minimum else earned


def _walked(asked: _Asked, earned: np.ndarray, names: tuple[str, ...]) -> np.ndarray:
    held = {name: asked.columns.windows(name).tolist() for name in names}
    spent: dict[tuple[str, Any], int] = {}
    found, amounts, order = np.zeros(len(earned), np.int64), earned.tolist(), asked.columns.by_time
    for place in order[earned[order] != 0].tolist():
        paid_before = {name: spent.get((name, held[name][place]), 0) for name in names}
        allowed, _by = allowed_of(asked.plan, amounts[place], Spent(paid_before))
        if 0 < allowed < asked.plan.terms.minimum:
            continue
        found[place] = allowed
        for name in names:
            spent[name, held[name][place]] = paid_before[name] + allowed
    return found
