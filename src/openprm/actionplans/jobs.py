"""What the queue runs for action plans: owners are reminded, both sides hear, a plan ends with its deal."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.actionplans import news, services
from openprm.kernel.jobs import job


@job(name="actionplans.remind", every="25 * * * *", lock="actionplans.remind")
def remind(*, at: datetime) -> None:
    """Tell owners of late steps, once each; a full batch is followed by another."""
    found = services.overdue_steps(at=at)
    news.overdue(found, at)
    if len(found) >= services.REMIND_AT_ONCE:
        remind.defer()


@job(name="actionplans.tell_started")
def on_plan_started(
    *, plan_id: UUID, subject_kind: str, subject_id: UUID, registration_id: UUID | None, partner_id: UUID, actor_id: UUID | None, at: datetime
) -> None:
    news.plan_started(plan_id, actor_id, at)


@job(name="actionplans.tell_assigned")
def on_step_assigned(*, step_id: UUID, plan_id: UUID, owner_id: UUID, actor_id: UUID | None, at: datetime) -> None:
    news.assigned(step_id, owner_id, actor_id, at)


@job(name="actionplans.tell_finished")
def on_step_finished(*, step_id: UUID, plan_id: UUID, partner_id: UUID, state: str, actor_id: UUID | None, at: datetime) -> None:
    news.unblocked(step_id, actor_id, at)


@job(name="actionplans.tell_signed")
def on_plan_signed(*, plan_id: UUID, partner_id: UUID, side: str, revision: int, actor_id: UUID | None, at: datetime) -> None:
    news.signed(plan_id, side, revision, actor_id, at)


@job(name="actionplans.tell_agreed")
def on_plan_agreed(
    *, plan_id: UUID, subject_kind: str, subject_id: UUID, registration_id: UUID | None, partner_id: UUID, revision: int, actor_id: UUID | None, at: datetime
) -> None:
    news.agreed(plan_id, revision, actor_id, at)


@job(name="actionplans.tell_shifted")
def on_plan_shifted(*, plan_id: UUID, partner_id: UUID, before: date, after: date, moved: int, actor_id: UUID | None, at: datetime) -> None:
    news.shifted(plan_id, before, after, moved, actor_id, at)


@job(name="actionplans.deal_over")
def on_deal_over(*, registration_id: UUID, at: datetime, **said: Any) -> None:
    """Won, lost, canceled, withdrawn, rejected or expired: the plan ends with the reason that the deal's page shows."""
    given = str(said.get("reason") or "")[:400]
    reason = _("The deal is over: %(reason)s") % {"reason": given} if given else _("The deal is over.")
    services.end_with_deal(registration_id=registration_id, reason=reason, at=at)
