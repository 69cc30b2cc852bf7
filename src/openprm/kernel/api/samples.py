"""Examples out of a schema: a value for each type, and the curl command of each operation."""

import json
import shlex
from collections.abc import Mapping
from typing import Any

_BY_FORMAT = {
    "uuid": "01931a5c-8f00-7000-8000-000000000001",
    "date": "2027-03-31",
    "date-time": "2026-11-23T10:00:00Z",
    "email": "petra@ostravasteel.example",
    "uri": "https://partners.example.com",
    "binary": "(bytes)",
}
_BY_TYPE = {"string": "text", "integer": 1, "number": 1.5, "boolean": True, "null": None}
DEEPEST = 6


def sample(schema: Mapping[str, Any], node: Mapping[str, Any], depth: int = 0) -> Any:
    """A value that fits the node: its own example when it has one."""
    if depth > DEEPEST:
        return None
    if "$ref" in node:
        return sample(schema, schema["components"]["schemas"][node["$ref"].rsplit("/", 1)[-1]], depth + 1)
    if node.get("examples"):
        return node["examples"][0]
    if "example" in node:
        return node["example"]
    for choice in ("anyOf", "oneOf", "allOf"):
        if node.get(choice):
            return sample(schema, node[choice][0], depth + 1)
    return _by_shape(schema, node, depth)


def _by_shape(schema: Mapping[str, Any], node: Mapping[str, Any], depth: int) -> Any:
    if "enum" in node:
        return node["enum"][0]
    if node.get("default") not in (None, "", [], {}):
        return node["default"]
    if node.get("type") == "object":
        return {name: sample(schema, one, depth + 1) for name, one in node.get("properties", {}).items()}
    if node.get("type") == "array":
        return [sample(schema, node.get("items", {}), depth + 1)]
    return _BY_FORMAT.get(node.get("format", ""), _BY_TYPE.get(node.get("type", "")))


def curl(schema: Mapping[str, Any], *, base: str, path: str, method: str, details: Mapping[str, Any]) -> str:
    """A command that can be pasted: token, needed headers, an example body."""
    parameters = details.get("parameters", [])
    address = base + path
    for parameter in parameters:
        if parameter["in"] == "path":
            address = address.replace("{" + parameter["name"] + "}", str(sample(schema, parameter["schema"])))
    lines = [f"curl {'' if method == 'get' else f'-X {method.upper()} '}{shlex.quote(address)}", "-H 'Authorization: Bearer '\"$OPENPRM_TOKEN\""]
    names = {parameter["name"] for parameter in parameters}
    lines += ["-H 'If-Match: \"3\"'"] if "If-Match" in names else []
    lines += ["-H 'Idempotency-Key: '\"$(uuidgen)\""] if "Idempotency-Key" in names else []
    return " \\\n  ".join(lines + _body_lines(schema, details))


def _body_lines(schema: Mapping[str, Any], details: Mapping[str, Any]) -> list[str]:
    for media, content in details.get("requestBody", {}).get("content", {}).items():
        if media != "application/json":
            return ["-F 'file=@proof.pdf'"]
        body = json.dumps(sample(schema, content["schema"]), ensure_ascii=False)
        return ["-H 'Content-Type: application/json'", f"-d {shlex.quote(body)}"]
    return []
