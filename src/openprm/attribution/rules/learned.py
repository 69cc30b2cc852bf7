"""Models that learn from all journeys of a month before they divide one: the weights of partners, from deals that were won and lost."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from openprm.attribution.engine.errors import CannotCompute
from openprm.attribution.engine.journeys import Block, Given
from openprm.attribution.engine.models import MODELS, Model, Settings
from openprm.attribution.engine.running import Result, attribute
from openprm.attribution.engine.shares import Shares
from openprm.attribution.rules.journeys import Deal, Judged, micros, qualified

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


def credit(batches: Iterable[Judgements], names: Sequence[str], settings: Settings) -> tuple[tuple[UUID, ...], Result]:
    """What models that divide the total give each partner, with the partners in the order of their codes."""
    partners, block = columns(batches)
    found = attribute(Given(tuple(map(str, partners)), block), names, settings, all_or_nothing=False)
    return partners, found


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
