"""Who gets which answer at every door of this domain."""

import tempfile
from pathlib import Path

from openprm.integrations import services
from openprm.kernel.actor import SYSTEM
from openprm.kernel.scope import system_scope

READ = {"vendor_admin": 200, "partner_manager": 200, "vendor": 403, "partner": 404, "other_partner": 404, "stranger": 302}
ACT = {**READ, "vendor_admin": {303, 404, 409}, "partner_manager": {303, 404, 409}}
API = {"vendor_admin": 200, "partner_manager": 200, "vendor": 403, "partner": 403, "other_partner": 403, "stranger": 401}

ACCESS = {
    "integrations:imports": READ,
    "integrations:new_import": READ,
    "integrations:import": READ,
    "integrations:columns": READ,
    "integrations:rows": READ,
    "integrations:act": ACT,
    "integrations:forget_mapping": ACT,
    "integrations:export": READ,
    "GET /api/v1/imports": API,
    "GET /api/v1/imports/{uuid:import_id}": API,
    "GET /api/v1/imports/{uuid:import_id}/rows": API,
    "POST /api/v1/imports/{uuid:import_id}/undo": {**API, "vendor_admin": 409, "partner_manager": 409},
    "POST /api/v1/imports": {**API, "vendor_admin": 415, "partner_manager": 415},
    "POST /api/v1/imports/{uuid:import_id}/try": {**API, "vendor_admin": 202, "partner_manager": 202},
    "POST /api/v1/imports/{uuid:import_id}/run": {**API, "vendor_admin": 409, "partner_manager": 409},
    "DELETE /api/v1/imports/{uuid:import_id}": {**API, "vendor_admin": 204, "partner_manager": 204},
    "GET /api/v1/exports/{entity}.{format}": API,
}


def _import(cast):
    with tempfile.TemporaryDirectory() as folder, system_scope():
        path = Path(folder) / "accounts.csv"
        path.write_text("company,country\nAlpha Tools,Germany\n")
        return {"import_id": services.stage_file(actor=SYSTEM, path=path, entity="accounts")}


ARGS = {
    **{f"integrations:{name}": _import for name in ("import", "columns", "rows", "act")},
    "integrations:export": lambda cast: {"entity": "accounts", "format": "csv"},
    "GET /api/v1/imports/{uuid:import_id}": _import,
    "GET /api/v1/imports/{uuid:import_id}/rows": _import,
    **{f"POST /api/v1/imports/{{uuid:import_id}}/{act}": _import for act in ("undo", "try", "run")},
    "DELETE /api/v1/imports/{uuid:import_id}": _import,
    "GET /api/v1/exports/{entity}.{format}": lambda cast: {"entity": "accounts", "format": "csv"},
}
