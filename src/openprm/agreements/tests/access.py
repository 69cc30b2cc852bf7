"""Who gets which answer at each door of the agreements room."""

from typing import Any

from openprm.agreements import services
from openprm.agreements.testing import SOME_DAY, TEXT, acceptance_of, make_document, make_version, sign, stored_version
from openprm.kernel.actor import SYSTEM
from openprm.kernel.clock import now
from openprm.kernel.scope import scope, system_scope

MANAGERS = ("vendor_admin", "partner_manager")
SIGNERS = ("partner_admin", "partner_rep", "partner_marketer", "partner_technical")


def _row(vendor: Any, partner: Any, other: Any, stranger: int, **named: Any) -> dict[str, Any]:
    return {"vendor": vendor, "partner": partner, "other_partner": other, "stranger": stranger, **named}


def _only(people: tuple[str, ...], status: Any) -> dict[str, Any]:
    return dict.fromkeys(people, status)


def _vendor(people: tuple[str, ...] = (), status: Any = 303) -> dict[str, Any]:
    return _row(403 if people else 200, 404, 404, 302, **_only(people, status))


def _portal(partner: Any = 200, other: Any = 200, **named: Any) -> dict[str, Any]:
    return _row(404, partner, other, 302, partner_collaborator=403, **named)


def _api(vendor: Any = 200, partner: Any = 200, other: Any = 200, **named: Any) -> dict[str, Any]:
    return _row(vendor, partner, other, 401, **{"partner_collaborator": 403, **named})


def _api_of(people: tuple[str, ...], status: Any) -> dict[str, Any]:
    return _row(403, 403, 403, 401, **_only(people, status))


SEEN = {"vendor": 200, "partner": 200, "other_partner": 200, "stranger": 200}
ACCESS = {
    "agreements:documents": _vendor(),
    "agreements:document": _vendor(),
    "agreements:acceptances": _vendor(),
    "agreements:acceptance": _vendor(),
    "agreements:certificate": _vendor(),
    "agreements:signature": _vendor(),
    "agreements:version": _vendor(),
    "agreements:text": _vendor(),
    "agreements:new_document": _vendor(MANAGERS, 200),
    "agreements:edit_document": _vendor(MANAGERS, 200),
    "agreements:begin_draft": _vendor(MANAGERS, {303, 409}),
    "agreements:draft": _vendor(MANAGERS, 200),
    "agreements:preview": _vendor(MANAGERS, 200),
    "agreements:discard_draft": _vendor(MANAGERS),
    "agreements:publish": _vendor(("vendor_admin",), 200),
    "agreements:withdraw": _vendor(("vendor_admin",)),
    "agreements:retire": _vendor(("vendor_admin",)),
    "agreements:countersign": _vendor(("vendor_admin",), 422),
    "agreements:remind": _vendor(MANAGERS),
    "agreements:portal_agreements": _portal(),
    "agreements:portal_acceptance": _portal(other=404),
    "agreements:portal_certificate": _portal(other=404),
    "agreements:portal_signature": _portal(other=404),
    "agreements:portal_version": _portal(),
    "agreements:portal_text": _portal(),
    "agreements:portal_sign": _portal(422, 404, partner_reader=403),
    "agreements:portal_decline": _portal(422, 404, partner_reader=403),
    "agreements:portal_name_signatory": _portal(403, 403, partner_admin=422, other_partner_admin=422),
    "agreements:portal_remove_signatory": _portal(403, 403, partner_admin=303, other_partner_admin=404),
    "agreements:charter": SEEN,
    "agreements:public_document": SEEN,
    "agreements:public_version": SEEN,
    "agreements:public_text": SEEN,
    "GET /api/v1/agreements": _api(),
    "POST /api/v1/agreements": _api_of(MANAGERS, 422),
    "GET /api/v1/agreements/acceptances": _api(),
    "GET /api/v1/agreements/acceptances/{uuid:acceptance_id}": _api(other=404),
    "POST /api/v1/agreements/acceptances/{uuid:acceptance_id}/sign": _row(403, 422, 422, 401, partner_reader=403, partner_collaborator=403),
    "POST /api/v1/agreements/acceptances/{uuid:acceptance_id}/decline": _row(403, 422, 422, 401, partner_reader=403, partner_collaborator=403),
    "POST /api/v1/agreements/acceptances/{uuid:acceptance_id}/countersign": _api_of(("vendor_admin",), 422),
    "POST /api/v1/agreements/acceptances/{uuid:acceptance_id}/remind": _api_of(MANAGERS, 204),
    "GET /api/v1/agreements/acceptances/{uuid:acceptance_id}/certificate": _api(other=404),
    "GET /api/v1/agreements/acceptances/{uuid:acceptance_id}/signature": _api(other=404),
    "GET /api/v1/agreements/signatories": _api(),
    "POST /api/v1/agreements/signatories": _api_of(("partner_admin", "other_partner_admin"), 422),
    "DELETE /api/v1/agreements/signatories/{uuid:signatory_id}": {**_api_of(("partner_admin",), 204), "other_partner_admin": 404},
    "GET /api/v1/agreements/versions/{uuid:version_id}": _api(),
    "GET /api/v1/agreements/versions/{uuid:version_id}/text": _api(),
    "PUT /api/v1/agreements/versions/{uuid:version_id}": _api_of(MANAGERS, 428),
    "DELETE /api/v1/agreements/versions/{uuid:version_id}": _api_of(MANAGERS, 204),
    "POST /api/v1/agreements/versions/{uuid:version_id}/publish": _api_of(("vendor_admin",), 200),
    "POST /api/v1/agreements/versions/{uuid:version_id}/withdraw": _api_of(("vendor_admin",), 200),
    "GET /api/v1/agreements/{uuid:document_id}": _api(),
    "PUT /api/v1/agreements/{uuid:document_id}": _api_of(MANAGERS, 428),
    "POST /api/v1/agreements/{uuid:document_id}/drafts": _api_of(MANAGERS, 201),
    "POST /api/v1/agreements/{uuid:document_id}/retire": _api_of(("vendor_admin",), 200),
    "POST /api/v1/agreements/{uuid:document_id}/resume": _api_of(("vendor_admin",), 200),
}


