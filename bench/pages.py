"""How long the pages take over 5,000 partners and 500,000 registrations.

    .venv/bin/python bench/pages.py [--partners 5000] [--registrations 500000] [--samples 40]

Fills a throw-away server and asks for each page again and again as a signed-in person, through the whole of Django
(session, actor, scope, templates, security headers) in one process. Application CPU is the processor time of this
process, without PostgreSQL's. The portal's person belongs to a partner with 80 registrations of every status.
"""

import argparse
import json
import statistics
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.world import Fill, fresh_database, say

GOAL_P95_MS, GOAL_CPU_MS, GOAL_KILOBYTES = 150, 35, 300


@dataclass
class Timings:
    name: str
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    queries: int = 0
    size: int = 0

    def summary(self) -> dict[str, Any]:
        return {
            "page": self.name,
            "median_ms": round(1000 * statistics.median(self.wall), 1),
            "p95_ms": round(1000 * sorted(self.wall)[int(0.95 * (len(self.wall) - 1))], 1),
            "cpu_median_ms": round(1000 * statistics.median(self.cpu), 1),
            "queries": self.queries,
            "kilobytes": round(self.size / 1000, 1),
        }


def main() -> None:
    asked = _arguments()
    with fresh_database() as admin:
        people = fill_world(admin, asked)
        from django.conf import settings

        from openprm.config.static import collect_if_changed

        collect_if_changed()
        settings.ALLOWED_HOSTS = ["testserver"]
        for name, person, path in _pages(admin, people):
            found = _measure(name, _client(people[person]), path, asked.samples)
            print(json.dumps(found) if asked.format == "json" else _in_words(found))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--partners", type=int, default=5_000)
    parser.add_argument("--registrations", type=int, default=500_000)
    parser.add_argument("--samples", type=int, default=40)
    parser.add_argument("--format", choices=("text", "json"), default="text")
    return parser.parse_args()


def _in_words(found: dict[str, Any]) -> str:
    return (
        f"{found['page']:<34} median {found['median_ms']:>6} ms, p95 {found['p95_ms']:>6} ms, application CPU {found['cpu_median_ms']:>5} ms, "
        f"{found['queries']:>3} queries, {found['kilobytes']:>6} KB"
    )


