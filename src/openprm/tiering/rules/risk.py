"""Who may lose a tier, why, and what is at stake. Reasons are read from the criteria of the tier that is held."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from openprm.tiering.rules.progress import Criterion, Projection, Way


class Cause(StrEnum):
    BELOW = "below"
    EXPIRING = "expiring"
    TREND = "trend"
    ONE_SPARE = "one_spare"


SEVERITY = {Cause.BELOW: "blocker", Cause.EXPIRING: "warning", Cause.TREND: "warning", Cause.ONE_SPARE: "info"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a tier is in danger. `then` is the value it comes to, `on` the day."""

    cause: Cause
    fact: str
    have: Decimal | None
    need: Decimal | None
    then: Decimal | None = None
    on: date | None = None

    @property
    def severity(self) -> str:
        return SEVERITY[self.cause]


def reasons(way: Way | None, projections: Mapping[str, Projection], *, today: date, warn_days: int, counted: Sequence[str] = ()) -> tuple[Reason, ...]:
    """The reasons on the nearest way to the held tier, the gravest first. No way, no danger."""
    found = [reason for criterion in (way.criteria if way else ()) if (reason := _reason(criterion, projections, today, warn_days, counted))]
    return tuple(sorted(found, key=lambda one: list(Cause).index(one.cause)))


def _reason(criterion: Criterion, projections: Mapping[str, Projection], today: date, warn_days: int, counted: Sequence[str]) -> Reason | None:
    values = {"fact": criterion.fact, "have": criterion.have if isinstance(criterion.have, Decimal) else None, "need": criterion.need}
    if not criterion.is_met:
        return Reason(cause=Cause.BELOW, on=today, then=values["have"], **values)
    if criterion.need is None or values["have"] is None or not criterion.needs_at_least:
        return None
    ahead = projections.get(criterion.fact)
    if ahead and ahead.lost and values["have"] - ahead.lost < criterion.need:
        return Reason(cause=Cause.EXPIRING, then=values["have"] - ahead.lost, on=ahead.lost_on, **values)
    if ahead and ahead.later is not None and ahead.later < criterion.need:
        return Reason(cause=Cause.TREND, then=ahead.later, on=today + timedelta(days=warn_days), **values)
    if criterion.fact in counted and values["have"] - 1 < criterion.need:
        return Reason(cause=Cause.ONE_SPARE, then=values["have"] - 1, **values)
    return None


def at_stake(won_minor: int, pipeline_minor: int) -> int:
    """Money at stake: what the partner won in twelve months, or its open protected pipeline where that is more."""
    return max(won_minor, pipeline_minor, 0)


def projected(*, kept: Decimal, recent: Decimal) -> Decimal:
    """A rolling sum at the end of the warning time: what will still be inside its window, and as much again as came in lately."""
    return kept + recent
