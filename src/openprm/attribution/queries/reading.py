"""Rows as the rules read them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from openprm.attribution.engine.models import Settings
from openprm.attribution.models import Configuration, Result, Touch
from openprm.attribution.rules import journeys


def decides(row: Configuration) -> dict[str, Any]:
    """What a configuration decides, as it is hashed. The width of a flagged gap decides nothing."""
    return {"model": row.model, "half_life": f"{row.half_life:.2f}", "weights": [f"{one:.2f}" for one in row.weights], "window_days": row.window_days}


def settings_of(row: Configuration) -> Settings:
    return Settings(half_life=float(row.half_life), weights={row.model: tuple(map(float, row.weights))} if row.weights else {})


def touch_of(row: Touch, as_of: datetime) -> journeys.Touch:
    """A touch as it was known at a moment."""
    return journeys.Touch(
        id=row.pk, partner_id=row.partner_id, kind=row.kind, occurred_at=row.occurred_at,
        is_verified=row.verified_at is not None and row.verified_at <= as_of, claimed_at=row.claimed_at,
    )  # fmt: skip


def deal_of(row: Result) -> journeys.Deal:
    return journeys.Deal(
        id=row.deal_id, kind=row.kind, account_id=row.account_id, program_id=row.program_id, deal_type=row.deal_type, is_won=row.is_won,
        opened_at=row.opened_at, closed_at=row.closed_at, base_minor=row.base_minor,
    )  # fmt: skip


def judged_of(told: Iterable[dict[str, Any]]) -> tuple[journeys.Judged, ...]:
    """The touches of a deal as a run kept them."""
    return tuple(
        journeys.Judged(
            touch=journeys.Touch(
                id=UUID(one["touch"]), partner_id=UUID(one["partner"]), kind=one["kind"],
                occurred_at=datetime.fromisoformat(one["at"]), is_verified=one["verified"],
            ),
            counts=one["counts"],
            clause=one["clause"],
        )
        for one in told
    )  # fmt: skip


def told_of(judged: journeys.Judged) -> dict[str, Any]:
    """A judged touch as a run keeps it."""
    touch = judged.touch
    return {
        "touch": str(touch.id), "partner": str(touch.partner_id), "kind": touch.kind, "at": touch.occurred_at.isoformat(), "verified": touch.is_verified,
        "counts": str(judged.counts), "clause": judged.clause,
    }  # fmt: skip
