"""The open calculator: a proof file is computed again, by anybody, without a database."""

import json
from pathlib import Path
from typing import Any

import click

from openprm.earnings.rules.proof import Checked, Unreadable, check
from openprm.kernel.errors import Refusal
from openprm.kernel.money import Money, format_money

LARGEST_FILE = 2 * 1024 * 1024
NOT_EQUAL, UNREADABLE = 1, 2


@click.group()
def commission() -> None:
    """Check what partners earn."""


@commission.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "how", type=click.Choice(["text", "json"]), default="text", help="How to answer.")
def explain(file: Path, how: str) -> None:
    """Compute the line of a proof FILE again and compare to the cent.

    Ends with 0 when it is equal, 1 when it is not (the first difference is named), 2 when the file is no proof.
    """
    try:
        checked = check(_read(file))
    except Unreadable as odd:
        click.echo(str(odd), err=True)
        raise SystemExit(UNREADABLE) from None
    click.echo(_as_json(checked) if how == "json" else _as_text(checked))
    raise SystemExit(0 if checked.equal else NOT_EQUAL)


def _read(file: Path) -> Any:
    if file.stat().st_size > LARGEST_FILE:
        raise Unreadable(f"{file.name} is larger than 2 MB: no proof of a line is.")
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as odd:
        raise Unreadable(f"{file.name} is no JSON: {odd}") from None


def _as_text(checked: Checked) -> str:
    line = checked.line
    lines = [f"{line['number']}  {line.get('label', '')}  {_money(line['amount_minor'], line['currency'])}"]
    width = max((len(label) for label, _value in checked.steps), default=0)
    lines += [f"  {label.ljust(width)}  {value}" for label, value in checked.steps]
    if line.get("before_minor"):
        lines.append(f"  booked before: {_money(line['before_minor'], line['currency'])}; this line is the difference")
    if checked.equal and checked.by_hand:
        return "\n".join([*lines, "Entered by hand: there is nothing to compute. The digests are right."])
    if checked.equal:
        return "\n".join([*lines, "Equal, to the cent."])
    return "\n".join([*lines, f"NOT EQUAL: {checked.difference}. The file says {checked.stated}, the calculation gives {checked.found}."])


def _money(minor: Any, currency: Any) -> str:
    try:
        return format_money(Money(int(minor), str(currency)))
    except (TypeError, ValueError, Refusal):
        return f"{minor} {currency}"


def _as_json(checked: Checked) -> str:
    found = {"equal": checked.equal, "by_hand": checked.by_hand, "number": checked.line["number"], "difference": checked.difference}
    return json.dumps(
        {**found, "stated": checked.stated, "found": checked.found, "steps": [list(step) for step in checked.steps]}, ensure_ascii=False, indent=2
    )


COMMANDS = (commission,)
