"""A million deals through twenty plans in the columnar path, against a bare scan of the same table.

    .venv/bin/python bench/accrue.py [--deals 1000000] [--plans 20]

The plans are a mixture: flat rates, rates by tier, bands of each deal, fixed amounts, and in every seven one with bands that add
up over the partner's year, one with a yearly cap of each partner, one with a limit of the plan's month.

The floor is a bare scan of the same table in memory, once for each plan, of the columns that this plan needs, with nothing decided
and nothing kept: the amounts are multiplied by a rate and summed; of a text column (tier, partner) the rows that equal one value are
counted, of the day column those after one day. It groups nothing, sorts nothing and rounds nothing, so no engine can pay for less.

Prints one line of JSON: seconds and CPU seconds of both and the ratio of the seconds. The first deals are paid by the plain
calculator too, one by one; a difference ends the bench with an error.
"""

import argparse
import json
import sys
import time
from collections import Counter
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
from openprm.incentives.rules.calculate import counted, lines_for
from openprm.incentives.rules.model import EarnEvent, PlanTerms, RateRow, Spent, Terms
from openprm.incentives.rules.windows import needed, volume_window, window
from openprm.kernel.money import Money

TIERS, SAMPLE, RUNS = ("registered", "silver", "gold", "platinum"), 2_000, 5
VOLUME = (RateRow("R1", low=0, high=5_000_000_00, rate=Decimal(3)), RateRow("R2", low=5_000_000_00, high=20_000_000_00, rate=Decimal(5)),
          RateRow("R3", low=20_000_000_00, rate=Decimal(8)))  # fmt: skip
SHAPES: tuple[tuple[str, Terms], ...] = (
    ("flat", Terms("EUR", rates=(RateRow("R1", rate=Decimal("7.5")),), caps={"event": 20_000_00})),
    ("tiers", Terms("EUR", rates=(RateRow("R1", {"tier": '"gold", "platinum"'}, rate=Decimal(12)), RateRow("R2", rate=Decimal(8))))),
    ("bands", Terms("EUR", rates=(RateRow("R1", low=0, high=100_000_00, rate=Decimal(5)), RateRow("R2", low=100_000_00, rate=Decimal(9))))),
    ("fixed", Terms("EUR", rates=(RateRow("R1", fixed=250_00),))),
    ("volume", Terms("EUR", span="year", rates=VOLUME)),
    ("cap", Terms("EUR", rates=(RateRow("R1", rate=Decimal(4)),), caps={"partner_year": 9_000_000_00})),
    ("limit", Terms("EUR", rates=(RateRow("R1", {"tier": '"gold"'}, rate=Decimal(6)), RateRow("R2", rate=Decimal(2))), limits={"month": 60_000_000_00})),
)
NEEDS: dict[str, tuple[str, ...]] = {
    "tiers": ("tier",),
    "volume": ("partner_id", "occurred_on"),
    "cap": ("partner_id", "occurred_on"),
    "limit": ("tier", "occurred_on"),
}
"""What a plan of each shape reads beside the amount."""


def main() -> None:
    asked = _arguments()
    events, plans = _events(asked.deals), [_plan(place) for place in range(asked.plans)]
    _compare(events.slice(0, SAMPLE), plans)
    floor = min(_seconds(lambda: _scan(events, len(plans))) for _run in range(RUNS))
    took = min(_seconds(lambda: totals(events, plans)) for _run in range(RUNS))
    print(
        json.dumps(
            {
                "deals": asked.deals, "plans": asked.plans, "seconds": round(took[0], 3), "cpu_seconds": round(took[1], 3),
                "bare_scan_seconds": round(floor[0], 3), "bare_scan_cpu_seconds": round(floor[1], 3), "ratio": round(took[0] / floor[0], 2),
            }
        )
    )  # fmt: skip


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
    _shape, terms = SHAPES[place % len(SHAPES)]
    return PlanTerms(
        plan_id=UUID(int=place + 1), version_id=UUID(int=place + 1001), number=1, code=f"plan-{place}", name=f"Plan {place}", kind="commission", terms=terms
    )


def _scan(events: pa.Table, times: int) -> int:
    return sum(_scanned(events, 3 + n, NEEDS.get(SHAPES[n % len(SHAPES)][0], ())) for n in range(times))


def _scanned(events: pa.Table, rate: int, needs: tuple[str, ...]) -> int:
    total = pc.sum(pc.divide(pc.multiply(events["net_minor"], rate), 100)).as_py()
    for name in needs:
        one = events[name][0]
        test = pc.greater if name == "occurred_on" else pc.equal
        total += pc.sum(test(events[name], one)).as_py()
    return total


def _compare(events: pa.Table, plans: list[PlanTerms]) -> None:
    fast, slow = totals(events, plans), [0] * len(plans)
    happened = sorted((_event(row) for row in events.to_pylist()), key=lambda one: (one.occurred_on, one.source_key))
    for place, plan in enumerate(plans):
        paid, volume = Counter[object](), Counter[object]()
        for event in happened:
            windows = {name: (name, window(name, event.occurred_on), event.partner_id if name.startswith("partner_") else None) for name in needed(plan)}
            span = volume_window(plan, event.occurred_on), event.partner_id
            lines = lines_for(plan, event, Spent({name: paid[key] for name, key in windows.items()}, volume[span] if span[0] else 0))
            earned = sum(line.amount.minor for line in lines)
            slow[place] += earned
            volume[span] += counted(plan, event)
            paid.update(dict.fromkeys(windows.values(), earned))
    if list(fast) != slow:
        raise SystemExit(f"the columnar path and the calculator differ: {fast} and {slow}")


def _event(row: dict[str, Any]) -> EarnEvent:
    day: date = row["occurred_on"]
    return EarnEvent(
        code="deal_won", source_id=UUID(int=1), source_key=row["key"], partner_id=UUID(row["partner_id"]), occurred_on=day,
        net=Money(row["net_minor"], "EUR"), tier=row["tier"],
    )  # fmt: skip


def _seconds(act: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock and of the processor."""
    begun, used = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - begun, time.process_time() - used


if __name__ == "__main__":
    main()
