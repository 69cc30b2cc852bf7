"""Who gets which answer at every door of this domain."""

from datetime import timedelta

from openprm.kernel.actor import SYSTEM
from openprm.kernel.clock import now
from openprm.offboarding.links import token_of
from openprm.offboarding.models import Offboarding
from openprm.offboarding.testing import make_offboarding

READ = {"vendor": 200, "partner": 404, "other_partner": 404, "stranger": 302}
MANAGE = {"vendor_admin": 200, "partner_manager": 200, "vendor": 403, "partner": 404, "other_partner": 404, "stranger": 302}
ACT = {"vendor_admin": {303, 404, 409}, "partner_manager": {303, 404, 409}, "vendor": 403, "partner": 404, "other_partner": 404, "stranger": 302}
OWN = {"vendor": 404, "partner": 200, "partner_collaborator": 403, "other_partner": 200, "stranger": 302}
OWN_ADMIN = {
    "vendor": 404,
    "partner": 403,
    "partner_admin": {200, 303, 409, 404},
    "other_partner": 403,
    "other_partner_admin": {404, 409, 303},
    "stranger": 302,
}
API_READ = {"vendor": 200, "partner": 200, "partner_collaborator": 403, "other_partner": 200, "stranger": 401}
API_ONE = {**API_READ, "other_partner": 404}
API_MANAGE = {
    "vendor_admin": {200, 201, 409, 422},
    "partner_manager": {200, 201, 409, 422},
    "vendor": 403,
    "partner": 403,
    "other_partner": 403,
    "stranger": 401,
}

ACCESS = {
    "offboarding:offboardings": READ,
    "offboarding:offboarding": READ,
    "offboarding:retention": READ,
    "offboarding:open": MANAGE,
    "offboarding:decide": {**MANAGE, "vendor_admin": 404, "partner_manager": 404},
    "offboarding:run": ACT,
    "offboarding:act": ACT,
    "offboarding:download": {**MANAGE, "vendor_admin": 404, "partner_manager": 404},
    "offboarding:portal_leaving": OWN,
    "offboarding:portal_stay": OWN_ADMIN,
    "offboarding:portal_download": {**OWN_ADMIN, "partner_admin": 404, "other_partner_admin": 404},
    "offboarding:leaving": {"vendor": 200, "partner": 200, "other_partner": 200, "stranger": 200},
    "offboarding:leaving_download": {"vendor": 404, "partner": 404, "other_partner": 404, "stranger": 404},
    "GET /api/v1/offboardings": API_READ,
    "POST /api/v1/offboardings": API_MANAGE,
    "POST /api/v1/offboardings/requests": {
        "vendor": 403,
        "partner": 403,
        "partner_admin": {201, 409, 422},
        "other_partner": 403,
        "other_partner_admin": {201, 422},
        "stranger": 401,
    },
    "GET /api/v1/offboardings/retention": API_READ,
    "PUT /api/v1/offboardings/retention/{kind}": {"vendor_admin": {200, 422}, "vendor": 403, "partner": 403, "other_partner": 403, "stranger": 401},
    "GET /api/v1/offboardings/{uuid:offboarding_id}": API_ONE,
    "PUT /api/v1/offboardings/{uuid:offboarding_id}/steps/{code}": API_MANAGE,
    "POST /api/v1/offboardings/{uuid:offboarding_id}/steps/{code}/run": API_MANAGE,
    "PUT /api/v1/offboardings/{uuid:offboarding_id}/last-day": {**API_MANAGE, "vendor_admin": {422, 428}, "partner_manager": {422, 428}},
    "POST /api/v1/offboardings/{uuid:offboarding_id}/close": {
        "vendor": {403, 422},
        "vendor_admin": {200, 422},
        "partner_manager": {200, 422},
        "partner": {403, 422},
        "partner_collaborator": 403,
        "other_partner": {404, 422},
        "stranger": 401,
    },
    "POST /api/v1/offboardings/{uuid:offboarding_id}/reinstatement": API_MANAGE,
}


def _partner(cast):
    return {"partner_id": cast.partner_id}


def _case(cast):
    return {"offboarding_id": make_offboarding(SYSTEM, cast.partner_id, at=now() - timedelta(hours=1))}


def _step(cast):
    return {**_case(cast), "code": "membership"}


def _token(cast):
    offboarding_id = _case(cast)["offboarding_id"]
    Offboarding.objects.filter(pk=offboarding_id).update(access_ended_at=now(), link_ends_at=now() + timedelta(days=3))
    return {"token": token_of(offboarding_id)}


ARGS = {
    "offboarding:open": _partner,
    "offboarding:offboarding": _case,
    "offboarding:decide": _step,
    "offboarding:run": _step,
    "offboarding:act": _case,
    "offboarding:download": _case,
    "offboarding:leaving": _token,
    "offboarding:leaving_download": _token,
    "PUT /api/v1/offboardings/retention/{kind}": lambda cast: {"kind": "people", "body": {"days": 90}},
    "GET /api/v1/offboardings/{uuid:offboarding_id}": _case,
    "PUT /api/v1/offboardings/{uuid:offboarding_id}/steps/{code}": _step,
    "POST /api/v1/offboardings/{uuid:offboarding_id}/steps/{code}/run": _step,
    "PUT /api/v1/offboardings/{uuid:offboarding_id}/last-day": _case,
    "POST /api/v1/offboardings/{uuid:offboarding_id}/close": _case,
    "POST /api/v1/offboardings/{uuid:offboarding_id}/reinstatement": _case,
}
