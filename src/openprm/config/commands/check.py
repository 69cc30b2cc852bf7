"""`openprm check`: is this installation fit to serve?"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import click

from openprm.config import environment as environments
from openprm.config.commands.runtime import start_django
from openprm.config.environment import Environment


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    subject: str
    is_good: bool
    message: str


@click.command()
@click.option("--database/--no-database", default=True, help="Also look at the database.", show_default=True)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def check(database: bool, form: str) -> None:
    """Check settings, code and database. Exit 1 when something is wrong."""
    environment = environments.load()
    start_django()
    findings = [Finding("settings", True, "every variable is right"), *_code()]
    if database:
        findings += _database(environment)
    if form == "json":
        click.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
    else:
        for finding in findings:
            click.echo(f"{'ok ' if finding.is_good else 'BAD'}  {finding.subject}: {finding.message}")
    sys.exit(0 if all(finding.is_good for finding in findings) else 1)


def _code() -> Iterator[Finding]:
    from django.core import checks

    found = [message for message in checks.run_checks() if not message.is_silenced()]
    for message in found:
        yield Finding("code", not message.is_serious(), f"{message.msg} ({message.id})")
    if not found:
        yield Finding("code", True, "Django's checks pass")


def _database(environment: Environment) -> Iterator[Finding]:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    connection.ensure_connection()
    yield Finding("database", True, f"PostgreSQL {connection.pg_version // 10000}, {'embedded' if environment.is_embedded else 'external'}")
    yield _isolation()
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    yield Finding("migrations", not missing, f"{missing} to apply: run `openprm migrate`" if missing else "all applied")


def _isolation() -> Finding:
    """Row-level security must bind the login, and every table that has it must force it."""
    from openprm.kernel.db import value

    if value("select rolsuper or rolbypassrls from pg_roles where rolname = session_user"):
        return Finding("isolation", False, "the login is a superuser or has BYPASSRLS: row-level security does not bind it")
    loose = value(
        "select string_agg(relname, ', ' order by relname) from pg_class "
        "where relnamespace = 'public'::regnamespace and relrowsecurity and not relforcerowsecurity"
    )
    if loose:
        return Finding("isolation", False, f"row-level security is not forced on {loose}")
    forced = value("select count(*) from pg_class where relnamespace = 'public'::regnamespace and relforcerowsecurity")
    return Finding("isolation", True, f"row-level security is forced on {forced} tables and binds the login")
