"""A question that the partner never answers: after the missed promise and the published days the registration is withdrawn."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import ngettext

from openprm.deals.events import DealWithdrawn
from openprm.deals.models import Registration
from openprm.deals.rules.lifecycle import Status
from openprm.deals.services import clocks, routing
from openprm.deals.services.unit import announce, record, save
from openprm.kernel.actor import SYSTEM

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one returned registration is waited for, and the clause that says so."""

    answer_due_at: datetime
    days: int
    clause: str

    @property
    def ends_at(self) -> datetime:
        return self.answer_due_at + timedelta(days=self.days)


def lapses_at(*, registration_id: UUID) -> datetime | None:
    """When an unanswered registration is withdrawn; None while nothing is asked, or when no rule ends the wait."""
    registration = _asked().filter(pk=registration_id).first()
    patience = _patience(registration) if registration else None
    return patience.ends_at if patience else None


def withdraw_unanswered(*, at: datetime) -> int:
    """Withdraw the returned registrations that nobody answered in time; gives how many.

    Safe to run twice and side by side: each registration is locked before it is looked at again.
    """
    over = _over(at)
    rows = Registration.objects.filter(pk__in=over, status=Status.RETURNED).locked()
    return sum(_withdraw(row, over[row.pk], at) for row in rows)


def _asked():
    return Registration.objects.filter(status=Status.RETURNED, answer_due_at__isnull=False).select_related("territory")


def _over(at: datetime) -> dict[UUID, Patience]:
    found: dict[UUID, Patience] = {}
    for row in _asked().filter(answer_due_at__lt=at).order_by("answer_due_at", "id").iterator(chunk_size=AT_ONCE):
        patience = _patience(row)
        if patience and patience.ends_at <= at:
            found[row.pk] = patience
        if len(found) == AT_ONCE:
            break
    return found


def _patience(registration: Registration) -> Patience | None:
    """By the rules under which the registration was submitted."""
    standing = routing.standing_of(registration.partner_id, registration.program_id, registration.submitted_at)
    ruling = routing.ask("deals.silence", routing.facts_of(registration, standing, routing.UNCHECKED), registration.submitted_at)
    days = (ruling.outcome or {}).get("days")
    return None if days is None else Patience(registration.answer_due_at, int(days), ruling.clause)


def _withdraw(registration: Registration, patience: Patience, at: datetime) -> bool:
    """False when the partner answered and was asked anew meanwhile."""
    if registration.answer_due_at != patience.answer_due_at:
        return False
    before, reason = registration.snapshot(), _reason(patience)
    registration.status, registration.ended_reason, registration.closed_at, registration.answer_due_at = Status.WITHDRAWN, reason, at, None
    save(registration, "status", "ended_reason", "closed_at", "answer_due_at")
    clocks.stop(registration, at)
    told = {"days": patience.days, "clause": patience.clause, "answer_due_at": patience.answer_due_at.isoformat()}
    record(SYSTEM, "deal.lapsed", registration, before=before, at=at, note=reason, data=told)
    announce(DealWithdrawn, registration, SYSTEM, at, reason=reason)
    return True


def _reason(patience: Patience) -> str:
    text = ngettext(
        "No answer came within %(days)d day after the promised time (rule %(clause)s).",
        "No answer came within %(days)d days after the promised time (rule %(clause)s).",
        patience.days,
    )
    return text % {"days": patience.days, "clause": patience.clause}
