"""Writing plans: begin one, say its terms, publish them with notice, end it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.audit import queries as audit_queries
from openprm.audit import services as audit
from openprm.incentives import policies, queries
from openprm.incentives.events import PlanEnded, PlanPublished
from openprm.incentives.models import ONE_CODE, Plan
from openprm.incentives.rulekinds import PLAN, why_ended
from openprm.incentives.rules.draft import TermsDraft, table_from
from openprm.incentives.rules.model import KINDS
from openprm.incentives.rules.notice import earliest_start, why_too_soon
from openprm.incentives.services.unit import choice, for_rulebook, load, save, text
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Invalid, Problem, refuse_if, refused_by
from openprm.kernel.events import publish
from openprm.partners import queries as partners
from openprm.rulebook import queries as rulebook_queries
from openprm.rulebook import services as rulebook

MOST_PARTNERS = 500


class PlanStarted(Conflict):
    """The plan has published terms; what it is for stays."""


class CodeTaken(Conflict):
    """Another plan has this code."""


def create_plan(
    *, actor: Actor, code: str, name: str, kind: str, about: str = "", program_id: UUID | None = None, partner_ids: tuple[UUID, ...] = (),
    terms: TermsDraft | None = None, at: datetime,
) -> UUID:  # fmt: skip
    """A new plan, as a draft that pays nothing before it is published. Raises NotAllowed, NotFound, Invalid, CodeTaken."""
    refuse_if(policies.why_not_edit(actor))
    values = {
        "code": _code(code), "name": text("name", name, longest=120), "kind": choice("kind", kind, KINDS),
        "about": text("about", about, longest=500, required=False), "program_id": _program(actor, program_id), "partner_ids": _partners(actor, partner_ids),
    }  # fmt: skip
    plan = Plan(**values)
    with refused_by(ONE_CODE, CodeTaken(_("There is already a plan with the code “%(code)s”.") % {"code": values["code"]}, field="code")):
        plan.save(force_insert=True)
    audit.record(actor, "incentives.plan_created", plan, refs=(plan.pk,), at=at)
    if terms is not None:
        save_terms(actor=actor, plan_id=plan.pk, terms=terms, at=at)
    return plan.pk


def change_plan(*, actor: Actor, plan_id: UUID, changes: Mapping[str, Any], version: int | None = None, at: datetime) -> int:
    """Name, words, program and partners of a plan. Its program and partners stay once it has been published.

    Raises NotFound, NotAllowed, Stale, Invalid, PlanStarted.
    """
    plan = load(actor, plan_id, version)
    refuse_if(policies.why_not_edit(actor))
    before = plan.snapshot()
    kept = {name: value for name, value in changes.items() if name in ("name", "about", "program_id", "partner_ids")}
    _refuse_started(plan, kept)
    plan.name = text("name", kept.get("name", plan.name), longest=120)
    plan.about = text("about", kept.get("about", plan.about), longest=500, required=False)
    plan.program_id = _program(actor, kept.get("program_id", plan.program_id))
    plan.partner_ids = _partners(actor, kept.get("partner_ids", plan.partner_ids))
    save(plan, "name", "about", "program", "partner_ids")
    audit.record(actor, "incentives.plan_changed", plan, before=before, refs=(plan.pk,), at=at)
    return plan.version


def save_terms(*, actor: Actor, plan_id: UUID, terms: TermsDraft, revision: int | None = None, at: datetime) -> int:
    """Keep the terms as the plan's draft; gives its revision. Nothing changes for anybody before they are published.

    Raises NotFound, NotAllowed, Stale, Invalid naming the field: a negative rate, bands that overlap or leave a gap, a cap below zero.
    """
    plan = load(actor, plan_id)
    refuse_if(policies.why_not_edit(actor) or why_ended(plan.pk, at))
    table, bad = table_from(terms)
    if bad:
        raise Invalid(problems=[Problem(field, message) for field, message in bad])
    draft_id = queries.draft_id_of(plan.pk) or rulebook.create_draft(actor=for_rulebook(actor), kind=PLAN, program_id=plan.pk, at=at)
    kept = rulebook.save_draft(actor=for_rulebook(actor), draft_id=draft_id, table=table, revision=revision, at=at)
    audit.record(actor, "incentives.terms_saved", plan, after={}, refs=(plan.pk,), at=at)
    return kept


def discard_draft(*, actor: Actor, plan_id: UUID, at: datetime) -> None:
    """Throw the draft away; what is published stays. Raises NotFound, NotAllowed, Conflict when there is none."""
    plan = load(actor, plan_id)
    refuse_if(policies.why_not_edit(actor))
    rulebook.discard_draft(actor=for_rulebook(actor), draft_id=_draft(plan), at=at)
    audit.record(actor, "incentives.draft_discarded", plan, after={}, refs=(plan.pk,), at=at)


def publish_plan(*, actor: Actor, plan_id: UUID, starts_on: date | None = None, note: str = "", at: datetime) -> UUID:
    """Announce the draft; gives the id of the published version. A first version may begin today, a change is announced ahead.

    Raises NotFound, NotAllowed, Conflict (no draft, nothing changed, a later version is announced), Invalid (in the past, too little notice).
    """
    plan = load(actor, plan_id)
    refuse_if(policies.why_not_publish(actor) or why_ended(plan.pk, at))
    draft_id = _draft(plan)
    is_change = queries.is_published(plan.pk)
    day = starts_on or earliest_start(at.date(), is_change=is_change)
    if reason := why_too_soon(day, today=at.date(), is_change=is_change):
        raise Invalid(reason, field="starts_on")
    effective_at = at if day == at.date() else datetime.combine(day, time(), UTC)
    version_id = rulebook.publish(
        actor=for_rulebook(actor), draft_id=draft_id, effective_at=effective_at, note=text("note", note, longest=500, required=False), at=at
    )
    number = rulebook_queries.version(actor=for_rulebook(actor), version_id=version_id, at=at).version.number
    audit.record(
        actor, "incentives.plan_published", plan, after={}, refs=(plan.pk, version_id), visible_to=tuple(plan.partner_ids),
        data={"version": number, "starts_on": day.isoformat()}, at=at,
    )  # fmt: skip
    return version_id


def announce_published(*, plan_id: UUID, version_id: UUID, number: int, effective_at: datetime, at: datetime) -> None:
    """Say it wherever plans are listened to, and in the plan's history when it was published through the rulebook's own pages. In the system's scope."""
    plan, starts_on = Plan.objects.one(plan_id), effective_at.date()
    if not any(one.verb == "incentives.plan_published" for one in audit_queries.timeline(SYSTEM, version_id)):
        audit.record(
            SYSTEM, "incentives.plan_published", plan, after={}, refs=(plan.pk, version_id), visible_to=tuple(plan.partner_ids),
            data={"version": number, "starts_on": starts_on.isoformat()}, at=at,
        )  # fmt: skip
    publish(PlanPublished(plan_id=plan.pk, version_id=version_id, number=number, starts_on=starts_on, at=at))


