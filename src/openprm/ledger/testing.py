"""Builders that tests of all rooms may use."""

from datetime import date, datetime
from uuid import UUID

from openprm.kernel.actor import SYSTEM
from openprm.ledger import services as ledger
from openprm.ledger.services import Leg, Posted


def make_entry(
    partner_id: UUID, *, key: str, amount_minor: int = 1250, currency: str = "EUR", day: date = date(2026, 11, 20), memo: str = "", at: datetime
) -> Posted:
    """An entry that owes a partner something. Inside system_scope()."""
    legs = (
        Leg(account="rounding", amount_minor=amount_minor, currency=currency),
        Leg(account="partner.payable", owner_id=partner_id, amount_minor=-amount_minor, currency=currency),
    )
    return ledger.post(actor=SYSTEM, kind="test.owed", key=key, legs=legs, value_date=day, memo=memo, at=at)
