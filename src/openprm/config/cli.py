"""`openprm`: the command line of the whole system.

Answers go to stdout, in the form asked for with --format; progress and messages go to stderr.
Exit 0: done; 1: it failed; 2: what was asked or given is wrong.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

from openprm.config.commands import listing

# Our own commands: where each one is and what it does, so that --help need not import them.
BUILT_IN = {
    "serve": ("openprm.config.commands.serve", "Serve the two workspaces and the API."),
    "worker": ("openprm.config.commands.worker", "Run the queued and the periodic jobs."),
    "migrate": ("openprm.config.commands.migrate", "Bring the database to this version."),
    "check": ("openprm.config.commands.check", "Check settings, code and database."),
    "backup": ("openprm.config.commands.backup", "Write everything to one file."),
    "restore": ("openprm.config.commands.restore", "Read back what backup wrote."),
    "makemigrations": ("openprm.config.commands.manage", "Write migrations for changed models (developers)."),
    "manage": ("openprm.config.commands.manage", "Run one of Django's own commands."),
}


class Commands(click.Group):
    """Our own commands and those that the domains contribute in their wiring, each loaded when it is asked for."""

    def list_commands(self, context: click.Context) -> list[str]:
        return [*BUILT_IN, *listing.contributed()]

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name in BUILT_IN:
            return getattr(import_module(BUILT_IN[name][0]), name)
        if name in (bare := listing.without_django()):
            return next(command for command in import_module(bare[name]).COMMANDS if command.name == name)
        return _contributed().get(name) if name in listing.contributed() else None

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in BUILT_IN.items()])
        with formatter.section("Commands of the domains"):
            formatter.write_dl(list(listing.contributed().items()))

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run, and turn every failure we can name into one clear message and its exit code."""
        try:
            return super().main(*args, **kwargs)
        except Exception as error:
            from openprm.config.commands.failures import explain

            told = explain(error)
            if told is None:
                raise
            click.echo(told.message, err=True)
            sys.exit(told.exit_code)


def _contributed() -> dict[str, click.Command]:
    from openprm.config.commands.runtime import start_django

    start_django()
    from openprm.kernel.registry import registry

    return {command.name: command for command in registry.all("commands")}


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="openprm")
def main() -> None:
    """Run a partner ecosystem on transparent facts, published rules and kept promises."""


if __name__ == "__main__":
    main(prog_name="openprm")
