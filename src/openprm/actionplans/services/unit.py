"""What every use case here shares: writes as the system, checked texts, versions, the record on the right side."""

from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.actionplans import policies
from openprm.actionplans.models import Plan, PrivateEntry, Step
from openprm.actionplans.rules.words import Visibility
from openprm.audit import services as audit
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Invalid, Stale
from openprm.kernel.models import Model
from openprm.kernel.scope import scope

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)


def as_system() -> AbstractContextManager[Any]:
    """Writes run as the system, after a policy has allowed them: neither side's role may write, and the vendor's may not even read
    what is private to the partner."""
    return scope(SYSTEM)


def line(field: str, value: Any, *, longest: int, required: bool = True) -> str:
    """One line of printable text. Raises Invalid naming the field."""
    return _checked(field, " ".join("".join(sign if sign.isprintable() else " " for sign in str(value or "")).split()), longest, required)


def text(field: str, value: Any, *, longest: int, required: bool = True) -> str:
    """Several lines of printable text. Raises Invalid naming the field."""
    return _checked(field, "".join(sign for sign in str(value or "").replace("\r\n", "\n") if sign.isprintable() or sign in "\n\t").strip(), longest, required)


def _checked(field: str, clean: str, longest: int, required: bool) -> str:
    if required and not clean:
        raise Invalid(_("Write something first."), field=field, code="required")
    if len(clean) > longest:
        raise Invalid(_("This is longer than %(longest)d characters. Shorten it.") % {"longest": longest}, field=field)
    return clean


def day(field: str, value: date | None) -> date:
    if value is None:
        raise Invalid(_("Choose a day."), field=field, code="required")
    if not EARLIEST <= value <= LATEST:
        raise Invalid(_("Choose a day between 2000 and 2100."), field=field)
    return value


def check_version(row: Any, version: int | None) -> None:
    if version is not None and version != row.version:
        raise Stale()


def load_plan(actor: Actor, plan_id: UUID) -> Plan:
    """The plan for this actor; lock it with `locked` inside as_system before changing it. Raises NotFound."""
    return policies.reach_plans(actor).one(plan_id)


def locked(plan_id: UUID) -> Plan:
    """The plan, locked: two people who change two steps wait for each other. Runs in the system's scope."""
    return Plan.objects.locked().one(plan_id)


def touch(plan: Plan, *, agreed: bool) -> None:
    """A shared change. `agreed` when it changes what people signed: then the plan is another revision."""
    plan.version += 1
    plan.revision += agreed
    plan.save(update_fields=["version", "revision", "updated_at"])


def record_plan(actor: Actor, verb: str, plan: Plan, *, at: datetime, **more: Any) -> None:
    """One event on the timelines of the plan, the deal, the partner and the customer, for both sides."""
    audit.record(actor, verb, plan, refs=_refs(plan), visible_to=(plan.partner_id,), at=at, **more)


def _refs(plan: Plan) -> tuple[UUID, ...]:
    return tuple(found for found in (plan.pk, plan.subject_id, plan.partner_id, plan.account_id) if found)


def record_step(actor: Actor, verb: str, step: Step, *, at: datetime, subject: Model | None = None, note: str = "", **more: Any) -> None:
    """One event about a step, where its side can read it and the other cannot: a shared one and one of the vendor's in the audit log
    (that one is not shown to the partner), one of the partner's in the partner's own list."""
    plan = step.plan
    if step.visibility == Visibility.PARTNER:
        PrivateEntry.objects.create(
            plan=plan,
            partner_id=plan.partner_id,
            step_id=step.pk,
            verb=verb,
            note=(note or step.title)[:2000],
            by_id=actor.user_id,
            by_name=actor.name[:120],
            at=at,
        )
        return
    shown = (plan.partner_id,) if step.visibility == Visibility.SHARED else ()
    audit.record(
        actor, f"actionplan.step_{verb}", subject or step, refs=(step.pk, *_refs(plan)), visible_to=shown, note=note or step.title, at=at, **more
    )  # fmt: skip
