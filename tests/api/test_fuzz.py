"""Every operation, asked by every member of the cast with values from its own schema and with hostile ones: never a 500."""

import json
import string
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openprm.config.api import api
from openprm.deals import services
from openprm.deals.testing import SOME_DAY, make_approved, make_catalogue, make_draft, make_registration, stored
from openprm.kernel.api import limits
from openprm.kernel.api.reference import resolve
from openprm.kernel.scope import scope

pytestmark = pytest.mark.django_db
SCHEMA = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), default=str))
OPERATIONS = [(path, method, details) for path, methods in SCHEMA["paths"].items() for method, details in methods.items()]
PEOPLE = ("vendor_admin", "vendor_reader", "partner_admin", "partner_rep", "partner_reader", "partner_collaborator", "other_partner_rep", "stranger")
TRICKS = st.sampled_from(
    [
        "",
        "\x00",
        "\ud800",
        "' or 1=1 --",
        "../../etc/passwd",
        "<script>",
        "=cmd|' /C calc'!A0",
        "%s%s",
        "ı",
        "𝕏" * 300,
        "a" * 20_000,
        "1e309",
        "-0",
        "2027-02-30",
        "0001-01-01",
        "9999-12-31",
    ]
)
TEXT = st.text(max_size=40) | TRICKS
JUNK: st.SearchStrategy = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


KNOWN: dict[str, list[str]] = {}
"""Ids that exist in the running test, by the name of the parameter or field that takes them."""


def ids(name: str = "") -> st.SearchStrategy:
    """Mostly an id that exists, so that requests get past "not found"."""
    return st.builds(_pick, st.just(name), st.integers(0, 10**6), st.uuids())


def _pick(name: str, number: int, other: Any) -> str:
    known = KNOWN.get(name) or [one for found in KNOWN.values() for one in found]
    return known[number % len(known)] if known and number % 4 else str(other)


def values(node: dict, depth: int = 0) -> st.SearchStrategy:
    """Values that fit a schema node most of the time, and anything at all now and then."""
    node = dict(resolve(SCHEMA, node))
    fitting = _fitting(node, depth)
    return st.one_of(fitting, fitting, fitting, fitting, JUNK)


def _fitting(node: dict, depth: int) -> st.SearchStrategy:
    if depth > 5:
        return st.none()
    if choices := node.get("anyOf") or node.get("oneOf"):
        return st.one_of([values(one, depth + 1) for one in choices])
    if "enum" in node:
        return st.sampled_from(node["enum"])
    if "const" in node:
        return st.just(node["const"])
    match node.get("type"):
        case "object":
            return _objects(node, depth)
        case "array":
            return st.lists(values(node.get("items", {}), depth + 1), max_size=3)
        case "integer":
            return st.integers(node.get("minimum", -(2**70)), node.get("maximum", 2**70)) | st.sampled_from([0, 1, -1, 2**63, -(2**63) - 1])
        case "number":
            return st.floats(allow_nan=False, allow_infinity=False)
        case "boolean":
            return st.booleans()
        case "null":
            return st.none()
    return _texts(node)


def _objects(node: dict, depth: int) -> st.SearchStrategy:
    properties = node.get("properties", {})
    required = {name: values(one, depth + 1) for name, one in properties.items() if name in node.get("required", ())}
    optional = {name: values(one, depth + 1) for name, one in properties.items() if name not in required}
    return st.fixed_dictionaries(required, optional=optional)


def _texts(node: dict) -> st.SearchStrategy:
    known = {
        "uuid": ids(),
        "date": st.dates().map(str),
        "date-time": st.datetimes().map(lambda at: at.isoformat() + "Z"),
        "email": st.just("petra@ostravasteel.example"),
    }
    if node.get("format") in known:
        return known[node["format"]]
    if "pattern" in node:
        return st.sampled_from(["EUR", "CZ", "USD", "", "a@b.example"]) | TEXT
    return TEXT


def _in_path(name: str, node: dict) -> st.SearchStrategy:
    return st.integers(0, 2**70) | st.just(1) if node.get("type") == "integer" else ids(name)


