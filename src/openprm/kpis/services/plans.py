"""What people set here: targets, and the costs that finance enters."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.deals.queries import base_currency
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, Stale, refuse_if, refused_by
from openprm.kernel.money import LARGEST_MINOR, minor_units
from openprm.kpis import policies
from openprm.kpis.definitions import registry
from openprm.kpis.models import COST_KINDS, Cost, Target
from openprm.kpis.rules.windows import FIRST_DAY
from openprm.partners import queries as partners

LARGEST = Decimal(10) ** 18
BEGINS = {"month": range(1, 13), "quarter": (1, 4, 7, 10), "year": (1,)}
SHORTEST_REASON, LONGEST_REASON = 3, 300


@transaction.atomic
def set_target(*, actor: Actor, kpi: str, period: str, starts_on: date, value: Decimal, version: int | None = None, at: datetime) -> int:
    """Say what a number should be by the end of a month, quarter or year. Gives the target's version.

    Raises NotAllowed, NotFound, Invalid, Stale.
    """
    refuse_if(policies.why_not_plan(actor))
    registry.find(kpi)
    _check_target(period, starts_on, value)
    row = policies.reach_targets(actor).locked().filter(kpi=kpi, period=period, starts_on=starts_on).first()
    _refuse_stale(row.version if row else 0, version)
    before = row.snapshot() if row else None
    row = row or Target(kpi=kpi, period=period, starts_on=starts_on, version=0)
    row.value, row.set_by_name, row.version = value, actor.name, row.version + 1
    row.save()
    audit.record(actor, "kpis.target_set", row, before=before, at=at)
    return row.version


def begins(period: str, day: date) -> bool:
    """Whether a month, quarter or year begins on that day."""
    return day.day == 1 and day.month in BEGINS[period]


def _check_target(period: str, starts_on: date, value: Decimal) -> None:
    if period not in BEGINS:
        raise Invalid(_("A target is for a month, a quarter or a year."), field="period")
    if not begins(period, starts_on):
        raise Invalid(_("Give the first day of the month, quarter or year."), field="starts_on")
    if not value.is_finite() or abs(value) > LARGEST:
        raise Invalid(_("Give a number of a sensible size."), field="value")


@transaction.atomic
def remove_target(*, actor: Actor, target_id: UUID, reason: str, version: int | None = None, at: datetime) -> None:
    """Nobody is measured by it any more. Raises NotAllowed, NotFound, Invalid, Stale."""
    refuse_if(policies.why_not_plan(actor))
    row = policies.reach_targets(actor).locked().one(target_id)
    _refuse_stale(row.version, version)
    _gone(actor, "kpis.target_removed", row, reason, at)


@transaction.atomic
def enter_cost(
    *,
    actor: Actor,
    month: date,
    kind: str,
    amount_minor: int,
    currency: str = "",
    partner_id: UUID | None = None,
    note: str = "",
    source: str = "",
    external_id: str = "",
    at: datetime,
) -> UUID:
    """Write down what the program cost in a month. Gives its id. Raises NotAllowed, NotFound, Invalid, Conflict."""
    refuse_if(policies.why_not_plan(actor))
    values = _cost(actor, month, kind, amount_minor, currency, partner_id, note)
    with refused_by("kpi_cost_brought_in_once", Conflict(_("A cost with this id was brought in before."))):
        row = Cost.objects.create(**values, external_source=source[:60], external_id=external_id[:120], entered_by_name=actor.name)
    audit.record(actor, "kpis.cost_entered", row, at=at)
    return row.pk


@transaction.atomic
def correct_cost(
    *,
    actor: Actor,
    cost_id: UUID,
    month: date,
    kind: str,
    amount_minor: int,
    currency: str = "",
    partner_id: UUID | None = None,
    note: str = "",
    version: int | None = None,
    at: datetime,
) -> int:
    """Write a cost anew; what stood before is in the log. Gives its version. Raises NotAllowed, NotFound, Invalid, Stale."""
    refuse_if(policies.why_not_plan(actor))
    row = policies.reach_costs(actor).locked().one(cost_id)
    _refuse_stale(row.version, version)
    values = _cost(actor, month, kind, amount_minor, currency, partner_id, note)
    if all(getattr(row, name) == value for name, value in values.items()):
        return row.version
    before = row.snapshot()
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    audit.record(actor, "kpis.cost_corrected", row, before=before, at=at)
    return row.version


@transaction.atomic
def remove_cost(*, actor: Actor, cost_id: UUID, reason: str, version: int | None = None, at: datetime) -> None:
    """Take a cost out, and say why. Raises NotAllowed, NotFound, Invalid, Stale."""
    refuse_if(policies.why_not_plan(actor))
    row = policies.reach_costs(actor).locked().one(cost_id)
    _refuse_stale(row.version, version)
    _gone(actor, "kpis.cost_removed", row, reason, at)


def _cost(actor: Actor, month: date, kind: str, amount_minor: int, currency: str, partner_id: UUID | None, note: str) -> dict[str, Any]:
    """A cost that can stand. Raises Invalid, NotFound."""
    if kind not in COST_KINDS:
        raise Invalid(_("Costs are of the team, tools, recruiting, onboarding or servicing."), field="kind")
    if not 0 < amount_minor <= LARGEST_MINOR:
        raise Invalid(_("An amount is more than zero, with a sensible number of digits."), field="amount")
    if not FIRST_DAY <= month <= date(2200, 12, 31):
        raise Invalid(_("Give a month between 1990 and 2200."), field="month")
    minor_units(currency := currency or base_currency())
    if partner_id:
        partners.partner(actor, partner_id)
    return {"month": month.replace(day=1), "kind": kind, "partner_id": partner_id, "amount_minor": amount_minor, "currency": currency, "note": note[:300]}


def _refuse_stale(stands: int, version: int | None) -> None:
    if version is not None and version != stands:
        raise Stale()


def _gone(actor: Actor, verb: str, row: Cost | Target, reason: str, at: datetime) -> None:
    if not SHORTEST_REASON <= len(reason.strip()) <= LONGEST_REASON:
        raise Invalid(_("Say in a few words why it is taken out."), field="reason")
    audit.record(actor, verb, row, before=row.snapshot(), after={}, note=reason.strip(), at=at)
    row.delete()
