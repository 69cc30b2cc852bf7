"""The opportunity behind a registration: made or linked at approval, its marks reversed when the claim ends (D11)."""

from datetime import datetime

from openprm.deals.models import Opportunity, Registration
from openprm.deals.rules.lifecycle import Stage, Status
from openprm.deals.services.booking import FX_FIELDS

ENDS = {Status.CLOSED_WON: Opportunity.Status.WON, Status.CLOSED_LOST: Opportunity.Status.LOST}
MARKS = ("is_registered", "registered_until", "registered_partner")


def link(registration: Registration, at: datetime) -> Opportunity:
    """The partner's open opportunity for this customer and product line, or a new one, marked as registered."""
    line_ids = sorted({line.product_line_id for line in registration.lines.all()})
    opportunity = (
        Opportunity.objects.filter(
            account_id=registration.account_id, partner_id=registration.partner_id, registration__isnull=True, status=Opportunity.Status.OPEN
        )
        .filter(product_line_id__in=line_ids)
        .locked()
        .first()
    ) or Opportunity(account_id=registration.account_id, partner_id=registration.partner_id, product_line_id=line_ids[0], opened_date=at.date())
    _copy(registration, opportunity)
    opportunity.registration, opportunity.active_at = registration, at
    opportunity.is_registered, opportunity.registered_until = True, registration.protected_until
    opportunity.registered_partner_id = registration.partner_id
    opportunity.version += 1
    opportunity.save()
    return opportunity


def brought(registration: Registration) -> Opportunity:
    """The opportunity, not yet saved, of a registration that an import brought after its approval, with how it ended."""
    line_ids = sorted({line.product_line_id for line in registration.lines.all()})
    opened, closed = registration.submitted_at or registration.decided_at, registration.closed_at
    opportunity = Opportunity(account_id=registration.account_id, partner_id=registration.partner_id, product_line_id=line_ids[0], registration=registration)
    _copy(registration, opportunity)
    opportunity.opened_date, opportunity.active_at, opportunity.closed_at = opened.date(), closed or registration.decided_at, closed
    if registration.status in ENDS:
        opportunity.status, opportunity.close_date = ENDS[Status(registration.status)], closed.date()
        opportunity.lost_reason = registration.lost_reason
    if registration.status in {Status.APPROVED, Status.CLOSED_WON}:
        opportunity.is_registered, opportunity.registered_partner_id = True, registration.partner_id
        opportunity.registered_until = registration.protected_until
    return opportunity


def _copy(registration: Registration, opportunity: Opportunity) -> None:
    opportunity.name, opportunity.stage = registration.title, registration.stage
    opportunity.amount_minor, opportunity.currency = registration.amount_minor, registration.currency
    opportunity.close_date = registration.expected_close_date
    for name in FX_FIELDS:
        setattr(opportunity, name, getattr(registration, name))


def of(registration: Registration) -> Opportunity | None:
    return Opportunity.objects.filter(registration=registration).locked().first()


def follow(registration: Registration, at: datetime) -> None:
    """Keep stage, amount and date of the opportunity in step with the registration."""
    if opportunity := of(registration):
        _copy(registration, opportunity)
        opportunity.active_at = at
        _save(opportunity, "name", "stage", "amount_minor", "currency", "close_date", "active_at", *FX_FIELDS)


def mark_until(registration: Registration) -> None:
    if opportunity := of(registration):
        opportunity.registered_until = registration.protected_until
        _save(opportunity, "registered_until")


def close(registration: Registration, *, won: bool, at: datetime) -> None:
    """The opportunity ends with the deal. The registered mark stays on a won one: it says who brought it."""
    if opportunity := of(registration):
        _copy(registration, opportunity)
        opportunity.status = Opportunity.Status.WON if won else Opportunity.Status.LOST
        opportunity.stage = Stage.LAUNCHED if won else Stage.CLOSED_LOST
        opportunity.closed_at, opportunity.close_date, opportunity.lost_reason = at, at.date(), registration.lost_reason
        opportunity.registered_until = None
        _save(opportunity, "status", "stage", "closed_at", "close_date", "lost_reason", "amount_minor", "registered_until", *FX_FIELDS)


def reopen(registration: Registration, at: datetime) -> None:
    """A lost deal that is taken up again is an open opportunity again."""
    if opportunity := of(registration):
        _copy(registration, opportunity)
        opportunity.status, opportunity.closed_at, opportunity.active_at, opportunity.lost_reason = Opportunity.Status.OPEN, None, at, ""
        opportunity.registered_until = registration.protected_until
        opportunity.is_registered, opportunity.registered_partner_id = True, registration.partner_id
        _save(opportunity, "status", "stage", "closed_at", "close_date", "active_at", "lost_reason", *MARKS)


def clear_marks(registration: Registration) -> None:
    """A claim that ended leaves no mark: flag, date and partner are taken off the opportunity."""
    if opportunity := of(registration):
        opportunity.is_registered, opportunity.registered_until, opportunity.registered_partner = False, None, None
        _save(opportunity, *MARKS)


def _save(opportunity: Opportunity, *fields: str) -> None:
    opportunity.version += 1
    opportunity.save(update_fields=[*fields, "version", "updated_at"])
