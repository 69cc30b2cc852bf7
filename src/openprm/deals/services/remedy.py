"""What the partner gets when the vendor answered late, by published rule (X13)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.deals.events import DealRemedied
from openprm.deals.models import Decision, Registration
from openprm.deals.rules.conflict import Check, Verdict
from openprm.deals.rules.lifecycle import WAITS_FOR_VENDOR
from openprm.deals.services import routing
from openprm.deals.services.approval import grant, skip_open_steps
from openprm.deals.services.booking import base_currency
from openprm.deals.services.refusals import AccountAlreadyProtected
from openprm.deals.services.unit import announce, record, save
from openprm.kernel.actor import SYSTEM
from openprm.kernel.money import minor_units

NONE, EXTEND, APPROVE, CREDIT = "none", "extend", "approve", "credit"
FALLBACK_DAYS = 14


@dataclass(frozen=True, slots=True)
class Remedy:
    """What the published rule gives: days for a longer protection, an amount in the base currency for a credit."""

    kind: str = NONE
    days: int = 0
    credit_minor: int = 0

    @classmethod
    def of(cls, outcome: Mapping[str, Any] | None) -> "Remedy":
        said = outcome or {}
        credit = Decimal(str(said.get("credit") or 0)).scaleb(minor_units(base_currency()))
        return cls(str(said.get("remedy") or NONE), int(said.get("days") or 0), int(credit.to_integral_value()))

    def instead_of_approval(self) -> "Remedy":
        return Remedy(EXTEND, self.days or FALLBACK_DAYS)


def remedy_late_decision(*, registration_id: UUID, at: datetime) -> str:
    """Apply the remedy rule to a registration whose decision is overdue; once, however often it is called. Returns what was done."""
    registration = Registration.objects.filter(pk=registration_id).locked().first()
    if registration is None or registration.remedied_at or registration.status not in WAITS_FOR_VENDOR:
        return NONE
    standing = routing.standing_of(registration.partner_id, registration.program_id, registration.submitted_at)
    ruling = routing.ask("deals.remedy", routing.facts_of(registration, standing, Check(Verdict(registration.verdict), ())), registration.submitted_at)
    remedy = Remedy.of(ruling.outcome)
    if remedy.kind == NONE:
        return NONE
    registration.remedied_at = at
    if remedy.kind == APPROVE and not _approve(registration, ruling, at):
        remedy = remedy.instead_of_approval()
    if remedy.kind == EXTEND:
        registration.bonus_days += remedy.days
    save(registration, "remedied_at", "bonus_days")
    _write_down(registration, remedy, ruling, at)
    return remedy.kind


def _write_down(registration: Registration, remedy: Remedy, ruling: Any, at: datetime) -> None:
    """The decision with its clause, the log and the news. A credit is paid by the room that pays, which hears of it here."""
    given: dict[str, Any] = {"remedy": remedy.kind, "days": remedy.days}
    if remedy.kind == CREDIT:
        given |= {"credit_minor": remedy.credit_minor, "currency": base_currency()}
    routing.write_decision(registration, Decision.Kind.REMEDIED, verdict=ruling, outcome=given)
    record(SYSTEM, "deal.remedied", registration, after={}, at=at, data=given | {"clause": ruling.clause})
    announce(
        DealRemedied, registration, SYSTEM, at, remedy=remedy.kind, days=remedy.days, credit_minor=given.get("credit_minor", 0),
        currency=given.get("currency", ""), clause=ruling.clause, clause_text=ruling.clause_text,
    )  # fmt: skip


def _approve(registration: Registration, ruling: Any, at: datetime) -> bool:
    """Approve by rule, where nothing stands against it; what cannot be approved gets more time instead."""
    if registration.account_id is None or registration.verdict == Verdict.BLOCKING:
        return False
    try:
        grant(SYSTEM, registration, at=at, verdict=ruling, reason=str(_("Our answer was late.")))
    except AccountAlreadyProtected:
        registration.refresh_from_db()
        registration.remedied_at = at
        return False
    skip_open_steps(registration, at)
    return True
