"""Who may open which door of the inbox."""

from openprm.inbox import unsubscribe
from openprm.kernel.ids import new_id

VENDOR = {"vendor": 200, "partner": 404, "other_partner": 404, "stranger": 302}
PARTNER = {"vendor": 404, "partner": 200, "other_partner": 200, "stranger": 302}

ACCESS = {
    "inbox:notifications": VENDOR,
    "inbox:portal_notifications": PARTNER,
    "inbox:read": VENDOR | {"vendor": 303},
    "inbox:portal_read": PARTNER | {"partner": 303, "other_partner": 303},
    "inbox:open": VENDOR | {"vendor": 404},
    "inbox:portal_open": PARTNER | {"partner": 404, "other_partner": 404},
    "inbox:preferences": VENDOR,
    "inbox:portal_preferences": PARTNER,
    "inbox:decisions": VENDOR,
    "inbox:unsubscribe": {"vendor": 404, "partner": 404, "other_partner": 404, "stranger": 404},
    "GET /api/v1/notifications": {"vendor": 200, "partner": 200, "other_partner": 200, "stranger": 401},
    "GET /api/v1/notifications/{uuid:notification_id}": {"vendor": 404, "partner": 404, "other_partner": 404, "stranger": 401},
    "POST /api/v1/notifications/read": {"vendor": 200, "partner": 200, "other_partner": 200, "stranger": 401},
}

ARGS = {
    "inbox:open": lambda cast: {"notification_id": new_id()},
    "inbox:portal_open": lambda cast: {"notification_id": new_id()},
    "inbox:unsubscribe": lambda cast: {"token": unsubscribe.link(cast.partner_rep.user_id, "a.kind-nobody-declares").rstrip("/").rpartition("/")[2]},
}
