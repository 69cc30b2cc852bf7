"""Who gets which answer at each door. What a partner reads behind it are its own rows."""

from typing import Any

from openprm.kernel.scope import system_scope
from openprm.kpis.models import Cost

PLANNERS = ("vendor_admin", "finance_manager")


def _row(vendor: Any, partner: Any, other: Any, stranger: int, **named: Any) -> dict[str, Any]:
    return {"vendor": vendor, "partner": partner, "other_partner": other, "stranger": stranger, **named}


ONE = "/api/v1/kpis/{name}"
READ = _row(200, 200, 200, 401, partner_collaborator=403)
PROGRAM = _row(200, 403, 403, 401)
ACCESS = {
    "kpis:numbers": _row(200, 404, 404, 302),
    "kpis:number": _row(200, 404, 404, 302),
    "kpis:portal_numbers": _row(404, 200, 200, 302, partner_collaborator=403),
    "kpis:portal_number": _row(404, 200, 200, 302, partner_collaborator=403),
    "GET /api/v1/kpis": READ,
    "GET /api/v1/kpis/values": READ,
    f"GET {ONE}": READ,
    f"GET {ONE}/rows": READ,
    f"GET {ONE}/history": READ,
    "GET /api/v1/kpis/targets": PROGRAM,
    "GET /api/v1/kpis/costs": PROGRAM,
    "GET /api/v1/kpis/without/{partner_id}": PROGRAM,
    "POST /api/v1/kpis/costs": _row(403, 403, 403, 401, **dict.fromkeys(PLANNERS, 201)),
    "DELETE /api/v1/kpis/costs/{cost_id}": _row(403, 403, 403, 401, **dict.fromkeys(PLANNERS, 204)),
    f"PUT {ONE}/target": _row(403, 403, 403, 401, **dict.fromkeys(PLANNERS, 200)),
}


def _cost(cast: Any) -> dict[str, Any]:
    with system_scope():
        return {"cost_id": Cost.objects.create(month="2026-11-01", kind="team", amount_minor=100, currency="EUR").pk}


NAMED = {"name": "registration_acceptance"}
ARGS = {
    "kpis:number": lambda cast: NAMED,
    "kpis:portal_number": lambda cast: NAMED,
    **{f"GET {ONE}{tail}": lambda cast: NAMED for tail in ("", "/rows", "/history")},
    f"PUT {ONE}/target": lambda cast: {**NAMED, "body": {"period": "year", "starts_on": "2026-01-01", "value": "80"}},
    "GET /api/v1/kpis/without/{partner_id}": lambda cast: {"partner_id": cast.partner_id},
    "POST /api/v1/kpis/costs": lambda cast: {"body": {"month": "2026-11-05", "kind": "team", "amount_minor": 100}},
    "DELETE /api/v1/kpis/costs/{cost_id}": _cost,
}
