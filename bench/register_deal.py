"""How long a pre-check and a registration take beside the bare SQL they consist of.

    .venv/bin/python bench/register_deal.py [--accounts 1000000] [--protections 100000] [--partners 5000] [--samples 300]

Fills a throw-away server, then runs each use case as a partner's person, in its own transaction, commit included.
The floor of each sample is the same statements (look-ups and writes, without savepoints and role changes) sent by bare
psycopg on one connection, with new ids, in one transaction of its own, right after the sample: same data, same noise.
Half of the customers are known accounts, half are new.
"""

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.world import Fill, fresh_database, say

SKIPPED = ("savepoint", "release savepoint", "rollback to savepoint", "select set_config", "begin", "commit")


@dataclass
class Timings:
    name: str
    ours: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    statements: list[int] = field(default_factory=list)
    queries: list[int] = field(default_factory=list)

    def summary(self) -> dict[str, Any]:
        ratios = [mine / bare for mine, bare in zip(self.ours, self.floor, strict=True)]
        return {
            "what": self.name,
            "samples": len(self.ours),
            "queries": statistics.median(self.queries),
            "statements_of_the_floor": statistics.median(self.statements),
            "median_ms": round(1000 * statistics.median(self.ours), 2),
            "p95_ms": round(1000 * _p95(self.ours), 2),
            "floor_median_ms": round(1000 * statistics.median(self.floor), 2),
            "floor_p95_ms": round(1000 * _p95(self.floor), 2),
            "ratio_of_medians": round(statistics.median(self.ours) / statistics.median(self.floor), 2),
            "median_of_ratios": round(statistics.median(ratios), 2),
        }


def _p95(values: list[float]) -> float:
    return sorted(values)[int(0.95 * (len(values) - 1))]