def end_plan(*, actor: Actor, plan_id: UUID, ended_on: date, version: int | None = None, at: datetime) -> int:
    """The plan pays nothing for what happens from this day on; what was earned before stays. Raises NotFound, NotAllowed, Stale, Invalid."""
    plan = load(actor, plan_id, version)
    refuse_if(policies.why_not_publish(actor) or why_ended(plan.pk, at))
    if ended_on < at.date():
        raise Invalid(_("%(day)s is in the past. What was earned until today stays earned: choose today or later.") % {"day": ended_on}, field="ended_on")
    before = plan.snapshot()
    plan.ended_on = ended_on
    save(plan, "ended_on")
    audit.record(actor, "incentives.plan_ended", plan, before=before, refs=(plan.pk,), at=at)
    publish(PlanEnded(plan_id=plan.pk, ended_on=ended_on, at=at))
    return plan.version


def _draft(plan: Plan) -> UUID:
    found = queries.draft_id_of(plan.pk)
    if found is None:
        raise Conflict(_("There is no draft of “%(plan)s”. Change its terms first.") % {"plan": plan.name})
    return found


def _refuse_started(plan: Plan, kept: Mapping[str, Any]) -> None:
    moved = [name for name in ("program_id", "partner_ids") if name in kept and _plain(kept[name]) != _plain(getattr(plan, name))]
    if moved and queries.is_published(plan.pk):
        raise PlanStarted(_("“%(plan)s” is published: who it is for stays. End it and begin another plan.") % {"plan": plan.name}, field=moved[0])


def _plain(value: Any) -> Any:
    return sorted(map(str, value)) if isinstance(value, (list, tuple)) else value


def _code(value: Any) -> str:
    code = text("code", value, longest=40).lower()
    if not all(sign.isascii() and (sign.isalnum() or sign in "-_") for sign in code):
        raise Invalid(_("A code has small letters, digits and dashes, for example gold-commission."), field="code")
    return code


def _program(actor: Actor, program_id: UUID | None) -> UUID | None:
    return partners.program(actor, program_id).id if program_id else None


def _partners(actor: Actor, partner_ids: Any) -> list[UUID]:
    found = list(dict.fromkeys(partner_ids or ()))
    if len(found) > MOST_PARTNERS:
        raise Invalid(_("A plan names at most %(most)d partners; leave the list empty for all.") % {"most": MOST_PARTNERS}, field="partner_ids")
    return [partners.partner(actor, one).id for one in found]
