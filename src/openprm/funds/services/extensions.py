"""A later deadline: the partner asks, the vendor answers, and the deadline moves or stays. Never silently."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.funds import proof_policies as policies
from openprm.funds.models import Activity, Allocation, Extension
from openprm.funds.proof_events import ExtensionAnswered, ExtensionAsked
from openprm.funds.queries.judging import deadline_of
from openprm.funds.services.unit import as_system, load, record, save, text
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if, refused_by
from openprm.kernel.events import publish
from openprm.promises import services as promises

PROMISE = "funds.extension"
LONGEST = timedelta(days=366)
State = Extension.State


def ask_extension(*, actor: Actor, until: date, reason: str, activity_id: UUID | None = None, allocation_id: UUID | None = None, at: datetime) -> UUID:
    """Ask for a later day to claim an activity, or to plan what is left of a fund. One question at a time.

    Raises NotFound, NotAllowed, Invalid, Conflict.
    """
    about, ends_on = _about(actor, activity_id, allocation_id)
    refuse_if(policies.why_not_extend(actor, about.partner_id))
    _check_day(until, ends_on, at)
    clean = text("reason", reason, longest=2000, lines=True)
    taken = Conflict(_("You asked for a later deadline already. Wait for the answer, or take your question back."))
    with as_system(actor):
        row = Extension(
            partner_id=about.partner_id, activity_id=activity_id, allocation_id=allocation_id, ends_on=ends_on, asked_until=until, reason=clean, asked_at=at,
            asked_by_id=actor.user_id,
        )  # fmt: skip
        with refused_by("one_open_extension_per_activity", taken), refused_by("one_open_extension_per_allocation", taken):
            row.save(force_insert=True)
        promises.start(actor=SYSTEM, code=PROMISE, subject=row, partner_id=row.partner_id, refs=_refs(row), at=at)
        record(actor, "fund_extension.asked", row, after={"asked_until": until.isoformat(), "reason": clean}, refs=_refs(row), at=at)
        publish(ExtensionAsked(extension_id=row.pk, partner_id=row.partner_id, actor_id=actor.user_id, at=at))
        return row.pk


def _about(actor: Actor, activity_id: UUID | None, allocation_id: UUID | None) -> tuple[Any, date]:
    """The activity or fund that is asked about, with its deadline. Raises NotFound, Conflict, Invalid."""
    if bool(activity_id) == bool(allocation_id):
        raise Invalid(_("Say which deadline: of one activity, or of one fund."))
    if allocation_id:
        fund: Allocation = policies.reach_allocations(actor).one(allocation_id)
        if fund.plan_by is None or fund.is_closed:
            raise Conflict(_("This fund has no deadline to plan it by."))
        return fund, fund.plan_by
    row: Activity = policies.reach_activities(actor).select_related("activity_type").one(activity_id)
    if row.status != "approved":
        raise Conflict(_("Only an approved activity has a deadline to move."))
    return row, deadline_of(row)


def _check_day(until: date, ends_on: date, at: datetime) -> None:
    if until <= ends_on or until < at.date():
        raise Invalid(_("Choose a day after %(day)s that is still to come.") % {"day": ends_on.isoformat()}, field="until")
    if until > max(ends_on, at.date()) + LONGEST:
        raise Invalid(_("A deadline moves by a year at most."), field="until")


def _refs(row: Extension) -> tuple[UUID, ...]:
    request_id = Activity.objects.filter(pk=row.activity_id).values_list("request_id", flat=True).first() if row.activity_id else None
    return tuple(filter(None, (row.pk, row.partner_id, row.activity_id, row.allocation_id, request_id)))


def answer_extension(
    *, actor: Actor, extension_id: UUID, grant: bool, answer: str, until: date | None = None, version: int | None = None, at: datetime
) -> None:
    """Move the deadline to the day that was asked for or another one, or refuse with a reason. Raises NotFound, NotAllowed, Invalid, Conflict, Stale."""
    policies.reach_extensions(actor).one(extension_id)
    with as_system(actor):
        row = load(Extension.objects, extension_id, version)
        refuse_if(policies.why_not_answer(actor, row))
        row.answer = text("answer", answer, longest=2000, required=not grant, lines=True)
        before = row.snapshot()
        if grant:
            row.granted_until = until or row.asked_until
            _check_day(row.granted_until, row.ends_on, at)
            _move(row)
        row.state, row.decided_at, row.decided_by_id = State.GRANTED if grant else State.REFUSED, at, actor.user_id
        save(row, "answer", "granted_until", "state", "decided_at", "decided_by")
        _close(actor, row, "granted" if grant else "refused", before, at)


def _move(row: Extension) -> None:
    if row.allocation_id:
        fund = load(Allocation.objects, row.allocation_id)
        if row.granted_until > fund.ends_on:
            raise Invalid(_("The fund itself ends on %(day)s. Choose a day until then, or extend the fund.") % {"day": fund.ends_on.isoformat()}, field="until")
        fund.plan_by, fund.warned_days = row.granted_until, 0
        save(fund, "plan_by", "warned_days")
        return
    activity = Activity.objects.locked().one(row.activity_id)
    if activity.status != "approved":
        raise Conflict(_("This activity is over: its deadline cannot move any more."))
    activity.claim_by, activity.warned_days = row.granted_until, 0
    activity.save(update_fields=["claim_by", "warned_days", "updated_at"])


def withdraw_extension(*, actor: Actor, extension_id: UUID, at: datetime) -> None:
    """Take the question back. Raises NotFound, NotAllowed, Conflict."""
    row = policies.reach_extensions(actor).one(extension_id)
    refuse_if(policies.why_not_extend(actor, row.partner_id))
    with as_system(actor):
        row = load(Extension.objects, extension_id)
        if row.state != State.OPEN:
            raise Conflict(_("This question is answered already."))
        before = row.snapshot()
        row.state = State.WITHDRAWN
        save(row, "state")
        record(actor, "fund_extension.withdrawn", row, before=before, refs=_refs(row), at=at)
        promises.cancel(subject_id=row.pk, code=PROMISE, at=at)


def _close(actor: Actor, row: Extension, verb: str, before: dict[str, Any], at: datetime) -> None:
    record(actor, f"fund_extension.{verb}", row, before=before, note=row.answer, refs=_refs(row), at=at)
    promises.keep(subject_id=row.pk, code=PROMISE, at=at)
    publish(ExtensionAnswered(extension_id=row.pk, partner_id=row.partner_id, state=str(row.state), actor_id=actor.user_id, at=at))