def main() -> None:
    asked = _arguments()
    with fresh_database() as admin:
        _fill(admin, asked)
        for timings in (_measure(admin, asked, "pre-check", _pre_check), _measure(admin, asked, "submit", _submit)):
            print(json.dumps(timings.summary()) if asked.format == "json" else _in_words(timings.summary()))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accounts", type=int, default=1_000_000)
    parser.add_argument("--protections", type=int, default=100_000)
    parser.add_argument("--partners", type=int, default=5_000)
    parser.add_argument("--samples", type=int, default=300)
    parser.add_argument("--warm-up", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--show", action="store_true", help="print the statements of the last sample")
    parser.add_argument("--profile", help="write a profile of our part of the submits to this file")
    return parser.parse_args()


def _in_words(found: dict[str, Any]) -> str:
    return (
        f"{found['what']:>9}: median {found['median_ms']} ms, p95 {found['p95_ms']} ms, {found['queries']:.0f} statements; "
        f"floor median {found['floor_median_ms']} ms, p95 {found['floor_p95_ms']} ms, {found['statements_of_the_floor']:.0f} statements; "
        f"ratio of medians {found['ratio_of_medians']}, median of ratios {found['median_of_ratios']} ({found['samples']} samples)"
    )


def _fill(admin: psycopg.Connection, asked: argparse.Namespace) -> None:
    fill = Fill(admin)
    fill.people(partners=asked.partners)
    fill.catalogue()
    fill.accounts(asked.accounts)
    protections(fill, asked.protections)
    admin.execute("vacuum analyze")
    admin.execute("checkpoint")


def protections(fill: Fill, count: int) -> None:
    """`count` approved registrations, each of its own account, with a line, and a live protection of 90 days."""
    from openprm.deals.models import Line, ProtectionGrant, Registration

    fill.admin.execute(
        "create temp table partner_list as select row_number() over (order by id) - 1 as n, id from identity_organization where kind = 'partner'"
    )
    fill.admin.execute("create temp table account_list as select row_number() over (order by id) as n, id, name, domain, country from accounts_account")
    fill.admin.execute("analyze partner_list; analyze account_list")
    spread = f"1 + n * ((select count(*) from account_list) / {count + 1})"
    fill.insert(
        Registration,
        f"(select n, {spread} as place from generate_series(0::bigint, {count - 1}) n) s join account_list a on a.n = s.place "
        "join partner_list p on p.n = s.n % (select count(*) from partner_list) cross join deals_territory t",
        partner_id="p.id",
        account_id="a.id",
        territory_id="t.id",
        title="a.name || ', rollout'",
        customer_name="a.name",
        customer_domain="a.domain",
        customer_country="a.country",
        amount_minor="2000000 + (s.n % 1000) * 10000",
        base_amount_minor="2000000 + (s.n % 1000) * 10000",
        base_currency="'EUR'",
        fx_rate="1",
        fx_date="current_date",
        status="'approved'",
        stage="'qualified'",
        submitted_at="now() - interval '12 days'",
        decided_at="now() - interval '10 days'",
        booked_at="now() - interval '10 days'",
        stage_changed_at="now() - interval '10 days'",
        protected_until="now() + interval '80 days'",
        created_at="now() - interval '12 days'",
    )
    fill.insert(
        Line,
        "(select *, row_number() over (order by id) as n from deals_registration) r join (select row_number() over (order by id) - 1 as k, * from deals_product) p on p.k = r.n % 24",
        registration_id="r.id",
        partner_id="r.partner_id",
        product_id="p.id",
        product_line_id="p.line_id",
        position="0",
        amount_minor="r.amount_minor",
    )
    fill.insert(
        ProtectionGrant,
        "deals_registration r join deals_line l on l.registration_id = r.id",
        registration_id="r.id",
        partner_id="r.partner_id",
        account_id="r.account_id",
        product_line_id="l.product_line_id",
        territory_id="r.territory_id",
        starts_at="r.booked_at",
        ends_at="r.protected_until",
    )


class World:
    """The people and customers that the samples draw from."""

    def __init__(self, admin: psycopg.Connection, asked: argparse.Namespace):
        self.random = random.Random(asked.seed)
        self.accounts = asked.accounts
        self.people = admin.execute(
            "select u.id, u.name, o.id from identity_organization o join identity_membership m on m.organization_id = o.id "
            "join identity_user u on u.id = m.user_id where o.kind = 'partner' order by o.id"
        ).fetchall()
        self.products = admin.execute("select id, line_id from deals_product order by id").fetchall()

    def actor(self) -> Any:
        from openprm.kernel.actor import Actor, Side

        user_id, name, partner_id = self.random.choice(self.people)
        return Actor(side=Side.PARTNER, name=name, user_id=user_id, organization_id=partner_id, partner_ids=(partner_id,), roles=frozenset({"partner_sales"}))

    def customer(self, number: int) -> tuple[str, str]:
        """(name, web domain): every other one is a known account."""
        if number % 2:
            return f"Customer {self.random.randrange(10**9):x}", f"customer{self.random.randrange(1, self.accounts + 1)}.example"
        word = "".join(self.random.choice("bcdfgklmnprstv") + self.random.choice("aeiou") for _turn in range(4))
        return f"{word.title()} Works", f"{word}-works.example"


Prepared = tuple[Callable[[], Any], dict[UUID, UUID]]
"""What to run, and for each row it works on the twin that the floor works on."""


def _pre_check(world: World, number: int, at: datetime) -> Prepared:
    from openprm.deals import services
    from openprm.kernel.scope import scope

    actor, (_name, domain), (_product, line_id) = world.actor(), world.customer(number), world.random.choice(world.products)

    def run() -> Any:
        with scope(actor):
            return services.pre_check(actor=actor, customer=domain, product_line_id=line_id, country="DE", at=at)

    return run, {}


def _submit(world: World, number: int, at: datetime) -> Prepared:
    from openprm.deals import services
    from openprm.deals.rules import LineDraft, RegistrationDraft
    from openprm.kernel.scope import scope

    actor, (name, domain) = world.actor(), world.customer(number)
    draft = RegistrationDraft(
        title=f"{name}, rollout",
        customer_name=name,
        customer_domain=domain,
        customer_country="DE",
        contact_name="Petra Malá",
        contact_email=f"petra@{domain}",
        expected_close_date=at.date() + timedelta(days=90),
        lines=(LineDraft(product_id=world.random.choice(world.products)[0], quantity=2, amount_minor=40_000_00),),
    )
    with scope(actor):
        made, twin = (services.save_draft(actor=actor, draft=draft, at=at) for _turn in range(2))

    def run() -> Any:
        with scope(actor):
            return services.submit(actor=actor, registration_id=made.registration_id, at=at)

    return run, {made.registration_id: twin.registration_id}


def _measure(admin: psycopg.Connection, asked: argparse.Namespace, name: str, prepare: Callable[[World, int, datetime], Prepared]) -> Timings:
    from django.db import connection

    world, timings, start = World(admin, asked), Timings(name), datetime.now(UTC)
    connection.ensure_connection()
    profile = _profile(asked, name)
    with psycopg.connect(connection.connection.info.dsn, autocommit=False) as bare:
        bare.execute("set role openprm_vendor")
        bare.commit()
        for number in range(asked.warm_up + asked.samples):
            run, twins = prepare(world, number, start + timedelta(seconds=number))
            statements: list[tuple[str, Any]] = []
            with _recorded(statements), profile():
                began = time.perf_counter()
                run()
                ours = time.perf_counter() - began
            kept = [(sql, params) for sql, params in statements if not sql.lstrip().lower().startswith(SKIPPED)]
            floor = _replay(bare, _renamed(kept, twins))
            if number >= asked.warm_up:
                timings.ours.append(ours)
                timings.floor.append(floor)
                timings.queries.append(len(statements))
                timings.statements.append(len(kept))
    if asked.show:
        say("\n".join(f"  {place:>3} {sql[:200]}" for place, (sql, _params) in enumerate(statements, start=1)))
    return timings


def _profile(asked: argparse.Namespace, name: str) -> Callable[[], Any]:
    from contextlib import nullcontext

    if not asked.profile or name != "submit":
        return nullcontext
    import cProfile

    collected = cProfile.Profile()

    @contextmanager
    def on() -> Iterator[None]:
        collected.enable()
        try:
            yield
        finally:
            collected.disable()
            collected.dump_stats(asked.profile)

    return on


@contextmanager
def _recorded(statements: list[tuple[str, Any]]) -> Iterator[None]:
    from django.db import connection

    def remember(execute: Callable, sql: Any, params: Any, many: bool, context: Any) -> Any:
        statements.append((str(sql), params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(remember):
        yield


def _renamed(statements: list[tuple[str, Any]], twins: dict[UUID, UUID]) -> list[tuple[str, Any]]:
    """The statements on the twin, with a new id for every row they insert, so that they can run a second time."""
    from openprm.kernel.ids import new_id

    fresh = dict(twins)
    for sql, params in statements:
        if sql.lower().startswith("insert") and params:
            first_seen = [value for value in params if isinstance(value, UUID)]
            for value in first_seen[:1]:
                fresh.setdefault(value, new_id())
    return [(_once(sql), _swap(params, fresh)) for sql, params in statements]


def _once(sql: str) -> str:
    """An insert that passes over a row which is there already: a known customer is shared with a partner once."""
    if not sql.startswith("INSERT") or "ON CONFLICT" in sql:
        return sql
    head, returning, tail = sql.partition(" RETURNING")
    return f"{head} ON CONFLICT DO NOTHING{returning}{tail}"


def _swap(value: Any, fresh: dict[UUID, UUID]) -> Any:
    if isinstance(value, UUID):
        return fresh.get(value, value)
    if isinstance(value, list | tuple):
        return type(value)(_swap(item, fresh) for item in value)
    return value


def _replay(bare: psycopg.Connection, statements: list[tuple[str, Any]]) -> float:
    began = time.perf_counter()
    with bare.cursor() as cursor:
        for sql, params in statements:
            cursor.execute(sql, params)
            if cursor.description:
                cursor.fetchall()
    bare.commit()
    return time.perf_counter() - began


if __name__ == "__main__":
    say("filling a throw-away server; this takes some minutes at full size")
    main()
