"""Models over a source of journeys."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from openprm.attribution.engine.errors import CannotCompute
from openprm.attribution.engine.journeys import Source
from openprm.attribution.engine.models import MODELS, Credit, Model, Settings

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Result:
    """Credit by model, in the order asked for; `left_out` says why a model of "all" is not in it."""

    partners: tuple[str, ...]
    credit: Mapping[str, Credit]
    left_out: Mapping[str, str]


def silent(_line: str) -> None:
    """Tell nobody."""


def attribute(source: Source, names: Sequence[str], settings: Settings, *, all_or_nothing: bool = True, tell: Tell = silent) -> Result:
    """The credit that each model gives.

    Raises CannotCompute for a model that these journeys cannot carry, unless `all_or_nothing` is False: then it is left out, with its reason.
    """
    left_out: dict[str, str] = {}

    def refused(name: str, odd: CannotCompute) -> None:
        if all_or_nothing:
            raise odd
        left_out[name] = str(odd)

    models = _made(source, names, settings, refused)
    _show(source, models, refused, tell)
    credit = {}
    for name, model in models.items():
        try:
            credit[name] = model.credit()
        except CannotCompute as odd:
            refused(name, odd)
    return Result(source.partners, credit, left_out)


Refused = Callable[[str, CannotCompute], None]


def _made(source: Source, names: Sequence[str], settings: Settings, refused: Refused) -> dict[str, Model]:
    models = {}
    for name in names:
        try:
            models[name] = MODELS[name](len(source.partners), settings)
        except CannotCompute as odd:
            refused(name, odd)
    return models


def _show(source: Source, models: dict[str, Model], refused: Refused, tell: Tell) -> None:
    """Every block once for each turn; a model that cannot go on is taken out."""
    for turn in range(max((model.turns for model in models.values()), default=0)):
        seen = 0
        won_only = not any(models[name].needs_lost(turn) for name in _looking(models, turn))
        for block in source.blocks(won_only=won_only):
            for name in _looking(models, turn):
                _or_refused(models, name, refused, partial(models[name].see, block, turn))
            seen += len(block)
        for name in _looking(models, turn):
            _or_refused(models, name, refused, partial(models[name].turned, turn))
        tell(f"{seen:,} journeys gone through{', again' if turn else ''}")


def _looking(models: Mapping[str, Model], turn: int) -> list[str]:
    return [name for name, model in models.items() if model.turns > turn]


def _or_refused(models: dict[str, Model], name: str, refused: Refused, act: Callable[[], None]) -> None:
    try:
        act()
    except CannotCompute as odd:
        refused(name, odd)
        del models[name]
