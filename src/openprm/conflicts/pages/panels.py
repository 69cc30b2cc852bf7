"""What conflicts show on the pages of a registration and a partner, and on the two homes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from openprm.conflicts import queries
from openprm.kernel.actor import Actor
from openprm.ui.paging import PageRequest

ON_A_PANEL = 5


def registration(actor: Actor, registration_id: UUID, at: datetime) -> dict[str, Any] | None:
    """The cases about a deal, and the way to open one; nothing for who may do neither."""
    rows = queries.cases_of_registration(actor, registration_id, at)
    may_open = actor.can("conflicts.open") and bool(queries.types_of(actor, registration_id))
    if not rows and not may_open:
        return None
    portal = actor.is_partner
    return {
        "rows": rows, "may_open": may_open, "registration_id": registration_id, "case_url": "conflicts:portal_case" if portal else "conflicts:case",
        "open_url": "conflicts:portal_open" if portal else "conflicts:open",
    }  # fmt: skip


def lead(actor: Actor, lead_id: UUID, at: datetime) -> dict[str, Any] | None:
    """The cases about a lead, and the way to open one; nothing for who may do neither."""
    return _about_subject(actor, "lead", lead_id, at)


def engagement(actor: Actor, engagement_id: UUID, at: datetime) -> dict[str, Any] | None:
    """The cases about an engagement, and the way to open one; nothing for who may do neither."""
    return _about_subject(actor, "engagement", engagement_id, at)


def _about_subject(actor: Actor, code: str, subject_id: UUID, at: datetime) -> dict[str, Any] | None:
    rows, may_open = queries.cases_of_subject(actor, code, subject_id, at), queries.may_open_on(actor, code, subject_id)
    if not rows and not may_open:
        return None
    portal = actor.is_partner
    return {
        "rows": rows, "may_open": may_open, "registration_id": subject_id, "case_url": "conflicts:portal_case" if portal else "conflicts:case",
        "open_url": f"conflicts:portal_open_{code}" if portal else f"conflicts:open_{code}",
    }  # fmt: skip


def partner(actor: Actor, partner_id: UUID, at: datetime) -> dict[str, Any] | None:
    found = queries.cases(actor, filters={"partner": partner_id}, page=_newest("conflicts.partner"), at=at)
    return {"rows": found.rows, "partner_id": partner_id} if found.rows else None


def portal_home(actor: Actor, at: datetime) -> dict[str, Any] | None:
    found = queries.cases(actor, filters={"tab": "open"}, page=_newest("conflicts.home"), at=at)
    decided = queries.cases(actor, filters={"tab": "decided"}, page=_newest("conflicts.home_decided"), at=at)
    rows = (*found.rows, *decided.rows)[:ON_A_PANEL]
    return {"rows": rows} if rows else None


def _newest(key: str) -> PageRequest:
    return PageRequest(key=key, sort="opened", limit=ON_A_PANEL)
