"""Problem documents as HTTP answers."""

import json
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from openprm.kernel.api.problems import PROBLEM_JSON, problem_body, problem_of, problems_of_validation
from openprm.kernel.errors import Invalid, Problem, Refusal


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A refusal as problem+json, with the headers that its status asks for."""
    response = _document(problem_of(refusal, request_id=request_id(request)))
    request.refusal = refusal  # type: ignore[attr-defined]  # the pipeline writes it down once the scope has gone
    if refusal.status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="OpenPRM"'
    if retry_after := getattr(refusal, "retry_after", None):
        response["Retry-After"] = str(retry_after)
    if policy := getattr(refusal, "policy", None):
        response["RateLimit-Policy"] = policy.header
        response["RateLimit"] = f'"{policy.name}";r=0;t={policy.seconds}'
    if allowed := getattr(refusal, "allowed", None):
        response["Allow"] = ", ".join(sorted(allowed))
    return response


def problem(request: HttpRequest, *, status: int, code: str, detail: str, errors: Iterable[Problem] = ()) -> HttpResponse:
    """A problem document that no refusal stands behind."""
    return _document(problem_body(status=status, code=code, detail=detail, errors=errors, request_id=request_id(request)))


def invalid(request: HttpRequest, errors: Any) -> HttpResponse:
    """Schema errors as one refusal with a path for each field."""
    return refused(request, Invalid(_("Some fields need another look."), code="invalid", problems=problems_of_validation(errors)))


def failed(request: HttpRequest) -> HttpResponse:
    """What a defect looks like from outside: nothing of its inside, and the number to find it by."""
    detail = _("Something went wrong on our side and nothing was changed. Try again; if it stays, report the request id.")
    return problem(request, status=500, code="server_error", detail=detail)


def request_id(request: HttpRequest) -> str:
    return str(getattr(request, "request_id", "") or getattr(request, "id", ""))


def _document(body: dict[str, Any]) -> HttpResponse:
    content = json.dumps(body, ensure_ascii=False).encode()
    return HttpResponse(content, status=body["status"], content_type=PROBLEM_JSON, headers={"Cache-Control": "no-store"})
