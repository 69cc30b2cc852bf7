"""How fast the books take entries, and how fast they answer, beside the same inserts as bare SQL.

    .venv/bin/python bench/ledger.py [--legs 1000000] [--posts 10000]

Fills a throw-away server with entries of two legs over 24 months and 2,000 partners in three currencies, straight into the tables with
their balances and turnovers. Then, through the real triggers (balances, turnovers, sums and append-only history are all kept), it measures

- batches: `services.post_many`, 1,000 entries each, against bare SQL: the same columns inserted from the same arrays into two tables of the
  same shape with primary keys and indexes, but no triggers, checks or balances;
- single posts: one `services.post` for each transaction against two bare INSERT statements for each transaction;
- answers at full size: the balance of an account, the trial balance of a month's end and of a day in the middle of a month, a statement,
  and the same balance summed by bare SQL over the legs.

The goal is a ratio under 3 for both kinds of posting, at 10,000,000 legs too (`--legs 10000000`). At the end the books are recounted leg by leg and must agree.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.world import Fill, fresh_database, say

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
BATCH = 1000
PARTNERS = 2000
DAY = date(2026, 11, 20)
DAYS = 700

SUMS = """
update ledger_account a set balance_minor = s.minor, leg_count = s.legs
  from (select account_id, sum(amount_minor) as minor, count(*) as legs from ledger_leg group by 1) s where a.id = s.account_id;
truncate ledger_turnover;
insert into ledger_turnover (account_id, month, debit_minor, credit_minor, leg_count)
  select account_id, date_trunc('month', value_date)::date, sum(greatest(amount_minor, 0)), sum(greatest(-amount_minor, 0)), count(*)
  from ledger_leg group by 1, 2;
"""
PLACES = """
create unlogged table bench_partner as
  select id, (row_number() over (order by id) - 1)::bigint as place from identity_organization where kind = 'partner';
create unique index on bench_partner (place);
create unlogged table bench_side as
  select a.partner_id as owner, s.id as account_id, s.partner_id, s.currency, s.normal as sign
  from ledger_account a join ledger_account s on s.currency = a.currency and (s.id = a.id or s.partner_id is null) where a.partner_id is not null;
create index on bench_side (owner);
analyze bench_partner, bench_side;
"""
BARE = """
create table bare_entry (like ledger_entry including defaults);
alter table bare_entry add primary key (id);
create unique index on bare_entry (key);
create unique index on bare_entry (number);
create index on bare_entry (value_date, number);
create index on bare_entry (partner_id, number desc);
create table bare_leg (like ledger_leg including defaults including identity);
alter table bare_leg add primary key (id);
create index on bare_leg (entry_id);
create index on bare_leg (account_id, value_date, id);
grant all on bare_entry, bare_leg to openprm_vendor;
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--legs", type=int, default=1_000_000)
    parser.add_argument("--posts", type=int, default=10_000)
    wanted = parser.parse_args()
    with fresh_database() as admin:
        run(admin, wanted.legs, wanted.posts)


