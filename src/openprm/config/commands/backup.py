"""`openprm backup`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from openprm.config import environment as environments
from openprm.config.commands.runtime import start_django, start_server
from openprm.kernel.clock import now


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def backup(file: Path, form: str) -> None:
    """Write database and uploaded files to FILE. The system may go on working meanwhile."""
    environment = environments.load()
    if not file.absolute().parent.is_dir():
        raise click.UsageError(f"{file.absolute().parent} is not a folder.")
    start_django()
    start_server(environment)
    from openprm.config import archive

    manifest = archive.write(environment, file.absolute(), at=now(), tell=lambda message: click.echo(message, err=True))
    if form == "json":
        click.echo(json.dumps({"file": str(file), **manifest}))
    else:
        click.echo(f"{file}: {file.stat().st_size:,} bytes, made {manifest['made_at']}. Keep it where nobody else can read it.")