def _version(cast: Any, **values: Any) -> dict[str, Any]:
    return {"version_id": make_version(make_document(is_public=True, **values))}


def _announced(cast: Any) -> dict[str, Any]:
    version = stored_version(_version(cast)["version_id"])
    return {"version_id": make_version(version.document_id, text=f"{TEXT}\n\nAnd more.", at=now())}


def _document(cast: Any) -> dict[str, Any]:
    return {"document_id": stored_version(_version(cast)["version_id"]).document_id}


def _draft(cast: Any) -> dict[str, Any]:
    with system_scope():
        draft_id = services.begin_draft(actor=SYSTEM, document_id=_document(cast)["document_id"], at=SOME_DAY)
        services.save_draft(actor=SYSTEM, draft_id=draft_id, title="Partner charter", text=f"{TEXT}\n\nAnd more.", at=SOME_DAY)
    return {"version_id": draft_id}


def _open(cast: Any) -> dict[str, Any]:
    return {"acceptance_id": acceptance_of(_version(cast)["version_id"], cast.partner_id).pk}


def _signed(cast: Any) -> dict[str, Any]:
    return {"acceptance_id": sign(cast.partner_admin, _version(cast, needs_countersignature=True)["version_id"])}


def _signatory(cast: Any) -> dict[str, Any]:
    with scope(cast.partner_admin) as admin:
        return {"signatory_id": services.name_signatory(actor=admin, user_id=cast.partner_rep.user_id, at=SOME_DAY)}


def _public(cast: Any) -> dict[str, Any]:
    return {"code": stored_version(_version(cast)["version_id"]).document.code}


def _numbered(cast: Any) -> dict[str, Any]:
    return {**_public(cast), "number": 1}


def _charter(cast: Any) -> dict[str, Any]:
    _version(cast)
    return {}


API = "/api/v1/agreements"
ONE = f"{API}/acceptances/{{uuid:acceptance_id}}"
ARGS = {
    **{f"agreements:{name}": _document for name in ("document", "edit_document", "begin_draft", "retire")},
    **{f"agreements:{name}": _draft for name in ("draft", "preview", "discard_draft", "publish")},
    **{f"agreements:{name}": _version for name in ("version", "text", "portal_version", "portal_text")},
    **{f"agreements:{name}": _open for name in ("acceptance", "remind", "portal_acceptance", "portal_sign", "portal_decline")},
    **{f"agreements:{name}": _signed for name in ("certificate", "signature", "countersign", "portal_certificate", "portal_signature")},
    "agreements:withdraw": _announced,
    "agreements:portal_remove_signatory": _signatory,
    "agreements:charter": _charter,
    "agreements:public_document": _public,
    "agreements:public_version": _numbered,
    "agreements:public_text": _numbered,
    f"GET {ONE}": _open,
    f"POST {ONE}/sign": _open,
    f"POST {ONE}/decline": _open,
    f"POST {ONE}/remind": _open,
    f"POST {ONE}/countersign": _signed,
    f"GET {ONE}/certificate": _signed,
    f"GET {ONE}/signature": _signed,
    f"DELETE {API}/signatories/{{uuid:signatory_id}}": _signatory,
    f"GET {API}/versions/{{uuid:version_id}}": _version,
    f"GET {API}/versions/{{uuid:version_id}}/text": _version,
    f"PUT {API}/versions/{{uuid:version_id}}": lambda cast: {**_draft(cast), "body": {"title": "T", "text": "Text"}},
    f"DELETE {API}/versions/{{uuid:version_id}}": _draft,
    f"POST {API}/versions/{{uuid:version_id}}/publish": _draft,
    f"POST {API}/versions/{{uuid:version_id}}/withdraw": _announced,
    f"GET {API}/{{uuid:document_id}}": _document,
    f"PUT {API}/{{uuid:document_id}}": lambda cast: {**_document(cast), "body": {"title": "T", "kind": "charter"}},
    f"POST {API}/{{uuid:document_id}}/drafts": _document,
    f"POST {API}/{{uuid:document_id}}/retire": _document,
    f"POST {API}/{{uuid:document_id}}/resume": _document,
}
