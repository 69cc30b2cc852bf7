"""A file with one row for each touch: journey_id, partner, at, value, converted, and closed_at where it is known."""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa

from openprm.attribution.engine.errors import BadInput
from openprm.attribution.engine.journeys import Block, Floats, Ints
from openprm.attribution.engine.reading import cells
from openprm.attribution.engine.reading.sorting import TOUCH, Touches, maybe_won, order_of
from openprm.attribution.engine.reading.spill import BUDGET, Pile
from openprm.attribution.engine.reading.suspicion import first_fault
from openprm.attribution.engine.reading.table import ROWS_AT_ONCE, Table, expect, plain
from openprm.attribution.engine.running import Tell

REQUIRED, OPTIONAL = ("journey_id", "partner", "at", "value", "converted"), ("closed_at",)
BYTES_OF_A_ROW = 40
TOLD_EVERY = 5_000_000
MANY_PARTS, ROWS_FOR_MANY = 256, 500_000


class Suspicious(Exception):
    """Something is wrong somewhere; which row, a second look finds out."""


class Touchpoints:
    """The file, read once and piled up by journeys. Raises BadInput."""

    has_times = True

    def __init__(self, table: Table, room: Path, tell: Tell, *, budget: int = BUDGET) -> None:
        expect(table.types, REQUIRED, OPTIONAL)
        self._table, self._codes = table, dict[str, int]()
        self._pile = Pile(table.rows() or table.size // BYTES_OF_A_ROW, room, budget=budget)
        try:
            self._read(tell)
        except Suspicious:
            raise first_fault(table) from None

    @cached_property
    def partners(self) -> tuple[str, ...]:
        return tuple(sorted(self._codes))

    def blocks(self, *, won_only: bool = False) -> Iterator[Block]:
        code = {name: place for place, name in enumerate(self.partners)}
        final = np.array([code[name] for name in self._codes], dtype=np.int64)
        for touches in self._pile.parts():
            try:
                chosen = maybe_won(touches) if won_only else touches
                if len(chosen):
                    yield _block(chosen, final, self._pile.bits)
            except Suspicious:
                raise first_fault(self._table) from None

    def _read(self, tell: Tell) -> None:
        seen = told = 0
        for batch in self._table.batches(self._columns(), rows=ROWS_FOR_MANY if 1 << self._pile.bits > MANY_PARTS else ROWS_AT_ONCE):
            self._pile.add(self._touches(batch))
            seen += batch.num_rows
            if seen - told >= TOLD_EVERY:
                tell(f"{seen:,} touches read")
                told = seen
        if not seen:
            raise BadInput("the file has a header and no rows")
        tell(f"{seen:,} touches read, {len(self._codes):,} partners")

    def _columns(self) -> str:
        types = self._table.types
        at = cells.moment("at", types["at"])
        late = f"{at} > {cells.moment('closed_at', types['closed_at'])}" if "closed_at" in types else "false"
        odd = f" or (closed_at is not null and {cells.moment('closed_at', types['closed_at'])} is null)" if "closed_at" in types else ""
        return f"""hash(journey_id::varchar) as journey, partner::varchar as partner, {at} as at_us, {cells.number("value", types["value"])} as worth,
            {cells.truth("converted", types["converted"])} as won, coalesce(journey_id is null or {late}{odd}, false) as odd"""

    def _touches(self, batch: pa.RecordBatch) -> Touches:
        worth, at = batch.column("worth"), batch.column("at_us")
        if worth.null_count or at.null_count or batch.column("odd").true_count or batch.column("partner").null_count:
            raise Suspicious
        touches = np.zeros(batch.num_rows, TOUCH)
        touches["journey"], touches["at"], touches["won"] = plain(batch.column("journey")), plain(at), plain(batch.column("won"))
        touches["value"], touches["partner"] = plain(worth), self._coded(batch.column("partner"))
        if touches["won"].max() > 1 or not (touches["value"].min() >= 0) or not (touches["value"].max() <= cells.LARGEST):
            raise Suspicious
        return touches

    def _coded(self, names: pa.Array) -> Ints:
        names = names.dictionary_encode()
        found = [name.strip() for name in names.dictionary.to_pylist()]
        if "" in found:
            raise Suspicious
        codes = np.array([self._codes.setdefault(name, len(self._codes)) for name in found], dtype=np.int64)
        return codes[plain(names.indices)]


def _block(touches: Touches, final: Ints, shared_bits: int) -> Block:
    order, starts = order_of(touches, shared_bits)
    touches = touches.take(order)
    begins = starts[:-1]
    won = np.maximum.reduceat(touches["won"], begins)
    _refuse_late(touches, starts, won)
    value = _one_value(touches["value"], starts)
    return Block(
        starts=starts,
        partner=final[touches["partner"]],
        conversions=won.astype(np.float64),
        nulls=1.0 - won,
        value=np.where(won, value, 0.0),
        at=np.ascontiguousarray(touches["at"]),
    )


def _one_value(values: Floats, starts: Ints) -> Floats:
    """The value of each journey: it stands in every row, or in some with 0 in the others. Two different ones are suspicious."""
    found = np.maximum.reduceat(values, starts[:-1])
    if ((values != 0) & (values != np.repeat(found, np.diff(starts)))).any():
        raise Suspicious
    return found


def _refuse_late(touches: Touches, starts: Ints, won: np.ndarray) -> None:
    """Where only some rows of a journey say that it was won, the latest of them is its close, and no touch comes later."""
    mixed = won != np.minimum.reduceat(touches["won"], starts[:-1])
    if not mixed.any():
        return
    close = np.maximum.reduceat(np.where(touches["won"] == 1, touches["at"], np.iinfo(np.int64).min), starts[:-1])
    here = np.repeat(mixed, np.diff(starts))
    if (touches["at"][here] > np.repeat(close, np.diff(starts))[here]).any():
        raise Suspicious
