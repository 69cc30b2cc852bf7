"""Who gets which answer at the doors of a deal's life after its approval: changes, splits, renewals, losses, stages."""

from typing import Any

from openprm.deals import services
from openprm.deals.models import Renewal
from openprm.deals.rules.draft import LineDraft
from openprm.deals.rules.stages import DEFAULT, as_json
from openprm.deals.testing import make_approved, make_catalogue
from openprm.kernel.clock import now
from openprm.kernel.scope import scope, system_scope

SELLERS = ("partner_admin", "partner_rep")
MANAGERS = ("vendor_admin", "partner_manager")
ANY_VERSION = {"If-Match": "*"}
ONE = "/api/v1/registrations/{uuid:registration_id}"
AMENDMENT = "/api/v1/amendments/{uuid:amendment_id}"
RENEWAL = "/api/v1/renewals/{uuid:renewal_id}"


def _row(vendor: Any, partner: Any, other: Any, stranger: int, **named: Any) -> dict[str, Any]:
    return {"vendor": vendor, "partner": partner, "other_partner": other, "stranger": stranger, **named}


def _only(people: tuple[str, ...], status: Any) -> dict[str, Any]:
    return dict.fromkeys(people, status)


HIDDEN = {"partner_collaborator": 404}
_SEEN = _row(200, 404, 404, 302)
_MANAGED = _row(403, 404, 404, 302, **_only(MANAGERS, 422))
_ADMIN = _row(403, 404, 404, 302, vendor_admin=422)
_PORTAL = _row(404, 200, 404, 302, **HIDDEN)
_LISTED = _row(404, 200, 200, 302)


def _sells(status: Any, other: Any = 404, **named: Any) -> dict[str, Any]:
    return _row(404, 403, other, 302, **_only(SELLERS, status), **named)


PAGES = {
    "deals:renewals": _SEEN,
    "deals:renewal": _SEEN,
    "deals:renewal_decline": _MANAGED,
    "deals:lost_reasons": _SEEN,
    "deals:amendment": _SEEN,
    "deals:amendment_approve": _row(403, 404, 404, 302, **_only(MANAGERS, 303)),
    "deals:amendment_reject": _MANAGED,
    "deals:change": _row(403, 404, 404, 302, **_only(MANAGERS, 200)),
    "deals:split": _row(403, 404, 404, 302, **_only(MANAGERS, 200)),
    "deals:registration_snooze": _MANAGED,
    "deals:registration_reopen": _MANAGED,
    "deals:stages": _SEEN,
    "deals:stages_edit": _ADMIN,
    "deals:stages_publish": _ADMIN,
    "deals:stages_of": _SEEN,
    "deals:stages_edit_of": _ADMIN,
    "deals:stages_publish_of": _ADMIN,
    "deals:portal_renewals": _LISTED,
    "deals:portal_renewal": _PORTAL,
    "deals:portal_renewal_decline": _sells(422),
    "deals:portal_lost_reasons": _LISTED,
    "deals:portal_amendment": _PORTAL,
    "deals:portal_amendment_withdraw": _sells(303),
    "deals:portal_change": _sells(200),
    "deals:portal_split": _sells(200),
    "deals:portal_snooze": _sells(422, **HIDDEN),
    "deals:portal_reopen": _sells(422, **HIDDEN),
    "deals:portal_follow_up": _sells(303),
}


def _read() -> dict[str, Any]:
    return _row(200, 200, 404, 401, **HIDDEN)


def _sell(status: Any, vendor: Any, other: Any = 404, **named: Any) -> dict[str, Any]:
    return _row(403, 403, other, 401, **_only(SELLERS, status), **_only(MANAGERS, vendor), **named)


OPERATIONS = {
    f"GET {ONE}/checklist": _read(),
    f"GET {ONE}/chain": _read(),
    f"GET {ONE}/amendments": _read(),
    f"POST {ONE}/amendments": _sell(201, 201),
    f"POST {ONE}/split": _sell(201, 201),
    f"POST {ONE}/snooze": _sell(422, 422, **HIDDEN),
    f"POST {ONE}/reopen": _sell({200, 403}, {200, 403}, **HIDDEN),
    f"GET {AMENDMENT}": _read(),
    f"POST {AMENDMENT}/approve": _row(403, 403, 403, 401, **_only(MANAGERS, 200)),
    f"POST {AMENDMENT}/reject": _row(403, 403, 403, 401, **_only(MANAGERS, 200)),
    f"POST {AMENDMENT}/withdraw": _sell(200, 403),
    "GET /api/v1/renewals": _row(200, 200, 200, 401),
    f"GET {RENEWAL}": _read(),
    f"POST {RENEWAL}/decline": _sell(200, 200),
    "GET /api/v1/deal-figures/won": _row({200, 422}, {200, 422}, {200, 422}, 401),
    "GET /api/v1/deal-figures/lost": _row(200, 200, 200, 401),
    "GET /api/v1/sales-process": _row(200, 200, 200, 401),
    "POST /api/v1/sales-process/preview": _row(403, 403, 403, 401, vendor_admin=200),
    "PUT /api/v1/sales-process": _row(403, 403, 403, 401, vendor_admin={200, 409}),
}
ACCESS = {**PAGES, **OPERATIONS}


