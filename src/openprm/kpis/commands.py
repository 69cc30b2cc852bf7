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
from openprm.ui.exports import neutral

DAY = click.DateTime(formats=["%Y-%m-%d"])
BAD_INPUT = 2
MOST_ROWS = 50_000
PERIODS = click.Choice(["12m", "month", "quarter", "year", "all"])
COMPARED = click.Choice(["none", "previous", "last_year"])
FORMATS = click.Choice(["json", "csv", "text"])


@click.command("kpi", short_help="Print a KPI as of a day, as the pages and the API show it.")
@click.argument("name", required=False)
@click.option("--as-of", "as_of", type=DAY, help="The last day that counts; today when left out.")
@click.option("--period", type=PERIODS, default="12m", show_default=True, help="Which days before it.")
@click.option("--compare", type=COMPARED, default="none", show_default=True, help="The period beside it.")
@click.option("--segment", "--where", "segment", multiple=True, metavar="NAME=VALUE", help="Only some partners; may be given several times.")
@click.option("--rows", "with_rows", is_flag=True, help="Print the rows under the number instead.")
@click.option("--list", "listed", is_flag=True, help="Print every KPI with its definition.")
@click.option("--format", "form", type=FORMATS, default="json", show_default=True, help="How the answer is written.")
def kpi(name: str | None, as_of: datetime | None, period: Any, compare: Any, segment: tuple[str, ...], with_rows: bool, listed: bool, form: str) -> None:
    """Print NAME as of a day: the number the pages and the API show, with its interval, its parts and the hash of what it depends on.

    --segment takes partner, program, manager (ids), tier, region, type and motion. Every text of a CSV is safe for a spreadsheet.
    A number that cannot be told is null with its reason, and the command ends with 0. Ends with 2 for a name or an option that is not known.
    """
    if not name and not listed:
        raise click.UsageError("Name a KPI, or ask for --list.")
    try:
        asked = queries.Asked(as_of=as_of.date() if as_of else now().date(), period=period, compare=compare, segment=_segment(segment))
        with system_scope():
            lines = _lines(name or "", asked, with_rows=with_rows, listed=listed)
    except Refusal as refusal:
        click.echo(refusal.message, err=True)
        sys.exit(BAD_INPUT)
    many = listed or with_rows
    click.echo({"csv": _csv, "text": _words}.get(form, lambda found: _json(found, many=many))(lines), nl=False)


def _lines(name: str, asked: queries.Asked, *, with_rows: bool, listed: bool) -> list[dict[str, Any]]:
    if listed:
        return [_plain(one) for one in queries.definitions(SYSTEM)]
    if with_rows:
        return [dict(row) for row in queries.rows(SYSTEM, name, asked, most=MOST_ROWS).rows]
    return [_plain(queries.figure(SYSTEM, name, asked))]


def _segment(pairs: tuple[str, ...]) -> Segment:
    """Raises UsageError for a name that is not known or said twice, Invalid for an id that is none."""
    found: dict[str, str] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if name not in queries.SEGMENT_PARTS or not sign or not value.strip():
            raise click.UsageError(f"--segment takes NAME=VALUE with one of {', '.join(queries.SEGMENT_PARTS)}, not {pair[:80]!r}.")
        if name in found:
            raise click.UsageError(f"--segment {name} is given twice.")
        found[name] = value
    return queries.segment_of(found)


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
        return neutral(json.dumps(value, default=_text, ensure_ascii=False))
    if isinstance(value, str):
        return neutral(value)
    return "" if value is None else value if isinstance(value, int) else _text(value)


def _words(lines: list[dict[str, Any]]) -> str:
    """One name and value in a line, an empty line between two; what is empty is left out."""
    blocks = [[f"{name}: {_line(value)}" for name, value in line.items() if value not in (None, "", (), {})] for line in lines]
    return "\n\n".join("\n".join(block) for block in blocks) + "\n" if blocks else "no rows\n"


def _line(value: Any) -> str:
    """A value in one line: what is typed into a name cannot make a line of its own."""
    text = (
        json.dumps(value, default=_text, ensure_ascii=False) if isinstance(value, tuple | dict) else str(_text(value) if not isinstance(value, str) else value)
    )
    return "".join(sign if sign.isprintable() else " " for sign in text)


COMMANDS = (kpi,)
