"""Django's own commands, for developers."""

from __future__ import annotations

import click

from openprm.config.commands.runtime import start_django

PASS_ON = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}


@click.command(context_settings=PASS_ON)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Run one of Django's own commands, for example `openprm manage shell`."""
    _run(arguments)


@click.command(context_settings=PASS_ON)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def makemigrations(arguments: tuple[str, ...]) -> None:
    """Write migrations for changed models. Needs no database."""
    _run(("makemigrations", "--skip-checks", *arguments), db_role="none")


def _run(arguments: tuple[str, ...], *, db_role: str | None = None) -> None:
    start_django(db_role=db_role)
    from django.core.management import execute_from_command_line

    execute_from_command_line(["openprm manage", *arguments])
