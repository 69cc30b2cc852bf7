"""Who may open what: the sweep in tests/architecture walks this table."""

_VENDOR = {"vendor": 200, "partner": 404, "other_partner": 404, "stranger": 302}
_PARTNER = {"vendor": 404, "partner": 200, "other_partner": 200, "stranger": 302}

ACCESS = {
    "portal:home": _VENDOR,
    "portal:search": _VENDOR,
    "portal:settings": _VENDOR,
    "portal:save_view": {**_VENDOR, "vendor": 422},
    "portal:delete_view": {**_VENDOR, "vendor": 404},
    "portal:gallery": {**_VENDOR, "vendor": 403, "vendor_admin": 200},
    "portal:portal_home": _PARTNER,
    "portal:portal_search": _PARTNER,
    "portal:portal_settings": _PARTNER,
    "portal:portal_save_view": {**_PARTNER, "partner": 422, "other_partner": 422},
    "portal:portal_delete_view": {**_PARTNER, "partner": 404, "other_partner": 404},
}
