"""Who gets which answer at every door of the books."""

from datetime import UTC, date, datetime

from openprm.kernel.actor import SYSTEM
from openprm.kernel.scope import system_scope
from openprm.ledger import services as ledger
from openprm.ledger.models import Account
from openprm.ledger.testing import make_entry

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
OUTSIDE = {"partner": 404, "other_partner": 404, "stranger": 302}
API_OUTSIDE = {"partner": 403, "other_partner": 403, "stranger": 401}


def _finance(answer, others=403):
    """Finance and administrators get `answer`, other people of the vendor `others`."""
    return {"vendor_admin": answer, "finance_manager": answer, "partner_manager": others, "marketing_manager": 403, "vendor": others}


READ = {**_finance(200, 200), **OUTSIDE}
UNSAID = {**_finance(422, 422), **OUTSIDE}
WRITE = {**_finance({303, 409, 422}), **OUTSIDE}
FORM = {**_finance(200), **OUTSIDE}
API_READ = {**_finance(200, 200), **API_OUTSIDE}
API_UNSAID = {**_finance(422, 422), **API_OUTSIDE}
API_WRITE = {**_finance({200, 201, 409, 422, 428}), **API_OUTSIDE}

ACCESS = {
    "ledger:overview": READ,
    "ledger:accounts": READ,
    "ledger:account": READ,
    "ledger:entries": READ,
    "ledger:book_by_hand": FORM,
    "ledger:entry": READ,
    "ledger:reverse": WRITE,
    "ledger:periods": READ,
    "ledger:period": READ,
    "ledger:export": READ,
    "ledger:export_file": UNSAID,
    "ledger:codes": READ,
    "ledger:export_settings": FORM,
    "ledger:code": FORM,
    "ledger:portal_statement": {"vendor": 404, "partner": 403, "other_partner": 403, "partner_admin": 200, "other_partner_admin": 200, "stranger": 302},
    "GET /api/v1/books/trial-balance": API_READ,
    "GET /api/v1/books/accounts": API_READ,
    "GET /api/v1/books/statement": {**API_UNSAID, "partner_admin": 422, "other_partner_admin": 422},
    "GET /api/v1/books/entries": API_READ,
    "POST /api/v1/books/entries": API_WRITE,
    "GET /api/v1/books/entries/{uuid:entry_id}": API_READ,
    "POST /api/v1/books/entries/{uuid:entry_id}/reverse": API_WRITE,
    "GET /api/v1/books/periods": API_READ,
    "GET /api/v1/books/periods/{int:year}/{int:month}/closing": API_READ,
    "POST /api/v1/books/periods/{int:year}/{int:month}/close": API_WRITE,
    "GET /api/v1/books/export": API_UNSAID,
    "GET /api/v1/books/codes": API_READ,
    "PUT /api/v1/books/codes/{str:kind}": API_WRITE,
    "GET /api/v1/books/export-settings": API_READ,
    "PUT /api/v1/books/export-settings": API_WRITE,
}  # fmt: skip
BODY = {
    "key": "one", "value_date": "2026-11-20", "memo": "Bank charges",
    "legs": [{"account": "rounding", "amount_minor": 5, "currency": "EUR"}, {"account": "cash.bank", "amount_minor": -5, "currency": "EUR"}],
}  # fmt: skip
SETTINGS = {"datev_consultant": 1001, "datev_client": 7, "datev_account_length": 4, "fiscal_year_start": 1, "xero_tax_rate": "Tax Exempt"}


def _entry(cast):
    with system_scope():
        return {"entry_id": make_entry(cast.partner_id, key="access", at=AT).entry_id}


def _account(cast):
    _entry(cast)
    with system_scope():
        return {"account_id": Account.objects.get(partner_id=cast.partner_id, kind="partner.payable").pk}


def _by_hand(cast):
    legs = (ledger.Leg(account="rounding", amount_minor=5, currency="EUR"), ledger.Leg(account="cash.bank", amount_minor=-5, currency="EUR"))
    with system_scope():
        posted = ledger.post_by_hand(actor=SYSTEM, key="access", legs=legs, value_date=date(2026, 11, 20), memo="Bank charges", at=AT)
    return {"entry_id": posted.entry_id}


def _month(cast):
    _entry(cast)
    return {"year": 2026, "month": 11}


ARGS = {
    "ledger:account": _account,
    "ledger:entry": _entry,
    "ledger:reverse": _by_hand,
    "ledger:period": _month,
    "ledger:code": lambda cast: {"kind": "partner.payable"},
    "POST /api/v1/books/entries": lambda cast: {"body": BODY},
    "GET /api/v1/books/entries/{uuid:entry_id}": _entry,
    "POST /api/v1/books/entries/{uuid:entry_id}/reverse": lambda cast: _by_hand(cast) | {"body": {"reason": "Wrong."}},
    "GET /api/v1/books/periods/{int:year}/{int:month}/closing": _month,
    "POST /api/v1/books/periods/{int:year}/{int:month}/close": lambda cast: _month(cast) | {"body": {"seen": "nothing"}},
    "PUT /api/v1/books/codes/{str:kind}": lambda cast: {"kind": "partner.payable", "body": {"general": "2100"}},
    "PUT /api/v1/books/export-settings": lambda cast: {"body": SETTINGS},
}
