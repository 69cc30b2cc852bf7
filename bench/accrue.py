"""A million deals through twenty plans in the columnar path, against a bare scan of the same table.

    .venv/bin/python bench/accrue.py [--deals 1000000] [--plans 20]

Prints one line of JSON: seconds for all plans over all deals, seconds for twenty bare scans (each multiplies one amount
column of the same table and sums it: what any engine must do at least), and the ratio of the two. A sample of the deals is
paid by the plain calculator too; a difference ends the bench with an error.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from openprm.incentives.engine.accrue import totals
from openprm.incentives.rules.calculate import lines_for
from openprm.incentives.rules.model import EarnEvent, PlanTerms, RateRow, Terms
from openprm.kernel.money import Money

TIERS, SAMPLE, RUNS = ("registered", "silver", "gold", "platinum"), 2_000, 3


def main() -> None:
    asked = _arguments()
    events, plans = _events(asked.deals), [_plan(place) for place in range(asked.plans)]
    _compare(events.slice(0, SAMPLE), plans)
    floor = min(_seconds(lambda: _scan(events, len(plans))) for _run in range(RUNS))
    took = min(_seconds(lambda: totals(events, plans)) for _run in range(RUNS))
    print(
        json.dumps(
            {"deals": asked.deals, "plans": asked.plans, "seconds": round(took, 3), "bare_scan_seconds": round(floor, 3), "ratio": round(took / floor, 2)}
        )
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--deals", type=int, default=1_000_000)
    parser.add_argument("--plans", type=int, default=20)
    return parser.parse_args()


def _events(deals: int) -> pa.Table:
    """Won deals of 500 partners over two years."""
    chance = np.random.default_rng(7)
    days = np.datetime64("2024-12-01") + chance.integers(0, 720, deals).astype("timedelta64[D]")
    return pa.table(
        {
            "key": pa.array([f"{n:09d}" for n in range(deals)]),
            "partner_id": pa.array([str(UUID(int=int(one) + 1)) for one in chance.integers(0, 500, deals)]).dictionary_encode().cast(pa.string()),
            "occurred_on": pa.array(days.astype("datetime64[D]")),
            "currency": pa.array(np.full(deals, "EUR")),
            "net_minor": pa.array(chance.integers(1_000_00, 400_000_00, deals)),
            "tier": pa.array(np.array(TIERS)[chance.integers(0, 4, deals)]),
        }
    )


def _plan(place: int) -> PlanTerms:
    """Flat rates, rates by tier, bands, and fixed amounts, in turn."""
    shapes: tuple[tuple[RateRow, ...], ...] = (
        (RateRow("R1", rate=Decimal("7.5")),),
        (RateRow("R1", {"tier": '"gold", "platinum"'}, rate=Decimal(12)), RateRow("R2", rate=Decimal(8))),
        (RateRow("R1", low=0, high=100_000_00, rate=Decimal(5)), RateRow("R2", low=100_000_00, rate=Decimal(9))),
        (RateRow("R1", fixed=250_00),),
    )
    return PlanTerms(
        plan_id=UUID(int=place + 1), version_id=UUID(int=place + 1001), number=1, code=f"plan-{place}", name=f"Plan {place}", kind="commission",
        terms=Terms(currency="EUR", rates=shapes[place % len(shapes)], caps={"event": 20_000_00} if place % 3 == 0 else {}),
    )  # fmt: skip


def _scan(events: pa.Table, times: int) -> int:
    return sum(pc.sum(pc.divide(pc.multiply(events["net_minor"], 3 + n), 100)).as_py() for n in range(times))


def _compare(events: pa.Table, plans: list[PlanTerms]) -> None:
    fast, slow = totals(events, plans), [0] * len(plans)
    for row in events.to_pylist():
        event = _event(row)
        for place, plan in enumerate(plans):
            slow[place] += sum(line.amount.minor for line in lines_for(plan, event))
    if list(fast) != slow:
        raise SystemExit(f"the columnar path and the calculator differ: {fast} and {slow}")


def _event(row: dict[str, Any]) -> EarnEvent:
    day: date = row["occurred_on"]
    return EarnEvent(
        code="deal_won", source_id=UUID(int=1), source_key=row["key"], partner_id=UUID(row["partner_id"]), occurred_on=day,
        net=Money(row["net_minor"], "EUR"), tier=row["tier"],
    )  # fmt: skip


def _seconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
