"""The daily look at running plans: owners are reminded, managers hear of slips, what stands still is marked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from openprm.kernel.events import publish
from openprm.onboarding.events import OnboardingStuck
from openprm.onboarding.models import Plan, PlanLevel, PlanTask
from openprm.onboarding.rules.schedule import SOON, Standstill, standstill

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Reminder:
    task_id: UUID
    is_overdue: bool


@transaction.atomic
def due_reminders(*, at: datetime, most: int = AT_ONCE) -> list[Reminder]:
    """The tasks whose owner is to be told: once two days before, once when it is overdue. Told is told."""
    waiting = PlanTask.objects.filter(state=PlanTask.State.OPEN, level__state=PlanLevel.State.OPEN, plan__state=Plan.State.RUNNING)
    waiting = waiting.filter(partner__organization__status="active")
    late = list(waiting.filter(due_at__lt=at, overdue_told_at=None).order_by("pk").select_for_update(of=("self",), skip_locked=True)[:most])
    soon = list(waiting.filter(due_at__gte=at, due_at__lte=at + SOON, reminded_at=None).order_by("pk").select_for_update(of=("self",), skip_locked=True)[:most])
    PlanTask.objects.filter(pk__in=[task.pk for task in late]).update(overdue_told_at=at)
    PlanTask.objects.filter(pk__in=[task.pk for task in soon]).update(reminded_at=at)
    return [*(Reminder(task.pk, True) for task in late), *(Reminder(task.pk, False) for task in soon)]


@transaction.atomic
def mark_stuck(*, at: datetime, partner_ids: Iterable[UUID] | None = None) -> int:
    """Look at every running plan and mark or clear its standstill; gives how many newly stand still."""
    plans = Plan.objects.filter(state=Plan.State.RUNNING, partner__organization__status="active")
    plans = plans.filter(partner__in=list(partner_ids)) if partner_ids is not None else plans
    found = 0
    for plan in plans.select_related("template_version").order_by("pk"):
        found += _look_at(plan, standing(plan, at), at)
    return found


def standing(plan: Plan, at: datetime) -> Standstill | None:
    open_tasks = list(PlanTask.objects.filter(plan=plan, state=PlanTask.State.OPEN, level__state=PlanLevel.State.OPEN))
    return standstill(open_tasks, last_progress_at=plan.last_progress_at, stuck_days=plan.template_version.parsed.stuck_days, at=at)


def _look_at(plan: Plan, found: Standstill | None, at: datetime) -> int:
    was_stuck = plan.stuck_since is not None
    if found is None and not was_stuck:
        return 0
    plan.stuck_since = (plan.stuck_since or at) if found else None
    plan.stuck_reason, plan.stuck_task_id = (found.reason, found.task_id) if found else ("", None)
    plan.save(update_fields=["stuck_since", "stuck_reason", "stuck_task", "updated_at"])
    if found and not was_stuck:
        publish(OnboardingStuck(plan_id=plan.pk, partner_id=plan.partner_id, reason=found.reason, days=found.days, task_id=found.task_id, at=at))
        return 1
    return 0
