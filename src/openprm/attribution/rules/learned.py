"""Models that learn from all journeys of a month before they divide one: the weights of partners, from deals that were won and lost."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from openprm.attribution.engine.errors import CannotCompute
from openprm.attribution.engine.journeys import Block, Floats, Given
from openprm.attribution.engine.models import MODELS, Model, Settings
from openprm.attribution.engine.running import attribute
from openprm.attribution.engine.shares import Shares
from openprm.attribution.rules.journeys import Deal, Judged, micros, qualified

GROUPS, FEWEST, Z90 = 10, 50, 1.6448536269514722
Judgements = Sequence[tuple[Deal, Sequence[Judged]]]


@dataclass(frozen=True, eq=False)
class Learned:
    """A model that has seen all journeys; `codes` are the partners as it knows them. Without a model every partner of a deal gets the same part."""

    codes: dict[UUID, int]
    model: Model | None

    def shares(self, block: Block) -> Shares:
        if self.model is not None:
            return self.model.shares(block)  # type: ignore[attr-defined,no-any-return]
        members = block.members
        return Shares(members.journey, members.partner, 1.0 / members.count[members.journey])


def learn(batches: Iterable[Judgements], name: str, settings: Settings) -> Learned:
    """Show a model all journeys. Where they cannot carry it (nothing was lost, nobody is removed), every partner of a deal counts the same."""
    partners, block = columns(batches)
    codes = {partner: place for place, partner in enumerate(partners)}
    try:
        model = MODELS[name](len(partners), settings)
        model.see(block, 0)
        model.turned(0)
    except CannotCompute:
        return Learned(codes, None)
    return Learned(codes, model)


@dataclass(frozen=True, slots=True)
class Part:
    """A partner's part of the total, in minor units, with the ends of a 90 % interval where the model reports one."""

    value: int
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Totals:
    """What models that divide the total give: model -> partner -> part; `left_out` says why a model is not in it."""

    parts: dict[str, dict[UUID, Part]]
    left_out: dict[str, str]


def totals(batches: Iterable[Judgements], names: Sequence[str]) -> Totals:
    """Models that learn from all journeys and divide the whole. Logistic reports the interval of its fit, Markov one by leaving out a tenth at a time."""
    partners, block = columns(batches)
    given = Given(tuple(map(str, partners)), block)
    if not len(block):
        return Totals({}, {})
    found = attribute(given, names, Settings(intervals=True), all_or_nothing=False)
    parts = {}
    for name, credit in found.credit.items():
        low, high = (credit.low[1], credit.high[1]) if credit.low is not None and credit.high is not None else _jackknife(given, name, credit.value)
        parts[name] = {partner: _part(credit.value[place], low, high, place) for place, partner in enumerate(partners)}
    return Totals(parts, dict(found.left_out))


def _part(value: float, low: Floats | None, high: Floats | None, place: int) -> Part:
    return Part(round(value), None if low is None else round(low[place]), None if high is None else round(high[place]))


def _jackknife(given: Given, name: str, value: Floats) -> tuple[Floats | None, Floats | None]:
    """The interval that leaving out one tenth of the journeys after the other leaves; none for few journeys, or where a tenth cannot be missed."""
    block, total = given.block, value.sum()
    if len(block) < FEWEST or total <= 0:
        return None, None
    group = np.arange(len(block)) % GROUPS
    without = [attribute(Given(given.partners, block.only(group != one)), [name], Settings(), all_or_nothing=False) for one in range(GROUPS)]
    if any(name not in one.credit or one.credit[name].value.sum() <= 0 for one in without):
        return None, None
    shares = np.array([one.credit[name].value / one.credit[name].value.sum() for one in without])
    error = np.sqrt((GROUPS - 1) / GROUPS * ((shares - shares.mean(axis=0)) ** 2).sum(axis=0)) * Z90 * total
    return np.maximum(value - error, 0), np.minimum(value + error, total)


def columns(batches: Iterable[Judgements]) -> tuple[tuple[UUID, ...], Block]:
    """The qualified touches of all journeys as columns: numbers alone, so that a year of them fits into memory. Partners stand in the order of their ids."""
    seen: dict[UUID, int] = {}
    partner, at, lengths, won, value = [], [], [], [], []
    for batch in batches:
        for deal, judged in batch:
            touches = qualified(judged)
            if touches:
                partner.append(np.array([seen.setdefault(one.touch.partner_id, len(seen)) for one in touches], np.int64))
                at.append(np.array([micros(one.touch.occurred_at) for one in touches], np.int64))
                lengths.append(len(touches))
                won.append(deal.is_won)
                value.append(deal.base_minor if deal.is_won else 0)
    order = sorted(seen)
    place = np.zeros(len(seen), np.int64)
    place[[seen[one] for one in order]] = np.arange(len(order))
    is_won = np.array(won, np.float64)
    block = Block(
        starts=np.cumsum([0, *lengths]), partner=place[_joined(partner)], conversions=is_won, nulls=1.0 - is_won, value=np.array(value, np.float64),
        at=_joined(at),
    )  # fmt: skip
    return tuple(order), block


def _joined(parts: list) -> np.ndarray:
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)
