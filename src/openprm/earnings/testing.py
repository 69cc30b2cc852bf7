"""Builders for tests: plain and typed. Lines are earned through the services, so that books, log and rules are true."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from openprm.earnings import services
from openprm.earnings.models import Earning
from openprm.earnings.services import Accrued, Happening
from openprm.incentives.rules.model import EarnEvent
from openprm.kernel.actor import SYSTEM
from openprm.kernel.ids import new_id
from openprm.kernel.money import Money
from openprm.kernel.scope import system_scope

SOME_DAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
CLEAN = {"same_email": False, "same_company": False, "self_referral": False, "duplicate_account": False, "banned": False, "days_to_won": 40,
         "banned_elsewhere": False, "paid_traffic": False, "banned_source": False}  # fmt: skip


def make_event(partner_id: UUID, *, minor: int = 40_000_00, currency: str = "EUR", on: date = date(2026, 11, 20), **values: Any) -> EarnEvent:
    """A deal of €40,000 that was won on 20 November 2026."""
    source_id = values.pop("source_id", None) or new_id()
    given: dict[str, Any] = {
        "code": "deal_won", "source_id": source_id, "source_key": f"deal_won:{source_id}", "partner_id": partner_id, "occurred_on": on,
        "net": Money(minor, currency), "list": Money(minor, currency), "facts": {"customer": "Ostrava Steelworks", "number": "DR-000001"},
    }  # fmt: skip
    return EarnEvent(**{**given, **values})


def earn(
    event: EarnEvent, *, at: datetime = SOME_DAY, about: str = "DR-000001 Ostrava Steelworks", doubts: dict[str, Any] | None = None, **more: Any
) -> Accrued:
    with system_scope():
        return services.accrue(
            actor=SYSTEM, happening=Happening(event=event, about=about, doubts=CLEAN if doubts is None else {**CLEAN, **doubts}, **more), at=at
        )


def lines_of(event: EarnEvent) -> list[Earning]:
    """The lines of one happening, in the order in which they were made."""
    with system_scope():
        return list(
            Earning.objects.filter(source_key=event.source_key)
            .select_related("terms", "event", "corrects", "corrects__terms")
            .order_by("revision", "created_at", "pk")
        )


def stored(earning_id: UUID) -> Earning:
    with system_scope():
        return Earning.objects.select_related("terms", "event", "corrects").get(pk=earning_id)
