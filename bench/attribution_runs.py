"""Credit runs over months of deals and touches in PostgreSQL, against a bare floor over the same rows.

    .venv/bin/python bench/attribution_runs.py [--deals 100000] [--touches 1000000] [--partners 5000] [--months 24]

The first run of every month reads, judges, divides and writes everything; then touches arrive at one deal in a hundred and every
month is looked at again. The floor is one group-by in PostgreSQL over a join of the same deals and touches by account and window: it
decides nothing and writes nothing. Prints one line of JSON: seconds and CPU seconds (of the program; of the server where it says so),
the ratios, and the peak memory of the program. Every run is replayed for one month; bytes that differ end the bench with an error.
"""

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from world import Fill, fresh_database

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
FLOOR = """
select o.id, count(*), count(distinct t.partner_id) from deals_opportunity o join attribution_touch t
    on t.account_id = o.account_id and t.occurred_at between o.closed_at - interval '365 days' and o.closed_at
 group by o.id
"""


def main() -> None:
    asked = _arguments()
    with fresh_database() as admin:
        _fill(Fill(admin), asked)
        print(json.dumps(_measured(admin, asked)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, usual in (("deals", 100_000), ("touches", 1_000_000), ("partners", 5_000), ("months", 24)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    return parser.parse_args()


def _fill(fill: Fill, asked: argparse.Namespace) -> None:
    """Won and lost opportunities of accounts of their own, and touches before them; a fifth of the deals has none."""
    from openprm.attribution.models import Touch
    from openprm.deals.models import Opportunity

    fill.people(partners=asked.partners)
    fill.accounts(asked.deals)
    closed = f"timestamptz '2026-11-20 12:00Z' - (n % {asked.months * 30}) * interval '1 day' - (n % 86399) * interval '1 second'"
    fill.insert(
        Opportunity,
        "(select id as account, row_number() over (order by id) as n from accounts_account) a",
        name="'Deal ' || n", account_id="a.account", status="case n % 4 when 0 then 'lost' else 'won' end", amount_minor="100000 + n % 900000 * 10",
        currency="'EUR'", base_amount_minor="100000 + n % 900000 * 10", base_currency="'EUR'", closed_at=closed, opened_date=f"({closed})::date - 90",
    )  # fmt: skip
    fill.admin.execute("create table bench_partners as select id, row_number() over (order by id) - 1 as n from identity_organization where kind = 'partner'")
    fill.admin.execute("create unique index on bench_partners (n)")
    for_each = max(1, round(asked.touches / (asked.deals * 0.8)))
    fill.insert(
        Touch,
        f"""(select account_id, closed_at, row_number() over () as n from deals_opportunity) o cross join generate_series(1, {for_each}) k
            cross join lateral (select id from bench_partners p where p.n = (o.n * 7919 + k * (1 + o.n % 3)) % {asked.partners}) p
            where o.n % 5 <> 0""",
        partner_id="p.id", account_id="o.account_id", kind="(array['meeting','demo','introduction','call','event'])[1 + (o.n + k) % 5]",
        source="'import'", source_key="o.n || ':' || k", occurred_at="o.closed_at - ((o.n * 31 + k * 37) % 300) * interval '1 day'",
        recorded_at="timestamptz '2026-11-21 00:00Z'", verified_at="timestamptz '2026-11-21 00:00Z'",
    )  # fmt: skip


def _measured(admin: Any, asked: argparse.Namespace) -> dict[str, Any]:
    from openprm.attribution import services
    from openprm.attribution.models import Credit, Month, Result, Touch
    from openprm.kernel.actor import SYSTEM
    from openprm.kernel.scope import system_scope

    counts: dict[str, Any] = {"deals": admin.execute("select count(*) from deals_opportunity").fetchone()[0]}
    counts["touches"] = admin.execute("select count(*) from attribution_touch").fetchone()[0]
    floor = min(_timed(lambda: admin.execute(FLOOR).fetchall()) for _run in range(2))
    full = _timed(lambda: services.compute_due(at=AT))
    same = _timed(lambda: services.compute_due(at=AT))
    admin.execute(
        "insert into attribution_touch select (jsonb_populate_record(t, jsonb_build_object('id', uuidv7(), 'source_key', 'again:' || source_key,"
        " 'recorded_at', timestamptz '2026-11-24 00:00Z'))).* from attribution_touch t where source_key like '%01:1'"
    )
    few = _timed(lambda: services.compute_due(at=datetime(2026, 11, 24, 10, tzinfo=UTC)))
    with system_scope():
        month = Month.objects.order_by("-month")[1]
        replayed = _timed(lambda: _same(services.replay(actor=SYSTEM, run_id=month.run_id).is_equal))
        counts |= {"results": Result.objects.count(), "credits": Credit.objects.count(), "added": Touch.objects.filter(source_key__startswith="again:").count()}
    return counts | {
        "floor_s": round(floor[0], 2), "full_s": round(full[0], 2), "full_cpu_s": round(full[1], 2), "ratio_full": round(full[0] / floor[0], 1),
        "nothing_new_s": round(same[0], 2), "ratio_nothing_new": round(same[0] / floor[0], 2), "few_s": round(few[0], 2), "few_cpu_s": round(few[1], 2),
        "ratio_few": round(few[0] / floor[0], 2), "replay_month_s": round(replayed[0], 2),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }  # fmt: skip


def _same(is_equal: bool) -> None:
    if not is_equal:
        raise SystemExit("a replay gave other bytes")


def _timed(act: Callable[[], Any]) -> tuple[float, float]:
    """Seconds by the clock, and CPU seconds of this program."""
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - wall, time.process_time() - cpu


if __name__ == "__main__":
    main()
