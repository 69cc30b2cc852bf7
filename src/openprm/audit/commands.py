"""`openprm verify-log`, `verify-proof`, `export-log` and `audit-key`."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

import click
from django.utils.translation import gettext as _

from openprm.audit import keyring, queries, services
from openprm.audit.rules.canonical import stamp
from openprm.audit.rules.proofs import NotAProof, ProofVerdict, read_checkpoint, read_proof, verify_proof
from openprm.audit.rules.verification import Break, Report
from openprm.audit.sources import files, lines, live
from openprm.audit.sources.log import BadInput, verify
from openprm.kernel.clock import now
from openprm.kernel.scope import system_scope

BROKEN, BAD_INPUT = 1, 2
FILE = click.Path(dir_okay=False, path_type=Path)
FORMAT = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How the answer is written.")


def _refuse(name: object, reason: object) -> NoReturn:
    click.echo(f"{name}: {reason}", err=True)
    sys.exit(BAD_INPUT)


@click.command("verify-log")
@click.option("--dump", type=FILE, help="Verify this file instead of the database: an export of the log, or a dump of PostgreSQL.")
@click.option("--checkpoint", type=FILE, multiple=True, help="A seal or a proof that was kept outside; the log must still hold it.")
@click.option("--trusted-key", default="", help="Fingerprint of the key that must have signed the newest seal.")
@FORMAT
def verify_log(dump: Path | None, checkpoint: tuple[Path, ...], trusted_key: str, form: str) -> None:
    """Recompute the audit log and name the first row that is not as it was sealed. Exit 1 when it is broken."""
    try:
        kept = [read_checkpoint(_bytes_of(path)) for path in checkpoint]
        report = _verified(dump, kept, trusted_key)
    except NotAProof as error:
        _refuse(", ".join(map(str, checkpoint)), error)
    except BadInput as error:
        _refuse(dump, error)
    click.echo(json.dumps(_report_values(report), indent=2) if form == "json" else _report_text(report))
    sys.exit(0 if report.is_whole else BROKEN)


def _verified(dump: Path | None, kept: list[Any], trusted_key: str) -> Report:
    if dump:
        return verify(files.read(dump), checkpoints=kept, trusted_key=trusted_key)
    with system_scope():
        return verify(live.log(), checkpoints=kept, trusted_key=trusted_key)


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        _refuse(path, error.strerror)


def _report_values(report: Report) -> dict[str, Any]:
    return {
        "whole": report.is_whole,
        "seals": report.seals,
        "events": report.events,
        "waiting": report.waiting,
        "head": {"number": report.head_number, "hash": report.head, "at": stamp(report.head_at) if report.head_at else None, "key": report.key},
        "first_break": asdict(report.first_break) if report.first_break else None,
        "breaks": [asdict(found) for found in report.breaks],
        "notices": [asdict(found) for found in report.notices],
    }


def _report_text(report: Report) -> str:
    lines = [*(_break_text(found) for found in report.breaks), *(_("Note: %(text)s.") % {"text": found.text} for found in report.notices)]
    if report.is_whole:
        lines.append(_("The log is whole: %(events)d events in %(seals)d seals, %(waiting)d waiting for the next seal.") % asdict(report))
    else:
        lines.append(_("The log is broken. The first broken row is named on the first line."))
    if report.head_at:
        lines.append(
            _("Newest seal: %(number)d of %(at)s, hash %(hash)s, key %(key)s")
            % {"number": report.head_number, "at": stamp(report.head_at), "hash": report.head, "key": report.key}
        )
    return "\n".join(lines)


def _break_text(found: Break) -> str:
    where = [
        f"event {found.event_id}" if found.event_id else "",
        f"seal {found.seal}" if found.seal else "",
        f"position {found.position}" if found.position is not None else "",
    ]
    return f"BROKEN {found.code}: {', '.join(filter(None, where))}: {found.text}"


@click.command("verify-proof")
@click.argument("file", type=FILE)
@click.option("--trusted-key", default="", help="Fingerprint of the vendor's key, if you know it from elsewhere.")
@FORMAT
def verify_one_proof(file: Path, trusted_key: str, form: str) -> None:
    """Check a proof without any database or network. Exit 1 when it does not hold."""
    try:
        verdict = verify_proof(read_proof(_bytes_of(file)), trusted_key=trusted_key)
    except NotAProof as error:
        _refuse(file, error)
    click.echo(json.dumps(_verdict_values(verdict), indent=2) if form == "json" else _verdict_text(verdict))
    sys.exit(0 if verdict.holds else BROKEN)


def _verdict_values(verdict: ProofVerdict) -> dict[str, Any]:
    return {"holds": verdict.holds, "event": verdict.event, "seal": verdict.seal.body(), "checks": [asdict(check) for check in verdict.checks]}


def _verdict_text(verdict: ProofVerdict) -> str:
    checks = [f"{'ok    ' if check.passed else 'FAILED'} {check.text}" for check in verdict.checks]
    answer = _("The proof holds.") if verdict.holds else _("The proof does not hold.")
    facts = _("Event %(id)s, %(verb)s, %(at)s; sealed %(sealed)s under key %(key)s.") % {
        "id": verdict.event.get("id"),
        "verb": verdict.event.get("verb"),
        "at": verdict.event.get("at"),
        "sealed": stamp(verdict.seal.at),
        "key": verdict.seal.key,
    }
    return "\n".join([*checks, answer, facts])


@click.command("export-log")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True))
def export_log(file: str) -> None:
    """Write the whole log as JSON lines to FILE, or to standard output for "-"."""
    with system_scope(), click.open_file(file, "wb", atomic=file != "-") as out:
        count = lines.write(out, tick=lambda done: click.echo(_("%(count)d events written") % {"count": done}, err=True))
    click.echo(_("%(count)d events are in %(file)s.") % {"count": count, "file": file}, err=True)


@click.group("audit-key")
def audit_key() -> None:
    """The key that signs the seals of the audit log."""


@audit_key.command("show")
@FORMAT
def show(form: str) -> None:
    """Print the published keys, the newest first."""
    with system_scope():
        keys = queries.public_keys()
    if form == "json":
        click.echo(json.dumps([{"fingerprint": key.fingerprint, "public_key": key.text, "endorsed_by": key.endorsed_by or None} for key in keys], indent=2))
        return
    for key in keys:
        click.echo(f"{key.fingerprint}  {key.text}")


@audit_key.command("renew")
def renew() -> None:
    """Go on with a new key. The present one signs the new one when this machine holds it."""
    with system_scope():
        fingerprint = services.renew_key(at=now())
    click.echo(_("New key %(key)s in %(path)s. Copy the file to every machine that runs a worker.") % {"key": fingerprint, "path": keyring.path()}, err=True)
    click.echo(fingerprint)


COMMANDS = (verify_log, verify_one_proof, export_log, audit_key)
