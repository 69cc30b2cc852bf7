"""`openprm migrate`: as the owner, roles and rights first, then tables, then what every installation has."""

from __future__ import annotations

import click

from openprm.config import environment as environments
from openprm.config.commands.runtime import start_django


@click.command()
@click.option("--check", is_flag=True, help="Only say whether there is something to do; exit 1 if so.")
@click.option("--sql", is_flag=True, help="Print the SQL an administrator must run on an external server first, and stop.")
def migrate(check: bool, sql: bool) -> None:
    """Bring the database to this version. Safe to repeat; run it before serving a new version."""
    from openprm.config.external import prepare_external, statements_missing

    environment = environments.load()
    if sql:
        click.echo("\n".join(statements_missing(environment)))
        return
    if not environment.is_embedded:
        prepare_external(environment)
    start_django(db_role="owner")
    from django.core.management import call_command

    if check:
        call_command("migrate", check_unapplied=True, verbosity=1)
        return
    call_command("migrate", interactive=False, verbosity=1, stdout=click.get_text_stream("stderr"))
    install()


def install() -> None:
    """Let every domain lay down what each installation starts with. Safe to repeat."""
    from openprm.kernel.clock import now
    from openprm.kernel.registry import registry
    from openprm.kernel.scope import system_scope

    at = now()
    for fill in registry.filling("install"):
        with system_scope():
            fill(at=at)
