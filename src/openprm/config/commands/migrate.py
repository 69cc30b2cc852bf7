"""`openprm migrate`: as the owner, roles and rights first, then tables, then what every installation has."""

from __future__ import annotations

import click

from openprm.config import environment as environments
from openprm.config.commands.runtime import connected_as, start_django


@click.command()
@click.option("--check", is_flag=True, help="Only say whether there is something to do; exit 1 if so.")
@click.option("--sql", is_flag=True, help="Print the SQL an administrator must run on an external server first, and stop.")
@click.option("--with-demo", is_flag=True, hidden=True)
@click.pass_context
def migrate(context: click.Context, check: bool, sql: bool, with_demo: bool) -> None:
    """Bring the database to this version. Safe to repeat; run it before serving a new version."""
    from openprm.config.external import prepare_external, statements_missing

    environment = environments.load()
    if sql:
        click.echo("\n".join(statements_missing(environment)))
        return
    if not environment.is_embedded:
        prepare_external(environment)
    start_django()
    with connected_as("owner", environment):
        _migrate(check)
    if check:
        return
    install()
    if with_demo:
        _load_demo(context)


def _migrate(check: bool) -> None:
    from django.core.management import call_command

    if check:
        call_command("migrate", check_unapplied=True, verbosity=1)
    else:
        call_command("migrate", interactive=False, verbosity=1, stdout=click.get_text_stream("stderr"))


def _load_demo(context: click.Context) -> None:
    from openprm.kernel.registry import registry

    context.invoke(next(command for command in registry.all("commands") if command.name == "demo"))


def install() -> None:
    """Let every domain lay down what each installation starts with. Safe to repeat."""
    from openprm.kernel.clock import now
    from openprm.kernel.registry import registry
    from openprm.kernel.scope import system_scope

    at = now()
    for fill in registry.filling("install"):
        with system_scope():
            fill(at=at)
