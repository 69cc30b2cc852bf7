"""Logs: one line for each thing that happened, as JSON for machines or as text for people, on stderr.

Every line written while a request is served carries that request's id, which the answer names too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponseBase

from openprm.config.environment import Environment
from openprm.kernel.ids import new_id

_ACCEPTABLE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]

# Without the values of local variables: they hold passwords, tokens and people's data.
_TRACEBACKS = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))


def logging_settings(environment: Environment) -> dict[str, Any]:
    """Django's LOGGING; also sets structlog up to write through it."""
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter, "form": environment.log_format}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": environment.log_level.upper()},
        "loggers": {
            "django": {"level": "WARNING" if environment.log_level == "info" else environment.log_level.upper()},
            "django.server": {"handlers": [], "propagate": True},
            "procrastinate": {"level": "WARNING"},
            "psycopg.pool": {"level": "ERROR"},
        },
    }


def formatter(form: str) -> structlog.stdlib.ProcessorFormatter:
    """The last step of every line, ours and the libraries'."""
    as_json = [_TRACEBACKS, structlog.processors.JSONRenderer()]
    ending = as_json if form == "json" else [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=_SHARED, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *ending])


class RequestIdMiddleware:
    """Give each request an id, or keep the one the proxy gave, and answer with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if _ACCEPTABLE_ID.fullmatch(given) else new_id().hex
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response
