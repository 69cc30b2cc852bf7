"""The reference page: the OpenAPI document turned into values that a template prints."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from openprm.kernel.actor import PUBLIC
from openprm.kernel.api.openapi import slug
from openprm.kernel.api.samples import curl, sample
from openprm.kernel.clock import now
from openprm.kernel.scope import scope

BADGES = {"get": "is-info", "post": "is-ok", "patch": "is-warn", "put": "is-warn", "delete": "is-bad"}


@dataclass(frozen=True, slots=True)
class Row:
    """One parameter or field."""

    name: str
    type: str
    needed: bool
    about: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One operation as the page shows it."""

    anchor: str
    method: str
    tone: str
    path: str
    summary: str
    about: str
    scope: str
    parameters: list[Row]
    fields: list[Row]
    curl: str
    answer_status: str
    answer: str
    problems: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Group:
    anchor: str
    name: str
    about: str
    entries: list[Entry]


def page(request: HttpRequest, schema: Mapping[str, Any]) -> HttpResponse:
    """The contents and the way in, or one group of operations when `?about=` names it."""
    base = f"{request.scheme}://{request.get_host()}"
    found = groups(schema, base=base)
    shown = next((group for group in found if group.anchor == request.GET.get("about", "")), None)
    values = {"schema": schema, "groups": found, "shown": shown, "base": base, "introduction": introduction(schema)}
    request.actor, request.at = PUBLIC, now()  # type: ignore[attr-defined]
    with scope(PUBLIC):
        return render(request, "kernel_api/reference.html", values)


def introduction(schema: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The description's paragraphs, each with the words that it sets in bold at its start."""
    found = []
    for line in filter(None, schema["info"]["description"].splitlines()):
        lead, bold, rest = line.removeprefix("**").partition("**") if line.startswith("**") else ("", "", line)
        found.append((lead, (rest if bold or not lead else lead).replace("`", "").strip()))
    return found


def groups(schema: Mapping[str, Any], *, base: str) -> list[Group]:
    """The operations by tag, in the document's order."""
    about = {tag["name"]: tag.get("description", "") for tag in schema.get("tags", [])}
    found: dict[str, list[Entry]] = {}
    for path, methods in schema["paths"].items():
        for method, details in methods.items():
            tag = (details.get("tags") or ["Other"])[0]
            found.setdefault(tag, []).append(_entry(schema, path, method, details, base))
    return [Group(anchor=slug(name), name=name, about=about.get(name, ""), entries=entries) for name, entries in found.items()]


def _entry(schema: Mapping[str, Any], path: str, method: str, details: Mapping[str, Any], base: str) -> Entry:
    status, answer = next(iter(details["responses"].items()))
    content = next(iter(answer.get("content", {}).values()), None)
    body = next(iter(details.get("requestBody", {}).get("content", {}).items()), None)
    return Entry(
        anchor=slug(details["operationId"]),
        method=method.upper(),
        tone=BADGES.get(method, ""),
        path=path,
        summary=details["summary"],
        about=details.get("description", "").split("\n\nNeeds the token scope")[0].replace("`", ""),
        scope=details.get("x-scope", ""),
        parameters=[_parameter(schema, one) for one in details.get("parameters", [])],
        fields=_fields(schema, body[1]["schema"]) if body else [],
        curl=curl(schema, base=base, path=path, method=method, details=details),
        answer_status=str(status),
        answer=json.dumps(sample(schema, content["schema"]), indent=2, ensure_ascii=False) if content else "",
        problems=[(code, one["description"]) for code, one in details["responses"].items() if int(code) >= 400],
    )


def _parameter(schema: Mapping[str, Any], parameter: Mapping[str, Any]) -> Row:
    place = {"path": "", "query": "", "header": "header"}[parameter["in"]]
    kind = type_in_words(schema, parameter["schema"])
    return Row(
        name=parameter["name"],
        type=f"{kind}, {place}" if place else kind,
        needed=parameter.get("required", False),
        about=parameter.get("description", "").replace("`", ""),
    )


def _fields(schema: Mapping[str, Any], body: Mapping[str, Any]) -> list[Row]:
    shape = resolve(schema, body)
    required = set(shape.get("required", ()))
    return [
        Row(name=name, type=type_in_words(schema, one), needed=name in required, about=resolve(schema, one).get("description", "").replace("`", ""))
        for name, one in shape.get("properties", {}).items()
    ]


def resolve(schema: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow one $ref; what stands beside it wins."""
    if "$ref" not in node:
        return node
    target = schema["components"]["schemas"][node["$ref"].rsplit("/", 1)[-1]]
    return {**target, **{name: value for name, value in node.items() if name != "$ref"}}


def type_in_words(schema: Mapping[str, Any], node: Mapping[str, Any]) -> str:
    """A JSON schema node as a reader says it: "text", "list of lines", "uuid or null"."""
    if choices := node.get("anyOf"):
        return " or ".join(dict.fromkeys(type_in_words(schema, one) for one in choices))
    resolved = resolve(schema, node)
    if "enum" in resolved:
        return "one of " + ", ".join(map(str, resolved["enum"]))
    if "const" in resolved:
        return str(resolved["const"])
    if resolved.get("type") == "array":
        return "list of " + type_in_words(schema, resolved.get("items", {}))
    if resolved.get("type") == "object" and "$ref" in node:
        return node["$ref"].rsplit("/", 1)[-1].removesuffix("In").removesuffix("Out")
    return resolved.get("format") or {"string": "text", "integer": "whole number"}.get(resolved.get("type", ""), resolved.get("type", "any"))
