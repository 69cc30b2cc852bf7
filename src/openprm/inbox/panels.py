"""The two home panels: what needs the vendor's decision, what waits for the partner."""

from datetime import datetime
from typing import Any

from openprm.inbox import queries
from openprm.kernel.actor import Actor
from openprm.kernel.clock import now

ROWS = 6


def needs_decision(actor: Actor, at: datetime) -> dict[str, Any]:
    waiting = queries.waiting(actor, at)
    return {"waiting": waiting[:ROWS], "total": len(waiting)}


def waiting_for_you(actor: Actor, at: datetime) -> dict[str, Any]:
    waiting = queries.waiting(actor, at)
    return {"waiting": waiting[:ROWS], "total": len(waiting)}


def decisions_in_nav(actor: Actor) -> int | None:
    return queries.decision_count(actor, now()) or None
