"""Every KPI says the same number on DuckDB and on a real Spark of this machine."""

from datetime import date, timedelta
from decimal import Decimal

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from openprm.accounts.testing import make_account
from openprm.analytics.datasets import all_datasets
from openprm.analytics.session import session
from openprm.analytics.spark import SparkMissing, spark_session
from openprm.analytics.testing import SMALL, requires_java
from openprm.attribution.testing import make_win
from openprm.kernel.scope import scope
from openprm.kpis import queries
from openprm.kpis.definitions.facts import Facts, Segment
from openprm.kpis.definitions.measuring import measure, rows_of
from openprm.kpis.definitions.registry import ALL, BY_NAME, GROUPS
from openprm.kpis.rules.configuration import Configuration
from openprm.kpis.testing import YEAR, day, make_facts

pytestmark = [requires_java, pytest.mark.slow, pytest.mark.timeout(300)]
MEASURED = [kpi for kpi in ALL if kpi.expression is not None]
CONFIGURED = {"least_for_uplift": 2}


def _value(kind, name, place):
    """Odd values of every kind, the same every time: nulls, ties, negative amounts, other currencies, empty texts."""
    odd = place * 31 + sum(map(ord, name))
    if odd % 11 == 0 and name not in {"id", "deal_id", "closed_at", "is_won", "in_run", "outcome", "since", "counts", "late", "is_first"}:
        return None
    if kind == "uuid":
        return f"p{odd % 5}" if name in {"partner_id", "source_id", "part_id", "referrer_id"} else f"{'g' if name == 'program_id' else 'd'}{place % 7}"
    if name in CHOICES:
        return CHOICES[name][odd % len(CHOICES[name])]
    if kind == "moment":
        return day("2026-01-05") + timedelta(days=odd % 300 + (30 if name in LATER else 0), seconds=odd)
    return {"text": f"{'' if odd % 7 == 0 else 'é' + str(odd % 9)}", "int": (odd * 7919 % 90_000_00) - 500_00, "decimal": Decimal(odd % 100), "bool": odd % 2 == 0,
            "date": date(2026, 1 + odd % 12, 1)}[kind]  # fmt: skip


LATER = {"closed_at", "answered_at", "accepted_at", "ended_at", "decided_at", "paid_at", "arrived_at", "lead_closed_at", "left_at"}
CHOICES = {
    "currency": ("EUR", "EUR", "SEK"), "outcome": ("sourced", "influenced", "unattributed"), "deal_type": ("new", "renewal", "expansion"),
    "status": ("approved", "closed_won", "closed_lost", "rejected", "expired", "won", "lost"), "code": ("deals.decision", "leads.accept"),
    "state": ("kept", "broken", "running", "accepted", "declined", "expired", "taken_up", "completed", "failed"), "direction": ("to_vendor", "to_partner"),
    "lead_status": ("won", "lost"), "verdict": ("none", "possible"), "region": ("DACH", "Nordics"), "kind": ("team", "tools", "recruiting", "onboarding", "servicing"),
    "type": ("reseller", "agency"), "motion": ("transact", "influence"), "tier": ("gold", "silver"),
}  # fmt: skip


def _rows(dataset, count=40):
    rows = [{name: _value(kind, name, place) for name, kind in dataset.columns.items()} for place in range(count)]
    for place, row in enumerate(rows):
        row |= {name: f"{dataset.name}{place}" for name in ("id",) if name in row and dataset.name != "partners.partners"}
        row |= {"deal_id": f"{dataset.name}{place}"} if dataset.name in {"attribution.outcomes", "attribution.unrun"} else {}
    if dataset.name == "partners.partners":
        rows = [
            row | {"id": f"p{place}", "joined_at": day("2025-06-01") + timedelta(days=80 * place), "left_at": day("11-01") if place == 4 else None}
            for place, row in enumerate(rows[:6])
        ]
    if dataset.name == "attribution.parts":
        rows = [row | {"deal_id": f"attribution.outcomes{place}"} for place, row in enumerate(rows)]
    return rows


@pytest.fixture(scope="module")
def rows():
    return {dataset.name: _rows(dataset) for dataset in all_datasets() if dataset.name in {name for kpi in MEASURED for name in kpi.needs}}


@pytest.fixture(scope="module")
def on_spark(rows, tmp_path_factory):
    folder, session = tmp_path_factory.mktemp("spark"), spark_session("local[2]", SMALL)
    for dataset in all_datasets():
        if dataset.name in rows:
            pq.write_table(pa.Table.from_pylist(rows[dataset.name], schema=dataset.schema), folder / f"{dataset.table}.parquet")
            session.read.parquet(str(folder / f"{dataset.table}.parquet")).createOrReplaceTempView(dataset.table)
    backend = ibis.pyspark.connect(session)
    return lambda segment: Facts(lambda name: backend.table(name.replace(".", "_")), window=YEAR, configuration=Configuration(**CONFIGURED), segment=segment)


@pytest.mark.parametrize(("segment", "groups"), [(Segment(), GROUPS), (Segment(region="DACH"), ("revenue", "profit"))], ids=["everybody", "a region"])
def test_every_number_is_the_same_on_both_engines(rows, on_spark, segment, groups):
    here, there = make_facts(rows, segment=segment, **CONFIGURED), on_spark(segment)
    asked = [kpi for kpi in MEASURED if kpi.group in groups]
    told = {kpi.name: (measure(kpi, here), measure(kpi, there)) for kpi in asked}

    assert {name: pair for name, pair in told.items() if pair[0] != pair[1]} == {}
    assert sum(first.value is not None for first, _second in told.values()) > len(asked) // 2


def test_the_rows_under_a_number_are_the_same_on_both_engines(rows, on_spark):
    here, there = make_facts(rows, **CONFIGURED), on_spark(Segment())
    for name in ("sourced_revenue", "influenced_revenue", "active_partners", "registration_sla"):
        assert rows_of(BY_NAME[name], here, 100) == rows_of(BY_NAME[name], there, 100) != []


@pytest.mark.django_db
def test_a_program_that_says_spark_is_answered_by_spark(cast, at, monkeypatch):
    make_win(make_account(), minor=70_00)
    asked = queries.Asked(as_of=date(2026, 10, 31))
    spark_session("local[2]", SMALL)
    with scope(cast.vendor_reader) as actor:
        here = queries.figure(actor, "total_revenue", asked)
        monkeypatch.setenv("OPENPRM_ANALYTICS", "local[2]")
        with session(actor=actor, datasets=["attribution.unrun"]) as data:
            assert data.backend.name == "pyspark"
        there = queries.figure(actor, "total_revenue", asked)

    assert (there.value, there.n, there.notes) == (here.value, here.n, here.notes) == (70_00, 1, here.notes)


def test_what_is_missing_is_said_in_a_sentence(monkeypatch):
    monkeypatch.delenv("OPENPRM_ANALYTICS", raising=False)
    with pytest.raises(SparkMissing, match="not configured"):
        spark_session()
    monkeypatch.setattr("openprm.analytics.spark.shutil.which", lambda name: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(SparkMissing, match="Java 17"):
        spark_session("local[2]")
