"""The calculator on columns: what plans pay for a million events. It means what `rules.calculate` means; a test compares both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ..rules.bands import MILLION, Group, fits, groups, millionths
from ..rules.calculate import WrongCurrency, allowed_of, pays
from ..rules.model import PlanTerms, Spent
from ..rules.windows import add_months, needed, window

COLUMNS: Mapping[str, pa.DataType] = {
    "key": pa.string(), "code": pa.string(), "partner_id": pa.string(), "program_id": pa.string(), "occurred_on": pa.date32(), "currency": pa.string(),
    "list_minor": pa.int64(), "net_minor": pa.int64(), "margin_minor": pa.int64(), "share_millionths": pa.int64(), "tier": pa.string(),
    "partner_type": pa.string(), "country": pa.string(), "channel": pa.string(), "new_customer": pa.bool_(), "product_lines": pa.string(),
    "first_on": pa.date32(), "growth_place": pa.int64(), "accrued_minor": pa.int64(),
}  # fmt: skip
SMALL = 9 * 10**12
_AMOUNT = {"list": "list_minor", "margin": "margin_minor"}


def accrue(events: pa.Table, plans: Sequence[PlanTerms]) -> pa.Table:
    """One column per plan, named by its place ("0", "1", …): minor units that it pays for each event, in the order of the rows.

    `events` has columns of `COLUMNS`; one that is absent is not known, `share_millionths` then is all of it, `code` "deal_won", and
    `product_lines` holds ids joined by commas. A column "condition:…" (bool) answers that condition. Limits, caps and bands that add up
    run through the events by day, then key. Raises WrongCurrency.
    """
    columns = _Columns(events)
    return pa.table({str(place): pa.array(paid(columns, plan)) for place, plan in enumerate(plans)} or {"none": pa.nulls(events.num_rows)})


def totals(events: pa.Table, plans: Sequence[PlanTerms]) -> tuple[int, ...]:
    """What each plan pays for all events together. Raises WrongCurrency."""
    columns = _Columns(events)
    return tuple(int(paid(columns, plan).sum()) for plan in plans)


class _Columns:
    """The events with their texts as small numbers, so that a condition is asked once for each value that occurs."""

    def __init__(self, events: pa.Table) -> None:
        self.events, self.rows = events.combine_chunks(), events.num_rows
        self._coded: dict[str, tuple[np.ndarray, list[Any]]] = {}

    def coded(self, name: str) -> tuple[np.ndarray, list[Any]]:
        """The place of each row's value among the values; the last value is "not known"."""
        if name not in self._coded:
            self._coded[name] = self._code(name)
        return self._coded[name]

    def holds(self, name: str, test: Callable[[Any], bool]) -> np.ndarray:
        codes, values = self.coded(name)
        return np.array([test(value) for value in values], dtype=bool)[codes]

    def minor(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """The numbers, and where they are known."""
        if name not in self.events.column_names:
            return np.zeros(self.rows, np.int64), np.zeros(self.rows, bool)
        column = self.events.column(name)
        return _numbers(pc.fill_null(column, 0)), ~_flat(pc.is_null(column)) if column.null_count else np.ones(self.rows, bool)

    @cached_property
    def days(self) -> np.ndarray:
        return _numbers(self.events.column("occurred_on").cast(pa.int32())).astype(np.int64)

    @cached_property
    def by_time(self) -> np.ndarray:
        """The events by day, then key."""
        return _flat(pc.sort_indices(self.events, sort_keys=[("occurred_on", "ascending"), ("key", "ascending")])).astype(np.int64)

    @cached_property
    def by_partner(self) -> np.ndarray:
        return self.by_time[np.argsort(self.coded("partner_id")[0][self.by_time], kind="stable")]

    def ordered(self, rows: np.ndarray, by_partner: bool) -> np.ndarray:
        """The places of `rows` in the order of time, within each partner or over all."""
        places = np.full(self.rows, -1, np.int64)
        places[rows] = np.arange(len(rows))
        found = places[self.by_partner if by_partner else self.by_time]
        return found[found >= 0]

    def _code(self, name: str) -> tuple[np.ndarray, list[Any]]:
        if name not in self.events.column_names:
            return np.zeros(self.rows, np.int64), [None]
        coded = pc.dictionary_encode(_one(self.events.column(name)))
        values = coded.dictionary.to_pylist()
        return _flat(pc.fill_null(coded.indices, len(values))), [*values, None]


def paid(columns: Any, plan: PlanTerms) -> np.ndarray:
    """What one plan pays for each event. Raises WrongCurrency."""
    columns = columns if isinstance(columns, _Columns) else _Columns(columns)
    found = np.zeros(columns.rows, np.int64)
    rows = np.flatnonzero(_inside(columns, plan))
    basis, known = _basis(columns, plan, rows)
    rows, basis = rows[known], basis[known]
    ladder = _ladders(columns, plan, rows)
    rows, basis, ladder = rows[ladder >= 0], basis[ladder >= 0], ladder[ladder >= 0]
    earned = _laid(columns, plan, rows, basis, ladder)
    if plan.terms.true_up:
        earned = earned - columns.minor("accrued_minor")[0][rows]
    found[rows] = _limited(columns, plan, rows, earned)
    return found


def _inside(columns: _Columns, plan: PlanTerms) -> np.ndarray:
    """Where the plan looks at the event at all."""
    here = columns.holds("code", lambda value: (value or "deal_won") == plan.terms.event)
    if plan.starts_on:
        here &= columns.days >= _day(plan.starts_on)
    if plan.ends_on:
        here &= columns.days < _day(plan.ends_on)
    if plan.program_id:
        here &= columns.holds("program_id", lambda value: value == str(plan.program_id))
    if plan.partner_ids:
        named = {str(one) for one in plan.partner_ids}
        here &= columns.holds("partner_id", lambda value: value in named)
    for condition in plan.terms.conditions:
        here &= columns.holds(condition.key, lambda value: value is not False)
    return here & _in_time(columns, plan)


def _in_time(columns: _Columns, plan: PlanTerms) -> np.ndarray:
    months = plan.terms.duration_months
    if months is None:
        return np.ones(columns.rows, bool)
    codes, firsts = columns.coded("first_on")
    far = np.iinfo(np.int64).max
    until = np.array([far if first is None else (_day(add_months(first, months)) if months else -far) for first in firsts], np.int64)
    return columns.days < until[codes]


def _basis(columns: _Columns, plan: PlanTerms, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The amount that counts, and where it is known."""
    terms = plan.terms
    name = _AMOUNT.get(terms.basis, "net_minor")
    is_flat = all(row.rate is None and row.low == 0 and row.high is None for row in terms.rates)
    amounts, known = columns.minor("net_minor" if is_flat else name)
    amounts, known = amounts[rows], known[rows]
    same = columns.holds("currency", lambda value: value == terms.currency)[rows]
    if is_flat:
        return np.where(known & same, amounts, 0), np.ones(len(rows), bool)
    if (known & ~same).any():
        raise WrongCurrency(f"not every amount is in {terms.currency}")
    if terms.basis == "credited" and "share_millionths" in columns.events.column_names:
        shares, told = columns.minor("share_millionths")
        amounts = _share_of(amounts, np.where(told, shares, MILLION)[rows])
    if terms.fee_percent:
        amounts = amounts - _share_of(amounts, millionths(terms.fee_percent))
    return amounts, known


def _ladders(columns: _Columns, plan: PlanTerms, rows: np.ndarray) -> np.ndarray:
    """Which ladder of bands pays for each event: the first whose conditions fit, -1 for none."""
    found = np.full(len(rows), -1, np.int64)
    for place, group in enumerate(groups(plan.terms.rates)):
        fitting = found < 0
        for name in group.when:
            fitting &= columns.holds(*_question(name, group))[rows]
        found[fitting] = place
    return found


def _question(name: str, group: Group) -> tuple[str, Callable[[Any], bool]]:
    only = Group({name: group.when[name]}, group.rows)
    if name == "product_line":
        return "product_lines", lambda value: fits(only, {name: tuple(value.split(",")) if value else ()})
    return name, lambda value: fits(only, {name: value or None if isinstance(value, str) else value})


def _laid(columns: _Columns, plan: PlanTerms, rows: np.ndarray, basis: np.ndarray, ladder: np.ndarray) -> np.ndarray:
    """The basis over the bands of its ladder."""
    size, before = np.abs(basis), _before(columns, plan, rows, basis)
    earned = np.zeros(len(rows), np.int64)
    for place, group in enumerate(groups(plan.terms.rates)):
        here = ladder == place
        if here.all():
            earned = _group(columns, plan, group, rows, size, before)
        elif here.any():
            earned[here] = _group(columns, plan, group, rows[here], size[here], before[here])
    return np.where(basis < 0, -earned, earned)


def _group(columns: _Columns, plan: PlanTerms, group: Group, rows: np.ndarray, size: np.ndarray, before: np.ndarray) -> np.ndarray:
    is_whole, known = plan.terms.bands == "whole" or group.by_growth, np.ones(len(rows), bool)
    places = before + size
    if group.by_growth:
        places, known = (one[rows] for one in columns.minor("growth_place"))
    earned, inside = np.zeros(len(rows), np.int64), np.zeros(len(rows), bool)
    for row in group.rows:
        rate = millionths(row.rate) if row.rate is not None else None
        if not is_whole:
            top = places if row.high is None else np.minimum(places, row.high)
            part = np.maximum(top - np.maximum(before, row.low), 0) if row.low else np.maximum(top - before, 0)
            inside |= part > 0
            earned += _share_of(part, rate) if rate is not None else np.where(part > 0, pays(plan, row, 0), 0)
            continue
        here = known & (places >= row.low) & (places < row.high if row.high is not None else True)
        earned += np.where(here, _share_of(size, rate) if rate is not None else pays(plan, row, 0), 0)
    return earned if is_whole or inside.all() else earned + _without_a_basis(plan, group, before, inside)


def _without_a_basis(plan: PlanTerms, group: Group, before: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Fixed amounts where nothing lies in any band: the band of what came before pays, as for whole bands."""
    earned = np.zeros(len(before), np.int64)
    for row in group.rows:
        here = ~inside & (before >= row.low) & (before < row.high if row.high is not None else True)
        earned += np.where(here, 0 if row.rate is not None else pays(plan, row, 0), 0)
    return earned


def _before(columns: _Columns, plan: PlanTerms, rows: np.ndarray, basis: np.ndarray) -> np.ndarray:
    """What came before each event in the same span of the same partner."""
    if plan.terms.span == "event":
        return np.zeros(len(rows), np.int64)
    before = _running(columns, rows, basis, f"partner_{plan.terms.span}")
    return np.maximum(np.where(basis < 0, before - np.abs(basis), before), 0)


def _limited(columns: _Columns, plan: PlanTerms, rows: np.ndarray, earned: np.ndarray) -> np.ndarray:
    """Caps, limits and the smallest amount. One window without a smallest amount is a running sum; several are walked through in order."""
    cap = plan.terms.caps.get("event")
    names = needed(plan)
    if not names:
        return _above(plan, earned if cap is None else np.minimum(earned, cap))
    if len(names) == 1 and not plan.terms.minimum and (earned >= 0).all():
        [name] = names
        most = plan.terms.limits.get(name, plan.terms.caps.get(name, 0))
        earned = earned if cap is None else np.minimum(earned, cap)
        before = _running(columns, rows, earned, name)
        return np.minimum(before + earned, most) - np.minimum(before, most)
    return _walked(columns, plan, rows, earned, names)


def _above(plan: PlanTerms, earned: np.ndarray) -> np.ndarray:
    return np.where((earned > 0) & (earned < plan.terms.minimum), 0, earned) if plan.terms.minimum else earned


def _walked(columns: _Columns, plan: PlanTerms, rows: np.ndarray, earned: np.ndarray, names: tuple[str, ...]) -> np.ndarray:
    held = {name: _windows(columns, rows, name).tolist() for name in names}
    spent: dict[tuple[str, Any], int] = {}
    found = np.zeros(len(rows), np.int64)
    for place in columns.ordered(rows, False).tolist():
        if not earned[place]:
            continue
        paid_before = {name: spent.get((name, held[name][place]), 0) for name in names}
        allowed, _by = allowed_of(plan, int(earned[place]), Spent(paid_before))
        if 0 < allowed < plan.terms.minimum:
            continue
        found[place] = allowed
        for name in names:
            spent[name, held[name][place]] = paid_before[name] + allowed
    return found


def _running(columns: _Columns, rows: np.ndarray, values: np.ndarray, name: str) -> np.ndarray:
    """For each event the sum of the values before it in its window: windows are runs, of a partner's events or of all."""
    order, window_of = columns.ordered(rows, name.startswith("partner_")), _windows(columns, rows, name)
    sums = np.cumsum(values[order]) - values[order]
    ordered = window_of[order]
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])) if len(order) else order
    base = np.repeat(sums[starts], np.diff(np.append(starts, len(order))))
    found = np.empty(len(rows), np.int64)
    found[order] = sums - base
    return found


