"""Events as columns: texts as small numbers, amounts and days as arrays, and the runs of events over which plans add up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ..rules.windows import window

COLUMNS: Mapping[str, pa.DataType] = {
    "key": pa.string(), "code": pa.string(), "partner_id": pa.string(), "program_id": pa.string(), "plan_id": pa.string(), "occurred_on": pa.date32(),
    "currency": pa.string(), "list_minor": pa.int64(), "net_minor": pa.int64(), "margin_minor": pa.int64(), "share_millionths": pa.int64(),
    "tier": pa.string(), "partner_type": pa.string(), "country": pa.string(), "channel": pa.string(), "new_customer": pa.bool_(),
    "product_lines": pa.string(), "first_on": pa.date32(), "growth_place": pa.int64(), "accrued_minor": pa.int64(),
}  # fmt: skip


@dataclass(frozen=True)
class Runs:
    """The events in an order in which every window is one run, and where each run starts."""

    order: np.ndarray
    starts: np.ndarray

    def before(self, values: np.ndarray) -> np.ndarray:
        """For each event the sum of the values before it in its window: one running sum that each run begins anew."""
        found, moved = np.empty_like(values), np.zeros_like(values)
        if not len(values):
            return found
        np.take(values, self.order[:-1], out=moved[1:], mode="clip")
        if len(self.starts) > 1:
            moved[self.starts[1:]] -= self._sums(moved)
        found[self.order] = np.cumsum(moved, out=moved)
        return found

    def _sums(self, moved: np.ndarray) -> np.ndarray:
        """What each run but the last comes to; `moved` holds the values one place later."""
        ends = self.starts[1:]
        return np.add.reduceat(moved[1 : ends[-1] + 1], self.starts[:-1])


class Columns:
    """The events; everything that is worked out of them is worked out once, however many plans ask."""

    def __init__(self, events: pa.Table) -> None:
        self.events, self.rows = events, events.num_rows
        self._kept: dict[tuple[str, str], Any] = {}

    def has(self, name: str) -> bool:
        return name in self.events.column_names

    def once(self, about: str, name: str, make: Callable[[], Any]) -> Any:
        if (about, name) not in self._kept:
            self._kept[about, name] = make()
        return self._kept[about, name]

    def coded(self, name: str) -> tuple[np.ndarray, list[Any]]:
        """The place of each row's value among the values; the last value is "not known"."""
        return self.once("coded", name, lambda: self._coded(name))

    def holds(self, name: str, test: Callable[[Any], bool]) -> np.ndarray | None:
        """Where the test holds; it is asked once for each value that occurs. None: everywhere."""
        if not self.has(name):
            return None if test(None) else np.zeros(self.rows, bool)
        codes, values = self.coded(name)
        table = np.array([test(value) for value in values], dtype=bool)
        return None if table[:-1].all() and (table[-1] or not self._has_nulls(name)) else table[codes]

    def differs(self, name: str, value: str) -> np.ndarray | None:
        """Where a text is another one, or not known; None: nowhere."""
        if self.has(name) and not self._has_nulls(name) and pc.all(pc.equal(self.events.column(name), value)).as_py():
            return None
        same = self.holds(name, lambda one: one == value)
        return None if same is None else ~same

    def minor(self, name: str) -> tuple[np.ndarray, np.ndarray | None]:
        """The numbers, and where they are known; None: everywhere."""
        return self.once("minor", name, lambda: self._minor(name))

    @cached_property
    def days(self) -> np.ndarray:
        """Days since the first one."""
        return self._days - self.first_day

    @cached_property
    def first_day(self) -> int:
        return int(self._days.min()) if self.rows else 0

    def since(self, day: Any) -> int:
        """A day as `days` counts."""
        return int(np.datetime64(day, "D").astype(np.int64)) - self.first_day

    def runs(self, name: str) -> Runs:
        """The runs of a window: of each partner for "partner_…", else of the whole plan."""
        return self.once("runs", name, lambda: self._runs(name))

    def windows(self, name: str) -> np.ndarray:
        """A number for the window that each event lies in."""
        spans = self._span_of_day(name)[self.days]
        return spans * (10**9) + self.coded("partner_id")[0] if name.startswith("partner_") else spans

    @cached_property
    def by_time(self) -> np.ndarray:
        """The events by day, then key. Keys that stand in order already are not sorted again."""
        keys = _one(self.events.column("key"))
        if self.rows < 2 or pc.all(pc.less_equal(keys.slice(0, self.rows - 1), keys.slice(1))).as_py():
            return np.argsort(_small(self.days), kind="stable")
        found = pc.sort_indices(self.events, sort_keys=[("occurred_on", "ascending"), ("key", "ascending")])
        return _flat(found).astype(np.int64)

    @cached_property
    def by_partner(self) -> np.ndarray:
        return self.by_time[np.argsort(_small(self.coded("partner_id")[0][self.by_time]), kind="stable")]

    @cached_property
    def _days(self) -> np.ndarray:
        return np.asarray(_flat(_one(self.events.column("occurred_on")).cast(pa.int32())), np.int32)

    def _runs(self, name: str) -> Runs:
        order = self.by_partner if name.startswith("partner_") else self.by_time
        spans = self._span_of_day(name)[self.days[order]]
        begins = np.ones(self.rows, bool)
        begins[1:] = spans[1:] != spans[:-1]
        if name.startswith("partner_"):
            partners = self.coded("partner_id")[0][order]
            begins[1:] |= partners[1:] != partners[:-1]
        return Runs(order, np.flatnonzero(begins))

    def _span_of_day(self, name: str) -> np.ndarray:
        """For each day from the first to the last one: the first day of its window."""
        if not self.rows:
            return np.zeros(1, np.int64)
        days = np.arange(int(self.days.max()) + 1) + self.first_day
        firsts = [window(name, day)[0] for day in days.astype("datetime64[D]").tolist()]
        return np.array([int(np.datetime64(first, "D").astype(np.int64)) if first else 0 for first in firsts], np.int64)

    def _coded(self, name: str) -> tuple[np.ndarray, list[Any]]:
        if not self.has(name):
            return np.zeros(self.rows, np.int64), [None]
        column = _one(self.events.column(name))
        coded = column if isinstance(column, pa.DictionaryArray) else pc.dictionary_encode(column)
        values = coded.dictionary.to_pylist()
        indices = pc.fill_null(coded.indices, len(values)) if coded.null_count else coded.indices
        return _flat(indices), [*values, None]

    def _has_nulls(self, name: str) -> bool:
        return self.events.column(name).null_count > 0

    def _minor(self, name: str) -> tuple[np.ndarray, np.ndarray | None]:
        if not self.has(name):
            return np.zeros(self.rows, np.int64), np.zeros(self.rows, bool)
        column = _one(self.events.column(name))
        known = ~_flat(pc.is_null(column)) if column.null_count else None
        return np.asarray(_flat(pc.fill_null(column, 0) if column.null_count else column), np.int64), known


def both(one: np.ndarray | None, other: np.ndarray | None) -> np.ndarray | None:
    """Where both hold; None is everywhere."""
    if one is None or other is None:
        return other if one is None else one
    return one & other


def _small(numbers: np.ndarray) -> np.ndarray:
    """Numbers from zero in the smallest type: sixteen bits are sorted by counting."""
    return numbers.astype(np.uint16) if not len(numbers) or int(numbers.max()) < 2**16 else numbers


def _one(column: Any) -> pa.Array:
    """A column in one piece."""
    if isinstance(column, pa.Array):
        return column
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks) if column.chunks else pa.array([], column.type)


def _flat(column: Any) -> np.ndarray:
    return column.to_numpy(zero_copy_only=False)
