"""What partners earn for influence: their credit of deals in a locked month, and help that both sides confirmed. In the system's scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from openprm.attribution import queries as attribution
from openprm.earnings.models import SourceEvent
from openprm.earnings.rules.suspicion import Sale, facts
from openprm.earnings.services.accrual import Accrued, Happening, accrue_what_can
from openprm.earnings.services.sales import party_of
from openprm.incentives.rules.model import EarnEvent
from openprm.kernel.actor import SYSTEM
from openprm.kernel.money import Money
from openprm.partners import queries as partners


@dataclass(frozen=True, slots=True, kw_only=True)
class Credited:
    """A partner's final part of one deal; `credit` is its money at the rate of the booking, `outcome` sourced or influenced."""

    month: date
    deal_id: UUID
    number: str
    customer: str
    account_id: UUID | None
    partner_id: UUID
    outcome: str
    credit: Money
    closed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Helped:
    """A claim of help that the other side confirmed."""

    claim_id: UUID
    partner_id: UUID
    kind: str
    customer: str
    account_id: UUID | None
    happened_on: date


def accrue_credited(*, credits: Sequence[Credited], at: datetime) -> Accrued:
    """Earn what plans pay on final credit: the basis is the partner's part, never the whole deal. Safe to repeat."""
    known = _Known({one.partner_id for one in credits}, at)
    return accrue_what_can(actor=SYSTEM, happenings=[_of_credit(one, known) for one in credits], at=at)


def accrue_helped(*, helped: Helped, at: datetime) -> Accrued:
    """Earn what plans pay for help that both sides confirmed, once for each claim. Safe to repeat."""
    return accrue_what_can(actor=SYSTEM, happenings=[_of_help(helped, _Known({helped.partner_id}, at))], at=at)


def catch_up_helped(*, at: datetime, days: int = 120) -> Accrued:
    """Earn what help that was confirmed in the last months has not earned yet, whatever the reason was. Safe to repeat."""
    told = {help_key(one.id): one for one in attribution.confirmed_since(at - timedelta(days=days))}
    paid = set(SourceEvent.objects.filter(source_key__in=list(told)).values_list("source_key", flat=True))
    missed = [helped_of(one) for key, one in told.items() if key not in paid]
    known = _Known({one.partner_id for one in missed}, at)
    return accrue_what_can(actor=SYSTEM, happenings=[_of_help(one, known) for one in missed], at=at)


def helped_of(claim: attribution.ClaimView | attribution.ConfirmedClaim) -> Helped:
    return Helped(
        claim_id=claim.id, partner_id=claim.partner_id, kind=claim.kind, customer=claim.customer, account_id=claim.account_id,
        happened_on=claim.occurred_at.date(),
    )  # fmt: skip


def help_key(claim_id: UUID) -> str:
    return f"help_confirmed:{claim_id}"


class _Known:
    """Program, tier, type and face of several partners."""

    def __init__(self, partner_ids: set[UUID], at: datetime) -> None:
        self.enrollments = partners.enrollments(partner_ids, at)
        self.types = {one: partners.partner(SYSTEM, one).type for one in partner_ids}
        self.parties = {one: party_of(one) for one in partner_ids}

    def happening(self, event: EarnEvent, customer: str, account_id: UUID | None) -> Happening:
        number = event.facts["number"]
        about = f"{number} {customer}".strip()[:200]
        return Happening(event=event, about=about, customer_id=account_id, doubts=facts(self.parties[event.partner_id], Sale(customer=customer)))

    def place(self, partner_id: UUID) -> dict[str, object]:
        enrolled = self.enrollments.get(partner_id)
        return {"program_id": enrolled.program_id if enrolled else None, "tier": enrolled.tier_code if enrolled else ""}


def _of_credit(one: Credited, known: _Known) -> Happening:
    told = {"number": one.number, "customer": one.customer, "channel": one.outcome, "partner_type": known.types[one.partner_id]}
    event = EarnEvent(
        code="deal_credited", source_id=one.deal_id, source_key=f"deal_credited:{one.month:%Y-%m}:{one.deal_id}", partner_id=one.partner_id,
        occurred_on=one.closed_on, net=one.credit, list=one.credit, facts=told, **known.place(one.partner_id),
    )  # fmt: skip
    return known.happening(event, one.customer, one.account_id)


def _of_help(one: Helped, known: _Known) -> Happening:
    told = {"number": "", "customer": one.customer, "channel": one.kind, "partner_type": known.types[one.partner_id]}
    event = EarnEvent(
        code="help_confirmed", source_id=one.claim_id, source_key=help_key(one.claim_id), partner_id=one.partner_id,
        occurred_on=one.happened_on, facts=told, **known.place(one.partner_id),
    )  # fmt: skip
    return known.happening(event, one.customer, one.account_id)
