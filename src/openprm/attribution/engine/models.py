"""The models by name, each as something that is shown the journeys and then says who gets what."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from openprm.attribution.engine import positional, shapley
from openprm.attribution.engine.errors import CannotCompute
from openprm.attribution.engine.journeys import Block, Floats
from openprm.attribution.engine.markov.counting import Counter
from openprm.attribution.engine.markov.removal import Removal, removal_effects
from openprm.attribution.engine.shares import Shares, scaled

LEVEL = 0.90


@dataclass(frozen=True)
class Settings:
    """What a person may choose. `weights` are those of the position-based models, in the order that `positional.Shape` says."""

    order: int = 1
    half_life: float = 7.0
    weights: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    intervals: bool = False


@dataclass(frozen=True, eq=False)
class Credit:
    """What each partner, by code, is given. `low` and `high` are the ends of a 90 % interval, one row for conversions, one for value."""

    conversions: Floats
    value: Floats
    note: str = ""
    low: Floats | None = None
    high: Floats | None = None


class Model(ABC):
    """Shown all blocks `turns` times, in the same order; `credit` comes after the last."""

    turns = 1

    def __init__(self, partners: int) -> None:
        self._partners = partners
        self._conversions, self._value = np.zeros(partners), np.zeros(partners)

    def needs_lost(self, turn: int) -> bool:
        """Whether it learns from journeys that were not won, too, in this turn."""
        return False

    @abstractmethod
    def see(self, block: Block, turn: int) -> None: ...

    def turned(self, turn: int) -> None:  # noqa: B027  most models have nothing to do between turns
        """All blocks were shown for the `turn`-th time."""

    def credit(self) -> Credit:
        return Credit(self._conversions, self._value)

    def _give(self, block: Block, shares: Shares) -> None:
        self._conversions += self._sum(shares, block.conversions)
        self._value += self._sum(shares, block.value)

    def _sum(self, shares: Shares, of: Floats) -> Floats:
        return np.bincount(shares.partner, weights=shares.share * of[shares.journey], minlength=self._partners)


class PerDeal(Model):
    """A model that divides each won deal by itself. Whoever divides deals one by one asks `shares`."""

    def __init__(self, partners: int, spread: Callable[[Block], Shares]) -> None:
        super().__init__(partners)
        self._spread = spread

    def see(self, block: Block, turn: int) -> None:
        self._give(block.won, self.shares(block.won))

    def shares(self, block: Block) -> Shares:
        return self._spread(block)


class Markov(Model):
    """All conversions, divided as the removal effects stand to each other."""

    def __init__(self, partners: int, order: int) -> None:
        super().__init__(partners)
        self._counter = Counter(partners, order)
        self._total = np.zeros(2)

    def see(self, block: Block, turn: int) -> None:
        self._counter.add(block)
        self._total += block.conversions.sum(), block.value.sum()

    def needs_lost(self, turn: int) -> bool:
        return turn == 0

    def effects(self) -> Removal:
        return removal_effects(self._counter.counts(), self._partners)

    def credit(self) -> Credit:
        effects = self.effects()
        return Credit(_divided(effects.conversions, self._total[0]), _divided(effects.value, self._total[1]))


class MarkovPerDeal(Markov):
    """Each won deal, divided over its own partners as their removal effects (of conversions) stand to each other."""

    turns = 2

    def see(self, block: Block, turn: int) -> None:
        if turn == 0:
            super().see(block, turn)
        else:
            self._give(block.won, self.shares(block.won))

    def turned(self, turn: int) -> None:
        if turn == 0:
            self._weights = self.effects().conversions

    def shares(self, block: Block) -> Shares:
        members = block.members
        return Shares(members.journey, members.partner, scaled(self._weights[members.partner], members.journey, len(block)))

    def credit(self) -> Credit:
        return Credit(self._conversions, self._value)


class Logistic(Model):
    """All conversions, divided as partners' removal would lower the modelled chance of the deals that were won."""

    turns = 2

    def __init__(self, partners: int, *, intervals: bool = False) -> None:
        from openprm.attribution.engine import logistic  # with it comes scipy, 30 MB

        super().__init__(partners)
        self._drawn, self._remark = logistic.drawn, logistic.OBSERVATIONAL
        self._learner, self._intervals = logistic.Learner(partners), intervals
        self._total, self._dropped = np.zeros(2), np.zeros((1, 2, partners))

    def needs_lost(self, turn: int) -> bool:
        return turn == 0

    def see(self, block: Block, turn: int) -> None:
        if turn == 0:
            self._learner.add(block)
            self._total += block.conversions.sum(), block.value.sum()
            return
        won = block.won
        for place, chosen in enumerate(self._chosen):
            shares = Shares(won.members.journey, won.members.partner, self.fit.drops(won, chosen))
            self._dropped[place] += self._sum(shares, won.conversions), self._sum(shares, won.value)

    def turned(self, turn: int) -> None:
        if turn == 0:
            self.fit = self._learner.fit()
            self._chosen = [self.fit.coefficients, *(self._drawn(self.fit) if self._intervals else ())]
            self._dropped = np.zeros((len(self._chosen), 2, self._partners))

    def shares(self, block: Block) -> Shares:
        return self.fit.shares(block)

    def credit(self) -> Credit:
        point, spread = self._dropped[0], self._dropped[1:]
        if not point[0].any():
            raise CannotCompute("logistic found no partner whose removal lowers the chance to win: there is nothing to divide by")
        note = self._remark + ("; fitted on a part of the journeys" if self._learner.left_out else "")
        conversions, value = (_divided(point[kind], self._total[kind]) for kind in (0, 1))
        if not self._intervals:
            return Credit(conversions, value, note)
        low, high = _interval(spread, self._total)
        return Credit(conversions, value, note, low, high)


