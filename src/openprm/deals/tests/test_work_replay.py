"""The what-if of windows that reflect work: the sum on columns is the sum with the pencil."""

from datetime import date, timedelta
from decimal import Decimal

import ibis
from hypothesis import given, settings
from hypothesis import strategies as st

from openprm.deals.evidence_rules import EVIDENCE
from openprm.deals.rules.evidence_curve import EVIDENCE_KINDS, Evidence, StageFrom, WindowFacts, WorkTerms, curve_of
from openprm.deals.testing_windows import NAMES, WORK
from openprm.deals.work_history import Deal, WorkedDeals, as_columns
from openprm.rulebook.engine.columnar import answered
from openprm.rulebook.ports import Row, Table
from openprm.rulebook.rules.evaluation import Compiled

DUCK = ibis.duckdb.connect()
START = date(2026, 1, 5)
NUMBERS = tuple(name for name in NAMES if name != "window")
STAGES = ("prospect", "qualified", "committed")
ASKS = {"amount": Decimal(50_000), "tier_rank": Decimal(2), "tier": "gold", "deal_type": "new", "territory": None}

amounts = st.fixed_dictionaries({name: st.integers(0, 12).map(str) for name in NUMBERS})
clauses = amounts.map(lambda said: {**said, "self_percent": str(int(said["self_percent"]) * 10), "most_days": str(int(said["most_days"]) * 12)})
days = st.integers(0, 70)


@st.composite
def tables(draw):
    """A clause for each of two stages, and one for all others; each reflects work or is fixed."""
    rows = [
        Row(f"W{place}", {"stage": f'"{stage}"'} if stage else {}, {**draw(clauses), "window": draw(st.sampled_from(('"work"', '"work"', '"fixed"')))})
        for place, stage in enumerate(("prospect", "qualified", ""), start=1)
    ]
    return Table(inputs=("stage",), outputs=NAMES, rows=tuple(rows))


@st.composite
def deals(draw, key="d1"):
    stages = [StageFrom(day=START, stage=draw(st.sampled_from(STAGES)))]
    stages += [StageFrom(day=START + timedelta(days=day), stage=draw(st.sampled_from(STAGES))) for day in sorted(draw(st.lists(days, max_size=2)))]
    evidence = tuple(
        Evidence(
            kind=draw(st.sampled_from(EVIDENCE_KINDS)), day=(day := START + timedelta(days=draw(days))), ref=str(place), is_verified=draw(st.booleans()),
            known_on=day + timedelta(days=draw(st.integers(0, 15))),
        )
        for place in range(draw(st.integers(0, 12)))
    )  # fmt: skip
    facts = WindowFacts(starts_on=START, base_days=draw(st.integers(0, 120)), by_hand_days=draw(st.integers(-5, 20)), stages=tuple(stages))
    return Deal(subject=key, at=START, asks=ASKS, facts=facts, evidence=evidence, until=START + timedelta(days=draw(days)), booked_minor=365_00)


def with_the_pencil(deal, table):
    """Days by `curve_of`, with the terms that the rulebook would give for each stage."""

    def terms(stage):
        row = next(row for row in table.rows if row.when.get("stage", f'"{stage}"') == f'"{stage}"')
        said = {name: int(row.then[name]) for name in NUMBERS}
        found = WorkTerms(days={kind: said[f"days_{kind}"] for kind in EVIDENCE_KINDS}, **{name: said[name] for name in said if not name.startswith("days_")})
        return found if row.then["window"] == '"work"' else None

    first = terms(deal.facts.stages[0].stage)
    if first is None:
        return deal.facts.base_days + deal.facts.by_hand_days
    return curve_of(deal.facts, deal.evidence, lambda stage: terms(stage) or first, deal.until).days


def on_columns(found, table):
    rows = answered(ibis.memtable(as_columns(found)), Compiled(table, EVIDENCE).read)
    return DUCK.to_pyarrow(WorkedDeals().settle(rows).order_by("subject")).to_pylist()


@settings(max_examples=25, deadline=None)
@given(tables(), deals("d1"), deals("d2"))
def test_columns_and_pencil_agree(table, one, other):
    found = on_columns([one, other], table)

    expected = [with_the_pencil(deal, table) for deal in (one, other)]
    assert [row["rank"] for row in found] == expected
    assert [row["answer"] for row in found] == [str(length) for length in expected]
    assert [row["cost_minor"] for row in found] == [100 * length for length in expected]


def test_a_table_of_fixed_windows_needs_no_other_column():
    deal = Deal(
        subject="d1", at=date(2026, 3, 17), asks=ASKS, facts=WindowFacts(starts_on=START, base_days=90, stages=(StageFrom(day=START, stage="qualified"),)),
        evidence=(Evidence(kind="meeting", day=START, ref="a", is_verified=True),), until=START + timedelta(days=80), booked_minor=365_00,
    )  # fmt: skip

    assert on_columns([deal], EVIDENCE.default_table) == [{"subject": "d1", "at": date(2026, 3, 1), "answer": "90", "rank": 90, "cost_minor": 90_00}]


def test_one_meeting_and_five_quiet_weeks_by_the_worked_table():
    table = Table(inputs=(), outputs=NAMES, rows=(Row("W1", then=WORK),))
    deal = Deal(
        subject="d1", at=START, asks=ASKS, facts=WindowFacts(starts_on=START, base_days=90, stages=(StageFrom(day=START, stage="qualified"),)),
        evidence=(Evidence(kind="meeting", day=START + timedelta(days=10), ref="a", is_verified=True),), until=START + timedelta(days=10 + 21 + 35),
        booked_minor=365_00,
    )  # fmt: skip

    assert on_columns([deal], table)[0]["rank"] == 90 + 5 - 25
