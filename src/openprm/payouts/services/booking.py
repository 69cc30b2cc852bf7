"""What payments do to the books. One entry for each step of a payment, keyed by it, so that none is booked twice."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from openprm.kernel.actor import Actor
from openprm.ledger import services as ledger
from openprm.payouts.models import Payout

PAYABLE, FLIGHT, CASH, FX = "partner.payable", "payouts.in_flight", "cash.bank", "fx.difference"
Change = tuple[str, int, str, UUID | None]


def sent(actor: Actor, payouts: Sequence[Payout], at: datetime) -> None:
    """What is owed is on its way."""
    ledger.post_many(actor=actor, entries=[_entry(one, "sent", _out(one), at) for one in payouts], at=at)


def settled(actor: Actor, payouts: Sequence[Payout], at: datetime) -> None:
    """It arrived: the bank account is lighter."""
    ledger.post_many(actor=actor, entries=[_entry(one, "settled", _arrived(one), at) for one in payouts], at=at)


def failed(actor: Actor, payout: Payout, at: datetime) -> None:
    """It came back on its way: owed again."""
    ledger.post_many(actor=actor, entries=[_entry(payout, "failed", _back(_out(payout)), at)], at=at)


def returned(actor: Actor, payout: Payout, at: datetime) -> None:
    """It came back after it had arrived: in the bank account again, and owed again."""
    ledger.post_many(actor=actor, entries=[_entry(payout, "returned", _summed([*_back(_arrived(payout)), *_back(_out(payout))]), at)], at=at)


def _out(one: Payout) -> list[Change]:
    legs: list[Change] = [(PAYABLE, one.owed_minor, one.owed_currency, one.partner_id), (FLIGHT, -one.amount_minor, one.currency, one.partner_id)]
    if one.currency != one.owed_currency:
        legs += [(FX, -one.owed_minor, one.owed_currency, None), (FX, one.amount_minor, one.currency, None)]
    return legs


def _arrived(one: Payout) -> list[Change]:
    return [(FLIGHT, one.amount_minor, one.currency, one.partner_id), (CASH, -one.amount_minor, one.currency, None)]


def _back(legs: Sequence[Change]) -> list[Change]:
    return [(account, -minor, currency, owner) for account, minor, currency, owner in legs]


def _summed(legs: Sequence[Change]) -> list[Change]:
    found: dict[tuple[str, str, UUID | None], int] = {}
    for account, minor, currency, owner in legs:
        found[account, currency, owner] = found.get((account, currency, owner), 0) + minor
    return [(account, minor, currency, owner) for (account, currency, owner), minor in found.items() if minor]


def _entry(one: Payout, step: str, legs: Sequence[Change], at: datetime) -> ledger.EntryDraft:
    fx = None
    if one.fx_rate is not None and step in ("sent", "failed", "returned"):
        fx = ledger.FxUsed(currency=one.owed_currency, to=one.currency, rate=one.fx_rate, rate_date=one.fx_date, source=one.fx_source)
    return ledger.EntryDraft(
        kind=f"payouts.{step}", key=f"payouts.{step}:{one.pk}", value_date=ledger.open_value_date(at.date()), memo=f"{one.number} {one.payee_name}"[:300],
        legs=tuple(ledger.Leg(account=account, amount_minor=minor, currency=currency, owner_id=owner) for account, minor, currency, owner in legs),
        partner_id=one.partner_id, about=one.pk, fx=fx,
    )  # fmt: skip
