"""Who gets which answer at each door of private comparisons."""

from typing import Any

from openprm.mapping.privatetesting import make_asked, make_finished, make_own_key, make_peer
from openprm.mapping.testing import make_list

NAMES = [f"Company{number}" for number in range(110)]


def _page(admin: int, manager: int | None = None, reader: int | None = None) -> dict[str, int]:
    """A page of the vendor; a partner never enters."""
    manager = admin if manager is None else manager
    reader = manager if reader is None else reader
    return {"vendor": reader, "vendor_admin": admin, "partner_manager": manager, "partner": 404, "other_partner": 404, "stranger": 302}


def _call(admin: int, manager: int | None = None, reader: int | None = None) -> dict[str, int]:
    return _page(admin, manager, reader) | {"partner": 403, "other_partner": 403, "stranger": 401}


def _door(status: int) -> dict[str, int]:
    return {"vendor": status, "partner": status, "other_partner": status, "stranger": status}


PEERS, RUNS = "/api/v1/private-peers", "/api/v1/private-comparisons"
ONE_PEER, ONE_RUN = f"{PEERS}/{{uuid:peer_id}}", f"{RUNS}/{{uuid:comparison_id}}"
ACCESS = {
    "mapping:private_home": _page(200),
    "mapping:private_key": _page(303, 403),
    "mapping:private_new_peer": _page(200, 403),
    "mapping:private_peer": _page(200),
    "mapping:private_pin": _page(422, 403),
    "mapping:private_limits": _page(422, 403),
    "mapping:private_change_peer": _page(422, 403),
    "mapping:private_revoke": _page(303, 403),
    "mapping:private_start": _page(200, 200, 403),
    "mapping:private_run": _page(200),
    "mapping:private_agree": _page(422, 422, 403),
    "mapping:private_decline": _page(303, 303, 403),
    "mapping:private_drop": _page(409, 409, 403),
    "mapping:private_ask_names": _page(303, 303, 403),
    "mapping:private_transcript": _page(409),
    "mapping:private_export": _page(200, 200, 403),
    "mapping:private_verify": _page(200),
    "mapping:private_heads": _door(409),
    "mapping:private_pieces": _door(409),
    f"GET {PEERS}/key": _call(200),
    f"GET {PEERS}": _call(200),
    f"POST {PEERS}": _call(409, 403),
    f"POST {ONE_PEER}/pin": _call(422, 403),
    f"PUT {ONE_PEER}/limits": _call(204, 403),
    f"DELETE {ONE_PEER}": _call(204, 403),
    f"GET {RUNS}": _call(200),
    f"POST {RUNS}": _call(201, 201, 403),
    f"GET {ONE_RUN}": _call(200),
    f"POST {ONE_RUN}/agree": _call(409, 409, 403),
    f"POST {ONE_RUN}/decline": _call(409, 409, 403),
    f"POST {ONE_RUN}/names": _call(201, 201, 403),
    f"DELETE {ONE_RUN}": _call(409, 409, 403),
    f"GET {ONE_RUN}/companies": _call(200),
    f"GET {ONE_RUN}/transcript": _call(409),
}


def _peer(cast: Any, **more: Any) -> dict[str, Any]:
    return {"peer_id": make_peer(cast.vendor_admin), **more}


def _asked(cast: Any) -> dict[str, Any]:
    return {"run_id": make_asked(make_peer(cast.vendor_admin))}


def _finished(cast: Any, name: str = "run_id", **more: Any) -> dict[str, Any]:
    return {name: make_finished(make_peer(cast.vendor_admin), make_list(cast.vendor_admin, NAMES)), **more}


def _draft(cast: Any) -> dict[str, Any]:
    peer, made = make_peer(cast.vendor_admin), make_list(cast.vendor_admin, NAMES)
    return {"body": {"peer_id": str(peer), "list_id": str(made), "purpose": "Joint plan 2027"}}


ARGS = {
    "mapping:private_home": lambda cast: make_own_key(cast.vendor_admin) or {},
    **{f"mapping:private_{name}": _peer for name in ("peer", "pin", "limits", "change_peer", "revoke")},
    **{f"mapping:private_{name}": _asked for name in ("agree", "decline")},
    **{f"mapping:private_{name}": _finished for name in ("run", "drop", "ask_names", "transcript", "export")},
    "mapping:private_pieces": lambda cast: {"name": "0" * 64, "offset": 0},
    f"POST {PEERS}": lambda cast: {"body": {"name": "Bolt", "url": "https://bolt.example", "public_key": "no key"}},
    f"POST {ONE_PEER}/pin": lambda cast: _peer(cast, body={"words": "no such words"}),
    f"PUT {ONE_PEER}/limits": lambda cast: _peer(cast, body={"runs": 3}),
    f"DELETE {ONE_PEER}": _peer,
    f"POST {RUNS}": _draft,
    f"POST {ONE_RUN}/agree": lambda cast: _finished(cast, "comparison_id", body={"list_id": str(cast.partner_id), "mode": "count"}),
    **{f"{call} {ONE_RUN}{rest}": lambda cast: _finished(cast, "comparison_id") for call, rest in (
        ("GET", ""), ("POST", "/decline"), ("POST", "/names"), ("DELETE", ""), ("GET", "/companies"), ("GET", "/transcript"),
    )},
}  # fmt: skip
