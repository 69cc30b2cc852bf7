"""Filters over records, and which ones are worth suggesting."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

COLUMNS = ("countries", "industries", "stages")
MOST_VALUES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A company as the records know it, with its open deals: (id, minor units, currency, stage)."""

    key: str
    name: str
    domain: str = ""
    country: str = ""
    city: str = ""
    industry: str = ""
    owner: str = ""
    is_customer: bool = False
    deals: tuple[tuple[str, int, str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which records belong to a list; what is empty does not matter."""

    countries: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    least_minor: int = 0
    currency: str = ""

    def keeps(self, record: Record) -> bool:
        if self.countries and record.country not in self.countries:
            return False
        if self.industries and record.industry not in self.industries:
            return False
        if self.stages and not any(deal[3] in self.stages for deal in record.deals):
            return False
        return not self.least_minor or sum(deal[1] for deal in record.deals if deal[2] == self.currency) >= self.least_minor

    def plain(self) -> dict[str, Any]:
        return {name: list(getattr(self, name)) for name in COLUMNS} | {"least_minor": self.least_minor, "currency": self.currency}


def read_filter(values: Mapping[str, Any]) -> Filter:
    """A filter out of stored or typed values; what is no text is left out."""
    lists = {name: tuple(sorted({str(one)[:80] for one in values.get(name) or ()}))[:MOST_VALUES] for name in COLUMNS}
    return Filter(**lists, least_minor=int(values.get("least_minor") or 0), currency=str(values.get("currency") or "")[:3])


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A filter worth a list of its own: `count` of `total` companies stand in `value`."""

    column: str
    value: str
    count: int
    total: int
    filter: Filter = field(default_factory=Filter)


def suggestions(records: Sequence[Record], *, least: int = 10, most: int = 3) -> tuple[Suggestion, ...]:
    """The countries and industries with at least `least` companies and a tenth of all, that do not hold them all; largest first."""
    total = len(records)
    found = [*_of("countries", (one.country for one in records), total), *_of("industries", (one.industry for one in records), total)]
    worth = [one for one in found if one.count >= least and one.count * 10 >= total and one.count < total]
    return tuple(sorted(worth, key=lambda one: (-one.count, one.column, one.value))[:most])


def _of(column: str, values: Iterable[str], total: int) -> list[Suggestion]:
    counted = Counter(value for value in values if value)
    return [Suggestion(column=column, value=value, count=count, total=total, filter=Filter(**{column: (value,)})) for value, count in counted.items()]
