"""What changes here: numbers that are kept, targets, and costs that finance enters."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.deals.queries import base_currency
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Invalid, NotFound, Stale, refuse_if
from openprm.kernel.money import LARGEST_MINOR, minor_units
from openprm.kpis import policies
from openprm.kpis.definitions import registry
from openprm.kpis.models import COST_KINDS, Cost, Snapshot, Target
from openprm.kpis.queries.figures import Asked, Figure, figures
from openprm.kpis.queries.reading import known_datasets
from openprm.kpis.rules.windows import FIRST_DAY
from openprm.partners import queries as partners

KEPT_PERIODS = ("month", "12m")
LARGEST = Decimal(10) ** 18


@transaction.atomic
def keep(*, as_of: date) -> int:
    """Write down every measured KPI as of a day, for the month and for twelve months. Numbers that stand already are left alone. Gives how many are new."""
    known = known_datasets()
    names = [kpi.name for kpi in registry.ALL if not registry.missing(kpi, known)]
    told = [one for period in KEPT_PERIODS for one in figures(SYSTEM, names, Asked(as_of=as_of, period=period))]
    before = Snapshot.objects.filter(as_of=as_of).count()
    Snapshot.objects.bulk_create([_row(one) for one in told], ignore_conflicts=True)
    return Snapshot.objects.filter(as_of=as_of).count() - before


def _row(told: Figure) -> Snapshot:
    return Snapshot(
        kpi=told.name,
        segment=told.segment,
        period=told.period,
        as_of=told.as_of,
        value=told.value,
        low=told.low,
        high=told.high,
        n=told.n,
        why=told.why,
        parts={name: None if one is None else str(one) for name, one in told.parts.items()},
        currency=told.currency,
        configuration=told.configuration,
    )


@transaction.atomic
def set_target(*, actor: Actor, kpi: str, period: str, starts_on: date, value: Decimal, version: int | None = None, at: datetime) -> int:
    """Say what a number should be by the end of a month, quarter or year. Gives the target's version.

    Raises NotAllowed, NotFound, Invalid, Stale.
    """
    refuse_if(policies.why_not_plan(actor))
    registry.find(kpi)
    _check_target(period, starts_on, value)
    row = policies.reach_targets(actor).locked().filter(kpi=kpi, period=period, starts_on=starts_on).first()
    if version is not None and version != (row.version if row else 0):
        raise Stale()
    before = row.snapshot() if row else None
    row = row or Target(kpi=kpi, period=period, starts_on=starts_on, version=0)
    row.value, row.set_by_name, row.version = value, actor.name, row.version + 1
    row.save()
    audit.record(actor, "kpis.target_set", row, before=before, at=at)
    return row.version


def _check_target(period: str, starts_on: date, value: Decimal) -> None:
    months = {"month": range(1, 13), "quarter": (1, 4, 7, 10), "year": (1,)}.get(period)
    if months is None:
        raise Invalid(_("A target is for a month, a quarter or a year."), field="period")
    if starts_on.day != 1 or starts_on.month not in months:
        raise Invalid(_("Give the first day of the month, quarter or year."), field="starts_on")
    if not value.is_finite() or abs(value) > LARGEST:
        raise Invalid(_("Give a number of a sensible size."), field="value")


@transaction.atomic
def enter_cost(
    *, actor: Actor, month: date, kind: str, amount_minor: int, currency: str = "", partner_id: UUID | None = None, note: str = "", at: datetime
) -> UUID:
    """Write down what the program cost in a month. Gives its id. Raises NotAllowed, NotFound, Invalid."""
    refuse_if(policies.why_not_plan(actor))
    if kind not in COST_KINDS:
        raise Invalid(_("Costs are of the team, tools, recruiting, onboarding or servicing."), field="kind")
    if not 0 < amount_minor <= LARGEST_MINOR:
        raise Invalid(_("An amount is more than zero, with a sensible number of digits."), field="amount_minor")
    if month < FIRST_DAY or month.year > 2200:
        raise Invalid(_("Give a month between 1990 and 2200."), field="month")
    minor_units(currency := currency or base_currency())
    if partner_id:
        partners.partner(actor, partner_id)
    row = Cost.objects.create(
        month=month.replace(day=1), kind=kind, partner_id=partner_id, amount_minor=amount_minor, currency=currency, note=note[:300], entered_by_name=actor.name
    )
    audit.record(actor, "kpis.cost_entered", row, at=at)
    return row.pk


@transaction.atomic
def remove_cost(*, actor: Actor, cost_id: UUID, at: datetime) -> None:
    """Raises NotAllowed, NotFound."""
    refuse_if(policies.why_not_plan(actor))
    row = policies.reach_costs(actor).locked().filter(pk=cost_id).first()
    if row is None:
        raise NotFound()
    before = row.snapshot()
    audit.record(actor, "kpis.cost_removed", row, before=before, after={}, at=at)
    row.delete()
