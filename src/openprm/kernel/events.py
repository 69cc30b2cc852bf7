"""Publish up: a domain tells what happened, higher domains that subscribed hear of it.

One queue job per subscriber is inserted on the same connection, so the news commits or rolls
back together with the change. Handlers are idempotent: a job may run twice.
"""

from dataclasses import fields
from typing import Any

from openprm.kernel.jobs import defer_all, encode
from openprm.kernel.registry import registry


def publish(event: Any) -> None:
    """Hand `event`, a frozen dataclass of ids and plain values, to every subscriber of its type."""
    handlers = registry.subscribers_of(type(event))
    if not handlers:
        return
    payload = {field.name: encode(getattr(event, field.name)) for field in fields(event)}
    defer_all([(handler, payload) for handler in handlers])