def _two_lines(cast: Any) -> tuple[Any, Any]:
    catalogue = make_catalogue()
    lines = (LineDraft(product_id=catalogue.mes_core.pk, amount_minor=40_000_00), LineDraft(product_id=catalogue.edge_gateway.pk, amount_minor=9_000_00))
    return make_approved(cast.partner_rep, cast.vendor_admin, catalogue, at=now(), lines=lines), catalogue


def _approved(cast: Any) -> dict[str, Any]:
    return {"registration_id": _two_lines(cast)[0]}


def _lost(cast: Any) -> dict[str, Any]:
    registration_id = _two_lines(cast)[0]
    with scope(cast.partner_rep):
        services.mark_lost(actor=cast.partner_rep, registration_id=registration_id, code="timing", at=now())
    return {"registration_id": registration_id}


def _amendment(cast: Any) -> dict[str, Any]:
    registration_id, catalogue = _two_lines(cast)
    with scope(cast.partner_rep):
        asked = services.split_registration(
            actor=cast.partner_rep, registration_id=registration_id, product_line_ids=[catalogue.edge.pk], reason="Two budgets", at=now()
        )
    return {"amendment_id": asked.amendment_id}


def _renewal(cast: Any) -> dict[str, Any]:
    catalogue, at = make_catalogue(), now()
    lines = (LineDraft(product_id=catalogue.mes_core.pk, amount_minor=40_000_00, term_months=1),)
    made = make_approved(cast.partner_rep, cast.vendor_admin, catalogue, at=at, lines=lines)
    with scope(cast.partner_rep):
        services.mark_won(actor=cast.partner_rep, registration_id=made, at=at)
    with system_scope():
        services.open_renewals(at=at)
        return {"renewal_id": Renewal.objects.get(registration_id=made).pk}


def _body(make: Any, body: Any) -> Any:
    return lambda cast: {**make(cast), "body": body, "headers": ANY_VERSION}


def _splitting(cast: Any) -> dict[str, Any]:
    registration_id, catalogue = _two_lines(cast)
    body = {"product_line_ids": [str(catalogue.edge.pk)], "reason": "Two budgets"}
    return {"registration_id": registration_id, "body": body, "headers": ANY_VERSION}


def _program(cast: Any) -> dict[str, Any]:
    from openprm.partners.models import Program

    with system_scope():
        program = Program.objects.first() or Program.objects.create(code="life", name="Life", currency="EUR")
        return {"program_id": program.pk}


PROCESS = as_json(DEFAULT)
ARGS = {
    **{f"deals:{name}": _renewal for name in ("renewal", "renewal_decline", "portal_renewal", "portal_renewal_decline")},
    **{f"deals:{name}": _amendment for name in ("amendment", "amendment_approve", "amendment_reject", "portal_amendment", "portal_amendment_withdraw")},
    **{f"deals:{name}": _approved for name in ("change", "split", "registration_snooze", "portal_change", "portal_split", "portal_snooze")},
    **{f"deals:{name}": _lost for name in ("registration_reopen", "portal_reopen")},
    **{f"deals:{name}": _program for name in ("stages_of", "stages_edit_of", "stages_publish_of")},
    "deals:portal_follow_up": lambda cast: {**_approved(cast), "kind": "expansion"},
    **{f"GET {ONE}/{name}": _approved for name in ("checklist", "chain", "amendments")},
    f"POST {ONE}/amendments": _body(_approved, {"contact_name": "Jan Novák", "reason": "Petra left"}),
    f"POST {ONE}/split": _splitting,
    f"POST {ONE}/snooze": _body(_approved, {"until": "2020-01-01", "reason": "Holidays"}),
    f"POST {ONE}/reopen": _body(_lost, {"reason": "They called"}),
    f"GET {AMENDMENT}": _amendment,
    f"POST {AMENDMENT}/approve": _body(_amendment, {}),
    f"POST {AMENDMENT}/reject": _body(_amendment, {"reason": "One deal is enough"}),
    f"POST {AMENDMENT}/withdraw": _body(_amendment, {}),
    f"GET {RENEWAL}": _renewal,
    f"POST {RENEWAL}/decline": _body(_renewal, {"reason": "They build their own"}),
    "POST /api/v1/sales-process/preview": lambda cast: {"body": PROCESS},
    "PUT /api/v1/sales-process": lambda cast: {"body": PROCESS, "headers": ANY_VERSION},
}
