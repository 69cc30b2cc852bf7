"""The books: what stood at the bank at first, charges by hand, the accountant's numbers, old months closed in their order. Told after all that posts."""

from datetime import UTC, datetime, time, timedelta

from openprm.demo.stage import Stage
from openprm.ledger import queries as books
from openprm.ledger import services as ledger
from openprm.ledger.rules.periods import last_day
from openprm.ledger.services import Leg, OpeningBalance

CHARGES = ((270, 1_240), (180, 1_385), (90, 1_410), (20, 990))
LEFT_OPEN = timedelta(days=45)
NOTE = "What is still in review was shown to the controller; it is booked when it is decided."


def tell(stage: Stage) -> None:
    _open_the_books(stage)
    for days_ago, cents in CHARGES:
        _charge(stage, days_ago, cents)
    at = stage.at(days_ago=85, hour=10)
    with stage.acting(stage.admin, at) as admin:
        ledger.save_codes(actor=admin, kind="partner.payable", codes={"": "3501", "quickbooks": "Partner payables"}, at=at)
        changes = {"datev_consultant": 29098, "datev_client": 55003, "datev_account_length": 4, "fiscal_year_start": 1, "xero_tax_rate": "Tax Exempt"}
        ledger.save_export_settings(actor=admin, changes=changes, at=at)
    _close_old_months(stage)


def _open_the_books(stage: Stage) -> None:
    """What stood at the bank on the first day."""
    at = stage.at(days_ago=400, hour=9)
    balance = OpeningBalance(external_id="bank", account="cash.bank", amount_minor=850_000_00, currency="EUR", value_date=at.date(), memo="Balance at the bank")
    with stage.acting(stage.admin, at) as admin:
        ledger.bring_in(actor=admin, source="first-day", balances=(balance,), at=at)


def _charge(stage: Stage, days_ago: int, cents: int) -> None:
    at = stage.at(days_ago=days_ago, hour=15)
    legs = (Leg(account="rounding", amount_minor=cents, currency="EUR"), Leg(account="cash.bank", amount_minor=-cents, currency="EUR"))
    with stage.acting(stage.admin, at) as admin:
        ledger.post_by_hand(actor=admin, key=f"charges-{days_ago}", legs=legs, value_date=at.date(), memo="Charges of the bank for the quarter", at=at)


def _close_old_months(stage: Stage) -> None:
    with stage.acting(stage.admin, stage.until) as admin:
        months = sorted(one.month for one in books.periods(admin, stage.until) if last_day(one.month) < (stage.until - LEFT_OPEN).date())
    for month in months:
        at = datetime.combine(last_day(month) + timedelta(days=6), time(14, 20), tzinfo=UTC)
        with stage.acting(stage.admin, at) as admin:
            found = books.closing(admin, month, at)
            ledger.close_period(actor=admin, month=month, seen=found.seen, note=NOTE if found.count else "", at=at)
