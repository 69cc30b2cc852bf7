"""What a plan would look like: after its close date moved, or made from a template."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from openprm.actionplans import policies, wording
from openprm.actionplans.models import Plan, Step
from openprm.actionplans.queries import days
from openprm.actionplans.queries.results import Proposed, ShiftedStep, ShiftPreview
from openprm.actionplans.rules import schedule
from openprm.actionplans.rules.content import Content
from openprm.actionplans.rules.words import State, Visibility
from openprm.kernel.actor import Actor


def shift_preview(actor: Actor, plan_id: UUID, close: date, at: datetime) -> ShiftPreview:
    """What moves for this viewer when the plan is to end on another day. Nothing is changed. Raises NotFound."""
    plan = policies.reach_plans(actor).one(plan_id)
    steps = list(policies.reach_steps(actor).filter(plan=plan, state=State.OPEN).order_by("due_date", "pk"))
    found = {move.step_id: move for move in moves_of(plan, steps, close, at)}
    calendar = days.calendar(at)
    by = schedule.working_days_between(calendar, schedule.working_day_before(calendar, plan.close_date), schedule.working_day_before(calendar, close))
    return ShiftPreview(
        plan_id=plan.pk,
        before=plan.close_date,
        after=close,
        working_days=by,
        steps=tuple(_shifted(step, found[step.pk]) for step in steps if step.pk in found),
        unmoved=len(steps) - len(found),
        version=plan.version,
    )


def moves_of(plan: Plan, steps: Sequence[Step], close: date, at: datetime) -> tuple[schedule.Move, ...]:
    dated = [(step.pk, step.due_date) for step in steps]
    return schedule.moves(days.calendar(at), dated, old=plan.close_date, new=close, today=days.today(at))


def _shifted(step: Step, move: schedule.Move) -> ShiftedStep:
    return ShiftedStep(
        id=step.pk,
        title=step.title,
        side_label=str(wording.SIDE[step.side]),
        is_private=step.visibility != Visibility.SHARED,
        before=move.before,
        after=move.after,
        held=move.held,
    )


def proposed(content: Content, close: date, at: datetime) -> tuple[Proposed, ...]:
    """The steps that a template would make for a close date, in order. `is_early` says that today kept one from lying earlier."""
    calendar, today = days.calendar(at), days.today(at)
    found = [(schedule.due_before(calendar, close, step.days_before, today=today), step) for step in content.steps]
    return tuple(
        Proposed(
            title=step.title,
            side_label=str(wording.SIDE[step.side]),
            due_date=due,
            days_before=step.days_before,
            is_early=due != schedule.shifted(calendar, close, -step.days_before),
        )
        for due, step in sorted(found, key=lambda pair: (pair[0], -pair[1].days_before))
    )
