"""Pilots as the vendor runs them, and as an invited partner reads them."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.kernel.models import ScopedQuerySet
from openprm.onboarding import policies, words
from openprm.onboarding.models import Pilot, PilotGoal, PilotPartner
from openprm.onboarding.queries.results import GoalView, MemberView, PilotInvitation, PilotView
from openprm.onboarding.queries.shapes import names


def newest_pilots(actor: Actor) -> ScopedQuerySet:
    """Rows that `pilot_view` reads."""
    return policies.reach_pilots(actor).select_related("template", "program").prefetch_related("goals", "members__partner__organization")


def pilots(actor: Actor, at: datetime) -> tuple[PilotView, ...]:
    """All pilots: running ones first, then being prepared, then over."""
    rank = {"running": 0, "draft": 1}
    rows = sorted(newest_pilots(actor).order_by("-starts_date", "pk")[:200], key=lambda row: rank.get(row.state, 2))
    return tuple(pilot_view(row) for row in rows)


def pilot(actor: Actor, pilot_id: UUID) -> PilotView:
    """Raises NotFound."""
    return pilot_view(newest_pilots(actor).one(pilot_id))


def pilot_view(row: Pilot) -> PilotView:
    members = sorted(row.members.all(), key=lambda member: member.partner.organization.name)
    label, tone = words.PILOT_STATE[row.state]
    return PilotView(
        id=row.pk,
        name=row.name,
        about=row.about,
        kind=row.kind,
        kind_label=str(words.PILOT_KIND[row.kind]),
        template_id=row.template_id,
        template_name=row.template.name if row.template else "",
        program_id=row.program_id,
        program_name=row.program.name if row.program else "",
        starts_date=row.starts_date,
        ends_date=row.ends_date,
        state=row.state,
        state_label=str(label),
        tone=tone,
        result=row.result,
        closed_at=row.closed_at,
        owner=names([row.owner_id]).get(row.owner_id, "") if row.owner_id else "",
        goals=_goals(row.goals.all()),
        members=tuple(_member(member) for member in members),
        invited=len(members),
        accepted=sum(member.state == "accepted" for member in members),
        created_at=row.created_at,
        version=row.version,
    )


def _goals(rows: Iterable[PilotGoal]) -> tuple[GoalView, ...]:
    return tuple(
        GoalView(
            id=row.pk,
            name=row.name,
            unit=row.unit,
            baseline=row.baseline,
            target=row.target,
            measured=row.measured,
            measured_at=row.measured_at,
            note=row.note,
            percent=share_of_way(row.baseline, row.target, row.measured),
        )
        for row in sorted(rows, key=lambda row: row.created_at)
    )


def share_of_way(baseline: Decimal | None, target: Decimal, measured: Decimal | None) -> int | None:
    """How much of the way from baseline to target is gone, 0 to 100; also where less is better. None before a measurement."""
    start = baseline or Decimal(0)
    if measured is None or target == start:
        return None
    return max(0, min(100, round(100 * (measured - start) / (target - start))))


def _member(row: PilotPartner) -> MemberView:
    label, tone = words.MEMBER_STATE[row.state]
    return MemberView(
        id=row.pk,
        partner_id=row.partner_id,
        partner=row.partner.organization.name,
        state=row.state,
        state_label=str(label),
        tone=tone,
        answered_at=row.answered_at,
        answered_by=row.answered_by_name,
        note=row.note,
    )


def invitations(actor: Actor, at: datetime) -> tuple[PilotInvitation, ...]:
    """The pilots this partner was invited to, open ones first."""
    rows = policies.reach_invitations(actor).filter(partner=actor.partner_id).select_related("pilot").prefetch_related("pilot__goals")
    ranked = sorted(rows, key=lambda row: (row.pilot.state != "running", row.state != "invited", -row.invited_at.timestamp()))
    return tuple(_invitation(row, actor) for row in ranked)


def invitation(actor: Actor, pilot_id: UUID, at: datetime) -> PilotInvitation:
    """Raises NotFound."""
    found = next((one for one in invitations(actor, at) if one.pilot_id == pilot_id), None)
    if found is None:
        raise NotFound()
    return found


def _invitation(row: PilotPartner, actor: Actor) -> PilotInvitation:
    label, tone = words.MEMBER_STATE[row.state]
    return PilotInvitation(
        pilot_id=row.pilot_id,
        name=row.pilot.name,
        about=row.pilot.about,
        kind_label=str(words.PILOT_KIND[row.pilot.kind]),
        starts_date=row.pilot.starts_date,
        ends_date=row.pilot.ends_date,
        state=row.pilot.state,
        answer=row.state,
        answer_label=str(label),
        answer_tone=tone,
        answered_by=row.answered_by_name,
        goals=tuple(goal.name for goal in sorted(row.pilot.goals.all(), key=lambda goal: goal.created_at)),
        may_answer=row.pilot.state == "running" and policies.why_not_answer_pilot(actor) is None,
    )
