"""Books worth looking at: two closed months, an open one, three currencies."""

from datetime import UTC, date, datetime
from decimal import Decimal

from openprm.kernel.actor import SYSTEM
from openprm.kernel.scope import system_scope
from openprm.ledger import queries as books
from openprm.ledger import services as ledger
from openprm.ledger.models import Account, Entry
from openprm.ledger.services import EntryDraft, FxUsed, Leg


def make_showcase(cast) -> dict[str, object]:
    """For `tests.journeys.shots --prepare`: names that addresses may use."""
    at = datetime(2026, 11, 23, 10, tzinfo=UTC)
    with system_scope():
        for month in (9, 10, 11):
            drafts = [_owed(cast, month, number) for number in range(1, 9)] + [_paid(cast, month)]
            ledger.post_many(actor=SYSTEM, entries=drafts, at=datetime(2026, month, 20, 9, tzinfo=UTC))
        for month in (date(2026, 9, 1),):
            ledger.close_period(actor=SYSTEM, month=month, seen=books.closing(SYSTEM, month, at).seen, at=at)
        legs = (Leg(account="rounding", amount_minor=310, currency="EUR"), Leg(account="cash.bank", amount_minor=-310, currency="EUR"))
        by_hand = ledger.post_by_hand(actor=SYSTEM, key="showcase", legs=legs, value_date=date(2026, 11, 20), memo="Charges of the bank, November", at=at)
        return {
            "account_id": Account.objects.get(partner=cast.partner, kind="partner.payable", currency="EUR").pk, "entry_id": by_hand.entry_id,
            "fx_entry_id": Entry.objects.filter(fx_rate__isnull=False).latest("number").pk,
        }  # fmt: skip


def _owed(cast, month, number):
    owner = (cast.partner.pk, cast.other_partner.pk)[number % 2]
    amount, currency = 12_345 * number * month, ("EUR", "EUR", "EUR", "SEK")[number % 4]
    used = FxUsed(currency="SEK", to="EUR", rate=Decimal("0.0915"), rate_date=date(2026, month, 1), source="ECB") if currency == "SEK" else None
    return EntryDraft(
        kind="earnings.approved", key=f"showcase:{month}:{number}", value_date=date(2026, month, 2 * number), memo="Commission, 8% of net", fx=used,
        legs=(Leg(account="rounding", amount_minor=amount, currency=currency), Leg(account="partner.payable", owner_id=owner, amount_minor=-amount, currency=currency)),
    )  # fmt: skip


def _paid(cast, month):
    amount = 100_000 * month
    return EntryDraft(
        kind="payouts.settled", key=f"showcase:{month}:paid", value_date=date(2026, month, 19), memo="Run of the 19th",
        legs=(Leg(account="partner.payable", owner_id=cast.partner.pk, amount_minor=amount, currency="EUR"), Leg(account="cash.bank", amount_minor=-amount, currency="EUR")),
    )  # fmt: skip
