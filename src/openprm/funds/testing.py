"""Builders for tests: plain and typed. Everything is made through the services, so that books, audit and promises are true."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from openprm.funds import services
from openprm.funds.models import Activity, ActivityType, Allocation, Budget, Claim, FundRequest
from openprm.funds.services import ActivityDraft, BudgetDraft, Changed, FundDraft, RequestDraft
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.money import Money
from openprm.kernel.scope import scope, system_scope

SOME_DAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def make_kind(**values: Any) -> UUID:
    """A kind of activity that is paid half, without proofs, up to 60 days after it."""
    with system_scope():
        plain = {"code": "event", "name": "Event", "max_percent": 50, "claim_within_days": 60}
        return ActivityType.objects.create(**{**plain, **values}).pk


def make_budget(*, at: datetime = SOME_DAY, **values: Any) -> UUID:
    """€100,000 for 2026."""
    plain: dict[str, Any] = {
        "name": "Marketing 2026", "currency": "EUR", "amount_minor": 100_000_00, "starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31),
    }  # fmt: skip
    with system_scope():
        return services.create_budget(actor=SYSTEM, draft=BudgetDraft(**{**plain, **values}), at=at).id


def make_fund(partner_id: UUID, *, budget_id: UUID | None = None, at: datetime = SOME_DAY, **values: Any) -> UUID:
    """€10,000 for a partner."""
    with system_scope():
        draft = FundDraft(budget_id=budget_id or make_budget(at=at), partner_id=partner_id, **{"amount_minor": 10_000_00, **values})
        return services.allocate(actor=SYSTEM, draft=draft, at=at).id


def activity_draft(kind_id: UUID, **values: Any) -> ActivityDraft:
    """A fair in Tampere that costs €8,000; half of it is asked for."""
    plain: dict[str, Any] = {
        "activity_type_id": kind_id, "title": "Fair in Tampere", "starts_on": date(2026, 11, 20), "ends_on": date(2026, 11, 22), "country": "FI",
        "planned_minor": 8_000_00, "asked_minor": 4_000_00,
    }  # fmt: skip
    return ActivityDraft(**{**plain, **values})


def make_draft(actor: Actor, fund_id: UUID, kind_id: UUID, *, at: datetime = SOME_DAY, **values: Any) -> Changed:
    with scope(actor):
        draft = RequestDraft(allocation_id=fund_id, title="Autumn campaign", activities=(activity_draft(kind_id, **values),))
        return services.save_request(actor=actor, draft=draft, at=at)


def make_request(actor: Actor, fund_id: UUID, kind_id: UUID, *, at: datetime = SOME_DAY, **values: Any) -> UUID:
    """Written and sent by a person of the partner."""
    made = make_draft(actor, fund_id, kind_id, at=at, **values)
    with scope(actor):
        return services.submit_request(actor=actor, request_id=made.id, at=at).id


def approve(request_id: UUID, *, at: datetime = SOME_DAY, **values: Any) -> Changed:
    """Every level says yes: the system stands for all of them."""
    with system_scope():
        while not (changed := services.approve_request(actor=SYSTEM, request_id=request_id, at=at, **values)).final:
            pass
        return changed


def make_claim(actor: Actor, request_id: UUID, *, spent: Money | None = None, at: datetime = SOME_DAY, **values: Any) -> UUID:
    """€8,000 were spent on the request's one activity."""
    with scope(actor):
        activity_id = activity_of(request_id).pk
        return services.submit_claim(actor=actor, activity_id=activity_id, spent=spent or Money(8_000_00, "EUR"), at=at, **values).id


def approve_claim(claim_id: UUID, *, at: datetime = SOME_DAY, **values: Any) -> Changed:
    with system_scope():
        while not (changed := services.approve_claim(actor=SYSTEM, claim_id=claim_id, at=at, **values)).final:
            pass
        return changed


def activity_of(request_id: UUID) -> Activity:
    return Activity.objects.get(request_id=request_id)


def stored(model: type, row_id: UUID) -> Any:
    with system_scope():
        return model.objects.get(pk=row_id)


def figures(fund_id: UUID) -> dict[str, int]:
    """The sums of a fund in whole units of currency."""
    row = stored(Allocation, fund_id)
    names = ("amount_minor", "approved_minor", "released_minor", "waiting_minor", "claimed_minor", "paid_minor")
    return {name.removesuffix("_minor"): getattr(row, name) // 100 for name in names}


__all__ = [
    "SOME_DAY", "Activity", "Allocation", "Budget", "Claim", "FundRequest", "activity_draft", "activity_of", "approve", "approve_claim", "figures",
    "make_budget", "make_claim", "make_draft", "make_fund", "make_kind", "make_request", "stored",
]  # fmt: skip
