"""Who may open which door of correspondence. What is one's own is found by nobody else."""

from openprm.correspondence import services
from openprm.kernel.clock import now
from openprm.kernel.scope import scope

VENDOR = {"vendor": 200, "partner": 404, "other_partner": 404, "stranger": 302}
PORTAL = {"vendor": 404, "partner": 200, "other_partner": 200, "stranger": 302}
ADMIN = VENDOR | {"vendor": 403, "vendor_admin": 200}
OPEN = {"vendor": 200, "partner": 200, "other_partner": 200, "stranger": 200}
GONE = dict.fromkeys(("vendor", "partner", "other_partner", "stranger"), 404)
OWN_API = {"vendor": 200, "partner": 200, "other_partner": 200, "stranger": 401}
ADMIN_API = {"vendor": 403, "vendor_admin": 200, "partner": 403, "other_partner": 403, "stranger": 401}


def _all(row: dict, status: int) -> dict:
    return {person: status if answer == 200 else answer for person, answer in row.items()}


ACCESS = {
    "correspondence:mine": VENDOR,
    "correspondence:portal_mine": PORTAL,
    "correspondence:date": _all(VENDOR, 404),
    "correspondence:portal_date": _all(PORTAL, 404),
    "correspondence:feed_change": _all(VENDOR, 404),
    "correspondence:portal_feed_change": _all(PORTAL, 404),
    "correspondence:revoke": _all(VENDOR, 404),
    "correspondence:portal_revoke": _all(PORTAL, 404),
    "correspondence:choose": _all(VENDOR, 303),
    "correspondence:portal_choose": _all(PORTAL, 303),
    "correspondence:reception": ADMIN,
    "correspondence:revoke_for": _all(ADMIN, 404),
    "correspondence:received": ADMIN,
    "correspondence:act": GONE,
    "correspondence:feed": OPEN,
    "GET /api/v1/mail-and-calendar/choice": OWN_API,
    "PUT /api/v1/mail-and-calendar/choice": OWN_API,
    "GET /api/v1/mail-and-calendar/reply-addresses": OWN_API,
    "DELETE /api/v1/mail-and-calendar/reply-addresses/{uuid:address_id}": _all(OWN_API, 404),
    "GET /api/v1/mail-and-calendar/action-links": OWN_API,
    "DELETE /api/v1/mail-and-calendar/action-links/{uuid:link_id}": _all(OWN_API, 404),
    "GET /api/v1/mail-and-calendar/feed": _all(OWN_API, 404),
    "POST /api/v1/mail-and-calendar/feed": _all(OWN_API, 201),
    "PUT /api/v1/mail-and-calendar/feed": _all(OWN_API, 404),
    "DELETE /api/v1/mail-and-calendar/feed": _all(OWN_API, 204),
    "GET /api/v1/mail-and-calendar/date-kinds": OWN_API,
    "GET /api/v1/mail-and-calendar/dates": OWN_API,
    "POST /api/v1/mail-and-calendar/revoke": OWN_API,
    "GET /api/v1/received-mail": ADMIN_API,
    "GET /api/v1/received-mail/{uuid:mail_id}": _all(ADMIN_API, 404),
    "GET /api/v1/received-mail/settings": ADMIN_API,
    "PUT /api/v1/received-mail/settings": ADMIN_API,
    "POST /api/v1/received-mail/revoke": ADMIN_API,
}


def _feed(cast) -> dict:
    with scope(cast.partner_rep):
        url = services.renew_feed(actor=cast.partner_rep, at=now()).url
    return {"token": url.rpartition("/")[2].removesuffix(".ics")}


ARGS = {
    "correspondence:feed": _feed,
    "correspondence:act": lambda cast: {"token": "nobody-made-this"},
    "PUT /api/v1/mail-and-calendar/choice": lambda cast: {"body": {"replies": True, "links": True}},
    "PUT /api/v1/mail-and-calendar/feed": lambda cast: {"body": {"left_out": [], "remind_minutes": 60}, "headers": {"If-Match": "*"}},
    "PUT /api/v1/received-mail/settings": lambda cast: {
        "body": {"replies": True, "links": True, "links_past_second_factor": False},
        "headers": {"If-Match": "*"},
    },
}
