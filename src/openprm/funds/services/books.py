"""What funds write into the ledger: one entry for each change of state, under a key of its own."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from openprm.funds import accounts
from openprm.funds.models import Allocation, Budget, Claim, FundRequest, Settlement
from openprm.kernel.actor import Actor
from openprm.kernel.money import Money
from openprm.ledger import services as ledger
from openprm.ledger.services import FxUsed, Leg, Posted


def budget_set(actor: Actor, budget: Budget, delta: int, at: datetime) -> None:
    """A root is authorised; a budget below takes from the one above it."""
    source = Leg(account=accounts.UNALLOCATED, subject_id=budget.parent_id, amount_minor=-delta, currency=budget.currency)
    if budget.parent_id is None:
        source = Leg(account=accounts.BUDGET, subject_id=budget.pk, amount_minor=-delta, currency=budget.currency)
    target = Leg(account=accounts.UNALLOCATED, subject_id=budget.pk, amount_minor=delta, currency=budget.currency)
    _post(actor, "funds.budget_set", f"funds.budget:{budget.pk}:{budget.version}", (target, source), about=budget.pk, memo=str(budget), at=at)


def allocated(actor: Actor, fund: Allocation, delta: int, at: datetime) -> None:
    source = Leg(account=accounts.UNALLOCATED, subject_id=fund.budget_id, amount_minor=-delta, currency=fund.currency)
    kind = "funds.allocated" if delta > 0 else "funds.returned"
    _post(actor, kind, f"funds.allocation:{fund.pk}:{fund.version}", (_available(fund, delta), source), about=fund.pk, memo=str(fund), at=at)


def accrued(actor: Actor, fund: Allocation, root_id: UUID, delta: int, key: str, memo: str, at: datetime) -> Posted | None:
    """Co-op money comes from outside of every budget: the root is authorised by as much as the fund gets."""
    source = Leg(account=accounts.BUDGET, subject_id=root_id, amount_minor=-delta, currency=fund.currency)
    return _post(actor, "funds.accrued", key, (_available(fund, delta), source), about=fund.pk, memo=memo, at=at)


def reserved(actor: Actor, request: FundRequest, minor: int, at: datetime) -> None:
    fund = request.allocation
    legs = (_reserved(fund, minor), _available(fund, -minor))
    _post(actor, "funds.reserved", f"funds.reserved:{request.pk}:{request.round}", legs, about=request.pk, memo=request.number, at=at)


def released(actor: Actor, fund: Allocation, request_id: UUID, minor: int, key: str, memo: str, at: datetime) -> None:
    _post(actor, "funds.released", key, (_available(fund, minor), _reserved(fund, -minor)), about=request_id, memo=memo, at=at)


def claim_approved(actor: Actor, claim: Claim, fund: Allocation, root_id: UUID, at: datetime) -> None:
    """The expense and what is owed for it; and the reservation that is used up, against what was authorised."""
    minor, currency = claim.approved_minor, claim.fund_currency
    legs = (
        Leg(account=accounts.EXPENSE, subject_id=fund.pk, owner_id=claim.partner_id, amount_minor=minor, currency=currency),
        Leg(account=accounts.PAYABLE, owner_id=claim.partner_id, amount_minor=-minor, currency=currency),
        Leg(account=accounts.BUDGET, subject_id=root_id, amount_minor=minor, currency=currency),
        _reserved(fund, -minor),
    )
    _post(actor, "funds.claim_approved", f"funds.claim_approved:{claim.pk}", legs, about=claim.pk, memo=claim.number, at=at)


def paid(actor: Actor, settlement: Settlement, claim: Claim, rate: FxUsed | None, at: datetime) -> None:
    """A payment outside of the payout runs; in another currency both sides of the conversion meet in exchange differences."""
    owed, moved = settlement.fund_minor, Money(settlement.amount_minor, settlement.currency)
    payable = Leg(account=accounts.PAYABLE, owner_id=claim.partner_id, amount_minor=owed, currency=claim.fund_currency)
    bank = Leg(account=accounts.BANK, amount_minor=-moved.minor, currency=moved.currency)
    legs: tuple[Leg, ...] = (payable, bank)
    if moved.currency != claim.fund_currency:
        out = Leg(account="fx.difference", amount_minor=-owed, currency=claim.fund_currency)
        legs = (payable, out, Leg(account="fx.difference", amount_minor=moved.minor, currency=moved.currency), bank)
    _post(actor, "funds.paid", f"funds.paid:{settlement.pk}", legs, about=claim.pk, memo=str(settlement), fx=rate, at=at)


def _available(fund: Allocation, minor: int) -> Leg:
    return Leg(account=accounts.AVAILABLE, owner_id=fund.partner_id, subject_id=fund.pk, amount_minor=minor, currency=fund.currency)


def _reserved(fund: Allocation, minor: int) -> Leg:
    return Leg(account=accounts.RESERVED, owner_id=fund.partner_id, subject_id=fund.pk, amount_minor=minor, currency=fund.currency)


def _post(
    actor: Actor, kind: str, key: str, legs: Sequence[Leg], *, about: UUID, memo: str, at: datetime, fx: FxUsed | None = None
) -> Posted | None:  # fmt: skip
    """Into the first open month from today on. A change of nothing is no entry."""
    if not any(leg.amount_minor for leg in legs):
        return None
    day = ledger.open_value_date(at.date())
    return ledger.post(actor=actor, kind=kind, key=key, legs=legs, value_date=day, memo=memo[:300], about=about, fx=fx, at=at)
