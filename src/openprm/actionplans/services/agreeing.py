"""Both sides sign the plan as it stands, and move it when the deal's date moves."""

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.actionplans import policies
from openprm.actionplans.events import PlanAgreed, PlanShifted, PlanSigned
from openprm.actionplans.models import Plan, SignOff, Step
from openprm.actionplans.queries.shapes import content_of
from openprm.actionplans.queries.shifting import moves_of
from openprm.actionplans.rules.words import State, Visibility
from openprm.actionplans.services.unit import as_system, check_version, day, load_plan, locked, record_plan, record_step, touch
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if
from openprm.kernel.events import publish


def sign_plan(*, actor: Actor, plan_id: UUID, revision: int | None = None, at: datetime) -> bool:
    """Agree to the plan as it stands, for the own side; gives whether both sides agree now. Signing twice is once.

    `revision` is the one that the person read: another one is refused. Raises NotFound, NotAllowed, Conflict."""
    refuse_if(policies.why_not_sign(actor, load_plan(actor, plan_id)))
    side = policies.side_of(actor)
    with as_system():
        plan = locked(plan_id)
        if revision is not None and revision != plan.revision:
            raise Conflict(_("The plan changed while you read it. Look at the changes, then agree."), code="plan_changed")
        shared = list(Step.objects.filter(plan=plan, visibility=Visibility.SHARED))
        if not shared:
            raise Conflict(_("There is nothing to agree to yet. Add the first step both sides see."))
        signed = set(SignOff.objects.filter(plan=plan, revision=plan.revision).values_list("side", flat=True))
        if side in signed:
            return len(signed) == 2
        row = SignOff.objects.create(
            plan=plan, partner_id=plan.partner_id, side=side, revision=plan.revision, content=content_of(plan, shared), by_id=actor.user_id,
            by_name=actor.name[:120], signed_at=at,
        )  # fmt: skip
        touch(plan, agreed=False)
        said = _("Revision %(number)d") % {"number": plan.revision}
        record_plan(actor, "actionplan.signed", plan, after={}, note=said, data={"revision": plan.revision, "side": row.side}, at=at)
        publish(PlanSigned(plan_id=plan.pk, partner_id=plan.partner_id, side=side.value, revision=plan.revision, actor_id=actor.user_id, at=at))
        if signed:
            _agreed(actor, plan, at)
        return bool(signed)


def _agreed(actor: Actor, plan: Plan, at: datetime) -> None:
    publish(
        PlanAgreed(
            plan_id=plan.pk,
            subject_kind=plan.subject_kind,
            subject_id=plan.subject_id,
            registration_id=plan.registration_id,
            partner_id=plan.partner_id,
            revision=plan.revision,
            actor_id=actor.user_id,
            at=at,
        )
    )


def shift_plan(*, actor: Actor, plan_id: UUID, close_date: date, move_steps: bool = True, version: int | None = None, at: datetime) -> int:
    """Let a plan end on another day and move its open steps by as many working days; gives how many shared steps moved.

    Private steps of both sides move along: the person is told of none but its own. `move_steps` off keeps every date.
    Raises NotFound, NotAllowed, Invalid, Stale.
    """
    refuse_if(policies.why_not_work(actor, load_plan(actor, plan_id)))
    close = day("close_date", close_date)
    with as_system():
        plan = locked(plan_id)
        check_version(plan, version)
        if close == plan.close_date:
            raise Invalid(_("The plan ends on that day already."), field="close_date")
        before, old = plan.snapshot(), plan.close_date
        steps = list(Step.objects.filter(plan=plan, state=State.OPEN)) if move_steps else []
        moved = _move(actor, plan, steps, close, at)
        plan.close_date = close
        plan.save(update_fields=["close_date", "updated_at"])
        touch(plan, agreed=True)
        record_plan(actor, "actionplan.shifted", plan, before=before, data={"steps_moved": moved}, at=at)
        publish(PlanShifted(plan_id=plan.pk, partner_id=plan.partner_id, before=old, after=close, moved=moved, actor_id=actor.user_id, at=at))
    return moved


def _move(actor: Actor, plan: Plan, steps: list[Step], close: date, at: datetime) -> int:
    by_id = {step.pk: step for step in steps}
    shared = 0
    for move in moves_of(plan, steps, close, at):
        step = by_id[move.step_id]
        step.plan, step.due_date, step.overdue_told_at = plan, move.after, None
        step.version += 1
        step.save(update_fields=["due_date", "overdue_told_at", "version", "updated_at"])
        shared += step.visibility == Visibility.SHARED
        if step.visibility == Visibility.PARTNER:
            record_step(actor, "moved", step, at=at)
    return shared
