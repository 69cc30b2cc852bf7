"""Which touches stand before a deal, what they make of it, and who gets which part of it. Values only."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import UUID

import numpy as np

from openprm.attribution.engine.journeys import Block
from openprm.attribution.engine.models import MODELS, Settings
from openprm.attribution.engine.shares import WHOLE, Shares, basis_points
from openprm.attribution.rules.words import Counts, Outcome


class Divides(Protocol):
    """A model that knows its partners by codes, in the order of their ids."""

    codes: Mapping[UUID, int]

    def shares(self, block: Block) -> Shares: ...


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
QUALIFIED = frozenset((Counts.INTRODUCTION, Counts.INFLUENCE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    id: UUID
    kind: str
    account_id: UUID | None
    program_id: UUID | None
    deal_type: str
    is_won: bool
    opened_at: datetime
    closed_at: datetime
    base_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """One partner, once, before a deal."""

    id: UUID
    partner_id: UUID
    kind: str
    occurred_at: datetime
    is_verified: bool
    claimed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A touch of one deal with what it counts as, and the clause that says so."""

    touch: Touch
    counts: str
    clause: str

    @property
    def is_qualified(self) -> bool:
        return self.counts in QUALIFIED


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One partner's part of one deal; `outcome` is what this partner did for it."""

    partner_id: UUID
    outcome: str
    points: int
    minor: int
    evidence: tuple[Judged, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    deal: Deal
    outcome: str
    parts: tuple[Part, ...]
    late: tuple[Judged, ...]
    judged: tuple[Judged, ...]


def is_late(touch: Touch, deal: Deal, days: int) -> bool:
    """Whether a claim came after the time for claims on this deal."""
    return touch.claimed_at is not None and day_number(touch.claimed_at) - day_number(deal.opened_at) > days


def settle(deals: Sequence[tuple[Deal, Sequence[Judged]]], model: str, settings: Settings, learned: "Divides | None" = None) -> tuple[Settled, ...]:
    """The outcome of every deal, and of the won ones the parts: 10,000 points and the whole amount, or nothing at all.

    `learned` is a model that saw all journeys before; the others divide each deal by itself.
    """
    shares = _points([(deal, qualified(judged)) for deal, judged in deals if deal.is_won], model, settings, learned)
    return tuple(_settled(deal, tuple(judged), shares.get(deal.id, {})) for deal, judged in deals)


def points_of_many(journeys: Sequence[tuple[Deal, Sequence[Judged]]], models: Sequence[str], settings: Settings) -> dict[str, dict[UUID, dict[UUID, int]]]:
    """How each model would divide each of these deals; a deal without a qualified touch is missing."""
    told = [(deal, qualified(judged)) for deal, judged in journeys]
    return {model: _points(told, model, settings) for model in models}


def points_by_model(touches: Sequence[Judged], models: Sequence[str], settings: Settings) -> dict[str, dict[UUID, int]]:
    """How each model would divide one journey; empty without a qualified touch."""
    deal = Deal(
        id=UUID(int=0), kind="", account_id=None, program_id=None, deal_type="", is_won=True, opened_at=EPOCH, closed_at=EPOCH, base_minor=0
    )  # fmt: skip
    return {model: found.get(deal.id, {}) for model, found in points_of_many([(deal, touches)], models, settings).items()}


def split(minor: int, points: Mapping[UUID, int]) -> dict[UUID, int]:
    """An amount by basis points, to the last minor unit: what rounding leaves goes to the largest remainders, a tie to the lower id."""
    cut = {partner: divmod(minor * part, WHOLE) for partner, part in points.items()}
    left = minor - sum(whole for whole, _rest in cut.values())
    order = sorted(cut, key=lambda partner: (-cut[partner][1], partner))
    return {partner: cut[partner][0] + (order.index(partner) < left) for partner in cut}


def qualified(judged: Sequence[Judged]) -> tuple[Judged, ...]:
    """The touches that count, by time."""
    return tuple(sorted((one for one in judged if one.is_qualified), key=lambda one: (one.touch.occurred_at, one.touch.id)))


def _points(
    journeys: Sequence[tuple[Deal, tuple[Judged, ...]]], model: str, settings: Settings, learned: "Divides | None" = None
) -> dict[UUID, dict[UUID, int]]:  # fmt: skip
    told = [(deal, touches) for deal, touches in journeys if touches]
    if not told:
        return {}
    partners = sorted(learned.codes if learned else {one.touch.partner_id for _deal, touches in told for one in touches})
    code = learned.codes if learned else {partner: place for place, partner in enumerate(partners)}
    block = Block(
        starts=np.cumsum([0, *(len(touches) for _deal, touches in told)]),
        partner=np.array([code[one.touch.partner_id] for _deal, touches in told for one in touches], np.int64),
        conversions=np.ones(len(told)),
        nulls=np.zeros(len(told)),
        value=np.zeros(len(told)),
        at=np.array([micros(one.touch.occurred_at) for _deal, touches in told for one in touches], np.int64),
    )
    found: dict[UUID, dict[UUID, int]] = defaultdict(dict)
    shares = learned.shares(block) if learned else MODELS[model](len(partners), settings).shares(block)
    for journey, partner, points in zip(*basis_points(shares), strict=True):
        if points:
            found[told[journey][0].id][partners[partner]] = int(points)
    return dict(found)


def _settled(deal: Deal, judged: tuple[Judged, ...], points: Mapping[UUID, int]) -> Settled:
    money = split(deal.base_minor, points)
    mine: dict[UUID, list[Judged]] = {partner: [] for partner in points}
    for one in judged:
        if points and one.is_qualified and one.touch.partner_id in mine:
            mine[one.touch.partner_id].append(one)
    return Settled(
        deal=deal,
        outcome=outcome_of(judged),
        parts=tuple(
            Part(partner_id=partner, outcome=outcome_of(mine[partner]), points=points[partner], minor=money[partner], evidence=tuple(mine[partner]))
            for partner in sorted(points)
        ),
        late=tuple(one for one in judged if one.counts == Counts.LATE),
        judged=judged,
    )


def outcome_of(judged: Sequence[Judged]) -> str:
    """Sourced by one introduction in time, influenced by one qualified touch, unattributed without."""
    counts = {one.counts for one in judged}
    if Counts.INTRODUCTION in counts:
        return Outcome.SOURCED
    return Outcome.INFLUENCED if Counts.INFLUENCE in counts else Outcome.UNATTRIBUTED


def day_number(moment: datetime) -> int:
    """The day of the calendar (UTC), counted."""
    return (moment - EPOCH).days


def micros(moment: datetime) -> int:
    """A moment as the engine counts it."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def moment_of(micros: int) -> datetime:
    """The moment that the engine counts so."""
    return EPOCH + timedelta(microseconds=micros)
