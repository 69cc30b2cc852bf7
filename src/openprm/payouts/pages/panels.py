"""What payouts shows on the partner's home."""

from datetime import datetime
from typing import Any

from openprm.kernel.actor import Actor
from openprm.payouts import queries


def portal_home(actor: Actor, at: datetime) -> dict[str, Any] | None:
    """What waits and why, or nothing."""
    found = queries.balance(actor, at)
    return {"balance": found} if found.waiting or found.on_the_way else None
