"""Who gets which answer at each door of the activities room."""

from typing import Any

from openprm.accounts.testing import make_account
from openprm.activities.testing import SOME_DAY, make_activity
from openprm.kernel.ids import new_id

MANAGERS = ("vendor_admin", "partner_manager")
LOGGING = (*MANAGERS, "marketing_manager")
SELLERS = ("partner_admin", "partner_rep", "partner_technical")


def _row(vendor: Any, partner: Any, other: Any, stranger: int, **named: Any) -> dict[str, Any]:
    return {"vendor": vendor, "partner": partner, "other_partner": other, "stranger": stranger, **named}


def _for(people: tuple[str, ...], status: Any) -> dict[str, Any]:
    return dict.fromkeys(people, status)


PAGE = _row(200, 404, 404, 302)
PORTAL = _row(404, 200, 404, 302, partner_collaborator=403)
API = _row(200, 200, 404, 401, partner_collaborator=403)
ACCESS = {
    "activities:activities": PAGE,
    "activities:activity": PAGE,
    "activities:log": _row(403, 404, 404, 302, **_for(LOGGING, 404)),
    "activities:strike": _row(403, 404, 404, 302, **_for(LOGGING, 422)),
    "activities:confirm": _row(403, 404, 404, 302, **_for(MANAGERS, 303)),
    "activities:proof": PAGE,
    "activities:portal_activities": {**PORTAL, "other_partner": 200},
    "activities:portal_activity": PORTAL,
    "activities:portal_log": _row(404, 403, 404, 302, **_for(SELLERS, 404)),
    "activities:portal_strike": _row(404, 403, 404, 302, **_for(SELLERS, 422)),
    "activities:portal_proof": PORTAL,
    "GET /api/v1/activities": {**API, "other_partner": 200},
    "GET /api/v1/activities/{uuid:activity_id}": API,
    "POST /api/v1/activities": _row(403, 403, 403, 401, **_for((*LOGGING, *SELLERS), 201)),
    "POST /api/v1/activities/bulk": _row(403, 403, 200, 401, **_for((*LOGGING, *SELLERS), 200)),
    "POST /api/v1/activities/{uuid:activity_id}/strike": _row(
        403, 403, 404, 401, **_for((*MANAGERS, "partner_admin", "partner_rep"), 200), marketing_manager=403, partner_technical=403
    ),
    "POST /api/v1/activities/{uuid:activity_id}/confirm": _row(403, 403, 403, 401, **_for(MANAGERS, 200)),
}


def _account(cast: Any) -> Any:
    return make_account(partner_id=cast.partner_id)


def _one(cast: Any) -> dict[str, Any]:
    return {"activity_id": make_activity(cast.partner_rep, _account(cast), proof=("agenda.pdf", b"%PDF-1.7 agenda"))}


def _told(cast: Any) -> dict[str, Any]:
    told = {"kind": "call", "occurred_at": SOME_DAY.replace(year=2025).isoformat(), "summary": "Talked.", "side": "partner", "partner_id": str(cast.partner_id)}
    return {"account_id": str(_account(cast)), **told}


ARGS = {
    **dict.fromkeys(("activities:activity", "activities:strike", "activities:confirm", "activities:proof"), _one),
    **dict.fromkeys(("activities:portal_activity", "activities:portal_strike", "activities:portal_proof"), _one),
    "GET /api/v1/activities/{uuid:activity_id}": _one,
    "POST /api/v1/activities": lambda cast: {"body": _told(cast)},
    "POST /api/v1/activities/bulk": lambda cast: {"body": {"items": [_told(cast) | {"account_id": str(new_id())}]}},
    "POST /api/v1/activities/{uuid:activity_id}/strike": lambda cast: _one(cast) | {"body": {"reason": "It was another customer."}},
    "POST /api/v1/activities/{uuid:activity_id}/confirm": _one,
}
