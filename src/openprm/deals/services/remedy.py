"""What the partner gets when the vendor answered late, by published rule (X13)."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.deals.events import DealRemedied
from openprm.deals.models import Decision, Registration
from openprm.deals.rules.conflict import Check, Verdict
from openprm.deals.rules.lifecycle import WAITS_FOR_VENDOR
from openprm.deals.services import routing
from openprm.deals.services.approval import grant, skip_open_steps
from openprm.deals.services.refusals import AccountAlreadyProtected
from openprm.deals.services.unit import announce, record, save
from openprm.kernel.actor import SYSTEM

NONE, EXTEND, APPROVE = "none", "extend", "approve"
FALLBACK_DAYS = 14


def remedy_late_decision(*, registration_id: UUID, at: datetime) -> str:
    """Apply the remedy rule to a registration whose decision is overdue; once, however often it is called. Returns what was done."""
    registration = Registration.objects.filter(pk=registration_id).locked().first()
    if registration is None or registration.remedied_at or registration.status not in WAITS_FOR_VENDOR:
        return NONE
    standing = routing.standing_of(registration.partner_id, registration.program_id, registration.submitted_at)
    ruling = routing.ask("deals.remedy", routing.facts_of(registration, standing, Check(Verdict(registration.verdict), ())), registration.submitted_at)
    outcome = ruling.outcome or {}
    remedy, days = outcome.get("remedy") or NONE, int(outcome.get("days") or 0)
    if remedy == NONE:
        return NONE
    registration.remedied_at = at
    if remedy == APPROVE and not _approve(registration, ruling, at):
        remedy, days = EXTEND, days or FALLBACK_DAYS
    if remedy == EXTEND:
        registration.bonus_days += days
    save(registration, "remedied_at", "bonus_days")
    routing.write_decision(registration, Decision.Kind.REMEDIED, verdict=ruling, outcome={"remedy": remedy, "days": days})
    record(SYSTEM, "deal.remedied", registration, after={}, at=at, data={"remedy": remedy, "days": days, "clause": ruling.clause})
    announce(DealRemedied, registration, SYSTEM, at, remedy=remedy, days=days)
    return remedy


def _approve(registration: Registration, ruling: object, at: datetime) -> bool:
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
