"""What a decision on a conflict gives back: days, a protection that had ended, a new chance to register, a customer.

These are remedies by a published table, so the rules that bind a partner's own wishes (one extension a deal) do not hold
them back. That only one partner protects a customer holds them back always: the database refuses the second.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.accounts import services as accounts
from openprm.deals.events import ProtectionExtended, ProtectionMoved
from openprm.deals.models import ProtectionGrant, Registration
from openprm.deals.rules.lifecycle import Status
from openprm.deals.services import opportunities
from openprm.deals.services.protection import lengthen, live_grants
from openprm.deals.services.refusals import AccountAlreadyProtected
from openprm.deals.services.unit import announce, record, save
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, refused_by

NOTICE = timedelta(days=7)


def give_days(*, actor: Actor, registration_id: UUID, days: int, reason: str, at: datetime) -> datetime:
    """Add days to a running protection; gives its new end. Raises NotFound, Conflict when none runs, AccountAlreadyProtected."""
    registration = Registration.objects.locked().one(registration_id)
    grants = live_grants(registration)
    if not grants:
        raise Conflict(_("No protection of %(number)s runs. There is nothing to lengthen.") % {"number": registration.number})
    lengthen(actor, registration, grants, days, reason[:500], at)
    assert registration.protected_until is not None
    return registration.protected_until


def take_days_back(*, registration_id: UUID, days: int, reason: str, at: datetime) -> datetime | None:
    """Take days that a decision gave off a running protection, because another decision replaced it; gives the new end.

    A week from now stays in every case, so that nobody loses a customer overnight. None when no protection runs. Raises NotFound.
    """
    registration = Registration.objects.locked().one(registration_id)
    grants = live_grants(registration)
    if not grants:
        return None
    before = registration.snapshot()
    for grant in grants:
        grant.ends_at = min(grant.ends_at, max(grant.ends_at - timedelta(days=days), at + NOTICE))
        grant.extended_at, grant.extended_reason, grant.reminded_days = at, reason[:500], None
        grant.save(update_fields=["ends_at", "extended_at", "extended_reason", "reminded_days", "updated_at"])
    registration.protected_until = max(grant.ends_at for grant in grants)
    save(registration, "protected_until")
    opportunities.mark_until(registration)
    record(SYSTEM, "deal.days_taken_back", registration, before=before, at=at, note=reason, data={"days": -days})
    announce(ProtectionMoved, registration, SYSTEM, at, days=-days, protected_until=registration.protected_until, cause="ruling")
    return registration.protected_until


def restore_protection(*, actor: Actor, registration_id: UUID, days: int, reason: str, at: datetime) -> datetime:
    """Let a protection that had ended run again from now; gives its end. Raises NotFound, Conflict, AccountAlreadyProtected."""
    registration = Registration.objects.locked().one(registration_id)
    grants = list(registration.grants.exclude(status__in=ProtectionGrant.LIVE).locked())
    if not grants or live_grants(registration):
        raise Conflict(_("%(number)s has no protection that ended. There is nothing to restore.") % {"number": registration.number})
    if registration.status != Status.APPROVED:
        raise Conflict(_("%(number)s is closed. A closed deal is protected no more; the partner can register it again.") % {"number": registration.number})
    before, ends_at = registration.snapshot(), at + timedelta(days=days)
    _revive(grants, registration, ends_at, reason, at)
    registration.protected_until = ends_at
    save(registration, "protected_until")
    opportunities.mark_until(registration)
    record(actor, "deal.protection_restored", registration, before=before, at=at, note=reason, data={"days": days})
    announce(ProtectionExtended, registration, actor, at, protected_until=ends_at)
    return ends_at


def _revive(grants: list[ProtectionGrant], registration: Registration, ends_at: datetime, reason: str, at: datetime) -> None:
    refusal = AccountAlreadyProtected(_("Another partner is protected at this customer now. %(number)s cannot be restored.") % {"number": registration.number})
    with refused_by("one_live_protection", refusal):
        for grant in grants:
            grant.status, grant.starts_at, grant.ends_at = ProtectionGrant.Status.EXTENDED, at, ends_at
            grant.ended_at, grant.ended_reason, grant.reminded_days = None, "", None
            grant.extended_at, grant.extended_reason = at, reason[:500]
            grant.save()


def open_customer(*, account_id: UUID, partner_id: UUID, at: datetime) -> None:
    """Let a partner see and work on a customer that a decision gave it."""
    accounts.grant_access(actor=SYSTEM, account_id=account_id, partner_id=partner_id, reason="registration", at=at)
