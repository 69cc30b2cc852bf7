"""What waits for a person: own steps that are due, plans to sign, plans whose close date moved."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from openprm.actionplans import policies
from openprm.actionplans.models import Plan, SignOff
from openprm.actionplans.queries import days
from openprm.actionplans.queries.results import Owed, ToSign
from openprm.actionplans.queries.subjects import close_dates
from openprm.actionplans.rules import standing
from openprm.actionplans.rules.words import Side, State, Visibility
from openprm.kernel.actor import Actor

AHEAD = timedelta(days=3)
MOST = 50


def owed(actor: Actor, at: datetime, *, since: date | None = None, until: date | None = None, most: int = MOST) -> list[Owed]:
    """The open steps that this person owns, soonest first, within the days asked for."""
    if actor.user_id is None:
        return []
    today = days.today(at)
    rows = policies.reach_steps(actor).filter(owner=actor.user_id, state=State.OPEN, plan__state=Plan.State.RUNNING)
    rows = rows.filter(**{name: day for name, day in (("due_date__gte", since), ("due_date__lte", until)) if day})
    rows = rows.select_related("plan__partner").order_by("due_date", "pk")[:most]
    return [
        Owed(
            step_id=row.pk,
            plan_id=row.plan_id,
            title=row.title,
            plan=row.plan.title,
            partner=row.plan.partner.name,
            due_date=row.due_date,
            days_late=standing.days_late(row, today),
            is_private=row.visibility != Visibility.SHARED,
        )
        for row in rows
    ]


def due_soon(actor: Actor, at: datetime) -> list[Owed]:
    return owed(actor, at, until=days.today(at) + AHEAD)


def to_sign(actor: Actor) -> list[ToSign]:
    """Running plans that the other side signed as they stand and this side did not."""
    if not actor.can("actionplans.sign") or actor.is_system:
        return []
    mine = policies.side_of(actor)
    other = Side.PARTNER if mine == Side.VENDOR else Side.VENDOR
    rows = policies.reach_signatures(actor).filter(side=other, plan__state=Plan.State.RUNNING).select_related("plan__partner").order_by("signed_at", "pk")
    waiting = [row for row in rows if row.revision == row.plan.revision]
    done = set(_own(mine, [row.plan_id for row in waiting]))
    return [
        ToSign(plan_id=row.plan_id, title=row.plan.title, customer=row.plan.customer, partner=row.plan.partner.name, since=row.signed_at)
        for row in waiting
        if (row.plan_id, row.revision) not in done
    ][:MOST]


def _own(side: Side, plan_ids: list[UUID]) -> Iterable[tuple[UUID, int]]:
    return SignOff.objects.filter(side=side, plan__in=plan_ids).values_list("plan_id", "revision") if plan_ids else ()


def moved_closes(actor: Actor) -> list[tuple[UUID, str, date, date]]:
    """Running plans of registrations whose close date is another one by now: id, title, the plan's day, the deal's day.

    For the people who may act on it, and only for plans in which they own an open step."""
    if not actor.can("actionplans.work") or actor.user_id is None:
        return []
    mine = policies.reach_steps(actor).filter(owner=actor.user_id, state=State.OPEN).values("plan_id")
    rows = list(policies.reach_plans(actor).filter(state=Plan.State.RUNNING, registration__isnull=False, pk__in=mine).order_by("close_date", "pk")[:MOST])
    closes = close_dates(actor, [row.registration_id for row in rows])
    found = [(row, closes.get(row.registration_id)) for row in rows]
    return [(row.pk, row.title, row.close_date, close) for row, close in found if close and close != row.close_date]
