"""Facts for the news, read by jobs in the system's scope."""

from collections.abc import Iterable
from uuid import UUID

from openprm.actionplans.models import Plan, Step
from openprm.actionplans.rules.words import Side, State, Visibility
from openprm.identity import queries as identity
from openprm.partners import queries as partners


def plan_of(plan_id: UUID) -> Plan | None:
    return Plan.objects.select_related("partner").filter(pk=plan_id).first()


def steps_of(step_ids: Iterable[UUID]) -> list[Step]:
    return list(Step.objects.filter(pk__in=list(step_ids)).select_related("plan__partner"))


def owners_in(plan: Plan, side: Side) -> list[UUID]:
    """The people of one side who own a shared step of the plan; else whoever answers for that side."""
    team = {one.id for one in _team(plan, side)}
    owning = Step.objects.filter(plan=plan, visibility=Visibility.SHARED, owner__isnull=False).order_by("due_date").values_list("owner_id", flat=True)
    found = [user_id for user_id in dict.fromkeys(owning) if user_id in team]
    return found or default_owner(plan, side)


def _team(plan: Plan, side: Side) -> list[identity.Person]:
    return identity.holders_of("actionplans.work", None if side == Side.VENDOR else plan.partner_id)


def default_owner(plan: Plan, side: Side) -> list[UUID]:
    """Who hears of what nobody owns: the partner's manager, or the partner's people who may sign."""
    if side == Side.VENDOR:
        manager = partners.manager_of(plan.partner_id)
        return [manager] if manager else []
    return [one.id for one in identity.holders_of("actionplans.sign", plan.partner_id) if one.id][:3]


def signers(plan: Plan, side: Side) -> list[UUID]:
    """Who is asked to sign: the owners of steps who may, else whoever answers for that side."""
    may = {one.id for one in identity.holders_of("actionplans.sign", None if side == Side.VENDOR else plan.partner_id)}
    return [user_id for user_id in owners_in(plan, side) if user_id in may] or default_owner(plan, side)


def freed_by(step_id: UUID) -> list[Step]:
    """The open steps that waited for this one and for nothing that is still open."""
    waiting = list(Step.objects.filter(waits_for__contains=[step_id], state=State.OPEN).select_related("plan__partner"))
    others = {other for step in waiting for other in step.waits_for}
    still_open = set(Step.objects.filter(pk__in=others, state=State.OPEN).values_list("pk", flat=True))
    return [step for step in waiting if not still_open & set(step.waits_for)]
