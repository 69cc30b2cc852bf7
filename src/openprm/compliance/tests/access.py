"""Who gets which answer at each door of the compliance room. A stranger to a paper gets the 404 of a missing one."""

from datetime import UTC, datetime
from typing import Any

from openprm.compliance import queries, services
from openprm.compliance.models import CertificateKind, Flag, GatePolicy, Owner, Questionnaire
from openprm.compliance.testing import ask, make_case, make_certificate, make_verification
from openprm.kernel.scope import scope, system_scope

AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
MANAGERS = ("vendor_admin", "partner_manager")
ADMIN = ("vendor_admin",)
DONE = {200, 201, 204, 303, 400, 403, 404, 409, 415, 422, 428}


def _row(vendor: Any, partner: Any, other: Any, stranger: int, **named: Any) -> dict[str, Any]:
    return {"vendor": vendor, "partner": partner, "other_partner": other, "stranger": stranger, **named}


def _only(people: tuple[str, ...], status: Any) -> dict[str, Any]:
    return dict.fromkeys(people, status)


SEEN = _row(200, 404, 404, 302)
PAPERS = _row(200, 404, 404, 302, marketing_manager=403)


def _managed(status: Any = 303) -> dict[str, Any]:
    return _row(403, 404, 404, 302, **_only(MANAGERS, status))


def _set(status: Any = 303) -> dict[str, Any]:
    return _row(403, 404, 404, 302, **_only(ADMIN, status))


def _answered(status: Any, other: Any) -> dict[str, Any]:
    return _row(404, 403, 403, 302, partner_admin=status, other_partner_admin=other)


PAGES_OF_VENDOR = {
    **{f"compliance:{name}": SEEN for name in ("cases", "case", "certificates", "certificate", "lists", "policies", "countries", "kinds", "questionnaires")},
    "compliance:questionnaire_version": SEEN,
    **{f"compliance:{name}": PAPERS for name in ("document", "replies", "reply", "verifications", "verification")},
    "compliance:open_cases": _managed(),
    "compliance:case_send": _managed({303, 403}),
    "compliance:case_screen": _managed(409),
    "compliance:case_factors": _managed(422),
    "compliance:case_flag": _managed(422),
    "compliance:case_reference": _managed(422),
    "compliance:case_approve": _managed(403),
    "compliance:case_decline": _managed(422),
    "compliance:case_reopen": _managed(409),
    "compliance:flag_resolve": _managed(422),
    "compliance:reply_return": _managed(422),
    "compliance:reply_accept": _managed(409),
    "compliance:request_esg": _managed(),
    "compliance:certificate_check": _managed(422),
    "compliance:verification_decide": _managed(422),
    "compliance:verification_reopen": _managed(422),
    **{f"compliance:{name}": _set(200) for name in ("list_import", "policy_add", "policy", "country_set", "kind_add", "kind", "questionnaire_add")},
    "compliance:policy_remove": _set(),
    "compliance:questionnaire_draft": _set(),
    "compliance:question_put": _set(422),
    "compliance:questionnaire_intro": _set(),
    "compliance:question_arrange": _set(404),
    "compliance:questionnaire_publish": _set(),
    "compliance:questionnaire_discard": _set(),
}
PAGES_OF_PARTNER = {
    "compliance:portal_compliance": _row(404, 200, 200, 302, partner_collaborator=403),
    "compliance:portal_reply": _answered(200, 404),
    "compliance:portal_verification": _answered(200, 404),
    "compliance:portal_document": _answered(200, 404),
    "compliance:portal_certificate_new": _answered(200, 200),
    "compliance:portal_certificate_withdraw": _answered(303, 404),
    "compliance:portal_verification_start": _answered(303, 303),
    "compliance:portal_owner_add": _answered(422, 422),
    "compliance:portal_owner_remove": _answered(303, 404),
    "compliance:portal_document_remove": _answered({303, 403}, 404),
}


