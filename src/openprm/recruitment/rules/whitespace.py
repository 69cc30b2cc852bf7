"""Where demand meets nobody: capability by region by industry. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from openprm.recruitment.rules.facts import key

DEALS_PER_PARTNER = 5
"""Open deals that one capable partner can serve at once."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One place of the map."""

    capability: str
    region: str
    industry: str


@dataclass(frozen=True, slots=True)
class Demand:
    """An open deal: what it needs, where, for whom, how much (minor units of the base currency)."""

    cell: Cell
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Supply:
    """A partner: what it can do, the regions it works in, and its industries; none named means all."""

    partner_id: UUID
    capabilities: frozenset[str]
    regions: frozenset[str]
    industries: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Gap:
    """A cell with its demand, who can serve it, and what nobody can."""

    cell: Cell
    deals: int
    amount_minor: int
    partners: tuple[UUID, ...]
    at_risk_minor: int

    @property
    def is_open(self) -> bool:
        return self.at_risk_minor > 0


def serves(supply: Supply, cell: Cell) -> bool:
    """Whether a partner can take a deal of this cell. A partner that names no industry serves all of them."""
    industry = key(cell.industry)
    return (
        key(cell.capability) in supply.capabilities
        and key(cell.region) in supply.regions
        and (not industry or not supply.industries or industry in supply.industries)
    )


def at_risk(amount_minor: int, deals: int, partners: int) -> int:
    """The part of the pipeline beyond what the capable partners can serve, by number of deals, rounded down."""
    if not deals:
        return 0
    beyond = max(0, deals - partners * DEALS_PER_PARTNER)
    return int(Fraction(amount_minor * beyond, deals))


def gaps(demand: Iterable[Demand], supply: Iterable[Supply]) -> tuple[Gap, ...]:
    """Every cell with demand, the most pipeline at risk first, then the largest pipeline."""
    partners, found = tuple(supply), defaultdict(list)
    for one in demand:
        found[one.cell].append(one.amount_minor)
    rows = [_gap(cell, amounts, partners) for cell, amounts in found.items()]
    return tuple(sorted(rows, key=lambda gap: (-gap.at_risk_minor, -gap.amount_minor, gap.cell.capability, gap.cell.region, gap.cell.industry)))


def _gap(cell: Cell, amounts: list[int], partners: tuple[Supply, ...]) -> Gap:
    capable = tuple(one.partner_id for one in partners if serves(one, cell))
    return Gap(cell, len(amounts), sum(amounts), capable, at_risk(sum(amounts), len(amounts), len(capable)))


@dataclass(frozen=True, slots=True)
class Square:
    """A cell of the drawn map: one capability in one region, over the industries that are shown."""

    capability: str
    region: str
    deals: int
    amount_minor: int
    at_risk_minor: int
    partners: int


def matrix(found: Iterable[Gap]) -> Mapping[tuple[str, str], Square]:
    """The gaps folded over their industries."""
    folded: dict[tuple[str, str], list[Gap]] = defaultdict(list)
    for gap in found:
        folded[(gap.cell.capability, gap.cell.region)].append(gap)
    return {
        place: Square(
            *place,
            deals=sum(gap.deals for gap in rows),
            amount_minor=sum(gap.amount_minor for gap in rows),
            at_risk_minor=sum(gap.at_risk_minor for gap in rows),
            partners=len({one for gap in rows for one in gap.partners}),
        )
        for place, rows in folded.items()
    }
