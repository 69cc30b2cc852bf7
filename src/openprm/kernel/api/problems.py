"""Problem bodies (RFC 9457): every refusal of the API in one shape, with the path of each wrong field.

Pure but for translation: it takes refusals and pydantic's error dictionaries and returns plain values.
"""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext as _

from openprm.kernel.errors import Problem, Refusal, Stale

PROBLEM_JSON = "application/problem+json"

_CODES = {
    "missing": "required_field_missing",
    "enum": "invalid_enum_value",
    "literal_error": "invalid_enum_value",
    "extra_forbidden": "unknown_field",
    "string_too_long": "too_long",
    "too_long": "too_long",
    "string_too_short": "too_short",
    "too_short": "too_short",
    "string_pattern_mismatch": "wrong_format",
    "greater_than": "out_of_range",
    "greater_than_equal": "out_of_range",
    "less_than": "out_of_range",
    "less_than_equal": "out_of_range",
}


class BadRequest(Refusal):
    """The request cannot be read at all."""

    status = 400


class SignInFirst(Refusal):
    """No token and no session, or one that is no longer valid."""

    status = 401

    def default_message(self) -> str:
        return _("Send a valid API token as `Authorization: Bearer …`, or sign in. Tokens are made under Settings, API tokens.")


class MethodNotAllowed(Refusal):
    status = 405


class TooLarge(Refusal):
    status = 413


class UnsupportedMediaType(Refusal):
    status = 415


class PreconditionRequired(Refusal):
    """An update came without If-Match, so it could overwrite what somebody else wrote."""

    status = 428

    def default_message(self) -> str:
        return _("Send the ETag of the version you read as If-Match, so that nobody's change is overwritten.")


def problem_body(*, status: int, code: str, detail: str, errors: Iterable[Problem] = (), request_id: str = "") -> dict[str, Any]:
    """The members of a problem document, in the order a person reads them."""
    body: dict[str, Any] = {
        "type": f"urn:openprm:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "errors": [{"field": one.field, "code": one.code, "message": str(one.message)} for one in errors],
    }
    return body | ({"request_id": request_id} if request_id else {})


def problem_of(refusal: Refusal, *, request_id: str = "") -> dict[str, Any]:
    """The problem document of a refusal that a service raised."""
    code = "revision_mismatch" if isinstance(refusal, Stale) else refusal.code
    return problem_body(status=refusal.status, code=code, detail=str(refusal.message), errors=refusal.problems, request_id=request_id)


def problems_of_validation(errors: Sequence[Mapping[str, Any]]) -> tuple[Problem, ...]:
    """Pydantic's errors as problems with a field path, one for each path and code."""
    found = (Problem(field_path(error["loc"]), _message(error), code_of(error["type"])) for error in errors)
    return tuple({(one.field, one.code): one for one in found}.values())


def field_path(loc: Sequence[str | int]) -> str:
    """("body", "data", "lines", 0, "amount_minor") as lines[0].amount_minor, and ("form", "entity") as entity.

    The first two steps of a body (the source and the parameter's name) say nothing to the caller.
    """
    is_within = loc and (loc[0] == "body" or (loc[0] in ("form", "file") and len(loc) > 2))
    steps = loc[2:] if is_within and len(loc) > 1 else loc[1:]
    path = ""
    for step in steps:
        path += f"[{step}]" if isinstance(step, int) else f".{step}"
    return path.lstrip(".")


def code_of(pydantic_type: str) -> str:
    if pydantic_type.endswith(("_type", "_parsing")):
        return "wrong_type"
    return _CODES.get(pydantic_type, "invalid")


def _message(error: Mapping[str, Any]) -> str:
    """A sentence that says how to mend the field."""
    context = error.get("ctx") or {}
    known = {
        "missing": _("Send this field."),
        "extra_forbidden": _("There is no such field. Check its spelling, or leave it out."),
        "string_too_long": _("Use at most %(limit)s characters.") % {"limit": context.get("max_length")},
        "string_too_short": _("Use at least %(limit)s characters.") % {"limit": context.get("min_length")},
        "enum": _("Use one of %(allowed)s.") % {"allowed": context.get("expected")},
        "literal_error": _("Use one of %(allowed)s.") % {"allowed": context.get("expected")},
    }
    return known.get(error["type"]) or str(error["msg"]).removeprefix("Value error, ").rstrip(".") + "."
