"""Co-op money that won deals earn: once for each deal, corrected by new lines, every line with its ledger entry."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.deals import queries as deals
from openprm.funds import proof_policies as policies
from openprm.funds.models import AccrualLine, Allocation
from openprm.funds.proof_events import FundsAccrued
from openprm.funds.rules import coop
from openprm.funds.services import allocations
from openprm.funds.services.coop_rates import rate_for
from openprm.funds.services.unit import text
from openprm.kernel import db
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Invalid, NotFound, refuse_if
from openprm.kernel.events import publish
from openprm.kernel.ids import new_id
from openprm.kernel.money import Money, convert
from openprm.ledger import services as ledger
from openprm.partners import queries as partners

KIND = AccrualLine.Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """What every line about one deal holds: its revenue, and the rate that brought it into the currency of the pot."""

    pot: Allocation
    registration_id: UUID
    registration_number: str
    deal: Money
    rate_id: UUID
    percent: Decimal
    fx_rate: Decimal
    fx_date: date
    revenue_minor: int
    expires_on: date
    lot: AccrualLine | None = None

    @classmethod
    def about(cls, lot: AccrualLine, pot: Allocation, deal: Money | None = None) -> "Booking":
        """A line that changes an earlier one, at the rates of that one; `deal` is the revenue of today, when it changed."""
        money = deal or Money(lot.deal_minor, lot.deal_currency)
        revenue = convert(money, to=lot.currency, rate=lot.fx_rate)
        return cls(
            pot=pot, registration_id=lot.registration_id, registration_number=lot.registration_number, deal=money, rate_id=lot.rate_id,
            percent=lot.percent, fx_rate=lot.fx_rate, fx_date=lot.fx_date, revenue_minor=revenue.minor, expires_on=lot.expires_on, lot=lot,
        )  # fmt: skip

    def columns(self) -> dict[str, Any]:
        return {
            "partner_id": self.pot.partner_id, "allocation": self.pot, "lot": self.lot, "registration_id": self.registration_id,
            "registration_number": self.registration_number, "rate_id": self.rate_id, "percent": self.percent, "deal_minor": self.deal.minor,
            "deal_currency": self.deal.currency, "fx_rate": self.fx_rate, "fx_date": self.fx_date, "revenue_minor": self.revenue_minor,
            "currency": self.pot.currency, "expires_on": self.expires_on,
        }  # fmt: skip


@transaction.atomic
def accrue(*, registration_id: UUID, at: datetime) -> UUID | None:
    """Fill the pot from one won deal: once, however often it is called. None when no rate is published for it, or it earns nothing.

    Runs in the system's scope. Raises NoRate when its currency has no exchange rate on the day: the job tries again.
    """
    if has_accrued(registration_id):
        return None
    deal = _deal(registration_id)
    if not deal.is_won or deal.program_id is None or deal.closed_on is None:
        return None
    held = partners.enrollment(deal.partner_id, at, program_id=deal.program_id)
    rate = rate_for(deal.program_id, held.tier_id if held else None, deal.closed_on)
    if rate is None or not rate.percent:
        return None
    currency = partners.program(SYSTEM, deal.program_id).currency
    booked = ledger.convert(deal.amount, to=currency, on=deal.closed_on)
    amount = coop.accrued(booked.money, rate.percent)
    if amount.minor <= 0:
        return None
    pot = allocations.coop_pot(actor=SYSTEM, partner_id=deal.partner_id, program_id=deal.program_id, currency=currency, at=at)
    if has_accrued(registration_id):  # somebody else was faster while we waited for the pot
        return None
    ends = deal.closed_on + timedelta(days=rate.expires_after_days)
    booking = Booking(
        pot=pot, registration_id=deal.id, registration_number=deal.number, deal=deal.amount, rate_id=rate.pk, percent=rate.percent,
        fx_rate=booked.rate.rate, fx_date=booked.rate.rate_date, revenue_minor=booked.money.minor, expires_on=ends,
    )  # fmt: skip
    return book(booking, kind=KIND.ACCRUED, minor=amount.minor, cause="won", at=at)


def has_accrued(registration_id: UUID) -> bool:
    return AccrualLine.objects.filter(registration_id=registration_id, kind=KIND.ACCRUED).exists()


def _deal(registration_id: UUID) -> Any:
    found = deals.deals_worth(SYSTEM, ids=[registration_id])
    if not found:
        raise NotFound()
    return found[0]


def hold_pot(pot_id: UUID) -> Allocation:
    """The pot; whoever changes its lines waits for us until the transaction ends. The row itself is locked by who moves money, budgets first."""
    db.rows("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"funds.coop_lines:{pot_id}"])
    return Allocation.objects.get(pk=pot_id)


@transaction.atomic
def follow_deal(*, registration_id: UUID, cause: str, at: datetime) -> UUID | None:
    """Bring an accrued deal to its revenue of today, or to nothing when it is no longer won, by a new line. Once for each cause. System's scope."""
    lot = AccrualLine.objects.filter(registration_id=registration_id, kind=KIND.ACCRUED).first()
    if lot is None:
        return None
    pot = hold_pot(lot.allocation_id)
    deal = _deal(registration_id)
    revenue = deal.amount if deal.is_won else Money(0, deal.amount.currency)
    return _correct(lot, pot, revenue, cause=cause, note="", actor=SYSTEM, at=at)


