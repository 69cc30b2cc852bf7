"""What the queue runs for payouts: payments to the provider, clocks, forms that end, and the news to both sides."""

from datetime import datetime
from uuid import UUID

from openprm.kernel.jobs import job
from openprm.payouts import news, services


@job(name="payouts.pay")
def pay(*, payout_id: UUID, at: datetime) -> None:
    """One payment to the provider; safe to run again."""
    services.pay(payout_id=payout_id, at=at)


@job(name="payouts.take_back")
def take_back(*, payout_id: UUID, reason: str, at: datetime) -> None:
    services.take_back(payout_id=payout_id, reason=reason, at=at)


@job(name="payouts.sweep", every="*/10 * * * *", lock="payouts.sweep")
def sweep(*, at: datetime) -> None:
    """Take up payments that were claimed and never reached the provider, each in a job of its own."""
    for payout_id in services.unsent(at=at):
        pay.defer(payout_id=payout_id)


@job(name="payouts.watch", every="*/15 * * * *", lock="payouts.watch")
def watch(*, at: datetime) -> None:
    services.watch(at=at)


@job(name="payouts.expire_forms", every="30 4 * * *", lock="payouts.expire_forms")
def expire_forms(*, at: datetime) -> None:
    if services.expire_forms(at=at) >= 500:
        expire_forms.defer()


@job(name="payouts.tell_account_entered")
def on_account_entered(*, account_id: UUID, partner_id: UUID, actor_id: UUID | None, changed: bool, at: datetime) -> None:
    news.account_entered(account_id=account_id, partner_id=partner_id, actor_id=actor_id, changed=changed, at=at)


@job(name="payouts.tell_account_moved")
def on_account_moved(*, account_id: UUID, partner_id: UUID, state: str, actor_id: UUID | None, at: datetime) -> None:
    news.account_moved(account_id=account_id, partner_id=partner_id, state=state, actor_id=actor_id, at=at)


@job(name="payouts.tell_form_moved")
def on_form_moved(*, form_id: UUID, partner_id: UUID, state: str, actor_id: UUID | None, at: datetime) -> None:
    news.form_moved(form_id=form_id, partner_id=partner_id, state=state, actor_id=actor_id, at=at)


@job(name="payouts.tell_form_ending")
def on_form_ending(*, form_id: UUID, partner_id: UUID, days: int, at: datetime) -> None:
    news.form_ending(form_id=form_id, partner_id=partner_id, days=days, at=at)


@job(name="payouts.tell_run_prepared")
def on_run_prepared(*, run_id: UUID, actor_id: UUID | None, at: datetime) -> None:
    news.run_prepared(run_id=run_id, actor_id=actor_id, at=at)


@job(name="payouts.tell_run_approved")
def on_run_approved(*, run_id: UUID, actor_id: UUID | None, at: datetime) -> None:
    news.run_approved(run_id=run_id, actor_id=actor_id, at=at)


@job(name="payouts.tell_held")
def on_held(*, run_id: UUID, partner_id: UUID, currency: str, at: datetime) -> None:
    news.held(run_id=run_id, partner_id=partner_id, currency=currency, at=at)


@job(name="payouts.tell_sent")
def on_sent(*, payout_id: UUID, partner_id: UUID, at: datetime) -> None:
    news.payout_moved(payout_id=payout_id, partner_id=partner_id, kind="sent", at=at)


@job(name="payouts.tell_completed")
def on_completed(*, payout_id: UUID, partner_id: UUID, at: datetime) -> None:
    news.payout_moved(payout_id=payout_id, partner_id=partner_id, kind="completed", at=at)


@job(name="payouts.tell_failed")
def on_failed(*, payout_id: UUID, partner_id: UUID, reason: str, at: datetime) -> None:
    news.payout_moved(payout_id=payout_id, partner_id=partner_id, kind="failed", at=at)
