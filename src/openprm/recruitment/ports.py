"""What recruitment asks other domains to fill. Read with `registry.filling(...)`; a port that nobody fills is said on the page.

| port | filled with |
|---|---|
| `recruitment.demand` | DemandSource: the open pipeline for the whitespace map |
| `recruitment.performance` | callable(at) -> results by partner id, any unit that grows with success |
| `recruitment.capabilities` | callable(at) -> ProvenCapability values: what partners have shown they can do |
| `recruitment.facts` | callable(partner_ids, at) -> facts by partner id, in the words of `rules.FACTS` |
| `recruitment.lookalike` | LookAlike: a learned score beside the explained one |
| `recruitment.apply_url` | callable(program_id, code) -> the address where a company applies |
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandRow:
    """One open deal. `amount_minor` is in the base currency of the installation."""

    capability: str
    region: str
    industry: str
    amount_minor: int
    title: str
    customer: str
    url: str = ""
    partner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandReport:
    """The open pipeline, and the region each country belongs to; other countries belong to `other_region`."""

    rows: tuple[DemandRow, ...]
    region_of: Mapping[str, str] = field(default_factory=dict)
    other_region: str = ""


class DemandSource(Protocol):
    def read(self, at: datetime) -> DemandReport: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenCapability:
    partner_id: UUID
    capability: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What a trained model says of a company: 0 to 100, with the reasons it can give."""

    points: int
    reasons: tuple[str, ...] = ()
    model: str = ""


class LookAlike(Protocol):
    def score(self, company_ids: Sequence[UUID], at: datetime) -> Mapping[UUID, Learned]: ...
