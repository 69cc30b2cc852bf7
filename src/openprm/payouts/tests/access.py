"""Who gets which answer at each door of the payouts room. A stranger to a payment gets the 404 of a missing one."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from openprm.kernel.ids import new_id
from openprm.kernel.scope import scope, system_scope
from openprm.payouts import services
from openprm.payouts.models import Document, Item, PayingAccount, Payout, Run
from openprm.payouts.testing import make_account, make_form, make_paying, make_ready

AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
READERS = ("vendor_admin", "finance_manager", "partner_manager", "vendor_reader")
FINANCE = ("vendor_admin", "finance_manager")
DONE = {200, 201, 204, 303, 400, 403, 404, 409, 415, 422, 428}


def _row(vendor: Any, partner: Any, other: Any, stranger: int, **named: Any) -> dict[str, Any]:
    return {"vendor": vendor, "partner": partner, "other_partner": other, "stranger": stranger, **named}


def _only(people: tuple[str, ...], status: Any) -> dict[str, Any]:
    return dict.fromkeys(people, status)


SEEN = _row(403, 404, 404, 302, **_only(READERS, 200))


def _worked(status: Any = 303) -> dict[str, Any]:
    return _row(403, 404, 404, 302, **_only(FINANCE, status))


def _set(status: Any) -> dict[str, Any]:
    return _row(403, 404, 404, 302, vendor_admin=status)


def _own(status: Any, other: Any) -> dict[str, Any]:
    return _row(404, 403, 403, 302, partner_admin=status, other_partner_admin=other)


PAGES = {
    **{f"payouts:{name}": SEEN for name in ("desk", "runs", "run", "payments", "payout", "payees", "payee", "advice")},
    "payouts:prepare": _worked(422),
    "payouts:run_approve": _worked({303, 403, 409}),
    "payouts:run_cancel": _worked(422),
    "payouts:run_send": _worked(409),
    "payouts:payout_take_out": _worked(422),
    "payouts:payout_settle": _worked(409),
    "payouts:payout_send_back": _worked(422),
    "payouts:file": _worked(404),
    "payouts:hand_over": _worked(404),
    "payouts:statements": _worked(200),
    "payouts:payee_refresh": _worked(409),
    "payouts:account_start": _worked(303),
    "payouts:account_verify": _worked(422),
    "payouts:account_reject": _worked(422),
    "payouts:form_check": _worked(422),
    "payouts:document": _worked(200),
    "payouts:paying": _set(200),
    "payouts:paying_off": _set(303),
    "payouts:portal_payouts": _own(200, 200),
    "payouts:portal_profile": _own(200, 200),
    "payouts:portal_payee_save": _own(422, 422),
    "payouts:portal_account_enter": _own(422, 422),
    "payouts:portal_account_code": _own(422, {404, 422}),
    "payouts:portal_form_submit": _own(422, 422),
    "payouts:portal_invoice_send": _own(422, 422),
    "payouts:portal_refresh": _own(409, 409),
    "payouts:portal_document": _own(200, 404),
    "payouts:portal_payout": _own(200, 404),
    "payouts:portal_advice": _own(200, 404),
    "payouts:provider_event": _row(409, 409, 409, 409),
}


def _read(status: Any = 200, own: Any = 200, other: Any = 200) -> dict[str, Any]:
    return _row(403, 403, 403, 401, **_only(READERS, status), partner_admin=own, other_partner_admin=other)


def _work() -> dict[str, Any]:
    return _row(403, 403, 403, 401, **_only(FINANCE, DONE))


def _give() -> dict[str, Any]:
    return _row(403, 403, 403, 401, partner_admin=DONE, other_partner_admin=DONE)


def _configure() -> dict[str, Any]:
    return _row(403, 403, 403, 401, vendor_admin=DONE)


RUN, PAYMENT, ACCOUNT = "/api/v1/payout-runs/{uuid:run_id}", "/api/v1/payouts/{uuid:payout_id}", "/api/v1/bank-accounts/{uuid:account_id}"
OPERATIONS = {
    "GET /api/v1/payments-desk": _work(),
    "GET /api/v1/payments-desk/own": _read(404),
    "GET /api/v1/payout-runs": _read(),
    "POST /api/v1/payout-runs": _work(),
    f"GET {RUN}": _read(own=404, other=404),
    f"POST {RUN}/approve": _work(),
    f"POST {RUN}/send": _work(),
    f"POST {RUN}/cancel": _work(),
    "GET /api/v1/payouts": _read(),
    f"GET {PAYMENT}": _read(other=404),
    f"POST {PAYMENT}/take-out": _work(),
    f"POST {PAYMENT}/settle": _work(),
    f"POST {PAYMENT}/send-back": _work(),
    "POST /api/v1/payment-files/{uuid:file_id}/hand-over": _work(),
    "GET /api/v1/bank-statements": _work(),
    "POST /api/v1/bank-statements": _work(),
    "GET /api/v1/payees": _read(),
    "GET /api/v1/payees/{uuid:partner_id}": _read(other=404),
    "PUT /api/v1/payees/own": _give(),
    "POST /api/v1/payees/{uuid:partner_id}/refresh": _read(409, 409, 409),
    "POST /api/v1/bank-accounts": _give(),
    f"GET {ACCOUNT}": _read(other=404),
    f"POST {ACCOUNT}/deposit": _work(),
    f"POST {ACCOUNT}/code": _give(),
    f"POST {ACCOUNT}/verify": _work(),
    f"POST {ACCOUNT}/reject": _work(),
    "POST /api/v1/payee-forms/{uuid:form_id}/check": _work(),
    "POST /api/v1/payee-papers/tax-forms": _give(),
    "POST /api/v1/payee-papers/invoices": _give(),
    "GET /api/v1/paying-accounts": _configure(),
    "POST /api/v1/paying-accounts": _configure(),
    "PUT /api/v1/paying-accounts/{uuid:account_id}": _configure(),
    "DELETE /api/v1/paying-accounts/{uuid:account_id}": _configure(),
}
ACCESS = {**PAGES, **OPERATIONS}


def _payout(cast: Any, state: str = "pending") -> Payout:
    """A payment of one line, as it stands after its run was prepared by somebody else."""
    before = AT - timedelta(days=20)
    account_id = make_ready(cast.partner_admin, cast.finance_manager, cast.partner_id, before)
    with system_scope():
        run = Run.objects.create(pay_on=AT.date(), prepared_at=AT)
        payout = Payout.objects.create(
            run=run, partner_id=cast.partner_id, payee_name="Kallio Digital Oy", amount_minor=120_00, currency="EUR", owed_minor=120_00, owed_currency="EUR",
            method="sepa", bank_account_id=account_id, approved_since=before,
        )  # fmt: skip
        Item.objects.create(
            payout=payout, partner_id=cast.partner_id, source="test", line_id=new_id(), number="E-000001", about="Commission", amount_minor=120_00,
            currency="EUR", approved_at=before,
        )  # fmt: skip
        if state == "processing":
            payout.state = state
            payout.save()
    return payout


def _run(cast: Any) -> dict[str, Any]:
    return {"run_id": _payout(cast).run_id}


def _pending(cast: Any) -> dict[str, Any]:
    return {"payout_id": _payout(cast).pk}


def _moving(cast: Any) -> dict[str, Any]:
    return {"payout_id": _payout(cast, "processing").pk}


def _account(cast: Any) -> dict[str, Any]:
    return {"account_id": make_account(cast.partner_admin, cast.partner_id, AT)}


def _deposited(cast: Any) -> dict[str, Any]:
    found = _account(cast)
    with scope(cast.finance_manager):
        services.start_verifying(actor=cast.finance_manager, at=AT, **found)
    return found


def _form(cast: Any) -> dict[str, Any]:
    return {"form_id": make_form(cast.partner_admin, cast.partner_id, AT, kind="w8bene", number="2345678-9", country="FI")}


def _document(cast: Any) -> dict[str, Any]:
    form_id = _form(cast)["form_id"]
    with system_scope():
        return {"document_id": Document.objects.get(subject_id=form_id).pk}


def _paying(cast: Any) -> dict[str, Any]:
    make_paying(cast.vendor_admin, AT)
    with system_scope():
        return {"account_id": PayingAccount.objects.get(kind="csv").pk}


def _partner(cast: Any) -> dict[str, Any]:
    return {"partner_id": cast.partner_id}


def _no_file(cast: Any) -> dict[str, Any]:
    return {"file_id": UUID(int=7)}


_BY_NAME = {
    _run: ("run", "run_approve", "run_cancel", "run_send"),
    _pending: ("payout", "payout_take_out", "payout_settle", "payout_send_back", "advice"),
    _moving: ("portal_payout", "portal_advice"),
    _account: ("account_start", "account_verify", "account_reject"),
    _deposited: ("portal_account_code",),
    _form: ("form_check",),
    _document: ("document", "portal_document"),
    _paying: ("paying_off",),
    _partner: ("payee", "payee_refresh"),
    _no_file: ("file", "hand_over"),
}
_BY_PARAMETER = {"run_id": _run, "payout_id": _moving, "account_id": _account, "form_id": _form, "partner_id": _partner, "file_id": _no_file}
ARGS = {
    **{f"payouts:{name}": make for make, names in _BY_NAME.items() for name in names},
    **{door: make for door in OPERATIONS for parameter, make in _BY_PARAMETER.items() if f"{{uuid:{parameter}}}" in door},
    **{door: _paying for door in OPERATIONS if "/paying-accounts/{" in door},
    "payouts:provider_event": lambda cast: {"code": "stripe"},
}
