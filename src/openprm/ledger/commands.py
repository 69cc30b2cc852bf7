"""`openprm ledger trial-balance|export|verify`."""

import sys
from datetime import datetime
from pathlib import Path

import click
from django.utils.translation import gettext as _

from openprm.kernel.actor import SYSTEM
from openprm.kernel.clock import now
from openprm.kernel.errors import Refusal
from openprm.kernel.money import format_money
from openprm.kernel.scope import system_scope
from openprm.ledger import queries
from openprm.ledger.rules.journals import FORMATS

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group("ledger")
def ledger() -> None:
    """The books: trial balance, export, proof."""


@ledger.command("trial-balance")
@click.option("--on", "on", type=DAY, help="The last day that counts; today when left out.")
def trial_balance(on: datetime | None) -> None:
    """Print debits, credits and balances at the end of a day. Exit 1 when the two sides differ."""
    with system_scope():
        found = queries.trial_balance(on.date() if on else now().date())
    for line in found.lines:
        amounts = "".join(f"{format_money(one):>22}" for one in (line.debit, line.credit, line.balance))
        click.echo(f"{line.code:<8}{line.title:<34}{amounts} {line.side}")
    for total in found.totals:
        click.echo(f"{'':<8}{_('Total'):<34}{format_money(total.debit):>22}{format_money(total.credit):>22}")
    sys.exit(0 if found.is_balanced else 1)


@ledger.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--format", "form", type=click.Choice(sorted(FORMATS)), default="general", show_default=True, help="The program that reads the file.")
@click.option("--since", type=DAY, required=True, help="The first day.")
@click.option("--until", type=DAY, required=True, help="The last day.")
def export(file: Path, form: str, since: datetime, until: datetime) -> None:
    """Write everything booked between two days into FILE. Exit 2 for what the format cannot say."""
    try:
        with system_scope():
            _name, body = queries.export(SYSTEM, format=form, since=since.date(), until=until.date(), at=now())
    except Refusal as refusal:
        click.echo(refusal.message, err=True)
        sys.exit(2)
    file.write_bytes(body)
    click.echo(_("%(bytes)d bytes in %(file)s") % {"bytes": len(body), "file": file})


@ledger.command("verify")
def verify() -> None:
    """Read every leg there is: balances, both sides, and the seals of closed months. Exit 1 when something differs."""
    with system_scope():
        proof, broken = queries.recount(), queries.broken_seals()
    click.echo(_("%(legs)d legs on %(accounts)d accounts") % {"legs": proof.legs, "accounts": proof.accounts})
    click.echo(_("accounts whose balance differs: %(count)d") % {"count": proof.wrong_accounts})
    click.echo(_("currencies that do not balance: %(names)s") % {"names": ", ".join(proof.unbalanced) or "-"})
    click.echo(_("closed months that changed: %(names)s") % {"names": ", ".join(f"{one:%Y-%m}" for one in broken) or "-"})
    sys.exit(0 if proof.holds and not broken else 1)


COMMANDS = (ledger,)
