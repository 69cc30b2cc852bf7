"""The executive dashboard at the size of a large program: 10 million touches, 1 million deals, 5,000 partners.

    .venv/bin/python bench/kpis.py [--deals 1000000] [--touches 11] [--partners 5000] [--loaded 100000]

A throw-away PostgreSQL is filled by SQL with `--loaded` deals, the copy for analysis is made of it, a thousand deals change and the copy is
refreshed: that is the load. For `--deals` more than that, deals, touches and their parts are then written straight into a copy of the same
form (filling PostgreSQL with ten million touches takes longer than everything else here). Then the whole
dashboard (every number of `registry.EXECUTIVE`, twelve months beside the twelve before) is asked in a process of its own:

    cold        the first time in a new process: engine opened, nothing in its memory (the files may be in the system's)
    computed    again, every expression computed again by a warm engine
    warm        again, as the next person sees it: numbers of an unchanged copy are remembered
    floor       a bare scan: every column of every row that the dashboard's data sets have, once

Prints one line of JSON with wall and CPU seconds of each and how many times the floor each takes.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.world import Fill, fresh_database, say

MONTHS = 36
ASKED = {"as_of": date(2026, 11, 15), "period": "12m", "compare": "previous"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--deals", type=int, default=1_000_000)
    parser.add_argument("--touches", type=int, default=11, help="touches before each decided deal")
    parser.add_argument("--partners", type=int, default=5_000)
    parser.add_argument("--loaded", type=int, default=100_000, help="deals that go through PostgreSQL")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        print(json.dumps(_dashboard()))
        return
    with fresh_database() as admin:
        fill(admin, asked)
        print(json.dumps(measure(admin, asked)))


# -- the world ------------------------------------------------------------------------------------


def fill(admin, asked: argparse.Namespace) -> None:
    world = Fill(admin)
    world.people(partners=asked.partners)
    world.catalogue()
    world.accounts(20_000)
    admin.execute("update partners_enrollment set since = timestamptz '2026-11-30' - (hashtext(id::text) & 1023) * interval '1 day'")
    admin.execute("create table bench_partner as select row_number() over (order by id) - 1 as place, id from partners_partner")
    admin.execute("create table bench_account as select row_number() over (order by id) - 1 as place, id from accounts_account")
    admin.execute("create unique index on bench_partner (place)")
    _without_indexes(admin, "deals_registration", "attribution_result", "attribution_credit")
    _registrations(world, asked)
    _runs(world, asked)
    _costs(world)


def _without_indexes(admin, *tables: str) -> None:
    """Nothing here looks rows up by the indexes of pages, and they take longer than the rows."""
    for (name,) in admin.execute(
        "select indexname from pg_indexes where tablename = any(%s) and indexname not in (select conname from pg_constraint)", [list(tables)]
    ).fetchall():
        admin.execute(f'drop index "{name}"')


def _registrations(world: Fill, asked: argparse.Namespace) -> None:
    from openprm.deals.models import Registration

    closed = f"timestamptz '2026-11-29 12:00+00' - (n * {MONTHS * 30.4:.1f} / {asked.loaded}) * interval '1 day'"
    world.insert(
        Registration,
        f"generate_series(1, {asked.loaded}) n join bench_partner p on p.place = n * 7919 % {asked.partners} join bench_account a on a.place = n % 20000",
        number="'DR-' || lpad(n::text, 8, '0')", partner_id="p.id", program_id="(select id from partners_program limit 1)", account_id="a.id", territory_id="(select id from deals_territory)",
        customer_name="'Customer ' || n", status="case when n % 10 = 0 then 'approved' when n % 10 < 4 then 'closed_lost' else 'closed_won' end",
        lost_reason="'price'", deal_type="case when n % 9 = 0 then 'renewal' else 'new' end", amount_minor="(1 + n * 7919::bigint % 90000) * 100",
        base_amount_minor="(1 + n * 7919::bigint % 90000) * 100", base_currency="'EUR'", fx_rate="1", submitted_at=f"{closed} - (20 + n % 150) * interval '1 day'",
        decided_at=f"{closed} - (15 + n % 150) * interval '1 day'", booked_at=f"{closed} - (15 + n % 150) * interval '1 day'",
        closed_at=f"case when n % 10 > 0 then {closed} end",
    )  # fmt: skip


def _runs(world: Fill, asked: argparse.Namespace) -> None:
    """A standing run for every month, all but three locked: the results with their touches, and credit for everybody who touched a won deal."""
    from openprm.attribution.models import Credit, Month, Result, Run

    admin = world.admin
    from openprm.attribution.services import ensure_configuration
    from openprm.kernel.clock import now
    from openprm.kernel.scope import system_scope

    with system_scope():
        ensure_configuration(at=now())
    months = "(select distinct date_trunc('month', closed_at at time zone 'UTC')::date as month from deals_registration where closed_at is not null) m"
    counts = {f"{name}_{kind}": "0" for name in ("sourced", "influenced", "unattributed") for kind in ("count", "minor")}
    world.insert(
        Run, months, number="row_number() over (order by month)", month="month", configuration_id="(select id from attribution_configuration)",
        configuration_sha256="repeat('0', 64)", result_sha256="repeat('0', 64)", as_of="now()", currency="'EUR'", deal_count="0", **counts,
    )  # fmt: skip
    world.insert(Month, "attribution_run r", month="r.month", run_id="r.id", locked_at="case when r.month < date '2026-09-01' then now() end")
    touch = f"""(
      select jsonb_agg(jsonb_build_object('touch', md5(g.id::text || k), 'partner', p.id, 'kind', 'meeting', 'at', (g.submitted_at - (k % 200) * interval '1 day'),
             'verified', true, 'clause', 'T2', 'counts', case when k = 1 and h % 3 = 0 then 'introduction' when h % 3 < 2 and k % 4 < 3 then 'influence' else 'nothing' end))
        from generate_series(1, {asked.touches}) k join bench_partner p on p.place = (h + k % 3 * 1237) % {asked.partners})"""
    world.insert(
        Result,
        "(select r.*, abs(hashtext(r.id::text))::bigint as h from deals_registration r where r.closed_at is not null) g "
        "join attribution_run u on u.month = date_trunc('month', g.closed_at at time zone 'UTC')::date",
        run_id="u.id", kind="'registration'", deal_id="g.id", number="g.number", customer="g.customer_name", account_id="g.account_id",
        program_id="g.program_id", deal_type="g.deal_type", is_won="g.status = 'closed_won'", opened_at="g.submitted_at", closed_at="g.closed_at",
        amount_minor="g.amount_minor", currency="'EUR'", base_minor="g.base_amount_minor",
        outcome="case g.h % 3 when 0 then 'sourced' when 1 then 'influenced' else 'unattributed' end", judged=touch,
    )  # fmt: skip
    parts = """(select r.id, r.run_id, r.kind, r.deal_id, r.number, r.customer, r.closed_at, r.base_minor, j.partner, j.introduced,
             row_number() over (partition by r.id order by j.partner) as place, count(*) over (partition by r.id) as parts
        from attribution_result r cross join lateral (
          select (t->>'partner')::uuid as partner, bool_or(t->>'counts' = 'introduction') as introduced
            from jsonb_array_elements(r.judged) t where t->>'counts' <> 'nothing' group by 1) j where r.is_won) c"""
    world.insert(
        Credit, parts, result_id="c.id", run_id="c.run_id", kind="c.kind", deal_id="c.deal_id", number="c.number", customer="c.customer", closed_at="c.closed_at",
        partner_id="c.partner", outcome="case when c.introduced then 'sourced' else 'influenced' end", basis_points="10000 / c.parts",
        credit_minor="c.base_minor / c.parts + case when c.place = 1 then c.base_minor % c.parts else 0 end", currency="'EUR'",
    )  # fmt: skip
    admin.execute("create index on attribution_result (run_id, deal_id)")
    admin.execute("create index on attribution_credit (result_id)")
    admin.execute("create index on attribution_result (deal_id)")
    admin.execute("analyze attribution_result, attribution_credit")


def _costs(world: Fill) -> None:
    from openprm.kpis.models import Cost

    for kind in ("team", "tools", "onboarding"):
        world.insert(
            Cost, f"generate_series(0, {MONTHS - 1}) n", month="(date '2026-11-01' - n * interval '1 month')::date", kind=f"'{kind}'", amount_minor="5000000",
            currency="'EUR'",
        )  # fmt: skip


# -- a copy of the whole size -----------------------------------------------------------------------

DEALS = """
create table deals as select n, md5(n::varchar) || 'abcd' as id, p.id as partner, a.id as second, b.id as third, n % 3 as outcome,
       timestamptz '2026-11-29 12:00:00+00' - to_milliseconds(((n * {days}) // {deals}) * 86400000.0) as closed_at, (1 + (n * 7919) % 90000) * 100 as minor
  from range(1, {deals} + 1) r(n) join partners p on p.place = n * 7919 % {partners} join partners a on a.place = (n * 7919 + 1237) % {partners}
  join partners b on b.place = (n * 7919 + 2474) % {partners}
"""
ROWS = {
    "deals.registrations": """
      select id, 'DR-' || n as number, partner as partner_id, null::varchar as program_id, 'a' || n % 20000 as account_id, 'Customer ' || n as customer,
             null::varchar as country, 'new' as deal_type, case when n % 10 = 0 then 'approved' when n % 10 < 4 then 'closed_lost' else 'closed_won' end as status,
             'closing' as stage, 'none' as verdict, closed_at - to_days((20 + n % 150)::integer) as submitted_at, closed_at - to_days((15 + n % 150)::integer) as decided_at,
             closed_at - to_days((15 + n % 150)::integer) as approved_at, case when n % 10 > 0 then closed_at end as closed_at, null::date as expected_close,
             minor::bigint as net_minor, 'EUR' as currency, strftime(closed_at, '%Y-%m') as part from deals""",
    "attribution.outcomes": """
      select date_trunc('month', closed_at)::date as month, 'registration' as deal_kind, id as deal_id, 'DR-' || n as number, 'Customer ' || n as customer,
             'a' || n % 20000 as account_id, null::varchar as program_id, case when n % 9 = 0 then 'renewal' else 'new' end as deal_type,
             case when outcome < 2 then partner end as partner_id, case when outcome = 0 then partner end as source_id,
             closed_at - to_days((20 + n % 150)::integer) as opened_at, closed_at, n % 10 > 3 as is_won,
             case outcome when 0 then 'sourced' when 1 then 'influenced' else 'unattributed' end as outcome, minor::bigint as base_amount_minor, 'EUR' as currency,
             true as in_run, false as is_locked, strftime(closed_at, '%Y-%m') as part from deals where n % 10 > 0""",
    "attribution.parts": """
      select date_trunc('month', closed_at)::date as month, id as deal_id, unnest([partner, second, third]) as partner_id, unnest([outcome = 0, false, false]) as introduced,
             true as counts, false as late, (minor / 3)::bigint as credit_minor, strftime(closed_at, '%Y-%m') as part from deals where n % 10 > 0 and outcome < 2""",
    "attribution.touches": """
      select md5(n || '.' || k) as id, d.id as deal_id, case k % 3 when 0 then partner when 1 then second else third end as partner_id, 'meeting' as kind,
             closed_at - to_days((20 + n % 150 + k)::integer) as at, case when outcome < 2 and k % 4 < 3 then 'influence' else 'nothing' end as counts,
             outcome < 2 and k % 4 < 3 as qualifies, strftime(closed_at, '%Y-%m') as part from deals d cross join range(1, {touches} + 1) t(k) where n % 10 > 0""",
    "promises.clocks": """
      select id, 'deals.decision' as code, partner as partner_id, null::varchar as program_id, 'DR-' || n as label, case when n % 8 > 0 then 'kept' else 'broken' end as state,
             closed_at - to_days(60) as started_at, closed_at - to_days(58) as due_at, closed_at - to_days(59) as answered_at,
             case when n % 8 = 0 then closed_at - to_days(58) end as missed_at, (n % 20 * 3600)::bigint as taken_seconds, 'all' as part from deals where n % 10 = 1""",
    "leads.offers": """
      select id, id as lead_id, 'L-' || n as number, partner as partner_id, case when n % 20 < 14 then 'accepted' else 'declined' end as state,
             closed_at - to_days(40) as offered_at, null::timestamptz as opened_at, case when n % 20 < 14 then closed_at - to_days(39) end as accepted_at,
             case when n % 20 >= 14 then closed_at - to_days(39) end as ended_at, null::varchar as registration_id, 'won' as lead_status, closed_at as lead_closed_at,
             minor::bigint as net_minor, 'all' as part from deals where n % 10 = 2""",
    "earnings.lines": """
      select id, 'E-' || n as number, partner as partner_id, null::varchar as program_id, 'accrual' as kind, 'paid' as state, 'DR-' || n as label,
             closed_at::date as earned_on, closed_at as approved_at, closed_at as paid_at, (minor / 20)::bigint as amount_minor, 'EUR' as currency,
             (minor / 20)::bigint as base_minor, 'all' as part from deals where n % 10 > 3""",
}


def enlarge(asked: argparse.Namespace) -> dict:
    """Put deals, touches and parts of the whole size in the place of those that were loaded: the same columns, the same files by month."""
    import duckdb

    from openprm.analytics import copies, refreshing
    from openprm.analytics.copies import Copied, Part
    from openprm.analytics.datasets import get_dataset

    measured, home, made = Measured(), copies.folder(), copies.manifest()
    duck = duckdb.connect(config={"memory_limit": "4GB", "threads": 2, "temp_directory": str(home / "spill")})
    duck.execute(
        f"create table partners as select row_number() over (order by id) - 1 as place, id from ({copies.scan(get_dataset('partners.partners'), made.sets['partners.partners'])})"
    )
    duck.execute(DEALS.format(days=MONTHS * 30.4, deals=asked.deals, partners=asked.partners))
    sets = dict(made.sets)
    for name, rows in ROWS.items():
        dataset, parts = get_dataset(name), {}
        columns = ", ".join(f'"{column}"' for column in dataset.columns)
        duck.execute(f"create or replace table whole as {rows.replace('{touches}', str(asked.touches))}")
        for month, count in duck.sql("select part, count(*) from whole group by 1 order by 1").fetchall():
            parts[month] = Part(marker="", file=f"{dataset.table}-{month}.parquet", rows=count)
            duck.execute(f"copy (select {columns} from whole where part = '{month}') to '{home / parts[month].file}' (format parquet, compression zstd)")
        sets[name] = Copied(changes=made.sets[name].changes, parts=parts)
    duck.close()
    refreshing.publish(home, replace(made, state="enlarged", sets=sets, as_of=datetime.now(UTC)))
    return measured.told(rows={name: sets[name].rows for name in ROWS})


# -- the measures ---------------------------------------------------------------------------------


class Measured:
    """Wall and CPU seconds since it was made, of this process."""

    def __init__(self) -> None:
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def told(self, **more) -> dict:
        return {"wall": round(time.perf_counter() - self.wall, 3), "cpu": round(time.process_time() - self.cpu, 3), **more}


def measure(admin, asked: argparse.Namespace) -> dict:
    from openprm.analytics import refreshing
    from openprm.kernel.scope import system_scope

    found: dict = {
        "rows": {
            name: admin.execute(f"select count(*) from {name}").fetchone()[0] for name in ("deals_registration", "attribution_result", "attribution_credit")
        }
    }
    found["touches"] = admin.execute("select sum(jsonb_array_length(judged)) from attribution_result").fetchone()[0]
    admin.execute("select pg_stat_force_next_flush()")
    say(f"filled: {found}")

    def refreshed() -> dict:
        measured = Measured()
        with system_scope():
            made = refreshing.refresh(least_rows=0)
        return measured.told(rows={name: one.rows for name, one in made.sets.items() if one.rows > 10_000})

    found["copy made"] = refreshed()
    say(f"copy made: {found['copy made']}")
    found["nothing changed"] = refreshed() | {"rows": None}
    admin.execute(
        "update deals_registration set stage = 'closing', version = version + 1 where status = 'approved' and id in (select id from deals_registration where status = 'approved' order by submitted_at desc limit 1000)"
    )
    admin.execute("select pg_stat_force_next_flush()")
    time.sleep(1)
    found["1,000 open deals changed"] = refreshed() | {"rows": None}
    if asked.deals > asked.loaded:
        found["written straight"] = enlarge(asked)
    found["bytes"] = sum(file.stat().st_size for file in (Path(os.environ["OPENPRM_DATA"]) / "analytics").glob("*.parquet"))
    child = subprocess.run([sys.executable, __file__, "--child"], capture_output=True, text=True, check=False)
    say(child.stderr)
    found |= json.loads(child.stdout)
    floor = found["floor"]["cpu"]
    found["times the floor"] = {name: round(found[name]["cpu"] / floor, 2) for name in ("cold", "computed", "warm")}
    return found


def _dashboard() -> dict:
    """In a process of its own, on the database and the copy that the parent made."""
    import django

    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
    django.setup()
    from django.db import connection

    from openprm.analytics.session import session
    from openprm.kernel.actor import SYSTEM
    from openprm.kernel.scope import system_scope
    from openprm.kpis import queries
    from openprm.kpis.definitions import registry
    from openprm.kpis.queries import reading

    names = [name for name in registry.EXECUTIVE if name in registry.BY_NAME]

    def dashboard() -> list:
        with system_scope():
            return [(one.name, one.value, one.before) for one in queries.figures(SYSTEM, names, queries.Asked(**ASKED))]

    with system_scope(), connection.cursor() as cursor:
        cursor.execute("select 1")
    told, found = {}, {}
    for name in ("cold", "computed", "warm"):
        if name == "computed":
            reading.forget()
        measured = Measured()
        told[name] = dashboard()
        found[name] = measured.told()
    assert told["cold"] == told["computed"] == told["warm"]
    needed = sorted({need for name in names for need in registry.BY_NAME[name].needs} & reading.known_datasets())
    for floor, sets in (("floor", needed), ("floor with touches", sorted({*needed, "attribution.touches"}))):
        with system_scope(), session(actor=SYSTEM, datasets=sets) as data:
            assert data.state
            measured = Measured()
            for one in sets:
                table = data.table(one)
                data.sql("select " + ", ".join(f'max("{column}")' for column in table.columns) + f" from {one.replace('.', '_')}")
            found[floor] = measured.told()
    found["numbers"] = {name: None if value is None else float(value) for name, value, _before in told["warm"]}
    return found


if __name__ == "__main__":
    main()
