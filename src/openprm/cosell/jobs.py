"""What the queue runs for co-selling: invitations whose time is over, partners that leave, and the news."""

from datetime import datetime
from typing import Any
from uuid import UUID

from openprm.cosell import news, services
from openprm.kernel.jobs import job

GONE = ("offboarded", "banned", "archived")


@job(name="cosell.expire_invitations", every="*/10 * * * *", lock="cosell.expire_invitations")
def expire_invitations(*, at: datetime) -> None:
    """End what is over; a full batch is followed by another."""
    if services.expire_due(at=at) >= services.AT_ONCE:
        expire_invitations.defer()


@job(name="cosell.end_on_broken_promise")
def on_promise_broken(*, clock_id: UUID, code: str, subject_id: UUID, partner_id: UUID, program_id: UUID | None, due_at: datetime, at: datetime) -> None:
    """The time of an invitation is its promise: when it breaks, the invitation expires."""
    if code in ("cosell.invitation", "cosell.vendor_invitation"):
        services.expire_due(at=at)


@job(name="cosell.follow_partner")
def on_partner_status(*, partner_id: UUID, before: str, after: str, at: datetime) -> None:
    """A partner that is gone steps out of everything that is open."""
    if after in GONE:
        services.step_out_everywhere(partner_id=partner_id, at=at)


@job(name="cosell.follow_won_deal")
def on_deal_won(*, registration_id: UUID, number: str, at: datetime, **said: Any) -> None:
    """The deal that an engagement was about is won: so is the engagement."""
    services.end_with_deal(registration_id=registration_id, number=number, is_won=True, at=at)


@job(name="cosell.follow_lost_deal")
def on_deal_lost(*, registration_id: UUID, number: str, at: datetime, reason: str = "", **said: Any) -> None:
    services.end_with_deal(registration_id=registration_id, number=number, is_won=False, reason=reason, at=at)


@job(name="cosell.tell_invited")
def on_invited(*, invitation_id: UUID, engagement_id: UUID, sender_id: UUID, receiver_id: UUID, actor_id: UUID | None, at: datetime) -> None:
    news.invited(invitation_id, engagement_id, sender_id, receiver_id, actor_id, at)


@job(name="cosell.tell_settled")
def on_settled(*, invitation_id: UUID, engagement_id: UUID, sender_id: UUID, receiver_id: UUID, state: str, actor_id: UUID | None, at: datetime) -> None:
    news.settled(invitation_id, engagement_id, sender_id, receiver_id, state, actor_id, at)


@job(name="cosell.tell_moved")
def on_moved(*, engagement_id: UUID, before: str, after: str, actor_id: UUID | None, at: datetime) -> None:
    news.moved(engagement_id, before, after, actor_id, at)


@job(name="cosell.tell_members")
def on_member_changed(*, engagement_id: UUID, party_id: UUID, what: str, actor_id: UUID | None, at: datetime) -> None:
    news.member_changed(engagement_id, party_id, what, actor_id, at)


@job(name="cosell.tell_work")
def on_work_added(*, engagement_id: UUID, work_id: UUID, kind: str, party_id: UUID, audience: str, actor_id: UUID | None, at: datetime) -> None:
    news.work_added(engagement_id, kind, party_id, audience, actor_id, at)


@job(name="cosell.tell_task")
def on_task_moved(*, engagement_id: UUID, task_id: UUID, party_id: UUID, owner_id: UUID, state: str, actor_id: UUID | None, at: datetime) -> None:
    news.task_moved(engagement_id, task_id, party_id, owner_id, state, actor_id, at)


@job(name="cosell.tell_need")
def on_need_moved(*, engagement_id: UUID, need_id: UUID, party_id: UUID, asked_id: UUID, state: str, actor_id: UUID | None, at: datetime) -> None:
    news.need_moved(engagement_id, need_id, party_id, asked_id, state, actor_id, at)
