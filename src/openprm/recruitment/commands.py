"""`openprm score-partners`."""

import csv
import json
import sys
from dataclasses import asdict

import click
from django.utils.translation import gettext as _

from openprm.kernel.clock import now
from openprm.kernel.scope import system_scope
from openprm.recruitment import queries

BAD_INPUT = 2
COLUMNS = ("name", "kind", "points", "could_reach", "missing_percent", "fit")


@click.command("score-partners")
@click.option("--program", "code", required=True, help="The code of the program whose profile is used, for example resell.")
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv", show_default=True, help="How the answer is written.")
def score_partners(code: str, form: str) -> None:
    """Score every partner and company by the ideal partner profile in force, the best first."""
    with system_scope():
        rows = queries.scored_by(program_code=code, at=now())
    if rows is None:
        click.echo(_("--program: no profile is in force for “%(code)s”.") % {"code": code}, err=True)
        sys.exit(BAD_INPUT)
    values = [{**{name: value for name, value in asdict(row).items() if name in COLUMNS}, "kind": "partner" if row.is_partner else "company"} for row in rows]
    if form == "json":
        click.echo(json.dumps(values, indent=2))
        return
    writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({**row, "name": _safe(row["name"])} for row in values)


def _safe(text: str) -> str:
    """A cell that no spreadsheet runs."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
