"""What follows from a task that changed: levels close and open, the plan completes, and everybody hears of it."""

from datetime import datetime

from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.events import publish
from openprm.onboarding.events import LevelCompleted, PlanCompleted
from openprm.onboarding.models import Plan, PlanLevel, PlanTask
from openprm.onboarding.promisekinds import FIRST_CONTACT
from openprm.onboarding.rules.schedule import is_level_done
from openprm.onboarding.services.unit import record
from openprm.promises import services as promises

CLOSED = (PlanLevel.State.DONE, PlanLevel.State.SKIPPED)


def touch(plan: Plan, actor: Actor, at: datetime) -> None:
    """A sign of work: the plan no longer stands still, and the vendor has been in touch if it was the vendor's."""
    plan.last_progress_at = max(plan.last_progress_at, at)
    plan.stuck_since, plan.stuck_reason, plan.stuck_task_id = None, "", None
    plan.version += 1
    plan.save()
    if actor.is_vendor:
        promises.keep(subject_id=plan.pk, code=FIRST_CONTACT, at=at)


def settle(plan: Plan, actor: Actor, at: datetime) -> None:
    """Close the levels whose required tasks are over, open the next, complete the plan after the last."""
    levels = list(PlanLevel.objects.filter(plan=plan).order_by("position"))
    for level in levels:
        if level.state == PlanLevel.State.OPEN and is_level_done(PlanTask.objects.filter(level=level)):
            close_level(level, PlanLevel.State.DONE, actor, at)
        if not _open_next(plan, level, levels, at):
            break
    if plan.state == Plan.State.RUNNING and all(level.state in CLOSED for level in levels):
        _complete(plan, actor, at)


def _open_next(plan: Plan, level: PlanLevel, levels: list[PlanLevel], at: datetime) -> bool:
    """Whether to look at the next level: all of them when they are not in sequence."""
    if not plan.template_version.parsed.sequential:
        return True
    if level.state not in CLOSED:
        return False
    following = next((one for one in levels if one.position > level.position), None)
    if following and following.state == PlanLevel.State.LOCKED:
        following.state, following.opened_at = PlanLevel.State.OPEN, at
        following.save()
    return True


def close_level(level: PlanLevel, state: str, actor: Actor, at: datetime, reason: str = "") -> None:
    level.state, level.closed_at, level.reason = state, at, reason
    level.save()
    verb = "onboarding.level_completed" if state == PlanLevel.State.DONE else "onboarding.level_skipped"
    record(actor, verb, level, partner_id=level.partner_id, after={}, refs=(level.plan_id,), note=level.name, at=at)
    if state == PlanLevel.State.DONE:
        publish(
            LevelCompleted(
                plan_id=level.plan_id,
                partner_id=level.partner_id,
                program_id=level.plan.program_id,
                level_key=level.key,
                level_name=level.name,
                badge=level.badge,
                at=at,
            )
        )


def _complete(plan: Plan, actor: Actor, at: datetime) -> None:
    plan.state, plan.ended_at = Plan.State.COMPLETED, at
    plan.version += 1
    plan.save()
    promises.cancel(subject_id=plan.pk, code=FIRST_CONTACT, at=at)
    record(SYSTEM, "onboarding.plan_completed", plan, partner_id=plan.partner_id, after={}, note=plan.name, at=at)
    publish(PlanCompleted(plan_id=plan.pk, partner_id=plan.partner_id, program_id=plan.program_id, days=(at - plan.started_at).days, at=at))
