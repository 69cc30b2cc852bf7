"""`openprm verify-badge` and `openprm badge-key`."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

import click
from django.db import DatabaseError
from django.utils.translation import gettext as _

from openprm.directory import keyring, queries, services, wording
from openprm.directory.rules import baking, tokens, verification
from openprm.kernel.clock import now
from openprm.kernel.scope import system_scope

BROKEN, BAD_INPUT = 1, 2
FILE = click.Path(dir_okay=False, path_type=Path)
FORMAT = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How the answer is written.")


def _refuse(name: object, reason: object) -> NoReturn:
    click.echo(f"{name}: {reason}", err=True)
    sys.exit(BAD_INPUT)


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > baking.LARGEST_FILE:
            _refuse(path, _("larger than 2 MB"))
        return path.read_bytes()
    except OSError as error:
        _refuse(path, error.strerror)


@click.command("verify-badge")
@click.argument("file", type=FILE)
@click.option("--issuer-key", type=FILE, help="The issuer's public key: its JWK, jwks.json, did.json or a PEM. Without it, the keys of this installation.")
@click.option("--status-list", type=FILE, help="The issuer's status list as downloaded. Without it, revocation is looked up here, or said to be unchecked.")
@FORMAT
def verify_badge(file: Path, issuer_key: Path | None, status_list: Path | None, form: str) -> None:
    """Check a badge (.svg, .png, .jwt or .json). With both options no database and no network is needed. Exit 1 when it does not hold."""
    content = _read(file)
    try:
        token = baking.token_in(content)
    except baking.NotABadge as error:
        verdict = verification.Verdict(state=verification.NOT_A_BADGE)
        _answer(verdict, form, wording.no_credential(str(error)))
    keys = _keys(issuer_key)
    listed = _read(status_list).decode("utf-8", "replace").strip() if status_list else None if issuer_key else _here(lambda: _own_list(token))
    _answer(verification.verify(token, keys=keys, at=now(), status_list=listed), form)


def _keys(path: Path | None) -> tuple[tokens.PublicKey, ...]:
    if path is None:
        keys = _here(queries.issuer_keys)
        if not keys:
            _refuse("--issuer-key", _("this installation has issued no badge, so it has no key. Name the issuer's key file."))
        return keys
    try:
        return tokens.read_keys(_read(path))
    except tokens.NotAKey:
        _refuse(path, _("holds no Ed25519 public key. Take the issuer's /.well-known/jwks.json or did.json."))


def _own_list(token: str) -> str | None:
    try:
        entry = tokens.read(token).payload.get("credentialStatus")
    except tokens.NotAToken:
        return None
    return queries.status_list_named(str(entry.get("statusListCredential", ""))) if isinstance(entry, dict) else None


def _here(find: Callable[[], Any]) -> Any:
    """Ask this installation's database."""
    try:
        with system_scope():
            return find()
    except DatabaseError as error:
        _refuse(_("database"), _("cannot be asked (%(error)s). Name --issuer-key and --status-list to check without it.") % {"error": error})


def _answer(verdict: verification.Verdict, form: str, reason: str = "") -> NoReturn:
    said = wording.verdict(verdict)
    if form == "json":
        values = {
            "holds": verdict.holds,
            "state": verdict.state,
            "reason": reason or said.text,
            "badge": dict(verdict.facts),
            "checks": [asdict(check) for check in verdict.checks],
        }
        click.echo(json.dumps(values, indent=2, ensure_ascii=False))
    else:
        marks = {True: "ok      ", False: "FAILED  ", None: "not done"}
        lines = [f"{marks[check.is_passed]} {text}" for check, text in said.checks]
        click.echo("\n".join([*lines, f"{said.title}. {reason or said.text}", *said.facts]))
    sys.exit(0 if verdict.holds else BROKEN)


@click.group("badge-key")
def badge_key() -> None:
    """The key that signs badges."""


@badge_key.command("show")
def show() -> None:
    """Print the published public keys as a JWK set."""
    with system_scope():
        click.echo(json.dumps(queries.jwks(), indent=2))


@badge_key.command("renew")
def renew() -> None:
    """Go on with a new key. What the old one signed stays valid: its public half stays published."""
    with system_scope():
        thumbprint = services.renew_key(at=now())
    click.echo(_("New key in %(path)s. Copy the file to every machine that serves or works.") % {"path": keyring.path()}, err=True)
    click.echo(thumbprint)


COMMANDS = (verify_badge, badge_key)
