"""Who gets which answer at every door of tiering."""

from datetime import UTC, datetime

from openprm.kernel.scope import system_scope
from openprm.tiering.models import Metric, MetricValue, Standing, TierMove

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
READ = {"vendor": 200, "partner": 404, "other_partner": 404, "stranger": 302}
CONFIGURE = {"vendor_admin": 200, "vendor": 403, "partner": 404, "other_partner": 404, "stranger": 302}
ACT = {"vendor_admin": {303, 409, 422}, "partner_manager": {303, 409, 422}, "vendor": 403, "partner": 404, "other_partner": 404, "stranger": 302}
API_READ = {"vendor": 200, "partner": 200, "other_partner": 200, "stranger": 401}
API_ACT = {
    "vendor_admin": {200, 201, 409, 422, 428},
    "partner_manager": {200, 201, 409, 422, 428},
    "vendor": 403,
    "partner": 403,
    "other_partner": 403,
    "stranger": 401,
}
API_CONFIGURE = {"vendor_admin": {200, 201, 409, 422, 428}, "vendor": 403, "partner": 403, "other_partner": 403, "stranger": 401}

ACCESS = {
    "tiering:standings": READ,
    "tiering:risk": READ,
    "tiering:moves": READ,
    "tiering:move": READ,
    "tiering:approve_move": ACT,
    "tiering:decline_move": ACT,
    "tiering:partner": READ,
    "tiering:refresh": ACT,
    "tiering:enter_value": ACT,
    "tiering:keep_tier": ACT,
    "tiering:set_track": ACT,
    "tiering:say_of_benefit": ACT,
    "tiering:remove_value": ACT,
    "tiering:benefits": READ,
    "tiering:settings": READ,
    "tiering:policy": CONFIGURE,
    "tiering:new_metric": CONFIGURE,
    "tiering:edit_metric": CONFIGURE,
    "tiering:portal_tier": {"vendor": 404, "partner": 200, "other_partner": 200, "stranger": 302},
    "tiering:portal_report": {
        "vendor": 404, "partner": 403, "partner_admin": 422, "partner_rep": 422, "other_partner": 422, "stranger": 302,
    },
    "GET /api/v1/tiers": API_READ,
    "GET /api/v1/tiers/partners/{uuid:partner_id}": {**API_READ, "other_partner": 404},
    "POST /api/v1/tiers/partners/{uuid:partner_id}/refresh": API_ACT,
    "PUT /api/v1/tiers/partners/{uuid:partner_id}/{uuid:program_id}/exception": API_ACT,
    "PUT /api/v1/tiers/partners/{uuid:partner_id}/{uuid:program_id}/size": API_ACT,
    "GET /api/v1/tiers/moves": API_READ,
    "POST /api/v1/tiers/moves/{uuid:move_id}/approve": API_ACT,
    "POST /api/v1/tiers/moves/{uuid:move_id}/decline": API_ACT,
    "GET /api/v1/tiers/policies": API_READ,
    "PUT /api/v1/tiers/policies/{uuid:program_id}": API_CONFIGURE,
    "GET /api/v1/tiers/metrics": API_READ,
    "POST /api/v1/tiers/metrics": API_CONFIGURE,
    "PUT /api/v1/tiers/metrics/{uuid:metric_id}": API_CONFIGURE,
    "POST /api/v1/tiers/values": API_ACT,
    "POST /api/v1/tiers/benefits": {
        "vendor_admin": 201, "partner_manager": 201, "vendor": 403, "partner_admin": 201, "partner_rep": 201, "partner": 403, "other_partner": 404,
        "stranger": 401,
    },
}  # fmt: skip


def _partner(cast):
    return {"partner_id": cast.partner_id}


def _standing(cast):
    with system_scope():
        Standing.objects.get_or_create(partner_id=cast.partner_id, program=cast.program, defaults={"tier": cast.tier, "held_rank": 2})
    return {"partner_id": cast.partner_id, "program_id": cast.program.pk}


def _move(cast):
    with system_scope():
        silver = cast.program.tiers.get(code="silver")
        _standing(cast)
        found, _is_new = TierMove.objects.get_or_create(
            partner_id=cast.partner_id, program=cast.program, before=cast.tier, after=silver, direction="down", state="pending", defaults={"opened_at": AT}
        )
    return {"move_id": found.pk}


def _metric(cast):
    with system_scope():
        return {"metric_id": Metric.objects.get_or_create(code="attach_rate", defaults={"label": "Attach rate"})[0].pk}


def _value(cast):
    with system_scope():
        return {"value_id": MetricValue.objects.create(partner_id=cast.partner_id, metric="certifications", amount=1, starts_on=AT.date()).pk}


ARGS = {
    "tiering:move": _move,
    "tiering:approve_move": _move,
    "tiering:decline_move": _move,
    "tiering:partner": _partner,
    "tiering:refresh": _partner,
    "tiering:enter_value": _partner,
    "tiering:keep_tier": _standing,
    "tiering:set_track": _standing,
    "tiering:say_of_benefit": _standing,
    "tiering:remove_value": _value,
    "tiering:policy": lambda cast: {"program_id": cast.program.pk},
    "tiering:edit_metric": _metric,
    "tiering:portal_report": lambda cast: {"program_id": cast.program.pk},
    "GET /api/v1/tiers/partners/{uuid:partner_id}": _partner,
    "POST /api/v1/tiers/partners/{uuid:partner_id}/refresh": _partner,
    "PUT /api/v1/tiers/partners/{uuid:partner_id}/{uuid:program_id}/exception": lambda cast: _standing(cast) | {"body": {"until": None}},
    "PUT /api/v1/tiers/partners/{uuid:partner_id}/{uuid:program_id}/size": lambda cast: _standing(cast) | {"body": {"track": "small"}},
    "POST /api/v1/tiers/moves/{uuid:move_id}/approve": lambda cast: _move(cast) | {"body": {}},
    "POST /api/v1/tiers/moves/{uuid:move_id}/decline": lambda cast: _move(cast) | {"body": {"reason": "Not now."}},
    "PUT /api/v1/tiers/policies/{uuid:program_id}": lambda cast: {"program_id": cast.program.pk, "body": {}},
    "POST /api/v1/tiers/metrics": lambda cast: {"body": {"code": "references", "label": "References"}},
    "PUT /api/v1/tiers/metrics/{uuid:metric_id}": lambda cast: _metric(cast) | {"body": {"label": "Attach rate"}},
    "POST /api/v1/tiers/values": lambda cast: {
        "body": {"partner_id": str(cast.partner_id), "metric": "certifications", "amount": "2", "starts_on": "2026-01-01"}
    },
    "POST /api/v1/tiers/benefits": lambda cast: {
        "body": {
            "partner_id": str(cast.partner_id), "program_id": str(cast.program.pk), "benefit": "market_fund_percent", "said": "not_met", "note": "Nothing came.",
        }
    },
}  # fmt: skip
