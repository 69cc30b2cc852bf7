"""What django-ninja's schema does not say by itself: problems, headers, scopes, security, tag texts."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ninja.operation import Operation

from openprm.kernel.actor import scope_needed
from openprm.kernel.api.marks import is_idempotent, needs_match, permission_of
from openprm.kernel.api.problems import PROBLEM_JSON
from openprm.kernel.api.schemas import ProblemField, ProblemOut

SECURITY = {
    "apiToken": {"type": "http", "scheme": "bearer", "description": "An API token, made under Settings, API tokens."},
    "session": {
        "type": "apiKey", "in": "cookie", "name": "sessionid",
        "description": "The session of a signed-in person. Changes also need the CSRF token as `X-CSRFToken`.",
    },
}  # fmt: skip
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key", "in": "header", "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "description": "Any unique text, best a UUID. The same key with the same request replays the first answer for 48 hours.",
}  # fmt: skip
IF_MATCH = {
    "name": "If-Match", "in": "header", "required": True, "schema": {"type": "string", "maxLength": 100},
    "description": "The ETag of the version you read.", "example": '"3"',
}  # fmt: skip
RATE_HEADERS = {
    "RateLimit": {"description": "What is left: `r` requests, full again in `t` seconds.", "schema": {"type": "string"}},
    "RateLimit-Policy": {"description": "The limit: `q` requests in `w` seconds.", "schema": {"type": "string"}},
    "X-Request-ID": {"description": "The number of this request; quote it when you ask for help.", "schema": {"type": "string"}},
}
_PROBLEMS = {
    "400": "The request cannot be read.",
    "401": "No valid token or session.",
    "403": "The role or the token's scope does not allow this.",
    "404": "There is no such thing that you can see.",
    "409": "What stands now refuses it.",
    "412": "Somebody changed it since you read it.",
    "413": "The body is too large.",
    "415": "The body has another type than this operation takes.",
    "422": "Some fields cannot be used; `errors` names each.",
    "428": "If-Match is missing.",
    "429": "Too many requests; wait for Retry-After.",
}


def completed(schema: dict[str, Any], operations: Iterable[Operation]) -> dict[str, Any]:
    """The schema with everything that holds for all operations written at each of them."""
    by_id = {operation.view_func.__name__: operation for operation in operations}
    for path in schema["paths"].values():
        for method, details in path.items():
            _complete(details, method=method, operation=by_id[details["operationId"]])
    components = schema["components"]
    components["schemas"] |= _problem_schemas()
    components["schemas"] = dict(sorted(components["schemas"].items()))
    components["securitySchemes"] = SECURITY
    schema["jsonSchemaDialect"] = "https://json-schema.org/draft/2020-12/schema"
    return schema


def _complete(details: dict[str, Any], *, method: str, operation: Operation) -> None:
    view = operation.view_func
    details["parameters"] = [*map(_with_one_example, details.get("parameters", [])), *_header_parameters(view)]
    details["security"] = [{"apiToken": []}, {"session": []}]
    if permission := permission_of(view):
        details["x-scope"] = scope_needed(permission)
        details["x-permission"] = permission
        details["description"] = f"{details.get('description', '').strip()}\n\nNeeds the token scope `{scope_needed(permission)}`.".strip()
    for status, answer in details["responses"].items():
        answer["headers"] = dict(RATE_HEADERS) | ({"ETag": {"schema": {"type": "string"}}} if needs_match(view) else {})
        answer["description"] = _described(status, answer)
    details["responses"] = {str(status): answer for status, answer in details["responses"].items()} | _problem_answers(details, method, view)


def _with_one_example(parameter: dict[str, Any]) -> dict[str, Any]:
    """A parameter's `examples` is a map in OpenAPI; the list of JSON Schema stays inside its schema."""
    examples = parameter.get("examples")
    if not isinstance(examples, list):
        return parameter
    return {name: value for name, value in parameter.items() if name != "examples"} | {"example": examples[0]}


def _header_parameters(view: Any) -> list[Mapping[str, Any]]:
    return [*([IF_MATCH] if needs_match(view) else []), *([IDEMPOTENCY_KEY] if is_idempotent(view) else [])]


def _described(status: Any, answer: Mapping[str, Any]) -> str:
    return {200: "Done.", 201: "Created.", 204: "Done; there is nothing to say."}.get(int(status), answer["description"])


def _problem_answers(details: Mapping[str, Any], method: str, view: Any) -> dict[str, Any]:
    wanted = ["400", "401", "403", "422", "429"]
    wanted += ["404"] if any(parameter["in"] == "path" for parameter in details["parameters"]) else []
    wanted += ["409"] if method != "get" else []
    wanted += ["413", "415"] if "requestBody" in details else []
    wanted += ["412", "428"] if needs_match(view) else []
    content = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": _PROBLEMS[status], "content": content} for status in sorted(wanted)}


def _problem_schemas() -> dict[str, Any]:
    problem = ProblemOut.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    inner = problem.pop("$defs")["ProblemField"]
    return {"Problem": problem | {"title": "Problem"}, "ProblemField": inner | {"title": ProblemField.__name__}}


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
