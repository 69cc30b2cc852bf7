"""`openprm kpi NAME --as-of DATE`: the number that the pages and the API show."""

import csv
import io
import json
import sys
from datetime import datetime
from decimal import Decimal
from typing import Any

import click

from openprm.kernel.actor import SYSTEM
from openprm.kernel.clock import now
from openprm.kernel.errors import Refusal
from openprm.kernel.scope import system_scope
from openprm.kpis import queries
from openprm.kpis.definitions.facts import Segment

DAY = click.DateTime(formats=["%Y-%m-%d"])
BAD_INPUT = 2
PERIODS = click.Choice(["12m", "month", "quarter", "year", "all"])
SEGMENTS = ("partner", "program", "tier", "region", "type", "motion")


@click.command("kpi", short_help="Print a KPI as of a day, as the pages and the API show it.")
@click.argument("name", required=False)
@click.option("--as-of", "as_of", type=DAY, help="The last day that counts; today when left out.")
@click.option("--period", type=PERIODS, default="12m", show_default=True, help="Which days before it.")
@click.option("--compare", type=click.Choice(["none", "previous", "last_year"]), default="none", show_default=True, help="The period beside it.")
@click.option("--where", multiple=True, metavar="NAME=VALUE", help="Only partners of a partner, program (ids), tier, region, type or motion.")
@click.option("--rows", "with_rows", is_flag=True, help="Print the rows under the number instead.")
@click.option("--list", "listed", is_flag=True, help="Print every KPI with its definition.")
@click.option("--format", "form", type=click.Choice(["json", "csv"]), default="json", show_default=True, help="How the answer is written.")
def kpi(name: str | None, as_of: datetime | None, period: Any, compare: Any, where: tuple[str, ...], with_rows: bool, listed: bool, form: str) -> None:
    """Print NAME as of a day: the number the pages and the API show, with its interval, its parts and the hash of what it depends on.

    A number that cannot be told is null with its reason, and the command ends with 0. Ends with 2 for a name or an option that is not known.
    """
    try:
        asked = queries.Asked(as_of=as_of.date() if as_of else now().date(), period=period, compare=compare, segment=_segment(where))
        with system_scope():
            lines = _lines(name, asked, with_rows=with_rows, listed=listed)
    except Refusal as refusal:
        click.echo(refusal.message, err=True)
        sys.exit(BAD_INPUT)
    click.echo(_csv(lines) if form == "csv" else _json(lines, many=listed or with_rows), nl=False)


def _lines(name: str | None, asked: queries.Asked, *, with_rows: bool, listed: bool) -> list[dict[str, Any]]:
    if listed:
        return [_plain(one) for one in queries.definitions(SYSTEM)]
    if not name:
        raise click.UsageError("Name a KPI, or ask for --list.")
    if with_rows:
        return [dict(row) for row in queries.rows(SYSTEM, name, asked, most=50_000).rows]
    return [_plain(queries.figure(SYSTEM, name, asked))]


def _segment(where: tuple[str, ...]) -> Segment:
    found = dict(one.partition("=")[::2] for one in where)
    if odd := sorted(set(found) - set(SEGMENTS)):
        raise click.UsageError(f"--where knows {', '.join(SEGMENTS)}, not {odd[0]!r}.")
    return Segment(**found)


def _plain(one: Any) -> dict[str, Any]:
    return {column: getattr(one, column) for column in one.__dataclass_fields__ if column != "curve"}


def _text(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _json(lines: list[dict[str, Any]], *, many: bool) -> str:
    return json.dumps(lines if many else lines[0], default=_text, ensure_ascii=False, indent=2) + "\n"


def _csv(lines: list[dict[str, Any]]) -> str:
    out = io.StringIO(newline="")
    if lines:
        writer = csv.DictWriter(out, list(lines[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: _cell(value) for name, value in line.items()} for line in lines)
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, tuple | dict):
        return json.dumps(value, default=_text, ensure_ascii=False)
    return "" if value is None else value if isinstance(value, str | int) else _text(value)


COMMANDS = (kpi,)
