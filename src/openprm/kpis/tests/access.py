"""Who gets which answer at each door. What a partner reads behind it are its own rows."""

from datetime import UTC, datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from openprm.kernel.scope import system_scope
from openprm.kpis.models import Cost, Pack, PublicLabel, Target

PLANNERS = ("vendor_admin", "finance_manager")


def _row(vendor: Any, partner: Any, other: Any, stranger: int, **named: Any) -> dict[str, Any]:
    return {"vendor": vendor, "partner": partner, "other_partner": other, "stranger": stranger, **named}


ONE = "/api/v1/kpis/{name}"
READ = _row(200, 200, 200, 401, partner_collaborator=403)
PROGRAM = _row(200, 403, 403, 401)
ACCESS = {
    "kpis:numbers": _row(200, 404, 404, 302),
    "kpis:number": _row(200, 404, 404, 302),
    **{f"kpis:{name}": _row(200, 404, 404, 302) for name in ("packs", "stress", "targets", "target", "costs", "cost", "labels")},
    "kpis:make_pack": _row(422, 404, 404, 302),
    "kpis:pack_file": _row(200, 404, 404, 302),
    **{f"kpis:{name}": _row(403, 404, 404, 302, **dict.fromkeys(PLANNERS, 422)) for name in ("new_target", "new_cost")},
    **{f"kpis:{name}": _row(403, 404, 404, 302, **dict.fromkeys(PLANNERS, 422)) for name in ("change_target", "correct_cost")},
    **{f"kpis:{name}": _row(403, 404, 404, 302, **dict.fromkeys(PLANNERS, 422)) for name in ("remove_target", "remove_cost")},
    "kpis:publish_label": _row(403, 404, 404, 302, vendor_admin=422),
    "kpis:withdraw_label": _row(403, 404, 404, 302, vendor_admin=303),
    **{f"kpis:{name}": _row(200, 200, 200, 200) for name in ("facts_index", "facts_schema", "facts", "facts_json", "facts_badge")},
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
    "GET /api/v1/kpis/pack": _row(422, 403, 403, 401),
    "GET /api/v1/kpis/packs": PROGRAM,
    "POST /api/v1/kpis/packs": _row(422, 403, 403, 401),
    "GET /api/v1/kpis/packs/{pack_id}/file": PROGRAM,
    "PUT /api/v1/kpis/costs/{cost_id}": _row(403, 403, 403, 401, **dict.fromkeys(PLANNERS, 200)),
    "DELETE /api/v1/kpis/targets/{target_id}": _row(403, 403, 403, 401, **dict.fromkeys(PLANNERS, 422)),
    "POST /api/v1/kpis/costs": _row(403, 403, 403, 401, **dict.fromkeys(PLANNERS, 201)),
    "DELETE /api/v1/kpis/costs/{cost_id}": _row(403, 403, 403, 401, **dict.fromkeys(PLANNERS, 422)),
    f"PUT {ONE}/target": _row(403, 403, 403, 401, **dict.fromkeys(PLANNERS, 200)),
}


AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
BODY = {"month": "2026-11-05", "kind": "team", "amount_minor": 100}


def _cost(cast: Any) -> dict[str, Any]:
    with system_scope():
        return {"cost_id": Cost.objects.create(month="2026-11-01", kind="team", amount_minor=100, currency="EUR").pk}


def _target(cast: Any) -> dict[str, Any]:
    with system_scope():
        return {"target_id": Target.objects.create(kpi="ropi", period="year", starts_on="2026-01-01", value=3).pk}


def _pack(cast: Any) -> dict[str, Any]:
    """A kept pack with a file, made without reading anything."""
    with system_scope():
        row = Pack(as_of="2026-11-01", period="12m", compare="none", locale="en", state="ready", pdf_sha256="0" * 64, xlsx_sha256="0" * 64, ready_at=AT)
        row.save()
    default_storage.save(row.key("pdf"), ContentFile(b"%PDF-1.4"))
    return {"pack_id": row.pk}


def _label(cast: Any) -> dict[str, Any]:
    body = {
        "vendor": {"schema:name": "Halden"},
        "program": {"name": cast.program.name},
        "period": {"since": "", "until": ""},
        "rules": {"tiers": []},
        "facts": [],
        "leastCases": 20,
        "leastPartners": 5,
    }
    with system_scope():
        PublicLabel.objects.create(program_id=cast.program.pk, code=cast.program.code, as_of="2026-10-31", body=body, sha256="0" * 64, made_at=AT)
    return {"code": cast.program.code}


def _program(cast: Any) -> dict[str, Any]:
    return {"program_id": cast.program.pk}


NAMED = {"name": "registration_acceptance"}
ARGS = {
    "kpis:number": lambda cast: NAMED,
    "kpis:portal_number": lambda cast: NAMED,
    **{f"GET {ONE}{tail}": lambda cast: NAMED for tail in ("", "/rows", "/history")},
    f"PUT {ONE}/target": lambda cast: {**NAMED, "body": {"period": "year", "starts_on": "2026-01-01", "value": "80"}},
    "GET /api/v1/kpis/without/{partner_id}": lambda cast: {"partner_id": cast.partner_id},
    "POST /api/v1/kpis/costs": lambda cast: {"body": BODY},
    "PUT /api/v1/kpis/costs/{cost_id}": lambda cast: {**_cost(cast), "body": BODY},
    "DELETE /api/v1/kpis/costs/{cost_id}": _cost,
    "DELETE /api/v1/kpis/targets/{target_id}": _target,
    "GET /api/v1/kpis/packs/{pack_id}/file": _pack,
    "kpis:pack_file": lambda cast: {**_pack(cast), "form": "pdf"},
    "kpis:target": _target,
    "kpis:change_target": _target,
    "kpis:remove_target": _target,
    "kpis:cost": _cost,
    "kpis:correct_cost": _cost,
    "kpis:remove_cost": _cost,
    "kpis:publish_label": _program,
    "kpis:withdraw_label": _program,
    **{f"kpis:{name}": _label for name in ("facts", "facts_json", "facts_badge")},
}
