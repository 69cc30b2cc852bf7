"""`openprm import`, `openprm export` and `openprm import-undo`."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from django.db import transaction

from openprm.integrations import queries, services
from openprm.integrations.commands import words
from openprm.integrations.imports.mapping import load
from openprm.kernel.actor import SYSTEM
from openprm.kernel.clock import now
from openprm.kernel.errors import Invalid
from openprm.kernel.scope import system_scope


@click.command("import", short_help="Load a file, or a folder with a mapping, into OpenPRM.")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--mapping", help="Name of a mapping that ships with OpenPRM, or a YAML file.")
@click.option("--entity", help="What the rows of a single file are: accounts, contacts, partners, products, ...")
@click.option("--dry-run", is_flag=True, help="Do everything, report, and take it back.")
@click.option("--skip-bad-rows", is_flag=True, help="Load the good rows; without it one bad row keeps everything out.")
@click.option("--encoding", help="Encoding of CSV files, when it cannot be told from the bytes (cp1252).")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def import_(path: Path, mapping: str | None, entity: str | None, dry_run: bool, skip_bad_rows: bool, encoding: str | None, form: str) -> None:
    """Load PATH into OpenPRM. Exit 2 when something in it cannot be taken (nothing is changed then), 1 when sums differ."""
    known = load(mapping) if mapping else None
    at = now()
    with system_scope(), transaction.atomic():
        if path.is_dir():
            if known is None:
                raise Invalid("A folder needs --mapping, which says what its files are.", field="mapping")
            import_id = services.stage_folder(actor=SYSTEM, folder=path, mapping=known, skip_bad_rows=skip_bad_rows)
        else:
            import_id = services.stage_file(actor=SYSTEM, path=path, entity=entity or "", mapping=known, encoding=encoding or "", skip_bad_rows=skip_bad_rows)
        act = services.try_import if dry_run else services.run_import
        act(actor=SYSTEM, import_id=import_id, at=at)
        found = queries.import_view(SYSTEM, import_id)
        if dry_run:
            transaction.set_rollback(True)
    click.echo(json.dumps(_plain(found, dry_run), default=str, indent=2) if form == "json" else words.report(found, is_trial=dry_run))
    sys.exit(_exit_code(found))


@click.command("import-undo", short_help="Take an import back.")
@click.argument("import_id", type=click.UUID)
def import_undo(import_id: UUID) -> None:
    """Take the import IMPORT_ID back: what it made is removed, what it changed gets its old values."""
    with system_scope():
        done = services.undo_import(actor=SYSTEM, import_id=import_id, at=now())
    click.echo(f"Taken back: {done['removed']:,} rows removed, {done['restored']:,} restored.")


@click.command("export", short_help="Write all rows of one kind to a file.")
@click.argument("entity")
@click.option("--out", required=True, type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option("--format", "form", type=click.Choice(["csv", "xlsx"]), help="By default what the file's ending says.")
def export(entity: str, out: Path, form: str | None) -> None:
    """Write the rows of ENTITY (accounts, contacts, partners, ...) to a file."""
    with system_scope():
        count = services.export_to(actor=SYSTEM, entity=entity, path=out, at=now(), format=form or "")
    click.echo(f"{out}: {count:,} rows.", err=True)


def _plain(found: queries.ImportView, is_trial: bool) -> dict[str, Any]:
    return {**asdict(found), "is_trial": is_trial, "id": None if is_trial else str(found.id)}


def _exit_code(found: queries.ImportView) -> int:
    if found.status == "failed" or (found.refused and not found.skip_bad_rows):
        return 2
    return 1 if found.differences else 0
