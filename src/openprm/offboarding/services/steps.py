"""Working through the checklist: decide, run, finish. A step does all of it in one transaction, or says why nothing happened."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openprm.identity import services as identity
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Invalid, NotFound, Refusal, refuse_if
from openprm.kernel.events import publish
from openprm.offboarding import policies, rules
from openprm.offboarding.events import AccessEnded, ExportAsked, PartnerOffboarded, StepFailed
from openprm.offboarding.models import Offboarding, Step
from openprm.offboarding.ports import Outcome
from openprm.offboarding.queries.checklist import Defined, definition, definitions, plan_of
from openprm.offboarding.queries.terms import retention_days
from openprm.offboarding.rules import ACCESS, EXPORT, MEMBERSHIP, RETENTION
from openprm.offboarding.services import checks
from openprm.offboarding.services.unit import load, move, need, record, save
from openprm.partners import queries as partners
from openprm.partners import services as partner_services
from openprm.promises import queries as promise_queries
from openprm.promises import services as promises

GATE = {"source": "offboarding", "key": "leaving"}
CLOSED_ACTIONS = ("deals", "leads", "funds", "portal")
ITEMS_AT_MOST = 2000
CLOCKS_AT_ONCE = 500


class Undecided(Invalid):
    """A step that asks for a choice has none yet."""


class TooEarly(Conflict):
    """Another step comes first."""


def lay_out(row: Offboarding) -> None:
    """Write down the steps that this leaving has."""
    Step.objects.bulk_create(
        Step(offboarding=row, partner_id=row.partner_id, code=step.code, position=place) for place, step in enumerate(definitions(), start=1)
    )


def close_gates(actor: Actor, row: Offboarding, at: datetime) -> None:
    """Nothing new begins from the last day on; for cause, from now."""
    since = at if row.kind == "cause" else max(row.access_ends_at, at)
    reason, cure = _("The partnership ends."), _("Talk to your partner manager if you want to stay.")
    partner_services.close_gate(actor=actor, partner_id=row.partner_id, actions=CLOSED_ACTIONS, **GATE, reason=reason, cure=cure, since=since, at=at)


@transaction.atomic
def decide_step(
    *,
    actor: Actor,
    offboarding_id: UUID,
    code: str,
    choice: str,
    partner_id: UUID | None = None,
    items: Mapping[str, Mapping[str, Any]] | None = None,
    at: datetime,
) -> None:
    """Say how a step is settled: for everything, and for single items that differ. Runs nothing yet.

    Raises NotFound, NotAllowed, Invalid, NotNow.
    """
    row, step, defined = _step(actor, offboarding_id, code)
    usual = _decision(row, defined, "choice", choice, partner_id)
    known = {str(item.id) for item in defined.items(row.partner_id)} if defined.items and items else set()
    single = {key: _decision(row, defined, f"items.{key}", one.get("choice"), one.get("partner_id")) for key, one in (items or {}).items() if key in known}
    if len(single) > ITEMS_AT_MOST:
        raise Invalid(_("Decide at most %(most)d one by one.") % {"most": ITEMS_AT_MOST}, field="items")
    step.usual, step.items = usual, {key: one for key, one in single.items() if one != usual}
    step.save(update_fields=["usual", "items", "updated_at"])
    record(actor, "offboarding.step_decided", row, at=at, note=_("%(step)s: %(choice)s") % {"step": defined.label, "choice": _label(defined, choice)})


@transaction.atomic
def run_step(*, actor: Actor, offboarding_id: UUID, code: str, at: datetime) -> str:
    """Do one step and give its state. A refusal undoes the step, is kept beside it, and is told. Safe to repeat.

    Raises NotFound, NotAllowed, NotNow, Undecided.
    """
    row, step, defined = _step(actor, offboarding_id, code)
    left = defined.count(row.partner_id) if defined.count else 0
    if step.state in rules.SETTLED and not left:
        return step.state
    plan = plan_of(step)
    if defined.choices and left and plan.usual is None:
        raise Undecided(_("Choose first what happens with them."), field="choice")
    step.attempts += 1
    try:
        with transaction.atomic():
            outcome = defined.given.run(actor, row.partner_id, plan, at) if defined.given else _OWN[code](actor, row, at)
    except Refusal as refusal:
        return _failed(actor, row, step, defined, refusal.message, at)
    if outcome is None:
        return _started(step)
    settle(actor, row, step, defined, outcome, at)
    return step.state


def settle(actor: Actor, row: Offboarding, step: Step, defined: Defined, outcome: Outcome, at: datetime) -> None:
    """Write down that a step is done, and finish the leaving when it was the last."""
    step.state = Step.State.SKIPPED if outcome.skipped else Step.State.DONE
    step.note, step.settled_at, step.settled_by_id = outcome.note[:1000], at, actor.user_id
    step.save()
    record(actor, "offboarding.step_done", row, at=at, note=_("%(step)s: %(note)s") % {"step": defined.label, "note": step.note})
    _finish_if_done(actor, row, at)


def fail(actor: Actor, row: Offboarding, code: str, message: str, at: datetime) -> None:
    """Write down why a step that ran in the background did not work."""
    step, defined = row.steps.get(code=code), definition(code)
    assert defined is not None, "a step that ran is defined"
    _failed(actor, row, step, defined, message, at)


def ready_steps(*, offboarding_id: UUID) -> tuple[str, ...]:
    """The steps that can run by themselves once access has ended: all that are open and need no choice, or have theirs."""
    row = Offboarding.objects.filter(pk=offboarding_id, status="open", access_ended_at__isnull=False).first()
    if row is None:
        return ()
    open_steps = row.steps.exclude(state__in=[*rules.SETTLED, "running"]).exclude(code=ACCESS)
    return tuple(step.code for step in open_steps if _is_ready(step))


def _is_ready(step: Step) -> bool:
    defined = definition(step.code)
    if defined is None:
        return False
    return not defined.choices or bool(step.usual) or not (defined.count and defined.count(step.partner_id))


def end_due_access(*, at: datetime) -> list[UUID]:
    """The leavings whose chosen moment has come, for the job that ends each by itself."""
    rows = Offboarding.objects.filter(status="open", access_ended_at=None, access_ends_at__lte=at).order_by("access_ends_at", "id")
    return list(rows.values_list("pk", flat=True)[:200])


def _step(actor: Actor, offboarding_id: UUID, code: str) -> tuple[Any, Any, Defined]:
    row = load(actor, offboarding_id)
    refuse_if(policies.why_not_manage(actor))
    need(row, "open")
    step, defined = row.steps.filter(code=code).first(), definition(code)
    if step is None or defined is None:
        raise NotFound(_("There is no such step."))
    return row, step, defined


def _decision(row: Offboarding, defined: Defined, field: str, choice: Any, partner_id: Any) -> dict[str, str]:
    code = checks.choice(field, choice, [one.code for one in defined.choices])
    if not next(one for one in defined.choices if one.code == code).needs_partner:
        return {"choice": code}
    receiver = checks.row_id("partner_id" if field == "choice" else field, partner_id)
    _refuse_receiver(row, receiver, field)
    return {"choice": code, "partner_id": str(receiver)}


def _refuse_receiver(row: Offboarding, receiver: UUID, field: str) -> None:
    found = partners.partner(SYSTEM, receiver)
    if receiver == row.partner_id or found.status != "active":
        raise Invalid(_("Choose another partner that is active."), field="partner_id" if field == "choice" else field)


def _label(defined: Defined, choice: str) -> str:
    return str(next(one.label for one in defined.choices if one.code == choice))


def _failed(actor: Actor, row: Offboarding, step: Step, defined: Defined, message: str, at: datetime) -> str:
    step.state, step.note, step.settled_at = Step.State.FAILED, message[:1000] or _("It did not work."), None
    step.save()
    record(actor, "offboarding.step_failed", row, at=at, note=_("%(step)s: %(note)s") % {"step": defined.label, "note": step.note})
    publish(StepFailed(offboarding_id=row.pk, partner_id=row.partner_id, code=step.code, at=at))
    return step.state


def _started(step: Step) -> str:
    step.state, step.note = Step.State.RUNNING, ""
    step.save()
    return step.state


def _finish_if_done(actor: Actor, row: Offboarding, at: datetime) -> None:
    """The last step ends it, unless something came in after its step was done: then that step waits again."""
    states = [_recounted(step) for step in row.steps.all()]
    if not rules.is_finished(states) or row.access_ended_at is None:
        return
    before = row.snapshot()
    move(row, "done")
    row.finished_at = at
    save(row)
    record(actor, "offboarding.finished", row, before=before, at=at)
    publish(PartnerOffboarded(partner_id=row.partner_id, offboarding_id=row.pk, at=at))


def _recounted(step: Step) -> str:
    defined = definition(step.code)
    left = defined.count(step.partner_id) if defined and defined.count and step.state == Step.State.DONE else 0
    if left:
        step.state, step.settled_at = Step.State.WAITING, None
        step.note = ngettext("%(count)d came in meanwhile.", "%(count)d came in meanwhile.", left) % {"count": left}
        step.save()
    return step.state


def _begin_export(actor: Actor, row: Offboarding, at: datetime) -> None:
    publish(ExportAsked(offboarding_id=row.pk, partner_id=row.partner_id, at=at))


def _end_access(actor: Actor, row: Offboarding, at: datetime) -> Outcome:
    """Everything that lets anybody in, in this one transaction; then what follows by itself is queued with it."""
    before = row.snapshot()
    partner_services.leave(actor=actor, partner_id=row.partner_id, at=at, reason=row.reason[:500])
    closed = identity.close_ways_in(actor=actor, organization_id=row.partner_id, at=at)
    row.closed_memberships = [*dict.fromkeys([*row.closed_memberships, *closed.membership_ids])]
    row.access_ended_at = row.access_ended_at or at
    row.access_ends_at = min(row.access_ends_at, at)
    row.link_ends_at = row.access_ended_at + timedelta(days=retention_days("export"))
    save(row)
    close_gates(actor, row, at)
    record(actor, "offboarding.access_ended", row, before=before, at=at)
    publish(AccessEnded(offboarding_id=row.pk, partner_id=row.partner_id, at=at))
    said = {"people": len(closed.membership_ids), "tokens": closed.tokens, "sessions": closed.sessions, "invitations": closed.invitations}
    return Outcome(note=_("Ended: %(people)d people, %(tokens)d API tokens, %(sessions)d sessions, %(invitations)d invitations.") % said)


def _end_membership(actor: Actor, row: Offboarding, at: datetime) -> Outcome:
    ended = [one for one in partners.enrollments_of(actor, row.partner_id) if one.status == "approved"]
    for one in ended:
        partner_services.end_enrollment(actor=actor, partner_id=row.partner_id, program_id=one.program_id, at=at)
    row.ended_enrollments = [*row.ended_enrollments, *({"program_id": str(one.program_id), "tier_id": str(one.tier_id)} for one in ended)]
    save(row)
    said = {"programs": len(ended), "promises": _cancel_promises(row.partner_id, at)}
    return Outcome(note=_("Ended: %(programs)d memberships. Let go: %(promises)d running promises.") % said)


def _cancel_promises(partner_id: UUID, at: datetime) -> int:
    filters = promise_queries.ClockFilters(partner_id=partner_id, states=("running", "paused", "overdue"))
    clocks = promise_queries.clocks_after(SYSTEM, filters, after=None, limit=CLOCKS_AT_ONCE, at=at)
    return sum(promises.cancel(clock.subject_id, clock.code, at) is not None for clock in clocks)


def _start_retention(actor: Actor, row: Offboarding, at: datetime) -> Outcome:
    if row.access_ended_at is None:
        raise TooEarly(_("The retention time starts when access has ended."))
    before = row.snapshot()
    row.erase_at = rules.erased_from(row.access_ended_at, retention_days("people"))
    save(row)
    record(actor, "offboarding.retention_started", row, before=before, at=at)
    return Outcome(note=_("Names and addresses are kept until %(day)s.") % {"day": date_format(row.erase_at, "j M Y")})


_OWN: Mapping[str, Callable[[Actor, Any, datetime], Outcome | None]] = {
    EXPORT: _begin_export,
    ACCESS: _end_access,
    MEMBERSHIP: _end_membership,
    RETENTION: _start_retention,
}
