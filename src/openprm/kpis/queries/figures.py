"""The numbers: one function behind the page, the API, the export, the pack and the command."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.kernel.errors import Invalid, NotFound
from openprm.kpis import policies, wording
from openprm.kpis.definitions import registry
from openprm.kpis.definitions.facts import EVERYBODY, Segment
from openprm.kpis.definitions.kinds import Kpi
from openprm.kpis.queries.reading import Reading, known_datasets, reading
from openprm.kpis.rules.outcomes import Outcome, Step
from openprm.kpis.rules.windows import FIRST_DAY, PERIODS, Compare, Period, Window, compared, window


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    name: str
    group: str
    label: str
    unit: str
    formula: str
    source: str
    edge_cases: tuple[str, ...]
    direction: str
    missing: str
    by_segment: bool
    additive: bool
    for_partners: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    as_of: date
    period: Period = "12m"
    compare: Compare = "none"
    segment: Segment = EVERYBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number with all that belongs to it. `value` None comes with `reason`; money is in minor units of `currency`; its rows are those of `read_at`."""

    name: str
    label: str
    unit: str
    direction: str
    value: Decimal | None
    n: int
    reason: str
    why: str
    low: Decimal | None
    high: Decimal | None
    parts: Mapping[str, Decimal | None]
    notes: tuple[str, ...]
    curve: tuple[Step, ...]
    currency: str
    since: date
    as_of: date
    period: str
    segment: str
    configuration: str
    measured: bool
    read_at: datetime
    before: Decimal | None = None
    before_since: date | None = None
    before_as_of: date | None = None

    @property
    def change(self) -> Decimal | None:
        return None if self.value is None or self.before is None else self.value - self.before


def definitions(actor: Actor) -> tuple[Definition, ...]:
    """Every KPI that the actor may see, measured or not."""
    known = known_datasets()
    return tuple(_definition(kpi, known) for kpi in registry.ALL if policies.may_see(actor, kpi))


def definition(actor: Actor, name: str) -> Definition:
    """Raises NotFound."""
    return _definition(visible(actor, name), known_datasets())


def visible(actor: Actor, name: str) -> Kpi:
    kpi = registry.find(name)
    if not policies.may_see(actor, kpi):
        raise NotFound()
    return kpi


def _definition(kpi: Kpi, known: frozenset[str]) -> Definition:
    texts = {name: str(getattr(kpi, name)) for name in ("name", "group", "label", "unit", "formula", "source", "direction")}
    flags = {name: getattr(kpi, name) for name in ("by_segment", "additive", "for_partners")}
    return Definition(**texts, **flags, edge_cases=tuple(map(str, kpi.edge_cases)), missing=str(registry.missing(kpi, known)))


def figure(actor: Actor, name: str, asked: Asked) -> Figure:
    """Raises NotFound, Invalid."""
    return figures(actor, (name,), asked)[0]


def figures(actor: Actor, names: Sequence[str], asked: Asked) -> tuple[Figure, ...]:
    """These KPIs, from one reading of the facts. Raises NotFound, Invalid."""
    check(asked)
    kpis = [visible(actor, name) for name in names]
    with reading(actor, kpis) as read:
        return tuple(told(kpi, asked, read) for kpi in kpis)


def check(asked: Asked) -> None:
    if asked.period not in PERIODS:
        raise Invalid(_("Periods are 12m, month, quarter, year and all."), field="period")
    if not FIRST_DAY <= asked.as_of <= date(2200, 1, 1):
        raise Invalid(_("Give an as-of day between 1990 and 2199."), field="as_of")


def told(kpi: Kpi, asked: Asked, read: Reading) -> Figure:
    now = window(asked.period, asked.as_of)
    before = compared(asked.period, asked.as_of, asked.compare)
    missing = registry.missing(kpi, read.known)
    found = None if missing else read.measured(kpi, now, asked.segment)
    earlier = read.measured(kpi, before, asked.segment).value if before and not missing else None
    return _figure(kpi, found, now, asked, read, missing, before, earlier)


def _figure(kpi: Kpi, found: Outcome | None, now: Window, asked: Asked, read: Reading, missing: Any, before: Window | None, earlier: Decimal | None) -> Figure:
    return Figure(
        name=kpi.name,
        label=str(kpi.label),
        unit=kpi.unit,
        direction=kpi.direction,
        value=found.value if found else None,
        n=found.n if found else 0,
        reason=wording.reason(found.why) if found else wording.not_measured(missing),
        why=(found.why or "") if found else "",
        low=found.low if found else None,
        high=found.high if found else None,
        parts=found.parts if found else {},
        notes=wording.notes(found.notes) if found else (),
        curve=found.curve if found else (),
        currency=read.configuration.currency,
        since=now.since,
        as_of=now.as_of,
        period=asked.period,
        segment=asked.segment.key,
        configuration=read.configuration.hash,
        measured=found is not None,
        read_at=read.as_of,
        before=earlier,
        before_since=before.since if before else None,
        before_as_of=before.as_of if before else None,
    )
