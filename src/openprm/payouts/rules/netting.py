"""From what is due to what is paid: one payment per payee and currency, and a named reason for all that is not paid."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    id: UUID
    source: str
    number: str
    partner_id: UUID
    amount_minor: int
    currency: str
    approved_at: datetime
    payable_from: date
    about: str = ""
    url: str = ""
    forfeits_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """All that is due to one payee in one currency on a day."""

    partner_id: UUID
    currency: str
    lines: tuple[Due, ...]

    @property
    def total(self) -> int:
        return sum(line.amount_minor for line in self.lines)

    @property
    def since(self) -> datetime:
        return min(line.approved_at for line in self.lines)

    @property
    def forfeits_on(self) -> date | None:
        """The first day on which a line of it would be forfeited by the published rule; None when none ever is."""
        return min((line.forfeits_on for line in self.lines if line.forfeits_on), default=None)


def bundles(lines: Iterable[Due], on: date) -> tuple[Bundle, ...]:
    """By payee and currency, what may be paid by `on`. What takes away from a balance counts at once, whatever its day."""
    found: dict[tuple[UUID, str], list[Due]] = {}
    for line in lines:
        if line.payable_from <= on or line.amount_minor < 0:
            found.setdefault((line.partner_id, line.currency), []).append(line)
    return tuple(
        Bundle(partner_id=partner_id, currency=currency, lines=tuple(sorted(rows, key=lambda row: (row.approved_at, row.id))))
        for (partner_id, currency), rows in sorted(found.items(), key=lambda pair: (str(pair[0][0]), pair[0][1]))
    )


def why_carried(bundle: Bundle, minimum_minor: int) -> str | None:
    """ "negative" or "minimum" when the bundle is carried forward to the next run."""
    if bundle.total <= 0:
        return "negative"
    return "minimum" if bundle.total < minimum_minor else None


def totals(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Sums by currency."""
    found: dict[str, int] = {}
    for currency, minor in pairs:
        found[currency] = found.get(currency, 0) + minor
    return dict(sorted(found.items()))


def differences(owed: Mapping[tuple[UUID, str], int], booked: Mapping[tuple[UUID, str], int]) -> tuple[tuple[UUID, str, int, int], ...]:
    """(partner, currency, what the desk owes, what the books owe) wherever the two are not the same."""
    keys = sorted(owed.keys() | booked.keys(), key=lambda key: (str(key[0]), key[1]))
    return tuple((*key, owed.get(key, 0), booked.get(key, 0)) for key in keys if owed.get(key, 0) != booked.get(key, 0))
