"""What the queue runs for attribution."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from openprm.attribution import news, services
from openprm.kernel.jobs import job


@job(name="attribution.collect", every="35 * * * *", lock="attribution.collect")
def collect(*, at: datetime) -> None:
    services.collect(at=at)


@job(name="attribution.compute", every="10 4 * * *", lock="attribution.compute")
def compute(*, at: datetime) -> None:
    """What happened up to now, then every month that is open, and what locked months would say by now."""
    services.collect(at=at)
    services.compute_due(at=at)
    services.correct(at=at)
    services.push_again(at=at)


@job(name="attribution.assign", lock="attribution.assign")
def on_locked(*, run_id: UUID, month: date, actor_id: UUID | None, at: datetime) -> None:
    """The credit of a locked month goes to deals, money and CRM: an event for each deal, and everything at once to who takes it so."""
    services.assign(run_id=run_id, at=at)
    services.push(run_id=run_id, at=at)


@job(name="attribution.tell_claimed")
def on_claimed(*, claim_id: UUID, partner_id: UUID, side: str, actor_id: UUID | None, at: datetime) -> None:
    news.claimed(claim_id, partner_id, side, actor_id, at)


@job(name="attribution.tell_claim_answered")
def on_claim_answered(*, claim_id: UUID, partner_id: UUID, state: str, answered_side: str, actor_id: UUID | None, at: datetime) -> None:
    news.claim_answered(claim_id, partner_id, state, answered_side, actor_id, at)


@job(name="attribution.tell_disputed")
def on_disputed(*, dispute_id: UUID, partner_id: UUID, actor_id: UUID | None, at: datetime, **_told: Any) -> None:
    news.disputed(dispute_id, actor_id, at)


@job(name="attribution.tell_dispute_answered")
def on_dispute_answered(*, dispute_id: UUID, partner_id: UUID, state: str, actor_id: UUID | None, at: datetime) -> None:
    news.dispute_answered(dispute_id, partner_id, state, actor_id, at)
