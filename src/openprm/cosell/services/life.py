"""The end of an engagement: won, lost, or declined while it was new (L3)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.cosell import policies
from openprm.cosell.events import EngagementMoved
from openprm.cosell.models import Engagement, Invitation, Need, Task
from openprm.cosell.rules.lifecycle import OPEN, closings
from openprm.cosell.rules.words import Invited, NeedState, State, TaskState
from openprm.cosell.services import invitations
from openprm.cosell.services.needs import settle_clock
from openprm.cosell.services.unit import as_system, clean, load, locked, one_of, record, save
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, refuse_if
from openprm.kernel.events import publish


def close_engagement(*, actor: Actor, engagement_id: UUID, outcome: str, reason: str = "", version: int | None = None, at: datetime) -> int:
    """Close as won or lost when active, declined while new; the host alone. Lost and declined give a reason.
    Gives the new version. Raises NotFound, NotAllowed, Stale, Invalid, Conflict."""
    engagement = load(actor, engagement_id, version=version)
    refuse_if(policies.why_not_host(actor, engagement))
    outcome = one_of(outcome, (State.WON, State.LOST, State.DECLINED), "outcome")
    reason = clean(reason, "reason", 500, required=outcome != State.WON)
    with as_system(actor):
        engagement = locked(engagement, version=version)
        if outcome not in closings(engagement.state):
            raise Conflict(_wrong_end(engagement, outcome))
        end(actor, engagement, outcome, reason, at)
    return engagement.version


def _wrong_end(engagement: Engagement, outcome: str) -> str:
    if engagement.state == State.ACCEPTED:
        return _("%(number)s is active: it ends as won or lost.") % {"number": engagement.number}
    if outcome == State.DECLINED:
        return _("%(number)s is closed already.") % {"number": engagement.number}
    return _("Nobody has joined %(number)s yet: it cannot be won or lost. Decline it instead.") % {"number": engagement.number}


def end(actor: Actor, engagement: Engagement, outcome: str, reason: str, at: datetime) -> None:
    """In the system's scope: the state, and everything that still waits in it."""
    before = engagement.snapshot()
    for waiting in Invitation.objects.filter(engagement=engagement, state=Invited.PENDING).locked():
        invitations.withdraw(actor, engagement, waiting, at)
    for need in Need.objects.filter(engagement=engagement, state=NeedState.OPEN).locked():
        need.state = NeedState.WITHDRAWN
        need.save(update_fields=["state", "updated_at"])
        settle_clock(need, kept=False, at=at)
    Task.objects.filter(engagement=engagement, state=TaskState.PROPOSED).update(state=TaskState.REJECTED, reason=_("The engagement was closed."), decided_at=at)
    engagement.state, engagement.closed_at, engagement.closed_reason = outcome, at, reason
    save(engagement, "state", "closed_at", "closed_reason")
    record(actor, "cosell.closed", engagement, party=engagement.host_id, before=before, note=reason, at=at)
    publish(EngagementMoved(engagement_id=engagement.pk, before=str(before["state"]), after=str(outcome), actor_id=actor.user_id, at=at))


@transaction.atomic
def end_with_deal(*, registration_id: UUID, number: str, is_won: bool, reason: str = "", at: datetime) -> int:
    """Close what is open about a deal that was won or lost, with its reason; what nobody joined yet is declined. Gives how many.
    In the system's scope, safe to repeat."""
    said = _("%(number)s was won.") if is_won else _("%(number)s was lost: %(reason)s") if reason else _("%(number)s was lost.")
    why = (said % {"number": number, "reason": reason})[:500]
    rows = list(Engagement.objects.filter(registration=registration_id, state__in=OPEN).locked())
    for engagement in rows:
        ended = State.DECLINED if engagement.state != State.ACCEPTED else State.WON if is_won else State.LOST
        end(SYSTEM, engagement, ended, why, at)
    return len(rows)