def _interval(spread: Floats, total: Floats) -> tuple[Floats, Floats]:
    sums = spread.sum(axis=2, keepdims=True)
    parts = np.divide(spread, sums, out=np.zeros_like(spread), where=sums > 0) * total[:, None]
    return np.quantile(parts, (1 - LEVEL) / 2, axis=0), np.quantile(parts, (1 + LEVEL) / 2, axis=0)


def _divided(weights: Floats, total: float) -> Floats:
    summed = weights.sum()
    return weights * (total / summed) if summed > 0 else np.zeros(len(weights))


def _shape(name: str, usual: tuple[float, ...]) -> Callable[[int, Settings], Model]:
    return lambda partners, settings: PerDeal(partners, positional.Shape(settings.weights.get(name, usual)))


def _plain(spread: Callable[[Block], Shares]) -> Callable[[int, Settings], Model]:
    return lambda partners, settings: PerDeal(partners, spread)


def _custom(partners: int, settings: Settings) -> Model:
    if "custom" not in settings.weights:
        raise CannotCompute("custom needs weights of its own: custom=FIRST/REST/LAST, say")
    return PerDeal(partners, positional.Shape(settings.weights["custom"]))


MODELS: Mapping[str, Callable[[int, Settings], Model]] = {
    "first": _plain(positional.first),
    "last": _plain(positional.last),
    "linear": _plain(positional.linear),
    "time-decay": lambda partners, settings: PerDeal(partners, positional.time_decay(settings.half_life)),
    "position-decay": _plain(positional.position_decay),
    "u-shaped": _shape("u-shaped", positional.U_SHAPED),
    "w-shaped": _shape("w-shaped", positional.W_SHAPED),
    "z-shaped": _shape("z-shaped", positional.Z_SHAPED),
    "markov": lambda partners, settings: Markov(partners, settings.order),
    "markov-per-deal": lambda partners, settings: MarkovPerDeal(partners, settings.order),
    "shapley": _plain(shapley.of_sets),
    "shapley-ordered": _plain(shapley.of_places),
    "logistic": lambda partners, settings: Logistic(partners, intervals=settings.intervals),
    "custom": _custom,
}
