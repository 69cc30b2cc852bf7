"""Pilots: prepared, tried with invited partners, measured, then rolled out or ended."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Invalid, NotFound, refuse_if
from openprm.kernel.events import publish
from openprm.onboarding import policies
from openprm.onboarding.events import PilotAnswered, PilotEnded, PilotInvited
from openprm.onboarding.models import Pilot, PilotGoal, PilotPartner, Plan, Template, TemplateVersion
from openprm.onboarding.services.plans import move_plan, start_plan
from openprm.onboarding.services.unit import as_system, check_version, line, record, text
from openprm.partners import queries as partners

MOST_PARTNERS = 200
MOST_GOALS = 20


class PilotIsOver(Conflict):
    """The pilot was rolled out or ended."""


class PilotNotRunning(Conflict):
    """The pilot does not run."""


@transaction.atomic
def create_pilot(*, actor: Actor, name: str, about: str, kind: str, starts_date: date, ends_date: date, at: datetime, **values: Any) -> UUID:
    """Prepare a pilot. Nobody hears of it until it is started. Raises NotAllowed, NotFound, Invalid."""
    refuse_if(policies.why_not_manage(actor))
    pilot = Pilot(owner_id=actor.user_id, **_read(actor, name, about, kind, starts_date, ends_date, **values))
    pilot.save(force_insert=True)
    audit.record(actor, "onboarding.pilot_created", pilot, after={}, note=pilot.name, at=at)
    return pilot.pk


@transaction.atomic
def update_pilot(*, actor: Actor, pilot_id: UUID, values: Mapping[str, Any], version: int | None = None, at: datetime) -> None:
    """Change what is tried and until when; while it runs only words and the end. Raises NotFound, NotAllowed, Invalid, Stale, PilotIsOver."""
    pilot = _pilot(actor, pilot_id, version)
    before, was = pilot.snapshot(), (pilot.kind, pilot.template_id, pilot.program_id, pilot.starts_date)
    for field, value in _read(actor, **{**_given(pilot), **values}).items():
        setattr(pilot, field, value)
    if pilot.state == Pilot.State.RUNNING and was != (pilot.kind, pilot.template_id, pilot.program_id, pilot.starts_date):
        raise Conflict(_("The pilot runs. Only its words and its end can still change."), field="kind")
    _save(pilot)
    audit.record(actor, "onboarding.pilot_updated", pilot, before=before, note=pilot.name, at=at)


def _given(pilot: Pilot) -> dict[str, Any]:
    return {field: getattr(pilot, field) for field in ("name", "about", "kind", "starts_date", "ends_date", "template_id", "program_id")}


def _read(
    actor: Actor, name: str, about: str, kind: str, starts_date: date, ends_date: date, template_id: UUID | None = None, program_id: UUID | None = None
) -> dict[str, Any]:
    if kind not in Pilot.Kind.values:
        raise Invalid(_("Choose what is tried."), field="kind")
    if ends_date <= starts_date:
        raise Invalid(_("The pilot ends after it starts. Choose a later day."), field="ends_date")
    if (kind == Pilot.Kind.TEMPLATE) is not bool(template_id):
        raise Invalid(_("Choose the template that is tried, and only for a pilot of a template."), field="template_id")
    return {
        "name": line("name", name, longest=120),
        "about": text("about", about, longest=2000),
        "kind": kind,
        "starts_date": starts_date,
        "ends_date": ends_date,
        "template_id": policies.reach_templates(actor).one(template_id).pk if template_id else None,
        "program_id": partners.program(actor, program_id).id if program_id else None,
    }


@transaction.atomic
def invite_partners(*, actor: Actor, pilot_id: UUID, partner_ids: Iterable[UUID], at: datetime) -> int:
    """Choose partners; they hear of it once the pilot runs. Gives how many are new. Raises NotFound, NotAllowed, Invalid, PilotIsOver."""
    pilot = _pilot(actor, pilot_id)
    known = set(pilot.members.values_list("partner_id", flat=True))
    new = [partner_id for partner_id in dict.fromkeys(partner_ids) if partner_id not in known]
    if len(known) + len(new) > MOST_PARTNERS:
        raise Invalid(_("A pilot has at most %(most)d partners.") % {"most": MOST_PARTNERS}, field="partner_ids")
    for partner_id in new:
        _invite(actor, pilot, partner_id, at)
    return len(new)


def _invite(actor: Actor, pilot: Pilot, partner_id: UUID, at: datetime) -> None:
    partner = partners.partner(actor, partner_id)
    if partner.status != "active":
        raise Invalid(_("%(name)s is not active. Choose partners that work with you now.") % {"name": partner.name}, field="partner_ids")
    member = PilotPartner.objects.create(pilot=pilot, partner_id=partner_id, invited_at=at)
    is_running = pilot.state == Pilot.State.RUNNING
    record(
        actor,
        "onboarding.pilot_invited",
        member,
        partner_id=partner_id,
        after={},
        refs=(pilot.pk,),
        shared=is_running,
        note=f"{pilot.name}: {partner.name}",
        at=at,
    )
    if is_running:
        publish(PilotInvited(pilot_id=pilot.pk, partner_id=partner_id, at=at))


@transaction.atomic
def start_pilot(*, actor: Actor, pilot_id: UUID, version: int | None = None, at: datetime) -> None:
    """Begin: everybody who was chosen is invited now. Raises NotFound, NotAllowed, Conflict, Stale."""
    pilot = _pilot(actor, pilot_id, version)
    if pilot.state != Pilot.State.DRAFT:
        raise Conflict(_("The pilot runs already."))
    members = list(pilot.members.all())
    if not members or not pilot.goals.exists():
        raise Conflict(_("A pilot needs at least one partner and one goal to measure before it starts."))
    if pilot.template_id and not TemplateVersion.objects.filter(template=pilot.template_id, state=TemplateVersion.State.PUBLISHED).exists():
        raise Conflict(_("The template was not published yet. Publish its draft; switch “starts by itself” off to keep it inside the pilot."))
    pilot.state = Pilot.State.RUNNING
    _save(pilot)
    audit.record(
        actor, "onboarding.pilot_started", pilot, after={}, visible_to=[member.partner_id for member in members],
        refs=[pilot.pk, *(member.partner_id for member in members)], note=pilot.name, at=at,
    )  # fmt: skip
    for member in members:
        publish(PilotInvited(pilot_id=pilot.pk, partner_id=member.partner_id, at=at))


def answer_invitation(*, actor: Actor, pilot_id: UUID, accept: bool, note: str = "", at: datetime) -> None:
    """The partner takes part or declines; it can change its mind while the pilot runs. With a template it gets that plan.

    Raises NotFound, NotAllowed, PilotNotRunning, Invalid.
    """
    member = policies.reach_invitations(actor).filter(pilot=pilot_id, partner__in=actor.partner_ids).first()
    if member is None:
        raise NotFound()
    refuse_if(policies.why_not_answer_pilot(actor))
    with as_system(actor):
        member = PilotPartner.objects.select_related("pilot").locked().one(member.pk)
        if member.pilot.state != Pilot.State.RUNNING:
            raise PilotNotRunning(_("This pilot is over. Thank you for looking at it."))
        before = member.snapshot()
        member.state = PilotPartner.State.ACCEPTED if accept else PilotPartner.State.DECLINED
        member.note, member.answered_at = line("note", note, longest=500, required=False), at
        member.answered_by_id, member.answered_by_name = actor.user_id, actor.name[:120]
        member.save()
        verb = "onboarding.pilot_accepted" if accept else "onboarding.pilot_declined"
        record(actor, verb, member, partner_id=member.partner_id, before=before, refs=(pilot_id,), note=member.pilot.name, at=at)
        publish(PilotAnswered(pilot_id=pilot_id, partner_id=member.partner_id, accepted=accept, at=at))
        if accept and member.pilot.template_id:
            _put_on_template(member.pilot, member.partner_id, at)


def _put_on_template(pilot: Pilot, partner_id: UUID, at: datetime) -> None:
    """The plan that runs goes over to the tried template; without one a new plan starts on it."""
    enrolled = [one.program_id for one in partners.enrollments_of(SYSTEM, partner_id) if one.status == "approved"]
    program_id = pilot.program_id or next(iter(enrolled), None)
    running = Plan.objects.filter(partner=partner_id, program=program_id, state=Plan.State.RUNNING).first()
    if running is None:
        start_plan(actor=SYSTEM, partner_id=partner_id, template_id=pilot.template_id, program_id=program_id, at=at)
        return
    version = TemplateVersion.objects.get(template=pilot.template_id, state=TemplateVersion.State.PUBLISHED)
    if running.template_version_id != version.pk:
        move_plan(actor=SYSTEM, plan_id=running.pk, version_id=version.pk, at=at)


@transaction.atomic
def add_goal(*, actor: Actor, pilot_id: UUID, name: str, target: Decimal, unit: str = "", baseline: Decimal | None = None, at: datetime) -> UUID:
    """Raises NotFound, NotAllowed, Invalid, PilotIsOver."""
    pilot = _pilot(actor, pilot_id)
    if pilot.goals.count() >= MOST_GOALS:
        raise Invalid(_("A pilot has at most %(most)d goals.") % {"most": MOST_GOALS}, field="name")
    goal = PilotGoal.objects.create(
        pilot=pilot, name=line("name", name, longest=160), unit=line("unit", unit, longest=40, required=False), target=target, baseline=baseline
    )
    audit.record(actor, "onboarding.goal_added", pilot, after={}, note=goal.name, at=at)
    return goal.pk


@transaction.atomic
def measure_goal(*, actor: Actor, pilot_id: UUID, goal_id: UUID, measured: Decimal, note: str = "", at: datetime) -> None:
    """Write down where a goal stands. Raises NotFound, NotAllowed, Invalid, PilotIsOver."""
    pilot = _pilot(actor, pilot_id)
    goal = PilotGoal.objects.filter(pilot=pilot).locked().one(goal_id)
    before = {"measured": str(goal.measured) if goal.measured is not None else None}
    goal.measured, goal.measured_at, goal.note = measured, at, line("note", note, longest=300, required=False)
    goal.save()
    audit.record(actor, "onboarding.goal_measured", pilot, before=before, after={"measured": str(measured)}, note=goal.name, at=at)


@transaction.atomic
def close_pilot(*, actor: Actor, pilot_id: UUID, result: str, roll_out: bool, version: int | None = None, at: datetime) -> None:
    """Note the result, and roll out what was tried or end it. A template that is rolled out starts by itself from now on.

    Raises NotFound, NotAllowed, Invalid, PilotIsOver, PilotNotRunning, Stale.
    """
    pilot = _pilot(actor, pilot_id, version)
    if roll_out and pilot.state != Pilot.State.RUNNING:
        raise PilotNotRunning(_("Only a pilot that ran can be rolled out."))
    before = pilot.snapshot()
    pilot.state = Pilot.State.ROLLED_OUT if roll_out else Pilot.State.ENDED
    pilot.result, pilot.closed_at = text("result", result, longest=4000), at
    _save(pilot)
    if roll_out and pilot.template_id:
        Template.objects.filter(pk=pilot.template_id).update(is_automatic=True, is_active=True)
    members = list(pilot.members.filter(state=PilotPartner.State.ACCEPTED).values_list("partner_id", flat=True))
    audit.record(actor, f"onboarding.pilot_{pilot.state}", pilot, before=before, refs=[pilot.pk, *members], visible_to=members, note=pilot.name, at=at)
    publish(PilotEnded(pilot_id=pilot.pk, outcome=pilot.state, at=at))


def _save(pilot: Pilot) -> None:
    pilot.version += 1
    pilot.save()


def _pilot(actor: Actor, pilot_id: UUID, version: int | None = None) -> Pilot:
    pilot = policies.reach_pilots(actor).locked().one(pilot_id)
    refuse_if(policies.why_not_manage(actor))
    check_version(pilot, version)
    if pilot.state in (Pilot.State.ROLLED_OUT, Pilot.State.ENDED):
        raise PilotIsOver(_("This pilot is over. Its result stays as it was noted."))
    return pilot
