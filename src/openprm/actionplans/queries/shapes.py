"""From rows to results: the pieces that several questions share."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from openprm.actionplans import policies, wording
from openprm.actionplans.models import Evidence, Plan, Step
from openprm.actionplans.queries.results import FileView, PlanRow, StepView
from openprm.actionplans.rules import agreement, order, standing
from openprm.actionplans.rules.words import State, Visibility
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.scope import system_scope


def names(user_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Names of people on both sides of one plan: each may know who owes it a step."""
    wanted = {user_id for user_id in user_ids if user_id}
    if not wanted:
        return {}
    with system_scope():
        return identity.names_of(wanted)


def files_by_step(actor: Actor, steps: Sequence[Step]) -> dict[UUID, list[Evidence]]:
    found: dict[UUID, list[Evidence]] = defaultdict(list)
    if steps:
        for row in policies.reach_evidence(actor).filter(step__in=[step.pk for step in steps]).order_by("created_at", "pk"):
            found[row.step_id].append(row)
    return found


class Drawn:
    """The steps that one viewer sees of one plan, with what waits for what worked out once."""

    def __init__(self, actor: Actor, plan: Plan, steps: Sequence[Step], today: date):
        self.actor, self.plan, self.today = actor, plan, today
        self.steps = sorted(steps, key=lambda step: (step.due_date, step.pk))
        self.titles = {step.pk: step.title for step in steps}
        self.waits = {step.pk: set(step.waits_for) & self.titles.keys() for step in steps}
        self.open = {step.pk for step in steps if step.state == State.OPEN}
        self.people = names(step.owner_id for step in steps)
        self.files = files_by_step(actor, steps)

    def views(self) -> tuple[StepView, ...]:
        return tuple(self._view(step) for step in self.steps)

    def _view(self, step: Step) -> StepView:
        step.plan = self.plan
        label, tone = wording.STATE[State(step.state)]
        late = standing.days_late(step, self.today)
        is_open = step.state == State.OPEN
        return StepView(
            id=step.pk,
            plan_id=step.plan_id,
            title=step.title,
            about=step.about,
            side=step.side,
            side_label=str(wording.SIDE[step.side]),
            owner_id=step.owner_id,
            owner=self.people.get(step.owner_id, "") if step.owner_id else "",
            customer_contact=step.customer_contact,
            visibility=step.visibility,
            is_private=step.visibility != Visibility.SHARED,
            due_date=step.due_date,
            days_late=late,
            is_soon=is_open and not late and step.due_date - self.today <= standing.SOON,
            is_mine=step.owner_id is not None and step.owner_id == self.actor.user_id,
            waits_for=tuple(other for other in step.waits_for if other in self.titles),
            waits_for_titles=self._titles(sorted(self.waits[step.pk])),
            blocked_by=self._titles(order.blockers(step.pk, self.waits, self.open)) if is_open else (),
            blocks=self._titles(order.blocked_by(step.pk, self.waits, self.open)) if is_open else (),
            state=step.state,
            state_label=str(label),
            state_tone=tone,
            reason=step.reason,
            evidence_note=step.evidence_note,
            done_at=step.done_at,
            done_by=step.done_by_name,
            files=tuple(self._file(row, step) for row in self.files.get(step.pk, ())),
            can_change=policies.why_not_change(self.actor, step) is None,
            can_finish=policies.why_not_finish(self.actor, step) is None,
            can_reopen=policies.why_not_reopen(self.actor, step) is None,
            can_remove=policies.why_not_remove(self.actor, step) is None,
            can_share=policies.why_not_share(self.actor, step) is None,
            version=step.version,
        )

    def _titles(self, ids: Iterable[UUID]) -> tuple[str, ...]:
        return tuple(self.titles[step_id] for step_id in ids)

    def _file(self, row: Evidence, step: Step) -> FileView:
        can_remove = row.author_id == self.actor.user_id and policies.why_not_change(self.actor, step) is None
        return FileView(
            id=row.pk, name=row.name, content_type=row.content_type, size=row.size, author=row.author_name, at=row.created_at, can_remove=can_remove
        )


def plan_values(plan: Plan, shared: Sequence[Step], signed: Sequence[agreement.Signed], *, partner: str, today: date) -> dict[str, Any]:
    """The columns of a row, from the shared steps alone: both sides read the same."""
    found = standing.standing(shared, close=plan.close_date, today=today)
    far = standing.progress(shared)
    label, tone = wording.HEALTH[found.health]
    state = agreement.state(signed, plan.revision)
    said, colour = wording.AGREEMENT[state]
    following = min((step for step in shared if step.state == State.OPEN), key=lambda step: (step.due_date, step.pk), default=None)
    titles = {step.pk: step.title for step in shared}
    return {
        "id": plan.pk,
        "number": plan.number,
        "title": plan.title,
        "customer": plan.customer,
        "partner_id": plan.partner_id,
        "partner": partner,
        "subject_kind": plan.subject_kind,
        "subject_id": plan.subject_id,
        "registration_id": plan.registration_id,
        "state": plan.state,
        "health": found.health.value,
        "health_label": str(label),
        "health_tone": tone,
        "health_reason": wording.health_reason(found, titles.get(found.step_id, "") if found.step_id else ""),
        "agreement": state,
        "agreement_label": str(said),
        "agreement_tone": colour,
        "done": far.done,
        "total": far.total,
        "percent": far.percent,
        "late": sum(standing.days_late(step, today) > 0 for step in shared),
        "next_title": following.title if following else "",
        "next_due": following.due_date if following else None,
        "close_date": plan.close_date,
        "started_at": plan.started_at,
        "revision": plan.revision,
        "version": plan.version,
    }


def plan_row(plan: Plan, shared: Sequence[Step], signed: Sequence[agreement.Signed], *, partner: str, today: date) -> PlanRow:
    return PlanRow(**plan_values(plan, shared, signed, partner=partner, today=today))


def content_of(plan: Plan, steps: Iterable[Step]) -> Mapping[str, Any]:
    """The shared plan as plain values: what a signature is put under. People are ids, so that a name can be forgotten."""
    return {"close_date": plan.close_date.isoformat(), "steps": {str(step.pk): _signed(step) for step in steps if step.visibility == Visibility.SHARED}}


def _signed(step: Step) -> dict[str, Any]:
    return {
        "title": step.title,
        "about": step.about,
        "side": step.side,
        "owner": str(step.owner_id or ""),
        "customer_contact": step.customer_contact,
        "due_date": step.due_date.isoformat(),
        "waits_for": sorted(map(str, step.waits_for)),
        "skipped": step.state == State.SKIPPED,
    }