def run(admin: psycopg.Connection, legs: int, posts: int) -> None:
    from openprm.kernel.scope import system_scope
    from openprm.ledger import queries as books

    partners = people(admin)
    warm(partners)
    say(f"filled {legs:,} legs in {timed(lambda: fill(admin, legs // 2)):.0f} s")
    admin.execute(BARE)
    admin.execute("vacuum analyze ledger_leg, ledger_entry, ledger_account, ledger_turnover")

    print(
        compare(
            f"batches of {BATCH}", BATCH, [lambda part=part: ours_batch(partners, part) for part in range(posts // BATCH or 1)],
            [lambda part=part: bare_batch(partners, part) for part in range(posts // BATCH or 1)],
        )
    )  # fmt: skip
    print(
        compare(
            "single posts", 1, [lambda number=number: ours_single(partners, number) for number in range(300)],
            [lambda number=number: bare_single(partners, number) for number in range(300)],
        )
    )  # fmt: skip
    with system_scope():
        answers(partners)
        whole = books.recount()
    print(f"recounted {whole.legs:,} legs on {whole.accounts:,} accounts: {'the books hold' if whole.holds else 'THE BOOKS ARE WRONG'}")
    sys.exit(0 if whole.holds else 1)


def people(admin: psycopg.Connection) -> list[UUID]:
    columns = {row[0] for row in admin.execute("select column_name from information_schema.columns where table_name = 'identity_organization' "
                                               "and is_nullable = 'NO' and column_default is null")}  # fmt: skip
    fillers = {"kind": "'partner'", "name": "'Partner ' || n", "status": "'active'", "id": "gen_random_uuid()", "created_at": "now()", "updated_at": "now()"}
    kinds = dict(admin.execute("select column_name, data_type from information_schema.columns where table_name = 'identity_organization'").fetchall())
    for name in columns - fillers.keys():
        fillers[name] = {"boolean": "false", "integer": "0", "smallint": "0", "bigint": "0", "jsonb": "'{}'", "ARRAY": "'{}'"}.get(kinds[name], "''")
    names = [name for name in fillers if name in columns or name in {"id"}]
    admin.execute("set session_replication_role = replica")
    admin.execute(
        f"insert into identity_organization ({', '.join(names)}) select {', '.join(fillers[name] for name in names)} from generate_series(1, {PARTNERS}) n"
    )
    admin.execute("set session_replication_role = origin")
    return [row[0] for row in admin.execute("select id from identity_organization where kind = 'partner' order by id")]


def drafts(partners: list[UUID], name: str, count: int) -> list[Any]:
    from openprm.ledger.services import EntryDraft, Leg

    def draft(number: int) -> Any:
        owner, currency = partners[number % len(partners)], ("EUR", "USD", "GBP")[number % len(partners) % 3]
        legs = (
            Leg(account="rounding", amount_minor=100, currency=currency),
            Leg(account="partner.payable", owner_id=owner, amount_minor=-100, currency=currency),
        )
        return EntryDraft(kind="bench.post", key=f"{name}:{number}", legs=legs, value_date=DAY)

    return [draft(number) for number in range(count)]


def warm(partners: list[UUID]) -> None:
    """One entry for each partner, so that every account and month stands."""
    from openprm.kernel.actor import SYSTEM
    from openprm.kernel.scope import system_scope
    from openprm.ledger import services as ledger
    from openprm.ledger.models import Period
    from openprm.ledger.rules.periods import months_between

    with system_scope():
        ledger.post_many(actor=SYSTEM, entries=drafts(partners, "warm", len(partners)), at=AT)
        Period.objects.bulk_create([Period(month=month) for month in months_between(date(2024, 11, 1), date(2026, 12, 1))], ignore_conflicts=True)


def fill(admin: psycopg.Connection, entries: int) -> None:
    """Entries of two legs straight into the tables, in the order of their days; then balances and turnovers as the triggers would have kept them.

    The recount at the end adds up every leg and compares: a wrong balance here ends the benchmark with an error.
    """
    from openprm.ledger.models import Entry, Leg

    made = Fill(admin)
    admin.execute(PLACES)
    made.insert(
        Entry, f"generate_series(0::bigint, {entries - 1}) n join bench_partner p on p.place = n % {PARTNERS}", number="nextval('ledger_number')",
        kind="'bench.fill'", key="'fill:' || n", value_date=f"date '2024-11-01' + (n * {DAYS} / {entries})::int", partner_id="p.id", posted_at="now()",
        by_name="'bench'",
    )  # fmt: skip
    made.insert(
        Leg, "ledger_entry e join bench_side s on s.owner = e.partner_id where e.kind = 'bench.fill' order by e.number, s.sign desc",
        id="nextval(pg_get_serial_sequence('ledger_leg', 'id'))", entry_id="e.id", account_id="s.account_id", partner_id="s.partner_id",
        currency="s.currency", amount_minor="s.sign * 100", value_date="e.value_date",
    )  # fmt: skip
    admin.execute(SUMS)
    admin.execute("set session_replication_role = origin")


def ours_batch(partners: list[UUID], part: int) -> None:
    from openprm.kernel.actor import SYSTEM
    from openprm.kernel.scope import system_scope
    from openprm.ledger import services as ledger

    made = drafts(partners, f"batch:{part}", BATCH)
    with system_scope():
        ledger.post_many(actor=SYSTEM, entries=made, at=AT)


def ours_single(partners: list[UUID], number: int) -> None:
    from openprm.kernel.actor import SYSTEM
    from openprm.kernel.scope import system_scope
    from openprm.ledger import services as ledger

    made = drafts(partners[3 * number : 3 * number + 1], f"single:{number}", 1)[0]
    with system_scope():
        ledger.post(actor=SYSTEM, kind=made.kind, key=made.key, legs=made.legs, value_date=made.value_date, at=AT)


def bare(made: list[Any]) -> None:
    """The same rows in the same two statements, by the same driver and role, into tables without guards."""
    from django.db import connection

    from openprm.kernel.actor import SYSTEM
    from openprm.kernel.ids import new_id
    from openprm.kernel.scope import system_scope
    from openprm.ledger.services import posting

    ids = [new_id() for _one in made]
    values = {**posting._columns(tuple(made), SYSTEM, AT), "id": ids}
    lines = [(entry, leg) for entry, one in zip(ids, made, strict=True) for leg in one.legs]
    entries = posting._ENTRIES.replace("ledger_entry", "bare_entry").replace("on conflict (key) do nothing", "")
    legs = posting._LEGS.replace("ledger_leg", "bare_leg")
    columns = [
        [entry for entry, _leg in lines], [ACCOUNTS[leg.account, leg.owner_id, leg.currency] for _entry, leg in lines], [leg.owner_id for _entry, leg in lines],
        [leg.currency for _entry, leg in lines], [leg.amount_minor for _entry, leg in lines], [DAY for _line in lines],
    ]  # fmt: skip
    with system_scope(), connection.cursor() as cursor:
        cursor.execute(entries, values)
        cursor.fetchall()
        cursor.execute(legs, columns)


ACCOUNTS: dict[Any, UUID] = {}


def bare_batch(partners: list[UUID], part: int) -> None:
    know_accounts()
    bare(drafts(partners, f"batch:{part}", BATCH))


def bare_single(partners: list[UUID], number: int) -> None:
    know_accounts()
    bare(drafts(partners[3 * number : 3 * number + 1], f"single:{number}", 1))


def know_accounts() -> None:
    from openprm.kernel.scope import system_scope
    from openprm.ledger.models import Account

    if not ACCOUNTS:
        with system_scope():
            ACCOUNTS.update(
                {(kind, owner, currency): key for kind, owner, currency, key in Account.objects.values_list("kind", "partner_id", "currency", "id")}
            )


def compare(name: str, entries: int, ours: list[Callable[[], None]], theirs: list[Callable[[], None]]) -> str:
    """One line of the report: pieces of both taken in turns, the median of their times, and the sum of their CPU seconds (ours and the server's)."""
    took: tuple[list[float], list[float]] = ([], [])
    cpu = [0.0, 0.0]
    for pair in zip(ours, theirs, strict=True):
        for place, work in enumerate(pair):
            before = cpu_seconds()
            took[place].append(timed(work))
            cpu[place] += cpu_seconds() - before
    mine, other = (statistics.median(part) for part in took)
    return (
        f"{name}: {entries / mine:,.0f} entries/s, bare SQL {entries / other:,.0f} entries/s, ratio {mine / other:.2f} (goal 3); "
        f"CPU {cpu[0]:.1f} s against {cpu[1]:.1f} s, ratio {cpu[0] / max(cpu[1], 0.01):.2f}"
    )


def cpu_seconds() -> float:
    """What this process and its server process have used."""
    from django.db import connection

    connection.ensure_connection()
    server = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text().rpartition(")")[2].split()
    return time.process_time() + (int(server[11]) + int(server[12])) / os.sysconf("SC_CLK_TCK")


def answers(partners: list[UUID]) -> None:
    from openprm.kernel import db
    from openprm.kernel.actor import SYSTEM
    from openprm.ledger import queries as books

    for name, ask in (
        ("balance of a partner", lambda: books.balance("partner.payable", partners[0], currency="EUR")),
        ("balance of the busiest account", lambda: books.balance("rounding", currency="EUR")),
        ("the same as a sum over its legs", lambda: db.value("select sum(amount_minor) from ledger_leg l join ledger_account a on a.id = l.account_id "
                                                             "where a.kind = 'rounding' and a.currency = 'EUR'")),
        ("balances of all partners", lambda: books.balances("partner.payable")),
        ("trial balance, end of a month", lambda: books.trial_balance(date(2026, 10, 31))),
        ("trial balance, middle of a month", lambda: books.trial_balance(date(2026, 10, 15))),
        ("proof: balances against turnovers", books.prove),
        ("statement of a partner, one month", lambda: books.statement(SYSTEM, "partner.payable", partners[0], "EUR", date(2026, 9, 1), date(2026, 9, 30))),
    ):  # fmt: skip
        took = [timed(ask) for _try in range(5)]
        print(f"{name}: {statistics.median(took) * 1000:.1f} ms")


def timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
