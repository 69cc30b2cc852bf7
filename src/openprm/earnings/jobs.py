"""What the queue runs for earnings: the happenings of lower rooms, the calendar, and the news."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.attribution import queries as attribution
from openprm.earnings import news, services
from openprm.kernel.actor import SYSTEM
from openprm.kernel.jobs import job
from openprm.kernel.money import Money


@job(name="earnings.accrue_won")
def on_deal_won(
    *, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, account_id: UUID | None, base_amount_minor: int, at: datetime
) -> None:
    news.not_accrued(services.accrue_won(registration_ids=[registration_id], at=at).refused, at)


@job(name="earnings.accrue_registered")
def on_deal_approved(
    *, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, account_id: UUID | None, automatic: bool, protected_until: datetime | None,
    at: datetime,
) -> None:  # fmt: skip
    news.not_accrued(services.accrue_registered(registration_id=registration_id, at=at).refused, at)


@job(name="earnings.follow_amendment")
def on_amendment(
    *, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, amendment_id: UUID, state: str, automatic: bool,
    new_registration_id: UUID | None, at: datetime,
) -> None:  # fmt: skip
    """A change of a won deal corrects what it earned."""
    if state == "applied":
        services.follow_amendment(registration_id=registration_id, why=_("%(number)s was changed after it was won.") % {"number": number}, at=at)


@job(name="earnings.follow_reopened")
def on_reopened(*, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, reason: str, at: datetime) -> None:
    """A deal that is open again has not earned anything yet."""
    services.follow_amendment(registration_id=registration_id, why=_("%(number)s was opened again: %(why)s") % {"number": number, "why": reason}, at=at)


@job(name="earnings.follow_renewal")
def on_renewal(*, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, renewal_id: UUID, state: str, reason: str, at: datetime) -> None:
    """A renewal is a deal of its own that is won by itself; whatever was missed is caught up with here."""
    if state == "renewed":
        services.catch_up(at=at)


@job(name="earnings.accrue_referral")
def on_referral_answered(*, referral_id: UUID, lead_id: UUID, state: str, referrer_id: UUID | None, at: datetime) -> None:
    if state == "taken_up" and referrer_id:
        news.not_accrued(services.accrue_qualified(referral_id=referral_id, at=at).refused, at)


@job(name="earnings.share_credit")
def on_credit_share(
    *, case_id: UUID, number: str, partner_id: UUID, other_partner_id: UUID | None, actor_id: UUID | None, registration_id: UUID | None, to_partner_id: UUID,
    percent: int, at: datetime,
) -> None:  # fmt: skip
    if registration_id:
        reason = _("Conflict case %(number)s") % {"number": number}
        services.share_credit(registration_id=registration_id, to_partner_id=to_partner_id, percent=percent, reason=reason, at=at)


@job(name="earnings.credit_late_answer")
def on_late_answer(
    *, registration_id: UUID, partner_id: UUID, number: str, remedy: str, credit_minor: int, currency: str, clause: str, clause_text: str, at: datetime,
    **_told: Any,
) -> None:  # fmt: skip
    """We answered late, and the published rule credits an amount for it."""
    if remedy == "credit":
        services.credit_late_answer(
            registration_id=registration_id, partner_id=partner_id, number=number, credit_minor=credit_minor, currency=currency, clause=clause,
            clause_text=clause_text, at=at,
        )  # fmt: skip


@job(name="earnings.accrue_usage")
def on_usage(
    *, credit_id: UUID, line_id: UUID, partner_id: UUID, customer_key: str, customer_name: str, product_line_id: UUID | None, service_month: date,
    booked_month: date, percent: str, amount_minor: int, currency: str, at: datetime,
) -> None:  # fmt: skip
    done = services.accrue_usage(
        line_id=credit_id, partner_id=partner_id, customer=customer_name, customer_key=customer_key, product_line_id=product_line_id,
        service_month=service_month, booked_month=booked_month, money=Money(amount_minor, currency), at=at,
    )  # fmt: skip
    news.not_accrued(done.refused, at)


@job(name="earnings.accrue_helped")
def on_help_confirmed(*, claim_id: UUID, partner_id: UUID, state: str, answered_side: str, actor_id: UUID | None, at: datetime) -> None:
    """Both sides say that a partner helped: a plan may pay for it, whether a deal comes of it or not."""
    if state == "confirmed":
        helped = services.helped_of(attribution.claim(SYSTEM, claim_id, at))
        news.not_accrued(services.accrue_helped(helped=helped, at=at).refused, at)


@job(name="earnings.release_due", every="*/15 * * * *", lock="earnings.release_due")
def release_due(*, at: datetime) -> None:
    if services.release_due(at=at) >= 500:
        release_due.defer()


@job(name="earnings.by_the_calendar", every="20 2 * * *", lock="earnings.by_the_calendar")
def by_the_calendar(*, at: datetime) -> None:
    """Retainers and rebates, won deals, usage and confirmed help that were missed, then the statements of a month that is over."""
    done = services.accrue_past(at=at) + services.catch_up(at=at) + services.catch_up_usage(at=at) + services.catch_up_helped(at=at)
    news.not_accrued(done.refused, at)
    services.seal_last_month(at=at)


@job(name="earnings.forfeit_due", every="40 3 * * *", lock="earnings.forfeit_due")
def forfeit_due(*, at: datetime) -> None:
    """Warn first, forfeit after."""
    services.warn_due(at=at)
    services.forfeit_due(at=at)


@job(name="earnings.tell_accrued")
def on_accrued(*, partner_id: UUID, source_key: str, earning_ids: tuple[UUID, ...], held: int, at: datetime) -> None:
    news.accrued(partner_id, earning_ids, at)


@job(name="earnings.tell_decided")
def on_decided(*, partner_id: UUID, earning_ids: tuple[UUID, ...], state: str, reason: str, actor_id: UUID | None, automatic: bool, at: datetime) -> None:
    news.decided(partner_id, earning_ids, state, reason, at)


@job(name="earnings.tell_clawed_back")
def on_clawed_back(*, partner_id: UUID, earning_id: UUID, clawback_id: UUID | None, reason: str, at: datetime) -> None:
    news.clawed_back(partner_id, clawback_id or earning_id, reason, at)


@job(name="earnings.tell_alert")
def on_alert(*, partner_id: UUID, earning_id: UUID, codes: tuple[str, ...], at: datetime) -> None:
    news.alert(earning_id, codes, at)


@job(name="earnings.tell_forfeiture_warned")
def on_forfeiture_warned(*, partner_id: UUID, earning_ids: tuple[UUID, ...], days: int, forfeits_on: str, cure: str, at: datetime) -> None:
    news.forfeiture(partner_id, earning_ids, "earnings.forfeiture_warned", {"day": forfeits_on, "cure": cure}, at)


@job(name="earnings.tell_forfeited")
def on_forfeited(*, partner_id: UUID, earning_ids: tuple[UUID, ...], cure: str, at: datetime) -> None:
    news.forfeiture(partner_id, earning_ids, "earnings.forfeited", {"day": at.date().isoformat(), "cure": cure}, at)


@job(name="earnings.tell_adjustment")
def on_adjustment(*, adjustment_id: UUID, partner_id: UUID, state: str, actor_id: UUID | None, at: datetime) -> None:
    news.adjustment(adjustment_id, state, actor_id, at)


@job(name="earnings.tell_bounty")
def on_bounty(*, bounty_id: UUID, partner_id: UUID, state: str, actor_id: UUID | None, at: datetime) -> None:
    news.bounty(bounty_id, state, actor_id, at)


@job(name="earnings.tell_statement")
def on_statement(*, statement_id: UUID, partner_id: UUID, month: str, at: datetime) -> None:
    news.statement(statement_id, partner_id, month, at)
