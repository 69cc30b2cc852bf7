"""Who gets which answer at each door of this room. Another partner gets the 404 of a missing row; people without the right get 403."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from openprm.funds.models import Claim, FundRequest, Settlement
from openprm.funds.testing import activity_of, approve, approve_claim, make_budget, make_claim, make_draft, make_fund, make_kind, make_request, stored
from openprm.funds.tests import access_extras
from openprm.funds.tests.access_extras import AT, _asked, _by, _only, _own, _row
from openprm.kernel.scope import system_scope

MANAGERS = ("vendor_admin", "finance_manager", "marketing_manager")
DECIDERS = ("vendor_admin", "partner_manager", "marketing_manager", "finance_manager")
SETTLERS = ("vendor_admin", "finance_manager")
ASKERS = ("partner_admin", "partner_marketer")
OUTSIDE = {"partner_rep": 403, "partner_technical": 403, "partner_collaborator": 403, "other_partner_rep": 403}


def _api(vendor: Any, partner: Any, other: Any, **named: Any) -> dict[str, Any]:
    return _row(vendor, partner, other, 401, **named)


def _api_by(people: tuple[str, ...], status: Any, **named: Any) -> dict[str, Any]:
    return _api(403, 403, 403, **_only(people, status), **named)


def _api_read(partner: Any = 200, other: Any = 404) -> dict[str, Any]:
    return _api(200, partner, other, **OUTSIDE)


def _api_asks(status: Any, other: Any = 404) -> dict[str, Any]:
    return _api(403, 403, 403, **_only(ASKERS, status), other_partner_admin=other)


SEEN = _row(200, 404, 404)
FIRST = {"vendor_admin": 303, "partner_manager": 303, "marketing_manager": 403, "finance_manager": 403}
PAID = {"vendor_admin": 303, "finance_manager": 303, "partner_manager": 403, "marketing_manager": 403}
PAGES = {
    **{f"funds:{name}": SEEN for name in ("budgets", "budget", "allocations", "allocation", "requests", "request", "claims", "claim")},
    "funds:new_budget": _by(MANAGERS, 200),
    **{f"funds:{name}": _by(MANAGERS, 422) for name in ("budget_change", "budget_ignore", "budget_allocate", "allocation_change", "allocation_close")},
    "funds:request_approve": _row(403, 404, 404, **FIRST),
    "funds:claim_approve": _row(403, 404, 404, **PAID),
    **{f"funds:{name}": _by(DECIDERS, 422) for name in ("request_reject", "request_decline", "claim_reject", "claim_decline", "activity_release")},
    "funds:claim_split": _by(SETTLERS, 422),
    "funds:claim_pay": _by(SETTLERS, 422),
    "funds:approvers": _by(("vendor_admin",), 200),
    "funds:portal_requests": _own(other=200),
    "funds:portal_claims": _own(other=200),
    **{f"funds:portal_{name}": _own() for name in ("request", "claim", "allocation")},
    "funds:portal_new_request": _asked(200, 200),
    "funds:portal_request_change": _asked(422, 404),
    "funds:portal_request_activity": _asked(422, 404),
    "funds:portal_request_activity_remove": _asked(303, 404),
    "funds:portal_request_submit": _asked(303, 404),
    "funds:portal_request_withdraw": _asked(303, 404),
    "funds:portal_claim_new": _asked(200, 404),
    "funds:portal_activity_release": _asked(422, 422),
    "funds:portal_claim_withdraw": _asked(303, 404),
}
BUDGET, FUND = "/api/v1/fund-budgets", "/api/v1/fund-allocations"
REQUEST, CLAIM = "/api/v1/fund-requests", "/api/v1/fund-claims"
OPERATIONS = {
    f"GET {BUDGET}": _api_read(other=200),
    f"POST {BUDGET}": _api_by(MANAGERS, 201),
    f"GET {BUDGET}/{{budget_id}}": _api_read(partner=404),
    f"PATCH {BUDGET}/{{budget_id}}": _api_by(MANAGERS, 200),
    f"POST {BUDGET}/{{budget_id}}/ignore-limits": _api_by(MANAGERS, 200),
    f"GET {FUND}": _api_read(other=200),
    f"POST {FUND}": _api_by(MANAGERS, 201),
    f"GET {FUND}/{{fund_id}}": _api_read(),
    f"PATCH {FUND}/{{fund_id}}": _api_by(MANAGERS, 200),
    f"POST {FUND}/{{fund_id}}/close": _api_by(MANAGERS, 200),
    "GET /api/v1/fund-approvers": _api_by(("vendor_admin",), 200),
    "PUT /api/v1/fund-approvers/{user_id}": _api_by(("vendor_admin",), 204),
    "GET /api/v1/fund-days-to-cash": _api(200, 200, 200, partner_collaborator=403),
    f"GET {REQUEST}": _api_read(other=200),
    f"POST {REQUEST}": _api_asks(201),
    f"GET {REQUEST}/{{request_id}}": _api_read(),
    f"PUT {REQUEST}/{{request_id}}": _api_asks(200),
    f"POST {REQUEST}/{{request_id}}/submit": _api_asks(200),
    f"POST {REQUEST}/{{request_id}}/withdraw": _api_asks(200),
    f"POST {REQUEST}/{{request_id}}/approve": _api_by(("vendor_admin", "partner_manager"), 200),
    f"POST {REQUEST}/{{request_id}}/reject": _api_by(("vendor_admin", "partner_manager"), 200),
    f"POST {REQUEST}/{{request_id}}/decline": _api_by(("vendor_admin", "partner_manager"), 200),
    "POST /api/v1/fund-reservations/{activity_id}/release": _api(
        403, 403, 404, **OUTSIDE, **_only(DECIDERS, 204), **_only(ASKERS, 204)
    ),
    f"GET {CLAIM}": _api_read(other=200),
    f"POST {CLAIM}": _api_asks(201),
    f"GET {CLAIM}/{{claim_id}}": _api_read(),
    f"POST {CLAIM}/{{claim_id}}/withdraw": _api_asks(200),
    **{f"POST {CLAIM}/{{claim_id}}/{verb}": _api_by(SETTLERS, 200) for verb in ("approve", "reject", "decline", "payments")},
    f"PUT {CLAIM}/{{claim_id}}/instalments": _api_by(SETTLERS, 200),
}  # fmt: skip
ACCESS = PAGES | OPERATIONS | access_extras.ACCESS


def _budget(cast: Any) -> UUID:
    return make_budget(at=AT)


def _fund(cast: Any) -> UUID:
    return make_fund(cast.partner.pk, at=AT)


def _draft(cast: Any) -> UUID:
    return make_draft(cast.partner_admin, _fund(cast), make_kind(), at=AT).id


def _sent(cast: Any) -> UUID:
    return make_request(cast.partner_admin, _fund(cast), make_kind(), at=AT)


def _granted(cast: Any) -> UUID:
    request_id = _sent(cast)
    approve(request_id, at=AT)
    return request_id


def _claim(cast: Any) -> UUID:
    return make_claim(cast.partner_admin, _granted(cast), at=AT)


def _owed(cast: Any) -> UUID:
    claim_id = _claim(cast)
    approve_claim(claim_id, at=AT)
    return claim_id


def _activity(request_id: UUID) -> UUID:
    with system_scope():
        return activity_of(request_id).pk


def _with(make: Callable[[Any], UUID], name: str, body: Any = None, model: Any = None) -> Callable[[Any], dict[str, Any]]:
    def args(cast: Any) -> dict[str, Any]:
        row_id = make(cast)
        found: dict[str, Any] = {name: row_id}
        if body is not None:
            found |= {"body": body}
        if model is not None:
            found |= {"headers": {"If-Match": f'"{stored(model, row_id).version}"'}}
        return found

    return args


def _new_request(cast: Any) -> dict[str, Any]:
    fund_id = _fund(cast)
    return {"allocation_id": str(fund_id), "title": "A campaign"}


def _new_claim(cast: Any) -> dict[str, Any]:
    return {"activity_id": str(_activity(_granted(cast))), "spent_minor": 100_000, "currency": "EUR"}


def _changed_request(cast: Any) -> dict[str, Any]:
    request_id = _draft(cast)
    row = stored(FundRequest, request_id)
    body = {"allocation_id": str(row.allocation_id), "title": "Another name"}
    return {"request_id": request_id, "body": body, "headers": {"If-Match": f'"{row.version}"'}}


def _removed(cast: Any) -> dict[str, Any]:
    request_id = _draft(cast)
    return {"request_id": request_id, "activity_id": _activity(request_id)}


def _payment(cast: Any) -> dict[str, Any]:
    claim_id = _owed(cast)
    with system_scope():
        settlement = Settlement.objects.get(claim_id=claim_id)
    return {"claim_id": claim_id, "body": {"settlement_id": str(settlement.pk), "paid_on": AT.date().isoformat(), "reference": "SEPA 7"}}


def _instalments(cast: Any) -> dict[str, Any]:
    claim_id = _owed(cast)
    row = stored(Claim, claim_id)
    body = {"parts": [{"amount_minor": row.approved_minor, "payable_from": "2026-12-24"}]}
    return {"claim_id": claim_id, "body": body, "headers": {"If-Match": f'"{row.version}"'}}


WHY = {"reason": "It does not fit the plan"}
BUDGET_BODY = {"name": "Marketing", "currency": "EUR", "amount_minor": 100, "starts_on": "2026-01-01", "ends_on": "2026-12-31"}
VERSION = {"headers": {"If-Match": '"1"'}}
ARGS = {
    **{f"funds:{name}": _with(_budget, "budget_id") for name in ("budget", "budget_change", "budget_ignore", "budget_allocate")},
    **{f"funds:{name}": _with(_fund, "allocation_id") for name in ("allocation", "allocation_change", "allocation_close", "portal_allocation")},
    **{f"funds:{name}": _with(_sent, "request_id") for name in ("request", "request_approve", "request_reject", "request_decline", "portal_request")},
    **{f"funds:portal_{name}": _with(_draft, "request_id") for name in ("request_change", "request_activity", "request_submit", "request_withdraw")},
    "funds:portal_request_activity_remove": _removed,
    **{
        f"funds:{name}": _with(_claim, "claim_id")
        for name in ("claim", "claim_approve", "claim_reject", "claim_decline", "portal_claim", "portal_claim_withdraw")
    },
    **{f"funds:{name}": _with(_owed, "claim_id") for name in ("claim_split", "claim_pay")},
    **{
        f"funds:{name}": lambda cast: {"activity_id": _activity(_granted(cast))} for name in ("activity_release", "portal_activity_release", "portal_claim_new")
    },
    f"POST {BUDGET}": lambda _cast: {"body": BUDGET_BODY},
    f"GET {BUDGET}/{{budget_id}}": _with(_budget, "budget_id"),
    f"PATCH {BUDGET}/{{budget_id}}": lambda cast: {"budget_id": _budget(cast), "body": {"name": "Other"}, **VERSION},
    f"POST {BUDGET}/{{budget_id}}/ignore-limits": lambda cast: {"budget_id": _budget(cast), "body": WHY, **VERSION},
    f"POST {FUND}": lambda cast: {"body": {"budget_id": str(_budget(cast)), "partner_id": str(cast.partner.pk), "amount_minor": 100}},
    f"GET {FUND}/{{fund_id}}": _with(_fund, "fund_id"),
    f"PATCH {FUND}/{{fund_id}}": lambda cast: {"fund_id": _fund(cast), "body": {"name": "Other"}, **VERSION},
    f"POST {FUND}/{{fund_id}}/close": lambda cast: {"fund_id": _fund(cast), "body": WHY, **VERSION},
    "PUT /api/v1/fund-approvers/{user_id}": lambda cast: {"user_id": cast.users["finance_manager"].pk, "body": {"limit_minor": 500_000}},
    f"POST {REQUEST}": lambda cast: {"body": _new_request(cast)},
    f"GET {REQUEST}/{{request_id}}": _with(_sent, "request_id"),
    f"PUT {REQUEST}/{{request_id}}": _changed_request,
    f"POST {REQUEST}/{{request_id}}/submit": _with(_draft, "request_id", model=FundRequest),
    f"POST {REQUEST}/{{request_id}}/withdraw": _with(_sent, "request_id", model=FundRequest),
    f"POST {REQUEST}/{{request_id}}/approve": _with(_sent, "request_id", {}, FundRequest),
    f"POST {REQUEST}/{{request_id}}/reject": _with(_sent, "request_id", WHY, FundRequest),
    f"POST {REQUEST}/{{request_id}}/decline": _with(_sent, "request_id", WHY, FundRequest),
    "POST /api/v1/fund-reservations/{activity_id}/release": lambda cast: {"activity_id": _activity(_granted(cast)), "body": WHY},
    f"POST {CLAIM}": lambda cast: {"body": _new_claim(cast)},
    f"GET {CLAIM}/{{claim_id}}": _with(_claim, "claim_id"),
    f"POST {CLAIM}/{{claim_id}}/withdraw": _with(_claim, "claim_id", model=Claim),
    f"POST {CLAIM}/{{claim_id}}/approve": _with(_claim, "claim_id", {}, Claim),
    f"POST {CLAIM}/{{claim_id}}/reject": _with(_claim, "claim_id", WHY, Claim),
    f"POST {CLAIM}/{{claim_id}}/decline": _with(_claim, "claim_id", WHY, Claim),
    f"POST {CLAIM}/{{claim_id}}/payments": _payment,
    f"PUT {CLAIM}/{{claim_id}}/instalments": _instalments,
    **access_extras.ARGS,
}
