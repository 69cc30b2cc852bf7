"""The whitespace map: open pipeline by capability, region and industry against the partners that could serve it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.kernel.money import Money
from openprm.kernel.registry import registry
from openprm.partners import queries as partners
from openprm.recruitment import policies
from openprm.recruitment.ports import DemandReport, DemandRow
from openprm.recruitment.queries.facts import partner_facts
from openprm.recruitment.rules import whitespace as rules
from openprm.recruitment.rules.facts import CAPABILITIES, key
from openprm.recruitment.rules.whitespace import Cell, Demand, Gap, Supply


@dataclass(frozen=True, slots=True, kw_only=True)
class MapCell:
    """One square of the map; `step` 0 to 5 is how deep it is painted, by pipeline at risk."""

    capability: str
    region: str
    deals: int
    amount: Money
    at_risk: Money
    partners: int
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MapLine:
    capability: str
    cells: tuple[MapCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GapView:
    capability: str
    region: str
    industry: str
    deals: int
    partners: int
    amount: Money
    at_risk: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class WhitespaceMap:
    """The map. `is_filled` is false while no domain tells the open pipeline."""

    is_filled: bool
    regions: tuple[str, ...]
    industries: tuple[str, ...]
    industry: str
    lines: tuple[MapLine, ...]
    gaps: tuple[GapView, ...]
    amount: Money
    at_risk: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class CapablePartner:
    id: UUID
    name: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CellRows:
    """What stands behind a square: the deals, and the partners that could serve them."""

    capability: str
    region: str
    industry: str
    deals: tuple[tuple[DemandRow, Money], ...]
    partners: tuple[CapablePartner, ...]
    amount: Money
    at_risk: Money
    can_serve: int


def whitespace(actor: Actor, *, at: datetime, industry: str = "") -> WhitespaceMap:
    """The map for one industry, or all of them folded. Raises NotFound for those who do not recruit."""
    report, supply = _read(actor, at)
    gaps = rules.gaps(_demand(report), supply)
    shown = tuple(gap for gap in gaps if not industry or gap.cell.industry == industry)
    squares = rules.matrix(shown)
    regions = tuple(sorted({gap.cell.region for gap in gaps}))
    return WhitespaceMap(
        is_filled=bool(registry.filling("recruitment.demand")),
        regions=regions,
        industries=tuple(sorted({gap.cell.industry for gap in gaps if gap.cell.industry})),
        industry=industry,
        lines=_lines(squares, regions),
        gaps=tuple(_gap(gap) for gap in shown if gap.is_open)[:50],
        amount=_money(sum(gap.amount_minor for gap in shown)),
        at_risk=_money(sum(gap.at_risk_minor for gap in shown)),
    )


def whitespace_cell(actor: Actor, *, capability: str, region: str, industry: str = "", at: datetime) -> CellRows:
    """The rows behind a square. Raises NotFound when there are none."""
    report, supply = _read(actor, at)
    rows = [row for row in report.rows if (row.capability, row.region) == (capability, region) and (not industry or row.industry == industry)]
    if not rows:
        raise NotFound()
    gaps = rules.gaps([demand for demand in _demand(report) if _is_in(demand.cell, capability, region, industry)], supply)
    capable = {one for gap in gaps for one in gap.partners}
    return CellRows(
        capability=capability,
        region=region,
        industry=industry,
        deals=tuple((row, _money(row.amount_minor)) for row in sorted(rows, key=lambda row: -row.amount_minor)),
        partners=_capable(actor, capable, capability, at),
        amount=_money(sum(gap.amount_minor for gap in gaps)),
        at_risk=_money(sum(gap.at_risk_minor for gap in gaps)),
        can_serve=rules.DEALS_PER_PARTNER,
    )


def _is_in(cell: Cell, capability: str, region: str, industry: str) -> bool:
    return (cell.capability, cell.region) == (capability, region) and (not industry or cell.industry == industry)


def _read(actor: Actor, at: datetime) -> tuple[DemandReport, tuple[Supply, ...]]:
    if not policies.sees(actor):
        raise NotFound()
    sources = registry.filling("recruitment.demand")
    report = sources[0].read(at) if sources else DemandReport(rows=())
    return report, supply(report, at)


def supply(report: DemandReport, at: datetime) -> tuple[Supply, ...]:
    """What every active partner can do and where: by its facts, and by what it has shown elsewhere."""
    proven = _proven(at)
    return tuple(
        Supply(
            partner_id=partner_id,
            capabilities=frozenset(_capabilities(facts)) | frozenset(key(word) for word in proven.get(partner_id, {})),
            regions=frozenset(_regions(facts, report)),
            industries=frozenset(key(word) for word in facts.get("industries", ())),
        )
        for partner_id, facts in sorted(partner_facts(at).items())
    )


def _capabilities(facts: Mapping[str, Any]) -> set[str]:
    return {key(word) for name in CAPABILITIES for word in facts.get(name, ())}


def _regions(facts: Mapping[str, Any], report: DemandReport) -> set[str]:
    """The market its country belongs to, and the region it is kept under."""
    market = report.region_of.get(facts.get("country", ""), report.other_region)
    return {key(name) for name in (market, facts.get("region", "")) if name}


def _proven(at: datetime) -> dict[UUID, dict[str, str]]:
    found: dict[UUID, dict[str, str]] = {}
    for source in registry.filling("recruitment.capabilities"):
        for one in source(at):
            found.setdefault(one.partner_id, {})[one.capability] = one.why
    return found


def _capable(actor: Actor, ids: set[UUID], capability: str, at: datetime) -> tuple[CapablePartner, ...]:
    names = {UUID(pk): name for pk, name in partners.partner_choices(actor)}
    proven, facts = _proven(at), partner_facts(at)
    rows = []
    for one in ids:
        why = next((text for word, text in proven.get(one, {}).items() if key(word) == key(capability)), "")
        words = [word for name in CAPABILITIES for word in facts.get(one, {}).get(name, ()) if key(word) == key(capability)]
        rows.append(CapablePartner(id=one, name=names.get(one, ""), why=why or ", ".join(words)))
    return tuple(sorted(rows, key=lambda row: row.name))


def _demand(report: DemandReport) -> list[Demand]:
    return [Demand(Cell(row.capability, row.region, row.industry), row.amount_minor) for row in report.rows]


def _lines(squares: Mapping[tuple[str, str], rules.Square], regions: Sequence[str]) -> tuple[MapLine, ...]:
    most = max((square.at_risk_minor for square in squares.values()), default=0)
    names = sorted({capability for capability, _region in squares})
    return tuple(MapLine(capability=name, cells=tuple(_cell(squares.get((name, region)), name, region, most) for region in regions)) for name in names)


def _cell(square: rules.Square | None, capability: str, region: str, most: int) -> MapCell:
    square = square or rules.Square(capability, region, 0, 0, 0, 0)
    step = 0 if not square.at_risk_minor else 1 + min(4, square.at_risk_minor * 5 // (most + 1))
    return MapCell(
        capability=capability, region=region, deals=square.deals, amount=_money(square.amount_minor), at_risk=_money(square.at_risk_minor),
        partners=square.partners, step=step,
    )  # fmt: skip


def _gap(gap: Gap) -> GapView:
    return GapView(
        capability=gap.cell.capability, region=gap.cell.region, industry=gap.cell.industry, deals=gap.deals, partners=len(gap.partners),
        amount=_money(gap.amount_minor), at_risk=_money(gap.at_risk_minor),
    )  # fmt: skip


def _money(minor: int) -> Money:
    return Money(minor, settings.OPENPRM_CURRENCY)
