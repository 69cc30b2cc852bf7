"""Filters over records, and which ones are worth suggesting."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

COLUMNS = ("countries", "industries", "owners", "programs", "stages")
DATES = ("closes_from", "closes_until", "won_from", "won_until")
AMOUNTS = ("least_minor", "most_minor")
MOST_VALUES = 50
_NONE = date.min


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDeal:
    """What a filter asks of an open deal."""

    minor: int
    currency: str
    stage: str = ""
    program: str = ""
    closes_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A company as the records know it, with its open deals: as they are told, (id, minor units, currency, stage), and for filters."""

    key: str
    name: str
    domain: str = ""
    country: str = ""
    city: str = ""
    industry: str = ""
    owner: str = ""
    is_customer: bool = False
    won_on: date | None = None
    deals: tuple[tuple[str, int, str, str], ...] = ()
    open_deals: tuple[OpenDeal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which records belong to a list; what is empty does not matter. What is said of deals must hold for one and the same deal, amounts for their sum."""

    countries: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    least_minor: int = 0
    most_minor: int = 0
    currency: str = ""
    closes_from: date | None = None
    closes_until: date | None = None
    won_from: date | None = None
    won_until: date | None = None

    def keeps(self, record: Record) -> bool:
        told = ((self.countries, record.country), (self.industries, record.industry), (self.owners, record.owner))
        if any(wanted and value not in wanted for wanted, value in told):
            return False
        return _within(record.won_on, self.won_from, self.won_until) and (not self.asks_of_deals or self._keeps_deals(record))

    @property
    def asks_of_deals(self) -> bool:
        return bool(self.stages or self.programs or self.least_minor or self.most_minor or self.closes_from or self.closes_until)

    @property
    def is_empty(self) -> bool:
        return self == Filter(currency=self.currency)

    def _keeps_deals(self, record: Record) -> bool:
        fit = [deal for deal in record.open_deals if self._fits(deal)]
        worth = sum(deal.minor for deal in fit)
        return bool(fit) and worth >= self.least_minor and (not self.most_minor or worth <= self.most_minor)

    def _fits(self, deal: OpenDeal) -> bool:
        if (self.stages and deal.stage not in self.stages) or (self.programs and deal.program not in self.programs):
            return False
        by_amount = self.least_minor or self.most_minor
        return (not by_amount or deal.currency == self.currency) and _within(deal.closes_on, self.closes_from, self.closes_until)

    def plain(self) -> dict[str, Any]:
        lists = {name: list(getattr(self, name)) for name in COLUMNS}
        dates = {name: found.isoformat() for name in DATES if (found := getattr(self, name))}
        return lists | dates | {name: getattr(self, name) for name in AMOUNTS} | {"currency": self.currency}


def _within(found: date | None, first: date | None, last: date | None) -> bool:
    if first is None and last is None:
        return True
    return found is not None and (first or _NONE) <= found <= (last or date.max)


def read_filter(values: Mapping[str, Any]) -> Filter:
    """A filter out of stored or typed values; what cannot be read is left out."""
    lists = {name: tuple(sorted({str(one)[:80] for one in values.get(name) or () if one}))[:MOST_VALUES] for name in COLUMNS}
    amounts = {name: max(0, int(values.get(name) or 0)) for name in AMOUNTS}
    return Filter(**lists, **amounts, **{name: _day(values.get(name)) for name in DATES}, currency=str(values.get("currency") or "")[:3])


def _day(value: Any) -> date | None:
    if isinstance(value, date) or not value:
        return value or None
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A filter worth a list of its own: `count` of `total` companies stand in `value`."""

    column: str
    value: str
    count: int
    total: int
    filter: Filter = field(default_factory=Filter)


def suggestions(records: Sequence[Record], *, least: int = 10, most: int = 4) -> tuple[Suggestion, ...]:
    """The countries, industries, owners, programs and stages with at least `least` companies and a tenth of all, that do not hold them all;
    largest first, at most two of a kind."""
    total = len(records)
    found = [one for column, counted in counts(records).items() for one in _of(column, counted, total)]
    worth = sorted((one for one in found if one.count >= least and one.count * 10 >= total and one.count < total), key=_largest)
    chosen = [one for place, one in enumerate(worth) if sum(other.column == one.column for other in worth[:place]) < 2]
    return tuple(chosen[:most])


def _largest(one: Suggestion) -> tuple[int, str, str]:
    return -one.count, one.column, one.value


def counts(records: Iterable[Record]) -> dict[str, Counter[str]]:
    """How many companies stand in each value that a filter can ask for."""
    found: dict[str, Counter[str]] = {column: Counter() for column in COLUMNS}
    for one in records:
        told = {"countries": {one.country}, "industries": {one.industry}, "owners": {one.owner}}
        told |= {"programs": {deal.program for deal in one.open_deals}, "stages": {deal.stage for deal in one.open_deals}}
        for column, values in told.items():
            found[column].update(value for value in values if value)
    return found


def _of(column: str, counted: Counter[str], total: int) -> list[Suggestion]:
    return [Suggestion(column=column, value=value, count=count, total=total, filter=Filter(**{column: (value,)})) for value, count in counted.items()]