def _read(vendor: Any = 200, partner: Any = 200, other: Any = 404, **named: Any) -> dict[str, Any]:
    return _row(vendor, partner, other, 401, partner_collaborator=403, **named)


def _api_papers(other: Any) -> dict[str, Any]:
    return _row(200, 403, 403, 401, marketing_manager=403, partner_admin=200, other_partner_admin=other)


def _manage() -> dict[str, Any]:
    return _row(403, 403, 403, 401, **_only(MANAGERS, DONE))


def _configure() -> dict[str, Any]:
    return _row(403, 403, 403, 401, vendor_admin=DONE)


def _give() -> dict[str, Any]:
    return _row(403, 403, 403, 401, partner_admin=DONE, other_partner_admin={201, 303, 404, 400, 415, 422, 428})


CASE, REPLY = "/api/v1/risk-cases/{uuid:case_id}", "/api/v1/compliance-answers/{uuid:reply_id}"
CERTIFICATE, PROOF = "/api/v1/certificates/{uuid:certificate_id}", "/api/v1/verifications/{uuid:verification_id}"
OPERATIONS = {
    "GET /api/v1/risk-cases": _read(other=200),
    "POST /api/v1/risk-cases": _manage(),
    "GET /api/v1/risk-cases/own": _read(vendor=404),
    "POST /api/v1/risk-cases/preview": _manage(),
    f"GET {CASE}": _read(partner=404),
    f"PATCH {CASE}": _manage(),
    f"POST {CASE}/questionnaire": _manage(),
    f"POST {CASE}/screening": _manage(),
    f"POST {CASE}/references": _manage(),
    f"GET {CASE}/flags": _api_papers(404),
    f"POST {CASE}/flags": _manage(),
    f"POST {CASE}/documents": _manage(),
    f"POST {CASE}/approve": _manage(),
    f"POST {CASE}/decline": _manage(),
    f"POST {CASE}/reopen": _manage(),
    "POST /api/v1/red-flags/{uuid:flag_id}/resolve": _manage(),
    "GET /api/v1/compliance-answers": _api_papers(200),
    "POST /api/v1/compliance-answers/esg": _manage(),
    f"GET {REPLY}": _api_papers(404),
    f"PUT {REPLY}": _give(),
    f"POST {REPLY}/files": _give(),
    f"POST {REPLY}/submit": _give(),
    f"POST {REPLY}/return": _manage(),
    f"POST {REPLY}/accept": _manage(),
    "GET /api/v1/certificates": _read(other=200),
    f"GET {CERTIFICATE}": _read(),
    "POST /api/v1/certificates": _give(),
    f"POST {CERTIFICATE}/check": _manage(),
    f"DELETE {CERTIFICATE}": _give(),
    "GET /api/v1/verifications": _api_papers(200),
    "POST /api/v1/verifications": _give(),
    f"GET {PROOF}": _api_papers(404),
    f"PATCH {PROOF}": _give(),
    f"POST {PROOF}/files": _give(),
    f"POST {PROOF}/submit": _give(),
    f"POST {PROOF}/decide": _manage(),
    f"POST {PROOF}/reopen": _manage(),
    "GET /api/v1/company-owners": {
        **_api_papers({200, 422}),
        **_only(("vendor_admin", "partner_manager", "finance_manager", "vendor_reader", "partner_admin"), {200, 422}),
    },
    "POST /api/v1/company-owners": _give(),
    "DELETE /api/v1/company-owners/{uuid:owner_id}": _give(),
    "GET /api/v1/gate-policies": _read(other=200),
    "GET /api/v1/gate-policies/{uuid:policy_id}": _read(other=200),
    "POST /api/v1/gate-policies": _configure(),
    "PUT /api/v1/gate-policies/{uuid:policy_id}": _configure(),
    "DELETE /api/v1/gate-policies/{uuid:policy_id}": _configure(),
    "GET /api/v1/sanctions-lists": _manage(),
    "POST /api/v1/sanctions-lists": _configure(),
    "POST /api/v1/sanctions-lists/search": _manage(),
}
ACCESS = {**PAGES_OF_VENDOR, **PAGES_OF_PARTNER, **OPERATIONS}