def fill_world(admin: psycopg.Connection, asked: argparse.Namespace) -> dict[str, Any]:
    fill = Fill(admin)
    people = fill.people(partners=asked.partners)
    fill.catalogue()
    fill.accounts(asked.registrations // 5)
    registrations(fill, asked.registrations)
    admin.execute("vacuum analyze")
    return people


def registrations(fill: Fill, count: int) -> None:
    """`count` registrations over all partners and two years: most of them closed, some protected, a few waiting."""
    from openprm.deals.models import Line, ProtectionGrant, Registration

    admin = fill.admin
    admin.execute("create temp table partner_list as select row_number() over (order by name) - 1 as n, id from identity_organization where kind = 'partner'")
    admin.execute("create temp table account_list as select row_number() over (order by id) - 1 as n, id, name, domain, country from accounts_account")
    admin.execute("create unique index on partner_list (n); create unique index on account_list (n); analyze partner_list; analyze account_list")
    status = (
        "case when n % 1000 < 2 then 'submitted' when n % 1000 < 3 then 'returned' when n % 100 < 8 then 'approved' "
        "when n % 100 < 40 then 'closed_won' when n % 100 < 62 then 'closed_lost' when n % 100 < 84 then 'expired' when n % 100 < 95 then 'rejected' else 'withdrawn' end"
    )
    age = "(((n * 7919) % 700) + 1) * interval '1 day'"
    decided = "status in ('approved', 'closed_won', 'closed_lost', 'expired', 'rejected')"
    fill.insert(
        Registration,
        f"(select n, {status} as status, case when n % 100 < 8 then (n % 60) * interval '1 day' else {age} end as age from generate_series(0::bigint, {count - 1}) n) s "
        "join partner_list p on p.n = (s.n / 100) % (select count(*) from partner_list) "
        "join account_list a on a.n = s.n % (select count(*) from account_list) cross join deals_territory t cross join partners_program g",
        partner_id="p.id",
        account_id="a.id",
        territory_id="t.id",
        program_id="g.id",
        submitter_id="(select m.user_id from identity_membership m where m.organization_id = p.id)",
        title="a.name || ', rollout'",
        customer_name="a.name",
        customer_domain="a.domain",
        customer_country="a.country",
        amount_minor="2000000 + (s.n % 1000) * 10000",
        base_amount_minor="2000000 + (s.n % 1000) * 10000",
        base_currency="'EUR'",
        fx_rate="1",
        fx_date="current_date",
        status="s.status",
        stage="(array['prospect','qualified','technical_validation','business_validation'])[1 + s.n % 4]",
        verdict="case when s.n % 9 = 0 then 'possible' else 'none' end",
        lost_reason="case when s.status = 'closed_lost' then 'Price' else '' end",
        ended_reason="case when s.status = 'withdrawn' then 'Registered twice' else '' end",
        returned_fields="case when s.status = 'returned' then array['description'] else array[]::text[] end",
        expected_close_date="(now() - s.age + interval '120 days')::date",
        submitted_at="now() - s.age",
        answer_due_at="now() - s.age + interval '2 days'",
        decided_at=f"case when {decided} then now() - s.age + interval '1 day' end",
        booked_at=f"case when {decided} then now() - s.age + interval '1 day' end",
        closed_at="case when s.status like 'closed%%' then now() - s.age + interval '60 days' end",
        stage_changed_at="now() - s.age + interval '5 days'",
        protected_until="case when s.status = 'approved' then now() - s.age + interval '91 days' end",
        created_at="now() - s.age",
    )
    admin.execute(
        "delete from deals_registration where id in (select r.id from deals_registration r join identity_organization o on o.id = r.partner_id "
        "where o.domain = 'partner1.example' and r.status in ('rejected', 'expired') order by r.id limit 20)"
    )
    fill.insert(
        Line,
        "(select *, row_number() over () as n from deals_registration) r join (select row_number() over (order by id) - 1 as k, * from deals_product) p on p.k = r.n % 24",
        registration_id="r.id",
        partner_id="r.partner_id",
        product_id="p.id",
        product_line_id="p.line_id",
        position="0",
        amount_minor="r.amount_minor",
    )
    admin.execute(
        "create temp table first_of_account as select distinct on (r.account_id, l.product_line_id) r.id from deals_registration r join deals_line l on l.registration_id = r.id where r.status = 'approved'"
    )
    fill.insert(
        ProtectionGrant,
        "deals_registration r join first_of_account f on f.id = r.id join deals_line l on l.registration_id = r.id",
        registration_id="r.id",
        partner_id="r.partner_id",
        account_id="r.account_id",
        product_line_id="l.product_line_id",
        territory_id="r.territory_id",
        starts_at="r.booked_at",
        ends_at="r.protected_until",
    )


def _pages(admin: psycopg.Connection, people: dict[str, Any]) -> list[tuple[str, str, str]]:
    vendor, partner = "person@halden.example", "person@partner1.example"
    waiting = admin.execute("select id from deals_registration where status = 'submitted' order by id limit 1").fetchone()[0]
    own = admin.execute(
        "select r.id from deals_registration r join identity_organization o on o.id = r.partner_id where o.domain = 'partner1.example' and r.status = 'approved' limit 1"
    ).fetchone()[0]
    return [
        ("vendor home", vendor, "/app/"),
        ("vendor registrations, 25 rows", vendor, "/app/deals/"),
        ("vendor registrations, 100 rows", vendor, "/app/deals/?rows=100"),
        ("vendor registrations, waiting", vendor, "/app/deals/?status=submitted"),
        ("vendor detail", vendor, f"/app/deals/{waiting}/"),
        ("vendor pipeline", vendor, "/app/pipeline/"),
        ("vendor forecast", vendor, "/app/pipeline/forecast/"),
        ("vendor close dates", vendor, "/app/pipeline/close-dates/"),
        ("portal pipeline", partner, "/portal/pipeline/"),
        ("decision queue", vendor, "/app/decisions/"),
        ("portal home", partner, "/portal/"),
        ("portal registrations, 25 rows", partner, "/portal/deals/"),
        ("portal registrations, 80 rows", partner, "/portal/deals/?rows=100"),
        ("portal detail", partner, f"/portal/deals/{own}/"),
    ]


def _client(user_id: Any) -> Any:
    from django.test import Client

    from openprm.identity.models import User

    client = Client()
    client.force_login(User.objects.get(pk=user_id), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _measure(name: str, client: Any, path: str, samples: int) -> dict[str, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    timings = Timings(name)
    for _warm_up in range(3):
        response = client.get(path)
    if response.status_code != 200:
        raise SystemExit(f"{path} answered {response.status_code}: {response.content[:500]!r}")
    with CaptureQueriesContext(connection) as captured:
        timings.size = len(client.get(path).content)
    timings.queries = len(captured)
    for _sample in range(samples):
        wall, cpu = time.perf_counter(), time.process_time()
        client.get(path)
        timings.wall.append(time.perf_counter() - wall)
        timings.cpu.append(time.process_time() - cpu)
    say(f"  {name} measured")
    return timings.summary()


if __name__ == "__main__":
    main()
