"""Who gets which answer at the doors of the catalogue, proofs, co-op money, deadlines and returns."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from openprm.deals import services as deals
from openprm.deals.testing import make_approved, make_catalogue
from openprm.funds.models import AccrualLine
from openprm.funds.services.catalogue import save_kind
from openprm.funds.services.coop import accrue
from openprm.funds.services.coop_rates import publish_rate
from openprm.funds.services.extensions import ask_extension
from openprm.funds.services.links import link
from openprm.funds.services.proofs import add_proof
from openprm.funds.testing import activity_of, approve, make_fund, make_request
from openprm.kernel.money import Money
from openprm.kernel.scope import scope, system_scope

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SETTERS = ("vendor_admin", "finance_manager", "marketing_manager")
DECIDERS = ("vendor_admin", "finance_manager", "partner_manager")
LINKERS = ("vendor_admin", "partner_manager", "marketing_manager", "finance_manager")
ASKERS = ("partner_admin", "partner_marketer")
OUTSIDE = {"partner_rep": 403, "partner_technical": 403, "partner_collaborator": 403}
DONE = {200, 201, 204, 303, 400, 403, 404, 409, 415, 422, 428}


def _row(vendor: Any, partner: Any, other: Any, stranger: int = 302, **named: Any) -> dict[str, Any]:
    return {"vendor": vendor, "partner": partner, "other_partner": other, "stranger": stranger, **named}


def _only(people: tuple[str, ...], status: Any) -> dict[str, Any]:
    return dict.fromkeys(people, status)


SEEN = _row(200, 404, 404)


def _by(people: tuple[str, ...], status: Any) -> dict[str, Any]:
    return _row(403, 404, 404, **_only(people, status))


def _own(status: Any = 200, other: Any = 404, **named: Any) -> dict[str, Any]:
    """A page of the partner that everybody reads who handles its funds; the other partner's people who may not see funds get 403."""
    return _row(404, status, other, **OUTSIDE, other_partner_rep=403, **named)


def _asked(status: Any, other: Any) -> dict[str, Any]:
    return _row(404, 403, 403, **_only(ASKERS, status), other_partner_admin=other)


PAGES = {
    **{f"funds:{name}": SEEN for name in ("kinds", "kind", "activity_proofs", "proof", "coop", "extensions", "extension", "returns", "request_links")},
    "funds:kind_new": _by(SETTERS, 200),
    "funds:kind_edit": _by(SETTERS, 200),
    "funds:kind_switch": _by(SETTERS, 303),
    "funds:rate_publish": _by(SETTERS, 200),
    "funds:coop_correct": _by(SETTERS, 200),
    "funds:extension_answer": _by(DECIDERS, 422),
    "funds:returns_assume": _by(SETTERS, 422),
    "funds:request_links_remove": _by(LINKERS, 303),
    "funds:portal_wallet": _own(other=200),
    "funds:portal_kinds": _own(other=200),
    "funds:portal_kind": _own(other=200),
    "funds:portal_coop": _own(other=200),
    "funds:portal_activity_proofs": _own(),
    "funds:portal_proof": _own(),
    "funds:portal_request_links": _own(),
    "funds:portal_proof_add": _asked(422, 404),
    "funds:portal_proof_remove": _asked(303, 404),
    "funds:portal_extend_activity": _asked(200, 404),
    "funds:portal_extend_fund": _asked(200, 404),
    "funds:portal_extension_withdraw": _asked(303, 404),
    "funds:portal_request_links_remove": _asked(303, 404),
}


def _read(other: Any = 404, **named: Any) -> dict[str, Any]:
    return _row(200, 200, other, 401, **OUTSIDE, other_partner_rep=403, **named)


def _set(people: tuple[str, ...]) -> dict[str, Any]:
    return _row(403, 403, 403, 401, **_only(people, DONE))


def _hand(vendor: Any = 403) -> dict[str, Any]:
    return _row(vendor, 403, 403, 401, **_only(ASKERS, DONE), other_partner_admin=DONE)


def _share() -> dict[str, Any]:
    return _row(403, 403, 403, 401, **_only((*LINKERS, *ASKERS), DONE), other_partner_admin=DONE)


