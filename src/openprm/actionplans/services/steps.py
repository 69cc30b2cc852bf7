"""Steps: added, changed, done, skipped, opened again, shared, removed."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.actionplans import policies
from openprm.actionplans.events import StepAssigned, StepFinished
from openprm.actionplans.models import Plan, Step
from openprm.actionplans.queries.plans import owners_of
from openprm.actionplans.rules import order
from openprm.actionplans.rules.words import Side, State, Visibility
from openprm.actionplans.services.bytes import forget_files
from openprm.actionplans.services.unit import as_system, check_version, day, line, load_plan, locked, record_step, text, touch
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if
from openprm.kernel.events import publish

MOST_STEPS = 100
MOST_BLOCKERS = 20


class StepBlocked(Conflict):
    """The step waits for others that are still open."""


@contextmanager
def working(actor: Actor, step_id: UUID, why_not: Any, version: int | None = None) -> Iterator[Step]:
    """The step, allowed for this actor, with its plan locked."""
    plan_id = policies.reach_steps(actor).one(step_id).plan_id
    with as_system():
        plan = locked(plan_id)
        step = Step.objects.one(step_id)
        step.plan = plan
        refuse_if(why_not(actor, step))
        check_version(step, version)
        yield step


def add_step(
    *,
    actor: Actor,
    plan_id: UUID,
    title: str,
    side: str,
    due_date: date,
    about: str = "",
    owner_id: UUID | None = None,
    customer_contact: str = "",
    private: bool = False,
    waits_for: Collection[UUID] = (),
    at: datetime,
) -> UUID:
    """Put a step on a plan, for both sides or for the own one alone. Raises NotFound, NotAllowed, Invalid, Conflict."""
    mine = policies.side_of(actor)
    given = {"title": title, "side": side, "due_date": due_date, "about": about, "owner_id": owner_id, "customer_contact": customer_contact}
    plan = load_plan(actor, plan_id)
    refuse_if(policies.why_not_work(actor, plan))
    with as_system():
        plan = locked(plan_id)
        refuse_if(policies.why_not_work(actor, plan))
        step = Step(plan=plan, partner_id=plan.partner_id, added_side=mine, visibility=mine.value if private else Visibility.SHARED)
        _refuse_full(plan, step)
        _fill(step, given)
        _wait(step, waits_for)
        step.save(force_insert=True)
        _told(actor, "added", step, agreed=True, at=at)
        _assigned(actor, step, at)
    return step.pk


def _refuse_full(plan: Plan, step: Step) -> None:
    """Counted among the steps that the person sees, so that the answer says nothing about the other side's."""
    seen = (Visibility.SHARED, step.visibility)
    if Step.objects.filter(plan=plan, visibility__in=seen).count() >= MOST_STEPS:
        raise Conflict(_("A plan holds at most %(most)d steps. Skip or remove one first.") % {"most": MOST_STEPS})


READERS: Mapping[str, Any] = {
    "title": lambda value: line("title", value, longest=160),
    "about": lambda value: text("about", value, longest=1500, required=False),
    "side": lambda value: _side(value),
    "due_date": lambda value: day("due_date", value),
    "owner_id": lambda value: value,
    "customer_contact": lambda value: line("customer_contact", value, longest=120, required=False),
}