@transaction.atomic
def correct(*, actor: Actor, registration_id: UUID, revenue: Money, reason: str, at: datetime) -> UUID:
    """Say what a deal really brought: a new line carries the difference, the old ones stay. Raises NotFound, NotAllowed, Invalid, Conflict."""
    refuse_if(policies.why_not_correct(actor))
    lot = policies.reach_lines(actor).filter(registration_id=registration_id, kind=KIND.ACCRUED).first()
    if lot is None:
        raise NotFound(_("This deal filled no co-op fund."))
    note = text("reason", reason, longest=400)
    if revenue.minor < 0 or revenue.currency != lot.deal_currency:
        raise Invalid(_("The revenue is an amount in %(currency)s, zero or more.") % {"currency": lot.deal_currency}, field="revenue")
    pot = hold_pot(lot.allocation_id)
    made = _correct(lot, pot, revenue, cause=f"correction {lot.changes.count() + 1}", note=note, actor=actor, at=at)
    if made is None:
        raise Conflict(_("Nothing changes: the fund holds this share already, or all of it is reserved or spent."), field="revenue")
    return made


def _correct(lot: AccrualLine, pot: Allocation, revenue: Money, *, cause: str, note: str, actor: Actor, at: datetime) -> UUID | None:
    """The difference at the rates of the day the deal was won. None when there is none, or this cause was booked before."""
    if lot.changes.filter(cause=cause).exists():
        return None
    booking = Booking.about(lot, pot, revenue)
    stands = lot.amount_minor + (lot.changes.filter(kind=KIND.CORRECTED).aggregate(sum=Sum("amount_minor"))["sum"] or 0)
    minor = coop.correction(stands, Money(booking.revenue_minor, pot.currency), lot.percent)
    return book(booking, kind=KIND.CORRECTED, minor=minor, cause=cause, note=note, actor=actor, at=at) if minor else None


def book(booking: Booking, *, kind: str, minor: int, cause: str, at: datetime, actor: Actor = SYSTEM, note: str = "") -> UUID | None:
    """One line with its ledger entry. What cannot be taken back because it is reserved stays, and the note says so."""
    row = AccrualLine(id=new_id(), kind=kind, cause=cause, occurred_on=at.date(), booked_at=at, booked_by_id=actor.user_id, **booking.columns())
    owner = booking.lot.pk if booking.lot else row.registration_id
    memo = f"{row.registration_number}: {row.get_kind_display()}"
    move = {"actor": actor, "allocation_id": booking.pot.pk, "key": f"funds.coop:{owner}:{cause}", "memo": memo, "at": at}
    if minor > 0:
        posted = allocations.top_up(amount_minor=minor, **move)
    else:
        taken, posted = allocations.shrink(amount_minor=-minor, **move)
        note, minor = _kept(note, -minor - taken, row.currency), -taken
    if not minor or posted is None:
        return None
    row.amount_minor, row.entry_id, row.note = minor, posted.entry_id, note
    row.save(force_insert=True)
    return _told(row, actor, at)


def _kept(note: str, rest: int, currency: str) -> str:
    if not rest:
        return note
    kept = _("%(rest)s %(currency)s could not be taken back: reserved or spent.") % {"rest": Money(rest, currency).major, "currency": currency}
    return " ".join(filter(None, (note, kept)))


def _told(row: AccrualLine, actor: Actor, at: datetime) -> UUID:
    after = {"amount_minor": row.amount_minor, "currency": row.currency, "registration": row.registration_number, "percent": str(row.percent)}
    refs = (row.pk, row.partner_id, row.allocation_id, row.registration_id)
    audit.record(
        actor, f"fund_coop.{row.kind}", row, before={}, after=after, refs=refs, visible_to=(row.partner_id,), note=row.registration_number, at=at
    )  # fmt: skip
    if row.kind != KIND.EXPIRED:
        publish(
            FundsAccrued(
                line_id=row.pk, partner_id=row.partner_id, registration_id=row.registration_id, kind=str(row.kind), amount_minor=row.amount_minor,
                currency=row.currency, actor_id=actor.user_id, at=at,
            )
        )  # fmt: skip
    return row.pk
