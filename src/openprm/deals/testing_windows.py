"""A published table of windows that reflect work, for tests and pictures."""

from datetime import datetime, timedelta
from uuid import UUID

from openprm.deals.evidence_rules import EVIDENCE
from openprm.kernel.actor import Actor
from openprm.rulebook import services as rulebook
from openprm.rulebook.ports import Row, Table

WORK = {
    "window": '"work"', "days_call": "2", "days_email": "1", "days_meeting": "5", "days_demo": "7", "days_visit": "7", "days_proposal": "10",
    "days_stage": "10", "days_document": "3", "self_percent": "50", "self_most": "10", "logged_within": "14", "most_added": "45", "most_days": "150",
    "quiet_days": "21", "week_days": "5", "floor_days": "45", "notice_days": "7",
}  # fmt: skip
NAMES = tuple(outcome.name for outcome in EVIDENCE.outcomes)


def work_table(**changes: str) -> Table:
    """One clause for every deal: calls 2 days, meetings 5, proposals 10; a quiet week after 21 days takes 5, announced 7 days ahead."""
    return Table(inputs=(), outputs=NAMES, rows=(Row("W1", then={**WORK, **changes}),))


def publish_work_table(*, actor: Actor, at: datetime, program_id: UUID | None = None, **changes: str) -> None:
    """Put the table in force for a program, or for all: announced a year before `at`, through the rulebook's own services."""
    announced_at = at - timedelta(days=365)
    draft_id = rulebook.create_draft(actor=actor, kind=EVIDENCE.code, program_id=program_id, at=announced_at)
    rulebook.save_draft(actor=actor, draft_id=draft_id, table=work_table(**changes), at=announced_at)
    rulebook.publish(actor=actor, draft_id=draft_id, at=announced_at)
