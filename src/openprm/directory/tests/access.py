"""Who gets which answer at each door of the directory."""

from datetime import UTC, datetime
from typing import Any

from openprm.directory import queries
from openprm.directory.testing import make_listed, make_profile, make_reference, make_submitted, make_tier_badges
from openprm.kernel.actor import SYSTEM
from openprm.kernel.scope import system_scope

MANAGERS = ("vendor_admin", "partner_manager")
REVIEWERS = (*MANAGERS, "marketing_manager")
EDITORS = ("partner_admin", "partner_marketer")


def _row(vendor: Any, partner: Any, other: Any, stranger: Any, **named: Any) -> dict[str, Any]:
    return {"vendor": vendor, "partner": partner, "other_partner": other, "stranger": stranger, **named}


def _only(people: tuple[str, ...], status: Any) -> dict[str, Any]:
    return dict.fromkeys(people, status)


OPEN = _row(200, 200, 200, 200)
VENDOR_PAGE = _row(200, 404, 404, 302)
PORTAL_PAGE = _row(404, 200, 200, 302)
PORTAL_OWN = _row(404, 200, 404, 302)
API_ALL = _row(200, 200, 200, 401)
API_OWN = _row(200, 200, 404, 401)


def _vendor_act(people: tuple[str, ...], status: Any) -> dict[str, Any]:
    return _row(403, 404, 404, 302, **_only(people, status))


def _portal_act(status: Any, other_admin: Any) -> dict[str, Any]:
    return _row(404, 403, 403, 302, **_only(EDITORS, status), other_partner_admin=other_admin)


def _api_editors(status: Any, other_admin: Any) -> dict[str, Any]:
    return _row(403, 403, 403, 401, **_only(EDITORS, status), other_partner_admin=other_admin)


def _api_vendor(people: tuple[str, ...], status: Any) -> dict[str, Any]:
    return _row(403, 403, 403, 401, **_only(people, status))


ACCESS = {
    "directory:listings": OPEN,
    "directory:grade": OPEN,
    "directory:listing": OPEN,
    "directory:contact": _row(303, 303, 303, 303),
    "directory:sitemap": OPEN,
    "directory:check_badge": OPEN,
    "directory:badge": OPEN,
    "directory:badge_picture": OPEN,
    "directory:badge_token": OPEN,
    "directory:badge_json": OPEN,
    "directory:achievement": OPEN,
    "directory:achievement_picture": OPEN,
    "directory:status_list": OPEN,
    "directory:issuer_key": OPEN,
    "directory:did": OPEN,
    "directory:jwks": OPEN,
    "directory:portal_profile": PORTAL_PAGE,
    "directory:portal_preview": PORTAL_PAGE,
    "directory:portal_messages": PORTAL_PAGE,
    "directory:portal_references": PORTAL_PAGE,
    "directory:portal_badges": PORTAL_PAGE,
    "directory:portal_badge": PORTAL_OWN,
    "directory:portal_reference": PORTAL_OWN,
    "directory:portal_new_reference": _portal_act(200, 200),
    "directory:portal_submit_profile": _portal_act(303, 422),
    "directory:portal_make_private": _portal_act(303, 303),
    "directory:portal_submit_reference": _portal_act(303, 404),
    "directory:portal_withdraw_reference": _portal_act(303, 404),
    "directory:profiles": VENDOR_PAGE,
    "directory:profile": VENDOR_PAGE,
    "directory:references": VENDOR_PAGE,
    "directory:reference": VENDOR_PAGE,
    "directory:badges": VENDOR_PAGE,
    "directory:badge_of": VENDOR_PAGE,
    "directory:settings": _vendor_act(("vendor_admin",), 200),
    "directory:issue_badge": _vendor_act(MANAGERS, 200),
    "directory:revoke_badge": _vendor_act(MANAGERS, 422),
    "directory:approve": _vendor_act(REVIEWERS, 303),
    "directory:return": _vendor_act(REVIEWERS, 422),
    "directory:hide": _vendor_act(REVIEWERS, 422),
    "directory:decide_reference": _vendor_act(REVIEWERS, 422),
    "GET /api/v1/partner-profiles": API_ALL,
    "GET /api/v1/partner-profiles/{uuid:partner_id}": API_OWN,
    "PATCH /api/v1/partner-profiles/{uuid:partner_id}": _api_editors(428, 404),
    "POST /api/v1/partner-profiles/{uuid:partner_id}/submit": _api_editors(200, 404),
    "POST /api/v1/partner-profiles/{uuid:partner_id}/private": _api_editors(200, 404),
    "POST /api/v1/partner-profiles/{uuid:partner_id}/decision": _api_vendor(REVIEWERS, 200),
    "GET /api/v1/customer-references": API_ALL,
    "GET /api/v1/customer-references/{uuid:reference_id}": API_OWN,
    "POST /api/v1/customer-references": _api_editors(201, 201),
    "PUT /api/v1/customer-references/{uuid:reference_id}": _api_editors(428, 404),
    "POST /api/v1/customer-references/{uuid:reference_id}/submit": _api_editors(200, 404),
    "POST /api/v1/customer-references/{uuid:reference_id}/withdraw": _api_editors(200, 404),
    "POST /api/v1/customer-references/{uuid:reference_id}/decision": _api_vendor(REVIEWERS, 200),
    "GET /api/v1/directory": API_ALL,
    "GET /api/v1/directory/messages": API_ALL,
    "GET /api/v1/badges": API_ALL,
    "GET /api/v1/badges/{uuid:badge_id}": API_OWN,
    "POST /api/v1/badges": _api_vendor(MANAGERS, 201),
    "POST /api/v1/badges/{uuid:badge_id}/revoke": _api_vendor(MANAGERS, 200),
    "POST /api/v1/badges/check": _row(200, 200, 200, 401),
}
REFERENCE_BODY = {"customer": "Brno Glass", "title": "On time", "story": "It ran in eight weeks."}
AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def _partner(cast: Any) -> dict[str, Any]:
    return {"partner_id": cast.partner_id}


