"""The life of a protection after it opened: extended once, released, reminded of, expired (D4, D11)."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from openprm.deals import policies
from openprm.deals.events import ExtensionRequested, ProtectionExpired, ProtectionExpiring, ProtectionExtended, ProtectionReleased, RegistrationExpired
from openprm.deals.models import Decision, ProtectionGrant, Registration
from openprm.deals.rules.lifecycle import Status
from openprm.deals.rules.window import REMINDER_DAYS, extended_end, reminder_due
from openprm.deals.services import opportunities
from openprm.deals.services.refusals import AccountAlreadyProtected, AlreadyExtended
from openprm.deals.services.results import Saved
from openprm.deals.services.review import required_reason
from openprm.deals.services.unit import announce, load, record, save, saved
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, refuse_if, refused_by

AT_ONCE = 500
GRANT = ProtectionGrant.Status


def live_grants(registration: Registration) -> list[ProtectionGrant]:
    return list(registration.grants.filter(status__in=ProtectionGrant.LIVE).locked())


def extend_protection(*, actor: Actor, registration_id: UUID, reason: str, version: int | None = None, at: datetime) -> Saved:
    """Give the days that the rules allow, once, with a reason. Raises NotFound, NotAllowed, Stale, Invalid, AlreadyExtended."""
    registration = load(actor, registration_id, version=version)
    refuse_if(policies.why_not_protect(actor, registration))
    reason = required_reason(reason)
    grants, days = live_grants(registration), extension_days(registration)
    _refuse_second_extension(registration, grants, days)
    lengthen(actor, registration, grants, days, reason, at)
    return saved(registration)


def _refuse_second_extension(registration: Registration, grants: list[ProtectionGrant], days: int) -> None:
    if not grants:
        raise Conflict(_("The protection of %(number)s has ended. There is nothing to extend.") % {"number": registration.number})
    if any(grant.extended_at for grant in grants):
        raise AlreadyExtended(_("The protection of %(number)s was extended already. The rules allow it once.") % {"number": registration.number})
    if days <= 0:
        raise Conflict(_("The rules under which %(number)s was approved allow no extension.") % {"number": registration.number})


def lengthen(actor: Actor, registration: Registration, grants: list[ProtectionGrant], days: int, reason: str, at: datetime) -> None:
    before = registration.snapshot()
    with refused_by("one_live_protection", AccountAlreadyProtected(_("Another protection follows this one. It cannot be extended."))):
        for grant in grants:
            grant.ends_at, grant.status = extended_end(grant.ends_at, days), GRANT.EXTENDED
            grant.extended_at, grant.extended_reason, grant.reminded_days = at, reason, None
            grant.save(update_fields=["ends_at", "status", "extended_at", "extended_reason", "reminded_days", "updated_at"])
    registration.protected_until = max(grant.ends_at for grant in grants)
    save(registration, "protected_until")
    opportunities.mark_until(registration)
    record(actor, "deal.protection_extended", registration, before=before, at=at, note=reason, data={"days": days})
    announce(ProtectionExtended, registration, actor, at, protected_until=registration.protected_until)


def extension_days(registration: Registration) -> int:
    """The extension that the approval granted; later rules do not touch it."""
    decision = registration.decisions.filter(kind=Decision.Kind.APPROVED).first()
    return int((decision.outcome.get("protection") or {}).get("extension_days") or 0) if decision else 0


def request_extension(*, actor: Actor, registration_id: UUID, reason: str, at: datetime) -> Saved:
    """The partner asks for more days; its manager hears of it. Raises NotFound, NotAllowed, Invalid, AlreadyExtended."""
    registration = load(actor, registration_id)
    refuse_if(policies.why_not_ask_extension(actor, registration))
    reason = required_reason(reason)
    _refuse_second_extension(registration, list(registration.grants.filter(status__in=ProtectionGrant.LIVE)), extension_days(registration))
    record(actor, "deal.extension_requested", registration, after={}, at=at, note=reason)
    announce(ExtensionRequested, registration, actor, at, reason=reason)
    return saved(registration)


def release_protection(*, actor: Actor, registration_id: UUID, reason: str, version: int | None = None, at: datetime) -> Saved:
    """Free the customer for others; the deal itself goes on. Raises NotFound, NotAllowed, Stale, Invalid."""
    registration = load(actor, registration_id, version=version)
    refuse_if(policies.why_not_protect(actor, registration))
    reason = required_reason(reason)
    before = registration.snapshot()
    end_grants(registration, GRANT.RELEASED, reason, at)
    registration.protected_until = None
    save(registration, "protected_until")
    opportunities.clear_marks(registration)
    record(actor, "deal.protection_released", registration, before=before, at=at, note=reason)
    announce(ProtectionReleased, registration, actor, at, reason=reason)
    return saved(registration)


def end_grants(registration: Registration, status: str, reason: str, at: datetime) -> int:
    return registration.grants.filter(status__in=ProtectionGrant.LIVE).update(status=status, ended_at=at, ended_reason=reason[:500], updated_at=at)


def expire_due(*, at: datetime) -> int:
    """End the protections whose time has come, with their registrations, unless won, lost or closed; reverses the CRM's marks.

    Safe to run twice and side by side: each registration is locked before it is looked at again.
    """
    due = _due(at)
    for registration in Registration.objects.filter(pk__in=due).locked():
        _expire(registration, at)
    return len(due)


def _due(at: datetime) -> list[UUID]:
    rows = ProtectionGrant.objects.filter(status__in=ProtectionGrant.LIVE, ends_at__lte=at).order_by("ends_at", "id")
    return list(dict.fromkeys(rows.values_list("registration_id", flat=True)[:AT_ONCE]))


def _expire(registration: Registration, at: datetime) -> None:
    ended = registration.grants.filter(status__in=ProtectionGrant.LIVE, ends_at__lte=at).update(
        status=GRANT.EXPIRED, ended_at=F("ends_at"), ended_reason="", updated_at=at
    )
    if not ended:
        return
    announce(ProtectionExpired, registration, SYSTEM, at)
    if registration.status != Status.APPROVED or registration.grants.filter(status__in=ProtectionGrant.LIVE).exists():
        return
    before = registration.snapshot()
    registration.status, registration.closed_at = Status.EXPIRED, at
    save(registration, "status", "closed_at")
    opportunities.clear_marks(registration)
    record(SYSTEM, "deal.expired", registration, before=before, at=at)
    announce(RegistrationExpired, registration, SYSTEM, at)


def remind_expiring(*, at: datetime) -> int:
    """Tell both sides 14, 7 and 1 days before a protection ends, each once."""
    horizon = at + timedelta(days=max(REMINDER_DAYS))
    grants = ProtectionGrant.objects.filter(status__in=ProtectionGrant.LIVE, ends_at__gt=at, ends_at__lte=horizon).select_related("registration")
    due = [(grant, days) for grant in grants.order_by("ends_at", "id")[:5000] if (days := reminder_due(grant.ends_at, at, grant.reminded_days)) is not None]
    told: set[UUID] = set()
    for grant, days in due:
        if _remember(grant, days) and grant.registration_id not in told:
            told.add(grant.registration_id)
            announce(ProtectionExpiring, grant.registration, SYSTEM, at, days=days, protected_until=grant.ends_at)
            record(SYSTEM, "deal.protection_ends_soon", grant.registration, after={}, at=at, data={"days": days})
    return len(told)


def _remember(grant: ProtectionGrant, days: int) -> bool:
    """Mark the reminder as sent; False when another worker was quicker."""
    return bool(ProtectionGrant.objects.filter(pk=grant.pk, reminded_days=grant.reminded_days).update(reminded_days=days))
