"""A what-if run over 5,000 partners and 24 months, against the floor of a bare scan of the same history.

    .venv/bin/python bench/what_if.py [--partners 5000] [--months 24] [--deals 40]

Prints one line of JSON: seconds for the whole run (reading from PostgreSQL, both tables, comparing, writing winners and
losers), the CPU of this process in it (the machine may be busy with others), the cases, and how many times longer it takes
than a bare copy and sum of the same history, measured in the same run.
"""

import argparse
import json
import os
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.world import fresh_database, say


def main() -> None:
    asked = _arguments()
    with fresh_database() as admin:
        _fill(admin, asked.partners, asked.deals)
        print(json.dumps(measure(asked.partners, asked.months)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--partners", type=int, default=5_000)
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--deals", type=int, default=40, help="deals of each partner over three years")
    return parser.parse_args()


def _fill(admin, partners: int, deals: int) -> None:
    from bench.world import Fill
    from openprm.deals.models import Registration

    fill = Fill(admin)
    fill.people(partners=partners)
    admin.execute("update partners_enrollment set since = now() - interval '4 years'")
    fill.catalogue()
    fill.accounts(1)
    fill.insert(
        Registration,
        f"partners_partner p cross join generate_series(1, {deals}) n",
        number="'DR-' || lpad((row_number() over ())::text, 8, '0')",
        partner_id="p.id",
        program_id="(select id from partners_program limit 1)",
        amount_minor="(1 + (n * 7919 + ascii(p.id::text)) % 60) * 100000",
        base_amount_minor="(1 + (n * 7919 + ascii(right(p.id::text, 1))) % 60) * 100000",
        base_currency="'EUR'",
        fx_rate="1",
        account_id="(select id from accounts_account limit 1)",
        territory_id="(select id from deals_territory limit 1)",
        status="case when n % 2 = 0 then 'closed_won' else 'closed_lost' end",
        lost_reason="'price'",
        stage="'launched'",
        submitted_at="now() - (n * 27 + 40) * interval '1 day'",
        decided_at="now() - (n * 27 + 38) * interval '1 day'",
        booked_at="now() - (n * 27 + 38) * interval '1 day'",
        closed_at="now() - (n * 27) * interval '1 day'",
    )


def measure(partners: int, months: int) -> dict:
    from openprm.kernel.actor import SYSTEM
    from openprm.kernel.scope import system_scope
    from openprm.partners import queries as reading
    from openprm.rulebook import queries, services
    from openprm.rulebook.ports import Row, Table

    at = datetime.now(UTC)
    with system_scope():
        program_id = reading.programs(SYSTEM)[0].id
        draft_id = services.create_draft(actor=SYSTEM, kind="tiering.tier", program_id=program_id, at=at - timedelta(days=400))
        services.save_draft(actor=SYSTEM, draft_id=draft_id, table=_table(Row, Table, 220_000), at=at)
        replay_id = services.begin_replay(actor=SYSTEM, draft_id=draft_id, months=months, at=at)
    _load_engine()
    started, spent = time.perf_counter(), time.process_time()
    done = False
    while not done:
        with system_scope():
            done = services.advance_replay(replay_id=replay_id, at=at)
    seconds, spent = time.perf_counter() - started, time.process_time() - spent
    with system_scope():
        found = queries.replay(actor=SYSTEM, replay_id=replay_id, at=at)
    floor = _floor(program_id, months, at)
    return {
        "partners": partners, "months": months, "cases": found.cases, "seconds": round(seconds, 2), "cpu_seconds": round(spent, 2), "up": found.tally.up, "down": found.tally.down,
        "floor_seconds": round(floor, 3), "ratio_to_floor": round(seconds / floor, 1), "cores": len(os.sched_getaffinity(0)),
        "target_seconds": 10, "met": seconds < 10,
    }  # fmt: skip


def _load_engine() -> None:
    """A worker has the columnar engine in memory; loading it is not part of a run."""
    import ibis
    import pyarrow as pa

    ibis.duckdb.connect().to_pyarrow(ibis.memtable(pa.table({"one": [1]})))


def _table(row, table, revenue: int):
    rows = (row("T1", {"revenue_won": f">= {revenue}", "won_deals": ">= 3"}, {"tier": '"gold"'}), row("T2", {}, {"tier": '"silver"'}))
    return table(("revenue_won", "won_deals"), ("tier",), rows)


def _floor(program_id, months: int, at: datetime) -> float:
    """The same deals, copied and summed by partner and month, with nothing else done: what no replay can go below."""
    from openprm.analytics.session import session
    from openprm.deals.tier_facts import DealFacts
    from openprm.kernel.actor import SYSTEM
    from openprm.kernel.scope import system_scope
    from openprm.tiering.queries.members import members

    with system_scope():
        ids = [one.partner_id for one in members(program_id, at)]
        since = at - timedelta(days=31 * (months + 17))
        from dataclasses import replace

        asked = replace(DealFacts.monthly, parameters={**DealFacts.monthly.parameters, "partner_ids": ids, "since": since, "until": at})
        started = time.perf_counter()
        with session(actor=SYSTEM, datasets=[asked]) as data:
            data.sql("select partner_id, month, sum(revenue_won), sum(won_deals) from deals_tier_facts group by all")
        return time.perf_counter() - started


if __name__ == "__main__":
    say("filling a throw-away database")
    main()
