"""Who referred what: for whoever pays for referrals. Read in the system's scope."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from openprm.kernel.money import Money
from openprm.leads.models import Lead, Referral


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidReferral:
    """A lead that a partner passed on and that was taken up. `registration_id` is the deal that came of it, if any."""

    referral_id: UUID
    lead_id: UUID
    number: str
    referrer_id: UUID
    person_id: UUID | None
    holder_id: UUID | None
    registration_id: UUID | None
    company: str
    country: str
    value: Money | None
    answered_on: date | None
    came_by: tuple[str, ...] = ()


def taken_up(*, referral_ids: Iterable[UUID] = (), registration_ids: Iterable[UUID] = ()) -> list[PaidReferral]:
    """Referrals of partners that were taken up, by their ids or by the deals that came of them. One query."""
    rows = Referral.objects.filter(state=Referral.State.TAKEN_UP, referrer__isnull=False).select_related("lead")
    wanted, deals = list(referral_ids), list(registration_ids)
    rows = rows.filter(pk__in=wanted) if wanted else rows.filter(lead__registration_id__in=deals)
    return [_paid(row) for row in rows.order_by("pk")]


def all_taken_up(*, referrer_ids: Iterable[UUID], until: datetime) -> list[PaidReferral]:
    """Every referral of these partners that was taken up by then. One query."""
    rows = Referral.objects.filter(state=Referral.State.TAKEN_UP, referrer__in=list(referrer_ids), answered_at__lte=until).select_related("lead")
    return [_paid(row) for row in rows.order_by("pk")]


def came_by(registration_ids: Iterable[UUID]) -> dict[UUID, tuple[str, ...]]:
    """The words by which the leads of these deals came: source, form or list, campaign, system. One query."""
    rows = Lead.objects.filter(registration_id__in=list(registration_ids))
    return {row.registration_id: _words(row) for row in rows}


def _words(lead: Lead) -> tuple[str, ...]:
    return tuple(word for word in (lead.source, lead.source_detail, lead.campaign, lead.external_source) if word)


def _paid(row: Referral) -> PaidReferral:
    lead: Lead = row.lead
    return PaidReferral(
        referral_id=row.pk,
        lead_id=lead.pk,
        number=lead.number,
        referrer_id=row.referrer_id,
        person_id=row.referred_by_id,
        holder_id=lead.partner_id,
        registration_id=lead.registration_id,
        company=row.company_name,
        country=row.country,
        value=Money(lead.amount_minor, lead.currency) if lead.amount_minor else None,
        answered_on=row.answered_at.date() if row.answered_at else None,
        came_by=_words(lead),
    )
