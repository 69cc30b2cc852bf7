"""`openprm attribute`: credit by partner and model, from a file of journeys."""

import csv
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from openprm.attribution.engine.errors import BadInput, CannotCompute
from openprm.attribution.engine.models import MODELS, Settings
from openprm.attribution.engine.reading.source import journeys_in
from openprm.attribution.engine.running import Result, attribute

NEEDS_DJANGO = False
BAD_INPUT = 2
ALL = tuple(name for name in MODELS if name != "custom")
WEIGHED = {"u-shaped": 3, "w-shaped": 4, "z-shaped": 5, "custom": None}


class Weights(click.ParamType):
    """MODEL=40/20/40"""

    name = "MODEL=W/W/W"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, tuple[float, ...]]:
        model, _, text = value.partition("=")
        if model not in WEIGHED:
            self.fail(f"weights are for {', '.join(WEIGHED)}; write u-shaped=40/20/40", param, ctx)
        try:
            weights = tuple(float(part) for part in text.split("/"))
        except ValueError:
            self.fail(f"{text!r} are no weights; write u-shaped=40/20/40", param, ctx)
        if len(weights) != (WEIGHED[model] or len(weights)):
            self.fail(f"{model} has {WEIGHED[model]} weights, {text!r} are {len(weights)}", param, ctx)
        return model, weights


@click.command("attribute")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--model", type=click.Choice([*MODELS, "all"]), default="all", show_default=True, help="The model, or all of them.")
@click.option("--order", type=click.IntRange(1, 60), default=1, show_default=True, help="Markov: how many partners back the chain remembers.")
@click.option(
    "--half-life", type=click.FloatRange(0, min_open=True), default=7.0, show_default=True, help="Time-decay: days in which a touch loses half its weight."
)
@click.option(
    "--weights", type=Weights(), multiple=True, help="Weights of your own: FIRST/REST/LAST, FIRST/LEAD/LAST/REST or FIRST/LEAD/OPPORTUNITY/LAST/REST."
)
@click.option("--intervals", is_flag=True, help="Add the ends of the 90 % intervals of the logistic model.")
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv", show_default=True, help="How the answer is written.")
def attribute_file(
    file: Path, model: str, order: int, half_life: float, weights: tuple[tuple[str, tuple[float, ...]], ...], intervals: bool, form: str
) -> None:
    """Divide the won deals of FILE over the partners that took part.

    FILE is CSV (comma or semicolon) or Parquet, of any size: one row for each touch (journey_id, partner, at, value, converted, and
    closed_at if you like) or one for each path (path, conversions, value, nulls). Nothing is printed before everything is done.
    Ends with 2, and the row, when the file cannot be understood.
    """
    settings = Settings(order=order, half_life=half_life, weights=dict(weights), intervals=intervals)
    names = (*ALL, *(["custom"] if "custom" in settings.weights else [])) if model == "all" else (model,)
    try:
        with journeys_in(file, tell=_tell) as source:
            result = attribute(source, names, settings, all_or_nothing=model != "all", tell=_tell)
    except (BadInput, CannotCompute, OSError) as odd:
        _tell(f"{file.name}: {odd}")
        sys.exit(BAD_INPUT)
    for name, reason in result.left_out.items():
        _tell(f"{name} is left out: {reason}.")
    for name, credit in result.credit.items():
        if credit.note:
            _tell(f"{name}: {credit.note}.")
    click.echo(_as_json(result) if form == "json" else _as_csv(result), nl=False)


def _tell(line: str) -> None:
    click.echo(line, err=True)


def _lines(result: Result) -> Iterator[tuple[str, str, dict[str, float]]]:
    """Model, partner and what it is given, models in the order of the command, partners by name."""
    for model, credit in result.credit.items():
        for code, partner in enumerate(result.partners):
            given = {"conversions": float(credit.conversions[code]), "value": float(credit.value[code])}
            if credit.low is not None and credit.high is not None:
                for row, kind in enumerate(("conversions", "value")):
                    given |= {f"{kind}_low": float(credit.low[row, code]), f"{kind}_high": float(credit.high[row, code])}
            yield model, partner, given


def _as_json(result: Result) -> str:
    models: dict[str, dict[str, dict[str, float]]] = {}
    for model, partner, given in _lines(result):
        models.setdefault(model, {})[partner] = given
    return json.dumps(models, ensure_ascii=False, indent=1) + "\n"


def _as_csv(result: Result) -> str:
    text = io.StringIO()
    lines = list(_lines(result))
    columns = list(dict.fromkeys(column for _, _, given in lines for column in given)) or ["conversions", "value"]
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["model", "partner", *columns])
    writer.writerows([model, partner, *(given.get(column, "") for column in columns)] for model, partner, given in lines)
    return text.getvalue()


COMMANDS = (attribute_file,)