def _drafted(cast: Any) -> dict[str, Any]:
    make_profile(cast.partner_id)
    return {}


def _slug(cast: Any) -> dict[str, Any]:
    make_listed(cast.partner_id)
    return {"slug": "kallio-digital"}


def _grade(cast: Any) -> dict[str, Any]:
    make_listed(cast.partner_id)
    return {"program": "resell", "tier": "gold"}


def _submitted(cast: Any) -> dict[str, Any]:
    return {"profile_id": make_submitted(cast.partner_id)}


def _listed(cast: Any) -> dict[str, Any]:
    return {"profile_id": make_listed(cast.partner_id)}


def _reference(state: str) -> Any:
    return lambda cast: {"reference_id": make_reference(cast.partner_id, state=state)}


def _badge(cast: Any) -> dict[str, Any]:
    make_tier_badges(cast.partner_id, at=AT)
    with system_scope():
        return {"badge_id": queries.badges_of(SYSTEM, cast.partner_id, AT)[0].id}


def _achievement(cast: Any) -> dict[str, Any]:
    from openprm.directory.models import Achievement

    _badge(cast)
    with system_scope():
        return {"achievement_id": Achievement.objects.get(code="tier:resell/gold").pk}


def _number(cast: Any) -> dict[str, Any]:
    _badge(cast)
    return {"number": 1}


def _thumbprint(cast: Any) -> dict[str, Any]:
    _badge(cast)
    with system_scope():
        return {"thumbprint": queries.issuer_keys()[0].thumbprint}


def _token(cast: Any) -> dict[str, Any]:
    with system_scope():
        return {"body": {"credential": queries.public_badge(_badge(cast)["badge_id"], AT).token}}


ARGS = {
    "directory:grade": _grade,
    "directory:listing": _slug,
    "directory:contact": _slug,
    **{f"directory:{name}": _badge for name in ("badge", "badge_picture", "badge_token", "badge_json", "portal_badge", "badge_of", "revoke_badge")},
    "directory:achievement": _achievement,
    "directory:achievement_picture": _achievement,
    "directory:status_list": _number,
    "directory:issuer_key": _thumbprint,
    "directory:portal_submit_profile": _drafted,
    "directory:portal_reference": _reference("draft"),
    "directory:portal_submit_reference": _reference("draft"),
    "directory:portal_withdraw_reference": _reference("submitted"),
    "directory:profile": _submitted,
    "directory:approve": _submitted,
    "directory:return": _submitted,
    "directory:hide": _listed,
    "directory:reference": _reference("submitted"),
    "directory:decide_reference": _reference("submitted"),
    "directory:issue_badge": _partner,
    "GET /api/v1/partner-profiles/{uuid:partner_id}": _partner,
    "PATCH /api/v1/partner-profiles/{uuid:partner_id}": _partner,
    "POST /api/v1/partner-profiles/{uuid:partner_id}/submit": lambda cast: _drafted(cast) | _partner(cast),
    "POST /api/v1/partner-profiles/{uuid:partner_id}/private": _partner,
    "POST /api/v1/partner-profiles/{uuid:partner_id}/decision": lambda cast: _submitted(cast) and _partner(cast) | {"body": {"decision": "approve"}},
    "GET /api/v1/customer-references/{uuid:reference_id}": _reference("submitted"),
    "POST /api/v1/customer-references": lambda cast: {"body": REFERENCE_BODY},
    "PUT /api/v1/customer-references/{uuid:reference_id}": lambda cast: _reference("draft")(cast) | {"body": REFERENCE_BODY},
    "POST /api/v1/customer-references/{uuid:reference_id}/submit": _reference("draft"),
    "POST /api/v1/customer-references/{uuid:reference_id}/withdraw": _reference("submitted"),
    "POST /api/v1/customer-references/{uuid:reference_id}/decision": lambda cast: _reference("submitted")(cast) | {"body": {"publish": True}},
    "GET /api/v1/badges/{uuid:badge_id}": _badge,
    "POST /api/v1/badges": lambda cast: (
        {"body": {"partner_id": str(cast.partner_id), "name": "Certified architect", "description": "Knows it.", "criteria": "Passed the test."}}
    ),
    "POST /api/v1/badges/{uuid:badge_id}/revoke": lambda cast: _badge(cast) | {"body": {"reason": "Issued by mistake."}},
    "POST /api/v1/badges/check": _token,
}
