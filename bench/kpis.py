"""The executive dashboard at the size of a large program: 10 million touches, 1 million deals, 5,000 partners.

    .venv/bin/python bench/kpis.py [--deals 1000000] [--touches 10] [--partners 5000]

A throw-away PostgreSQL is filled by SQL, the copy for analysis is made of it, a day's change is made and the copy refreshed. Then the whole
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
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.world import Fill, fresh_database, say

MONTHS = 36
TODAY = date(2026, 11, 30)
ASKED = {"as_of": date(2026, 11, 15), "period": "12m", "compare": "previous"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--deals", type=int, default=1_000_000)
    parser.add_argument("--touches", type=int, default=11, help="touches before each decided deal")
    parser.add_argument("--partners", type=int, default=5_000)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        print(json.dumps(_dashboard()))
        return
    with fresh_database() as admin:
        fill(admin, asked)
        print(json.dumps(measure(admin)))


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
    _others(world)


def _without_indexes(admin, *tables: str) -> None:
    """Nothing here looks rows up by the indexes of pages, and they take longer than the rows."""
    for (name,) in admin.execute(
        "select indexname from pg_indexes where tablename = any(%s) and indexname not in (select conname from pg_constraint)", [list(tables)]
    ).fetchall():
        admin.execute(f'drop index "{name}"')


def _registrations(world: Fill, asked: argparse.Namespace) -> None:
    from openprm.deals.models import Registration

    closed = f"timestamptz '2026-11-29 12:00+00' - (n * {MONTHS * 30.4:.1f} / {asked.deals}) * interval '1 day'"
    world.insert(
        Registration,
        f"generate_series(1, {asked.deals}) n join bench_partner p on p.place = n * 7919 % {asked.partners} join bench_account a on a.place = n % 20000",
        number="'DR-' || lpad(n::text, 8, '0')", partner_id="p.id", program_id="(select id from partners_program limit 1)", account_id="a.id", territory_id="(select id from deals_territory)",
        customer_name="'Customer ' || n", status="case when n % 10 = 0 then 'approved' when n % 10 < 4 then 'closed_lost' else 'closed_won' end",
        lost_reason="'price'", deal_type="case when n % 9 = 0 then 'renewal' else 'new' end", amount_minor="(1 + n * 7919::bigint % 90000) * 100",
        base_amount_minor="(1 + n * 7919::bigint % 90000) * 100", base_currency="'EUR'", fx_rate="1", submitted_at=f"{closed} - (20 + n % 150) * interval '1 day'",
        decided_at=f"{closed} - (15 + n % 150) * interval '1 day'", booked_at=f"{closed} - (15 + n % 150) * interval '1 day'",
        closed_at=f"case when n % 10 > 0 then {closed} end",
    )  # fmt: skip


def _runs(world: Fill, asked: argparse.Namespace) -> None:
    """A standing run for every month, all but three locked: the results with their touches, and credit for everybody who touched a won deal."""
    from openprm.attribution.models import Configuration, Credit, Month, Result, Run

    admin = world.admin
    world.insert(Configuration, "(values (1)) v", number="1", name="'U-shaped'", model="'u-shaped'", sha256="repeat('0', 64)", published_at="now()")
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


def _others(world: Fill) -> None:
    from openprm.kpis.models import Cost
    from openprm.leads.models import Offer
    from openprm.promises.models import Clock

    started = "timestamptz '2026-11-29' - (n % 700) * interval '1 day'"
    partner = "join bench_partner p on p.place = n % (select count(*) from bench_partner)"
    world.insert(
        Clock, f"generate_series(1, 100000) n {partner}", code="'deals.decision'", partner_id="p.id", subject_label="'DR-' || n", state="'kept'", started_at=started,
        due_at=f"{started} + interval '2 days'", answered_at=f"{started} + (n % 60) * interval '1 hour'", taken_seconds="(n % 20) * 3600",
    )  # fmt: skip
    world.insert(
        Offer,
        f"generate_series(1, 100000) n {partner}",
        partner_id="p.id",
        state="'accepted'",
        offered_at=started,
        accepted_at=f"{started} + interval '5 hours'",
    )
    for kind in ("team", "tools", "onboarding"):
        world.insert(
            Cost,
            f"generate_series(0, {MONTHS - 1}) n",
            month="(date '2026-11-01' - n * interval '1 month')::date",
            kind=f"'{kind}'",
            amount_minor="5000000",
            currency="'EUR'",
        )


# -- the measures ---------------------------------------------------------------------------------


class Measured:
    """Wall and CPU seconds since it was made, of this process."""

    def __init__(self) -> None:
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def told(self, **more) -> dict:
        return {"wall": round(time.perf_counter() - self.wall, 3), "cpu": round(time.process_time() - self.cpu, 3), **more}


def measure(admin) -> dict:
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
