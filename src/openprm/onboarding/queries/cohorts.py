"""How the plans of each month do. A partner with two programs has two plans and counts with both."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from openprm.kernel.actor import Actor
from openprm.onboarding import policies
from openprm.onboarding.models import Plan, PlanTask, ReachedMilestone
from openprm.onboarding.queries.plans import stuck_plans
from openprm.onboarding.queries.results import Overview
from openprm.onboarding.rules.cohorts import Cohort, Run, cohort, time_to, wait

MONTHS = 12
REGISTRATION, WON = "deals.first_registration", "deals.first_won"


def overview(actor: Actor, at: datetime, *, program_id: UUID | None = None) -> Overview:
    """The vendor's view of all onboarding. A known number of queries, whatever the number of plans."""
    plans = _plans(actor, program_id)
    runs = _runs(plans, at)
    running = [plan for plan in plans if plan.state == Plan.State.RUNNING]
    late = PlanTask.objects.filter(plan__in=[plan.pk for plan in running], state="open", level__state="open", due_at__lt=at)
    late_plans = set(late.values_list("plan_id", flat=True))
    stuck = {plan.pk for plan in running if plan.stuck_since}
    return Overview(
        running=len(running),
        on_track=len(running) - len(stuck | late_plans),
        stuck=len(stuck),
        overdue_tasks=late.count(),
        completed=sum(plan.state == Plan.State.COMPLETED for plan in plans),
        registration=time_to(run.registration for run in runs.values()),
        win=time_to(run.win for run in runs.values()),
        cohorts=_cohorts(runs, actor.time_zone, at),
        stuck_plans=tuple(row for row in stuck_plans(actor, at) if row.id in stuck),
    )


def _plans(actor: Actor, program_id: UUID | None) -> list[Plan]:
    if not actor.sees_all_partners:
        return []
    rows = policies.reach_plans(actor).order_by("started_at", "pk")
    return list(rows.filter(program=program_id) if program_id else rows)


def _runs(plans: list[Plan], at: datetime) -> dict[UUID, Run]:
    tasks: dict[UUID, list[tuple[bool, str, datetime | None]]] = {plan.pk: [] for plan in plans}
    for plan_id, *task in PlanTask.objects.filter(plan__in=list(tasks)).values_list("plan_id", "is_required", "state", "done_at"):
        tasks[plan_id].append(tuple(task))
    reached = _reached([plan.partner_id for plan in plans])
    return {plan.pk: _run(plan, tasks[plan.pk], reached, at) for plan in plans}


def _run(plan: Plan, tasks: list[tuple[bool, str, datetime | None]], reached: dict[tuple[UUID, str], datetime], at: datetime) -> Run:
    """A plan that was ended early stops waiting there: its partner left without the event."""
    end = plan.ended_at if plan.state == Plan.State.ENDED and plan.ended_at else at
    return Run(
        started_at=plan.started_at,
        state=plan.state,
        is_stuck=plan.stuck_since is not None,
        tasks=tasks,
        registration=wait(plan.started_at, reached.get((plan.partner_id, REGISTRATION)), end),
        win=wait(plan.started_at, reached.get((plan.partner_id, WON)), end),
    )


def _reached(partner_ids: list[UUID]) -> dict[tuple[UUID, str], datetime]:
    rows = ReachedMilestone.objects.filter(partner__in=partner_ids, code__in=(REGISTRATION, WON)).values_list("partner_id", "code", "reached_at")
    return {(partner_id, code): reached_at for partner_id, code, reached_at in rows}


def _cohorts(runs: dict[UUID, Run], zone: str, at: datetime) -> tuple[Cohort, ...]:
    months: dict[str, list[Run]] = {}
    for run in runs.values():
        months.setdefault(run.started_at.astimezone(ZoneInfo(zone)).strftime("%Y-%m"), []).append(run)
    return tuple(cohort(month, months[month], at) for month in sorted(months, reverse=True)[:MONTHS])
