"""Co-sell engagements beside the deals: each sale counts once."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from openprm.cosell import queries as cosell
from openprm.deals import queries as deals
from openprm.deals.queries import Filters
from openprm.deals.rules.fx import Rate, convert_minor, rate_on
from openprm.kernel.actor import Actor
from openprm.kernel.money import minor_units
from openprm.pipeline.queries.deals import Chances
from openprm.pipeline.queries.results import Narrowed
from openprm.pipeline.rules import forecast
from openprm.pipeline.rules.forecast import Figures

WAITING = ("submitted", "under_review", "pending_approval", "returned")
KNOWN_RATES = 1000


@dataclass(frozen=True, slots=True)
class Engagement:
    """An open engagement that no registration counts for. `base_minor` is None where its amount is hidden or has no rate."""

    row: Any
    base_minor: int | None
    rate_date: date | None

    def figures(self, chances: Chances, today: date) -> Figures:
        close = self.row.expected_close_date
        return forecast.one(self.base_minor or 0, chances.of(self.row.stage) if self.row.stage else 0, overdue=close is not None and close < today)


class Engagements:
    """The engagements of one reader, converted at the newest known rates, read once."""

    def __init__(self, actor: Actor, narrowed: Narrowed, at: datetime, today: date):
        self.actor, self.narrowed, self.at, self.today = actor, narrowed, at, today

    @cached_property
    def rows(self) -> tuple[Engagement, ...]:
        if self.narrowed.leaves_engagements_out:
            return ()
        found = [row for row in cosell.pipeline_rows(self.actor, at=self.at) if self._fits(row)]
        counted = self._counted_elsewhere([row.registration_id for row in found if row.registration_id])
        return tuple(self._converted(row) for row in found if row.registration_id not in counted)

    def _fits(self, row: Any) -> bool:
        held, close = self.narrowed, row.expected_close_date
        if held.text and held.text.casefold() not in f"{row.number} {row.title} {row.customer_name}".casefold():
            return False
        if held.partner and not any(held.partner.casefold() in name.casefold() for name in (row.host, *row.members)):
            return False
        after = held.closes_from is None or (close is not None and close >= held.closes_from)
        return after and (held.closes_to is None or (close is not None and close <= held.closes_to))

    def _counted_elsewhere(self, ids: list[UUID]) -> set[UUID]:
        """The registrations that are counted themselves or are over: only one that still waits for its decision leaves its engagement in."""
        if not ids:
            return set()
        waiting = set(deals.listed(self.actor, Filters(ids=tuple(ids), status=WAITING)).values_list("pk", flat=True))
        return set(ids) - waiting

    @cached_property
    def _rates(self) -> list[Rate]:
        return [Rate(one.currency, one.rate, one.rate_date) for one in deals.exchange_rates(self.actor, KNOWN_RATES)]

    def _converted(self, row: Any) -> Engagement:
        base = deals.base_currency()
        if row.amount is None:
            return Engagement(row, None, None)
        if row.amount.currency == base:
            return Engagement(row, row.amount.minor, None)
        rate = rate_on(self._rates, row.amount.currency, self.today)
        if rate is None:
            return Engagement(row, None, None)
        places = minor_units(row.amount.currency)
        return Engagement(row, convert_minor(row.amount.minor, rate=rate.rate, places=places, base_places=minor_units(base)), rate.rate_date)