def _case(cast: Any) -> dict[str, Any]:
    return {"case_id": make_case(cast.partner_id, AT)}


def _flag(cast: Any) -> dict[str, Any]:
    case_id = make_case(cast.partner_id, AT)
    with scope(cast.vendor_admin):
        services.raise_flag(actor=cast.vendor_admin, case_id=case_id, title="A rumour", at=AT)
    with system_scope():
        return {"flag_id": Flag.objects.get().pk}


def _reply(cast: Any) -> dict[str, Any]:
    return {"reply_id": ask(cast.vendor_admin, make_case(cast.partner_id, AT), AT)}


def _certificate(cast: Any) -> dict[str, Any]:
    return {"certificate_id": make_certificate(cast.partner_admin, cast.partner_id, AT)}


def _verification(cast: Any) -> dict[str, Any]:
    return {"verification_id": make_verification(cast.partner_admin, cast.partner_id, AT)}


def _document(cast: Any) -> dict[str, Any]:
    with scope(cast.vendor_admin):
        found = queries.verification(cast.vendor_admin, _verification(cast)["verification_id"])
    return {"document_id": found.documents[0].id}


def _owner(cast: Any) -> dict[str, Any]:
    with scope(cast.partner_admin):
        services.add_owner(actor=cast.partner_admin, partner_id=cast.partner_id, values={"name": "Mika Virtanen"}, at=AT)
    with system_scope():
        return {"owner_id": Owner.objects.get().pk}


def _policy(cast: Any) -> dict[str, Any]:
    with system_scope():
        return {"policy_id": GatePolicy.objects.filter(lapse="red_flag").get().pk}


def _kind(cast: Any) -> dict[str, Any]:
    with system_scope():
        return {"kind_id": CertificateKind.objects.get(code="iso-27001").pk}


def _questionnaire(cast: Any) -> dict[str, Any]:
    with system_scope():
        return {"questionnaire_id": Questionnaire.objects.get(code="basic").pk}


def _draft(cast: Any) -> dict[str, Any]:
    with scope(cast.vendor_admin):
        return {"version_id": services.start_draft(actor=cast.vendor_admin, at=AT, **_questionnaire(cast))}


_BY_NAME = {
    _case: ("case", "case_send", "case_screen", "case_factors", "case_flag", "case_reference", "case_approve", "case_decline", "case_reopen"),
    _flag: ("flag_resolve",),
    _reply: ("reply", "reply_return", "reply_accept", "portal_reply"),
    _certificate: ("certificate", "certificate_check", "portal_certificate_withdraw"),
    _verification: ("verification", "verification_decide", "verification_reopen", "portal_verification"),
    _document: ("document", "portal_document", "portal_document_remove"),
    _owner: ("portal_owner_remove",),
    _policy: ("policy", "policy_remove"),
    _kind: ("kind",),
    _questionnaire: ("questionnaire_draft",),
    _draft: ("questionnaire_version", "question_put", "questionnaire_intro", "question_arrange", "questionnaire_publish", "questionnaire_discard"),
}
_BY_PARAMETER = {
    "case_id": _case, "flag_id": _flag, "reply_id": _reply, "certificate_id": _certificate, "verification_id": _verification, "owner_id": _owner, "policy_id": _policy,
}  # fmt: skip
ARGS = {
    **{f"compliance:{name}": make for make, names in _BY_NAME.items() for name in names},
    "compliance:request_esg": lambda cast: {"partner_id": cast.partner_id},
    "compliance:portal_verification_start": lambda cast: {"kind": "business"},
    **{door: make for door in OPERATIONS for parameter, make in _BY_PARAMETER.items() if f"{{uuid:{parameter}}}" in door},
    "GET /api/v1/risk-cases/own": lambda cast: _case(cast) and {},
}
