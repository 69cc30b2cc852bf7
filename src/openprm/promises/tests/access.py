"""Who gets which answer at each door of the promises."""

from openprm.promises.models import BusinessCalendar

VENDOR_PAGE = {"vendor": 200, "partner": 404, "other_partner": 404, "stranger": 302}
ADMIN_PAGE = {"vendor": 403, "vendor_admin": 200, "partner": 404, "other_partner": 404, "stranger": 302}
PORTAL_PAGE = {"vendor": 404, "partner": 200, "partner_collaborator": 403, "other_partner": 200, "stranger": 302}
API = {"vendor": 200, "partner": 200, "partner_collaborator": 403, "other_partner": 200, "stranger": 401}

ACCESS = {
    "promises:record": VENDOR_PAGE,
    "promises:clocks": VENDOR_PAGE,
    "promises:partner_clocks": VENDOR_PAGE,
    "promises:settings": ADMIN_PAGE,
    "promises:withdraw": ADMIN_PAGE | {"vendor_admin": 404},  # without a target there is nothing to withdraw
    "promises:new_calendar": ADMIN_PAGE,
    "promises:hours": ADMIN_PAGE,
    "promises:portal_record": PORTAL_PAGE,
    "promises:portal_clocks": PORTAL_PAGE,
    "GET /api/v1/promises": API,
    "GET /api/v1/promises/record": API,
    "GET /api/v1/promises/clocks": API,
    "POST /api/v1/promises/targets": {"vendor": 403, "vendor_admin": 422, "partner": 403, "other_partner": 403, "stranger": 401},
}

ARGS = {
    "promises:partner_clocks": lambda cast: {"partner_id": cast.partner.pk},
    "promises:hours": lambda cast: {"calendar_id": BusinessCalendar.objects.get(is_default=True).pk},
    "POST /api/v1/promises/targets": lambda cast: {"body": {"code": "nobody.promised", "amount": 2}},
}
