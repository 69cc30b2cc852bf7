"""What every operation passes through: who calls, how often, what was sent, one scope, one answer.

    caller -> rate limit -> permission -> body -> scope { idempotency { operation } } -> ETag

A refusal rolls the scope back, so a request that was refused has changed nothing; a refusal that is to be known writes
itself into the log afterwards (`errors.write_down`).
"""

import logging
from collections.abc import Callable
from datetime import UTC
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from ninja.operation import Operation

from openprm.kernel.actor import PUBLIC, Actor
from openprm.kernel.api import access, answers, bodies, etags, idempotency, limits, marks
from openprm.kernel.clock import now
from openprm.kernel.errors import Refusal, write_down
from openprm.kernel.http import READING
from openprm.kernel.scope import scope

UPLOAD_LIMIT_BYTES = 26_000_000
_log = logging.getLogger("openprm.api")

Run = Callable[..., HttpResponse]


def guarded(operation: Operation, run: Run) -> Run:
    """The operation's `run` with everything in front of it and behind it."""

    def answer(request: HttpRequest, **path_values: Any) -> HttpResponse:
        request.at, request.actor = now(), PUBLIC  # type: ignore[attr-defined]
        headers: dict[str, str] = {}
        try:
            with translation.override("en"):
                actor, allowance = _admit(request)
            headers = allowance.headers
            with translation.override(actor.locale), timezone.override(UTC):
                response = _answer(operation, request, actor, lambda: run(request, **path_values))
        except Refusal as refusal:
            response = answers.refused(request, refusal)
        except Exception:
            _log.exception("api operation failed", extra={"path": request.path})
            response = answers.failed(request)
        if refusal := getattr(request, "refusal", None):
            write_down(refusal)
        for name, text in headers.items():
            response[name] = text
        return response

    return answer


def _admit(request: HttpRequest) -> tuple[Actor, limits.Allowance]:
    """Who calls and what is left of its limit. A stranger spends the limit of its address."""
    at = request.at  # type: ignore[attr-defined]
    try:
        actor = access.caller(request)
    except Refusal:
        limits.charge(key=request.META.get("REMOTE_ADDR", ""), policy=limits.strangers(), at=at)
        raise
    request.auth = request.actor = actor  # type: ignore[attr-defined]
    return actor, limits.charge(key=str(actor.token_id or actor.user_id), policy=limits.callers(), at=at)


def _answer(operation: Operation, request: HttpRequest, actor: Actor, run: Run) -> HttpResponse:
    view = operation.view_func
    access.refuse_without(marks.permission_of(view), actor)
    _read_body(operation, request)
    key = idempotency.key_of(request) if marks.is_idempotent(view) else None
    with scope(actor):
        response = idempotency.answer_once(request, user_id=actor.user_id, key=key, run=run) if key and actor.user_id else run()
        if response.status_code >= 400:
            transaction.set_rollback(True)
    return _unless_fresh(request, response)


def _read_body(operation: Operation, request: HttpRequest) -> None:
    sources = {model.__ninja_param_source__ for model in operation.models}
    if "file" in sources:
        bodies.refuse_oversize(request, UPLOAD_LIMIT_BYTES)
        bodies.refuse_unless_multipart(request)
    elif "body" in sources:
        request.api_json = bodies.read_json(request)  # type: ignore[attr-defined]
    else:
        bodies.refuse_oversize(request, bodies.JSON_LIMIT_BYTES)


def _unless_fresh(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """304 instead of a body that the caller already holds."""
    tag = response.get("ETag")
    if tag and request.method in READING and etags.is_fresh(request, tag):
        return HttpResponse(status=304, headers={"ETag": tag})
    return response
