"""What the queue runs for leads: what nobody opened comes back, broken promises pull back, deals end their leads, both sides are told."""

from datetime import datetime
from typing import Any
from uuid import UUID

from openprm.kernel.jobs import job
from openprm.leads import news, services
from openprm.leads.rules.lifecycle import ClosedReason

_WHY = {"leads.accept": "unanswered", "leads.convert": "unconverted"}


@job(name="leads.pull_back_unopened", every="*/5 * * * *", lock="leads.pull_back_unopened")
def pull_back_unopened(*, at: datetime) -> None:
    """Take back what nobody opened; a full batch is followed by another."""
    if services.pull_back_unopened(at=at) >= services.PULL_BACK_AT_ONCE:
        pull_back_unopened.defer()


@job(name="leads.pull_back_broken_promise")
def on_promise_broken(*, clock_id: UUID, code: str, subject_id: UUID, partner_id: UUID, program_id: UUID | None, due_at: datetime, at: datetime) -> None:
    if code in _WHY:
        services.pull_back(lead_id=subject_id, why=_WHY[code], at=at)


@job(name="leads.welcome_partner")
def on_partner_created(*, partner_id: UUID, at: datetime) -> None:
    services.ensure_receivers()


@job(name="leads.pass_on_from_partner")
def on_partner_status_changed(*, partner_id: UUID, after: str, at: datetime, **_told: Any) -> None:
    """A partner that is no longer active works on no leads; they go to the next."""
    if after != "active":
        services.pass_on_from(partner_id=partner_id, at=at)


@job(name="leads.follow_won_deal")
def on_deal_won(*, registration_id: UUID, at: datetime, **_told: Any) -> None:
    services.follow_deal(registration_id=registration_id, won=True, reason=ClosedReason.DEAL_WON, at=at)


@job(name="leads.follow_lost_deal")
def on_deal_lost(*, registration_id: UUID, reason: str, at: datetime, **_told: Any) -> None:
    services.follow_deal(registration_id=registration_id, won=False, reason=ClosedReason.DEAL_LOST, note=reason, at=at)


@job(name="leads.follow_ended_deal")
def on_deal_ended(*, registration_id: UUID, at: datetime, reason: str = "", **_told: Any) -> None:
    services.follow_deal(registration_id=registration_id, won=False, reason=ClosedReason.DEAL_ENDED, note=reason, at=at)


@job(name="leads.tell_offered")
def on_offered(*, lead_ids: tuple[UUID, ...], partner_ids: tuple[UUID, ...], methods: tuple[str, ...], actor_id: UUID | None, at: datetime) -> None:
    news.tell_offered(lead_ids, partner_ids, methods, at)


@job(name="leads.tell_unrouted")
def on_unrouted(*, lead_ids: tuple[UUID, ...], actor_id: UUID | None, at: datetime) -> None:
    news.tell_unrouted(lead_ids, actor_id, at)


@job(name="leads.tell_accepted")
def on_accepted(*, lead_id: UUID, number: str, actor_id: UUID | None, at: datetime, partner_id: UUID, passed_over: tuple[UUID, ...]) -> None:
    news.tell_vendor(lead_id, "leads.accepted", actor_id, at, partner_id=partner_id)
    news.tell_taken(lead_id, passed_over, at)


@job(name="leads.tell_declined")
def on_declined(*, lead_id: UUID, number: str, actor_id: UUID | None, at: datetime, partner_id: UUID, reason: str) -> None:
    news.tell_vendor(lead_id, "leads.declined", actor_id, at, partner_id=partner_id, reason=reason)


@job(name="leads.tell_pulled_back")
def on_pulled_back(*, lead_id: UUID, number: str, actor_id: UUID | None, at: datetime, partner_id: UUID, why: str) -> None:
    news.tell_pulled_back(lead_id, partner_id, why, at)


@job(name="leads.tell_converted")
def on_converted(*, lead_id: UUID, number: str, actor_id: UUID | None, at: datetime, partner_id: UUID, registration_id: UUID) -> None:
    news.tell_vendor(lead_id, "leads.converted", actor_id, at, partner_id=partner_id)


@job(name="leads.tell_closed")
def on_closed(*, lead_id: UUID, number: str, actor_id: UUID | None, at: datetime, partner_id: UUID | None, status: str, reason: str) -> None:
    news.tell_closed(lead_id, partner_id, status, reason, actor_id, at)


@job(name="leads.tell_noted")
def on_noted(*, lead_id: UUID, actor_id: UUID | None, at: datetime, partner_id: UUID | None, audience: str, side: str, **_told: Any) -> None:
    news.tell_noted(lead_id, partner_id, actor_id, at, audience=audience, side=side)
