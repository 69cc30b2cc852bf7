"""What the queue runs for funds: warnings and ends, and the news to both sides."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.funds import news, services
from openprm.kernel.jobs import job
from openprm.kernel.money import Money, format_money

AT_ONCE = 200


@job(name="funds.warn_deadlines", every="20 5 * * *", lock="funds.warn_deadlines")
def warn_deadlines(*, at: datetime) -> None:
    if services.warn_due(at=at) >= AT_ONCE:
        warn_deadlines.defer()


@job(name="funds.expire", every="40 5 * * *", lock="funds.expire")
def expire(*, at: datetime) -> None:
    """Release what nobody claimed in time and close funds that ended; a full batch is followed by another."""
    if services.expire_due(at=at) >= AT_ONCE:
        expire.defer()


@job(name="funds.partner_left")
def on_partner_left(*, partner_id: UUID, offboarding_id: UUID, at: datetime) -> None:
    services.close_funds_of(partner_id=partner_id, at=at)


@job(name="funds.tell_allocated")
def on_allocated(*, partner_id: UUID, actor_id: UUID | None, at: datetime, allocation_id: UUID, number: str, delta_minor: int, currency: str) -> None:
    if delta_minor:
        news.tell_allocated(partner_id, allocation_id, Money(delta_minor, currency), actor_id, at)


@job(name="funds.tell_requested")
def on_requested(*, request_id: UUID, actor_id: UUID | None, at: datetime, amount_minor: int, currency: str, **_told: Any) -> None:
    news.tell_approvers(request_id, None, Money(amount_minor, currency), actor_id, at)


@job(name="funds.tell_step")
def on_step(*, request_id: UUID, claim_id: UUID | None, actor_id: UUID | None, at: datetime, amount_minor: int, currency: str, **_told: Any) -> None:
    news.tell_approvers(request_id, claim_id, Money(amount_minor, currency), actor_id, at)


@job(name="funds.tell_approved")
def on_approved(
    *, partner_id: UUID, request_id: UUID, number: str, actor_id: UUID | None, at: datetime, amount_minor: int, currency: str
) -> None:  # fmt: skip
    url = reverse("funds:portal_request", args=[request_id])
    body = _("It is reserved for you. Keep the proofs that the request names.")
    news.tell_answer(partner_id, "funds.approved", number, Money(amount_minor, currency), body, url, request_id, actor_id, at)


@job(name="funds.tell_refused")
def on_refused(
    *, partner_id: UUID, request_id: UUID, number: str, actor_id: UUID | None, at: datetime, amount_minor: int, currency: str, final: bool, reason: str
) -> None:  # fmt: skip
    url = reverse("funds:portal_request", args=[request_id])
    body = reason if final else _("%(reason)s You can change it and send it again.") % {"reason": reason}
    news.tell_answer(partner_id, "funds.refused", number, Money(amount_minor, currency), body, url, request_id, actor_id, at)


@job(name="funds.tell_released")
def on_released(
    *, partner_id: UUID, request_id: UUID, number: str, actor_id: UUID | None, at: datetime, amount_minor: int, currency: str, expired: bool
) -> None:  # fmt: skip
    news.tell_released(partner_id, request_id, number, Money(amount_minor, currency), expired, actor_id, at)


@job(name="funds.tell_claimed")
def on_claimed(*, request_id: UUID, claim_id: UUID, actor_id: UUID | None, at: datetime, amount_minor: int, currency: str, **_told: Any) -> None:
    news.tell_approvers(request_id, claim_id, Money(amount_minor, currency), actor_id, at)


@job(name="funds.tell_claim_approved")
def on_claim_approved(
    *, partner_id: UUID, claim_id: UUID, claim_number: str, actor_id: UUID | None, at: datetime, amount_minor: int, currency: str, **_told: Any
) -> None:  # fmt: skip
    url = reverse("funds:portal_claim", args=[claim_id])
    news.tell_answer(partner_id, "funds.claim_approved", claim_number, Money(amount_minor, currency), "", url, claim_id, actor_id, at)


@job(name="funds.tell_claim_refused")
def on_claim_refused(
    *, partner_id: UUID, claim_id: UUID, claim_number: str, actor_id: UUID | None, at: datetime, amount_minor: int, currency: str, final: bool,
    reason: str, **_told: Any,
) -> None:  # fmt: skip
    url = reverse("funds:portal_claim", args=[claim_id])
    body = reason if final else _("%(reason)s You can mend it and send it again.") % {"reason": reason}
    news.tell_answer(partner_id, "funds.claim_refused", claim_number, Money(amount_minor, currency), body, url, claim_id, actor_id, at)


@job(name="funds.tell_paid")
def on_paid(
    *, partner_id: UUID, claim_id: UUID, claim_number: str, actor_id: UUID | None, at: datetime, amount_minor: int, currency: str, rest_minor: int,
    **_told: Any,
) -> None:  # fmt: skip
    url = reverse("funds:portal_claim", args=[claim_id])
    body = _("%(rest)s follows.") % {"rest": format_money(Money(rest_minor, currency))} if rest_minor else ""
    news.tell_answer(partner_id, "funds.paid", claim_number, Money(amount_minor, currency), body, url, claim_id, actor_id, at)


@job(name="funds.tell_deadline")
def on_deadline(
    *, partner_id: UUID, actor_id: UUID | None, at: datetime, what: str, subject_id: UUID, title: str, left_minor: int, currency: str, ends_on: date
) -> None:  # fmt: skip
    news.tell_deadline(partner_id, what, subject_id, title, Money(left_minor, currency), ends_on, at)
