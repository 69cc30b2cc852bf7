"""The pieces that other domains put on the page of a partner or an account (kernel.registry.ObjectPanel)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from openprm.kernel.actor import Actor
from openprm.kernel.registry import Workspace, registry


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPanel:
    """A panel with its values, ready for {% draw_panel %}."""

    key: str
    template: str
    values: dict[str, Any]


def panels_of(actor: Actor, *, target: str, workspace: Workspace, object_id: UUID, at: datetime) -> dict[str, list[DrawnPanel]]:
    """The panels of one object by slot, "main" and "side"; a panel that gives no values is left out."""
    found: dict[str, list[DrawnPanel]] = {"main": [], "side": []}
    for panel in registry.object_panels(actor, target, workspace):
        values = panel.context(actor, object_id, at)
        if values is not None:
            found[panel.slot].append(DrawnPanel(key=panel.key, template=panel.template, values=values))
    return found