KIND, ACTIVITY = "/api/v1/fund-activity-types/{uuid:kind_id}", "/api/v1/fund-activities/{uuid:activity_id}"
LATER = "/api/v1/fund-extensions/{uuid:extension_id}"
SIMULATED = {"vendor": 422, "partner": 422, "other_partner": 422, "stranger": 401, **OUTSIDE, "other_partner_rep": 403}
OPERATIONS = {
    "GET /api/v1/fund-activity-types": _read(200),
    "POST /api/v1/fund-activity-types": _set(SETTERS),
    f"GET {KIND}": _read(200),
    f"PUT {KIND}": _set(SETTERS),
    f"POST {KIND}/simulate": SIMULATED,
    f"GET {ACTIVITY}/proofs": _read(),
    f"POST {ACTIVITY}/proofs": _hand(),
    f"POST {ACTIVITY}/simulate": SIMULATED,
    "DELETE /api/v1/fund-proofs/{uuid:proof_id}": _hand(),
    "GET /api/v1/fund-accrual-rates": _read(200),
    "POST /api/v1/fund-accrual-rates": _set(SETTERS),
    "GET /api/v1/fund-accruals": _read(200),
    "POST /api/v1/fund-accruals/corrections": _set(SETTERS),
    "GET /api/v1/fund-extensions": _read(200),
    "POST /api/v1/fund-extensions": _hand(),
    f"GET {LATER}": _read(),
    f"POST {LATER}/answer": _set(DECIDERS),
    f"DELETE {LATER}": _hand(),
    "GET /api/v1/fund-links": SIMULATED,
    "POST /api/v1/fund-links": _share(),
    "DELETE /api/v1/fund-links/{uuid:link_id}": _share(),
    "GET /api/v1/fund-wallet": _read(200, **_only(("vendor_admin", "partner_manager", "marketing_manager", "finance_manager", "vendor_reader"), 422)),
    "GET /api/v1/fund-returns": _row(200, 403, 403, 401),
    "GET /api/v1/fund-returns/assumptions": _row(200, 403, 403, 401),
    "PUT /api/v1/fund-returns/assumptions": _set(SETTERS),
}
ACCESS = PAGES | OPERATIONS


def _kind(cast: Any) -> dict[str, Any]:
    proof = {"name": "Invoice", "formats": ["pdf"], "minimum": 1}
    values = {"name": "Trade fair", "max_percent": Decimal(50), "cap": Money(5_000_00, "EUR"), "claim_within_days": 60, "proofs": [proof]}
    with scope(cast.vendor_admin):
        return {"kind_id": save_kind(actor=cast.vendor_admin, values=values, at=AT)}


def _request(cast: Any) -> UUID:
    fund = make_fund(cast.partner_id, plan_by=date(2026, 12, 10))
    request_id = make_request(cast.partner_admin, fund, _kind(cast)["kind_id"])
    approve(request_id)
    return request_id


def _activity(cast: Any) -> dict[str, Any]:
    request_id = _request(cast)
    with system_scope():
        return {"activity_id": activity_of(request_id).pk}


def _fund(cast: Any) -> dict[str, Any]:
    request_id = _request(cast)
    with system_scope():
        return {"allocation_id": activity_of(request_id).allocation_id}


def _proof(cast: Any) -> dict[str, Any]:
    about = _activity(cast)
    with scope(cast.partner_admin):
        return {"proof_id": add_proof(actor=cast.partner_admin, rule="invoice", name="a.pdf", content=b"%PDF-1.7", at=AT, **about)}


def _deal(cast: Any) -> UUID:
    made = make_approved(cast.partner_rep, cast.vendor_admin, make_catalogue(), at=AT)
    with scope(cast.partner_rep):
        deals.mark_won(actor=cast.partner_rep, registration_id=made, at=AT + timedelta(hours=2))
    return made


def _line(cast: Any) -> dict[str, Any]:
    with scope(cast.vendor_admin):
        publish_rate(actor=cast.vendor_admin, program_id=cast.program.pk, share=2, effective_from=AT.date(), at=AT)
    deal_id = _deal(cast)
    with system_scope():
        accrue(registration_id=deal_id, at=AT)
        return {"line_id": AccrualLine.objects.get().pk}


def _extension(cast: Any) -> dict[str, Any]:
    about = _activity(cast)
    with scope(cast.partner_admin):
        made = ask_extension(actor=cast.partner_admin, until=date(2027, 3, 1), reason="The fair moved", at=AT, **about)
    return {"extension_id": made}


def _link(cast: Any) -> dict[str, Any]:
    request_id, deal_id = _request(cast), _deal(cast)
    with scope(cast.partner_admin):
        return {"link_id": link(actor=cast.partner_admin, request_id=request_id, kind="deal", subject_id=deal_id, weight=50, at=AT)}


_BY_NAME = {
    _kind: ("kind", "kind_edit", "kind_switch", "portal_kind"),
    _activity: ("activity_proofs", "portal_activity_proofs", "portal_proof_add", "portal_extend_activity"),
    _fund: ("portal_extend_fund",),
    _proof: ("proof", "portal_proof", "portal_proof_remove"),
    _line: ("coop_correct",),
    _extension: ("extension", "extension_answer", "portal_extension_withdraw"),
    _link: ("request_links_remove", "portal_request_links_remove"),
}
_BY_PARAMETER = {"kind_id": _kind, "activity_id": _activity, "proof_id": _proof, "extension_id": _extension, "link_id": _link}
ARGS = {
    **{f"funds:{name}": make for make, names in _BY_NAME.items() for name in names},
    **{f"funds:{name}": lambda cast: {"request_id": _request(cast)} for name in ("request_links", "portal_request_links")},
    **{door: make for door in OPERATIONS for parameter, make in _BY_PARAMETER.items() if f"{{uuid:{parameter}}}" in door},
}
