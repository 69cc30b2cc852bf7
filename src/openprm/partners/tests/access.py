"""Who gets which answer at every door of this domain."""

from openprm.kernel.scope import system_scope
from openprm.partners.models import Tier

READ = {"vendor": 200, "partner": 404, "other_partner": 404, "stranger": 302}
MANAGE = {"vendor_admin": 200, "partner_manager": 200, "vendor": 403, "partner": 404, "other_partner": 404, "stranger": 302}
CONFIGURE = {"vendor_admin": 200, "vendor": 403, "partner": 404, "other_partner": 404, "stranger": 302}
ACT = {"vendor_admin": {303, 409, 422}, "partner_manager": {303, 409, 422}, "vendor": 403, "partner": 404, "other_partner": 404, "stranger": 302}
API_READ = {"vendor": 200, "partner": 200, "other_partner": 200, "stranger": 401}
API_MANAGE = {
    "vendor_admin": {200, 201, 409, 422, 428},
    "partner_manager": {200, 201, 409, 422, 428},
    "vendor": 403,
    "partner": 403,
    "other_partner": 403,
    "stranger": 401,
}
API_CONFIGURE = {"vendor_admin": {200, 201, 409, 422, 428}, "vendor": 403, "partner": 403, "other_partner": 403, "stranger": 401}

ACCESS = {
    "partners:partners": READ,
    "partners:partner": READ,
    "partners:programs": READ,
    "partners:new_partner": MANAGE,
    "partners:edit_partner": MANAGE,
    "partners:partner_status": ACT,
    "partners:enroll": ACT,
    "partners:end_enrollment": ACT,
    "partners:new_program": CONFIGURE,
    "partners:edit_program": CONFIGURE,
    "partners:new_tier": CONFIGURE,
    "partners:edit_tier": CONFIGURE,
    "partners:remove_tier": {**CONFIGURE, "vendor_admin": 303},
    "partners:renewals": READ,
    "partners:renew": MANAGE,
    "partners:portal_membership": {"vendor": 404, "partner": 200, "other_partner": 200, "stranger": 302},
    "partners:portal_renew": {"vendor": 404, "partner": 404, "other_partner": 404, "stranger": 302},
    "partners:portal_company": {"vendor": 404, "partner": 200, "other_partner": 200, "stranger": 302},
    "GET /api/v1/partners": API_READ,
    "GET /api/v1/partners/{uuid:partner_id}": {**API_READ, "other_partner": 404},
    "POST /api/v1/partners": API_MANAGE,
    "PATCH /api/v1/partners/{uuid:partner_id}": API_MANAGE,
    "POST /api/v1/partners/{uuid:partner_id}/status": API_MANAGE,
    "GET /api/v1/programs": API_READ,
    "GET /api/v1/programs/{uuid:program_id}": API_READ,
    "POST /api/v1/programs": API_CONFIGURE,
    "PUT /api/v1/programs/{uuid:program_id}": API_CONFIGURE,
    "POST /api/v1/programs/{uuid:program_id}/tiers": API_CONFIGURE,
    "PUT /api/v1/programs/tiers/{uuid:tier_id}": API_CONFIGURE,
    "GET /api/v1/enrollments": API_READ,
    "POST /api/v1/enrollments": API_MANAGE,
    "PUT /api/v1/enrollments/{uuid:partner_id}/{uuid:program_id}": API_MANAGE,
    "DELETE /api/v1/enrollments/{uuid:partner_id}/{uuid:program_id}": API_MANAGE,
    "GET /api/v1/enrollments/renewals": API_READ,
    "POST /api/v1/enrollments/{uuid:partner_id}/{uuid:program_id}/renewal": {
        **API_MANAGE,
        "partner_admin": 409,
        "other_partner_admin": 404,
    },
    "PUT /api/v1/enrollments/{uuid:partner_id}/{uuid:program_id}/end": API_MANAGE,
}


def _partner(cast):
    return {"partner_id": cast.partner_id}


def _program(cast):
    return {"program_id": cast.program.pk}


def _tier(cast):
    with system_scope():
        return {"tier_id": Tier.objects.filter(program=cast.program, code="gold").get().pk}


def _both(cast):
    return {**_partner(cast), **_program(cast)}


ARGS = {
    **{f"partners:{name}": _partner for name in ("partner", "edit_partner", "partner_status", "enroll")},
    "partners:end_enrollment": _both,
    "partners:renew": _both,
    "POST /api/v1/enrollments/{uuid:partner_id}/{uuid:program_id}/renewal": _both,
    "PUT /api/v1/enrollments/{uuid:partner_id}/{uuid:program_id}/end": _both,
    "partners:edit_program": _program,
    "partners:new_tier": _program,
    "partners:edit_tier": _tier,
    "partners:remove_tier": _tier,
    "GET /api/v1/partners/{uuid:partner_id}": _partner,
    "PATCH /api/v1/partners/{uuid:partner_id}": _partner,
    "POST /api/v1/partners/{uuid:partner_id}/status": _partner,
    "GET /api/v1/programs/{uuid:program_id}": _program,
    "PUT /api/v1/programs/{uuid:program_id}": _program,
    "POST /api/v1/programs/{uuid:program_id}/tiers": _program,
    "PUT /api/v1/programs/tiers/{uuid:tier_id}": _tier,
    "PUT /api/v1/enrollments/{uuid:partner_id}/{uuid:program_id}": _both,
    "DELETE /api/v1/enrollments/{uuid:partner_id}/{uuid:program_id}": _both,
}
