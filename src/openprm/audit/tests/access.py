"""Who gets which answer at each door of the audit log."""

from datetime import UTC, datetime

from openprm.audit import services
from openprm.audit.testing import make_event

VENDOR_PAGE = {"vendor": 200, "partner": 404, "other_partner": 404, "stranger": 302}
PORTAL_PAGE = {"vendor": 404, "partner": 200, "partner_collaborator": 403, "other_partner": 200, "stranger": 302}
ONE_OF_THE_PARTNER = PORTAL_PAGE | {"other_partner": 404}
API = {"vendor": 200, "partner": 200, "partner_collaborator": 403, "other_partner": 200, "stranger": 401}

ACCESS = {
    "audit:events": VENDOR_PAGE,
    "audit:checkpoint": VENDOR_PAGE,
    "audit:event": VENDOR_PAGE,
    "audit:proof": VENDOR_PAGE,
    "audit:portal_events": PORTAL_PAGE,
    "audit:portal_checkpoint": PORTAL_PAGE,
    "audit:portal_event": ONE_OF_THE_PARTNER,
    "audit:portal_proof": ONE_OF_THE_PARTNER,
    "audit:keys": {"vendor": 200, "partner": 200, "other_partner": 200, "stranger": 200},
    "GET /api/v1/audit/events": API,
    "GET /api/v1/audit/events/{uuid:event_id}": API | {"other_partner": 404},
    "GET /api/v1/audit/events/{uuid:event_id}/proof": API | {"other_partner": 404},
    "GET /api/v1/audit/seals": API,
    "GET /api/v1/audit/seals/{int:number}/checkpoint": API,
    "GET /api/v1/audit/public-key": API,
}


def _sealed_event(cast):
    at = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    event_id = make_event(cast.partner, at=at, visible_to=[cast.partner.pk])
    services.seal_waiting(at=at)
    return {"event_id": event_id}


def _a_seal(cast):
    _sealed_event(cast)
    return {"number": 1}


def _just_sealed(cast):
    _sealed_event(cast)
    return {}


ARGS = {
    **dict.fromkeys(
        (
            "audit:event", "audit:proof", "audit:portal_event", "audit:portal_proof",
            "GET /api/v1/audit/events/{uuid:event_id}", "GET /api/v1/audit/events/{uuid:event_id}/proof",
        ),
        _sealed_event,
    ),
    "audit:checkpoint": _just_sealed,
    "audit:portal_checkpoint": _just_sealed,
    "GET /api/v1/audit/seals/{int:number}/checkpoint": lambda cast: _a_seal(cast),
}  # fmt: skip
