"""The panel of a window that reflects work: the curve with its table, and what would extend it. The same on both sides."""

from datetime import datetime
from typing import Any
from uuid import UUID

from openprm.deals.pages.common import address
from openprm.deals.services import work_windows
from openprm.kernel.actor import Actor


def panel(actor: Actor, registration_id: UUID, at: datetime) -> dict[str, Any] | None:
    """Nothing where the window is fixed."""
    found = work_windows.work_window(actor=actor, registration_id=registration_id, at=at)
    if found is None:
        return None
    prefix = "rulebook:" if actor.is_vendor else "rulebook:portal_"
    return {"work": found, "rules_url": address(f"{prefix}version", found.version_id) if found.version_id else "", "is_vendor": actor.is_vendor}
