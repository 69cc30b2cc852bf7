"""What happens once in the life of a partnership and ticks tasks off by itself."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Invalid, refuse_if
from openprm.kernel.registry import registry
from openprm.kernel.scope import system_scope
from openprm.onboarding import policies, words
from openprm.onboarding.models import FirstDeal, Plan, PlanTask, ReachedMilestone
from openprm.onboarding.services.tasks import finish
from openprm.partners import queries as partners

FIRST_WON = "deals.first_won"


class UnknownMilestone(Invalid):
    """Nobody declares a milestone of this code."""


def reach_milestone(*, partner_id: UUID, code: str, evidence: str = "", refs: Iterable[UUID] = (), at: datetime) -> bool:
    """Note that something happened for the first time, and tick off the tasks that wait for it, also in levels that are not
    open yet. A second time changes nothing and gives False. Opens the system's scope itself. Raises UnknownMilestone.
    """
    if code not in words.milestones():
        raise UnknownMilestone(_("“%(code)s” is no milestone. Declare it at the port onboarding.milestones.") % {"code": code[:80]}, field="code")
    with system_scope():
        _row, is_first = ReachedMilestone.objects.get_or_create(
            partner_id=partner_id, code=code, defaults={"evidence": evidence[:300], "refs": list(refs), "reached_at": at}
        )
        if not is_first:
            return False
        if code == FIRST_WON:
            FirstDeal.objects.filter(partner=partner_id, won_at=None).update(won_at=at)
        _tick_off(partner_id, code, evidence, at)
        return True


def note_milestone(*, actor: Actor, partner_id: UUID, code: str, evidence: str = "", at: datetime) -> bool:
    """The same by a manager or an integration, for what happened outside of OpenPRM. Raises NotFound, NotAllowed, UnknownMilestone."""
    partners.partner(actor, partner_id)
    refuse_if(policies.why_not_manage(actor))
    return reach_milestone(partner_id=partner_id, code=code, evidence=evidence, at=at)


def catch_up(*, partner_ids: Iterable[UUID], at: datetime) -> int:
    """Note the milestones that these partners reached before anybody listened, for example in imported deals.

    Gives how many were new. Runs in the system's scope; safe to repeat.
    """
    wanted = set(partner_ids)
    known = set(ReachedMilestone.objects.filter(partner__in=wanted).values_list("partner_id", "code"))
    found = [one for history in registry.filling("onboarding.history") for one in history(wanted)]
    new = [one for one in found if one.at <= at and (one.partner_id, one.code) not in known]
    for one in sorted(new, key=lambda one: one.at):
        reach_milestone(partner_id=one.partner_id, code=one.code, evidence=one.evidence, at=one.at)
    return len(new)


def _tick_off(partner_id: UUID, code: str, evidence: str, at: datetime) -> None:
    waiting = PlanTask.objects.filter(partner=partner_id, milestone=code, state=PlanTask.State.OPEN, plan__state=Plan.State.RUNNING)
    for plan_id in sorted(set(waiting.values_list("plan_id", flat=True))):
        Plan.objects.locked().one(plan_id)
        for task in waiting.filter(plan=plan_id).select_related("plan", "level"):
            finish(task, SYSTEM, at, note=evidence)