@st.composite
def requests(draw: Any, path: str, method: str, details: dict) -> dict:
    parameters = details.get("parameters", [])
    for parameter in parameters:
        if parameter["in"] == "path":
            path = path.replace("{" + parameter["name"] + "}", str(draw(_in_path(parameter["name"], parameter["schema"]))))
    query = {one["name"]: draw(values(one["schema"])) for one in parameters if one["in"] == "query" and draw(st.booleans())}
    headers = {
        "Idempotency-Key": draw(st.text(string.printable, max_size=30)),
        "If-Match": draw(st.sampled_from(["*", '"1"', 'W/"1"', "x", '"99999999999999"'])),
    }
    body = next(iter(details.get("requestBody", {}).get("content", {}).items()), None)
    sent = draw(values(body[1]["schema"])) if body and body[0] == "application/json" else None
    return {"path": path, "query": query, "headers": headers, "body": sent}


def _send(client: Any, method: str, request: dict) -> Any:
    headers = {name: text for name, text in request["headers"].items() if text.isprintable()}
    content = json.dumps(request["body"]).encode() if request["body"] is not None else b""
    return client.generic(
        method.upper(),
        request["path"],
        content,
        content_type="application/json",
        headers=headers,
        query_params={name: _flat(value) for name, value in request["query"].items()},
    )


def _flat(value: Any) -> Any:
    items = value if isinstance(value, list) else [value]
    return [str(item).encode("utf-8", "replace").decode() for item in items]


def _world(cast: Any) -> dict[str, list[str]]:
    """A deal in each state, with what hangs on it."""
    catalogue, rep, manager = make_catalogue(), cast.partner_rep, cast.partner_manager
    approved = make_approved(rep, cast.vendor_admin, catalogue, customer_name="Pelican Foods", customer_domain="pelican.example")
    waiting, returned = (
        make_registration(rep, catalogue, customer_name=name, customer_domain=f"{name}.example").registration_id for name in ("waiting", "returned")
    )
    with scope(manager):
        task = services.add_task(actor=manager, registration_id=waiting, title="Call", at=SOME_DAY)
        services.return_for_information(actor=manager, registration_id=returned, fields=["title", "lines"], message="Which?", at=SOME_DAY)
    with scope(rep):
        draft = services.save_draft(actor=rep, draft=make_draft(catalogue), at=SOME_DAY).registration_id
    return {
        name: [str(one) for one in found]
        for name, found in {
            "registration_id": (approved, waiting, returned, draft),
            "task_id": (task,),
            "product_id": (catalogue.mes_core.pk, catalogue.edge_gateway.pk),
            "product_line_id": (catalogue.mes.pk, catalogue.edge.pk),
            "territory_id": (catalogue.nordics.pk, catalogue.world.pk),
            "account_id": (stored(approved).account_id,),
            "partner_id": (cast.partner_id, cast.other_partner_id),
            "organization_id": (cast.partner_id, cast.vendor.pk),
            "user_id": (rep.user_id, manager.user_id),
            "program_id": (cast.program.pk,),
            "tier_id": (cast.tier.pk,),
        }.items()
    }


@pytest.mark.parametrize(("path", "method", "details"), OPERATIONS, ids=[details["operationId"] for _path, _method, details in OPERATIONS])
def test_no_request_breaks_it(path, method, details, cast, monkeypatch):
    monkeypatch.setattr(limits, "callers", lambda: limits.Policy("default", 10**6))
    monkeypatch.setattr(limits, "strangers", lambda: limits.Policy("anonymous", 10**6))
    KNOWN.clear()
    KNOWN.update(_world(cast))
    clients = {person: cast.client(person) for person in PEOPLE}

    @settings(max_examples=20, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(request=requests(path, method, details), person=st.sampled_from(PEOPLE))
    def ask(request, person):
        point = transaction.savepoint()
        try:
            response = _send(clients[person], method, request)
            assert response.status_code < 500, f"{person} {method} {request}: {response.content[:500]!r}"
            assert person != "stranger" or response.status_code in (401, 404), response.content[:300]
            if response.status_code >= 400:
                assert response["Content-Type"] == "application/problem+json"
                assert response.json()["code"]
        finally:
            connection.needs_rollback = False
            transaction.savepoint_rollback(point)

    ask()
