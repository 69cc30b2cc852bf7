"""A plan begins, with a template or empty, and ends with its deal."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.actionplans import policies, queries
from openprm.actionplans.events import PlanStarted
from openprm.actionplans.models import Plan, Step, TemplateVersion
from openprm.actionplans.ports import Subject
from openprm.actionplans.queries import days
from openprm.actionplans.queries.plans import owners_of
from openprm.actionplans.queries.subjects import REGISTRATION
from openprm.actionplans.rules import schedule
from openprm.actionplans.rules.content import Content
from openprm.actionplans.rules.words import Side, Visibility
from openprm.actionplans.services.unit import as_system, check_version, day, line, load_plan, locked, record_plan, touch
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if, refused_by
from openprm.kernel.events import publish
from openprm.kernel.ids import new_id
from openprm.partners import queries as partners


class PlanExists(Conflict):
    """One running plan for one deal and one partner."""


def start_plan(
    *,
    actor: Actor,
    subject_id: UUID,
    subject_kind: str = REGISTRATION,
    partner_id: UUID | None = None,
    template_id: UUID | None = None,
    close_date: date | None = None,
    title: str = "",
    at: datetime,
) -> UUID:
    """Begin the mutual plan of a deal: the steps of a template, counted back from the close date, or none. Gives its id.

    Raises NotFound, NotAllowed, Invalid, PlanExists.
    """
    refuse_if(policies.why_not_start(actor))
    found = queries.subject(actor, subject_kind, subject_id)
    if not found.is_open:
        raise Conflict(_("%(number)s is closed. A plan is for a deal that is still to be won.") % {"number": found.number})
    partner = _partner(actor, found, partner_id)
    close = day("close_date", close_date or found.close_date)
    content = _content(actor, template_id, found.program_id)
    plan = Plan(
        id=new_id(),
        partner_id=partner,
        subject_kind=subject_kind,
        subject_id=found.id,
        registration_id=found.id if subject_kind == REGISTRATION else None,
        account_id=found.account_id,
        program_id=found.program_id,
        number=found.number[:40],
        title=line("title", title or found.title, longest=160),
        customer=found.customer[:200],
        close_date=close,
        started_at=at,
        started_by_id=actor.user_id,
    )
    with as_system():
        plan.template_version_id = _version(template_id)
        refusal = PlanExists(_("%(number)s has a running plan already. Open it, or end it first.") % {"number": found.number})
        with refused_by("one_running_action_plan_per_subject", refusal):
            plan.save(force_insert=True)
        _make_steps(plan, content, _owners(actor, found, partner), at)
        record_plan(actor, "actionplan.started", plan, note=plan.title, at=at)
        publish(
            PlanStarted(
                plan_id=plan.pk,
                subject_kind=subject_kind,
                subject_id=found.id,
                registration_id=plan.registration_id,
                partner_id=partner,
                actor_id=actor.user_id,
                at=at,
            )
        )
    return plan.pk


def _partner(actor: Actor, found: Subject, partner_id: UUID | None) -> UUID:
    """With whom the vendor holds the plan: a partner always its own."""
    wanted = actor.partner_id if actor.is_partner else partner_id or (found.partner_ids[0] if len(found.partner_ids) == 1 else None)
    if wanted not in found.partner_ids:
        raise Invalid(_("Choose the partner that this plan is made with."), field="partner_id")
    return wanted


def _content(actor: Actor, template_id: UUID | None, program_id: UUID | None) -> Content:
    if template_id is None:
        return Content()
    found = queries.content_for(actor, template_id, program_id)
    if found is None:
        raise Invalid(_("Choose a template that is in use and fits the program of the deal."), field="template_id")
    return found


def _version(template_id: UUID | None) -> UUID | None:
    if template_id is None:
        return None
    return TemplateVersion.objects.get(template=template_id, state=TemplateVersion.State.PUBLISHED).pk


def _owners(actor: Actor, found: Subject, partner_id: UUID) -> Mapping[Side, UUID | None]:
    """Who begins with the steps of either side: whoever starts the plan, else the one who answers for the deal."""
    may = owners_of(partner_id)
    mine = policies.side_of(actor)
    known = {
        Side.VENDOR: found.owner_ids.get("vendor") or partners.manager_of(partner_id),
        Side.PARTNER: found.owner_ids.get("partner"),
    }
    wanted = {**known, mine: actor.user_id if not actor.is_system else known[mine]}
    return {side: user_id if user_id in may[side] else known[side] if known[side] in may[side] else None for side, user_id in wanted.items()}


def _make_steps(plan: Plan, content: Content, owners: Mapping[Side, UUID | None], at: datetime) -> None:
    calendar, today = days.calendar(at), days.today(at)
    ids = {step.key: new_id() for step in content.steps}
    Step.objects.bulk_create(
        Step(
            id=ids[step.key],
            plan=plan,
            partner_id=plan.partner_id,
            title=step.title,
            about=step.about,
            side=step.side.value,
            owner_id=owners.get(step.side),
            visibility=Visibility.SHARED,
            due_date=schedule.due_before(calendar, plan.close_date, step.days_before, today=today),
            waits_for=[ids[key] for key in step.waits_for],
            added_side=Side.VENDOR,
        )
        for step in content.steps
    )


def end_plan(*, actor: Actor, plan_id: UUID, reason: str, version: int | None = None, at: datetime) -> None:
    """Stop working by a plan; what was done stays readable. Raises NotFound, NotAllowed, Invalid, Stale."""
    refuse_if(policies.why_not_end(actor, load_plan(actor, plan_id)))
    with as_system():
        plan = locked(plan_id)
        check_version(plan, version)
        _end(actor, plan, line("reason", reason, longest=500), at)


def _end(actor: Actor, plan: Plan, reason: str, at: datetime) -> None:
    before: dict[str, Any] = plan.snapshot()
    plan.state, plan.ended_at, plan.ended_reason = Plan.State.ENDED, at, reason
    plan.save(update_fields=["state", "ended_at", "ended_reason", "updated_at"])
    touch(plan, agreed=False)
    record_plan(actor, "actionplan.ended", plan, before=before, note=reason, at=at)


def end_with_deal(*, registration_id: UUID, reason: str, at: datetime) -> int:
    """The deal is over, so is its plan; gives how many plans ended. Runs in the system's scope, twice is once."""
    plans = list(Plan.objects.filter(registration=registration_id, state=Plan.State.RUNNING).locked())
    for plan in plans:
        _end(SYSTEM, plan, reason, at)
    return len(plans)
