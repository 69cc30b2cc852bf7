"""Where mail goes: OPENPRM_EMAIL_URL as Django's settings."""

from __future__ import annotations

from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from openprm.config.environment import Environment

DEFAULT_PORTS = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}
TIMEOUT_SECONDS = 20


def email_settings(environment: Environment) -> dict[str, Any]:
    """Django's EMAIL_* and sender settings."""
    url = urlsplit(environment.email_url)
    sender = {"DEFAULT_FROM_EMAIL": environment.email_from, "SERVER_EMAIL": environment.email_from}
    if url.scheme == "console":
        return {**sender, "EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if url.scheme == "file":
        return {**sender, "EMAIL_BACKEND": "openprm.config.outbox.EmailBackend", "EMAIL_FILE_PATH": unquote(url.path)}
    return {**sender, **_smtp(url)}


def _smtp(url: SplitResult) -> dict[str, Any]:
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": url.hostname,
        "EMAIL_PORT": url.port or DEFAULT_PORTS[url.scheme],
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_TLS": url.scheme == "smtp+tls",
        "EMAIL_USE_SSL": url.scheme == "smtp+ssl",
        "EMAIL_TIMEOUT": TIMEOUT_SECONDS,
    }
