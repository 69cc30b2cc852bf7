"""What partners shows on the pages of others: the actions that are closed, with what opens them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from openprm.kernel.actor import Actor
from openprm.partners import queries

SOON = timedelta(days=60)  # a paper that ends in two years is no news today


def closed_to_me(actor: Actor, at: datetime) -> dict[str, Any] | None:
    """On the portal's home: what is closed to this partner."""
    return closed(actor, actor.partner_id, at) if actor.partner_id else None


def closed(actor: Actor, partner_id: UUID, at: datetime) -> dict[str, Any] | None:
    """What is closed to a partner or will be within 60 days; None when everything is open."""
    found = tuple(gate for gate in queries.gates_with_ahead(partner_id, at) if gate.since <= at + SOON)
    return {"gates": _by_reason(found)} if found else None


def _by_reason(found: tuple[queries.GateView, ...]) -> list[dict[str, Any]]:
    """One line per reason, with the actions that it closes."""
    lines: dict[tuple[str, str], dict[str, Any]] = {}
    for gate in found:
        line = lines.setdefault((gate.source, gate.key), {"gate": gate, "actions": []})
        line["actions"].append(gate.label)
    return list(lines.values())
