"""Who gets which answer at each door. What a partner reads behind it are its own rows."""

from datetime import UTC, datetime
from typing import Any

from openprm.dashboards.testing import make_saved


def _row(vendor: Any, partner: Any, other: Any, stranger: int, **named: Any) -> dict[str, Any]:
    return {"vendor": vendor, "partner": partner, "other_partner": other, "stranger": stranger, **named}


ONE = "/api/v1/dashboards/saved/{saved_id}"
VENDOR = _row(200, 404, 404, 302)
PARTNER = _row(404, 200, 200, 302, partner_collaborator=403)
MINE = _row(404, 404, 404, 302, vendor_admin=200)
OURS = _row(404, 404, 404, 302, partner_rep=200, partner_collaborator=403)
READ = _row(200, 200, 200, 401, partner_collaborator=403)
ACCESS = {
    "dashboards:first": _row(303, 404, 404, 302),
    "dashboards:executive": VENDOR,
    "dashboards:manager": VENDOR,
    "dashboards:saved": VENDOR,
    "dashboards:save": _row(422, 404, 404, 302),
    "dashboards:change": MINE,
    "dashboards:remove": {**MINE, "vendor_admin": 303},
    "dashboards:leave": {**MINE, "vendor_admin": 303},
    "dashboards:portal_dashboard": PARTNER,
    "dashboards:portal_saved": PARTNER,
    "dashboards:portal_save": _row(404, 422, 422, 302, partner_collaborator=403),
    "dashboards:portal_change": OURS,
    "dashboards:portal_remove": {**OURS, "partner_rep": 303},
    "dashboards:portal_leave": {**OURS, "partner_rep": 303},
    "GET /api/v1/dashboards/{code}": _row(200, 404, 404, 401, partner_collaborator=403),
    "GET /api/v1/dashboards/saved": READ,
    "POST /api/v1/dashboards/saved": _row(201, 404, 404, 401, partner_collaborator=403),
    f"GET {ONE}": _row(404, 404, 404, 401, vendor_admin=200, partner_collaborator=403),
    f"PUT {ONE}": _row(404, 404, 404, 401, vendor_admin=200, partner_collaborator=403),
    f"DELETE {ONE}": _row(404, 404, 404, 401, vendor_admin=204, partner_collaborator=403),
}


def _saved(cast: Any) -> dict[str, Any]:
    return {"saved_id": make_saved(cast.vendor_admin, recipients=(cast.vendor_admin,), at=datetime(2026, 11, 23, 10, tzinfo=UTC))}


def _ours(cast: Any) -> dict[str, Any]:
    return {"saved_id": make_saved(cast.partner_rep, dashboard="partner", recipients=(cast.partner_rep,), at=datetime(2026, 11, 23, 10, tzinfo=UTC))}


ARGS = {
    **{f"dashboards:{name}": _saved for name in ("change", "remove", "leave")},
    **{f"dashboards:portal_{name}": _ours for name in ("change", "remove", "leave")},
    "GET /api/v1/dashboards/{code}": lambda cast: {"code": "executive"},
    "POST /api/v1/dashboards/saved": lambda cast: {"body": {"name": "Board", "dashboard": "executive"}},
    f"GET {ONE}": _saved,
    f"PUT {ONE}": lambda cast: {**_saved(cast), "body": {"name": "Other", "version": 2}},
    f"DELETE {ONE}": _saved,
}
