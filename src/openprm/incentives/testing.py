"""Builders for tests: plans in force, typed and short."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from openprm.incentives import services
from openprm.incentives.rules.draft import RateDraft, TermsDraft
from openprm.kernel.actor import SYSTEM
from openprm.kernel.scope import system_scope

SINCE = date(2026, 1, 5)
TEN_PERCENT = (RateDraft(rate="10"),)


def terms(rates: Sequence[RateDraft] = TEN_PERCENT, *, conditions: Sequence[str] = (), **head: str) -> TermsDraft:
    return TermsDraft({"currency": "EUR", **{name.replace("__", "."): value for name, value in head.items()}}, tuple(conditions), tuple(rates))


def make_plan(code: str = "commission", *, terms: TermsDraft | None = None, since: date = SINCE, **values: Any) -> UUID:
    """A published plan that pays since a day; its draft was begun and published that morning."""
    at = datetime.combine(since, time(9), UTC)
    given: Mapping[str, Any] = {"name": code.replace("-", " ").capitalize(), "kind": "commission", **values}
    with system_scope():
        plan_id = services.create_plan(actor=SYSTEM, code=code, terms=terms or TermsDraft({"currency": "EUR"}, (), TEN_PERCENT), at=at, **given)
        services.publish_plan(actor=SYSTEM, plan_id=plan_id, at=at)
    return plan_id
