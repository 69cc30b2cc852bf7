"""Losing a deal for a reason of the program's catalogue, and taking it up again while the rules allow it."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.deals import policies
from openprm.deals.events import DealLost, DealReopened
from openprm.deals.models import ProtectionGrant, Registration
from openprm.deals.queries import processes
from openprm.deals.queries import stages as reading
from openprm.deals.rules.lifecycle import Stage, Status
from openprm.deals.rules.stages import OTHER, LostReason
from openprm.deals.services import amendments, customers, opportunities, routing, stalls
from openprm.deals.services.ending import end_deal
from openprm.deals.services.refusals import AccountAlreadyProtected
from openprm.deals.services.results import Saved
from openprm.deals.services.review import required_reason
from openprm.deals.services.unit import announce, as_system, load, record, save, saved
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, Problem, refuse_if, refused_by
from openprm.kernel.money import Money
from openprm.rulebook import services as rulebook

GRANT = ProtectionGrant.Status


def mark_lost(
    *, actor: Actor, registration_id: UUID, reason: str = "", code: str = "", competitor: str = "", version: int | None = None, at: datetime
) -> Saved:
    """Close a deal as lost, for a reason of the catalogue; frees the customer. `reason` is the comment.

    A comment without a code counts as “other”. Raises NotFound, NotAllowed, Stale, Invalid.
    """
    registration = load(actor, registration_id, version=version)
    refuse_if(policies.why_not_advance(actor, registration))
    why = _why(registration, code or (OTHER if reason.strip() else ""))
    competitor, comment = _checked(why, competitor.strip() or registration.competitor, reason)
    before = registration.snapshot()
    with as_system(actor):
        registration.lost_stage, registration.stage, registration.stage_changed_at = registration.stage, Stage.CLOSED_LOST, at
        registration.lost_code, registration.lost_competitor = why.code, competitor
        registration.lost_reason = comment or processes.reason_label(why.code, registration.program_id)
        end_deal(registration, Status.CLOSED_LOST, "lost", at)
        amendments.drop_open(registration, at)
        lost = ("lost_code", "lost_competitor", "lost_reason", "lost_stage")
        save(registration, "status", "stage", "stage_changed_at", "closed_at", "protected_until", "stalled_alert_at", *lost)
        opportunities.close(registration, won=False, at=at)
        record(actor, "deal.lost", registration, before=before, at=at, note=registration.lost_reason, data={"code": why.code, "competitor": competitor})
        announce(DealLost, registration, actor, at, reason=registration.lost_reason)
    return saved(registration)


def _why(registration: Registration, code: str) -> LostReason:
    found = processes.process_of(registration.program_id).reason(code)
    if found is None:
        offered = ", ".join(label for _code, label, _competitor, _comment in processes.reasons_of(registration.program_id))
        raise Invalid(_("Say why the deal is lost. Choose one of: %(offered)s.") % {"offered": offered}, field="code", code="required")
    return found


def _checked(why: LostReason, competitor: str, reason: str) -> tuple[str, str]:
    problems = []
    if why.needs_competitor and not competitor:
        problems.append(Problem("competitor", _("Name the competitor: this reason asks for it."), "required"))
    if len(competitor) > 120:
        problems.append(Problem("competitor", _("The competitor's name is longer than 120 characters. Shorten it.")))
    if why.needs_comment and not reason.strip():
        problems.append(Problem("reason", _("Write a comment: this reason asks for it."), "required"))
    if problems:
        raise Invalid(problems=problems)
    return competitor, required_reason(reason) if reason.strip() else ""


def reopens_until(registration: Registration) -> datetime | None:
    """Until when a lost deal can be taken up again by the rules of the day it was lost; None for a deal that is not lost."""
    if registration.status != Status.CLOSED_LOST or registration.closed_at is None:
        return None
    inputs = {
        "lost_reason": registration.lost_code or OTHER,
        "deal_type": str(registration.deal_type),
        "amount": Money(registration.base_amount_minor, registration.base_currency or registration.currency),
    }
    outcome = rulebook.evaluate(kind="deals.reopening", program_id=registration.program_id, inputs=inputs, at=registration.closed_at).outcome or {}
    return registration.closed_at + timedelta(days=int(outcome.get("days") or 0))


def reopen(*, actor: Actor, registration_id: UUID, reason: str, version: int | None = None, at: datetime) -> Saved:
    """Take a lost deal up again with the protection that is left, while the rules allow it and nobody else holds the customer.

    It goes on in the stage it had, or in the last one on the way there whose criteria still hold.

    Raises NotFound, NotAllowed, Stale, Invalid, Conflict when it is too late, CapacityReached, AccountAlreadyProtected.
    """
    registration = load(actor, registration_id, version=version)
    refuse_if(policies.why_not_reopen(actor, registration))
    reason = required_reason(reason)
    with as_system(actor):
        _refuse_too_late(registration, at)
        customers.hold(f"partner:{registration.partner_id}", registration.account_id)
        standing = routing.standing_of(registration.partner_id, registration.program_id, at)
        routing.refuse_beyond_capacity(registration.partner_id, standing, at)
        before = registration.snapshot()
        _stand_up(registration, at)
        opportunities.reopen(registration, at)
        record(actor, "deal.reopened", registration, before=before, at=at, note=reason)
        announce(DealReopened, registration, actor, at, reason=reason)
    return saved(registration)


def _refuse_too_late(registration: Registration, at: datetime) -> None:
    until = reopens_until(registration)
    if until is None or at >= until:
        raise Conflict(
            _("%(number)s was lost on %(day)s and could be taken up again until %(until)s. Register the customer anew.")
            % {"number": registration.number, "day": f"{registration.closed_at:%Y-%m-%d}", "until": f"{until:%Y-%m-%d}" if until else "–"}
        )


def _stand_up(registration: Registration, at: datetime) -> None:
    registration.protected_until = _restore(registration, at)
    registration.status, registration.closed_at, registration.reopened_at = Status.APPROVED, None, at
    registration.stage, registration.stage_changed_at = reading.stage_again(registration, registration.lost_stage, at), at
    registration.lost_code = registration.lost_competitor = registration.lost_reason = registration.lost_stage = ""
    for name, value in stalls.moved().items():
        setattr(registration, name, value)
    lost = ("lost_code", "lost_competitor", "lost_reason", "lost_stage")
    save(registration, "status", "closed_at", "reopened_at", "stage", "stage_changed_at", "protected_until", *lost, *stalls.moved())


def _restore(registration: Registration, at: datetime) -> datetime | None:
    """The protections that ended with the loss, for the time that is left of them."""
    grants = list(registration.grants.filter(kind=ProtectionGrant.Kind.DEAL, status=GRANT.RELEASED, ended_at=registration.closed_at, ends_at__gt=at).locked())
    held = _("Another protection covers %(customer)s meanwhile, so %(number)s cannot be taken up again.")
    said = {"customer": registration.customer_name, "number": registration.number}
    with refused_by("one_live_protection", AccountAlreadyProtected(held % said)):
        for grant in grants:
            grant.status, grant.ended_at, grant.ended_reason = GRANT.EXTENDED if grant.extended_at else GRANT.ACTIVE, None, ""
            grant.save(update_fields=["status", "ended_at", "ended_reason", "updated_at"])
    return max((grant.ends_at for grant in grants), default=None)
