"""Builders for tests: published tier rules and hand-entered values, plain and typed."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from openprm.kernel.actor import SYSTEM
from openprm.kernel.scope import system_scope
from openprm.partners import services as partners
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


def make_showcase(cast: Any) -> None:
    """A program of three tiers with points, a partner on its way to the top, one that waits for a decision, and a draft to replay."""
    at = datetime.now(UTC)
    with system_scope():
        program_id = cast.program.pk
        for code, benefits in (("silver", {"discount_percent": 10}), ("gold", {"discount_percent": 20, "protection_days": 90})):
            tier = cast.program.tiers.get(code=code)
            partners.update_tier(actor=SYSTEM, tier_id=tier.pk, changes={"benefits": benefits}, at=at)
        best = {"discount_percent": 25, "protection_days": 120, "market_fund_percent": 3, "promise_class": "priority"}
        partners.create_tier(actor=SYSTEM, program_id=program_id, code="platinum", name="Platinum", rank=3, benefits=best, at=at)
        changes = {"promotes_at_once": False, "grace_days": 60}
        services.save_policy(actor=SYSTEM, program_id=program_id, changes=changes, at=at)
        services.create_metric(actor=SYSTEM, code="references", label="Reference customers", at=at)
        services.create_metric(actor=SYSTEM, code="win_rate", label="Win rate", kind="computed", formula="won_deals / registrations * 100", at=at)
    publish_rules(program_id=program_id, table=SHOWN, at=at - timedelta(days=2))
    for partner_id, people, rating, references in ((cast.partner_id, 4, "9.1", 3), (cast.other_partner_id, 5, "8.7", 4)):
        enter(partner_id=partner_id, metric="certifications", amount=people - 1)
        enter(partner_id=partner_id, metric="satisfaction", amount=Decimal(rating))
        enter(partner_id=partner_id, metric="references", amount=references)
    enter(partner_id=cast.partner_id, metric="certifications", amount=1, since=date(2026, 1, 2), until=at.date() + timedelta(days=19))
    with system_scope():
        for partner_id in (cast.partner_id, cast.other_partner_id):
            services.refresh(partner_id=partner_id, at=at)
        services.say_of_benefit(
            actor=cast.partner_admin, partner_id=cast.partner_id, program_id=program_id, benefit="discount_percent", said="not_met",
            note="The last order confirmation shows 15 per cent.", at=at,
        )  # fmt: skip

    _replayed(program_id, at)


def _replayed(program_id: UUID, at: datetime) -> None:
    """A stricter draft, replayed: somebody would lose."""
    with system_scope():
        draft_id = rulebook.create_draft(actor=SYSTEM, kind="tiering.tier", program_id=program_id, at=at)
        rulebook.save_draft(actor=SYSTEM, draft_id=draft_id, table=STRICTER, at=at)
        replay_id = rulebook.begin_replay(actor=SYSTEM, draft_id=draft_id, at=at)
        rulebook.advance_replay(replay_id=replay_id, at=at)


SHOWN = Table(
    inputs=("certifications", "satisfaction", "references"),
    outputs=("tier",),
    rows=(
        Row("T1", {"certifications": ">= 8", "satisfaction": ">= 9", "references": ">= 5"}, {"tier": '"platinum"'}),
        Row("T2", {"certifications": ">= 4", "satisfaction": ">= 8.5"}, {"tier": '"gold"'}),
        Row("T3", {}, {"tier": '"silver"'}, "Everybody begins here."),
    ),
)
STRICTER = Table(
    inputs=SHOWN.inputs,
    outputs=SHOWN.outputs,
    rows=(
        SHOWN.rows[0],
        Row("T2", {"certifications": ">= 5", "satisfaction": ">= 8.5"}, {"tier": '"gold"'}),
        Row("T3", {}, {"tier": '"silver"'}, "Everybody begins here."),
    ),
)
