"""The API's own description: valid, complete, and the one that is checked in.

Write it anew with: OPENPRM_TEST_WRITE_OPENAPI=1 .venv/bin/pytest tests/api/test_openapi.py -n0
"""

import json
import os
import re
from pathlib import Path

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from openprm.config.api import api
from openprm.kernel.api import In, Out
from openprm.kernel.api.marks import is_idempotent, is_question, permission_of
from openprm.kernel.api.reference import groups
from openprm.kernel.registry import registry

KEPT = Path(__file__).with_name("openapi.json")
WRITES = {"POST", "PUT", "PATCH", "DELETE"}


@pytest.fixture(scope="module")
def schema() -> dict:
    return json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), default=str))


def test_is_the_one_that_is_checked_in(schema):
    text = json.dumps(schema, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    if os.environ.get("OPENPRM_TEST_WRITE_OPENAPI"):
        KEPT.write_text(text)
    assert KEPT.read_text() == text, "the API changed: look at the difference, then write tests/api/openapi.json anew"


def test_is_valid_openapi_3_1(schema):
    assert schema["openapi"] == "3.1.0"
    assert list(OpenAPIV31SpecValidator(schema).iter_errors()) == []


def test_every_operation_has_words_a_tag_and_a_name_of_its_own(schema):
    operations = [details for methods in schema["paths"].values() for details in methods.values()]
    names = [details["operationId"] for details in operations]
    assert len(names) == len(set(names))
    assert [details["operationId"] for details in operations if not details.get("tags") or not details.get("summary")] == []


def test_every_operation_names_its_refusals(schema):
    for path, methods in schema["paths"].items():
        for method, details in methods.items():
            assert {"401", "403", "422", "429"} <= details["responses"].keys(), f"{method} {path}"


def test_every_write_can_be_repeated_safely():
    writes = [operation.view_func for operation in api.operations() if WRITES & set(operation.methods)]
    unmarked = [view.__name__ for view in writes if not (is_idempotent(view) or is_question(view))]
    assert unmarked == []


def test_every_schema_has_a_name_of_its_own():
    modules: dict[str, set[str]] = {}
    for schema in _subclasses(In) | _subclasses(Out):
        if schema.__module__.startswith("openprm.") and ".tests" not in schema.__module__ and "[" not in schema.__name__:
            modules.setdefault(schema.__name__, set()).add(schema.__module__)
    assert {name: found for name, found in modules.items() if len(found) > 1} == {}


def _subclasses(of: type) -> set[type]:
    return {one for child in of.__subclasses__() for one in {child, *_subclasses(child)}}


def test_every_operation_declares_a_permission_that_exists():
    wrong = [operation.view_func.__name__ for operation in api.operations() if permission_of(operation.view_func) not in {*registry.permissions(), None}]
    assert wrong == []


def test_no_input_takes_text_or_numbers_without_bound(schema):
    loose = [place for methods in schema["paths"].values() for details in methods.values() for place in _loose(schema, details)]
    assert sorted(set(loose)) == []


def _loose(schema: dict, details: dict) -> list[str]:
    """The inputs of an operation that anything could be sent to, however long."""
    found: list[str] = []
    for parameter in details.get("parameters", []):
        found += _unbounded(schema, parameter["schema"], f"{details['operationId']}.{parameter['name']}")
    for content in details.get("requestBody", {}).get("content", {}).values():
        found += _unbounded(schema, content["schema"], details["operationId"])
    return found


def _unbounded(schema: dict, node: dict, place: str) -> list[str]:
    if "$ref" in node:
        return _unbounded(schema, schema["components"]["schemas"][node["$ref"].rsplit("/", 1)[-1]], place)
    inner = [one for choice in ("anyOf", "oneOf", "allOf") for one in node.get(choice, [])]
    found = [problem for one in inner for problem in _unbounded(schema, one, place)]
    for name, one in node.get("properties", {}).items():
        found += _unbounded(schema, one, f"{place}.{name}")
    if node.get("type") == "array":
        found += _unbounded(schema, node.get("items", {}), f"{place}[]") + ([place] if "maxItems" not in node else [])
    if node.get("type") == "string" and not {"maxLength", "format", "enum", "const", "pattern"} & node.keys():
        found.append(place)
    if (
        node.get("type") == "integer"
        and "enum" not in node
        and not ({"maximum", "exclusiveMaximum"} & node.keys() and {"minimum", "exclusiveMinimum"} & node.keys())
    ):
        found.append(place)
    return found


def test_no_schema_for_partners_holds_what_only_the_vendor_may_know(schema):
    schemas = schema["components"]["schemas"]
    vendor_only = {"account_name", "reviewer", "partner_manager", "overdue"}
    for name, body in schemas.items():
        if name.startswith("Partner") and name.endswith(("RegistrationOut", "RowOut")):
            assert vendor_only.isdisjoint(body["properties"]), name


@pytest.mark.django_db
class TestPages:
    def test_the_document_is_served(self, client):
        response = client.get("/api/v1/openapi.json")
        assert (response.status_code, response.json()["openapi"]) == (200, "3.1.0")

    def test_the_reference_shows_every_operation_without_a_script_of_others(self, client, schema):
        home = client.get("/api/v1/docs").content.decode()
        assert not re.search(r'src="https?:', home)
        for group in groups(schema, base="http://testserver"):
            words = client.get(f"/api/v1/docs?about={group.anchor}").content.decode()
            assert [entry.anchor for entry in group.entries if f'id="{entry.anchor}"' not in words] == []

    def test_examples_are_commands_that_can_be_pasted(self, schema):
        entries = {entry.anchor: entry for group in groups(schema, base="https://prm.example") for entry in group.entries}
        command = entries["approve-registration"].curl
        assert command.startswith("curl -X POST https://prm.example/api/v1/registrations/")
        assert all(part in command for part in ("Authorization: Bearer", "If-Match:", "Idempotency-Key:", "Content-Type: application/json"))
