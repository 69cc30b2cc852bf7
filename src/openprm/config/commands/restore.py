"""`openprm restore`."""

from __future__ import annotations

from pathlib import Path

import click

from openprm.config import environment as environments
from openprm.config.commands.runtime import start_django, start_server


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Put the backup in the place of what the embedded database holds.")
def restore(file: Path, replace: bool) -> None:
    """Read back what `openprm backup` wrote, all of it or nothing; then run `openprm migrate`. Stop web and worker first."""
    environment = environments.load()
    start_django()
    start_server(environment)
    from openprm.config import archive

    manifest = archive.read(environment, file.absolute(), replace=replace, tell=lambda message: click.echo(message, err=True))
    click.echo(f"Restored the backup of {manifest['made_at']}. Run `openprm migrate` before you serve.")