def _windows(columns: _Columns, rows: np.ndarray, name: str) -> np.ndarray:
    """A number for the window that each event lies in: of the partner for "partner_…", else of the whole plan."""
    days = columns.days[rows]
    unique, back = np.unique(days, return_inverse=True)
    firsts = [window(name, _date(day))[0] for day in unique.tolist()]
    spans = np.array([_day(first) if first else 0 for first in firsts], np.int64)[back] if len(days) else days
    return spans * (10**9) + columns.coded("partner_id")[0][rows] if name.startswith("partner_") else spans


def _share_of(minor: np.ndarray, parts: np.ndarray | int) -> np.ndarray:
    """`minor` × `parts` / 1,000,000, halves to even, without leaving 64 bits."""
    if not len(minor):
        return minor
    is_plain = int(minor.min()) >= 0
    size = minor if is_plain else np.abs(minor)
    if int(size.max()) <= SMALL:
        whole, rest = _divided(size * parts)
    else:
        high, low = _divided(size)
        whole, rest = _divided(low * parts)
        whole += high * parts
    twice = rest * 2
    whole += (twice > MILLION) | ((twice == MILLION) & (whole & 1 == 1))
    return whole if is_plain else np.where(minor < 0, -whole, whole)


def _divided(numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    whole = numbers // MILLION
    return whole, numbers - whole * MILLION


def _numbers(column: Any) -> np.ndarray:
    return np.asarray(_flat(column), np.int64)


def _one(column: Any) -> pa.Array:
    """A column in one piece."""
    return column if isinstance(column, pa.Array) else pa.concat_arrays(column.chunks) if column.chunks else pa.array([], column.type)


def _flat(column: Any) -> np.ndarray:
    return column.to_numpy(zero_copy_only=False) if isinstance(column, pa.Array) else column.to_numpy()


def _day(day: Any) -> int:
    return int(np.datetime64(day, "D").astype(np.int64))


def _date(day: int) -> Any:
    return np.datetime64(day, "D").astype(object)
