"""Builders for tests: published tier rules and hand-entered values, plain and typed."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from openprm.kernel.actor import SYSTEM
from openprm.kernel.scope import system_scope
from openprm.rulebook import queries as rulebook_queries
from openprm.rulebook import services as rulebook
from openprm.rulebook.ports import Row, Table
from openprm.tiering import services

SOME_DAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
LADDER = Table(
    inputs=("revenue_won", "certifications"),
    outputs=("tier",),
    rows=(
        Row("T1", {"revenue_won": ">= 100000", "certifications": ">= 2"}, {"tier": '"gold"'}),
        Row("T2", {}, {"tier": '"silver"'}, "Everybody begins here."),
    ),
)


def publish_rules(*, program_id: UUID | None, table: Table = LADDER, kind: str = "tiering.tier", at: datetime = SOME_DAY) -> UUID:
    """Put a table in force at `at`: drafted, replayed and published thirty days before."""
    announced = datetime.fromtimestamp(at.timestamp() - 31 * 86_400, UTC)
    with system_scope():
        rulebook.ensure_defaults(at=announced)
        draft_id = rulebook.create_draft(actor=SYSTEM, kind=kind, program_id=program_id, at=announced)
        rulebook.save_draft(actor=SYSTEM, draft_id=draft_id, table=table, at=announced)
        if rulebook_queries.find_source(kind):
            replay_id = rulebook.begin_replay(actor=SYSTEM, draft_id=draft_id, at=announced)
            while not rulebook.advance_replay(replay_id=replay_id, at=announced):
                pass
        return rulebook.publish(actor=SYSTEM, draft_id=draft_id, effective_at=at, at=announced)


def enter(*, partner_id: UUID, metric: str, amount: int | Decimal, since: date = date(2025, 12, 1), until: date | None = None, at: datetime = SOME_DAY) -> None:
    with system_scope():
        services.enter_value(actor=SYSTEM, partner_id=partner_id, metric=metric, amount=amount, starts_on=since, ends_on=until, at=at)