def _fill(step: Step, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(step, name, READERS[name](value))
    _refuse_owner(step)
    names_who = {"side", "customer_contact"} & set(values)  # a template knows the customer's step before anybody knows the person
    if names_who and step.side == Side.CUSTOMER and not step.customer_contact:
        raise Invalid(_("Name the person at the customer who does this step."), field="customer_contact", code="required")


def _side(value: Any) -> str:
    if value not in set(Side):
        raise Invalid(_("Choose vendor, partner or customer."), field="side")
    return str(Side(value))


def _refuse_owner(step: Step) -> None:
    """An owner belongs to the side that does the step; a step of the customer is followed by either. A private one stays at home."""
    if step.owner_id is None:
        return
    sides = owners_of(step.partner_id)
    allowed = sides[Side.VENDOR] | sides[Side.PARTNER] if step.side == Side.CUSTOMER else sides[Side(step.side)]
    if step.visibility != Visibility.SHARED:
        allowed &= sides[Side(step.visibility)]
    if step.owner_id not in allowed:
        raise Invalid(_("Choose a person of the side that does the step."), field="owner_id")


def _wait(step: Step, waits_for: Collection[UUID]) -> None:
    """Set what a step waits for. A shared step waits for shared ones only: its state would tell of the others. No circles."""
    wanted = list(dict.fromkeys(waits_for))
    if len(wanted) > MOST_BLOCKERS:
        raise Invalid(_("A step waits for at most %(most)d others.") % {"most": MOST_BLOCKERS}, field="waits_for")
    others = {row.pk: row for row in Step.objects.filter(plan=step.plan)}
    seen = {Visibility.SHARED, Visibility(step.visibility)} if step.visibility != Visibility.SHARED else {Visibility.SHARED}
    if any(one not in others or others[one].visibility not in seen for one in wanted):
        raise Invalid(_("Choose steps of this plan that everybody sees who sees this one."), field="waits_for")
    waits = {row.pk: tuple(row.waits_for) for row in others.values()} | {step.pk: tuple(wanted)}
    if path := order.cycle(waits):
        titles = {row.pk: row.title for row in others.values()} | {step.pk: step.title}
        way = " → ".join(titles[one] for one in path)
        raise Invalid(_("These steps would wait for each other in a circle: %(way)s.") % {"way": way}, field="waits_for", code="circle")
    step.waits_for = wanted


def _told(actor: Actor, verb: str, step: Step, *, agreed: bool, at: datetime, **more: Any) -> None:
    """Write it down; a shared change moves the plan, a private one leaves no trace in it."""
    if step.visibility == Visibility.SHARED:
        touch(step.plan, agreed=agreed)
    record_step(actor, verb, step, at=at, **more)


def _assigned(actor: Actor, step: Step, at: datetime) -> None:
    if step.owner_id and step.owner_id != actor.user_id:
        publish(StepAssigned(step_id=step.pk, plan_id=step.plan_id, owner_id=step.owner_id, actor_id=actor.user_id, at=at))


def change_step(*, actor: Actor, step_id: UUID, values: Mapping[str, Any], version: int | None = None, at: datetime) -> None:
    """Change an open step: title, about, side, due_date, owner_id, customer_contact, waits_for. Both sides may change what both see;
    it shows as a change since the plan was agreed. Raises NotFound, NotAllowed, Invalid, Stale."""
    if unknown := set(values) - {*READERS, "waits_for"}:
        raise Invalid(_("A step has no such field."), field=sorted(unknown)[0][:40])
    with working(actor, step_id, policies.why_not_change, version) as step:
        before, owner, due = step.snapshot(), step.owner_id, step.due_date
        _fill(step, {name: value for name, value in values.items() if name in READERS})
        if "waits_for" in values:
            _wait(step, values["waits_for"])
        if step.snapshot() == before:
            return
        if step.due_date != due:
            step.overdue_told_at = None
        _save(step)
        _told(actor, "changed", step, agreed=True, before=before, at=at)
        if step.owner_id != owner:
            _assigned(actor, step, at)


def _save(step: Step) -> None:
    step.version += 1
    step.save()


def finish_step(*, actor: Actor, step_id: UUID, note: str = "", version: int | None = None, at: datetime) -> None:
    """Say that a step is done, with a note that shows it. Raises NotFound, NotAllowed, Invalid, StepBlocked, Stale."""
    with working(actor, step_id, policies.why_not_finish, version) as step:
        _refuse_blocked(step)
        step.evidence_note = text("note", note, longest=2000, required=False) or step.evidence_note
        _close(actor, step, State.DONE, at)
        _told(actor, "done", step, agreed=False, after={}, note=step.title, at=at)


def _refuse_blocked(step: Step) -> None:
    waiting = Step.objects.filter(plan=step.plan, pk__in=step.waits_for, state=State.OPEN).order_by("due_date", "pk")
    if titles := [row.title for row in waiting]:
        listed = ", ".join(f"“{title}”" for title in titles)
        raise StepBlocked(_("This step waits for %(steps)s. Finish or skip that first.") % {"steps": listed})


def _close(actor: Actor, step: Step, state: State, at: datetime) -> None:
    step.state, step.done_at, step.done_by_id, step.done_by_name = state, at, actor.user_id, actor.name[:120]
    _save(step)
    publish(StepFinished(step_id=step.pk, plan_id=step.plan_id, partner_id=step.partner_id, state=state.value, actor_id=actor.user_id, at=at))


def skip_step(*, actor: Actor, step_id: UUID, reason: str, version: int | None = None, at: datetime) -> None:
    """Let a step go, with a reason that everybody reads who sees it. Raises NotFound, NotAllowed, Invalid, Stale."""
    with working(actor, step_id, policies.why_not_finish, version) as step:
        before = step.snapshot()
        step.reason = line("reason", reason, longest=500)
        _close(actor, step, State.SKIPPED, at)
        _told(actor, "skipped", step, agreed=True, before=before, note=f"{step.title}: {step.reason}", at=at)


def reopen_step(*, actor: Actor, step_id: UUID, version: int | None = None, at: datetime) -> None:
    """Take back that a step is done or skipped. Raises NotFound, NotAllowed, Stale."""
    with working(actor, step_id, policies.why_not_reopen, version) as step:
        before, was_skipped = step.snapshot(), step.state == State.SKIPPED
        step.state, step.done_at, step.done_by_id, step.done_by_name, step.reason = State.OPEN, None, None, "", ""
        step.overdue_told_at = None
        _save(step)
        _told(actor, "reopened", step, agreed=was_skipped, before=before, at=at)


def share_step(*, actor: Actor, step_id: UUID, version: int | None = None, at: datetime) -> None:
    """Show a private step to the other side; there is no way back. Raises NotFound, NotAllowed, Conflict, Stale."""
    with working(actor, step_id, policies.why_not_share, version) as step:
        if Step.objects.filter(plan=step.plan, pk__in=step.waits_for).exclude(visibility=Visibility.SHARED).exists():
            raise Conflict(_("“%(title)s” waits for a step that only your side sees. Share that one first.") % {"title": step.title})
        step.visibility = Visibility.SHARED
        _save(step)
        step.files.update(visibility=Visibility.SHARED)
        _told(actor, "shared", step, agreed=True, at=at)


def remove_step(*, actor: Actor, step_id: UUID, at: datetime) -> None:
    """Take a private step away with its files. Raises NotFound, NotAllowed, Conflict."""
    with working(actor, step_id, policies.why_not_remove) as step:
        if Step.objects.filter(plan=step.plan, waits_for__contains=[step.pk]).exists():
            raise Conflict(_("Another step waits for “%(title)s”. Take that link away first.") % {"title": step.title})
        record_step(actor, "removed", step, after={}, at=at)
        forget_files(step)
        step.delete()
