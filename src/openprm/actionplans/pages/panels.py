"""The plan on the page of its deal, on both sides."""

from datetime import datetime
from typing import Any
from uuid import UUID

from openprm.actionplans import queries
from openprm.actionplans.pages.common import to
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Refusal

NEXT_STEPS = 4


def on_registration(actor: Actor, registration_id: UUID, at: datetime) -> dict[str, Any] | None:
    return _panel(actor, "registration", registration_id, at)


def on_engagement(actor: Actor, engagement_id: UUID, at: datetime) -> dict[str, Any] | None:
    return _panel(actor, "engagement", engagement_id, at)


def _panel(actor: Actor, kind: str, subject_id: UUID, at: datetime) -> dict[str, Any] | None:
    """The running plan with what comes next, or the way to start one; nothing for a deal that cannot have one."""
    rows = queries.plans_of_subject(actor, subject_id, at)
    may_start = actor.can("actionplans.work") and _is_open(actor, kind, subject_id) and not any(row.state == "running" for row in rows)
    if not rows and not may_start:
        return None
    found = queries.plan(actor, rows[0].id, at) if rows else None
    return {
        "mutual_plan": found,
        "plan_url": to(actor, "plan", found.id) if found else "",
        "next_steps": [step for step in found.steps if step.state == "open"][:NEXT_STEPS] if found else [],
        "other_plans": [(row, to(actor, "plan", row.id)) for row in rows[1:]],
        "start_url": f"{to(actor, 'start')}?kind={kind}&subject={subject_id}" if may_start else "",
    }


def _is_open(actor: Actor, kind: str, subject_id: UUID) -> bool:
    try:
        return queries.subject(actor, kind, subject_id).is_open
    except Refusal:
        return False
