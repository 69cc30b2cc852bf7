"""The target that belongs to what is asked: of the same month, quarter or year."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from openprm.kernel.actor import Actor
from openprm.kpis import policies
from openprm.kpis.definitions.registry import BY_NAME
from openprm.kpis.queries.figures import Asked

SUMS = {"money", "count"}
MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetFor:
    """What the number should be by the end of the day `by`."""

    kpi: str
    value: Decimal
    period: str
    starts_on: date
    by: date
    version: int


def targets_for(actor: Actor, asked: Asked) -> Mapping[str, TargetFor]:
    """Targets by KPI. Targets are of the whole program, so a segment has none; a partner reads none.

    Twelve months have the year's target where they are that calendar year, or where the number is no sum.
    """
    if not asked.segment.is_all or asked.period == "all":
        return {}
    period = "year" if asked.period == "12m" else asked.period
    since = _begin(period, asked.as_of)
    found = policies.reach_targets(actor).filter(period=period, starts_on=since)
    views = (TargetFor(kpi=row.kpi, value=row.value, period=period, starts_on=since, by=_end(period, since), version=row.version) for row in found)
    return {one.kpi: one for one in views if _fits(one, asked)}


def _fits(target: TargetFor, asked: Asked) -> bool:
    kpi = BY_NAME.get(target.kpi)
    return kpi is not None and (asked.period != "12m" or kpi.unit not in SUMS or asked.as_of == target.by)


def _begin(period: str, day: date) -> date:
    months = MONTHS[period]
    return day.replace(month=day.month - (day.month - 1) % months, day=1)


def _end(period: str, since: date) -> date:
    later = since.year * 12 + since.month - 1 + MONTHS[period]
    return date(later // 12, later % 12 + 1, 1) - timedelta(days=1)
