"""The columnar engine and the calculator are one: on random events and plans both pay the same, event by event."""

import random
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pyarrow as pa
import pytest

from openprm.incentives.engine.accrue import COLUMNS, accrue
from openprm.incentives.rules.bands import millionths
from openprm.incentives.rules.calculate import counted, lines_for
from openprm.incentives.rules.model import Condition, EarnEvent, PlanTerms, RateRow, Spent, Terms
from openprm.incentives.rules.windows import needed, volume_window, window
from openprm.kernel.money import Money

PARTNERS, PROGRAMS, LINES = ([UUID(int=base + one) for one in range(4)] for base in (10, 20, 30))
CERTIFIED = Condition("certificate", "cloud")


def _rates(chance: random.Random) -> tuple[RateRow, ...]:
    rows, clause = [], 0
    whens = [{"tier": '"gold"'}, {"country": 'not in ["FI"]', "new_customer": "true"}, {"product_line": f'"{LINES[0]}"'}, {}]
    for when in chance.sample(whens, chance.randint(1, 3)):
        edges = sorted(chance.sample(range(1, 40), chance.randint(0, 3)))
        lows = [0, *(edge * 100_000 + chance.randint(0, 99) for edge in edges)]
        for low, high in zip(lows, [*lows[1:], None], strict=True):
            clause += 1
            rows.append(RateRow(f"R{clause}", when, low=low, high=high, rate=Decimal(chance.randint(0, 250_000)) / 10_000))
    return tuple(rows)


def _plan(chance: random.Random, place: int) -> PlanTerms:
    rates = _rates(chance)
    if chance.random() < 0.15:
        rates = (RateRow("R1", {}, fixed=chance.randint(0, 90_000)),)
    limits = {name: chance.randint(10_000, 3_000_000) for name in ("day", "week", "month", "total") if chance.random() < 0.25}
    caps = {name: chance.randint(5_000, 900_000) for name in ("event", "partner_month", "partner_year") if chance.random() < 0.25}
    flat = rates[0].fixed is not None
    terms = Terms(
        currency="EUR", rates=rates, basis=chance.choice(["list", "net", "margin", "credited"]), bands="whole" if flat else chance.choice(["marginal", "whole"]),
        span=chance.choice(["event", "event", "month", "quarter", "year"]), caps=caps, limits=limits, duration_months=chance.choice([None, None, 0, 12]),
        rep_share=Decimal(chance.choice([0, 30, 100])), fee_percent=Decimal(chance.choice(["0", "3.5"])), minimum=chance.choice([0, 0, 2_000]),
        conditions=(CERTIFIED,) if chance.random() < 0.3 else (),
    )  # fmt: skip
    return PlanTerms(
        UUID(int=place + 1), UUID(int=place + 1), 1, f"p{place}", f"Plan {place}", "commission", terms, program_id=chance.choice([None, PROGRAMS[0]]),
        partner_ids=tuple(PARTNERS[:2]) if chance.random() < 0.2 else (), starts_on=date(2025, 3, 1) if chance.random() < 0.5 else None,
        ends_on=date(2026, 2, 1) if chance.random() < 0.3 else None,
    )  # fmt: skip


def _event(chance: random.Random, place: int) -> EarnEvent:
    day = date(2025, 1, 1) + timedelta(days=chance.randint(0, 500))
    facts = {
        "country": chance.choice(["FI", "SE", None]),
        "new_customer": chance.choice([True, False, None]),
        CERTIFIED.key: chance.choice([True, False, None]),
    }
    if chance.random() < 0.5:
        facts["first_on"] = (day - timedelta(days=chance.choice([1, 200, 364, 366, 800]))).isoformat()
    amounts = {name: Money(chance.choice([0, 1, 5, 25, chance.randint(0, 9_000_000)]), "EUR") for name in ("list", "net", "margin") if chance.random() < 0.9}
    return EarnEvent(
        "deal_won", UUID(int=place), f"k{chance.randint(0, 9)}{place}", chance.choice(PARTNERS), day, user_id=chance.choice([None, UUID(int=5)]),
        program_id=chance.choice([*PROGRAMS[:2], None]), tier=chance.choice(["gold", "silver", ""]), **amounts,
        credited_share=Decimal(chance.choice(["1", "0.5", "0.333333"])), product_lines=tuple(chance.sample(LINES, chance.randint(0, 2))), facts=facts,
    )  # fmt: skip


def _columns(events: list[EarnEvent]) -> pa.Table:
    rows = [
        {
            "key": one.source_key, "code": one.code, "partner_id": str(one.partner_id), "program_id": str(one.program_id) if one.program_id else None,
            "occurred_on": one.occurred_on, "currency": "EUR", "list_minor": one.list.minor if one.list else None,
            "net_minor": one.net.minor if one.net else None, "margin_minor": one.margin.minor if one.margin else None,
            "share_millionths": millionths(one.credited_share * 100), "tier": one.tier or None, "country": one.facts["country"],
            "new_customer": one.facts["new_customer"], "product_lines": ",".join(map(str, one.product_lines)) or None,
            "first_on": date.fromisoformat(one.facts["first_on"]) if "first_on" in one.facts else None, CERTIFIED.key: one.facts[CERTIFIED.key],
        }
        for one in events
    ]  # fmt: skip
    types = {**COLUMNS, CERTIFIED.key: pa.bool_()}
    return pa.table({name: pa.array([row.get(name) for row in rows], type=types[name]) for name in rows[0]})


def _one_by_one(plan: PlanTerms, events: list[EarnEvent]) -> list[int]:
    """As earnings does it: in order, with what was paid and counted before."""
    found, seen = {}, []
    for event in sorted(events, key=lambda one: (one.occurred_on, one.source_key)):
        spent = Spent({name: _sum(seen, name, event, "paid") for name in needed(plan)}, _volume(plan, seen, event))
        paid = sum(line.amount.minor for line in lines_for(plan, event, spent))
        seen.append((event, paid, counted(plan, event)))
        found[event.source_key] = paid
    return [found[event.source_key] for event in events]


def _sum(seen, name, event, what):
    span = window(name, event.occurred_on)
    own = name.startswith("partner_")
    return sum(
        paid if what == "paid" else basis
        for other, paid, basis in seen
        if window(name, other.occurred_on) == span and (not own or other.partner_id == event.partner_id)
    )


def _volume(plan, seen, event):
    return _sum(seen, f"partner_{plan.terms.span}", event, "volume") if volume_window(plan, event.occurred_on) else 0


@pytest.mark.parametrize("seed", range(40))
def test_both_pay_the_same_for_every_event(seed):
    chance = random.Random(seed)
    events = [_event(chance, place) for place in range(120)]
    plans = [_plan(chance, place) for place in range(3)]
    table = accrue(_columns(events), plans)
    for place, plan in enumerate(plans):
        assert table.column(str(place)).to_pylist() == _one_by_one(plan, events), (seed, plan.terms)


def test_no_events_pay_nothing():
    assert accrue(_columns([_event(random.Random(1), 1)]).slice(0, 0), [_plan(random.Random(2), 0)]).num_rows == 0
