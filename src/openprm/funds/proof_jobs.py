"""What happens after the fact: co-op money follows deals, warns and runs out; people hear of it."""

from datetime import date, datetime
from uuid import UUID

from openprm.funds import proof_news as news
from openprm.funds.services import coop, coop_ends, links
from openprm.kernel.jobs import job
from openprm.kernel.money import Money


@job(name="funds.accrue_from_deal")
def on_deal_won(*, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, at: datetime, account_id: UUID, base_amount_minor: int) -> None:
    coop.accrue(registration_id=registration_id, at=at)


@job(name="funds.take_back_canceled_deal")
def on_deal_canceled(*, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, at: datetime, reason: str) -> None:
    coop.follow_deal(registration_id=registration_id, cause="canceled", at=at)


@job(name="funds.follow_amended_deal")
def on_deal_amended(
    *, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, at: datetime, amendment_id: UUID, state: str, automatic: bool,
    new_registration_id: UUID | None,
) -> None:  # fmt: skip
    if state == "applied":
        coop.follow_deal(registration_id=registration_id, cause=f"amendment {amendment_id}", at=at)


@job(name="funds.count_lead_for_its_deal")
def on_lead_converted(*, lead_id: UUID, number: str, actor_id: UUID | None, at: datetime, partner_id: UUID, registration_id: UUID) -> None:
    links.lead_became_deal(lead_id=lead_id, registration_id=registration_id)


@job(name="funds.tell_booked")
def on_booked(
    *, line_id: UUID, partner_id: UUID, registration_id: UUID, kind: str, amount_minor: int, currency: str, actor_id: UUID | None, at: datetime
) -> None:  # fmt: skip
    news.tell_booked(line_id, at)


@job(name="funds.tell_expiring")
def on_expiring(*, partner_id: UUID, amount_minor: int, currency: str, days: int, expires_on: date, at: datetime) -> None:
    news.tell_expiring(partner_id, Money(amount_minor, currency), days, expires_on, at)


@job(name="funds.tell_ran_out")
def on_ran_out(*, partner_id: UUID, amount_minor: int, currency: str, at: datetime) -> None:
    news.tell_ran_out(partner_id, Money(amount_minor, currency), at)


@job(name="funds.tell_extension_asked")
def on_extension_asked(*, extension_id: UUID, partner_id: UUID, actor_id: UUID | None, at: datetime) -> None:
    news.tell_asked(extension_id, at)


@job(name="funds.tell_extension_answered")
def on_extension_answered(*, extension_id: UUID, partner_id: UUID, state: str, actor_id: UUID | None, at: datetime) -> None:
    if state in ("granted", "refused"):
        news.tell_answered(extension_id, at)


@job(name="funds.warn_of_coop_ends", every="20 6 * * *", lock="funds.warn_of_coop_ends")
def warn_of_ends(*, at: datetime) -> None:
    coop_ends.warn(at=at)


@job(name="funds.expire_coop", every="40 2 * * *", lock="funds.expire_coop")
def expire_coop(*, at: datetime) -> None:
    coop_ends.expire(at=at)
